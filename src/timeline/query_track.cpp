#include "timeline/query_track.h"

#include <algorithm>
#include <utility>

#include "timeline/occurrence.h"

namespace quaywatch::timeline {
namespace {

constexpr std::size_t kMaxOpen = 1024;  // a robot may ask for more; what counts is that it is far too many
constexpr std::int64_t kUsualTurns = 28;  // two weeks, of which the last two turns do not count
constexpr std::size_t kBusy = 10;       // of fewer nothing is said: most hours of most accounts end here
constexpr Duration kWindow = kTaskCounted;
constexpr Duration kTurn = hours(12);

std::int64_t turn_of(const Event& event) { return event.event_time.us / kTurn.us; }

bool is_explained(const Event& query, std::size_t box, const TaskTrack& tasks) {
  return query.fields.has(FieldId::task_ref) || tasks.explaining(query, box) != nullptr;
}
bool is_explained(const Event& query, const TaskTrack& tasks) {
  return is_explained(query, box_hash(query.text(FieldId::container_number)), tasks);
}

}  // namespace

QueryTrack::Hour::Going QueryTrack::Hour::going(Timestamp at, std::size_t box, std::string_view number) const {
  const auto is_recent = [&](const Asked& a) { return at - a.at <= kWindow; };
  const auto recent = std::find_if(all_.begin(), all_.end(), is_recent);
  const auto same = std::find_if(recent, all_.end(), [&](const Asked& a) { return a.is_of(box, number); });
  return {recent - all_.begin(), same - all_.begin(), all_.end() - all_.begin()};
}

void QueryTrack::Hour::forget(const Going& going) {
  if (going.same < going.of) all_.erase(all_.begin() + going.same);
  all_.erase(all_.begin(), all_.begin() + going.old);
}

void QueryTrack::Hour::add(Asked asked) { keep_latest(all_, std::move(asked), kMaxOpen); }
bool QueryTrack::Hour::is_full() const { return all_.size() == kMaxOpen; }

// An hour behind a look-up no ticket can explain it any more.
void QueryTrack::settle_before(Timestamp at) {
  const auto is_open = [&](const Asked& a) { return at - a.at <= kTaskAfter; };
  const auto open = std::find_if(awaiting_.begin(), awaiting_.end(), is_open);
  for (auto it = awaiting_.begin(); it != open; ++it) settle(*it);
  awaiting_.erase(awaiting_.begin(), open);
}

void QueryTrack::settle(const Asked& asked) {
  const auto going = settled_.going(asked.at, asked.box, asked.event->text(FieldId::container_number));
  if (going.is_any()) keep_most();
  settled_.forget(going);
  if (is_explained(*asked.event, asked.box, tasks_)) return;
  const std::int64_t turn = turn_of(*asked.event);
  const bool is_new_turn = turns_.empty() || turns_.back().number != turn;
  if (is_new_turn || settled_.is_full()) keep_most();
  if (is_new_turn) {
    std::erase_if(turns_, [turn](const Turn& t) { return t.number + kUsualTurns < turn; });
    turns_.push_back({turn, {}});
  }
  settled_.add(asked);
}

// A ticket that is written within the hour explains the look-up before it, and so does a look-up with a task.
void QueryTrack::apply(const EventPtr& event) {
  settle_before(event->event_time);
  const bool is_task = TaskTrack::is_about(event->type);
  if (is_task) tasks_.apply(event);
  if (!event->fields.has(FieldId::container_number)) return;
  const std::string_view number = event->text(FieldId::container_number);
  const Asked asked{event, box_hash(number), event->event_time};
  open_.forget(open_.going(asked.at, asked.box, number));
  if (is_task) return;
  if (!is_explained(*event, asked.box, tasks_)) open_.add(asked);
  if (awaiting_.size() == kMaxOpen) settle(awaiting_.front());
  keep_latest(awaiting_, asked, kMaxOpen);
}

bool QueryTrack::is_busy(const Event& event) const {
  return is_query(event.type) && open_.all().size() + 1 >= kBusy && !is_explained(event, tasks_);
}

// The busiest hour of earlier shifts: what happened in this half of the day, or the one before, may be the same flood.
// Who asks for so much has asked within the hour: what lies half a day back is settled.
void QueryTrack::usual_fact(const EventPtr& event, const Coverage& coverage, Facts& out) const {
  const FieldId fact = FieldId::account_usual_boxes_hour;
  const std::int64_t turn = turn_of(*event);
  const std::vector<Asked>* most = nullptr;
  for (const Turn& t : turns_) {
    const std::vector<Asked>& of_turn = &t == &turns_.back() && is_settled_most() ? settled_.all() : t.most;
    const bool is_earlier = t.number + 1 < turn && turn <= t.number + kUsualTurns;
    if (is_earlier && (most == nullptr || of_turn.size() > most->size())) most = &of_turn;
  }
  if (most != nullptr) {
    for (const Asked& a : *most) out.cite(fact, a.event);
    return out.values.add_integer(fact, static_cast<std::int64_t>(most->size())), void();
  }
  const Timestamp at = event->event_time;
  const Search lookups{{EventType::release_viewed, EventType::account_queried}, event->facility, at - days(1),
                       at - kTurn};
  const UnknownCause cause = out.search(fact, lookups, coverage);
  if (cause == UnknownCause::none)
    out.values.add_integer(fact, 0);
  else
    out.unknown(fact, cause);
}

void QueryTrack::facts(const EventPtr& event, const TaskTrack& tasks, const Coverage& coverage, Facts& out) const {
  if (is_explained(*event, tasks)) return;
  const std::string_view number = event->text(FieldId::container_number);
  const std::size_t box = box_hash(number);
  const Timestamp at = event->event_time;
  const FieldId fact = FieldId::account_boxes_hour;
  std::int64_t boxes = 1;
  for (const Asked& a : open_.all()) {
    if (at - a.at > kWindow || a.is_of(box, number) || tasks.explaining(*a.event, a.box) != nullptr) continue;
    ++boxes;
    out.cite(fact, a.event);
  }
  if (boxes < static_cast<std::int64_t>(kBusy)) return;
  out.integer(fact, boxes, event);
  out.cite_as(FieldId::account_task_known, fact);
  out.cite_as(FieldId::account_usual_boxes_hour, fact);
  out.if_absent(FieldId::account_task_known, false,
                {{EventType::task_opened}, {}, at - kWindow - kTaskCovered, at + kTaskAfter}, coverage);
  usual_fact(event, coverage, out);
}

}  // namespace quaywatch::timeline
