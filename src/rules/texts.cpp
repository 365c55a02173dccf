#include "rules/texts.h"

#include <span>
#include <string>

#include "base/text.h"
#include "base/texts.h"

namespace quaywatch::rules {
namespace {

#include "rules/texts.gen.inc"

// U+00C0 to U+00DF without their accents, and so U+00E0 to U+00FF; a blank: no letter that people write without one.
constexpr std::string_view kBare = "aaaaaa ceeeeiiii nooooo  uuuuy  ";

// Lower case without accents, for comparing.
std::string folded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_accented = text[i] == '\xC3' && i + 1 < text.size();
    const char bare = is_accented ? kBare[static_cast<unsigned char>(text[i + 1]) & 0x1FU] : ' ';
    out += bare == ' ' ? ascii_lower(text[i]) : bare;
    if (bare != ' ') ++i;
  }
  return out;
}

}  // namespace

std::string_view text_in(Language language, std::string_view english) {
  return find_text(texts_of(language), english);
}

bool holds_words(std::string_view english, std::string_view words) {
  const std::string wanted = folded(words);
  for (std::size_t i = 0; i < kLanguages.size(); ++i)
    if (folded(text_in(static_cast<Language>(i), english)).find(wanted) != std::string::npos) return true;
  return false;
}

}  // namespace quaywatch::rules
