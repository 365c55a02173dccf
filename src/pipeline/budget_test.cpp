#include "pipeline/budget.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace quaywatch::pipeline {
namespace {

rules::Rule rule(rules::Level level, std::optional<std::uint32_t> budget = {}, std::vector<std::string> mo = {}) {
  rules::Rule r;
  r.id = "rule";
  r.level = level;
  r.budget = budget;
  r.mo = std::move(mo);
  r.group_by = {FieldId::container_number};
  return r;
}

std::vector<Alert> alerts(const rules::Rule& r, int n, std::string_view facility = "ZZQAY/T1", int day = 0) {
  std::vector<Alert> out;
  for (int i = 0; i < n; ++i) {
    Alert& a = out.emplace_back();
    a.rule = &r;
    a.id = {static_cast<std::uint64_t>(day), static_cast<std::uint64_t>(i)};
    a.facility = facility;
    a.event_time = Timestamp{} + days(day) + minutes(i);
  }
  return out;
}

TEST(Budget, ShowsOfALevelWhatOnePersonCanLookAt) {
  using rules::Level;
  struct Row {
    rules::Rule rule;
    int alerts;
    std::size_t held;
  };
  const std::vector<std::string> people = {"MO-6", "MO-26"};
  for (const Row& row : std::vector<Row>{
           {rule(Level::low), 5, 0},
           {rule(Level::low), 6, 1},
           {rule(Level::informational), 6, 1},
           {rule(Level::medium), 12, 2},
           {rule(Level::high), 50, 0},
           {rule(Level::high), 51, 1},
           {rule(Level::critical), 500, 0},
           {rule(Level::medium, 3), 12, 9},       // the rule's own word goes before the level's
           {rule(Level::low, 0), 500, 0},         // "none"
           {rule(Level::critical, 3), 500, 0},    // never, whatever a rule says
           {rule(Level::medium, {}, people), 500, 0},  // lives
           {rule(Level::medium, 3, people), 500, 0},
       }) {
    const auto out = apply_budgets(alerts(row.rule, row.alerts));
    const auto held = static_cast<std::size_t>(
        std::count_if(out.held.begin(), out.held.end(), [](const auto& h) { return h.has_value(); }));
    EXPECT_EQ(held, row.held) << name(row.rule.level) << " " << row.alerts;
    EXPECT_EQ(out.groups.size(), row.held > 0 ? 1u : 0u);
    EXPECT_EQ(out.held.size(), static_cast<std::size_t>(row.alerts)) << "nothing is dropped";
  }
}

TEST(Budget, CountsEachFacilityAndDayByItself) {
  const auto r = rule(rules::Level::low, 2);
  auto all = alerts(r, 3, "ZZQAY/T1");
  for (const Alert& a : alerts(r, 3, "ZZQBB/T1")) all.push_back(a);
  for (const Alert& a : alerts(r, 2, "ZZQAY/T1", 1)) all.push_back(a);
  std::sort(all.begin(), all.end(), [](const Alert& a, const Alert& b) { return a.event_time < b.event_time; });
  const auto out = apply_budgets(all);
  ASSERT_EQ(out.groups.size(), 2u);
  EXPECT_EQ(out.groups[0].name, "rule/ZZQAY/T1/1970-01-01");
  EXPECT_EQ(out.groups[0].kind, "container");
  EXPECT_EQ(out.groups[0].shown, 2u);
  EXPECT_EQ(out.groups[0].held, 1u);
  EXPECT_EQ(out.groups[1].name, "rule/ZZQBB/T1/1970-01-01");
  for (std::size_t i = 0; i < all.size(); ++i)
    EXPECT_EQ(out.held[i].has_value(), all[i].event_time == Timestamp{} + minutes(2)) << i;
}

TEST(Budget, WhatAnExceptionCoversIsCountedAndFillsNoBudget) {
  auto r = rule(rules::Level::low, 2);
  r.exceptions = {{"yard manager", "Drill.", {}, {}}, {"port office", "Works.", {}, {}, "Works at the gate"}};
  auto all = alerts(r, 6);
  all[0].exception = 1;
  all[1].exception = all[3].exception = 0;
  const auto out = apply_budgets(all);
  ASSERT_EQ(out.groups.size(), 3u);
  EXPECT_EQ(out.groups[0].name, "rule/ZZQAY/T1/1970-01-01");
  EXPECT_EQ(out.groups[0].held, 1u) << "of the three others two are shown";
  EXPECT_EQ(out.groups[1].name, "rule/exception/1");
  EXPECT_EQ(out.groups[1].held, 2u);
  EXPECT_EQ(out.groups[2].exception->owner, "port office");
  EXPECT_EQ(count_held(out).by_budgets, 1u);
  EXPECT_EQ(count_held(out).by_exceptions, 3u);
  EXPECT_EQ(out.held[5], std::optional<std::size_t>(0));
}

}  // namespace
}  // namespace quaywatch::pipeline
