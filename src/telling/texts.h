// What a mail says, by language. Another language is one more row of `texts`. Constant; thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "base/language.h"

namespace quaywatch::telling {

struct Texts {
  Language language;
  std::array<std::string_view, 5> levels, many;  // by severity, of one alert and of several
  std::array<std::string_view, 3> news;          // by News
  std::array<std::string_view, 3> statuses;      // provisional, final, withdrawn
  std::array<std::string_view, 6> waiting;       // by WaitingKind: a sentence
  std::array<std::string_view, 6> kinds;         // likewise: what is counted
  std::string_view alerts, came, more, requests;  // formats of a number and, but for `more`, of counts
  std::string_view rests_in_console, is_in_console;
};

const Texts& texts(Language language);

}  // namespace quaywatch::telling
