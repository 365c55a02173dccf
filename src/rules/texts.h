// What the shipped rules say, in the languages of people (data/texts/rules). Pure; safe from any thread.
#pragma once

#include <string_view>

#include "base/language.h"

namespace quaywatch::rules {

// A title or sentence of a rule in a language. One that a site wrote itself has no row: it stands as its author wrote
// it.
std::string_view text_in(Language language, std::string_view english);

// Whether such a text holds words that somebody looks for, in English or another language, whatever their case and
// accents.
bool holds_words(std::string_view english, std::string_view words);

}  // namespace quaywatch::rules
