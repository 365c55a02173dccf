// Character sets that UN/EDIFACT syntax identifiers name (UNECE code list 0001 of ISO 9735 annex A), and UTF-16, read
// into UTF-8.
// Pure functions, thread-safe.
//
// A byte that is not legal in the stated set does not lose the value: where it is outside the set and the whole value
// is valid UTF-8, it is read as UTF-8 (senders state UNOC and write UTF-8); else it is read as ISO 8859-1. Both return
// false, and the caller reports the finding "charset".
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace quaywatch::codec {

enum class Charset : std::uint8_t {
  ascii,  // UNOA, UNOB: subsets of ISO 646
  latin1,
  latin2,
  latin3,
  latin4,
  cyrillic,
  arabic,
  greek,
  hebrew,
  latin5,  // ISO 8859-1 to -9
  utf8,    // UNOW, UNOY
};

// Of "UNOC" and its kin; nullopt when the identifier names no set that is read here (UNOX, IATA's own...).
std::optional<Charset> charset_of_syntax(std::string_view identifier);

bool is_ascii(std::string_view bytes);

// Appends `bytes` as UTF-8. False when a byte is not legal in `charset`.
bool append_utf8(Charset charset, std::string_view bytes, std::string& out);

// --- UTF-16 (RFC 2781), as spreadsheets and Windows tools write text ------------------------------------------------

enum class ByteOrder : std::uint8_t { little, big };

// Of a text that begins with a UTF-16 byte-order mark.
std::optional<ByteOrder> utf16_order(std::string_view bytes);

struct Utf8Text {
  std::string text;             // a byte-order mark stays one
  std::size_t faults = 0;       // halves of a surrogate pair without the other, a last odd byte: written as U+FFFD
  std::size_t first_fault = 0;  // its offset in `text`
};
Utf8Text utf16_to_utf8(std::string_view bytes, ByteOrder order);

}  // namespace quaywatch::codec
