#include <gtest/gtest.h>

#include <span>

#include "adapters/mapped/mapped.h"

namespace quaywatch::adapters::mapped {
namespace {

constexpr std::string_view kGood =
    "feed = \"f\"\n"                                            // 1
    "format = \"csv\"\n"                                        // 2
    "time_zone = \"UTC\"\n"                                     // 3
    "[[event]]\n"                                               // 4
    "type = \"container.moved\"\n"                              // 5
    "time = { column = \"t\", format = \"%Y-%m-%d %H:%M\" }\n"  // 6
    "fields = [\n"                                              // 7
    "  { to = \"container.number\", from = \"c\" },\n"          // 8
    "]\n";                                                      // 9

struct Case {
  const char* from;  // this text of kGood...
  const char* to;    // ...becomes this
  const char* context;
  const char* message;
};

void expect_refused(std::string_view good, std::span<const Case> cases) {
  for (const Case& c : cases) {
    std::string text(good);
    const auto at = text.find(c.from);
    ASSERT_NE(at, std::string::npos) << c.from;
    text.replace(at, std::string_view(c.from).size(), c.to);
    const auto mapping = parse_mapping(text, "m.toml");
    ASSERT_FALSE(mapping) << c.to;
    EXPECT_EQ(mapping.error().message, c.message);
    EXPECT_EQ(mapping.error().context, c.context) << c.message;
  }
}

TEST(ParseMapping, NamesTheMistakeAndItsLine) {
  static constexpr Case kCases[] = {
      {"time_zone", "time_zon", "m.toml:3", "unknown key 'time_zon'; the nearest is 'time_zone'"},
      {"feed = \"f\"", "feed = 7", "m.toml:1", "'feed' must be text in quotes"},
      {"feed = \"f\"\n", "\n", "m.toml:1", "the key 'feed' is missing"},
      {"\"csv\"", "\"xlsx\"", "m.toml:2",
       "'format' is 'xlsx'; it must be one of: csv, jsonl, syslog, cef, keyvalue, edifact"},
      {"\"csv\"", "\"jsonl\"\nseparator = \";\"", "m.toml:3", "'separator' has no meaning for format = \"jsonl\""},
      {"\"UTC\"", "\"Europe/Lubljana\"", "m.toml:3",
       "time zone 'Europe/Lubljana' is not in the system's database; write an IANA name such as Europe/Ljubljana"},
      {"time_zone = \"UTC\"\n", "\n", "m.toml:6",
       "time format '%Y-%m-%d %H:%M' states no offset: say time_zone (\"UTC\" is allowed)"},
      {"container.moved", "container.move", "m.toml:5",
       "there is no event type 'container.move'; the nearest is 'container.moved'"},
      {"container.number", "container.numbr", "m.toml:8",
       "there is no field 'container.numbr'; the nearest is 'container.number'"},
      {"container.number", "container.inside", "m.toml:8",
       "'container.inside' is a fact that timelines compute; a feed cannot state it"},
      {"container.number", "event.feed", "m.toml:8", "'event.feed' is set by the mapping itself"},
      {"from = \"c\"", "frm = \"c\"", "m.toml:8", "unknown key 'frm'; the nearest is 'from'"},
      {"from = \"c\"", "from = \"c\", value = \"x\"", "m.toml:8",
       "a field needs either 'from' (columns), 'value' (a constant) or 'lookup' (a table)"},
      {"from = \"c\"", "from = \"c\", capture = \"(\"", "m.toml:8",
       "'capture' is not a regular expression (RE2): missing ): ("},
      {"from = \"c\"", "from = \"c\", capture = \"(a)\", group = 2", "m.toml:8",
       "'group' is 2 but 'capture' has 1 groups"},
      {"from = \"c\"", "from = \"c\", split = \",\"", "m.toml:8",
       "'container.number' holds one value; only a list field can be split"},
      {"from = \"c\"", "from = \"c\", format = \"rfc3339\"", "m.toml:8",
       "'format' belongs to fields that hold a time; 'container.number' does not"},
      {"from = \"c\"", "from = 3", "m.toml:8", "'from' must be text or an array of texts"},
      {"column = \"t\", ", "", "m.toml:6", "'time' names no column"},
      {"type =", "op = \"void\"\ntype =", "m.toml:4",
       "op correct and void need 'key': the columns that name what they act on"},
      {"[[event]]", "covers = \"whole_days\"\nday_in_name = \"x\"\n[[event]]", "m.toml:5",
       "'day_in_name' needs one group around the date (YYYYMMDD) and covers = \"whole_days\""},
  };
  expect_refused(kGood, kCases);
}

TEST(ParseMapping, NamesTheMistakeInNumbersTablesAndContract) {
  static constexpr Case kCases[] = {
      {"from = \"c\"", "from = \"c\", number = \"1.234,5\"", "m.toml:8",
       "'number' belongs to fields that hold a number; 'container.number' does not"},
      {"container.number\", from = \"c\"", "container.weight_kg\", from = \"c\", number = \"1,5\"", "m.toml:8",
       "'number' is '1,5'; it must be one of: 1234.5, 1234,5, 1,234.5, 1.234,5, 1 234.5, 1 234,5, 1'234.5"},
      {"container.number\", from = \"c\"", "container.weight_kg\", from = \"c\", unit = \"ft\"", "m.toml:8",
       "'ft' is no unit that becomes kg of 'container.weight_kg'"},
      {"container.number\", from = \"c\"", "inspection.opened\", from = \"c\", words = { J = \"ja\" }", "m.toml:8",
       "'J' becomes 'ja'; 'inspection.opened' is true or false"},
      {"from = \"c\"", "lookup = { table = \"fleet\", key = \"c\", value = \"haulier\" }", "m.toml:8",
       "there is no [[table]] 'fleet'"},
      {"\"container.moved\"", "{ column = \"e\", words = { GI = \"container.gatein\" } }", "m.toml:5",
       "there is no event type 'container.gatein'; the nearest is 'container.gate_in'"},
      {"\"container.moved\"", "{ column = \"e\" }", "m.toml:5",
       "'type' is an event type, or { column = ..., words = { THEIRS = \"event.type\" } }"},
      {"[[event]]", "covers = \"until_export\"\n[[event]]", "m.toml:1",
       "covers = \"until_export\" needs 'exported_at': the instant up to which the file is complete"},
      {"[[event]]", "exported_at = { column = \"x\", format = \"rfc3339\" }\n[[event]]", "m.toml:4",
       "'exported_at' has a meaning with covers = \"until_export\" alone"},
      {"[[event]]", "covers = \"until_export\"\nexported_at = { format = \"rfc3339\" }\n[[event]]", "m.toml:5",
       "'exported_at' needs one of 'column', 'name' (an expression on the file name) and 'day'"},
      {"[[event]]", "arrives = { by = \"25:00\" }\n[[event]]", "m.toml:4",
       "'by' is '25:00'; write a time of day such as \"02:30\""},
      {"[[event]]", "plausible_from = \"soon\"\n[[event]]", "m.toml:4",
       "'plausible_from' is 'soon'; write a day such as \"2026-10-01\""},
      {"[[event]]", "replaces = \"some\"\n[[event]]", "m.toml:4",
       "'replaces' is 'some'; it must be one of: interval, all, none"},
      {"[[event]]", "[[table]]\nname = \"fleet\"\nfile = \"fleet.csv\"\nkey = \"plate\"\n[[event]]", "m.toml:4",
       "table 'fleet': 'fleet.csv' cannot be read: there is nobody to read it"},
  };
  expect_refused(kGood, kCases);
}

constexpr std::string_view kContract = R"(feed = "gate"
format = "edifact"
time_zone = "Europe/Ljubljana"
covers = "whole_days"
provides = ["container.gate_in", "container.gate_out"]
)";

TEST(ParseMapping, ContractOfAnEdifactFeed) {
  const auto contract = parse_mapping(kContract, "m.toml");
  ASSERT_TRUE(contract) << contract.error().message;
  // 23:30 UTC on the 28th is the 29th there, the day on which the clock goes forward: 23 h.
  const auto at = *parse_rfc3339("2026-03-28T23:30:00Z");
  const auto covered = covered_by(*contract, at, at, {}, "codeco.edi");
  ASSERT_TRUE(covered);
  EXPECT_EQ(covered->types, (std::vector{EventType::container_gate_in, EventType::container_gate_out}));
  EXPECT_EQ(format_rfc3339(covered->from), "2026-03-28T23:00:00Z");
  EXPECT_EQ(format_rfc3339(covered->until + Duration{1}), "2026-03-29T22:00:00Z");
  EXPECT_FALSE(covered_by(*contract, std::nullopt, std::nullopt, {}, "codeco.edi")) << "an empty file covers nothing";
}

TEST(ParseMapping, RefusesAContractThatLeavesTheClockOrThePromiseOpen) {
  static constexpr Case kCases[] = {
      {"time_zone = \"Europe/Ljubljana\"\ncovers = \"whole_days\"\n", "\n", "m.toml:1",
       "format = \"edifact\" needs time_zone: the messages state no offset"},
      {"provides = [\"container.gate_in\", \"container.gate_out\"]", "", "m.toml:1",
       "covers = \"whole_days\" needs 'provides': the event types that the feed answers for"},
      {"container.gate_in", "container.gatein", "m.toml:5",
       "there is no event type 'container.gatein'; the nearest is 'container.gate_in'"},
      {"covers", "separator = \";\"\ncovers", "m.toml:4", "'separator' has no meaning for format = \"edifact\""},
      {"provides", "event = []\nprovides", "m.toml:5", "records of format = \"edifact\" say themselves what they are"},
  };
  expect_refused(kContract, kCases);
}

TEST(ParseMapping, RefusesWhatIsNotTomlAndWhatIsTooLarge) {
  const auto broken = parse_mapping("feed = \"f\nformat", "m.toml");
  ASSERT_FALSE(broken);
  EXPECT_TRUE(broken.error().message.starts_with("not valid TOML: ")) << broken.error().message;
  EXPECT_EQ(broken.error().context, "m.toml:1");
  const auto large = parse_mapping(std::string(300'000, '#'), "m.toml");
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, ErrorCode::limit_exceeded);
  EXPECT_EQ(parse_mapping("feed=\"f\"\nformat=\"csv\"", "m.toml").error().message,
            "no [[event]]: say which events a row makes");
}

TEST(ParseMapping, RepetitionIsCheckedWhereItStands) {
  struct Repetition {
    const char* format;
    const char* line;
    const char* message;
  };
  const Repetition kRepetitions[] = {
      {"csv", "repeat = 0", "'repeat' must be 1 or more"},
      {"csv", "repeat = 101", "'repeat' must be a whole number from 0 to 100"},
      {"csv", "each = \"a\"", "'each' names an array of JSON lines; numbered columns take 'repeat'"},
      {"jsonl", "each = \"\"", "'each' names an array of JSON lines; numbered columns take 'repeat'"},
      {"jsonl", "each = \"a\"\nrepeat = 2",
       "'repeat' is for numbered columns and 'each' for an array; an event has one of them"},
  };
  for (const Repetition& c : kRepetitions) {
    const auto mapping = parse_mapping("feed = \"f\"\nformat = \"" + std::string(c.format) +
                                           "\"\n[[event]]\ntype = \"container.moved\"\n" + c.line +
                                           "\ntime = { column = \"t\", format = \"rfc3339\" }\n"
                                           "fields = [{ to = \"order.kind\", value = \"x\" }]\n",
                                       "m.toml");
    ASSERT_FALSE(mapping) << c.line;
    EXPECT_EQ(mapping.error().message, c.message);
  }
}

TEST(ParseMapping, AMappingRowTakesOverHowSureWeAre) {
  std::string text(kGood);
  text.replace(text.find("time_zone"), 0, "checked = \"standard\"\n");
  text.replace(text.find("from = \"c\" }"), 12,
               "from = \"c\" },\n{ to = \"order.ref\", value = \"x\", checked = \"memory\" }");
  const auto mapping = parse_mapping(text, "m.toml");
  ASSERT_TRUE(mapping) << mapping.error().message;
  EXPECT_EQ(mapping->checked, adapter::Checked::standard);
  EXPECT_EQ(mapping->events[0].checked, adapter::Checked::standard);
  EXPECT_EQ(mapping->events[0].fields[0].checked, adapter::Checked::standard);
  EXPECT_EQ(mapping->events[0].fields[1].checked, adapter::Checked::memory);
}

constexpr std::string_view kProfile = R"(feed = "gate"
format = "edifact"
time_zone = "Europe/Ljubljana"
corrects = "document"
[[kind]]
message = "CODECO"
code = "98"
type = "container.gate_in"
[[row]]
message = "CODECO"
segment = "TDT"
at = "8.3"
when = { at = "1.0", is = "1" }
to = "vehicle.plate"
)";

TEST(ParseMapping, WhatAnEdifactSenderDoesDifferently) {
  constexpr std::string_view kMessages[] = {"CODECO", "COARRI"};
  const auto mapping = parse_mapping(kProfile, "m.toml", kDescribedFormats, kMessages);
  ASSERT_TRUE(mapping) << mapping.error().message;
  ASSERT_NE(mapping->edifact, nullptr);
  EXPECT_TRUE(mapping->edifact->corrects_document);
  ASSERT_EQ(mapping->edifact->rows.size(), 1U);
  const adapter::EdifactRow& row = mapping->edifact->rows[0].second;
  EXPECT_EQ(row.source.element, 8);
  EXPECT_EQ(row.source.component, 3);
  EXPECT_EQ(row.convert, adapter::Convert::squeezed);  // plates are compared so
  EXPECT_EQ(mapping->edifact->kinds[0].second.type, EventType::container_gate_in);

  const Case kCases[] = {
      {"CODECO", "CODEKO", "m.toml:6", "there is no message 'CODEKO' here; it must be one of: CODECO, COARRI"},
      {"\"document\"", "\"all\"", "m.toml:4", "'corrects' is 'all'; it must be one of: lines, document"},
      {"container.gate_in", "container.gatein", "m.toml:8",
       "there is no event type 'container.gatein'; the nearest is 'container.gate_in'"},
      {"\"8.3\"", "\"8\"", "m.toml:12", "'at' is '8'; write element.component, such as \"8.0\""},
      {"\"TDT\"", "\"TD\"", "m.toml:11", "a segment tag has three letters"},
      {"{ at = \"1.0\", is = \"1\" }", "\"1\"", "m.toml:13",
       "'when' must be { at = \"1.0\", is = \"146\" }, or an array of two such tables"},
      {"vehicle.plate", "vehicle.plat", "m.toml:14",
       "there is no field 'vehicle.plat'; the nearest is 'vehicle.plate'"},
      {"vehicle.plate", "container.vgm_kg\"\nform = \"as_is", "m.toml:14",
       "'container.vgm_kg' does not take what 'form' makes"},
      {"vehicle.plate\"", "container.status\"\nform = \"coded\"", "m.toml:9",
       "'words' and form = \"coded\" belong together"},
      {"segment =", "segmnt =", "m.toml:11", "unknown key 'segmnt'; the nearest is 'segment'"},
      {"edifact", "jsonl", "m.toml:4", "'corrects' is for format = \"edifact\""},
  };
  for (const Case& c : kCases) {
    std::string text(kProfile);
    const auto at = text.find(c.from);
    ASSERT_NE(at, std::string::npos) << c.from;
    text.replace(at, std::string_view(c.from).size(), c.to);
    const auto bad = parse_mapping(text, "m.toml", kDescribedFormats, kMessages);
    ASSERT_FALSE(bad) << c.to;
    EXPECT_EQ(bad.error().message, c.message);
    EXPECT_EQ(bad.error().context, c.context) << c.message;
  }
}

TEST(ParseMapping, FileNamePatterns) {
  std::string text(kGood);
  text.replace(text.find("time_zone"), 0, "files = [\"gate_*.csv\", \"portal-?.txt\"]\n");
  const auto mapping = parse_mapping(text, "m.toml");
  ASSERT_TRUE(mapping) << mapping.error().message;
  for (const char* name : {"gate_20261025.csv", "gate_.csv", "portal-1.txt"})
    EXPECT_TRUE(matches(*mapping, name)) << name;
  for (const char* name : {"gate.csv", "gate_1.csv.gz", "portal-10.txt", "old_gate_1.csv", ""})
    EXPECT_FALSE(matches(*mapping, name)) << name;
}

}  // namespace
}  // namespace quaywatch::adapters::mapped
