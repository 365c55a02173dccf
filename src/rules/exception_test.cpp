// Exceptions of rules and of filter documents: what they cover, when, and what is refused of them.
#include "rules/exception.h"

#include <gtest/gtest.h>

#include "rules/rule_text.h"

namespace quaywatch::rules {
namespace {

const std::string kWho =
    "owner: yard manager, reason: Drill., from: '2026-03-02T06:00:00Z', until: '2026-03-02T18:00:00Z'";

std::string moved(const std::string& block = {}, const std::string& level = "high") {
  std::string text = port_rule("  s: {event.type: container.moved}\n  condition: s", block);
  return text.replace(text.find("level: high"), 11, "level: " + level);
}
std::string suppress(const std::string& entry) {
  return "  suppress: [{" + entry + "}]";
}
std::string filter(const std::string& body, const std::string& block = kWho) {
  return "---\ntitle: Drill in block D\nlogsource: {product: port, category: container}\nfilter:\n" + body +
         "\nquaywatch: {" + block + "}\n";
}
const std::string kDrill =
    "  rules: [5f0c3c1e-0000-4000-8000-000000000001]\n  drill: {location.to|startswith: D}\n"
    "  condition: not drill";

Event move(const char* to, std::int64_t hour) {
  Event e;
  e.type = EventType::container_moved;
  e.event_time = parse_rfc3339("2026-03-02T00:00:00Z").value() + hours(hour);
  e.fields.add_text(FieldId::location_to, to);
  return e;
}

std::optional<std::size_t> exception(Pack& pack, const Event& e, const Record& facts = {}) {
  return pack.exception(0, {&e, &facts});
}

TEST(Exceptions, CoverWhatTheyNameWhileTheyLast) {
  auto loaded = load_text(moved(suppress("when: {location.to|startswith: D}, " + kWho)));
  ASSERT_TRUE(loaded.refused.empty()) << loaded.refused[0].reason;
  EXPECT_EQ(loaded.pack.rules()[0].exceptions[0].owner, "yard manager");
  EXPECT_TRUE(exception(loaded.pack, move("D1", 12)));
  EXPECT_FALSE(exception(loaded.pack, move("A1", 12)));
  EXPECT_FALSE(exception(loaded.pack, move("D1", 5)));
  EXPECT_TRUE(exception(loaded.pack, move("D1", 6))) << "both ends count";
  EXPECT_TRUE(exception(loaded.pack, move("D1", 18)));
  EXPECT_FALSE(exception(loaded.pack, move("D1", 19)));
}

TEST(Exceptions, DoNotChangeTheVerdict) {
  auto loaded = load_text(moved(suppress("when: {location.to|startswith: D}, " + kWho)));
  const Event e = move("D1", 12);
  std::vector<Truth> said;
  loaded.pack.evaluate({&e, nullptr}, [&](std::size_t, const Verdict& v) { said.push_back(v.truth); });
  EXPECT_EQ(said, std::vector<Truth>{Truth::yes});
}

TEST(Exceptions, UnknownCoversNothing) {
  auto loaded = load_text(moved(suppress("when: {move.ordered: true}, " + kWho)) +
                          filter("  rules: [5f0c3c1e-0000-4000-8000-000000000001]\n  f: {move.ordered: true}\n"
                                 "  condition: not f"));
  Record facts;
  facts.add_unknown(FieldId::move_ordered, UnknownCause::no_coverage);
  EXPECT_FALSE(exception(loaded.pack, move("D1", 12), facts));
  facts.clear();
  facts.add_boolean(FieldId::move_ordered, true);
  EXPECT_TRUE(exception(loaded.pack, move("D1", 12), facts));
}

TEST(Exceptions, AFilterLiesOverARuleOfAnotherFile) {
  auto loaded = Pack::load({{"site/drill.yml", filter(kDrill)}, {"shipped/rule.yml", moved()}});
  ASSERT_TRUE(loaded.refused.empty()) << loaded.refused[0].reason;
  ASSERT_EQ(loaded.pack.rules().size(), 1u);
  EXPECT_EQ(loaded.pack.rules()[0].exceptions[0].by, "Drill in block D");
  EXPECT_TRUE(exception(loaded.pack, move("D1", 12)));
  EXPECT_FALSE(exception(loaded.pack, move("A1", 12)));
  EXPECT_TRUE(loaded.pack.wants(EventType::container_moved, FieldId::location_to)) << "what it reads is asked for";
}

TEST(Exceptions, OfACorrelationStandInIt) {
  auto loaded = load_text(
      "title: Many moves\nid: 5f0c3c1e-0000-4000-8000-000000000002\nlevel: low\nfalsepositives: [none]\n"
      "correlation: {type: event_count, rules: [any], group-by: [container.number], timespan: 1h,\n"
      "              condition: {gte: 2}}\n"
      "quaywatch:\n  direction: [inbound]\n" +
      suppress("when: {location.to: D1}, " + kWho) +
      "\n---\ntitle: Any move\nname: any\nlogsource: {product: port, category: container}\n"
      "detection: {s: {event.type: container.moved}, condition: s}\n" +
      filter("  rules: [any]\n  f: {location.to: D1}\n  condition: not f"));
  ASSERT_EQ(loaded.refused.size(), 1u);
  EXPECT_EQ(loaded.refused[0].reason,
            "filter.rules names 'any', which raises no alerts of its own; name the correlation that joins it");
  ASSERT_EQ(loaded.pack.rules().size(), 2u);
  const Event e = move("D1", 12);
  EXPECT_TRUE(loaded.pack.exception(1, {&e, nullptr}));
}

struct Row {
  std::string text;
  std::string reason;
};

TEST(Exceptions, AreRefusedWithTheWordsThatHelp) {
  const std::string when = "when: {location.to: D}, ";
  const auto named = [](const std::string& body) { return moved() + filter(body); };
  for (const Row& row : std::vector<Row>{
           {moved("  suppress: 1h"),
            "quaywatch.suppress must be a list of exceptions, each with when, owner, reason, from and until"},
           {moved(suppress(kWho)), "quaywatch.suppress needs 'when': the fields that tell the harmless case"},
           {moved(suppress(when + "reason: x, from: '2026-03-02T06:00:00Z', until: '2026-03-02T18:00:00Z'")),
            "quaywatch.suppress needs 'owner': who answers for it, why, and from when until when"},
           {moved(suppress(when + "owner: a, reason: x, from: '2026-03-02T06:00:00Z'")),
            "quaywatch.suppress needs 'until': who answers for it, why, and from when until when"},
           {moved(suppress(when + "owner: a, reason: x, from: '2026-03-02T06:00:00Z', until: soon")),
            "quaywatch.suppress.until 'soon' is no instant such as 2026-03-02T06:00:00Z"},
           {moved(suppress(when + "owner: a, reason: x, from: '2026-03-02T06:00:00Z', until: '2026-03-01T06:00:00Z'")),
            "quaywatch.suppress ends before it begins"},
           {moved(suppress(when + "owner: a, reason: x, from: '2026-03-02T06:00:00Z', until: '2027-03-04T06:00:00Z'")),
            "quaywatch.suppress lasts longer than 366d; state it anew when it has ended"},
           {moved(suppress(when + "wner: a, " + kWho)),
            "quaywatch.suppress has the unknown key 'wner'; nearest: 'owner'"},
           {moved(suppress("when: {location.too: D}, " + kWho)),
            "the field 'location.too' is not in the catalogue; nearest: 'location.to'"},
           {moved(suppress("when: {equipment.operator: D}, " + kWho)),
            "the rule uses the personal field 'equipment.operator', which quaywatch.legal.personal does not name"},
           {moved(suppress(when + kWho), "critical"),
            "'Test rule' takes no exception: what may cost a life or a port is always shown"},
           {moved("  mo: [MO-26]\n" + suppress(when + kWho)),
            "'Test rule' takes no exception: what may cost a life or a port is always shown"},
           {named("  rules: [drills]\n  f: {location.to: D}\n  condition: not f"),
            "filter.rules names 'drills', which is neither id nor name of a rule"},
           {named("  rules: [5f0c3c1e-0000-4000-8000-000000000001]\n  f: {location.to: D}\n  condition: f"),
            "filter.condition must hold where no search identifier matches, as 'not selection' does: the filter takes "
            "matches away"},
           {named("  rules: [5f0c3c1e-0000-4000-8000-000000000001]\n  f: {equipment.operator: D}\n  condition: not f"),
            "the filter reads the personal field 'equipment.operator', which quaywatch.legal.personal of 'Test rule' "
            "does not name"},
           {moved() + filter(kDrill, "owner: a"),
            "quaywatch needs 'reason': who answers for it, why, and from when until when"},
           {"title: x\nlogsource: {product: windows}\nfilter: {rules: [a], f: {a: 1}, condition: not f}\n",
            "only filters with logsource product: port are applied; leave it out"},
       }) {
    const auto loaded = load_text(row.text);
    ASSERT_EQ(loaded.refused.size(), 1u) << row.text;
    EXPECT_EQ(loaded.refused[0].reason, row.reason) << row.text;
  }
}

TEST(Exceptions, ARefusedFilterLeavesTheRuleAsItWas) {
  const auto loaded = load_text(moved() + filter(kDrill, "owner: a"));
  ASSERT_EQ(loaded.pack.rules().size(), 1u);
  EXPECT_TRUE(loaded.pack.rules()[0].exceptions.empty());
}

}  // namespace
}  // namespace quaywatch::rules
