#include "timeline/duty_track.h"

#include <array>

#include "timeline/occurrence.h"

namespace quaywatch::timeline {
namespace {

constexpr std::size_t kMaxDuties = 64;
constexpr Duration kDutiesSearched = days(1);

struct Duty {
  EventType type;
  std::string_view word;
  std::array<FieldId, 3> accounts;  // who did it, as different systems name them
};
// Announcing a collection is left out: whoever holds a right may announce.
using enum FieldId;
constexpr Duty kDuties[] = {
    {EventType::selection_added, "control", {selection_by, selection_approved_by, inspection_officer}},
    {EventType::selection_removed, "control", {selection_by, selection_approved_by, inspection_officer}},
    {EventType::container_inspected, "control", {inspection_officer, inspection_second_officer, inspection_officer}},
    {EventType::scan_analysed, "control", {scan_officer, inspection_officer, inspection_officer}},
    {EventType::release_issued, "release", {account_id, account_id, account_id}},
    {EventType::release_replaced, "release", {account_id, account_id, account_id}},
    {EventType::release_transferred, "release", {account_id, account_id, account_id}},
    {EventType::order_issued, "yard", {order_issued_by, account_id, account_id}},
};

const Duty* duty_of(EventType type) {
  for (const Duty& duty : kDuties)
    if (duty.type == type) return &duty;
  return nullptr;
}

bool did(const Event& event, const Duty& duty, std::string_view account) {
  for (const FieldId field : duty.accounts)
    if (event.text(field) == account) return true;
  return false;
}

// Absent is the answer "none", so it must be established. Orders are half of all events and nearly always clean: of
// them nothing is asked.
void none_on_record(const Duty& own, const Event& event, const Coverage& coverage, Facts& out) {
  using enum EventType;
  const Timestamp at = event.event_time, from = at - kDutiesSearched;
  const auto ask = [&](std::initializer_list<EventType> types) {
    out.none_if_absent({account_other_duty}, {types, event.facility, from, at}, coverage);
  };
  if (own.word == "control") ask({release_issued, release_replaced, release_transferred, order_issued});
  if (own.word == "release")
    ask({selection_added, selection_removed, container_inspected, scan_analysed, order_issued});
}

}  // namespace

void DutyTrack::apply(const EventPtr& event) {
  if (event->classifier != Classifier::actual) return;  // what is planned or asked for was not done
  if (is_exit(event->type)) return duties_.clear();
  keep_latest(duties_, event, kMaxDuties);
}

void DutyTrack::facts(const Event& event, const Coverage& coverage, Facts& out) const {
  const Duty* own = duty_of(event.type);
  if (own == nullptr) return;
  bool is_named = false;
  for (const FieldId field : own->accounts) {
    const std::string_view account = event.text(field);
    if (account.empty()) continue;
    is_named = true;
    for (auto it = duties_.rbegin(); it != duties_.rend(); ++it) {
      const Duty& earlier = *duty_of((*it)->type);
      if (earlier.word == own->word || !did(**it, earlier, account)) continue;
      out.text(account_other_duty, earlier.word, *it);
      out.text(account_other_duty_by, account, *it);
      return out.minutes(account_other_duty_minutes_ago, *it, event.event_time);
    }
  }
  if (is_named) none_on_record(*own, event, coverage, out);
}

}  // namespace quaywatch::timeline
