// Anchors: which of many rules can match a record at all. A rule is filed under something that its condition demands
// of one field: a whole text, its beginning or end, a bound of a number, or else that a predicate holds, which is
// judged once for all rules that demand it. The values of a record then name the rules that are worth judging, and the
// cost of a pack grows with what may match and not with what is loaded. Built at load, constant afterwards, apart from
// scratch space: one thread.
//
// Invariant: a rule that is not named has the verdict `no`. A field that is unknown names every rule filed under it.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/matcher.h"
#include "rules/program.h"

namespace quaywatch::rules {

struct Anchor {
  enum class How : std::uint8_t { equals, begins, ends, is_like, at_least, at_most, holds };
  How how = How::holds;
  SlotIndex slot = 0;
  std::string text = {};        // lower case: the predicate itself tells apart what differs in case
  std::int64_t millionths = 0;  // of a bound, which itself passes
  TermIndex predicate = 0;      // of is_like and holds: what has to be asked
  auto operator<=>(const Anchor&) const = default;
};

class Anchors {
 public:
  // `rules`: places in `terms`, ascending.
  void build(const Program& program, const std::vector<TermIndex>& terms, std::span<const std::uint32_t> rules);
  // The rules to judge on the record that the matcher last began, ascending; good until asked again.
  const std::vector<std::uint32_t>& candidates(Matcher& matcher);

 private:
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
  };
  struct Texts {  // of one kind, and of one length where not the whole text is compared
    Anchor::How how{};
    std::size_t length = 0;
    boost::unordered_flat_map<std::string, std::vector<std::uint32_t>, TextHash, std::equal_to<>> rules;
  };
  using Bounds = std::vector<std::pair<std::int64_t, std::uint32_t>>;  // ascending
  struct Field {
    SlotIndex slot = 0;
    std::vector<Texts> texts;
    Bounds at_least, at_most;
    std::vector<std::pair<TermIndex, std::vector<std::uint32_t>>> asked;  // is_like and holds, each predicate once
    std::vector<std::uint32_t> all;                                        // of those above
  };
  Field& field(SlotIndex slot);
  void file(const Anchor& anchor, std::uint32_t rule);
  void name(const Field& field, const Value& value);
  void name(const std::vector<std::uint32_t>& rules) { named_.insert(named_.end(), rules.begin(), rules.end()); }

  std::vector<Field> fields_;
  std::vector<std::uint32_t> free_;   // rules that demand nothing of the kind: always judged
  std::vector<std::uint32_t> named_;  // scratch
  std::string folded_;                // likewise
};

}  // namespace quaywatch::rules
