// What the words of an export mean: column headers and code values in the languages that ports write (English, Dutch,
// German, French, Spanish, Italian, Portuguese, Croatian and Slovenian). The tables hold words of the trade as seen in
// exports and vocabularies; they are evidence for a guess, never proof. Pure, thread-safe, immutable tables.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace quaywatch::ingest {

// Lower-case ASCII words of a header or code value: accents dropped, parted at anything else and at a capital after a
// small letter. "Nº Contenedor" is {"no", "contenedor"}, "UnitNbr" {"unit", "nbr"}.
std::vector<std::string> words_of(std::string_view utf8);

struct Meaning {
  // A catalogue field, or a role: @time, @reported, @received, @then, @key, @code (which event), @result, and words
  // such as @reason and @name whose field depends on the event type (event_choice.cpp).
  std::string_view what;
  bool is_whole = false;  // the whole header is that word, not a part of it
};
// Empty `what`: the header says nothing.
Meaning header_meaning(std::string_view header);

// Event type whose instant a time column holds by its header ("Gate In", "Ausfahrt", "moved"); empty: any.
std::string_view type_of_time(std::string_view header);

// The header names universal time.
bool says_utc(std::string_view header);
// The column holds what a person typed to correct a machine's reading.
bool is_override(std::string_view header);

// Sense of a code value, such as "in", "granted", "discharged"; empty: unknown.
std::string_view sense_of(std::string_view value);
// Event type that a code value names in the words of the catalogue: RELEASE_VIEW is release.viewed. Empty: none or two.
std::string_view type_in_words(std::string_view value);

}  // namespace quaywatch::ingest
