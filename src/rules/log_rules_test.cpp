// Plain Sigma on flat log records: values, modifiers and conditions.
#include <gtest/gtest.h>

#include "rules/rule_text.h"

namespace quaywatch::rules {
namespace {

using Record = std::vector<LogField>;

bool fires(const std::string& detection, const Record& record) {
  auto loaded = load_text(log_rule(detection));
  if (!loaded.refused.empty()) {
    ADD_FAILURE() << detection << "\nrefused: " << loaded.refused.front().reason;
    return false;
  }
  const Verdict verdict = loaded.pack.match_log(0, record);
  EXPECT_NE(verdict.truth, Truth::unknown);
  return verdict.truth == Truth::yes;
}

struct Row {
  std::string entry;  // one line of a search identifier
  std::string_view value;
  bool fires;
};

void check(const std::vector<Row>& rows) {
  for (const Row& row : rows)
    EXPECT_EQ(fires("  sel:\n    " + row.entry + "\n  condition: sel", {{"f", row.value}}), row.fires)
        << row.entry << " on " << row.value;
}

TEST(LogRules, Values) {
  check({
      {"f: cmd", "CMD", true},
      {"f: [a, b]", "B", true},
      {"f: [a, b]", "c", false},
      {"f: 4688", "4688", true},
      {"f: true", "True", true},
      {"f: ''", "", true},
      {"f: ''", "x", false},
      {"f: null", "x", false},
      {"g: null", "x", true},
      {"g: ''", "x", false},
      {"g: '*'", "x", false},
  });
}

TEST(LogRules, TextModifiers) {
  check({
      {"f|contains: mid", "amIDst", true},
      {"f|startswith: ab", "ABc", true},
      {"f|startswith: ab", "cab", false},
      {"f|endswith: .exe", "a.EXE", true},
      {"f|endswith: '?.exe'", ".exe", false},
      {"f|contains|all: [a, b]", "xbxa", true},
      {"f|contains|all: [a, b]", "xb", false},
      {"f|cased: Abc", "abc", false},
      {"f|contains|cased: Abc", "xAbcx", true},
      {"f|neq: abc", "x", true},
      {"f|neq: abc", "ABC", false},
      {"f|neq: [a, b]", "b", false},
      {"f|neq: [a, b]", "c", true},
      {"f|neq: null", "c", true},
      {"g|neq: null", "c", false},
      {"g|neq: abc", "x", false},
      {"f|contains|neq: abc", "xabcx", false},
      {"f|exists: true", "", true},
      {"f|exists: false", "x", false},
      {"g|exists: false", "x", true},
      {"f|windash|contains: ' -enc'", "x /ENC y", true},
      {"f|windash|contains: ' /enc'",
       "x \xE2\x80\x93"
       "enc y",
       true},
      {"f|contains|windash: ' -enc'", "x -enc", true},
      {"f|contains|windash: 'a-b'", "a/b", false},  // a dash inside a word is no flag
      {"f|base64: foobar", "Zm9vYmFy", true},
      {"f|base64offset|contains: /bin/sh", "x: ZXhlYyAvYmluL3No", true},
      {"f|base64offset|contains: /bin/sh", "aaL2Jpbi9zaAaa", true},
      {"f|base64offset|contains: /bin/sh", "/bin/sh", false},
      {"f|wide|base64offset|contains: ping", "AcABpAG4AZwA", true},
      {"f|utf16le: ab", std::string_view("a\0b\0", 4), true},
      {"f|utf16be: ab", std::string_view("\0a\0b", 4), true},
      {"f|utf16: ab",
       std::string_view("\xFF\xFE"
                        "a\0b\0",
                        6),
       true},
      {"f|utf16be: '\xE2\x82\xAC'", std::string_view("\x20\xAC", 2), true},
      {"f|utf16be: '\xF0\x9F\x9A\xA2'", std::string_view("\xD8\x3D\xDE\xA2", 4), true},
  });
}

TEST(LogRules, Expressions) {
  check({
      {"f|re: 'a.c$'", "xxabc", true},
      {"f|re: 'a.c$'", "ABC", false},
      {"f|re|i: 'a.c$'", "ABC", true},
      {"f|re|m: '^b$'", "a\nb\nc", true},
      {"f|re: '^b$'", "a\nb\nc", false},
      {"f|re|s: 'a.b'", "a\nb", true},
      {"f|re: 'a.b'", "a\nb", false},
      {"f|re|i|s: 'a.b'", "A\nB", true},
      {R"(f|re: '\d{3}')", "x123", true},
  });
}

TEST(LogRules, NumbersNetworksAndTimes) {
  check({
      {"f|gt: 5", "6", true},
      {"f|gt: 5", "5", false},
      {"f|gte: 5", "5", true},
      {"f|lt: 5.5", "5.4", true},
      {"f|lte: -1", "-1", true},
      {"f|gt: 5", "not a number", false},
      {"g|lt: 5", "1", false},
      {"f|cidr: 10.0.0.0/8", "10.200.3.4", true},
      {"f|cidr: 10.0.0.0/8", "11.0.0.1", false},
      {"f|cidr: 192.168.1.128/25", "192.168.1.127", false},
      {"f|cidr: ['10.0.0.0/8', 'fe80::/10']", "FEBF::1", true},
      {"f|cidr: 'fe80::/10'", "fec0::1", false},
      {"f|cidr: '::/0'", "10.0.0.1", false},
      {"f|cidr: 0.0.0.0/0", "no address", false},
      {"f|hour: 23", "2026-10-23T23:15:00Z", true},
      {"f|hour|gte: 22", "2026-10-23T21:59:59Z", false},
      {"f|minute: 15", "2026-10-23T23:15:00Z", true},
      {"f|day: 23", "2026-10-23T23:15:00Z", true},
      {"f|month: [9, 10]", "2026-10-23T23:15:00Z", true},
      {"f|year: 2026", "2026-10-23T23:15:00Z", true},
      {"f|week: 53", "2021-01-03T12:00:00Z", true},  // ISO 8601: the Sunday still belongs to 2020-W53
      {"f|week: 1", "2021-01-04T00:00:00Z", true},
      {"f|week: 1", "1969-12-31T00:00:00Z", true},
  });
}

TEST(LogRules, FieldReferences) {
  const Record record = {{"a", "Berth7"}, {"b", "BERTH7"}, {"c", "th"}, {"d", "Ber"}, {"n", "12"}, {"m", "9"}};
  const std::pair<const char*, bool> rows[] = {
      {"a|fieldref: b", true},           {"a|fieldref|cased: b", false},    {"a|fieldref: c", false},
      {"a|contains|fieldref: c", true},  {"a|fieldref|contains: c", true},  {"a|startswith|fieldref: d", true},
      {"a|endswith|fieldref: d", false}, {"a|fieldref|neq: c", true},       {"a|fieldref|neq: b", false},
      {"a|fieldref: nowhere", false},    {"a|fieldref|neq: nowhere", true}, {"n|gt|fieldref: m", true},
      {"m|gte|fieldref: n", false},      {"a|gt|fieldref: n", false},
  };
  for (const auto& [entry, expected] : rows)
    EXPECT_EQ(fires(std::string("  sel: {") + entry + "}\n  condition: sel", record), expected) << entry;
}

// a1, a2 and _hidden match, b1 does not.
TEST(LogRules, Conditions) {
  const std::string identifiers = "  a1: {f: x}\n  a2: {g: y}\n  b1: {f: other}\n  _hidden: {f: x}\n  condition: ";
  const Record record = {{"f", "x"}, {"g", "y"}};
  const std::pair<const char*, bool> rows[] = {
      {"a1", true},
      {"b1", false},
      {"a1 and b1", false},
      {"a1 or b1", true},
      {"not b1", true},
      {"a1 and not b1", true},
      {"not a1 or a2 and b1", false},
      {"b1 and b1 or a1", true},  // and binds tighter than or
      {"b1 and (b1 or a1)", false},
      {"not (a1 and a2)", false},
      {"not not a1", true},
      {"1 of a*", true},
      {"all of a*", true},
      {"1 of b*", false},
      {"any of b*", false},
      {"1 of them", true},
      {"all of them", false},
      {"2 of them", true},
      {"2 of a* and not 1 of b*", true},
      {"all of *1", false},
      {"a1 AND NOT b1", true},
      {"[b1, a1]", true},  // a list of conditions is or-ed
      {"[b1, a1 and b1]", false},
  };
  for (const auto& [condition, expected] : rows)
    EXPECT_EQ(fires(identifiers + condition, record), expected) << condition;
  // Identifiers, unlike values, are case-sensitive.
  const auto refused = load_text(log_rule(identifiers + "A1 or a1")).refused;
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_EQ(refused[0].reason, "the condition names 'A1', which nothing defines; nearest: 'a1'");
}

TEST(LogRules, IdentifiersAsMapsListsAndKeywords) {
  const Record record = {{"f", "x"}, {"g", "run evil.exe now"}};
  const std::pair<const char*, bool> rows[] = {
      {"  s: {f: x, g|contains: evil}\n  condition: s", true},
      {"  s: {f: x, g: evil}\n  condition: s", false},
      {"  s:\n    - f: no\n    - g|contains: evil\n  condition: s", true},
      {"  s:\n    - f: no\n      g|contains: evil\n  condition: s", false},
      {"  s: [nothing, EVIL]\n  condition: s", true},
      {"  s: ['e?il*now']\n  condition: s", true},
      {"  s: evil\n  condition: s", true},
      {"  s: {'|all': [run, now]}\n  condition: s", true},
      {"  s: {'|all': [run, later]}\n  condition: s", false},
      {"  s: {'|re': 'evil[.]exe'}\n  condition: s", true},
      {"  s: [nothing, {f: x}]\n  condition: s", true},
  };
  for (const auto& [detection, expected] : rows) EXPECT_EQ(fires(detection, record), expected) << detection;
}

TEST(LogRules, ARepeatedFieldMatchesByAnyValueAndAllNeedsEachValueSomewhere) {
  const Record record = {{"f", "red"}, {"f", "blue"}};
  EXPECT_TRUE(fires("  s: {f: blue}\n  condition: s", record));
  EXPECT_TRUE(fires("  s:\n    f|contains|all: [red, blue]\n  condition: s", record));
  EXPECT_FALSE(fires("  s:\n    f|contains|all: [red, green]\n  condition: s", record));
  EXPECT_FALSE(fires("  s: {f|neq: blue}\n  condition: s", record));
  EXPECT_TRUE(fires("  s: {f|neq: green}\n  condition: s", record));
}

TEST(LogRules, AreLoadedButNotEvaluatedOnEvents) {
  auto loaded = load_text(log_rule("  s: {event.type: container.moved}\n  condition: s"));
  ASSERT_EQ(loaded.pack.rules().size(), 1U);
  EXPECT_FALSE(loaded.pack.rules()[0].is_port);
  EXPECT_FALSE(loaded.pack.wants(EventType::container_moved));
}

}  // namespace
}  // namespace quaywatch::rules
