#include "timeline/timelines.h"

#include <algorithm>
#include <array>

#include "base/limits.h"
#include "timeline/questions.h"
#include "timeline/subjects.h"

namespace quaywatch::timeline {

static_assert(std::max({CareTrack::kAhead, ControlTrack::kAhead, LoadTrack::kAhead, ArrivalTrack::kAhead,
                        LateOrderTrack::kAhead, RosterTrack::kAhead, TaskTrack::kAhead}) <= kSearchAhead);

struct Timelines::State {
  AllSubjects all;
  std::array<std::vector<const Question*>, kEventTypeCount> asked;  // by event type: what somebody wants to know
  EventTypes told;                                                  // those of which somebody wants to know anything
  EventTypes rested_on;
};

namespace {

// What is said of an event rests on others only through the facts that are told of its type and, where its clock errs,
// through the surest report.
void settle(Inserted& result, const EventPtr& event, const EventTypes& told) {
  auto& list = result.affected;
  std::erase_if(list, [&](const EventPtr& e) {
    return e == event || (e->time_error_s == 0 && !told.test(static_cast<std::size_t>(e->type)));
  });
  std::sort(list.begin(), list.end(), in_order);
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

void begin(const Event& event, Facts& out) {
  out.clear();
  out.values.add_integer(FieldId::event_time_error_s, event.time_error_s);
}

}  // namespace

Timelines::Timelines(const IsWanted& is_wanted) : state_(std::make_unique<State>()) {
  for (std::size_t i = 0; i < kEventTypeCount; ++i) {
    const auto type = static_cast<EventType>(i);
    for (const Question& q : questions())
      if (q.is_asked(type) &&
          std::any_of(q.facts.begin(), q.facts.end(), [&](FieldId fact) { return is_wanted(type, fact); }))
        state_->asked[i].push_back(&q), state_->rested_on |= q.rests_on;
    state_->told.set(i, !state_->asked[i].empty());
  }
}
Timelines::~Timelines() = default;

const EventTypes& Timelines::rested_on() const {
  return state_->rested_on;
}

void Timelines::expect(std::span<const EventPtr> events, const EventTypes& types) const {
  state_->all.fetch(events, types);
}

Inserted Timelines::insert(const EventPtr& event) {
  Inserted result;
  state_->all.each_of(*event, [&](auto& timeline) {
    if (timeline.is_too_late(place(*event))) {
      result.too_late = true;
      return;
    }
    if (!timeline.insert(event)) {
      result.duplicate = true;
      return;
    }
    timeline.affected(event, state_->told, result.affected);
    if (timeline.size() > limits::kSubjectHistoryEvents + limits::kSubjectHistoryEvents / 8)
      timeline.fold_before(Timestamp::min(), limits::kSubjectHistoryEvents);
  });
  settle(result, event, state_->told);
  return result;
}

Inserted Timelines::remove(const EventPtr& event) {
  Inserted result;
  state_->all.each_of(*event, [&](auto& timeline) {
    if (!timeline.remove(event))
      result.too_late = true;
    else
      timeline.affected(event, state_->told, result.affected);
  });
  settle(result, event, state_->told);
  return result;
}

bool Timelines::holds(const Event& event) const {
  bool is_tracked = false, is_held = false;
  state_->all.each_of(event, [&](const auto& timeline) {
    is_tracked = true;
    is_held |= timeline.contains(place(event));
  });
  return is_held || !is_tracked;
}

void Timelines::facts(const EventPtr& event, const Coverage& coverage, Facts& out) {
  facts(event, coverage, Questions().set(), out);
}

void Timelines::facts(const EventPtr& event, const Coverage& coverage, const Questions& which, Facts& out) {
  begin(*event, out);
  const auto& asked = state_->asked[static_cast<std::size_t>(event->type)];
  for (std::size_t i = 0; i < asked.size(); ++i)
    if (which.test(i)) asked[i]->answer(state_->all, event, coverage, out);
}

Timelines::Questions Timelines::telling(EventType type, const std::function<bool(FieldId)>& is_wanted) const {
  Questions out;
  const auto& asked = state_->asked[static_cast<std::size_t>(type)];
  for (std::size_t i = 0; i < asked.size(); ++i)
    out.set(i, std::any_of(asked[i]->facts.begin(), asked[i]->facts.end(), is_wanted));
  return out;
}

void Timelines::all_facts(const EventPtr& event, const Coverage& coverage, Facts& out) {
  begin(*event, out);
  for (const Question& q : questions())
    if (q.is_asked(event->type)) q.answer(state_->all, event, coverage, out);
}

EventPtr Timelines::surest_report(const EventPtr& event) {
  const std::string_view box = event->text(FieldId::container_number);
  return event->time_error_s == 0 || box.empty() ? event : state_->all.at<Boxes>(box).surest(event);
}

void Timelines::forget_before(Timestamp horizon) {
  state_->all.each_row([&](auto& row) { row.forget_before(horizon, limits::kSubjectHistoryEvents); });
}

std::vector<EventPtr> Timelines::events() const {
  std::vector<EventPtr> out;
  state_->all.each_row([&](const auto& row) {
    row.each([&](const auto& timeline) {
      out.insert(out.end(), timeline.history().begin(), timeline.history().end());
    });
  });
  std::sort(out.begin(), out.end(), in_order);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::size_t Timelines::subjects() const {
  std::size_t n = 0;
  state_->all.each_row([&](const auto& row) { n += row.size(); });
  return n;
}

std::size_t Timelines::events_held() const {
  std::size_t n = 0;
  state_->all.each_row([&](const auto& row) { row.each([&](const auto& timeline) { n += timeline.size(); }); });
  return n;
}

}  // namespace quaywatch::timeline
