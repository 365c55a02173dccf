#include "api/outcomes.h"

#include <algorithm>

namespace quaywatch::api {
namespace {

// Live receipt differs from what is assumed of history (adapter::settle_clocks): the later of the source's two clocks.
bool was_received_live(const live::AlertRow& alert) {
  return std::any_of(alert.evidence.begin(), alert.evidence.end(), [](const live::EvidenceRow& e) {
    return e.event && e.event->received_at > std::max(e.event->event_time, e.event->reported_at);
  });
}

std::string_view name(kpi::Part part) {
  return kpi::kPartNames[static_cast<std::size_t>(part)];
}

}  // namespace

kpi::Received received(const live::AlertRow& alert) {
  return {alert.id,
          alert.rule->id,
          std::string(rules::name(alert.rule->level)),
          alert.facility,
          alert.status == pipeline::AlertStatus::withdrawn,
          alert.exception.has_value(),
          alert.event_time,
          alert.raised_at,
          was_received_live(alert) ? std::optional(alert.knowable_at) : std::nullopt,
          std::nullopt};
}

std::string word(const kpi::Outcome& outcome) {
  const auto words = kpi::words_of(outcome.part);
  const std::string part(name(outcome.part));
  return words.empty() ? part : part + "." + std::string(words[outcome.word]);
}

bool is_of(const kpi::Outcome& outcome, std::string_view wanted) {
  return wanted == name(outcome.part) || wanted == word(outcome);
}

bool is_outcome(std::string_view wanted) {
  for (std::size_t part = 0; part < kpi::kPartNames.size(); ++part) {
    const std::size_t words = kpi::words_of(static_cast<kpi::Part>(part)).size();
    for (std::size_t w = 0; w < std::max<std::size_t>(1, words); ++w)
      if (is_of({static_cast<kpi::Part>(part), w, std::nullopt}, wanted)) return true;
  }
  return false;
}

}  // namespace quaywatch::api
