#include "timeline/custody_track.h"

#include <algorithm>

#include "base/text.h"
#include "timeline/occurrence.h"

namespace quaywatch::timeline {
namespace {

constexpr std::size_t kMaxFacilities = 16;  // facilities remembered per number; the oldest visit goes first
// Entries and exits that another feed may still report: a second report can lie behind the next happening, as when two
// gates' clocks differ by more than a short call.
constexpr std::size_t kMaxRecent = 16;
constexpr std::size_t kMaxOpenings = 8;  // the last one before an entry counts, and later ones may be there
constexpr Duration kOpenVisitSpan = days(300);  // on top of the history span; no exit by then was never reported

// A scan through the wall leaves the door alone.
bool may_open(const Event& e) {
  const Value opened = e.fields.get(FieldId::inspection_opened);
  const bool is_scan = opened.kind == Kind::boolean && !opened.boolean();
  return e.type == EventType::container_sealed || (e.type == EventType::container_inspected && !is_scan);
}

bool says_full_or_empty(const Event& e) { return e.fields.has(FieldId::container_full_empty); }

void inside_facts(const EventPtr& entry, const EventPtr& exit, const Event& event, const Coverage& coverage,
                  Facts& out) {
  using enum EventType;
  const FieldId field = FieldId::container_inside;
  if (entry && !exit) {
    out.cite(field, entry);
    if (before(*entry, event) == Truth::unknown) return out.unknown(field, UnknownCause::order);
    if (out.if_absent(field, true,
                      {{container_gate_out, container_loaded}, event.facility, entry->event_time, event.event_time},
                      coverage)) {
      out.values.add_time(FieldId::container_inside_since, entry->event_time);
      out.cite_as(FieldId::container_inside_since, field);
    }
  } else if (exit) {
    out.cite(field, exit);
    if (before(*exit, event) == Truth::unknown) return out.unknown(field, UnknownCause::order);
    out.if_absent(field, false,
                  {{container_gate_in, container_discharged}, event.facility, exit->event_time, event.event_time},
                  coverage);
  } else {
    out.unknown(field, UnknownCause::known_since);
  }
}

}  // namespace

bool CustodyTrack::is_live(Timestamp horizon) const {
  return std::any_of(visits_.begin(), visits_.end(), [&](const Visit& v) {
    return v.is_open() && v.entry->event_time >= horizon - kOpenVisitSpan;
  });
}

void CustodyTrack::step(std::vector<Visit>& visits, const Passage& passage) {
  const EventPtr& first = passage.first;
  const auto at =
      std::find_if(visits.begin(), visits.end(), [&](const Visit& v) { return v.facility == first->facility; });
  Visit visit{first->facility, nullptr, nullptr, nullptr};
  if (at != visits.end()) {
    visit = *at;
    visits.erase(at);
  }
  if (is_entry(first->type))
    visit = {first->facility, first, nullptr, nullptr};
  else
    visit.exit = first;
  if (passage.stated) visit.stated = passage.stated;
  keep_latest(visits, std::move(visit), kMaxFacilities);
}

CustodyTrack::Passages::const_iterator CustodyTrack::passage_of(const Event& event) const {
  return std::find_if(recent_.begin(), recent_.end(),
                      [&](const Passage& p) { return same_occurrence(*p.first, event); });
}

const std::vector<CustodyTrack::Visit>& CustodyTrack::visits_before(const Event& event,
                                                                    std::vector<Visit>& scratch) const {
  const auto reported = passage_of(event);
  if (reported == recent_.end()) return visits_;
  scratch = settled_;
  for (auto it = recent_.begin(); it != reported; ++it) step(scratch, *it);
  return scratch;
}

// A second report may say what the first left out.
void CustodyTrack::add_report(Passage& passage, const EventPtr& report) {
  if (passage.stated || !says_full_or_empty(*report)) return;
  passage.stated = report;
  visits_ = settled_;
  for (const Passage& p : recent_) step(visits_, p);
}

void CustodyTrack::apply(const EventPtr& event) {
  // Plans and estimates move nothing: only what happened opens or closes a visit.
  if (event->classifier != Classifier::actual) return;
  if (may_open(*event)) keep_latest(opened_, event, kMaxOpenings);
  if (!is_entry(event->type) && !is_exit(event->type)) return;
  if (const auto known = passage_of(*event); known != recent_.end())
    return add_report(recent_[static_cast<std::size_t>(known - recent_.begin())], event);
  if (recent_.size() == kMaxRecent) {
    step(settled_, recent_.front());
    recent_.erase(recent_.begin());
  }
  recent_.push_back({event, says_full_or_empty(*event) ? event : nullptr});
  step(visits_, recent_.back());
}

// A second report of the entry, by a slower clock, may lie behind a control that came after the entry.
EventPtr CustodyTrack::opened_before(const Event& event) const {
  const auto reported = passage_of(event);
  for (auto it = opened_.rbegin(); it != opened_.rend(); ++it)
    if (reported == recent_.end() || place(**it) < place(*reported->first)) return *it;
  return nullptr;
}

void CustodyTrack::journey_facts(const Visit& left, const Event& event, const Coverage& coverage, Facts& out) const {
  using enum EventType;
  const bool is_before = before(*left.exit, event) == Truth::yes;
  if (is_before)
    out.boolean(FieldId::container_left_by_land, left.exit->type == container_gate_out, left.exit);
  else
    out.unknown(FieldId::container_left_by_land, UnknownCause::order, left.exit);
  out.cite(FieldId::container_left_full, left.exit);
  if (!is_before)
    out.unknown(FieldId::container_left_full, UnknownCause::order);
  else if (left.stated)
    out.boolean(FieldId::container_left_full,
                equals_ignore_case(left.stated->text(FieldId::container_full_empty), "full"), left.stated);
  else
    out.unknown(FieldId::container_left_full, UnknownCause::known_since);
  const FieldId opened = FieldId::container_opened_outside;
  out.cite(opened, left.exit);
  const EventPtr opening = opened_before(event);
  const Truth is_between = opening ? both(before(*left.exit, *opening), before(*opening, event)) : Truth::no;
  if (is_between == Truth::yes) return out.boolean(opened, true, opening);
  if (is_between == Truth::unknown || !is_before) return out.unknown(opened, UnknownCause::order, opening);
  out.if_absent(opened, false,
                {{container_sealed, container_inspected}, event.facility, left.exit->event_time, event.event_time},
                coverage);
}

void CustodyTrack::open_visits(const std::vector<Visit>& visits, const Event& event, const Coverage& coverage,
                               Facts& out) {
  using enum EventType;
  const FieldId count = FieldId::container_open_visits, where = FieldId::container_other_facility;
  // A visit counts as open only where that facility's exits are covered until now.
  const auto doubt = [&](FieldId fact, const Event& entry) {
    if (before(entry, event) == Truth::unknown) return UnknownCause::order;
    return out.search(fact, {{container_gate_out, container_loaded}, entry.facility, entry.event_time,
        event.event_time},
                      coverage);
  };
  std::int64_t open = 0;
  UnknownCause why = UnknownCause::none;
  const Visit* other = nullptr;
  for (const Visit& v : visits) {
    if (!v.is_open()) continue;
    ++open;
    out.cite(count, v.entry);
    if (const UnknownCause cause = doubt(count, *v.entry); cause != UnknownCause::none) why = cause;
    if (v.facility != event.facility) other = &v;
  }
  if (why == UnknownCause::none)
    out.values.add_integer(count, open);
  else
    out.unknown(count, why);
  if (other == nullptr) return;
  out.cite(where, other->entry);
  // Absent would read as "open nowhere else", and that is not known either.
  if (const UnknownCause cause = doubt(where, *other->entry); cause != UnknownCause::none)
    out.unknown(where, cause);
  else
    out.values.add_text(where, other->entry->facility);
}

EventPtr CustodyTrack::discharged_fact(const Event& event, Facts& out) const {
  const auto here =
      std::find_if(visits_.begin(), visits_.end(), [&](const Visit& v) { return v.facility == event.facility; });
  if (here == visits_.end() || !here->entry || here->entry->type != EventType::container_discharged) return nullptr;
  const FieldId fact = FieldId::account_discharged_minutes_ago;
  const EventPtr& last = here->exit ? here->exit : here->entry;
  const bool is_open = before(*last, event) == Truth::unknown;
  if (here->exit && !is_open) return nullptr;
  out.cite(fact, here->entry);
  if (is_open)
    out.unknown(fact, UnknownCause::order, last);
  else
    out.minutes(fact, last, event.event_time);
  return here->entry;
}

void CustodyTrack::facts(const Event& event, const Coverage& coverage, Facts& out) const {
  std::vector<Visit> scratch;
  const auto& visits = visits_before(event, scratch);
  const auto here =
      std::find_if(visits.begin(), visits.end(), [&](const Visit& v) { return v.facility == event.facility; });
  if (here != visits.end())
    inside_facts(here->entry, here->exit, event, coverage, out);
  else
    out.unknown(FieldId::container_inside, UnknownCause::known_since);
  if (!visits.empty()) {
    const Visit& latest = visits.back();
    out.text(FieldId::container_last_facility, latest.facility, latest.exit ? latest.exit : latest.entry);
    if (latest.exit && before(*latest.exit, event) == Truth::unknown)
      out.unknown(FieldId::container_outside_minutes, UnknownCause::order, latest.exit);
    else if (latest.exit)
      out.minutes(FieldId::container_outside_minutes, latest.exit, event.event_time);
  }
  if (is_exit(event.type)) {
    const FieldId by_sea = FieldId::container_entered_by_sea;
    if (here != visits.end() && here->is_open() && before(*here->entry, event) == Truth::unknown)
      out.unknown(by_sea, UnknownCause::order, here->entry);
    else if (here != visits.end() && here->is_open())
      out.boolean(by_sea, here->entry->type == EventType::container_discharged, here->entry);
    else
      out.unknown(by_sea, UnknownCause::known_since);
  }
  if (!is_entry(event.type)) return;
  if (!visits.empty() && visits.back().exit) journey_facts(visits.back(), event, coverage, out);
  open_visits(visits, event, coverage, out);
}

}  // namespace quaywatch::timeline
