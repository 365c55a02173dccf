// What each kind of test asks of one value: `passes` and `key` of program.h.
#include <fmt/format.h>

#include <string>

#include "base/text.h"
#include "rules/program.h"

namespace quaywatch::rules {
namespace {

__extension__ typedef __int128 Wide;  // an integer field times a million may pass 64 bits

bool numeric(const Value& v, Wide& out) {
  std::int64_t parsed = 0;
  switch (v.kind) {
    case Kind::integer:
      out = static_cast<Wide>(v.number) * kDecimalOne;
      return true;
    case Kind::decimal:
      out = v.number;
      return true;
    case Kind::text:
      if (!parse_decimal(v.text, parsed)) return false;
      out = parsed;
      return true;
    case Kind::absent:
    case Kind::boolean:
    case Kind::time:
    case Kind::unknown:
      return false;
  }
  return false;
}

bool instant(const Value& v, Timestamp& out) {
  if (v.kind == Kind::time) {
    out = v.time();
    return true;
  }
  if (v.kind != Kind::text) return false;
  const auto parsed = parse_rfc3339(v.text);
  if (parsed) out = *parsed;
  return parsed.has_value();
}

template <typename T>
bool compare(const T& a, Comparison c, const T& b) {
  switch (c) {
    case Comparison::equal:
      return a == b;
    case Comparison::greater:
      return a > b;
    case Comparison::greater_or_equal:
      return a >= b;
    case Comparison::less:
      return a < b;
    case Comparison::less_or_equal:
      return a <= b;
  }
  return false;
}

// fn(text) with the canonical spelling; only values that are not text pay for one.
template <typename F>
bool with_text(const Value& v, F&& fn) {
  return v.kind == Kind::text ? fn(v.text) : fn(std::string_view(to_text(v)));
}

// ISO 8601 week: the week of the year's first Thursday is week 1.
std::int64_t iso_week(const CivilTime& c) {
  const std::int64_t day = days_from_civil(c.year, c.month, c.day);
  const std::int64_t weekday = ((day + 3) % 7 + 7) % 7;  // 1970-01-01 was a Thursday; Monday is 0
  const std::int64_t thursday = day - weekday + 3;
  const CivilTime t = to_civil_utc({thursday * days(1).us});
  return (thursday - days_from_civil(t.year, 1, 1)) / 7 + 1;
}

std::int64_t part_of(const CivilTime& c, TimePart part) {
  switch (part) {
    case TimePart::minute:
      return c.minute;
    case TimePart::hour:
      return c.hour;
    case TimePart::day:
      return c.day;
    case TimePart::week:
      return iso_week(c);
    case TimePart::month:
      return c.month;
    case TimePart::year:
      return c.year;
  }
  return 0;
}

struct Passes {
  const Value& value;
  const Value& other;

  bool operator()(const NullTest&) const { return false; }
  bool operator()(const ExistsTest& t) const { return t.wanted; }
  bool operator()(const TextTest& t) const {
    return with_text(value, [&](std::string_view s) { return t.pattern.matches(s); });
  }
  bool operator()(const RegexTest& t) const {
    return with_text(value, [&](std::string_view s) {
      return re2::RE2::PartialMatch(re2::StringPiece(s.data(), s.size()), *t.regex);
    });
  }
  bool operator()(const NetworkTest& t) const {
    return with_text(value, [&](std::string_view s) { return contains(t.network, s); });
  }
  bool operator()(const NumberTest& t) const {
    Wide n = 0;
    return numeric(value, n) && compare<Wide>(n, t.comparison, t.millionths);
  }
  bool operator()(const TimeTest& t) const {
    Timestamp at;
    return instant(value, at) && compare(at, t.comparison, t.instant);
  }
  bool operator()(const BooleanTest& t) const {
    if (value.kind == Kind::boolean) return value.boolean() == t.wanted;
    return value.kind == Kind::text && equals_ignore_case(value.text, t.wanted ? "true" : "false");
  }
  bool operator()(const TimePartTest& t) const {
    Timestamp at;
    return instant(value, at) && compare(part_of(to_civil_utc(at), t.part), t.comparison, t.number);
  }
  bool operator()(const TextRefTest& t) const {
    return with_text(value, [&](std::string_view a) {
      return with_text(other, [&](std::string_view b) {
        switch (t.relation) {
          case TextRelation::equals:
            return text_equals(a, b, t.cased);
          case TextRelation::starts_with:
            return text_equals(a.substr(0, b.size()), b, t.cased);
          case TextRelation::ends_with:
            return a.size() >= b.size() && text_equals(a.substr(a.size() - b.size()), b, t.cased);
          case TextRelation::contains:
            return text_contains(a, b, t.cased);
        }
        return false;
      });
    });
  }
  bool operator()(const NumberRefTest& t) const {
    Wide a = 0, b = 0;
    if (numeric(value, a) && numeric(other, b)) return compare<Wide>(a, t.comparison, b);
    Timestamp x, y;
    return instant(value, x) && instant(other, y) && compare(x, t.comparison, y);
  }
};

struct Key {
  std::string operator()(const NullTest&) const { return "null"; }
  std::string operator()(const ExistsTest& t) const { return t.wanted ? "exists" : "missing"; }
  std::string operator()(const TextTest& t) const { return t.pattern.key(); }
  std::string operator()(const RegexTest& t) const { return "re:" + t.regex->pattern(); }
  std::string operator()(const NetworkTest& t) const {
    std::string out = fmt::format("cidr:{}/{}:", t.network.family_bytes, t.network.prefix_bits);
    for (const std::uint8_t b : t.network.address) out += fmt::format("{:02x}", b);
    return out;
  }
  std::string operator()(const NumberTest& t) const {
    return fmt::format("number:{}:{}", static_cast<int>(t.comparison), t.millionths);
  }
  std::string operator()(const TimeTest& t) const {
    return fmt::format("time:{}:{}", static_cast<int>(t.comparison), t.instant.us);
  }
  std::string operator()(const BooleanTest& t) const { return t.wanted ? "true" : "false"; }
  std::string operator()(const TimePartTest& t) const {
    return fmt::format("part:{}:{}:{}", static_cast<int>(t.part), static_cast<int>(t.comparison), t.number);
  }
  std::string operator()(const TextRefTest& t) const {
    return fmt::format("ref:{}:{}:{}", static_cast<int>(t.relation), t.other, t.cased);
  }
  std::string operator()(const NumberRefTest& t) const {
    return fmt::format("numref:{}:{}", static_cast<int>(t.comparison), t.other);
  }
};

}  // namespace

const SlotIndex* other_slot(const Test& test) {
  if (const auto* text = std::get_if<TextRefTest>(&test)) return &text->other;
  if (const auto* number = std::get_if<NumberRefTest>(&test)) return &number->other;
  return nullptr;
}

bool passes(const Test& test, const Value& value, const Value& other) {
  return std::visit(Passes{value, other}, test);
}

std::string key(const Test& test) {
  return std::visit(Key{}, test);
}

}  // namespace quaywatch::rules
