#include "rules/operand.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/base64.h"
#include "base/limits.h"
#include "base/text.h"
#include "rules/base64.h"

namespace quaywatch::rules {
namespace {

std::string_view word(Kind kind) {
  switch (kind) {
    case Kind::text:
      return "text";
    case Kind::integer:
      return "an integer";
    case Kind::decimal:
      return "a number";
    case Kind::boolean:
      return "true or false";
    case Kind::time:
      return "a time";
    case Kind::absent:
    case Kind::unknown:
      break;
  }
  return "without a kind";
}

bool is_number(Kind kind) {
  return kind == Kind::integer || kind == Kind::decimal;
}

// The substitution of %name% by the params' defaults; `\%` is a plain percent sign. A param with several values gives
// several texts.
std::vector<std::string> expanded(const std::string& text, int line, const Scope& scope, Problem& problem) {
  std::vector<std::string> out{""};
  bool any = false;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '\\' && at + 1 < text.size() && text[at + 1] == '%') {
      for (std::string& s : out) s += '%';
      at += 2;
      continue;
    }
    const std::size_t end = text[at] == '%' ? text.find('%', at + 1) : std::string::npos;
    if (end == std::string::npos) {
      for (std::string& s : out) s += text[at];
      ++at;
      continue;
    }
    const std::string name = text.substr(at + 1, end - at - 1);
    const auto param = scope.params.find(name);
    if (param == scope.params.end()) {
      std::vector<std::string_view> names;
      for (const auto& [known, unused] : scope.params) names.push_back(known);
      problem.say(line, fmt::format("the placeholder '%{}%' has no value; quaywatch.params does not define it{}", name,
                                    nearest_hint(name, names)));
      return {};
    }
    std::vector<std::string> longer;
    for (const std::string& s : out)
      for (const std::string& v : param->second.values) longer.push_back(s + v);
    if (longer.size() > limits::kExpandedTexts) {  // list params in one value multiply
      problem.say(line, fmt::format("'{}' expands to more than {} values", text, limits::kExpandedTexts));
      return {};
    }
    out = std::move(longer);
    any = true;
    at = end + 1;
  }
  if (!any) problem.say(line, fmt::format("'{}' has no %placeholder% for expand to replace", text));
  return out;
}

// Sigma takes %name% literally unless the entry says so, which is easily forgotten.
std::string_view placeholder_hint(std::string_view text) {
  const bool meant = text.size() > 2 && text.front() == '%' && text.back() == '%';
  return meant ? "; a placeholder needs the modifier expand (field|lte|expand)" : "";
}

class TestMaker {
 public:
  TestMaker(const Question& q, const Operand& subject, Scope& scope, Problem& problem)
      : q_(q), subject_(subject), scope_(scope), problem_(problem) {}

  std::vector<Test> make(const Node& value) {
    line_ = value.line ? value.line : q_.line;
    if (value.is_null()) return null_test();
    if (q_.exists) return exists_test(value);
    if (q_.fieldref) return reference_test(value);
    std::vector<Test> tests;
    const auto texts = q_.expand ? expanded(value.text, line_, scope_, problem_) : std::vector<std::string>{value.text};
    for (const std::string& text : texts) {
      if (problem_.found()) return {};
      add(text, tests);
    }
    return tests;
  }

 private:
  void refuse(std::string why) { problem_.say(line_, fmt::format("'{}': {}", q_.field, why)); }

  std::vector<Test> null_test() {
    if (!q_.main_modifier.empty() || q_.fieldref || q_.expand)
      refuse(fmt::format("null cannot be compared with {}",
                         q_.main_modifier.empty() ? "fieldref or expand" : q_.main_modifier));
    return {NullTest{}};
  }

  std::vector<Test> exists_test(const Node& value) {
    const bool yes = equals_ignore_case(value.text, "true");
    if (!yes && !equals_ignore_case(value.text, "false"))
      refuse(fmt::format("exists takes true or false, not '{}'", value.text));
    return {ExistsTest{yes}};
  }

