// Port rules on events and facts: three-valued judging, provisional verdicts, typed fields, lets, params, dispatch.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "rules/rule_text.h"

namespace quaywatch::rules {
namespace {

Event moved() {
  Event event;
  event.type = EventType::container_moved;
  event.facility = "SIKOP/KTV";
  event.feed = "tos";
  event.fields.add_text(FieldId::container_number, "TRHU3871247");
  return event;
}

// The verdict of the only rule; truth `no` when it does not report.
Verdict judge(Pack& pack, const Event& event, const Record& facts) {
  Verdict found;
  int reported = 0;
  pack.evaluate({&event, &facts}, [&](std::size_t, const Verdict& verdict) {
    found = verdict;
    ++reported;
  });
  EXPECT_LE(reported, 1);
  return found;
}

Verdict judge(const std::string& text, const Event& event, const Record& facts) {
  auto loaded = load_text(text);
  for (const Refusal& r : loaded.refused) ADD_FAILURE() << r.line << ": " << r.reason << "\n" << text;
  return judge(loaded.pack, event, facts);
}

const std::string kMovedWithoutOrder =
    "  move: {event.type: container.moved}\n"
    "  no_order: {move.ordered: false}\n"
    "  condition: move and no_order";

TEST(PortRules, FactIsFalseTrueAbsentOrUnknown) {
  Record facts;
  EXPECT_EQ(judge(port_rule(kMovedWithoutOrder), moved(), facts).truth, Truth::no);  // absent is null, not false
  facts.add_boolean(FieldId::move_ordered, false);
  EXPECT_EQ(judge(port_rule(kMovedWithoutOrder), moved(), facts).truth, Truth::yes);
  facts.clear();
  facts.add_boolean(FieldId::move_ordered, true);
  EXPECT_EQ(judge(port_rule(kMovedWithoutOrder), moved(), facts).truth, Truth::no);
  facts.clear();
  facts.add_unknown(FieldId::move_ordered, UnknownCause::no_coverage);
  const Verdict verdict = judge(port_rule(kMovedWithoutOrder), moved(), facts);
  EXPECT_EQ(verdict.truth, Truth::unknown);
  EXPECT_FALSE(verdict.provisional);
  EXPECT_EQ(verdict.cause, UnknownCause::no_coverage);
  EXPECT_EQ(verdict.open, std::vector{FieldId::move_ordered});
}

// y is yes, n is no, u and v are unknown.
TEST(PortRules, KleeneTables) {
  struct Row {
    const char* condition;
    Truth truth;
  };
  const std::string identifiers =
      "  y: {event.type: container.moved}\n  n: {event.type: order.issued}\n  u: {move.ordered: true}\n  base: "
      "{container.number|exists: true}\n"
      "  v: {move.ordered: false}\n";
  const Row rows[] = {
      {"y and u", Truth::unknown}, {"n and u", Truth::no},          {"y or u", Truth::yes},
      {"n or u", Truth::unknown},  {"y and not u", Truth::unknown}, {"u and not u", Truth::unknown},
      {"u or v", Truth::unknown},  {"y and not n", Truth::yes},
  };
  Record facts;
  facts.add_unknown(FieldId::move_ordered, UnknownCause::order);
  for (const Row& row : rows) {
    // `base and` makes every condition positive; the trailing part is never true and uses the identifiers left over.
    const std::string condition =
        std::string("  condition: base and (") + row.condition + ") or n and y and u and v and base";
    EXPECT_EQ(judge(port_rule(identifiers + condition), moved(), facts).truth, row.truth) << row.condition;
  }
}

TEST(PortRules, AtLeastNCountsUnknownAsOpen) {
  const std::string identifiers =
      "  k1: {event.type: container.moved}\n  k2: {move.ordered: true}\n  k3: {release.known: true}\n  condition: ";
  Record facts;
  facts.add_unknown(FieldId::move_ordered, UnknownCause::order);
  facts.add_boolean(FieldId::release_known, false);
  EXPECT_EQ(judge(port_rule(identifiers + "1 of k*"), moved(), facts).truth, Truth::yes);
  EXPECT_EQ(judge(port_rule(identifiers + "2 of k*"), moved(), facts).truth, Truth::unknown);
  EXPECT_EQ(judge(port_rule(identifiers + "3 of k*"), moved(), facts).truth, Truth::no);
}

const std::string kExonerated =
    "  move: {event.type: container.moved}\n"
    "  inside: {container.inside: true}\n"
    "  ordered: {move.ordered: true}\n"
    "  condition: move and inside and not ordered";

TEST(PortRules, ProvisionalWhileOnlyExoneratingTermsAreOpen) {
  const std::string text = port_rule(kExonerated, "  exonerates: [ordered]");
  Record facts;
  facts.add_boolean(FieldId::container_inside, true);
  facts.add_unknown(FieldId::move_ordered, UnknownCause::pending);
  Verdict verdict = judge(text, moved(), facts);
  EXPECT_EQ(verdict.truth, Truth::yes);
  EXPECT_TRUE(verdict.provisional);
  EXPECT_EQ(verdict.cause, UnknownCause::pending);
  EXPECT_EQ(verdict.open, std::vector{FieldId::move_ordered});

  EXPECT_EQ(judge(port_rule(kExonerated), moved(), facts).truth, Truth::unknown);  // without the key: plain Kleene

  facts.clear();
  facts.add_unknown(FieldId::container_inside, UnknownCause::no_coverage);
  facts.add_unknown(FieldId::move_ordered, UnknownCause::pending);
  verdict = judge(text, moved(), facts);
  EXPECT_EQ(verdict.truth, Truth::unknown);  // a positive term is open too
  EXPECT_FALSE(verdict.provisional);
  EXPECT_EQ(verdict.cause, UnknownCause::pending);  // preferred to no_coverage: it resolves by waiting
  EXPECT_EQ(verdict.open.size(), 2U);

  facts.clear();
  facts.add_boolean(FieldId::container_inside, true);
  facts.add_boolean(FieldId::move_ordered, false);
  verdict = judge(text, moved(), facts);
  EXPECT_EQ(verdict.truth, Truth::yes);
  EXPECT_FALSE(verdict.provisional);
  EXPECT_EQ(verdict.cause, UnknownCause::none);

  facts.clear();
  facts.add_boolean(FieldId::container_inside, true);
  facts.add_boolean(FieldId::move_ordered, true);
  EXPECT_EQ(judge(text, moved(), facts).truth, Truth::no);
}

// `no_task` outside a `not`: the open question is whether a task exonerates, so it is taken to be missing.
TEST(PortRules, AnExoneratingTermMayStandOutsideNot) {
  const std::string text = port_rule(
      "  move: {event.type: container.moved}\n  no_task: {lookup.task_known: false}\n  condition: move and no_task",
      "  exonerates: [no_task]");
  Record facts;
  facts.add_unknown(FieldId::lookup_task_known, UnknownCause::pending);
  const Verdict verdict = judge(text, moved(), facts);
  EXPECT_EQ(verdict.truth, Truth::yes);
  EXPECT_TRUE(verdict.provisional);
  EXPECT_EQ(verdict.open, std::vector{FieldId::lookup_task_known});
  facts.clear();
  facts.add_boolean(FieldId::lookup_task_known, true);
  EXPECT_EQ(judge(text, moved(), facts).truth, Truth::no);
}

TEST(PortRules, CauseNamesOnlyWhatMattered) {
  const std::string detection =
      "  move: {event.type: container.moved}\n"
      "  a: {move.ordered: false, release.known: false}\n"
      "  condition: move and a";
  Record facts;
  facts.add_unknown(FieldId::move_ordered, UnknownCause::pending);
  facts.add_boolean(FieldId::release_known, true);
  const Verdict verdict = judge(port_rule(detection), moved(), facts);
  EXPECT_EQ(verdict.truth, Truth::no);
  EXPECT_EQ(verdict.cause, UnknownCause::none);
  EXPECT_TRUE(verdict.open.empty());
}

struct FieldRow {
  const char* entry;
  Truth truth;
};

TEST(PortRules, FieldsAreJudgedByTheirKind) {
  Event event = moved();
  event.classifier = Classifier::planned;
  event.fields.add_decimal(FieldId::container_weight_kg, 26'195'500'000);
  event.fields.add_integer(FieldId::credential_serial, 2);
  event.fields.add_time(FieldId::pickup_window_from, parse_rfc3339("2026-10-24T06:30:00Z").value());
  event.fields.add_text(FieldId::seal_number, "SL1");
  event.fields.add_text(FieldId::seal_number, "SL2");
  event.fields.add_text(FieldId::location_from, "A01");
  event.fields.add_text(FieldId::location_to, "a01");
  event.fields.add_text(FieldId::release_to, "HAULIER");
  Record facts;
  facts.add_decimal(FieldId::container_weight_before_kg, 26'000'000'000);
  facts.add_boolean(FieldId::seal_changed, true);
  facts.add_text(FieldId::seal_known, "SL1");
  facts.add_unknown(FieldId::seal_known, UnknownCause::erased);
  facts.add_text(FieldId::location_to, "from facts");  // what the record says goes first
  const FieldRow rows[] = {
      {"container.weight_kg: 26195.5", Truth::yes},
      {"container.weight_kg: [1, 26195.50]", Truth::yes},
      {"container.weight_kg|gt: 26195.5", Truth::no},
      {"container.weight_kg|gte: '26195,5'", Truth::yes},
      {"container.weight_kg|neq: 26195.5", Truth::no},
      {"container.weight_kg|gt|fieldref: container.weight_before_kg", Truth::yes},
      {"container.weight_kg|fieldref: container.weight_before_kg", Truth::no},
      {"credential.serial: 2", Truth::yes},
      {"credential.serial|lt: 2.5", Truth::yes},
      {"seal.changed: true", Truth::yes},
      {"seal.changed: 'False'", Truth::no},
      {"seal.changed|neq: false", Truth::yes},
      {"pickup.window_from|gt: '2026-10-24T06:00:00Z'", Truth::yes},
      {"pickup.window_from|hour: [5, 6]", Truth::yes},
      {"pickup.window_from|lt|fieldref: release.valid_until", Truth::no},
      {"seal.number: sl2", Truth::yes},
      {"seal.number|all: [SL1, SL2]", Truth::yes},
      {"seal.number|all: [SL1, SL3]", Truth::no},
      {"seal.number|neq: SL3", Truth::yes},
      {"seal.known: SL1", Truth::yes},      // a known element decides
      {"seal.known: SL9", Truth::unknown},  // the erased one might be it
      {"seal.known: null", Truth::unknown},
      {"seal.number|fieldref: seal.known", Truth::yes},
      {"location.from|fieldref: location.to", Truth::yes},
      {"location.to: from facts", Truth::no},
      {"event.facility|startswith: SIKOP", Truth::yes},
      {"event.feed: tos", Truth::yes},
      {"event.classifier: planned", Truth::yes},
      {"event.type|startswith: container.", Truth::yes},
      {"vessel.name: null", Truth::yes},
      {"vessel.name|exists: false", Truth::yes},
      {"vessel.name|exists: true", Truth::no},
  };
  for (const FieldRow& row : rows) {
    const bool personal = std::string_view(row.entry).starts_with("credential");
    const std::string legal = personal ? "  legal: {personal: [credential.id], purpose: p, not_for: n}" : "";
    EXPECT_EQ(judge(port_rule(std::string("  s: {") + row.entry + "}\n  condition: s", legal), event, facts).truth,
              row.truth)
        << row.entry;
  }
}

struct LetRow {
  const char* expression;
  const char* test;
  Truth truth;
};

TEST(PortRules, Lets) {
  Event event = moved();
  event.fields.add_decimal(FieldId::container_weight_kg, 26'000 * kDecimalOne);
  event.fields.add_decimal(FieldId::container_tare_kg, 4'000 * kDecimalOne);
  event.fields.add_time(FieldId::pickup_window_from, parse_rfc3339("2026-10-24T06:00:00Z").value());
  event.fields.add_time(FieldId::pickup_window_until, parse_rfc3339("2026-10-24T07:30:00Z").value());
  Record facts;
  facts.add_integer(FieldId::container_open_visits, 3);
  facts.add_unknown(FieldId::container_weight_delta_kg, UnknownCause::pending);
  const LetRow rows[] = {
      {"container.weight_kg - container.tare_kg", "let.x: 22000", Truth::yes},
      {"2 + 3 * 4", "let.x: 14", Truth::yes},
      {"(2 + 3) * 4 - -1", "let.x: 21", Truth::yes},
      {"10 / 4", "let.x: 2.5", Truth::yes},
      {"abs(container.tare_kg - container.weight_kg) / 1000", "let.x: 22", Truth::yes},
      {"min(7, 3, 5) + max(1, 2)", "let.x: 5", Truth::yes},
      {"container.open_visits * 2", "let.x|gt: 5", Truth::yes},
      {"pickup.window_until - pickup.window_from", "let.x: 5400", Truth::yes},
      {"pickup.window_from - 3600", "let.x|hour: 5", Truth::yes},
      {"pickup.window_from - 3600", "let.x|lt|fieldref: pickup.window_from", Truth::yes},
      {"container.weight_kg / (container.open_visits - 3)", "let.x|lt: 1", Truth::no},  // division by zero: absent
      {"container.weight_kg / (container.open_visits - 3)", "let.x: null", Truth::yes},
      {"container.vgm_kg + 1", "let.x|gt: 0", Truth::no},
      {"container.vgm_kg + 1", "let.x: null", Truth::yes},
      {"container.weight_delta_kg + 1", "let.x|gt: 0", Truth::unknown},
      {"container.weight_delta_kg + container.vgm_kg", "let.x: null", Truth::yes},  // absent whatever the unknown is
      {"container.weight_kg * 9000000000000", "let.x: null", Truth::yes},           // out of range
      {"container.weight_kg * share / 100", "let.x: 13000", Truth::yes},
  };
  for (const LetRow& row : rows) {
    const std::string block =
        std::string("  let: {x: '") + row.expression + "'}\n  params: {share: {default: 50, unit: percent}}";
    const Verdict verdict =
        judge(port_rule(std::string("  s: {") + row.test + "}\n  condition: s", block), event, facts);
    EXPECT_EQ(verdict.truth, row.truth) << row.expression << " with " << row.test;
    if (row.truth == Truth::unknown) {
      EXPECT_EQ(verdict.cause, UnknownCause::pending);
      EXPECT_EQ(verdict.open, std::vector{FieldId::container_weight_delta_kg});
    }
  }
}

TEST(PortRules, LetsBuildOnEarlierOnesAndReadsAreCounted) {
  const std::string text =
      port_rule("  s: {let.net_t|gt: 20}\n  condition: s",
                "  let:\n    net: container.weight_kg - container.tare_kg\n    net_t: let.net / 1000");
  Event event = moved();
  event.fields.add_decimal(FieldId::container_weight_kg, 26'000 * kDecimalOne);
  event.fields.add_decimal(FieldId::container_tare_kg, 4'000 * kDecimalOne);
  EXPECT_EQ(judge(text, event, {}).truth, Truth::yes);
  const auto loaded = load_text(text);
  EXPECT_EQ(loaded.pack.rules()[0].reads, (std::vector{FieldId::container_weight_kg, FieldId::container_tare_kg}));
}

TEST(PortRules, ParamsExpandToTheirDefaults) {
  const std::string block =
      "  params:\n"
      "    limit_kg: {default: 500, unit: kg, min: 100, max: 5000}\n"
      "    yards: {default: [A*, B01]}";
  Event event = moved();
  event.fields.add_decimal(FieldId::container_weight_kg, 501 * kDecimalOne);
  event.fields.add_text(FieldId::location_from, "a77");
  const char* const entries[] = {"container.weight_kg|gt|expand: '%limit_kg%'", "location.from|expand: '%yards%'",
                                 "location.from|contains|expand: '%yards%'"};
  for (const char* entry : entries)
    EXPECT_EQ(judge(port_rule(std::string("  s: {") + entry + "}\n  condition: s", block), event, {}).truth, Truth::yes)
        << entry;
}

// The default says 500 kg or more, one terminal 800, another 300 and has its own yards.
constexpr const char* kByFacility =
    "  params:\n"
    "    kg: {default: 500, unit: kg, min: 100, max: 5000, facility: {SIKOP/KTV: 800, NLRTM/A: 300}}\n"
    "    yards: {default: [A*, B01], facility: {NLRTM/A: C*}}\n"
    "  let: {gain: container.weight_delta_kg - 1, limit: kg + 1, over: let.gain - let.limit}\n"
    "  exonerates: [ordered]";

TEST(PortRules, ParamsHaveTheirValueAtEachFacility) {
  struct Row {
    const char* facility;
    int gain_kg;
    const char* from;
    Truth truth;
  };
  const Row rows[] = {
      {"DEHAM/B", 505, "a77", Truth::yes}, {"DEHAM/B", 495, "a77", Truth::no},   {"DEHAM/B", 505, "c77", Truth::no},
      {"", 505, "a77", Truth::yes},        {"SIKOP/KTV", 505, "a77", Truth::no}, {"sikop/ktv", 805, "b01", Truth::yes},
      {"NLRTM/A", 305, "c77", Truth::yes}, {"NLRTM/A", 305, "a77", Truth::no},   {"NLRTM/AB", 305, "c77", Truth::no},
  };
  const char* const heavier[] = {"container.weight_delta_kg|gt|expand: '%kg%'", "let.over|gt: 0",
                                 "let.gain|gte|fieldref: let.limit"};
  for (const char* entry : heavier)
    for (const Row& row : rows) {
      const std::string rule = port_rule(
          fmt::format("  heavier: {{event.type: container.moved, {}}}\n  yard: {{location.from|expand: '%yards%'}}\n"
                      "  ordered: {{move.ordered: true}}\n  condition: heavier and yard and not ordered", entry),
          kByFacility);
      Event event = moved();
      event.facility = row.facility;
      event.fields.add_text(FieldId::location_from, row.from);
      Record facts;
      facts.add_decimal(FieldId::container_weight_delta_kg, row.gain_kg * kDecimalOne);
      EXPECT_EQ(judge(rule, event, facts).truth, row.truth) << row.facility << ' ' << row.gain_kg << ' ' << entry;
      facts.add_unknown(FieldId::move_ordered, UnknownCause::pending);
      EXPECT_EQ(judge(rule, event, facts).provisional, row.truth == Truth::yes) << row.facility << ' ' << entry;
      facts.remove(FieldId::move_ordered);
      facts.add_boolean(FieldId::move_ordered, true);
      EXPECT_EQ(judge(rule, event, facts).truth, Truth::no) << row.facility << ' ' << entry;
    }
}

TEST(PortRules, ADerivationTellsTheParamsOfTheFacility) {
  auto loaded = load_text(port_rule(
      "  heavier: {container.weight_delta_kg|gte|expand: '%kg%'}\n  ordered: {move.ordered: true}\n"
      "  condition: heavier and not ordered",
      kByFacility));
  ASSERT_TRUE(loaded.refused.empty()) << loaded.refused[0].reason;
  Record facts;
  facts.add_decimal(FieldId::container_weight_delta_kg, 600 * kDecimalOne);
  std::string told;
  for (const char* facility : {"SIKOP/KTV", "NLRTM/A", "DEHAM/B"}) {
    Event event = moved();
    event.facility = facility;
    for (const IdentifierAnswer& i : loaded.pack.derive(0, {&event, &facts}))
      told += fmt::format("{}: {} {}\n", i.name, i.answers[0].question, static_cast<int>(i.truth));
  }
  EXPECT_EQ(told,
            "heavier: container.weight_delta_kg is at least 800 (kg) 0\nordered: move.ordered is true 0\n"
            "heavier: container.weight_delta_kg is at least 300 (kg) 2\nordered: move.ordered is true 0\n"
            "heavier: container.weight_delta_kg is at least 500 (kg) 2\nordered: move.ordered is true 0\n");
}

TEST(PortRules, AnExceptionReckonsWithTheParamsOfTheFacility) {
  auto loaded = load_text(port_rule(
      "  a: {event.type: container.moved}\n  condition: a",
      "  params: {kg: {default: 500, facility: {SIKOP/KTV: 800}}}\n"
      "  suppress: [{when: {container.weight_delta_kg|lt|expand: '%kg%'}, owner: PFSO, reason: Scale is off., "
      "from: 2026-01-01T00:00:00Z, until: 2026-12-01T00:00:00Z}]"));
  ASSERT_TRUE(loaded.refused.empty()) << loaded.refused[0].reason;
  Record facts;
  facts.add_decimal(FieldId::container_weight_delta_kg, 600 * kDecimalOne);
  Event event = moved();
  event.event_time = *parse_rfc3339("2026-06-01T00:00:00Z");
  event.facility = "SIKOP/KTV";
  EXPECT_TRUE(loaded.pack.exception(0, {&event, &facts}));
  event.facility = "DEHAM/B";
  EXPECT_FALSE(loaded.pack.exception(0, {&event, &facts}));
}

TEST(PortRules, DispatchFollowsTheEventTypesOfTheCondition) {
  struct Row {
    const char* detection;
    std::vector<EventType> types;
  };
  const Row rows[] = {
      {"  s: {event.type: container.moved, move.ordered: false}\n  condition: s", {EventType::container_moved}},
      {"  s: {event.type: [container.moved, container.gate_out]}\n  condition: s",
       {EventType::container_gate_out, EventType::container_moved}},
      {"  s: {event.type|startswith: order.}\n  condition: s", {EventType::order_issued, EventType::order_cancelled}},
      {"  a: {event.type: container.moved}\n  b: {event.type: order.issued}\n  f: {release.known: true}\n  condition: "
       "(a or b) and f",
       {EventType::container_moved, EventType::order_issued}},
      {"  a: {event.type|startswith: pickup.}\n  b: {event.type: pickup.denied}\n  condition: a and not b",
       {EventType::pickup_announced, EventType::pickup_withdrawn, EventType::pickup_completed}},
      {"  a: {release.known: true}\n  condition: a", {}},
      {"  a: {event.type: container.moved}\n  f: {release.known: true}\n  condition: a or f", {}},
  };
  for (const Row& row : rows) {
    const auto loaded = load_text(port_rule(row.detection));
    ASSERT_EQ(loaded.pack.rules().size(), 1U)
        << row.detection << (loaded.refused.empty() ? "" : loaded.refused[0].reason);
    EXPECT_EQ(loaded.pack.rules()[0].types, row.types) << row.detection;
    EXPECT_EQ(loaded.pack.wants(EventType::container_sealed), row.types.empty());
  }
}

TEST(PortRules, OneEventAfterAnotherKeepsNoMemory) {
  auto loaded = load_text(port_rule(kMovedWithoutOrder));
  Record bad, good, unknown;
  bad.add_boolean(FieldId::move_ordered, false);
  good.add_boolean(FieldId::move_ordered, true);
  unknown.add_unknown(FieldId::move_ordered, UnknownCause::pending);
  const Event event = moved();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(judge(loaded.pack, event, bad).truth, Truth::yes);
    EXPECT_EQ(judge(loaded.pack, event, unknown).open, std::vector{FieldId::move_ordered});
    EXPECT_EQ(judge(loaded.pack, event, good).truth, Truth::no);
    EXPECT_EQ(judge(loaded.pack, event, {}).truth, Truth::no);
  }
}

TEST(PortRules, TheBlockFillsTheRule) {
  const auto loaded = load_text(R"(title: Container moved without a work order
id: 5F0C3C1E-1111-4222-8333-444455556666
status: test
description: A machine moved the box, and no work order covers it.
logsource: {product: port, category: container}
detection:
  move: {event.type: container.moved}
  no_order: {move.ordered: false}
  condition: move and no_order
falsepositives:
  - the order was given by radio and entered later
fields: [equipment.id, location.from, location.to]
level: high
tags: [attack.t0000]
quaywatch:
  invariant: I2
  mo: [MO-5, MO-2]
  direction: [inbound, outbound, transhipment]
  requires: [order.issued]
  group_by: [container.number]
  timespan: 12h
  subjects: {about: [container.number], acted: [equipment.id, equipment.operator]}
  actions: [Look at the box, Ask the shift leader]
  act_before: [pickup.window_from]
  legal: {personal: [equipment.operator], purpose: find the box, not_for: judging staff}
)");
  ASSERT_TRUE(loaded.refused.empty()) << loaded.refused[0].reason;
  const Rule& rule = loaded.pack.rules().at(0);
  EXPECT_EQ(rule.id, "5f0c3c1e-1111-4222-8333-444455556666");
  EXPECT_EQ(rule.title, "Container moved without a work order");
  EXPECT_EQ(rule.version.size(), 12U);
  EXPECT_EQ(rule.status, "test");
  EXPECT_EQ(rule.level, Level::high);
  EXPECT_TRUE(rule.is_port);
  EXPECT_EQ(rule.invariant, "I2");
  EXPECT_EQ(rule.mo, (std::vector<std::string>{"MO-5", "MO-2"}));
  EXPECT_EQ(rule.direction.size(), 3U);
  EXPECT_EQ(rule.needs_types, std::vector{EventType::order_issued});
  EXPECT_EQ(rule.group_by, std::vector{FieldId::container_number});
  EXPECT_EQ(rule.timespan, hours(12));
  EXPECT_EQ(rule.about, std::vector{FieldId::container_number});
  EXPECT_EQ(rule.acted, (std::vector{FieldId::equipment_id, FieldId::equipment_operator}));
  EXPECT_EQ(rule.actions.size(), 2U);
  EXPECT_EQ(rule.act_before, std::vector{FieldId::pickup_window_from});
  EXPECT_EQ(rule.legal_reads, std::vector<std::string>{"equipment.operator"});
  EXPECT_EQ(rule.legal_purpose, "find the box");
  EXPECT_EQ(rule.legal_not_for, "judging staff");
  EXPECT_EQ(rule.fields.size(), 3U);
  EXPECT_EQ(rule.reads, (std::vector{FieldId::event_type, FieldId::move_ordered}));
  EXPECT_EQ(rule.types, std::vector{EventType::container_moved});
  EXPECT_EQ(rule.false_positives.size(), 1U);
}

// docs/reference/rules.md: its example compiles and fires as the page says.
TEST(PortRules, TheDocumentedExampleWorks) {
  std::ifstream in(std::string(QUAYWATCH_SOURCE_DIR) + "/docs/reference/rules.md");
  std::ostringstream page;
  page << in.rdbuf();
  const std::string text = page.str(), fence = "```yaml\n";
  ASSERT_NE(text.find(fence), std::string::npos);
  const auto start = text.find(fence) + fence.size();
  const std::string rule = text.substr(start, text.find("```", start) - start);

  Event out = moved();
  out.type = EventType::container_gate_out;
  out.fields.add_text(FieldId::container_full_empty, "full");
  Record facts;
  facts.add_decimal(FieldId::container_weight_delta_kg, 600 * kDecimalOne);
  facts.add_decimal(FieldId::container_weight_before_kg, 12'000 * kDecimalOne);  // a gain of exactly 5 percent
  facts.add_unknown(FieldId::release_known, UnknownCause::pending);
  EXPECT_TRUE(judge(rule, out, facts).provisional);
  facts.remove(FieldId::release_known);
  facts.add_boolean(FieldId::release_known, true);
  EXPECT_EQ(judge(rule, out, facts).truth, Truth::no);
  EXPECT_EQ(load_text(rule).pack.rules().at(0).types, std::vector{EventType::container_gate_out});
}

TEST(PortRules, ABudgetIsNoneByLevelOrANumber) {
  const auto budget = [](const std::string& block) {
    return load_text(port_rule(kMovedWithoutOrder, block)).pack.rules().at(0).budget;
  };
  EXPECT_EQ(budget({}), std::nullopt);
  EXPECT_EQ(budget("  budget: none"), 0U);
  EXPECT_EQ(budget("  budget: 20 per day"), 20U);
  std::string critical = port_rule(kMovedWithoutOrder, "  budget: 50 per day");
  critical.replace(critical.find("level: high"), 11, "level: critical");
  EXPECT_EQ(load_text(critical).refused.at(0).reason, "a critical rule takes no budget: its alerts are never held");
}

// What each condition came to, in words, with the values it was asked of.
TEST(PortRules, DerivationNamesEachConditionWithItsValues) {
  auto loaded = load_text(port_rule(
      "  move: {event.type: [container.moved, container.weighed]}\n"
      "  heavier:\n    let.gain|gte|expand: '%kg%'\n    container.number|startswith: TRHU\n"
      "  ordered: {move.ordered: true}\n"
      "  seals: {seal.number: null}\n"
      "  condition: move and heavier and seals and not ordered",
      "  exonerates: [ordered]\n  params: {kg: {default: 500, unit: kg}}\n"
      "  let: {gain: container.weight_delta_kg - 1}"));
  ASSERT_TRUE(loaded.refused.empty()) << loaded.refused[0].reason;
  Record facts;
  facts.add_decimal(FieldId::container_weight_delta_kg, 600 * kDecimalOne);
  facts.add_unknown(FieldId::move_ordered, UnknownCause::pending);
  const Event event = moved();
  std::string told;
  for (const IdentifierAnswer& i : loaded.pack.derive(0, {&event, &facts})) {
    told += fmt::format("{} part {} wanted {} is {}\n", i.name, static_cast<int>(i.part), i.is_wanted,
                        static_cast<int>(i.truth));
    for (const Answer& a : i.answers) {
      told += fmt::format("  {}: {}", a.question, static_cast<int>(a.truth));
      for (const AskedOf& of : a.of) {
        told += fmt::format(" [{}", of.name);
        if (!of.expression.empty()) told += " = " + of.expression;
        for (const std::string& v : of.values) told += " " + v;
        told += "]";
      }
      told += "\n";
    }
  }
  EXPECT_EQ(told,
            "move part 0 wanted true is 2\n"
            "  event.type is container.moved or container.weighed: 2 [event.type container.moved]\n"
            "heavier part 0 wanted true is 2\n"
            "  let.gain is at least 500 (kg): 2 [let.gain = container.weight_delta_kg - 1 599] "
            "[container.weight_delta_kg 600]\n"
            "  container.number begins with TRHU: 2 [container.number TRHU3871247]\n"
            "ordered part 2 wanted false is 1\n"
            "  move.ordered is true: 1 [move.ordered unknown]\n"
            "seals part 0 wanted true is 2\n"
            "  seal.number is absent: 2 [seal.number]\n");
}

TEST(PortRules, VersionFollowsTheTextOfItsOwnDocument) {
  const std::string a = port_rule(kMovedWithoutOrder), b = log_rule("  s: {f: x}\n  condition: s");
  const auto one = load_text(a), two = load_text(a + "---\n" + b), changed = load_text(a + "# note\n");
  ASSERT_EQ(two.pack.rules().size(), 2U);
  EXPECT_EQ(one.pack.rules()[0].version, two.pack.rules()[0].version);
  EXPECT_NE(one.pack.rules()[0].version, changed.pack.rules()[0].version);
}

}  // namespace
}  // namespace quaywatch::rules
