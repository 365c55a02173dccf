// What the program says to people, in their language. The English text in the code is the key; another language is a
// file of rows (data/texts/commands, and messages for what other layers say), and a text without a row stands in
// English. What programs read is not said here: JSON, names of columns and fields, codes. The language is chosen once,
// before anything is said; from then on every function is safe from any thread. tools/check_texts.py sees that no row
// is missing, left over or of other values.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/language.h"

namespace quaywatch::app {

// --language in the arguments, else QUAYWATCH_LANGUAGE, else what the system calls its language; English when none of
// them names one that is known.
Language chosen_language(int argc, const char* const* argv);
void speak(Language language);
Language spoken();

// A fixed text, or a format whose values are filled in later.
std::string_view translated(std::string_view english);
// Marks a text that stands in a table of the code and is translated where it is printed.
constexpr std::string_view key(std::string_view english) {
  return english;
}

template <typename... T>
std::string say(fmt::format_string<T...> format, T&&... values) {
  const fmt::string_view english = format;
  const std::string_view said = translated({english.data(), english.size()});
  return fmt::vformat(fmt::string_view(said.data(), said.size()), fmt::make_format_args(values...));
}

// `one` or `many`, each with one {} for the number.
std::string say_counted(std::uint64_t n, std::string_view one, std::string_view many);

// A message that other layers composed in English, such as that of an Error: recognised by the format of its row, and
// where its values are sentences, these too, or what stands behind a colon. Itself where no row fits. As
// console/src/lib/i18n/retold.ts does it for the console.
std::string retold(std::string_view message);
// The same of a library, which composes its messages by these formats; the first that fits.
std::string retold(std::string_view message, std::span<const std::string_view> formats);

// A title or sentence of a rule.
std::string_view rule_text(std::string_view english);

}  // namespace quaywatch::app
