// Tables and zones: what lets say of them, when a row holds, and what is refused.
#include "rules/reference.h"

#include <gtest/gtest.h>

#include "rules/rule_text.h"

namespace quaywatch::rules {
namespace {

constexpr const char* kHauliers =
    "---\n"
    "title: Hauliers and what they may fetch\n"
    "table:\n"
    "  name: hauliers\n"
    "  numbers: [kg_max]\n"
    "  csv: |\n"
    "    party;facility;grade;kg_max;valid_from;valid_until\n"
    "    H-118;SIKOP/KTV;Gold;26000;2026-01-01;2026-03-31\n"
    "    H-118;SIKOP/KTV;silver;20000.5;2026-04-01;\n"
    "\n"
    "    H-204;NLRTM/ECT;\"gold; at night\";;;\n"
    "    H-7;SIKOP/KTV;gold;1;2026-03-15T06:00:00Z;2026-03-15T07:00:00Z\n";

constexpr const char* kAnchorage =
    "---\n"
    "title: Anchorage\n"
    "zone: {name: anchorage, ring: [[13.70, 45.50], [13.80, 45.50], [13.80, 45.60], [13.75, 45.55], [13.70, 45.60]]}\n";

Event collected(const char* at) {
  Event event;
  event.type = EventType::container_gate_out;
  event.facility = "SIKOP/KTV";
  event.event_time = parse_rfc3339(at).value();
  return event;
}

std::string rule_with(const std::string& expression, const std::string& test) {
  return port_rule("  s: {" + test + "}\n  condition: s", "  let: {x: '" + expression + "'}");
}

Truth judged(const std::string& text, const Event& event, const Record& facts = {}) {
  auto loaded = load_text(text);
  for (const Refusal& r : loaded.refused) ADD_FAILURE() << r.line << ": " << r.reason << "\n" << text;
  Truth out = Truth::no;
  loaded.pack.evaluate({&event, &facts}, [&](std::size_t, const Verdict& v) { out = v.truth; });
  return out;
}

TEST(References, WhatATableSays) {
  struct Row {
    const char *party, *at, *expression, *test;
    Truth truth;
  };
  const char *winter = "2026-03-31T23:59:59Z", *spring = "2026-04-01T00:00:00Z", *before = "2025-12-31T23:59:59Z";
  const char* in = "in_table(hauliers, party.code)";
  const char* pair = "in_table(hauliers, party.code, event.facility)";
  const char* grade = "lookup(hauliers, party.code, grade)";
  const char* kg = "lookup(hauliers, party.code, kg_max)";
  const Row rows[] = {
      {"H-118", winter, in, "let.x: true", Truth::yes},
      {"h-118", spring, in, "let.x: true", Truth::yes},
      {"H-118", before, in, "let.x: false", Truth::yes},
      {"H-119", winter, in, "let.x: false", Truth::yes},
      {"H-118", winter, pair, "let.x: true", Truth::yes},
      {"H-204", winter, pair, "let.x: false", Truth::yes},
      {"H-118", winter, grade, "let.x: gold", Truth::yes},
      {"H-118", spring, grade, "let.x: silver", Truth::yes},
      {"H-204", winter, grade, "let.x|endswith: night", Truth::yes},
      {"H-118", before, grade, "let.x: null", Truth::yes},
      {"H-118", winter, kg, "let.x: 26000", Truth::yes},
      {"H-118", spring, kg, "let.x|gt: 20000", Truth::yes},
      {"H-204", winter, kg, "let.x: null", Truth::yes},  // nothing in the cell
      {"H-7", "2026-03-15T06:00:00Z", in, "let.x: true", Truth::yes},
      {"H-7", "2026-03-15T07:00:00Z", in, "let.x: true", Truth::yes},
      {"H-7", "2026-03-15T07:00:01Z", in, "let.x: false", Truth::yes},
      {"H-118", winter, "26500 - lookup(hauliers, party.code, kg_max)", "let.x: 500", Truth::yes},
      {"", winter, in, "let.x: false", Truth::no},  // nobody is named: neither in it nor not
      {"", winter, in, "let.x: null", Truth::yes},
  };
  for (const Row& row : rows) {
    Event event = collected(row.at);
    if (*row.party) event.fields.add_text(FieldId::party_code, row.party);
    EXPECT_EQ(judged(rule_with(row.expression, row.test) + kHauliers, event), row.truth)
        << row.party << " " << row.at << " " << row.expression << " " << row.test;
  }
}

TEST(References, WhatIsUnknownStaysUnknownAndWhatIsAbsentDecides) {
  Event event = collected("2026-03-01T00:00:00Z");
  Record facts;
  facts.add_unknown(FieldId::release_holder, UnknownCause::pending);
  for (const char* expression : {"in_table(hauliers, release.holder)", "lookup(hauliers, release.holder, grade)"}) {
    EXPECT_EQ(judged(rule_with(expression, "let.x|exists: true") + kHauliers, event, facts), Truth::unknown);
    EXPECT_EQ(judged(rule_with(expression, "let.x: null") + kHauliers, event, facts), Truth::unknown);
  }
  const std::string both = "in_table(hauliers, party.code, release.holder)";
  EXPECT_EQ(judged(rule_with(both, "let.x: null") + kHauliers, event, facts), Truth::yes);
  event.fields.add_text(FieldId::party_code, "H-118");
  EXPECT_EQ(judged(rule_with(both, "let.x: true") + kHauliers, event, facts), Truth::unknown);
}

TEST(References, WhereAZoneIsAndHowFar) {
  struct Row {
    const char *latitude, *longitude, *expression, *test;
    Truth truth;
  };
  const char* in = "in_zone(anchorage, position.latitude, position.longitude)";
  const char* far = "distance_m(position.latitude, position.longitude, 45.55, 13.75)";
  const Row rows[] = {
      {"45.52", "13.75", in, "let.x: true", Truth::yes},
      {"45.57", "13.75", in, "let.x: false", Truth::yes},  // in the notch
      {"45.57", "13.71", in, "let.x: true", Truth::yes},
      {"45.50", "13.75", in, "let.x: true", Truth::yes},  // on the border
      {"45.60", "13.80", in, "let.x: true", Truth::yes},  // on a corner
      {"45.55", "13.75", in, "let.x: true", Truth::yes},
      {"45.55", "13.69", in, "let.x: false", Truth::yes},  // level with a corner, outside
      {"45.55", "13.81", in, "let.x: false", Truth::yes},
      {"45.499999", "13.75", in, "let.x: false", Truth::yes},
      {"91", "13.75", in, "let.x: null", Truth::yes},
      {"45.55", "13.75", far, "let.x: 0", Truth::yes},
      {"45.56", "13.75", far, "let.x: 1112", Truth::yes},  // a hundredth of a degree of latitude
      {"45.55", "13.76", far, "let.x: 779", Truth::yes},   // of longitude: times cos 45.55
      {"45.55", "181", far, "let.x: null", Truth::yes},
  };
  for (const Row& row : rows) {
    Event event = collected("2026-03-01T00:00:00Z");
    std::int64_t degrees = 0;
    ASSERT_TRUE(parse_decimal(row.latitude, degrees));
    event.fields.add_decimal(FieldId::position_latitude, degrees);
    ASSERT_TRUE(parse_decimal(row.longitude, degrees));
    event.fields.add_decimal(FieldId::position_longitude, degrees);
    EXPECT_EQ(judged(rule_with(row.expression, row.test) + kAnchorage, event), row.truth)
        << row.latitude << " " << row.longitude << " " << row.expression << " " << row.test;
  }
}

// A zone is turned and shifted through every corner it has: a place is in it whichever corner comes first.
TEST(References, AZoneIsTheSameFromEveryCornerAndInBothDirections) {
  Zone zone;
  for (const auto& [x, y] : {std::pair(0, 0), {6, 0}, {6, 4}, {3, 2}, {4, 5}, {0, 6}, {2, 3}})
    zone.ring.push_back({y, x});
  Zone other = zone;
  std::reverse(other.ring.begin(), other.ring.end());
  for (std::size_t turn = 0; turn < zone.ring.size(); ++turn) {
    std::rotate(other.ring.begin(), other.ring.begin() + 1, other.ring.end());
    for (std::int64_t y = -1; y <= 7; ++y)
      for (std::int64_t x = -1; x <= 7; ++x) EXPECT_EQ(zone.contains({y, x}), other.contains({y, x})) << x << " " << y;
  }
}

TEST(References, ARuleIsAnotherVersionWhenARowThatItAsksIs) {
  const auto version = [](const std::string& table) {
    return load_text(rule_with("in_table(hauliers, party.code)", "let.x: true") + table).pack.rules().at(0).version;
  };
  std::string changed = kHauliers;
  changed.replace(changed.find("Gold"), 4, "Lead");
  EXPECT_EQ(version(kHauliers), version(kHauliers));
  EXPECT_NE(version(kHauliers), version(changed));
  EXPECT_EQ(version(kHauliers), version(std::string(kHauliers) + kAnchorage));
}

TEST(References, OfAnyFileOfThePackAndNamedOnce) {
  const std::string rule = rule_with("in_table(hauliers, party.code)", "let.x: true");
  EXPECT_TRUE(Pack::load({{"a.yml", rule}, {"b.yml", kHauliers}}).refused.empty());
  const auto twice = Pack::load({{"a.yml", rule}, {"b.yml", kHauliers}, {"c.yml", kHauliers}});
  ASSERT_EQ(twice.refused.size(), 1U);
  EXPECT_EQ(twice.refused[0].path, "c.yml");
  EXPECT_EQ(twice.refused[0].reason, "there are two tables named 'hauliers'; give this one a name of its own");
}

TEST(References, WhatIsRefused) {
  const auto table = [](const std::string& csv, const std::string& more = {}) {
    return "title: T\ntable:\n  name: t\n" + more + "  csv: |\n" + csv;
  };
  const auto zone = [](const std::string& ring) { return "title: Z\nzone: {name: z, ring: " + ring + "}\n"; };
  const std::pair<std::string, const char*> rows[] = {
      {"table: {name: t, csv: a}\n", "title is missing"},
      {"title: T\ntable: [a]\n", "table must be a map of name, numbers, csv"},
      {"title: T\ntable: {name: T, csv: a}\n", "table.name must be a lower-case name (a-z, 0-9, _)"},
      {"title: T\ntable: {name: t, cvs: a}\n", "table has the unknown key 'cvs'; nearest: 'csv'"},
      {"title: T\ntable: {name: t}\n", "table.csv is missing: a text (csv: |) whose first line names the columns"},
      {"title: T\ntable: {name: t, csv: a}\nzone: {name: z}\n", "one document is either a table or a zone; write two"},
      {"title: T\nlevel: high\ntable: {name: t, csv: a}\n", "the document has the unknown key 'level'"},
      {table("    a,a\n"), "table 't': its columns need names of their own; 'a' is none"},
      {table("    valid_from\n    2026-01-01\n"), "table 't': it has no column to ask for"},
      {table("    a,b\n    1\n"),
       "table 't': row 2: 1 fields where the header has 2; a separator inside a field needs quotes"},
      {table("    a,b\n    ,1\n"), "table 't': row 2 has nothing in 'a', by which it is found"},
      {table("    a,b\n    x,1t\n", "  numbers: [b]\n"),
       "table 't': row 2: '1t' is not a number, as 'b' has by table.numbers"},
      {table("    a,kg\n    x,1\n", "  numbers: [kh]\n"),
       "table 't': table.numbers names 'kh', which is no column; nearest: 'kg'"},
      {table("    a,valid_from\n    x,3.2.2026\n"),
       "table 't': row 2: '3.2.2026' is neither a day (2026-03-02) nor an instant (2026-03-02T06:00:00Z)"},
      {table("    a,valid_from,valid_until\n    x,2026-02-02,2026-02-01\n"), "table 't': row 2 ends before it begins"},
      {zone("x"), "zone 'z': ring is missing: a list of its corners, each [longitude, latitude]"},
      {zone("[[1, 2], [2, 3]]"), "zone 'z': an area has at least three corners"},
      {zone("[[1, 95], [2, 3], [1, 1]]"),
       "zone 'z': a corner is [longitude, latitude] in degrees, such as [13.7, 45.5]"},
      {zone("[[-170, 1], [170, 3], [1, 1]]"),
       "zone 'z': it spans more than 180 degrees; one that crosses the 180th meridian must be written as two"},
  };
  for (const auto& [text, reason] : rows) {
    const auto loaded = load_text(text);
    ASSERT_EQ(loaded.refused.size(), 1U) << text;
    EXPECT_EQ(loaded.refused[0].reason, reason) << text;
    EXPECT_GT(loaded.refused[0].line, 0) << text;
  }
}

TEST(References, WhatALetMayNotAsk) {
  const std::pair<const char*, const char*> rows[] = {
      {"in_table(haulers, party.code)", "no table of these rules has the name 'haulers'; nearest: 'hauliers'"},
      {"in_table(hauliers)", "in_table needs a table and one or two values to be looked for in it"},
      {"in_table(hauliers, party.code, party.code, party.code)",
       "in_table needs a table and one or two values to be looked for in it"},
      {"in_table(hauliers, seal.number)", "'seal.number' is a list; a table is asked of single values"},
      {"in_table(hauliers, 5)", "'5' is not a field, a param or an earlier let"},
      {"in_table(hauliers, party.code) + 1", "a yes or no cannot be reckoned with"},
      {"-lookup(hauliers, party.code, grade)", "a text cannot be reckoned with"},
      {"max(1, lookup(hauliers, party.code, grade))", "a text cannot be reckoned with"},
      {"lookup(hauliers, party.code, grad)", "the table 'hauliers' has no column 'grad'; nearest: 'grade'"},
      {"in_zone(anchorage, position.latitude)", "',' is missing at column 37"},
      {"distance_m(1, 2, 3, pickup.window_from)", "distance_m needs degrees, latitude before longitude"},
  };
  for (const auto& [expression, reason] : rows) {
    const auto loaded = load_text(rule_with(expression, "let.x: null") + kHauliers + kAnchorage);
    ASSERT_EQ(loaded.refused.size(), 1U) << expression;
    EXPECT_EQ(loaded.refused[0].reason, std::string("let 'x': ") + reason) << expression;
  }
  std::string rivals = kHauliers;
  rivals.replace(rivals.find("2026-03-31"), 10, "2026-04-01");
  const auto loaded = load_text(rule_with("lookup(hauliers, party.code, grade)", "let.x: gold") + rivals);
  ASSERT_EQ(loaded.refused.size(), 1U);
  EXPECT_EQ(loaded.refused[0].reason,
            "let 'x': lookup needs one row, and rows 2 and 3 of the table 'hauliers' hold for one 'party' at one time");
  EXPECT_EQ(load_text(rule_with("in_table(hauliers, party.code)", "let.x: true") + rivals).refused.size(), 0U);
}

}  // namespace
}  // namespace quaywatch::rules
