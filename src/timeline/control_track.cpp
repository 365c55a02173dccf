#include "timeline/control_track.h"

#include "timeline/occurrence.h"

namespace quaywatch::timeline {
namespace {

bool is_entry(EventType t) { return t == EventType::container_discharged || t == EventType::container_gate_in; }
bool is_exit(EventType t) { return t == EventType::container_loaded || t == EventType::container_gate_out; }

// A picture was taken and nobody opened the door.
bool is_scan(const Event& e) {
  const Value opened = e.fields.get(FieldId::inspection_opened);
  return e.fields.has(FieldId::scan_ref) || (opened.kind == Kind::boolean && !opened.boolean());
}

}  // namespace

void ControlTrack::apply(const EventPtr& event) {
  if (event->classifier != Classifier::actual) return;
  switch (event->type) {
    case EventType::selection_added:
      selected_ = event;
      removed_ = nullptr;
      break;
    case EventType::selection_removed:
      removed_ = event;
      break;
    case EventType::container_inspected:
      control_ = event;
      if (is_scan(*event)) scanned_ = event;
      break;
    case EventType::scan_analysed:
      control_ = judged_ = event;
      break;
    default:
      if (is_exit(event->type)) *this = {};
      has_entered_ |= is_entry(event->type);
  }
}

// Only a control at the place of the arrival: another port's is no riddle.
void ControlTrack::arrival_fact(const Event& entry, Facts& out) const {
  if (!control_ || has_entered_ || control_->facility != entry.facility) return;
  const FieldId fact = FieldId::inspection_minutes_before_arrival;
  if (before(*control_, entry) == Truth::yes)
    out.minutes(fact, control_, entry.event_time);
  else
    out.unknown(fact, UnknownCause::order);
}

// Of an exit, or of a removal from the list: was the control still owed?
void ControlTrack::selection_facts(const Event& event, const Coverage& coverage, Facts& out) const {
  using enum EventType;
  const FieldId fact = FieldId::selection_open;
  if (!selected_) return;
  out.minutes(FieldId::selection_minutes_ago, selected_, event.event_time);
  if (removed_) return out.boolean(fact, false, removed_);
  if (control_ && !(control_->event_time < selected_->event_time)) return out.boolean(fact, false, control_);
  const Timestamp from = selected_->event_time;
  Facts probe;  // both must certainly be missing
  if (!probe.if_absent(fact, true, {{selection_removed}, event.facility, from, event.event_time}, coverage))
    return out.unknown(fact, probe.values.get(fact).cause);
  if (!out.if_absent(fact, true, {{container_inspected, scan_analysed}, event.facility, from, event.event_time}, coverage))
    return;
  out.citations.insert(out.citations.end(), probe.citations.begin(), probe.citations.end());
  out.cite(fact, selected_);
}

void ControlTrack::scan_fact(const Event& exit, const Coverage& coverage, Facts& out) const {
  if (!scanned_) return;
  const FieldId fact = FieldId::scan_judged;
  if (judged_ && !(judged_->event_time < scanned_->event_time)) return out.boolean(fact, true, judged_);
  if (out.if_absent(fact, false,
                    {{EventType::scan_analysed}, exit.facility, scanned_->event_time, exit.event_time}, coverage))
    out.cite(fact, scanned_);
}

void ControlTrack::facts(const Event& event, const Coverage& coverage, Facts& out) const {
  if (event.classifier != Classifier::actual) return;
  if (is_entry(event.type)) return arrival_fact(event, out);
  const bool is_removal = event.type == EventType::selection_removed;
  if (!is_removal && !is_exit(event.type)) return;
  selection_facts(event, coverage, out);
  if (!is_removal) return scan_fact(event, coverage, out);
  if (!selected_) return;
  for (const FieldId by : {FieldId::selection_by, FieldId::inspection_officer})
    if (const std::string_view account = selected_->text(by); !account.empty())
      return out.text(FieldId::selection_selected_by, account, selected_);
}

}  // namespace quaywatch::timeline
