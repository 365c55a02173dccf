#include "timeline/query_track.h"

#include <algorithm>

#include "timeline/occurrence.h"

namespace quaywatch::timeline {
namespace {

constexpr std::size_t kMaxOpen = 1024;  // a robot may ask for more; what counts is that it is far too many
constexpr std::size_t kMaxTurns = 28;   // two weeks
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

// What is older than an hour, which stands first, and the look-up of the box, of which there is one.
void QueryTrack::forget(Timestamp at, std::size_t box, std::string_view number) {
  const auto is_recent = [&](const Asked& a) { return at - a.at <= kWindow; };
  const auto recent = std::find_if(open_.begin(), open_.end(), is_recent);
  const auto old = std::find_if(recent, open_.end(), [&](const Asked& a) { return a.is_of(box, number); });
  if (recent == open_.begin() && old == open_.end()) return;
  keep_most();
  const auto gone = recent - open_.begin();
  if (old != open_.end()) open_.erase(old);
  open_.erase(open_.begin(), open_.begin() + gone);
}

// A ticket that is written within the hour explains the look-up before it, and so does a look-up with a task.
void QueryTrack::apply(const EventPtr& event) {
  const bool is_task = TaskTrack::is_about(event->type);
  if (is_task) tasks_.apply(event);
  if (!event->fields.has(FieldId::container_number)) return;
  const std::string_view number = event->text(FieldId::container_number);
  const std::size_t box = box_hash(number);
  forget(event->event_time, box, number);
  if (is_task || is_explained(*event, box, tasks_)) return;
  const std::int64_t turn = turn_of(*event);
  const bool is_new_turn = turns_.empty() || turns_.back().number != turn;
  if (is_new_turn || open_.size() == kMaxOpen) keep_most();
  if (is_new_turn && turns_.size() == kMaxTurns) turns_.erase(turns_.begin());
  if (is_new_turn) turns_.push_back({turn, {}});
  keep_latest(open_, {event, box, event->event_time}, kMaxOpen);
}

bool QueryTrack::is_busy(const Event& event) const {
  return is_query(event.type) && open_.size() + 1 >= kBusy && !is_explained(event, tasks_);
}

// The busiest hour of earlier shifts: what happened in this half of the day, or the one before, may be the same flood.
void QueryTrack::usual_fact(const EventPtr& event, const Coverage& coverage, Facts& out) const {
  const FieldId fact = FieldId::account_usual_boxes_hour;
  const std::vector<Asked>* most = nullptr;
  for (const Turn& t : turns_) {
    const std::vector<Asked>& of_turn = &t == &turns_.back() && is_open_most() ? open_ : t.most;
    if (t.number + 1 < turn_of(*event) && (most == nullptr || of_turn.size() > most->size())) most = &of_turn;
  }
  if (most != nullptr) {
    for (const Asked& a : *most) out.cite(fact, a.event);
    return out.values.add_integer(fact, static_cast<std::int64_t>(most->size())), void();
  }
  const Timestamp at = event->event_time;
  const UnknownCause cause =
      out.search(fact, {{event->type}, event->facility, at - days(1), at - kTurn}, coverage);
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
  for (const Asked& a : open_) {
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