  std::vector<Test> reference_test(const Node& value) {
    const auto other = resolve_operand(value.text, line_, scope_, problem_);
    if (!other) return {};
    if (q_.comparison) {
      check_numeric(subject_, q_.field);
      check_numeric(*other, value.text);
      check_same_kind(*other, value.text);
      return {NumberRefTest{other->slot, *q_.comparison}};
    }
    const TextRelation relation = q_.relation.value_or(TextRelation::equals);
    const bool is_text = !subject_.kind || *subject_.kind == Kind::text;
    if (q_.relation && !is_text)
      refuse(fmt::format("it is {}; {} compares text", word(*subject_.kind), q_.main_modifier));
    check_same_kind(*other, value.text);
    if (subject_.kind && (is_number(*subject_.kind) || *subject_.kind == Kind::time))
      return {NumberRefTest{other->slot, Comparison::equal}};
    return {TextRefTest{other->slot, relation, q_.cased}};
  }

  void check_numeric(const Operand& side, std::string_view name) {
    if (side.kind && !is_number(*side.kind) && *side.kind != Kind::time)
      refuse(fmt::format("'{}' is {}; {} compares numbers or times", name, word(*side.kind), q_.main_modifier));
  }

  void check_same_kind(const Operand& other, std::string_view name) {
    if (!subject_.kind || !other.kind || *subject_.kind == *other.kind) return;
    if (is_number(*subject_.kind) && is_number(*other.kind)) return;
    refuse(
        fmt::format("it is {} and '{}' is {}; they cannot be compared", word(*subject_.kind), name, word(*other.kind)));
  }

  void add(const std::string& text, std::vector<Test>& tests) {
    if (q_.time_part) return add_time_part(text, tests);
    if (!subject_.kind || *subject_.kind == Kind::text) return add_text(text, tests);
    if (!q_.main_modifier.empty() && !q_.comparison)
      return refuse(fmt::format("it is {}; '{}' works on text", word(*subject_.kind), q_.main_modifier));
    if (!q_.encodings.empty() || q_.windash || q_.cased)
      return refuse(fmt::format("it is {}; base64, utf16, windash and cased work on text", word(*subject_.kind)));
    const Comparison comparison = q_.comparison.value_or(Comparison::equal);
    if (*subject_.kind == Kind::boolean) return add_boolean(text, tests);
    if (*subject_.kind == Kind::time) return add_time(text, comparison, tests);
    add_number(text, comparison, tests);
  }

  void add_boolean(const std::string& text, std::vector<Test>& tests) {
    const bool yes = equals_ignore_case(text, "true");
    if (q_.comparison)
      return refuse(fmt::format("it is true or false; '{}' compares numbers or times", q_.main_modifier));
    if (!yes && !equals_ignore_case(text, "false"))
      return refuse(fmt::format("it is true or false; compare it with one of these, not '{}'", text));
    tests.push_back(BooleanTest{yes});
  }

  void add_time(const std::string& text, Comparison comparison, std::vector<Test>& tests) {
    const auto at = parse_rfc3339(text);
    if (!at) return refuse(fmt::format("it is a time; '{}' is none (2026-10-23T17:52:14Z)", text));
    tests.push_back(TimeTest{comparison, *at});
  }

  void add_number(const std::string& text, Comparison comparison, std::vector<Test>& tests) {
    std::int64_t number = 0;
    if (!parse_decimal(text, number))
      return refuse(fmt::format("'{}' is not a number{}", text, placeholder_hint(text)));
    tests.push_back(NumberTest{comparison, number});
  }

  void add_time_part(const std::string& text, std::vector<Test>& tests) {
    if (subject_.kind && *subject_.kind != Kind::time)
      return refuse(fmt::format("it is {}; parts can only be taken of a time", word(*subject_.kind)));
    std::int64_t number = 0;
    if (!parse_decimal(text, number) || number % kDecimalOne != 0)
      return refuse(fmt::format("'{}' is not a whole number", text));
    tests.push_back(TimePartTest{*q_.time_part, q_.comparison.value_or(Comparison::equal), number / kDecimalOne});
  }

  void add_text(const std::string& text, std::vector<Test>& tests) {
    if (q_.comparison) {
      check_numeric(subject_, q_.field);
      return add_number(text, *q_.comparison, tests);
    }
    if (q_.is_regex) return add_regex(text, tests);
    if (q_.is_network) return add_network(text, tests);
    for (Pattern& pattern : encoded(Pattern::parse(text))) {
      finish(pattern);
      check_event_type(pattern, text);
      tests.push_back(TextTest{std::move(pattern)});
    }
  }

