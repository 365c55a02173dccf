// What the field catalogue says, in the languages of people (data/texts/fields). Pure; safe from any thread.
#pragma once

#include <string_view>

#include "base/language.h"

namespace quaywatch {

// The sentence of an event type, field or fact in a language; itself where it has no row.
std::string_view meaning_in(Language language, std::string_view english);

}  // namespace quaywatch
