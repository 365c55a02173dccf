#include "timeline/load_track.h"

#include <algorithm>

#include "base/text.h"
#include "timeline/occurrence.h"

namespace quaywatch::timeline {
namespace {

constexpr std::size_t kMaxLoadWords = 128;
constexpr Duration kStay = days(60);       // longer than a stay
constexpr Duration kAtScale = minutes(15);  // a passage and its weighing
constexpr Duration kWeighingsSearched = days(1);
// Facts about a weighing and the one before it: without that one, none.
constexpr std::initializer_list<FieldId> kOfTwo = {FieldId::weight_scale_before, FieldId::weight_scale_change_kg,
                                                   FieldId::weight_scale_error_kg, FieldId::weight_seal_changed};

bool states_seals(const Event& e) {
  return e.fields.has(FieldId::seal_number) &&
         (is_entry(e.type) || is_exit(e.type) || e.type == EventType::seal_checked);
}

bool is_weighing(const Event& e) {
  return e.type == EventType::container_weighed && e.fields.has(FieldId::weight_point) &&
         e.fields.has(FieldId::container_weight_kg);
}

}  // namespace

bool may_have_opened(const Event& e) {
  using enum EventType;
  if (e.type == container_sealed || e.type == container_stuffed || e.type == container_stripped) return true;
  const Value opened = e.fields.get(FieldId::inspection_opened);
  return e.type == container_inspected && !(opened.kind == Kind::boolean && !opened.boolean());
}

void LoadTrack::apply(const EventPtr& event) {
  if (event->classifier != Classifier::actual) return;
  keep_latest(words_, event, kMaxLoadWords);
}

// The exit of a box that is weighed on its way out, or was weighed on its way in, is told within minutes of it.
EventPtr LoadTrack::left_between(const Event& earlier, const Event& event) const {
  const auto exit = std::find_if(words_.begin(), words_.end(), [&](const EventPtr& word) {
    return is_exit(word->type) && word->event_time > earlier.event_time - kAtScale &&
           word->event_time < event.event_time - kAtScale;
  });
  return exit == words_.end() ? nullptr : *exit;
}

// A weighing told twice, or by two systems, is no second one.
EventPtr LoadTrack::weighing_before(const Event& event, Facts& out) const {
  for (auto it = words_.rbegin(); it != words_.rend(); ++it) {
    const Event& word = **it;
    const Duration ago = event.event_time - word.event_time;
    if (ago > kStay) break;
    if (!is_weighing(word) || ago < kAtScale || !may_be_same_place(word.facility, event.facility)) continue;
    const EventPtr left = left_between(word, event);
    if (!left) return *it;
    for (const FieldId fact : kOfTwo) out.cite(fact, left);
    return nullptr;
  }
  return nullptr;
}

std::vector<std::string> LoadTrack::seals_near(const Event& weighing, Facts& out) const {
  std::vector<std::string> seals;
  for (const EventPtr& word : words_) {
    if (!states_seals(*word) || word->event_time < weighing.event_time - kAhead ||
        word->event_time > weighing.event_time + kAhead)
      continue;
    out.cite(FieldId::weight_seal_changed, word);
    word->fields.each(FieldId::seal_number, [&](const Value& v) { seals.push_back(squeeze(v.text)); });
  }
  return seals;
}

void LoadTrack::seal_fact(const EventPtr& earlier, const Event& event, Facts& out) const {
  const auto was = seals_near(*earlier, out);
  const auto is = seals_near(event, out);
  const FieldId fact = FieldId::weight_seal_changed;
  if (was.empty() || is.empty()) return out.unknown(fact, UnknownCause::known_since, earlier);
  const bool kept = std::find_first_of(was.begin(), was.end(), is.begin(), is.end()) != was.end();
  out.boolean(fact, !kept, earlier);
}

void LoadTrack::opening_fact(const EventPtr& weighed, const Event& event, const Coverage& coverage, Facts& out) const {
  const Event& earlier = *weighed;
  const auto opened = std::find_if(words_.begin(), words_.end(), [&](const EventPtr& word) {
    return may_have_opened(*word) && place(earlier) < place(*word) &&
           word->event_time <= event.event_time + kAhead;
  });
  const FieldId fact = FieldId::weight_opening_recorded;
  out.cite(fact, weighed);
  if (opened != words_.end()) return out.boolean(fact, true, *opened);
  out.if_absent(fact, false,
                {{EventType::container_sealed, EventType::container_inspected, EventType::container_stuffed,
                  EventType::container_stripped},
                 event.facility, earlier.event_time, event.event_time + kAhead},
                coverage);
}

// What the box was on its last journey says nothing: only words since it came, or of the passage itself.
void LoadTrack::tare_facts(const Event& event, Facts& out) const {
  const Value tare = event.fields.get(FieldId::container_tare_kg);
  if (tare.is_absent()) return;
  out.values.add_decimal(FieldId::weight_over_tare_kg,
                         event.fields.get(FieldId::container_weight_kg).number - tare.number);
  for (auto it = words_.rbegin(); it != words_.rend(); ++it) {
    const Event& word = **it;
    if (word.event_time > event.event_time + kAhead) continue;
    if (is_exit(word.type) && word.event_time < event.event_time - kAtScale) break;
    const std::string_view said = word.text(FieldId::container_full_empty);
    if (!said.empty()) return out.boolean(FieldId::weight_box_empty, said == "empty", *it);
  }
  out.unknown(FieldId::weight_box_empty, UnknownCause::known_since);
}

void LoadTrack::none_before(const Event& event, const Coverage& coverage, Facts& out) {
  const Timestamp at = event.event_time;
  out.none_if_absent(kOfTwo,
                     {{EventType::container_weighed}, event.facility, at - kWeighingsSearched, at}, coverage);
}

void LoadTrack::facts(const Event& event, const Coverage& coverage, Facts& out) const {
  if (!is_weighing(event) || event.classifier != Classifier::actual) return;
  tare_facts(event, out);
  const EventPtr earlier = weighing_before(event, out);
  if (!earlier) return none_before(event, coverage, out);
  using enum FieldId;
  out.text(weight_scale_before, earlier->text(weight_point), earlier);
  out.minutes(weight_scale_minutes_ago, earlier, event.event_time);
  out.decimal(weight_scale_change_kg,
              event.fields.get(container_weight_kg).number - earlier->fields.get(container_weight_kg).number, earlier);
  const Value error = event.fields.get(weight_error_kg), error_before = earlier->fields.get(weight_error_kg);
  if (!error.is_absent() && !error_before.is_absent())
    out.decimal(weight_scale_error_kg, error.number + error_before.number, earlier);
  seal_fact(earlier, event, out);
  opening_fact(earlier, event, coverage, out);
}

}  // namespace quaywatch::timeline
