#include "timeline/query_track.h"

#include <algorithm>

#include "timeline/occurrence.h"

namespace quaywatch::timeline {
namespace {

constexpr std::size_t kMaxOpen = 1024;  // a robot may ask for more; what counts is that it is far too many
constexpr std::size_t kMaxTurns = 28;   // two weeks
constexpr std::size_t kBusy = 10;       // fewer are never asked about: most hours of most accounts end here
constexpr Duration kWindow = hours(1);
constexpr Duration kTurn = hours(12);

std::int64_t turn_of(const Event& event) { return event.event_time.us / kTurn.us; }

bool is_explained(const Event& query, const TaskTrack& tasks) {
  return query.fields.has(FieldId::task_ref) || tasks.explaining(query) != nullptr;
}

}  // namespace

void QueryTrack::forget_box(const Event& event) {
  const std::string_view box = event.text(FieldId::container_number);
  std::erase_if(open_, [&](const EventPtr& e) {
    return event.event_time - e->event_time > kWindow || e->text(FieldId::container_number) == box;
  });
}

// A ticket that is written within the hour explains the look-up before it, and so does a look-up with a task.
void QueryTrack::apply(const EventPtr& event) {
  const bool is_task = TaskTrack::is_about(event->type);
  if (is_task) tasks_.apply(event);
  if (!event->fields.has(FieldId::container_number)) return;
  forget_box(*event);
  if (is_task || is_explained(*event, tasks_)) return;
  keep_latest(open_, event, kMaxOpen);
  const std::int64_t turn = turn_of(*event);
  if (turns_.empty() || turns_.back().number != turn) {
    if (turns_.size() == kMaxTurns) turns_.erase(turns_.begin());
    turns_.push_back({turn, 0, nullptr});
  }
  Turn& now = turns_.back();
  if (open_.size() > now.most) now = {turn, open_.size(), event};
}

bool QueryTrack::is_busy(const Event& event) const {
  return is_query(event.type) && open_.size() + 1 >= kBusy && !is_explained(event, tasks_);
}

// The busiest hour of earlier shifts: what happened in this half of the day, or the one before, may be the same flood.
void QueryTrack::usual_fact(const EventPtr& event, const Coverage& coverage, Facts& out) const {
  const FieldId fact = FieldId::account_usual_boxes_hour;
  const Turn* most = nullptr;
  for (const Turn& t : turns_)
    if (t.number + 1 < turn_of(*event) && (most == nullptr || t.most > most->most)) most = &t;
  if (most != nullptr) return out.integer(fact, static_cast<std::int64_t>(most->most), most->at);
  Facts probe;
  const Timestamp at = event->event_time;
  if (probe.if_absent(fact, true, {{event->type}, event->facility, at - days(1), at - kTurn}, coverage)) {
    out.values.add_integer(fact, 0);
    out.citations.insert(out.citations.end(), probe.citations.begin(), probe.citations.end());
  } else {
    out.unknown(fact, probe.values.get(fact).cause);
  }
}

void QueryTrack::facts(const EventPtr& event, const TaskTrack& tasks, const Coverage& coverage, Facts& out) const {
  if (is_explained(*event, tasks)) return;
  const std::string_view box = event->text(FieldId::container_number);
  const Timestamp at = event->event_time;
  std::int64_t boxes = 1;
  EventPtr first = event;
  for (const EventPtr& e : open_) {
    if (at - e->event_time > kWindow || e->text(FieldId::container_number) == box || is_explained(*e, tasks)) continue;
    if (++boxes == 2) first = e;
  }
  out.integer(FieldId::account_boxes_hour, boxes, first);
  out.cite(FieldId::account_boxes_hour, event);
  out.if_absent(FieldId::account_task_known, false,
                {{EventType::task_opened}, {}, at - kWindow - kTaskCovered, at + kTaskAfter}, coverage);
  usual_fact(event, coverage, out);
}

}  // namespace quaywatch::timeline
