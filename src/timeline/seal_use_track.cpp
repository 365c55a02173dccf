#include "timeline/seal_use_track.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "timeline/occurrence.h"

namespace quaywatch::timeline {
namespace {

constexpr std::size_t kMaxNumbers = 8;
constexpr std::size_t kMaxWordsOfBox = 8, kMaxSealWords = 64;
constexpr Duration kUseSpan = days(30);
constexpr Duration kSealsSearched = days(1);
constexpr std::ptrdiff_t kLeastDigits = 5;  // shorter ones are words and counters, not numbers of seals

bool is_seal_number(std::string_view s) {
  return std::count_if(s.begin(), s.end(), is_ascii_digit) >= kLeastDigits;
}

bool has_number(const Event& event, FieldId field, std::string_view number) {
  bool found = false;
  event.fields.each(field, [&](const Value& v) { found |= squeeze(v.text) == number; });
  return found;
}

}  // namespace

std::vector<std::string> SealUseTrack::numbers_of(const Event& event) {
  std::vector<std::string> numbers;
  if (!is_about(event.type) || event.classifier != Classifier::actual) return numbers;
  if (!event.fields.has(FieldId::container_number)) return numbers;
  for (const FieldId field : {FieldId::seal_number, FieldId::seal_new, FieldId::seal_old})
    event.fields.each(field, [&](const Value& v) {
      std::string s = squeeze(v.text);
      if (!is_seal_number(s) || numbers.size() == kMaxNumbers) return;
      if (std::find(numbers.begin(), numbers.end(), s) == numbers.end()) numbers.push_back(std::move(s));
    });
  return numbers;
}

bool SealUseTrack::states(const Event& event, std::string_view number) {
  if (event.type == EventType::seal_removed) return false;
  return has_number(event, FieldId::seal_number, number) || has_number(event, FieldId::seal_new, number);
}

void SealUseTrack::apply(const EventPtr& event) {
  const std::string_view box = event->text(FieldId::container_number);
  const auto is_same_box = [&](const EventPtr& e) { return e->text(FieldId::container_number) == box; };
  const auto same = std::count_if(words_.begin(), words_.end(), is_same_box);
  if (same == static_cast<std::ptrdiff_t>(kMaxWordsOfBox))
    words_.erase(std::find_if(words_.begin(), words_.end(), is_same_box));
  else if (words_.size() == kMaxSealWords)
    words_.erase(words_.begin());
  words_.push_back(event);
}

bool SealUseTrack::facts(const Event& event, std::string_view number, const SealTrack& seals,
                         const Coverage& coverage, Facts& out) const {
  const std::vector<std::string>& known = seals.known();
  const std::string_view box = event.text(FieldId::container_number);
  EventPtr seen;
  std::set<std::string_view> boxes = {box};
  for (const EventPtr& word : words_) {
    const std::string_view of = word->text(FieldId::container_number);
    if (event.event_time - word->event_time > kUseSpan || of == box || !states(*word, number)) continue;
    if (boxes.insert(of).second) out.cite(FieldId::seal_boxes, word);
    seen = word;
  }
  if (!seen) return false;
  const std::string_view other = seen->text(FieldId::container_number);
  out.text(FieldId::seal_doubled, number, seen);
  out.text(FieldId::seal_other_box, other, seen);
  out.minutes(FieldId::seal_other_box_minutes_ago, seen, event.event_time);
  out.integer(FieldId::seal_boxes, static_cast<std::int64_t>(boxes.size()), seen);
  const bool is_known = std::find(known.begin(), known.end(), number) != known.end();
  const bool is_near = std::any_of(known.begin(), known.end(), [&](const auto& k) { return is_one_slip(k, number); });
  out.boolean(FieldId::seal_misread_likely, !is_known && is_near, seen);
  out.cite(FieldId::seal_misread_likely, seals.seen());
  taken_off_fact(seen, event, number, coverage, out);
  return true;
}

void SealUseTrack::taken_off_fact(const EventPtr& seen, const Event& event, std::string_view number,
                                  const Coverage& coverage, Facts& out) const {
  const FieldId fact = FieldId::seal_taken_off_there;
  Truth is_off = Truth::no;
  EventPtr off;
  for (const EventPtr& word : words_) {
    if (word->text(FieldId::container_number) != seen->text(FieldId::container_number)) continue;
    if (states(*word, number) || !(place(*seen) < place(*word))) continue;
    const Truth is_since = before(*seen, *word);
    if (is_since > is_off) is_off = is_since, off = word;
  }
  out.cite(fact, seen);
  if (is_off == Truth::yes) return out.boolean(fact, true, off);
  if (is_off == Truth::unknown) return out.unknown(fact, UnknownCause::order, off);
  out.if_absent(
      fact, false,
      {{EventType::container_sealed, EventType::seal_removed}, seen->facility, seen->event_time, event.event_time},
      coverage);
}

void SealUseTrack::none_on_record(const Event& event, const Coverage& coverage, Facts& out) {
  const Timestamp at = event.event_time;
  out.none_if_absent({FieldId::seal_doubled, FieldId::seal_boxes},
                     {{event.type}, event.facility, at - kSealsSearched, at}, coverage);
}

}  // namespace quaywatch::timeline
