// Many rules of one event type judged together say what each says alone, whatever the record has, lacks or leaves open.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "rules/rule_text.h"

namespace quaywatch::rules {
namespace {

constexpr std::size_t kRules = 120;  // of one type: far above what is judged one by one

std::string rule(std::size_t i) {
  const std::vector<std::string> conditions = {
      "  a: {event.type: container.moved, location.to: 'A01-%'}\n  condition: a",
      "  a: {event.type: container.moved, location.to: [B%, 'c0%', 'D*']}\n  condition: a",
      "  a: {location.to: E%}\n  b: {location.from: 'F%', equipment.id|cased: Q%}\n  condition: a or b",
      "  a: {location.to: E%}\n  b: {location.from|startswith: F}\n  condition: a or b",
      "  a: {equipment.id: Q%}\n  b: {location.to: B%}\n  condition: a and not b",
      "  a: {event.type: container.moved, seal.number: [S%, T%]}\n  b: {move.ordered: false}\n  condition: a and b",
      "  a: {container.weight_kg|gte: %000}\n  condition: a",
      "  a: {location.to: A01-1}\n  b: {equipment.id: Q%}\n  c: {location.from: F%}\n  condition: 2 of them",
      "  a: {seal.number|contains: '%', location.to|startswith: [B, C]}\n  condition: a",
      "  a: {location.to|re: '^[B-D]%$'}\n  condition: a",
      "  a: {location.to|fieldref: location.from}\n  b: {equipment.id: Q%}\n  condition: a and not b",
      "  a: {seal.number|neq: 'S%', equipment.id|endswith: '%'}\n  condition: a",
      "  a: {seal.number|contains: '%'}\n  b: {container.weight_kg: %000}\n  condition: a or b",
  };
  std::string text = conditions[i % conditions.size()];
  for (std::size_t at = 0; (at = text.find('%', at)) != std::string::npos;) text.replace(at, 1, std::to_string(i % 11));
  std::string whole = port_rule(text);
  const std::string id = fmt::format("{:012}", i);
  return whole.replace(whole.find("000000000001"), 12, id);
}

Event random_event(std::mt19937& random) {
  Event e;
  e.type = EventType::container_moved;
  e.facility = "SIKOP/KTV";
  const auto maybe = [&](FieldId field, std::string_view letters, bool is_lower) {
    if (random() % 4 == 0) return;
    std::string text(1, letters[random() % letters.size()]);
    text += std::to_string(random() % 11);
    if (is_lower) text[0] = static_cast<char>(text[0] + 32);
    if (random() % 5 == 0) text = "a01-" + std::to_string(random() % 11);
    e.fields.add_text(field, text);
  };
  maybe(FieldId::location_to, "BCDE", random() % 3 == 0);
  maybe(FieldId::location_from, "FG", random() % 3 == 0);
  maybe(FieldId::equipment_id, "QR", random() % 3 == 0);
  for (std::size_t n = random() % 3; n > 0; --n) maybe(FieldId::seal_number, "STU", false);
  const auto kg = static_cast<std::int64_t>(random() % 11'000);
  if (random() % 2 == 0) e.fields.add_decimal(FieldId::container_weight_kg, kg * kDecimalOne);
  return e;
}

Record random_facts(std::mt19937& random) {
  Record facts;
  if (const auto dice = random() % 3; dice == 0)
    facts.add_boolean(FieldId::move_ordered, random() % 2 == 0);
  else if (dice == 1)
    facts.add_unknown(FieldId::move_ordered, UnknownCause::pending);
  return facts;
}

using Said = std::map<std::string, std::pair<Truth, UnknownCause>>;  // by rule id

void judge(Pack& pack, const Event& event, const Record& facts, Said& said) {
  pack.evaluate({&event, &facts}, [&](std::size_t i, const Verdict& v) {
    EXPECT_TRUE(said.emplace(pack.rules()[i].id, std::pair(v.truth, v.cause)).second) << "told twice";
  });
}

TEST(Anchors, ManyRulesTogetherSayWhatEachSaysAlone) {
  std::vector<RuleFile> files;
  std::vector<Pack> alone;
  for (std::size_t i = 0; i < kRules; ++i) {
    files.push_back({fmt::format("{}.yml", i), rule(i)});
    auto loaded = Pack::load({files.back()});
    ASSERT_TRUE(loaded.refused.empty()) << loaded.refused.front().reason << "\n" << files.back().text;
    alone.push_back(std::move(loaded.pack));
  }
  auto together = Pack::load(files);
  ASSERT_TRUE(together.refused.empty()) << together.refused.front().reason;
  std::mt19937 random(1);
  std::size_t matches = 0, open = 0;
  for (int n = 0; n < 3'000; ++n) {
    const Event event = random_event(random);
    const Record facts = random_facts(random);
    Said expected, said;
    for (Pack& one : alone) judge(one, event, facts, expected);
    judge(together.pack, event, facts, said);
    ASSERT_EQ(said, expected);
    for (const auto& [id, what] : said) ++(what.first == Truth::yes ? matches : open);
  }
  EXPECT_GT(matches, 10'000u);
  EXPECT_GT(open, 300u);
}

// What no coverage answers for may be any text.
TEST(Anchors, AnUnknownFieldLeavesEveryRuleOnItOpen) {
  std::vector<RuleFile> files;
  for (std::size_t i = 0; i < kRules; ++i) {
    std::string text = port_rule(fmt::format(
        "  a: {{event.type: container.moved, release.holder: HOLDER-{}}}\n  condition: a", i));
    files.push_back({fmt::format("{}.yml", i), text.replace(text.find("000000000001"), 12, fmt::format("{:012}", i))});
  }
  auto loaded = Pack::load(files);
  ASSERT_TRUE(loaded.refused.empty()) << loaded.refused.front().reason;
  Event event;
  event.type = EventType::container_moved;
  Record facts;
  facts.add_unknown(FieldId::release_holder, UnknownCause::no_coverage);
  Said said;
  judge(loaded.pack, event, facts, said);
  EXPECT_EQ(said.size(), kRules);
  facts.clear();
  facts.add_text(FieldId::release_holder, "holder-7");
  said.clear();
  judge(loaded.pack, event, facts, said);
  EXPECT_EQ(said.size(), 1u);
}

}  // namespace
}  // namespace quaywatch::rules
