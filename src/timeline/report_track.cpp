#include "timeline/report_track.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string>

#include "base/text.h"

namespace quaywatch::timeline {
namespace {

constexpr std::size_t kReports = 16;  // of one box within the span of one happening
// Two records of one weighing are rounded in two ways: to ten kilograms, or to a tenth of a tonne.
constexpr std::int64_t kRounding = 100'000'000;  // millionths of a kilogram

constexpr FieldId kTexts[] = {FieldId::seal_number, FieldId::vehicle_plate, FieldId::party_code};

// Do both state the field, and is nothing of it the same? Blanks, dashes and case are typing. nullopt: one is silent.
std::optional<bool> texts_differ(const Event& a, const Event& b, FieldId field) {
  if (!a.fields.has(field) || !b.fields.has(field)) return std::nullopt;
  bool any_same = false;
  a.fields.each(field, [&](const Value& left) {
    const std::string wanted = squeeze(left.text);
    b.fields.each(field, [&](const Value& right) { any_same |= squeeze(right.text) == wanted; });
  });
  return !any_same;
}

std::optional<bool> weights_differ(const Event& a, const Event& b) {
  const Value left = a.fields.get(FieldId::container_weight_kg), right = b.fields.get(FieldId::container_weight_kg);
  if (left.kind != Kind::decimal || right.kind != Kind::decimal) return std::nullopt;
  return std::abs(left.number - right.number) >= kRounding;
}

// nullopt: they state nothing that both state.
std::optional<bool> differ(const Event& a, const Event& b) {
  std::optional<bool> out = weights_differ(a, b);
  for (const FieldId field : kTexts)
    if (const auto one = texts_differ(a, b, field)) out = *one || out.value_or(false);
  return out;
}

}  // namespace

void ReportTrack::apply(const EventPtr& event) {
  if (event->classifier == Classifier::actual && info(event->type).same_within_s > 0)
    keep_latest(reports_, event, kReports);
}

void ReportTrack::facts(const Event& event, const Coverage&, Facts& out) const {
  if (event.classifier != Classifier::actual) return;
  EventPtr agrees;
  for (const EventPtr& report : reports_) {
    if (report->feed == event.feed || !same_occurrence(*report, event)) continue;
    const auto found = differ(*report, event);
    if (found == true) return out.boolean(kFacts[0], true, report);
    if (found == false && !agrees) agrees = report;
  }
  if (agrees) out.boolean(kFacts[0], false, agrees);
}

}  // namespace quaywatch::timeline
