#include "timeline/control_track.h"

#include <algorithm>
#include <vector>

#include "timeline/occurrence.h"

namespace quaywatch::timeline {
namespace {

constexpr std::size_t kMaxControlWords = 128;
constexpr Duration kControlSpan = days(30);   // longer than a stay
constexpr Duration kBeforeArrival = days(7);  // an earlier control was of another voyage
constexpr Duration kArrivalSearch = days(1);  // where controls must be covered for "none before the arrival"

bool is_control(EventType t) { return t == EventType::container_inspected || t == EventType::scan_analysed; }

bool was_opened(const Event& e) {
  const Value opened = e.fields.get(FieldId::inspection_opened);
  return e.type == EventType::container_inspected && opened.kind == Kind::boolean && opened.boolean();
}

// A picture was taken and nobody opened the door; a check of papers names neither scan nor scanner.
bool is_scan(const Event& e) {
  return e.type == EventType::container_inspected && !was_opened(e) &&
         (e.fields.has(FieldId::scan_ref) || e.fields.has(FieldId::scan_device));
}

// Does `word` settle what the picture of `scan` shows? Of two numbered scans a verdict is about the one it names; else
// it comes behind the scan, or is told with it.
Truth answers_scan(const Event& word, const Event& scan) {
  const std::string_view of = word.text(FieldId::scan_ref), ref = scan.text(FieldId::scan_ref);
  const bool is_verdict = word.type == EventType::scan_analysed;
  if (!is_verdict && !was_opened(word)) return Truth::no;
  if (is_verdict && !of.empty() && !ref.empty()) return truth(of == ref);
  const bool is_sure = word.time_error_s == 0 && scan.time_error_s == 0;
  return is_sure && word.event_time == scan.event_time ? Truth::yes : !before(word, scan);
}

}  // namespace

void ControlTrack::apply(const EventPtr& event) {
  if (event->classifier != Classifier::actual) return;
  keep_latest(words_, event, kMaxControlWords);
}

// An exit answers for what was selected where it leaves: a box selected at the next port is on its way there.
EventPtr ControlTrack::selection_before(const Event& event) const {
  for (auto it = words_.rbegin(); it != words_.rend(); ++it) {
    const Event& word = **it;
    if (word.type != EventType::selection_added || !(place(word) < place(event))) continue;
    if (is_exit(event.type) && !may_be_same_place(word.facility, event.facility)) continue;
    return event.event_time - word.event_time <= kControlSpan ? *it : nullptr;
  }
  return nullptr;
}

// Two feeds may report one discharge hours apart, and a scan may lie between: the surest report counts, of equals the
// first.
EventPtr ControlTrack::arrival_of(const Event& discharge) const {
  std::vector<const Event*> arrivals;  // their first reports
  const auto reported_by = [&](const Event& e) {
    return std::find_if(arrivals.begin(), arrivals.end(),
                        [&](const Event* first) { return first == &e || same_occurrence(*first, e); });
  };
  const auto is_earlier = [&](const Event& e) { return e.type == discharge.type && place(e) < place(discharge); };
  for (const EventPtr& word : words_)
    if (is_earlier(*word) && reported_by(*word) == arrivals.end()) arrivals.push_back(word.get());
  EventPtr surest(&discharge);
  const auto here = reported_by(discharge);
  if (here == arrivals.end()) return surest;
  for (auto it = words_.rbegin(); it != words_.rend(); ++it) {
    if (is_earlier(**it) && reported_by(**it) == here && (*it)->time_error_s <= surest->time_error_s) surest = *it;
  }
  return surest;
}

// The box left here by land and the control lies after it: it may have taken place outside.
EventPtr ControlTrack::left_before(const Event& control, const Event& arrival) const {
  for (auto it = words_.rbegin(); it != words_.rend(); ++it) {
    if (!is_exit((*it)->type) || !(place(**it) < place(control))) continue;
    const bool is_by_land = (*it)->type == EventType::container_gate_out &&
                            may_be_same_place((*it)->facility, control.facility) &&
                            arrival.event_time - (*it)->event_time <= kBeforeArrival;
    return is_by_land ? *it : nullptr;
  }
  return nullptr;
}

// Only a control at the place of the arrival: another port's is no riddle.
void ControlTrack::arrival_fact(const Event& discharge, const Coverage& coverage, Facts& out) const {
  const FieldId fact = FieldId::inspection_minutes_before_arrival;
  const EventPtr surest = arrival_of(discharge);
  const Event& arrival = *surest;
  if (surest.get() != &discharge) out.cite(fact, surest);
  for (auto it = words_.rbegin(); it != words_.rend(); ++it) {
    const Event& word = **it;
    if (!(place(word) < place(arrival))) continue;
    if (is_exit(word.type) || arrival.event_time - word.event_time > kBeforeArrival) break;
    if (!is_control(word.type) || word.facility != discharge.facility) continue;
    if (const EventPtr left = left_before(word, arrival)) {
      out.cite(fact, *it);
      return out.cite(fact, left);
    }
    if (before(word, arrival) == Truth::yes) return out.minutes(fact, *it, arrival.event_time);
    return out.unknown(fact, UnknownCause::order, *it);
  }
  const Timestamp at = arrival.event_time;
  out.none_if_absent(
      {fact},
      {{EventType::container_inspected, EventType::scan_analysed}, discharge.facility, at - kArrivalSearch, at},
      coverage);
}

// Of an exit, or of a removal from the list: is the control still owed? A removal does not excuse the next one.
void ControlTrack::selection_facts(const Event& event, const Coverage& coverage, Facts& out) const {
  using enum EventType;
  const FieldId fact = FieldId::selection_open;
  const EventPtr selected = selection_before(event);
  if (!selected) return;
  out.minutes(FieldId::selection_minutes_ago, selected, event.event_time);
  const bool leaves = is_exit(event.type);
  const Timestamp until = event.event_time + (leaves ? kAhead : Duration{});
  const auto answer = std::find_if(words_.begin(), words_.end(), [&](const EventPtr& word) {
    return (is_control(word->type) || (leaves && word->type == selection_removed)) && word->event_time <= until &&
           place(*selected) < place(*word);
  });
  out.cite(fact, selected);
  if (answer != words_.end()) return out.boolean(fact, false, *answer);
  const Timestamp from = selected->event_time;
  if (leaves) {  // of an exit both must certainly be missing
    const UnknownCause cause = out.search(fact, {{selection_removed}, event.facility, from, until}, coverage);
    if (cause != UnknownCause::none) return out.unknown(fact, cause);
  }
  out.if_absent(fact, true, {{container_inspected, scan_analysed}, event.facility, from, until}, coverage);
}

void ControlTrack::scan_fact(const Event& exit, const Coverage& coverage, Facts& out) const {
  const auto scan = std::find_if(words_.rbegin(), words_.rend(), [&](const EventPtr& word) {
    return is_scan(*word) && place(*word) < place(exit) && exit.event_time - word->event_time <= kControlSpan;
  });
  if (scan == words_.rend()) return;
  const FieldId fact = FieldId::scan_judged;
  Truth is_judged = Truth::no;
  EventPtr answer;
  for (auto it = words_.rbegin(); it != words_.rend(); ++it) {
    if (!(place(**it) < place(exit))) continue;
    const Truth judges = both(answers_scan(**it, **scan), before(**it, exit));
    if (judges > is_judged) is_judged = judges, answer = *it;
  }
  out.cite(fact, *scan);
  if (is_judged == Truth::unknown || before(**scan, exit) == Truth::unknown)
    return out.unknown(fact, UnknownCause::order, answer);
  if (is_judged == Truth::yes) return out.boolean(fact, true, answer);
  out.if_absent(fact, false,
                {{EventType::scan_analysed, EventType::container_inspected},
                 exit.facility, (*scan)->event_time, exit.event_time},
                coverage);
}

// From the opening to the result, of one control.
void ControlTrack::opening_fact(const Event& result, Facts& out) const {
  if (!was_opened(result) || !result.fields.has(FieldId::inspection_result)) return;
  const std::string_view ref = result.text(FieldId::inspection_ref);
  const auto opening = std::find_if(words_.rbegin(), words_.rend(), [&](const EventPtr& word) {
    return was_opened(*word) && !word->fields.has(FieldId::inspection_result) && place(*word) < place(result) &&
           !ref.empty() && word->text(FieldId::inspection_ref) == ref;
  });
  if (opening == words_.rend()) return;
  const FieldId fact = FieldId::inspection_minutes_open;
  if (before(**opening, result) == Truth::yes)
    out.minutes(fact, *opening, result.event_time);
  else
    out.unknown(fact, UnknownCause::order, *opening);
}

void ControlTrack::facts(const Event& event, const Coverage& coverage, Facts& out) const {
  if (event.classifier != Classifier::actual) return;
  if (event.type == EventType::container_discharged) return arrival_fact(event, coverage, out);
  if (event.type == EventType::container_inspected) return opening_fact(event, out);
  selection_facts(event, coverage, out);
  if (is_exit(event.type)) return scan_fact(event, coverage, out);
  const EventPtr selected = selection_before(event);
  if (!selected) return;
  for (const FieldId by : {FieldId::selection_by, FieldId::inspection_officer})
    if (const std::string_view account = selected->text(by); !account.empty())
      return out.text(FieldId::selection_selected_by, account, selected);
}

}  // namespace quaywatch::timeline
