#include "rules/question.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace quaywatch::rules {
namespace {

// What a modifier may stand beside. One main modifier at most; text-only ones need a text comparison.
enum class Role : std::uint8_t { main, part, text_only, regex_flag, free };

struct Modifier {
  std::string_view name;
  Role role;
  void (*apply)(Question&);
};

template <TextRelation relation>
void set_relation(Question& q) {
  q.relation = relation;
}
template <Comparison comparison>
void set_comparison(Question& q) {
  q.comparison = comparison;
}
template <TimePart part>
void set_part(Question& q) {
  q.time_part = part;
}
template <Encoding encoding>
void add_encoding(Question& q) {
  q.encodings.push_back(encoding);
}
template <char flag>
void add_flag(Question& q) {
  q.regex_flags += flag;
}
template <bool Question::*member>
void set_true(Question& q) {
  q.*member = true;
}

constexpr std::array kModifiers = {
    Modifier{"contains", Role::main, set_relation<TextRelation::contains>},
    Modifier{"startswith", Role::main, set_relation<TextRelation::starts_with>},
    Modifier{"endswith", Role::main, set_relation<TextRelation::ends_with>},
    Modifier{"re", Role::main, set_true<&Question::is_regex>},
    Modifier{"cidr", Role::main, set_true<&Question::is_network>},
    Modifier{"gt", Role::main, set_comparison<Comparison::greater>},
    Modifier{"gte", Role::main, set_comparison<Comparison::greater_or_equal>},
    Modifier{"lt", Role::main, set_comparison<Comparison::less>},
    Modifier{"lte", Role::main, set_comparison<Comparison::less_or_equal>},
    Modifier{"exists", Role::main, set_true<&Question::exists>},
    Modifier{"minute", Role::part, set_part<TimePart::minute>},
    Modifier{"hour", Role::part, set_part<TimePart::hour>},
    Modifier{"day", Role::part, set_part<TimePart::day>},
    Modifier{"week", Role::part, set_part<TimePart::week>},
    Modifier{"month", Role::part, set_part<TimePart::month>},
    Modifier{"year", Role::part, set_part<TimePart::year>},
    Modifier{"windash", Role::text_only, set_true<&Question::windash>},
    Modifier{"base64", Role::text_only, add_encoding<Encoding::base64>},
    Modifier{"base64offset", Role::text_only, add_encoding<Encoding::base64offset>},
    Modifier{"utf16", Role::text_only, add_encoding<Encoding::utf16>},
    Modifier{"utf16le", Role::text_only, add_encoding<Encoding::utf16le>},
    Modifier{"utf16be", Role::text_only, add_encoding<Encoding::utf16be>},
    Modifier{"wide", Role::text_only, add_encoding<Encoding::utf16le>},
    Modifier{"i", Role::regex_flag, add_flag<'i'>},
    Modifier{"m", Role::regex_flag, add_flag<'m'>},
    Modifier{"s", Role::regex_flag, add_flag<'s'>},
    Modifier{"all", Role::free, set_true<&Question::all>},
    Modifier{"neq", Role::free, set_true<&Question::negated>},
    Modifier{"cased", Role::free, set_true<&Question::cased>},
    Modifier{"expand", Role::free, set_true<&Question::expand>},
    Modifier{"fieldref", Role::free, set_true<&Question::fieldref>},
};

std::string unknown_modifier(std::string_view word) {
  std::vector<std::string_view> names;
  for (const Modifier& m : kModifiers) names.push_back(m.name);
  return fmt::format("'{}' is not a modifier{}", word, nearest_hint(word, names));
}

// Empty when the modifiers can stand together; else why not.
std::string contradiction(const Question& q, std::string_view text_only, std::size_t main_count,
                          std::size_t part_count) {
  if (main_count > 1)
    return "only one of contains, startswith, endswith, re, cidr, gt, gte, lt, lte, exists can decide the comparison";
  if (part_count > 1) return "only one of minute, hour, day, week, month, year can be taken";
  if (!q.regex_flags.empty() && !q.is_regex) return "i, m and s are flags of re and stand behind it";
  const bool compares_text = !q.is_regex && !q.is_network && !q.comparison && !q.exists && !q.time_part;
  if (!text_only.empty() && (!compares_text || q.fieldref))
    return fmt::format("'{}' changes text and cannot be used with {}", text_only,
                       q.fieldref ? "fieldref" : q.main_modifier);
  if (q.cased && !compares_text)
    return fmt::format("'cased' is about text and cannot be used with {}", q.main_modifier);
  if (q.time_part && main_count > 0 && !q.comparison)
    return fmt::format("a part of a time is a number and cannot be used with {}", q.main_modifier);
  if (q.fieldref && (q.is_regex || q.is_network || q.exists || q.time_part || q.expand))
    return "fieldref compares two fields; only contains, startswith, endswith, gt, gte, lt, lte, neq and cased go with "
           "it";
  if (q.windash && !q.encodings.empty()) return "windash cannot be encoded";
  if (q.exists && (q.all || q.expand || q.negated)) return "exists takes only true or false";
  if (q.all && q.negated) return "'all' cannot be used with neq, which already means none of the values";
  return {};
}

}  // namespace

Question parse_question(std::string_view key, int line, Problem& problem) {
  Question q;
  q.line = line;
  const std::vector<std::string_view> words = split(key, '|');
  q.field = std::string(words.front());
  std::size_t main_count = 0, part_count = 0;
  std::string_view text_only;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const auto it =
        std::find_if(kModifiers.begin(), kModifiers.end(), [&](const Modifier& m) { return m.name == words[i]; });
    if (it == kModifiers.end()) {
      problem.say(line, fmt::format("'{}': {}", key, unknown_modifier(words[i])));
      return q;
    }
    it->apply(q);
    main_count += it->role == Role::main;
    part_count += it->role == Role::part;
    if (it->role == Role::main || (it->role == Role::part && q.main_modifier.empty())) q.main_modifier = it->name;
    if (it->role != Role::text_only) continue;
    text_only = it->name;
    if (q.relation && it->name != "windash")
      problem.say(line, fmt::format("'{}': {} must stand behind {}, or its wildcards would be encoded", key,
                                    q.main_modifier, it->name));
  }
  if (const std::string why = contradiction(q, text_only, main_count, part_count); !why.empty())
    problem.say(line, fmt::format("'{}': {}", key, why));
  return q;
}

}  // namespace quaywatch::rules
