#include "timeline/control_track.h"

#include <algorithm>

#include "timeline/occurrence.h"

namespace quaywatch::timeline {
namespace {

constexpr std::size_t kMaxWords = 128;
constexpr Duration kControlSpan = days(30);     // longer than a stay
constexpr Duration kBeforeArrival = days(7);    // an earlier control was of another voyage

bool is_exit(EventType t) { return t == EventType::container_loaded || t == EventType::container_gate_out; }
bool is_control(EventType t) { return t == EventType::container_inspected || t == EventType::scan_analysed; }

// A picture was taken and nobody opened the door.
bool is_scan(const Event& e) {
  const Value opened = e.fields.get(FieldId::inspection_opened);
  return e.type == EventType::container_inspected &&
         (e.fields.has(FieldId::scan_ref) || (opened.kind == Kind::boolean && !opened.boolean()));
}

}  // namespace

bool ControlTrack::is_about(EventType type) {
  return is_control(type) || is_exit(type) || type == EventType::selection_added ||
         type == EventType::selection_removed;
}

void ControlTrack::apply(const EventPtr& event) {
  if (event->classifier != Classifier::actual) return;
  if (words_.size() == kMaxWords) words_.erase(words_.begin());
  words_.push_back(event);
}

EventPtr ControlTrack::last_before(const Event& event, EventType type) const {
  for (auto it = words_.rbegin(); it != words_.rend(); ++it)
    if ((*it)->type == type && place(**it) < place(event))
      return event.event_time - (*it)->event_time <= kControlSpan ? *it : nullptr;
  return nullptr;
}

// Only a control at the place of the arrival: another port's is no riddle.
void ControlTrack::arrival_fact(const Event& discharge, Facts& out) const {
  for (auto it = words_.rbegin(); it != words_.rend(); ++it) {
    const Event& word = **it;
    if (!(place(word) < place(discharge))) continue;
    if (is_exit(word.type) || discharge.event_time - word.event_time > kBeforeArrival) return;
    if (!is_control(word.type) || word.facility != discharge.facility) continue;
    const FieldId fact = FieldId::inspection_minutes_before_arrival;
    if (before(word, discharge) == Truth::yes)
      out.minutes(fact, *it, discharge.event_time);
    else
      out.unknown(fact, UnknownCause::order);
    return;
  }
}

// Of an exit, or of a removal from the list: is the control still owed?
void ControlTrack::selection_facts(const Event& event, const Coverage& coverage, Facts& out) const {
  using enum EventType;
  const FieldId fact = FieldId::selection_open;
  const EventPtr selected = last_before(event, selection_added);
  if (!selected) return;
  out.minutes(FieldId::selection_minutes_ago, selected, event.event_time);
  const Timestamp until = event.event_time + (is_exit(event.type) ? kControlAhead : Duration{});
  const auto answer = std::find_if(words_.begin(), words_.end(), [&](const EventPtr& word) {
    const bool is_other_removal = word->type == selection_removed && word->id != event.id &&
                                  (is_exit(event.type) || place(*word) < place(event));
    return (is_control(word->type) || is_other_removal) && word->event_time <= until && place(*selected) < place(*word);
  });
  if (answer != words_.end()) return out.boolean(fact, false, *answer);
  const Timestamp from = selected->event_time;
  Facts probe;  // both must certainly be missing
  if (!probe.if_absent(fact, true, {{selection_removed}, event.facility, from, until}, coverage))
    return out.unknown(fact, probe.values.get(fact).cause);
  if (!out.if_absent(fact, true, {{container_inspected, scan_analysed}, event.facility, from, until}, coverage)) return;
  out.citations.insert(out.citations.end(), probe.citations.begin(), probe.citations.end());
  out.cite(fact, selected);
}

void ControlTrack::scan_fact(const Event& exit, const Coverage& coverage, Facts& out) const {
  const auto scan = std::find_if(words_.rbegin(), words_.rend(), [&](const EventPtr& word) {
    return is_scan(*word) && place(*word) < place(exit) && exit.event_time - word->event_time <= kControlSpan;
  });
  if (scan == words_.rend()) return;
  const FieldId fact = FieldId::scan_judged;
  const EventPtr judged = last_before(exit, EventType::scan_analysed);
  if (judged && !(judged->event_time < (*scan)->event_time)) return out.boolean(fact, true, judged);
  if (out.if_absent(fact, false,
                    {{EventType::scan_analysed}, exit.facility, (*scan)->event_time, exit.event_time}, coverage))
    out.cite(fact, *scan);
}

void ControlTrack::facts(const Event& event, const Coverage& coverage, Facts& out) const {
  if (event.classifier != Classifier::actual) return;
  if (event.type == EventType::container_discharged) return arrival_fact(event, out);
  selection_facts(event, coverage, out);
  if (is_exit(event.type)) return scan_fact(event, coverage, out);
  const EventPtr selected = last_before(event, EventType::selection_added);
  if (!selected) return;
  for (const FieldId by : {FieldId::selection_by, FieldId::inspection_officer})
    if (const std::string_view account = selected->text(by); !account.empty())
      return out.text(FieldId::selection_selected_by, account, selected);
}

}  // namespace quaywatch::timeline
