// JSON (RFC 8259) as interfaces deliver it: one document, an array, a document that holds an array of records, or
// documents one behind the other (JSON lines among them); and one record as a tree.
//
// Invariants: every byte is in exactly one piece, in order. A record that is broken costs itself alone where the next
// one can be told: behind its own closing brace, or at the next line (within kCsvRowBytes) that begins as it did; else
// the rest of the bytes is one broken piece. Numbers keep their spelling. Nothing is thrown. Bounds:
// limits::kJsonScanDepth levels are followed; a tree has kCsvRowBytes bytes, kJsonDepth levels, kJsonNodes values,
// kJsonKeys keys an object. Threads: a JsonTreeReader, and with it a walk, belongs to one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <tl/expected.hpp>

#include "codec/json_lines.h"

namespace quaywatch::codec {

struct JsonNode;

enum class JsonPieceKind : std::uint8_t {
  envelope,  // what stands around records: brackets, keys of the document, blanks before the first
  record,    // one object, and the blanks and the comma behind it
  broken,    // no object, or one whose end cannot be told
};

// A member of the document itself that is text, both as written between their quotes (escapes not undone).
struct JsonHeading {
  std::string_view key, text;
};

struct JsonPiece {
  JsonPieceKind kind = JsonPieceKind::envelope;
  std::size_t offset = 0;
  std::size_t size = 0;
  std::size_t value_size = 0;             // of a record: the object alone, from `offset`
  const JsonNode* root = nullptr;         // of a plain record: its tree; otherwise read() tells
  std::span<const JsonHeading> headings;  // of a record: those that stand before it in its document, 32 at most
  std::string_view reason;                // of a broken piece: bad_json, not_an_object; static storage
  std::string_view message;               // the same for a person; static storage
};

enum class JsonType : std::uint8_t { null, boolean, number, text, array, object };  // begins as JsonKind does

// Spreads the keys of one object; the same for the same key.
inline std::uint32_t key_mark(std::string_view key) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(key[i]); };
  if (key.empty()) return 0;
  return static_cast<std::uint32_t>(key.size()) * 11U + at(0) * 5U + at(key.size() / 2) * 3U + at(key.size() - 1);
}

// A value of a tree. What an array or object holds lies directly behind it: iterate it with `for (const JsonNode& c :
// node)`. Valid until the reader's next read(), and no longer than the bytes.
struct JsonNode {
  JsonType type = JsonType::null;
  std::uint32_t layout = 0;  // of a root: those of one reader that are alike have the same nodes at the same addresses,
                             // keys and nulls, and texts in the same places; only values differ. 0: nothing is known
  std::string_view key;      // inside an object
  std::string_view text;     // text unescaped; a number as written; true or false
  std::size_t offset = 0;    // in the bytes given to read()
  std::uint32_t extent = 1;  // nodes of it and of all it holds
  std::uint32_t mark = 0;    // key_mark(key)

  struct Iterator {
    const JsonNode* node;
    const JsonNode& operator*() const { return *node; }
    Iterator& operator++() { return node += node->extent, *this; }
    bool operator==(const Iterator&) const = default;
  };
  Iterator begin() const { return {this + 1}; }
  Iterator end() const { return {this + extent}; }

  const JsonNode* find(std::string_view key) const;       // of an object; nullptr when absent or null
  const JsonNode* find_path(std::string_view path) const;  // keys joined by dots
  std::string_view text_at(std::string_view path) const;   // empty when it is no text
};

class JsonTreeReader {
 public:
  JsonTreeReader();
  ~JsonTreeReader();
  // One object. Refused: bad_json, not_an_object, record_too_long, too_many_values, too_deep, repeated_key (RFC 8259
  // section 4 leaves open which one counts). The offset of a refusal is from the start of the record.
  tl::expected<const JsonNode*, JsonRefusal> read(std::string_view bytes, std::size_t offset, std::size_t size);
  // The object that begins at `offset`, where it is plain (json_plain.h) and within the bounds; nullptr says nothing
  // about it. `size` becomes that of the object.
  const JsonNode* read_plain(std::string_view bytes, std::size_t offset, std::size_t& size);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// `record_paths`: where a document may hold its records, keys joined by dots, such as "epcisBody.eventList". A document
// without any is itself a record. `trees` reads what is plain on the way. False where the bytes end inside a document.
bool walk_json(std::string_view bytes, std::span<const std::string_view> record_paths, JsonTreeReader& trees,
               const std::function<void(const JsonPiece&)>& piece);

}  // namespace quaywatch::codec
