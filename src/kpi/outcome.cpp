#include "kpi/outcome.h"

#include <algorithm>

namespace quaywatch::kpi {
namespace {

using cases::Action;
using cases::CaseBook;
using cases::TriageState;

constexpr Outcome open(std::size_t word) {
  return {Part::open, word, std::nullopt};
}

Outcome dismissed(const CaseBook& book, const std::string& alert_id) {
  const auto& made = book.decisions(alert_id);
  const auto at = std::find_if(made.rbegin(), made.rend(), [](const cases::MadeDecision& m) {
    return !m.is_undone && m.decision.action == Action::dismiss;
  });
  return {Part::dismissed, place_of(cases::kReasonCodes, at->decision.reason_code), at->at};
}

// Open while any of its cases is; then what came of the one that was closed last.
Outcome of_cases(const CaseBook& book, const std::vector<std::string>& case_ids, const std::string& user_id) {
  Outcome out = open(place_of(kOpenWords, "in_other_case"));
  bool is_hidden = false;
  for (const std::string& id : case_ids) {
    const cases::Case* c = book.find(id);
    if (c == nullptr || !c->readers.contains(user_id)) {
      is_hidden = true;
      continue;
    }
    if (c->state == cases::CaseState::open) return open(place_of(kOpenWords, "in_case"));
    const Timestamp at = closed_at(*c);
    if (!out.at || at > *out.at) out = {Part::closed, place_of(cases::kOutcomes, c->outcome), at};
  }
  return is_hidden ? open(place_of(kOpenWords, "in_other_case")) : out;
}

}  // namespace

std::span<const std::string_view> words_of(Part part) {
  switch (part) {
    case Part::open:
      return kOpenWords;
    case Part::dismissed:
      return cases::kReasonCodes;
    case Part::closed:
      return cases::kOutcomes;
    case Part::withdrawn:
    case Part::excepted:
      break;
  }
  return {};
}

std::size_t place_of(std::span<const std::string_view> words, std::string_view word) {
  return static_cast<std::size_t>(std::find(words.begin(), words.end() - 1, word) - words.begin());
}

Timestamp closed_at(const cases::Case& closed) {
  const cases::Step* step = cases::closing(closed);
  return step == nullptr ? closed.changed_at : step->at;
}

Outcome outcome_of(const CaseBook& book, const Received& alert, const std::string& user_id) {
  const cases::Triage triage = book.triage(alert.alert_id);
  if (triage.state == TriageState::dismissed) return dismissed(book, alert.alert_id);
  if (triage.state == TriageState::in_case) return of_cases(book, triage.case_ids, user_id);
  if (alert.is_withdrawn) return {Part::withdrawn, 0, std::nullopt};
  if (alert.is_excepted) return {Part::excepted, 0, std::nullopt};
  return open(place_of(kOpenWords, cases::kTriageStateNames[static_cast<std::size_t>(triage.state)]));
}

std::optional<Timestamp> answered_at(const CaseBook& book, const Received& alert) {
  std::optional<Timestamp> first = alert.acknowledged_at;
  for (const cases::MadeDecision& m : book.decisions(alert.alert_id))
    if (m.decision.action != Action::note && !m.is_undone) first = std::min(m.at, first.value_or(m.at));
  return first;
}

}  // namespace quaywatch::kpi
