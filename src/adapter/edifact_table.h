// Which rows, anchors and kinds hold for one message: the adapter's table for its edition, and what the sender's
// profile adds or replaces, sorted by segment tag. Made once for all messages of a file that are alike. Used by
// edifact_rows.cpp alone. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "adapter/edifact_rows.h"

namespace quaywatch::adapter {

// `word` among `words`, blank between.
bool lists(std::string_view words, std::string_view word);

// Three letters in one comparison: each segment is held against each row.
constexpr std::uint32_t tag_key(std::string_view tag) {
  std::uint32_t key = 0;
  for (const char c : tag.substr(0, 3)) key = key << 8 | static_cast<std::uint8_t>(c);
  return key;
}

// A code of the wire in one comparison: up to seven bytes and their number. All longer ones are kLongCode.
inline constexpr std::uint64_t kLongCode = ~std::uint64_t{0};
std::uint64_t code_key(std::string_view code);

// Words that fit, blank between; empty: any.
class CodeSet {
 public:
  explicit CodeSet(std::string_view words);
  bool any() const { return words_.empty(); }
  bool holds(std::uint64_t key, std::string_view code) const {
    for (const std::uint64_t k : keys_)
      if (k == key) return key != kLongCode || lists(words_, code);
    return false;
  }

 private:
  std::string_view words_;
  std::vector<std::uint64_t> keys_;
};

struct Candidate {
  const EdifactRow* row;
  CodeSet qualifiers, also;
};

// What one segment tag has, each in the order of the table.
struct TagRules {
  std::uint32_t tag = 0;
  std::vector<Candidate> rows;
  std::vector<const Anchor*> anchors;
};

struct MessageTable {
  const EdifactAdapter* adapter = nullptr;
  const EdifactProfile* profile = nullptr;
  std::string release, association;  // of the messages it is for
  std::vector<TagRules> tags;
  std::vector<std::uint16_t> slots;  // hash table of index into tags and one, 0 empty; its size is a power of two
  std::vector<const EventKind*> kinds;

  bool is_for(const EdifactAdapter& a, const codec::Message& message, const EdifactProfile* p) const {
    return adapter == &a && profile == p && release == message.release && association == message.association;
  }
  const TagRules* find(std::uint32_t tag) const;  // nullptr: nothing is known of the tag
};

MessageTable table_for(const EdifactAdapter& adapter, const codec::Message& message, const EdifactProfile* profile);

}  // namespace quaywatch::adapter
