// What is refused, with the exact words: a person has to find the place and the right word from them.
#include <gtest/gtest.h>

#include "base/limits.h"
#include "rules/rule_text.h"

namespace quaywatch::rules {
namespace {

struct Row {
  std::string text;
  std::string reason;
  int line = 0;  // 0: not compared
};

void check(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    const auto loaded = load_text(row.text);
    ASSERT_EQ(loaded.refused.size(), 1U) << row.text;
    EXPECT_EQ(loaded.refused[0].reason, row.reason) << row.text;
    EXPECT_EQ(row.line ? loaded.refused[0].line : 0, row.line) << row.text;
    EXPECT_TRUE(loaded.pack.rules().empty()) << row.text;
  }
}

std::string port_entry(const std::string& entry, const std::string& block = {}) {
  return port_rule("  s: {" + entry + "}\n  condition: s", block);
}
std::string log_entry(const std::string& entry) {
  return log_rule("  s:\n    " + entry + "\n  condition: s");
}
std::string with_block(const std::string& block) {
  return port_rule("  s: {event.type: container.moved}\n  condition: s", block);
}

std::string many_facilities(int n) {
  std::string out;
  for (int i = 0; i < n; ++i) out += fmt::format("{}SIKOP/T{}: {}", i > 0 ? ", " : "", i, i);
  return out;
}

TEST(Refusals, Yaml) {
  check({
      {"title: [unclosed", "not valid YAML: end of sequence flow not found", 1},
      {"title: a\ntitle: b\n",
       "the key 'title' stands twice in one map (first with the value on line 1); only one could count", 2},
      {"a: &x 1\nb: 2\n", "the document uses the anchor '&x'; anchors are refused, write the value out", 1},
      {"a: !!python/object 1\n",
       "the document uses the tag 'tag:yaml.org,2002:python/object'; tags have no meaning in a rule", 1},
      {"? [a, b]\n: 1\n", "the document has a list or map as a key; a key must be a word", 1},
      {"- a\n- b\n", "the document is not a map of Sigma keys", 1},
      {"a: " + std::string(40, '[') + std::string(40, ']'), "the document is nested deeper than 32 levels", 1},
      {"a: \xFF\n", "the file is not valid UTF-8"},
      {std::string(limits::kRuleFileBytes + 1, '#'), "the file has 262145 bytes; at most 262144 are read"},
  });
}

TEST(Refusals, DocumentsOfOtherKinds) {
  check({
      {"action: global\ntitle: x\n",
       "collections by 'action' were removed from Sigma; write each rule as a document of its own", 1},
      {"title: x\nlogsource: {product: a}\n", "the document has no detection", 1},
      {"title: x\ndetection: {s: {a: 1}, condition: s}\n", "logsource is missing or not a map", 1},
  });
}

TEST(Refusals, Entries) {
  check({
      {log_entry("f|contians: x"), "'f|contians': 'contians' is not a modifier; nearest: 'contains'", 5},
      {log_entry("f|contains|endswith: x"),
       "'f|contains|endswith': only one of contains, startswith, endswith, re, cidr, gt, gte, lt, lte, exists can "
       "decide the comparison",
       5},
      {log_entry("f|i: x"), "'f|i': i, m and s are flags of re and stand behind it", 5},
      {log_entry("f|contains|base64: x"),
       "'f|contains|base64': contains must stand behind base64, or its wildcards would be encoded", 5},
      {log_entry("f|base64: a*"),
       "'f': a wildcard cannot be written in base64; escape it with a backslash if it is meant as a character", 5},
      {log_entry("f|windash|re: x"), "'f|windash|re': 'windash' changes text and cannot be used with re", 5},
      {log_entry("f|cased|gt: 1"), "'f|cased|gt': 'cased' is about text and cannot be used with gt", 5},
      {log_entry("f|contains|all: x"),
       "search identifier 's' uses 'all' on the single value of 'f|contains|all'; it is for lists", 5},
      {log_entry("f: [a, null]"),
       "search identifier 's' has null in the list of 'f'; null is a type of its own: write a second search identifier "
       "and join both with 'or'",
       5},
      {log_entry("f: []"), "search identifier 's' gives 'f' an empty list, which can match nothing", 5},
      {log_entry("f: {a: b}"), "search identifier 's' gives 'f' a map; give it a value or a list of values", 5},
      {log_entry("f|exists: maybe"), "'f': exists takes true or false, not 'maybe'", 5},
      {log_entry("f|gt: many"), "'f': 'many' is not a number", 5},
      {log_entry("f|cidr: 10.0.0.0/33"), "'f': '10.0.0.0/33' is not a network such as 10.0.0.0/8 or fe80::/10", 5},
      {log_entry("f|re: 'a(?=b)'"),
       "'f': the expression 'a(?=b)' is refused by RE2, which runs in linear time and therefore has no look-around or "
       "back-references: "
       "invalid perl operator: (?=",
       5},
      {log_entry("f|expand: '%servers%'"),
       "the placeholder '%servers%' has no value; quaywatch.params does not define it", 5},
      {log_entry("f|expand: servers"), "'servers' has no %placeholder% for expand to replace", 5},
      {log_rule("  s: {}\n  condition: s"), "search identifier 's' is an empty map, which would match everything", 4},
      {log_rule("  s:\n  condition: s"),
       "search identifier 's' is empty; give it a map of fields, a list of maps or a list of keywords", 4},
  });
}

TEST(Refusals, Conditions) {
  const auto with = [](const std::string& condition) {
    return log_rule("  selection: {f: x}\n  condition: " + condition);
  };
  check({
      {log_rule("  selection: {f: x}"), "the detection has no condition", 4},
      {with("selecton"), "the condition names 'selecton', which nothing defines; nearest: 'selection'",
       5},
      {with("selection and"), "the condition ends where a search identifier is expected", 5},
      {with("(selection"), "the condition has a '(' without its ')'", 5},
      {with("selection selection"), "the condition has 'selection' where 'and', 'or' or the end is expected", 5},
      {with("selection | count() > 5"),
       "the condition uses an aggregation ('|'); Sigma 2 replaced it by correlation rules", 5},
      {with("1 of filter*"), "the condition has '1 of filter*', which fits no search identifier", 5},
      {with("3 of sel*"), "the condition has '3 of sel*', but only 1 search identifiers fit", 5},
      {with("sel*"), "the condition names 'sel*', a pattern without '1 of' or 'all of' before it", 5},
      {with("some of them"), "the condition has 'some of'; use '1 of', 'all of' or a number from 1", 5},
      {with("''"), "the condition is empty", 5},
  });
}

TEST(Refusals, PortFields) {
  check({
      {port_entry("container.nummer: x"),
       "the field 'container.nummer' is not in the catalogue; nearest: 'container.number'", 6},
      {port_entry("event.type: container.move"),
       "'event.type': no event type is or fits 'container.move'; nearest: 'container.moved'", 6},
      {port_entry("container.weight_kg|contains: 5"), "'container.weight_kg': it is a number; 'contains' works on text",
       6},
      {port_entry("container.weight_kg: heavy"), "'container.weight_kg': 'heavy' is not a number", 6},
      {port_entry("container.weight_kg|gt: '%limit%'", "  params: {limit: {default: 5}}"),
       "'container.weight_kg': '%limit%' is not a number; a placeholder needs the modifier expand (field|lte|expand)",
       6},
      {port_entry("move.ordered: 0"), "'move.ordered': it is true or false; compare it with one of these, not '0'", 6},
      {port_entry("move.ordered|gt: 0"), "'move.ordered': it is true or false; 'gt' compares numbers or times", 6},
      {port_entry("pickup.window_from|gt: tomorrow"),
       "'pickup.window_from': it is a time; 'tomorrow' is none (2026-10-23T17:52:14Z)", 6},
      {port_entry("location.from|gt: 5"), "'location.from': 'location.from' is text; gt compares numbers or times", 6},
      {port_entry("location.from|hour: 5"), "'location.from': it is text; parts can only be taken of a time", 6},
      {port_entry("container.weight_kg|fieldref: location.from"),
       "'container.weight_kg': it is a number and 'location.from' is text; they cannot be compared", 6},
      {port_entry("let.nte|gt: 5", "  let: {net: container.weight_kg}"),
       "'let.nte': quaywatch.let does not define it; nearest: 'net'", 6},
      {port_rule("  s: [keyword]\n  condition: s"),
       "search identifier 's' has keywords; a port rule names the fields that it reads", 6},
      {port_rule("  a: {event.type: container.moved}\n  b: {event.type: order.issued}\n  condition: a and b"),
       "the detection can match no event type"},
  });
}

TEST(Refusals, PortConditions) {
  const std::string identifiers = "  a: {move.ordered: true}\n  b: {release.known: true}\n  condition: ";
  const std::string nothing =
      "the condition is true when no search identifier matches; at least one positive term is mandatory";
  check({
      {port_rule(identifiers + "not a and not b"), nothing, 8},
      {port_rule(identifiers + "a or not b"), nothing, 8},
      {port_rule(identifiers + "not (a and b)"), nothing, 8},
      {port_rule(identifiers + "a"), "the condition never uses the search identifier 'b'", 8},
      {port_rule(identifiers + "a and not b", "  exonerates: [ordered]"),
       "quaywatch.exonerates names 'ordered', which is no search identifier"},
      {port_rule(identifiers + "a and not b", "  exonerates: [a]"),
       "quaywatch.exonerates names every positive term; at least one must be known to be true"},
      {port_rule(identifiers + "a and not b or b", "  exonerates: [b]"),
       "quaywatch.exonerates names 'b', which the condition uses both with and without 'not'"},
  });
}

std::string without(std::string text, const std::string& line) {
  text.erase(text.find(line), line.size());
  return text;
}

TEST(Refusals, WhatAPortRuleMustHave) {
  const std::string good = with_block("");
  check({
      {without(good, "id: 5f0c3c1e-0000-4000-8000-000000000001\n"),
       "a port rule needs an id (a UUID that never changes)"},
      {without(good, "5f0c3c1e-"), "id '0000-4000-8000-000000000001' is not a UUID", 2},
      {without(good, "level: high\n"), "a port rule needs a level: informational, low, medium, high, critical"},
      {without(good, "falsepositives: [an innocent cause]\n"),
       "a port rule needs falsepositives: at least one innocent cause to rule out"},
      {without(good, "  group_by: [container.number]\n"),
       "quaywatch.group_by is missing: the fields that tell one alert from another"},
      {without(good, "  direction: [inbound]\n"),
       "quaywatch.direction is missing: inbound, outbound, transhipment, transit or passenger"},
      {without(good, "title: Test rule\n"), "title is missing"},
      {good + "falsepostives: [x]\n", "unknown key 'falsepostives'; nearest: 'falsepositives'"},
      {log_entry("f: x") + "quaywatch: {}\n", "a quaywatch block needs logsource product: port"},
  });
}

TEST(Refusals, Block) {
  check({
      {with_block("  groupby: [a]"), "quaywatch has the unknown key 'groupby'; nearest: 'group_by'", 13},
      {with_block("  invariant: I15"), "quaywatch.invariant 'I15' is none of I1 to I14", 13},
      {with_block("  mo: [MO5]"), "quaywatch.mo 'MO5' is not of the form MO-5", 13},
      {with_block("  requires: [order.issue]"),
       "quaywatch.requires names 'order.issue', which is no event type; nearest: 'order.issued'", 13},
      {with_block("  budget: lots"),
       "quaywatch.budget 'lots' is neither 'none' nor 'N per day' with N from 1 to 10000", 13},
      {with_block("  budget: 0 per day"),
       "quaywatch.budget '0 per day' is neither 'none' nor 'N per day' with N from 1 to 10000", 13},
      {with_block("  budget: 2.5 per day"),
       "quaywatch.budget '2.5 per day' is neither 'none' nor 'N per day' with N from 1 to 10000", 13},
      {with_block("  budget: 19 per day"), "quaywatch.budget of a high rule must be at least 20 per day", 13},
      {with_block("  timespan: soon"), "quaywatch.timespan 'soon' is no span such as 30m, 24h or 15d", 13},
      {with_block("  act_before: [location.from]"), "quaywatch.act_before names 'location.from', which is not a time",
       13},
      {with_block("  subjects: {abuot: [container.number]}"),
       "quaywatch.subjects has the unknown key 'abuot'; nearest: 'about'", 13},
      {with_block("  subjects: {about: [container.nr]}"),
       "quaywatch.subjects.about names 'container.nr', which is not in the catalogue; nearest: 'container.number'", 13},
      {with_block("  params: {limit: {min: 1}}"), "param 'limit' has no default", 13},
      {with_block("  params: {limit: {default: 5, min: 6}}"), "param 'limit': the default 5 is below its min 6", 13},
      {with_block("  params: {limit: {default: 5, max: 9, facility: {X: 10}}}"),
       "param 'limit': the value for 'X' 10 is above its max 9", 13},
      {with_block("  params: {limit: {default: 5, facility: {X: many}}}"),
       "param 'limit': the value for 'X' is not a number", 13},
      {with_block("  params: {limit: {default: 5, facility: {SIKOP*: 6}}}"),
       "param 'limit': 'SIKOP*' does not name one facility", 13},
      {with_block("  params: {limit: {default: 5, facility: {" + many_facilities(65) + "}}}"),
       "quaywatch.params has values for 65 facilities; at most 64 are allowed", 13},
      {with_block("  subjects: {acted: [equipment.operator]}"),
       "the rule uses the personal field 'equipment.operator', which quaywatch.legal.personal does not name"},
      {with_block("  subjects: {acted: [equipment.operator]}\n  legal: {personal: [equipment.operator]}"),
       "the rule uses personal fields, so quaywatch.legal must state purpose and not_for"},
      {with_block("  legal: {personal: [equipment.id]}"),
       "quaywatch.legal.personal names 'equipment.id', which the catalogue does not mark personal", 13},
  });
}

TEST(Refusals, Lets) {
  const auto with = [](const std::string& expression) { return with_block("  let: {x: '" + expression + "'}"); };
  check({
      {with("container.weight + 1"),
       "the field 'container.weight' is not in the catalogue; nearest: 'container.weight_kg'", 13},
      {with("limit * 2"), "let 'x': 'limit' is not a field, a param or an earlier let", 13},
      {with("let.y + 1"), "let 'x': 'let.y' is not a field, a param or an earlier let", 13},
      {with("location.from + 1"), "let 'x': 'location.from' is text; sums need numbers or times", 13},
      {with("pickup.window_from * 2"), "let 'x': a time cannot be multiplied or divided; subtract two times first", 13},
      {with("pickup.window_from + pickup.window_until"),
       "let 'x': two times cannot be added; subtract them to get seconds", 13},
      {with("in_table(stolen, container.number)"), "let 'x': no table of these rules has the name 'stolen'", 13},
      {with("sqrt(2)"),
       "let 'x': 'sqrt' is not a function; known: abs, min, max, in_table, lookup, in_zone, distance_m", 13},
      {with("1 +"), "let 'x': a number or name is missing at the end", 13},
      {with("(1 + 2"), "let 'x': ')' is missing at column 7", 13},
      {with("1 ; 2"), "let 'x': ';' is not expected at column 3", 13},
  });
  std::string longest = "1";
  for (int i = 0; i < 16; ++i) longest += " + 1";
  check({{with(longest), "let 'x': it has 33 numbers, names and operators; at most 32 are allowed", 13}});
}

TEST(Refusals, TheSameIdInTwoFilesNamesBoth) {
  const std::string text = with_block("");
  const auto loaded = Pack::load({{"a/rule.yml", text}, {"b/rule.yml", text}});
  ASSERT_EQ(loaded.refused.size(), 1U);
  EXPECT_EQ(loaded.refused[0].path, "b/rule.yml");
  EXPECT_EQ(loaded.refused[0].line, 2);
  EXPECT_EQ(loaded.refused[0].rule, "Test rule");
  EXPECT_EQ(loaded.refused[0].reason,
            "the id 5f0c3c1e-0000-4000-8000-000000000001 of b/rule.yml is already used by a rule in a/rule.yml; give "
            "this rule an id of its own");
  EXPECT_EQ(loaded.pack.rules().size(), 1U);
}

TEST(Refusals, ABrokenDocumentDoesNotTakeItsNeighboursAlong) {
  const std::string good = log_rule("  s: {f: x}\n  condition: s");
  const auto loaded = load_text(good + "---\ntitle: [broken\n---\n" + good);
  ASSERT_EQ(loaded.refused.size(), 1U);
  EXPECT_EQ(loaded.refused[0].line, 7);
  EXPECT_EQ(loaded.pack.rules().size(), 2U);
}

}  // namespace
}  // namespace quaywatch::rules