  void finish(Pattern& pattern) {
    if (q_.windash) pattern.loosen_dashes();
    const bool open_end = q_.relation == TextRelation::contains || q_.relation == TextRelation::starts_with;
    const bool open_start = q_.relation == TextRelation::contains || q_.relation == TextRelation::ends_with;
    if (open_end || subject_.is_keyword) pattern.append_any();
    if (open_start || subject_.is_keyword) pattern.prepend_any();
    pattern.fold(q_.cased);
  }

  std::vector<Pattern> encoded(Pattern pattern) {
    std::vector<Pattern> patterns{std::move(pattern)};
    for (const Encoding encoding : q_.encodings) {
      std::vector<Pattern> next;
      for (Pattern& p : patterns) encode(encoding, p, next);
      patterns = std::move(next);
    }
    return patterns;
  }

  void encode(Encoding encoding, Pattern& p, std::vector<Pattern>& out) {
    const bool is_base64 = encoding == Encoding::base64 || encoding == Encoding::base64offset;
    if (!is_base64) {
      p.encode_utf16(encoding == Encoding::utf16be, encoding == Encoding::utf16);
      out.push_back(std::move(p));
    } else if (p.has_wildcards()) {
      refuse("a wildcard cannot be written in base64; escape it with a backslash if it is meant as a character");
    } else if (encoding == Encoding::base64) {
      out.push_back(Pattern::literal(base64(p.literal_bytes())));
    } else {
      for (const std::string& part : base64_offsets(p.literal_bytes())) out.push_back(Pattern::literal(part));
    }
  }

  void check_event_type(const Pattern& pattern, const std::string& text) {
    if (!subject_.is_event_type) return;
    for (std::uint16_t i = 0; i < kEventTypeCount; ++i)
      if (pattern.matches(info(static_cast<EventType>(i)).name)) return;
    refuse(fmt::format("no event type is or fits '{}'{}", text, nearest_hint(nearest_event_type(text))));
  }

  void add_regex(const std::string& text, std::vector<Test>& tests) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(limits::kRegexBytes);
    const std::string flags = q_.regex_flags.empty() ? "" : fmt::format("(?{})", q_.regex_flags);
    auto regex = std::make_shared<const re2::RE2>(flags + text, options);
    if (!regex->ok()) {
      return refuse(fmt::format(
          "the expression '{}' is refused by RE2, which runs in linear time and therefore has no look-around or "
          "back-references: {}",
          text, regex->error()));
    }
    tests.push_back(RegexTest{std::move(regex)});
  }

  void add_network(const std::string& text, std::vector<Test>& tests) {
    const auto network = parse_network(text);
    if (!network) return refuse(fmt::format("'{}' is not a network such as 10.0.0.0/8 or fe80::/10", text));
    tests.push_back(NetworkTest{*network});
  }

  const Question& q_;
  const Operand& subject_;
  Scope& scope_;
  Problem& problem_;
  int line_ = 0;
};

}  // namespace

std::optional<Operand> resolve_operand(std::string_view name, int line, Scope& scope, Problem& problem) {
  if (!scope.is_port) return Operand{scope.program.log_slot(std::string(name)), std::nullopt, false, false};
  constexpr std::string_view kLet = "let.";
  if (name.starts_with(kLet)) {
    const auto let = scope.lets.find(name.substr(kLet.size()));
    if (let != scope.lets.end()) {
      for (const FieldId field : let->second.reads) note_read(scope.reads, field);
      return Operand{let->second.slot, let->second.kind, false, false};
    }
    std::vector<std::string_view> names;
    for (const auto& [known, unused] : scope.lets) names.push_back(known);
    problem.say(line, fmt::format("'{}': quaywatch.let does not define it{}", name,
                                  nearest_hint(name.substr(kLet.size()), names)));
    return std::nullopt;
  }
  const auto field = find_field(name);
  if (!field) {
    problem.say(line, fmt::format("the field '{}' is not in the catalogue{}", name, nearest_hint(nearest_field(name))));
    return std::nullopt;
  }
  note_read(scope.reads, *field);
  return Operand{scope.program.field_slot(*field), info(*field).kind, *field == FieldId::event_type, false};
}

std::vector<Test> tests_of(const Question& q, const Operand& subject, const Node& value, Scope& scope,
                           Problem& problem) {
  return TestMaker(q, subject, scope, problem).make(value);
}

}  // namespace quaywatch::rules
