// Outcome: what came of one alert so far, as one reader may know it. Every alert has exactly one, so that what was
// received is always the sum of all outcomes. Pure; thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/time.h"
#include "cases/case_book.h"

namespace quaywatch::kpi {

// closed: by a case, with what came of it. withdrawn: later records explained it, and nobody had decided. excepted: an
// exception of the rule covers it, so nobody needs to decide.
enum class Part : std::uint8_t { open, dismissed, closed, withdrawn, excepted };
inline constexpr std::array<std::string_view, 5> kPartNames{"open", "dismissed", "closed", "withdrawn", "excepted"};
// in_other_case: in a case that the reader was not let into; whether that is closed is not for him to know.
inline constexpr std::array<std::string_view, 4> kOpenWords{"new", "taken", "in_case", "in_other_case"};

// What a part is divided into; empty: it is not.
std::span<const std::string_view> words_of(Part part);

// An alert that the reader may see.
struct Received {
  std::string alert_id, rule_id, level, facility;
  bool is_withdrawn = false, is_excepted = false;
  Timestamp event_time, raised_at;
  std::optional<Timestamp> known_at;         // when what it rests on had reached us; none: it was taken as history
  std::optional<Timestamp> acknowledged_at;  // by the reader's organisation
};

struct Outcome {
  Part part = Part::open;
  std::size_t word = 0;         // among words_of(part)
  std::optional<Timestamp> at;  // dismissed, closed: since when
};

Outcome outcome_of(const cases::CaseBook& book, const Received& alert, const std::string& user_id);
// The first that somebody of the organisation did about it, also what was undone later; a note is no answer.
std::optional<Timestamp> answered_at(const cases::CaseBook& book, const Received& alert);
// Of a closed case; the last time, when it was closed more than once.
Timestamp closed_at(const cases::Case& closed);
// A word that is not among them, which no book takes, counts as the last.
std::size_t place_of(std::span<const std::string_view> words, std::string_view word);

}  // namespace quaywatch::kpi
