// Which version of the rules judges what.
#include "rulebook/deployed_rules.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "rules/rule_text.h"

namespace quaywatch::rulebook {
namespace {

const Timestamp kStart = from_civil_utc({2026, 10, 19, 8});

rules::RuleFile rule_on(const std::string& types) {
  return {"rule.yml", rules::port_rule("  step:\n    event.type: [" + types + "]\n  condition: step")};
}

const rules::RuleFile kIn = rule_on("container.gate_in");
const rules::RuleFile kInOut = rule_on("container.gate_in, container.gate_out");

struct TakesEffect {
  Version version = 0;
  std::uint32_t files = 0;  // before it, and events of no file: an hour each after the start
  std::uint64_t noted = 0;
};

// Versions 1.. are `packs`.
Deployments deployments(const std::vector<rules::RuleFile>& packs, const std::vector<TakesEffect>& in_force) {
  Deployments out;
  int n = 0;
  const auto put = [&](Request r, std::string by, Timestamp at, JournalPlace place) {
    r.request = std::to_string(++n);
    r.by = std::move(by);
    r.reason = "because";
    const Decision decision = out.judge(r, at);
    EXPECT_EQ(decision.refusal, Refusal::none) << sentence(decision.refusal);
    EXPECT_TRUE(out.apply(Deployments::entry(decision), place));
  };
  Request list;
  list.approvers = {{"first", "second"}, ""};
  put(list, "first", kStart, {});
  for (const rules::RuleFile& pack : packs) {
    Request r;
    r.step = Step::proposed;
    r.proposal.files = {pack};
    r.proposal.digest = pack_digest(r.proposal.files);
    put(r, "first", kStart, {});
  }
  for (const auto& [version, files, noted] : in_force) {
    Request r;
    const bool is_known = version == 0 || out.proposals()[version - 1].state == Proposal::State::deployed;
    r.step = is_known ? Step::rolled_back : Step::deployed;
    r.version = version;
    put(r, "second", kStart + hours(files) + hours(static_cast<std::int64_t>(noted)), {files, noted});
  }
  return out;
}

// A passage at the gate, in a file, so many minutes after the start.
EventPtr passage(EventType type, std::uint32_t file, int at_minutes, const std::string& box = "QAYU1000011") {
  boost::intrusive_ptr<Event> e(new Event);
  e->type = type;
  e->feed = "gate";
  e->facility = "ZZQAY/T1";
  e->event_time = kStart + minutes(at_minutes);
  e->reported_at = e->received_at = e->event_time;
  e->span = {file, 0, 1};
  e->fields.add_text(FieldId::container_number, box);
  seal_event_id(*e, 0);
  return e;
}

std::string text(const std::vector<pipeline::Alert>& alerts) {
  std::string out;
  for (const auto& a : alerts)
    out +=
        format_rfc3339(a.event_time) + " " + a.group + " x" + std::to_string(a.matches) + " " + a.rule->version + "\n";
  return out;
}

std::vector<pipeline::Alert> standing(const DeployedRules& rules, const std::vector<EventPtr>& events) {
  for (pipeline::Detection* d : rules.detections()) {
    for (const EventPtr& e : events) d->take(e);
    d->tick(kStart + days(30));
  }
  return rules.standing();
}

DeployedRules rules_of(const Deployments& d, Over over = Over::journal) {
  auto out = DeployedRules::of(d, {kIn}, over);
  EXPECT_TRUE(out) << (out ? "" : out.error().message);
  return std::move(*out);
}

std::string version_of(const rules::RuleFile& file) {
  return rules::Pack::load({file}).pack.rules().at(0).version;
}

constexpr EventType kGateIn = EventType::container_gate_in, kGateOut = EventType::container_gate_out;

TEST(DeployedRules, AnEventIsJudgedByTheVersionAtItsPlace) {
  const auto d = deployments({kInOut}, {{1, 1}});
  // The second box left in a file that was taken before; when it left does not matter.
  const auto rules = rules_of(d);
  const auto alerts = standing(rules, {passage(kGateOut, 0, 10), passage(kGateOut, 1, 11, "QAYU1000027")});
  EXPECT_EQ(text(alerts), "2026-10-19T08:11:00Z QAYU1000027 x1 " + version_of(kInOut) + "\n");
}

TEST(DeployedRules, WhatAnEarlierVersionSaidStands) {
  const auto d = deployments({kInOut}, {{1, 1}});
  const auto rules = rules_of(d);
  const auto alerts = standing(rules, {passage(kGateIn, 0, 10)});
  EXPECT_EQ(text(alerts), "2026-10-19T08:10:00Z QAYU1000011 x1 " + version_of(kIn) + "\n");
}

TEST(DeployedRules, AnEpisodeGoesOnUnderTheNewVersion) {
  const auto d = deployments({kInOut}, {{1, 1}});
  const auto shipped = rules_of(Deployments()), rules = rules_of(d);
  const auto before = standing(shipped, {passage(kGateIn, 0, 10)});
  const auto alerts = standing(rules, {passage(kGateIn, 0, 10), passage(kGateOut, 1, 90)});
  EXPECT_EQ(text(alerts), "2026-10-19T08:10:00Z QAYU1000011 x2 " + version_of(kInOut) + "\n");
  ASSERT_EQ(before.size(), 1u);
  EXPECT_EQ(alerts.at(0).id, before[0].id);
}

TEST(DeployedRules, ANewVersionIsSilentAboutWhatCameBeforeIt) {
  const auto d = deployments({kInOut}, {{1, 1}});
  const std::vector<EventPtr> events{passage(kGateOut, 0, 10), passage(kGateIn, 1, 90, "QAYU1000027")};
  EXPECT_EQ(text(standing(rules_of(d), events)), "2026-10-19T09:30:00Z QAYU1000027 x1 " + version_of(kInOut) + "\n");
}

TEST(DeployedRules, ARollBackJudgesFromItsPlaceOnAndMakesNoThirdPack) {
  const auto d = deployments({kInOut}, {{1, 1}, {0, 2}});
  const DeployedRules rules = rules_of(d);
  EXPECT_EQ(rules.detections().size(), 2u);
  const auto alerts =
      standing(rules, {passage(kGateOut, 0, 10, "QAYU1000027"), passage(kGateOut, 1, 70),
                       passage(kGateOut, 2, 130, "QAYU1000032"), passage(kGateIn, 2, 140, "QAYU1000048")});
  EXPECT_EQ(text(alerts), "2026-10-19T09:10:00Z QAYU1000011 x1 " + version_of(kInOut) +
                              "\n2026-10-19T10:20:00Z QAYU1000048 x1 " + version_of(kIn) + "\n");
}

TEST(DeployedRules, ArrivalOrderDoesNotMatter) {
  const auto d = deployments({kInOut}, {{1, 1}, {0, 2}});
  std::vector<EventPtr> events;
  for (std::uint32_t i = 0; i < 6; ++i)
    events.push_back(passage(i % 2 == 0 ? kGateIn : kGateOut, i / 2, static_cast<int>(i) * 31));
  const std::string sorted = text(standing(rules_of(d), events));
  std::reverse(events.begin(), events.end());
  EXPECT_EQ(text(standing(rules_of(d), events)), sorted);
}

TEST(DeployedRules, OverFilesTheVersionInForceJudgesAll) {
  const auto d = deployments({kInOut}, {{1, 1}});
  const auto rules = rules_of(d, Over::files);
  const auto alerts = standing(rules, {passage(kGateOut, 0, 10)});
  EXPECT_EQ(text(alerts), "2026-10-19T08:10:00Z QAYU1000011 x1 " + version_of(kInOut) + "\n");
}

// Look-ups lie in no file: they go by their receipt.
TEST(DeployedRules, AVersionInWhoseTimeNothingButLookUpsCameJudgesThem) {
  const auto d = deployments({kInOut, kIn}, {{1, 1, 0}, {2, 1, 1}});
  const auto rules = rules_of(d);
  boost::intrusive_ptr<Event> looked_up(new Event(*passage(kGateOut, 0, 90)));
  looked_up->span = {};
  EXPECT_EQ(text(standing(rules, {EventPtr(looked_up)})),
            "2026-10-19T09:30:00Z QAYU1000011 x1 " + version_of(kInOut) + "\n");
}

TEST(DeployedRules, WhatChangedIsToldAsItStands) {
  const auto d = deployments({kInOut}, {{1, 1}});
  std::map<Id128, pipeline::Alert> changed;
  const auto rules = DeployedRules::of(d, {kIn}, Over::journal,
                                       [&](const pipeline::Alert& a) { changed.insert_or_assign(a.id, a); });
  ASSERT_TRUE(rules);
  // One that the second version says of the time before it, silently; one of the first, and one that goes on.
  const auto alerts = standing(*rules, {passage(kGateOut, 0, 10, "QAYU1000027"), passage(kGateIn, 0, 10),
                                        passage(kGateIn, 0, 20, "QAYU1000032"), passage(kGateOut, 1, 90)});
  std::vector<pipeline::Alert> told;
  for (const auto& [id, alert] : changed)
    if (auto now = rules->told(alert)) told.push_back(*now);
  std::sort(told.begin(), told.end(), [](const auto& a, const auto& b) { return a.event_time < b.event_time; });
  EXPECT_EQ(text(told), text(alerts));
  EXPECT_EQ(changed.size(), 3u);
  EXPECT_EQ(told.size(), 2u);
}

// An era without a file has nothing to judge.
TEST(DeployedRules, AVersionThatNeverJudgedCostsNothing) {
  const auto d = deployments({kInOut, rule_on("container.moved")}, {{2, 1}, {1, 1}});
  EXPECT_EQ(rules_of(d).detections().size(), 2u);
}

TEST(DeployedRules, ARuleThatCompilesNoMoreIsNamed) {
  const auto d = deployments({{"rule.yml", "title: x\n"}, kInOut}, {{1, 1}, {2, 2}});
  EXPECT_EQ(rules_of(d).refused().size(), 1u);
  const auto broken = DeployedRules::of(deployments({{"rule.yml", "title: x\n"}}, {{1, 1}}), {kIn}, Over::journal);
  ASSERT_FALSE(broken);
  EXPECT_NE(broken.error().message.find("rules rollback"), std::string::npos);
}

}  // namespace
}  // namespace quaywatch::rulebook
