#include "timeline/lookup_track.h"

#include <algorithm>
#include <functional>

#include "timeline/occurrence.h"
#include "timeline/release_track.h"

namespace quaywatch::timeline {
namespace {

constexpr std::size_t kMaxLookups = 128;  // of one box; a contested box sees dozens
constexpr std::size_t kMaxTasks = 1024;   // of one account; a clerk opens tens a day
constexpr Duration kLookupSpan = days(7);

}  // namespace

std::size_t box_hash(std::string_view number) {
  return std::hash<std::string_view>{}(number);
}

void LookupTrack::apply(const EventPtr& event) {
  keep_latest(lookups_, event, kMaxLookups);
}

std::vector<EventPtr> LookupTrack::without_task(const Event& event, const ReleaseTrack* release) const {
  std::vector<EventPtr> out;
  const std::string_view party = event.text(FieldId::party_code);
  for (auto it = lookups_.rbegin(); it != lookups_.rend(); ++it) {
    const Event& l = **it;
    if (event.event_time - l.event_time > kLookupSpan) break;
    const std::string_view by = l.text(FieldId::account_organisation);
    const bool own = !by.empty() && (by == party || (release != nullptr && release->ever_held(by)));
    if (!own && !l.fields.has(FieldId::task_ref)) out.push_back(*it);
  }
  return out;
}

void LookupTrack::facts(const EventPtr& lookup, const TaskTrack* tasks, const Event& event, const Coverage& coverage,
                        Facts& out) {
  using enum FieldId;
  out.text(lookup_account, lookup->text(account_id), lookup);
  if (lookup->fields.has(account_organisation))
    out.text(lookup_organisation, lookup->text(account_organisation), lookup);
  out.minutes(lookup_minutes_ago, lookup, event.event_time);
  const Timestamp at = lookup->event_time;
  out.cite(lookup_task_known, lookup);
  if (const EventPtr task = tasks != nullptr ? tasks->explaining(*lookup) : nullptr)
    return out.boolean(lookup_task_known, true, task);
  out.if_absent(lookup_task_known, false,
                {{EventType::task_opened}, {}, at - kTaskCovered, std::min(at + kTaskAfter, event.event_time)},
                coverage);
}

bool TaskTrack::is_kept(const Key& key) const {
  return opened_ - key.number <= kMaxTasks;
}

void TaskTrack::apply(const EventPtr& event) {
  const Key key{box_hash(event->text(FieldId::container_number)), opened_++};
  if (tasks_.size() < kMaxTasks)
    tasks_.push_back(event);
  else
    tasks_[key.number % kMaxTasks] = event;
  if (by_box_.size() == 2 * kMaxTasks) std::erase_if(by_box_, [&](const Key& k) { return !is_kept(k); });
  by_box_.insert(std::lower_bound(by_box_.begin(), by_box_.end(), key), key);
}

EventPtr TaskTrack::explaining(const Event& lookup, std::size_t box) const {
  if (by_box_.empty()) return nullptr;  // the look-up is not even touched
  const std::string_view container = lookup.text(FieldId::container_number);
  const Timestamp from = lookup.event_time - kTaskBefore, until = lookup.event_time + kTaskAfter;
  for (auto key = std::lower_bound(by_box_.begin(), by_box_.end(), Key{box, opened_});
       key != by_box_.begin() && (--key)->box == box && is_kept(*key);) {
    const EventPtr& task = tasks_[key->number % kMaxTasks];
    if (task->event_time < from) break;
    if (task->event_time <= until && task->text(FieldId::container_number) == container) return task;
  }
  return nullptr;
}

TaskTrack::Change::Change(const Event& task, const TaskTrack& before) : box_(task.text(FieldId::container_number)) {
  const bool is_full = before.opened_ >= kMaxTasks;
  forgotten_box_ = is_full ? before.tasks_[before.opened_ % kMaxTasks]->text(FieldId::container_number) : box_;
}

bool TaskTrack::Change::reaches(const Event& lookup) {
  if (!is_asked(lookup.type)) return false;
  const std::string_view box = lookup.text(FieldId::container_number);
  if (box == box_ || box == forgotten_box_) until_ = lookup.event_time + kTaskCounted;
  return lookup.event_time <= until_;
}

}  // namespace quaywatch::timeline
