// Question: the left side of a detection entry, `field|modifier|modifier` (Sigma modifiers appendix 2.1), read and
// checked for modifiers that contradict each other. What it asks depends on the field's kind: selection.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/problem.h"
#include "rules/program.h"

namespace quaywatch::rules {

enum class Encoding : std::uint8_t { base64, base64offset, utf16, utf16le, utf16be };

struct Question {
  std::string field;  // empty: keywords
  int line = 0;
  bool all = false;      // every value must be matched, instead of one
  bool negated = false;  // neq
  bool cased = false;
  bool windash = false;
  bool expand = false;
  bool exists = false;
  bool fieldref = false;
  bool is_regex = false;
  bool is_network = false;
  std::string regex_flags;  // of i, m, s
  std::optional<TextRelation> relation;
  std::optional<Comparison> comparison;
  std::optional<TimePart> time_part;
  std::vector<Encoding> encodings;  // in the order given
  // The modifier that decides how values are compared, for messages; empty: plain equality.
  std::string_view main_modifier;
};

Question parse_question(std::string_view key, int line, Problem& problem);

}  // namespace quaywatch::rules
