// The layouts of the records that were read: a feed writes its records by few templates, so that most have the same
// bytes between their values as one before. Those bytes are compared as a whole, the values alone are read.
//
// Invariants: what `read` reads is plain (json_plain.h), and its tree is that of a reader that knows no layouts. Null
// says nothing of a record. Bounded: so many layouts, of records so large, are learned, and none behind them.
// Threads: belongs to one thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "codec/json_documents.h"
#include "codec/json_plain.h"

namespace quaywatch::codec {

class JsonLayouts {
 public:
  // `nodes` is the tree of the plain record that begins at `offset` of `bytes` and has `size` bytes.
  void learn(std::string_view bytes, std::size_t offset, std::size_t size, std::span<const JsonNode> nodes);
  // The record at the cursor, which then stands behind it; offsets count from `start`. Valid until the next call.
  const JsonNode* read(PlainCursor& cursor, const char* start);

 private:
  static constexpr std::size_t kLayouts = 64, kNodes = 256, kBytes = 8192;

  // What stands between two values, or before the first, or behind the last: the step from value to value. The quotes
  // of a text belong to it. The steps of all layouts are one tree, so that what they begin with is compared once.
  struct Step {
    std::string_view between;
    std::uint32_t next = 0, other = 0;  // the steps behind, the last taken first; 0: none
    std::uint32_t layout = 0;           // that ends here, from 1; 0: none
    bool is_text = false;               // the value behind
  };
  // Where a node stands: so far behind the beginning of what comes before the value of that number.
  struct Stand {
    std::uint32_t value, behind;
  };
  struct Layout {
    std::string text;  // of the record it was learned of, padded; keys and steps look into it
    std::vector<JsonNode> nodes;
    std::vector<Stand> stands;
    std::vector<std::uint32_t> values;  // the nodes that are values
  };
  struct Value {
    std::size_t before = 0;  // offset of what comes before it
    JsonKind kind{};
    std::string_view text;
  };

  std::uint32_t step_to(std::uint32_t from, std::string_view between, bool is_text);
  static bool fits(const Step& step, const PlainCursor& in);
  std::uint32_t find_other(std::uint32_t from, PlainCursor in);
  const JsonNode* fill(Layout& layout) const;

  std::vector<Step> steps_ = std::vector<Step>(1);  // the first is where all begin
  std::deque<Layout> layouts_;                      // a deque, so that views stay valid
  std::array<Value, kNodes + 1> values_;            // of the record at hand
};

}  // namespace quaywatch::codec
