// Correlation documents: what compiles to what, and what is refused with which words.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/limits.h"
#include "rules/rule_text.h"

namespace quaywatch::rules {
namespace {

// A part as a correlation joins it: what only an alert needs is left out.
std::string part(std::string_view name, std::string_view type) {
  return fmt::format(
      "title: Part {0}\nname: {0}\nlogsource: {{product: port, category: access}}\n"
      "detection: {{s: {{event.type: {1}}}, condition: s}}\n",
      name, type);
}
std::string parts() {
  return part("refused", "access.denied") + "---\n" + part("let_in", "access.granted");
}
// `section` is indented by two, and so is `block`.
std::string correlation(std::string_view section, std::string_view block = {}) {
  return fmt::format(
      "title: Joined\nid: 5f0c3c1e-0000-4000-8000-0000000000aa\nlevel: low\nfalsepositives: [x]\n"
      "correlation:\n{}\nquaywatch:\n  direction: [inbound]\n"
      "  legal: {{personal: [credential.id], purpose: x, not_for: y}}\n{}",
      section, block);
}
std::string file(std::string_view section, std::string_view block = {}) {
  const bool joins_both = section.find("let_in") != std::string_view::npos;
  return correlation(section, block) + "---\n" + (joins_both ? parts() : part("refused", "access.denied"));
}
std::string counted(std::string_view condition) {
  return fmt::format(
      "  type: event_count\n  rules: [refused]\n  group-by: [credential.id]\n  timespan: 5m\n  condition: {}\n",
      condition);
}
std::string joined_by(std::string_view type, std::string_view condition) {
  return fmt::format(
      "  type: {}\n  rules: [refused, let_in]\n  group-by: [credential.id]\n  timespan: 5m\n  condition: {}\n", type,
      condition);
}

TEST(Correlations, OfOneFileJoinTheirPartsWhereverTheseStand) {
  const auto loaded = load_text(file(counted("{gte: 3}")));
  for (const Refusal& r : loaded.refused) ADD_FAILURE() << r.line << ": " << r.reason;
  ASSERT_EQ(loaded.pack.correlations().size(), 1U);
  const Correlation& c = loaded.pack.correlations()[0];
  const auto& rules = loaded.pack.rules();
  ASSERT_EQ(rules.size(), 2U);
  EXPECT_EQ(rules[c.rule].title, "Joined");
  EXPECT_TRUE(rules[c.rule].is_correlation && !rules[c.rule].is_part);
  EXPECT_EQ(rules[c.joins[0]].name, "refused");
  EXPECT_TRUE(rules[c.joins[0]].is_part);
  EXPECT_EQ(rules[c.rule].types, std::vector<EventType>{EventType::access_denied});
  EXPECT_EQ(rules[c.rule].timespan, minutes(5));
  EXPECT_EQ(rules[c.rule].group_by, std::vector<FieldId>{FieldId::credential_id});
  EXPECT_FALSE(c.at_close);
}

TEST(Correlations, GenerateLetsTheirPartsAlertToo) {
  for (const char* where : {"  generate: true\n", "generate: true\n"}) {
    const auto loaded =
        load_text(correlation(counted("{gte: 3}") + where) + "---\n" + part("refused", "access.denied"));
    ASSERT_EQ(loaded.refused.size(), 2U) << where;
    EXPECT_EQ(loaded.refused[1].reason, "a port rule needs an id (a UUID that never changes)") << "it is a rule again";
  }
}

TEST(Correlations, JoinRulesOfOtherFilesWhichGoOnAlerting) {
  const std::string other =
      "title: Other\nname: moved\nid: 5f0c3c1e-0000-4000-8000-000000000001\nlevel: low\nfalsepositives: [x]\n"
      "logsource: {product: port, category: container}\n"
      "detection: {s: {event.type: container.moved}, condition: s}\n"
      "quaywatch: {group_by: [container.number], direction: [inbound]}\n";
  for (const char* word : {"moved", "5F0C3C1E-0000-4000-8000-000000000001"}) {
    const auto loaded = Pack::load(
        {{"a.yml", correlation(fmt::format("  type: event_count\n  rules: [{}]\n  group-by: [container.number]\n"
                                           "  timespan: 1h\n  condition: {{gt: 2}}\n",
                                           word))},
         {"b.yml", other}});
    ASSERT_TRUE(loaded.refused.empty()) << loaded.refused[0].reason;
    EXPECT_FALSE(loaded.pack.rules()[0].is_part) << word;
  }
  const auto twice = Pack::load({{"a.yml", correlation(counted("{gte: 3}"))},
                                 {"b.yml", log_rule("  s: {a: 1}\n  condition: s\nname: refused")},
                                 {"c.yml", log_rule("  s: {b: 1}\n  condition: s\nname: refused")}});
  ASSERT_EQ(twice.refused.size(), 1U);
  EXPECT_EQ(twice.refused[0].reason,
            "correlation.rules names 'refused', and 2 rules have that name; name the id instead");
}

TEST(Correlations, ChainInAnyOrderOfDocuments) {
  const std::string inner =
      "title: Inner\nname: many\ncorrelation:\n" + counted("{gte: 3}") + "---\n" + parts();
  const auto loaded = load_text(correlation("  type: temporal_ordered\n  rules: [many, let_in]\n"
                                            "  group-by: [credential.id]\n  timespan: 10m\n") +
                                "---\n" + inner);
  ASSERT_TRUE(loaded.refused.empty()) << loaded.refused[0].reason;
  ASSERT_EQ(loaded.pack.correlations().size(), 2U);
  EXPECT_EQ(loaded.pack.rules()[loaded.pack.correlations()[0].rule].title, "Inner");
  EXPECT_EQ(loaded.pack.correlations()[1].joins[0], loaded.pack.correlations()[0].rule);
  EXPECT_TRUE(loaded.pack.rules()[loaded.pack.correlations()[0].rule].is_part);
}

TEST(Correlations, AbsenceKnowsWhatIsSearchedAndWhatExonerates) {
  const auto loaded =
      load_text(file(joined_by("temporal_ordered", "refused and not let_in"), "  exonerates: [let_in]\n"));
  ASSERT_TRUE(loaded.refused.empty()) << loaded.refused[0].reason;
  const Correlation& c = loaded.pack.correlations()[0];
  EXPECT_EQ(c.searched, 2U);
  EXPECT_EQ(c.exonerating, 2U);
  EXPECT_TRUE(c.criteria.empty());
}

TEST(Correlations, NumbersMayBeParams) {
  const auto loaded =
      load_text(file(counted("{gte: '%tries%', lt: 7.5}"), "  params: {tries: {default: 4, min: 2, max: 9}}\n"));
  ASSERT_TRUE(loaded.refused.empty()) << loaded.refused[0].reason;
  const Correlation& c = loaded.pack.correlations()[0];
  ASSERT_EQ(c.criteria.size(), 2U);
  EXPECT_EQ(c.criteria[0].millionths, 4 * kDecimalOne);
  EXPECT_EQ(c.criteria[1].millionths, 7'500'000);
  EXPECT_TRUE(c.at_close) << "an upper bound is known when the window is over";
}

TEST(Correlations, AliasesNameAFieldForEachRule) {
  const std::string section =
      "  type: temporal\n  rules: [refused, let_in]\n  timespan: 5m\n  group-by: [card]\n  aliases:\n    card:\n"
      "      refused: credential.id\n      let_in: credential.replaced_by\n";
  const auto loaded = load_text(file(section, "").replace(0, 0, ""));
  ASSERT_EQ(loaded.refused.size(), 1U);
  EXPECT_EQ(loaded.refused[0].reason,
            "the rule uses the personal field 'credential.replaced_by', which quaywatch.legal.personal does not name");
}

TEST(Correlations, OfLogRulesCompileWithAnyFields) {
  const auto loaded = load_text(
      "title: Log\ncorrelation:\n  type: value_count\n  rules: [failed]\n  group-by: [ComputerName]\n  timespan: 1d\n"
      "  condition: {field: User, gte: 100}\n---\ntitle: Failed\nname: failed\nlogsource: {product: windows}\n"
      "detection: {s: {EventID: 4625}, condition: s}\n");
  ASSERT_TRUE(loaded.refused.empty()) << loaded.refused[0].reason;
  EXPECT_EQ(loaded.pack.rules().size(), 2U);
  EXPECT_TRUE(loaded.pack.correlations().empty()) << "records of IT logs are not joined";
}

struct Row {
  std::string text;
  std::string reason;
  int line = 0;  // 0: not compared
};

void check(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    const auto loaded = load_text(row.text);
    const auto joined = std::find_if(loaded.refused.begin(), loaded.refused.end(),
                                     [](const Refusal& r) { return r.rule == "Joined"; });
    ASSERT_NE(joined, loaded.refused.end()) << row.text;
    EXPECT_EQ(joined->reason, row.reason) << row.text;
    EXPECT_EQ(row.line ? joined->line : 0, row.line) << row.text;
  }
}

std::string with(std::string_view type, std::string_view rules, std::string_view rest) {
  return file(
      fmt::format("  type: {}\n  rules: {}\n  group-by: [credential.id]\n  timespan: 5m\n{}", type, rules, rest));
}

TEST(Correlations, RefuseWhatTheyCannotJoin) {
  check({
      {with("event_cuont", "[refused]", ""),
       "correlation type 'event_cuont' is none of event_count, value_count, value_sum, value_avg, temporal, "
       "temporal_ordered, value_percentile; nearest: 'event_count'",
       6},
      {with("value_percentile", "[refused]", "  condition: {field: access.zone, lte: 1}\n"),
       "value_percentile is not compiled: the specification describes two things by it, a rank among numbers and the "
       "share of one value, and has no key for the rank; use value_avg or value_count",
       6},
      {with("event_count", "[refusd]", "  condition: {gte: 2}\n"),
       "correlation.rules names 'refusd', which is neither id nor name of a rule; nearest: 'refused'", 7},
      {with("event_count", "[refused, refused]", "  condition: {gte: 2}\n"),
       "correlation.rules names the rule 'refused' twice"},
      {with("event_count", "[]", "  condition: {gte: 2}\n"), "correlation.rules must list the ids or names of rules"},
      {with("temporal", "[refused]", ""), "temporal needs at least two rules"},
      {with("event_count", "[refused]", "  condition: {gte: 2}\n  alias: {}\n"),
       "correlation has the unknown key 'alias'; nearest: 'aliases'", 11},
      {file("  type: event_count\n  rules: [refused]\n  timespan: 5m\n  condition: {gte: 2}\n"),
       "correlation.group-by is missing: the fields whose values make a group"},
      {file("  type: event_count\n  rules: [refused]\n  group-by: [credental.id]\n  timespan: 5m\n"
            "  condition: {gte: 2}\n"),
       "correlation.group-by names 'credental.id', which is not in the catalogue; nearest: 'credential.id'", 8},
      {file("  type: event_count\n  rules: [refused]\n  group-by: [credential.id]\n  timespan: 61d\n"
            "  condition: {gte: 2}\n"),
       "correlation.timespan 61d is longer than the history that is kept, 60d"},
      {file("  type: event_count\n  rules: [refused]\n  group-by: [credential.id]\n  timespan: 1M\n"
            "  condition: {gte: 2}\n"),
       "correlation.timespan '1M' is no span such as 30s, 15m, 24h or 7d"},
  });
  const auto itself = load_text(file("  type: event_count\n  rules: [5f0c3c1e-0000-4000-8000-0000000000aa]\n"
                                     "  group-by: [credential.id]\n  timespan: 5m\n  condition: {gte: 2}\n"));
  ASSERT_FALSE(itself.refused.empty());
  EXPECT_EQ(itself.refused[0].reason,
            "the correlation joins itself, directly or by way of the correlations that it names");
  const auto broken = load_text(correlation(counted("{gte: 2}")) + "---\n" + part("refused", "access.dennied"));
  ASSERT_EQ(broken.refused.size(), 2U);
  EXPECT_EQ(broken.refused[0].reason, "correlation.rules names 'refused', which was refused itself");
}

TEST(Correlations, RefuseConditionsWithoutMeaning) {
  check({
      {file(counted("{}")), "correlation.condition compares with no number"},
      {file(counted("{gte: many}")), "correlation.condition compares with 'many', which is no number"},
      {file(counted("{gte: '%tries%'}"), "  params: {tries: {default: 4, facility: {SIKOP/KTV: 5}}}\n"),
       "quaywatch.params of a correlation take no value per facility; give it to a rule that the correlation joins"},
      {file(counted("{gte: '%tries%'}"), "  params: {trys: {default: 4}}\n"),
       "correlation.condition uses %tries%, which is no param with a number; nearest: 'trys'"},
      {file(counted("{atleast: 2}")),
       "correlation.condition has the unknown key 'atleast'; allowed are gt, gte, lt, lte, eq, neq, field"},
      {file(counted("{gte: 2, field: access.zone}")), "correlation.condition has a field for event_count"},
      {file(counted("{lt: 1}")), "correlation.condition can never hold: a window has from 1 to 4096"},
      {file(counted("{gte: 5000}")), "correlation.condition can never hold: a window has from 1 to 4096"},
      {file(counted("refused")), "correlation.condition must be a map such as 'gte: 10'"},
      {with("value_count", "[refused]", "  condition: {gte: 2}\n"),
       "correlation.condition needs a field for value_count"},
      {with("value_sum", "[refused]", "  condition: {field: access.zone, gte: 2}\n"),
       "value_sum works on numbers, and 'access.zone' is none"},
      {with("value_avg", "[refused]", "  condition: {field: [credential.id, access.zone], gte: 2}\n"),
       "value_avg works on one field"},
      {file(joined_by("temporal", "not let_in")),
       "the condition is true when no rule matches; at least one positive term is mandatory"},
      {file(joined_by("temporal", "refused")), "the condition never uses the rule 'let_in'"},
      {file(joined_by("temporal", "refused and not let_on")),
       "the condition names 'let_on', which nothing defines; nearest: 'let_in'"},
      {file(joined_by("temporal_ordered", "{gte: 1}")),
       "temporal_ordered takes all of its rules; leave the condition out or write 'gte: 2'"},
      {file(joined_by("temporal_ordered", "refused or let_in")),
       "temporal_ordered joins its rules by 'and' and 'and not' only"},
      {file(joined_by("temporal", "refused and let_in"), "  exonerates: [let_in]\n"),
       "quaywatch.exonerates names 'let_in', which the condition does not use with 'not'"},
      {file(counted("{gte: 2}"), "  timespan: 1h\n"),
       "quaywatch.timespan has no place in a correlation: an episode of a correlation ends after correlation.timespan"},
      {file(counted("{gte: 2}"), "  group_by: [credential.id]\n"),
       "quaywatch.group_by has no place in a correlation: the group of a correlation is correlation.group-by"},
  });
  const auto any = load_text(correlation(joined_by("temporal", "refused and not let_in")) + "---\n" +
                             part("refused", "access.denied") +
                             "---\ntitle: Any\nname: let_in\nlogsource: {product: port, category: access}\n"
                             "detection: {s: {access.zone: A}, condition: s}\n");
  ASSERT_EQ(any.refused.size(), 1U);
  EXPECT_EQ(any.refused[0].reason,
            "'let_in' can match events of any type, so that no feed could ever answer for its absence; name the event "
            "type in it");
}

}  // namespace
}  // namespace quaywatch::rules
