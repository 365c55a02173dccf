// Which rows, anchors and kinds hold for one message: the adapter's table for its edition, and what the sender's
// profile adds or replaces, sorted by segment tag. Made once for all messages of a file that are alike. Used by
// edifact_rows.cpp alone. Pure.
#pragma once

#include <algorithm>
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
  if (tag.size() == 3)
    return static_cast<std::uint32_t>(static_cast<std::uint8_t>(tag[0]) << 16 | static_cast<std::uint8_t>(tag[1]) << 8 |
                                      static_cast<std::uint8_t>(tag[2]));
  const auto byte = [&](std::size_t i) { return i < tag.size() ? static_cast<std::uint8_t>(tag[i]) : 0U; };
  return byte(0) << 16 | byte(1) << 8 | byte(2);
}

// A code of the wire in one comparison: up to seven bytes and their number. All longer ones are kLongCode.
inline constexpr std::uint64_t kLongCode = ~std::uint64_t{0};
inline std::uint64_t code_key(std::string_view code) {
  const std::size_t size = code.size();
  const auto at = [&](std::size_t i) { return std::uint64_t{static_cast<std::uint8_t>(code[i])}; };
  if (size < 4)  // nearly all, and so without a loop
    return size == 0 ? 0 : size << 56 | at(size - 1) << 16 | at(size / 2) << 8 | at(0);
  if (size > 7) return kLongCode;
  std::uint64_t key = size;
  for (const char c : code) key = key << 8 | static_cast<std::uint8_t>(c);
  return key;
}

// Words that fit, blank between; empty: any.
class CodeSet {
 public:
  explicit CodeSet(std::string_view words);
  bool any() const { return words_.empty(); }
  // fn(code_key) for each word.
  template <typename Fn>
  void each(Fn&& fn) const {
    if (any()) return;
    fn(first_);
    for (const std::uint64_t key : others_) fn(key);
  }
  bool names(std::uint64_t key) const {
    return key == first_ || (!others_.empty() && std::find(others_.begin(), others_.end(), key) != others_.end());
  }
  bool holds(std::uint64_t key, std::string_view code) const {
    return names(key) && (key != kLongCode || lists(words_, code));
  }

 private:
  std::string_view words_;
  std::uint64_t first_ = kLongCode;  // most sets have one
  std::vector<std::uint64_t> others_;
};

// A row and what is left to ask of a segment before it is read.
struct Candidate {
  const EdifactRow* row;
  std::uint8_t level = 0;   // level_bit(row->where)
  bool only_level = false;  // nothing but the level is left to ask
  CodeSet qualifiers, also;
};

constexpr std::uint8_t level_bit(Where where) {
  return static_cast<std::uint8_t>(1U << static_cast<unsigned>(where));
}

// What one segment tag has, each in the order of the table.
struct TagRules {
  std::uint32_t tag = 0;
  std::vector<const Anchor*> anchors;
  At qualifier_at{};  // where the codes of `choices` stand
  struct Choice {
    std::uint64_t code;  // code_key
    std::vector<Candidate> rows;
  };
  std::vector<Choice> choices;    // what each code that rows name leaves of them; empty: no row asks for one
  std::vector<Candidate> others;  // and what any other code leaves

  const std::vector<Candidate>& rows_for(std::uint64_t code) const {
    for (const Choice& choice : choices)
      if (choice.code == code) return choice.rows;
    return others;
  }
};

struct MessageTable {
  const EdifactAdapter* adapter = nullptr;
  const EdifactProfile* profile = nullptr;
  std::string release, association;  // of the messages it is for
  std::vector<TagRules> tags;
  struct Slot {
    std::uint32_t tag = 0, number = 0;  // index into tags and one; 0: empty
  };
  std::vector<Slot> slots;  // hash table; its size is a power of two
  std::vector<const EventKind*> kinds;

  bool is_for(const EdifactAdapter& a, const codec::Message& message, const EdifactProfile* p) const {
    return adapter == &a && profile == p && release == message.release && association == message.association;
  }
  // nullptr: nothing is known of the tag.
  const TagRules* find(std::uint32_t tag) const {
    for (std::size_t at = slot_of(tag);; ++at) {
      const Slot& slot = slots[at & (slots.size() - 1)];
      if (slot.number == 0) return nullptr;
      if (slot.tag == tag) return &tags[slot.number - 1];
    }
  }
  std::size_t slot_of(std::uint32_t tag) const { return (tag * 0x9E3779B1U >> 16) & (slots.size() - 1); }
};

MessageTable table_for(const EdifactAdapter& adapter, const codec::Message& message, const EdifactProfile* profile);

}  // namespace quaywatch::adapter
