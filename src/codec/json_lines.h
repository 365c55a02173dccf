// JSON lines: one JSON object (RFC 8259) per line, read into a flat list of key path and value: plain lines in one pass
// (json_plain.h), all others with simdjson on-demand.
//
// Invariants: a line is read wholly or refused with a reason and the offset of the trouble inside it; nothing is
// thrown. Numbers keep their spelling, so that decimals stay exact. Bounds: limits::kCsvRowBytes per line, kCsvColumns
// members, kJsonDepth levels, kCsvRowBytes of joined paths. Threads: a JsonLineReader belongs to one thread. Its views
// live until the next read(), and no longer than the bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace quaywatch::codec {

enum class JsonKind : std::uint8_t { null, boolean, number, text };

struct JsonMember {
  std::string_view path;  // "a"; of a nested object "a.b"; every element of an array has the path of the array
  JsonKind kind = JsonKind::null;
  std::string_view text;  // text unescaped; a number as written; true or false; empty for null
  bool in_array = false;
  std::string_view array{};  // path of the outermost array around it
  std::size_t element = 0;   // which element of that array, from 0
};

struct JsonRefusal {
  std::string_view reason;  // bad_json, not_an_object, line_too_long, too_many_members, too_deep; static storage
  std::size_t offset = 0;   // from the start of the line
  std::string message;
};

class JsonLineReader {
 public:
  JsonLineReader();
  ~JsonLineReader();
  JsonLineReader(JsonLineReader&&) noexcept;

  // Reads the `size` bytes at `offset` of `bytes` as one object. The whole buffer is passed because simdjson reads past
  // the end of a line: only a line near the end of the buffer has to be copied.
  tl::expected<std::span<const JsonMember>, JsonRefusal> read(std::string_view bytes, std::size_t offset,
                                                              std::size_t size);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// One line of a buffer: `size` counts its line end, `text` leaves it out (LF or CRLF).
struct Line {
  std::size_t offset = 0;
  std::size_t size = 0;
  std::string_view text;
};
// The line that starts at `offset`; nullopt at the end of the buffer.
std::optional<Line> line_at(std::string_view bytes, std::size_t offset);

// The grammar of RFC 8259 section 6.
bool is_json_number(std::string_view s);

}  // namespace quaywatch::codec
