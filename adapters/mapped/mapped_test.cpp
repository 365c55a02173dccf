#include "adapters/mapped/mapped.h"

#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <sstream>

#include "adapter/recorder.h"

namespace quaywatch::adapters::mapped {
namespace {

using adapter::Recorder;
using adapter::SpanKind;

adapter::Source source() {
  adapter::Source s;
  s.owner = "importer";
  s.facility = "XXXXX/1";
  s.received_at = *parse_rfc3339("2026-12-01T00:00:00Z");
  return s;
}

std::string vector_file(const std::string& name) {
  std::ifstream in(std::string(QUAYWATCH_SOURCE_DIR "/adapters/mapped/vectors/") + name, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

Mapping parsed(const std::string& toml) {
  auto mapping = parse_mapping(toml, "test.toml");
  if (!mapping) {
    ADD_FAILURE() << mapping.error().context << ": " << mapping.error().message;
    return {};
  }
  return std::move(*mapping);
}

// A mapping of one event on columns t (time, RFC 3339 unless `time` says else) with the given fields.
Mapping small(const std::string& top, const std::string& fields, const std::string& time = "format = \"rfc3339\"") {
  return parsed("feed = \"f\"\n" + top + "\n[[event]]\ntype = \"container.moved\"\ntime = { column = \"t\", " + time +
                " }\nfields = [" + fields + "]\n");
}

Recorder decode(std::string_view bytes, const Mapping& mapping, std::string_view name = {}) {
  Recorder r;
  decode_mapped(bytes, mapping, source(), r, name);
  EXPECT_TRUE(r.accounts_for(bytes.size()));
  return r;
}

std::vector<std::string> all(const Event& e, FieldId field) {
  std::vector<std::string> out;
  e.fields.each(field, [&](const Value& v) { out.push_back(to_text(v)); });
  return out;
}

TEST(Mapped, LinesAboveTheHeaderAreIgnored) {
  const Mapping m = small("format = \"csv\"\nskip_lines = 1", R"({ to = "location.to", from = "to" })");
  const Recorder r = decode("Moves of the day\nt,to\n2026-10-23T10:00:00Z,A1\n", m);
  ASSERT_EQ(r.events.size(), 1U);
  EXPECT_EQ(r.events.front()->fields.text(*find_field("location.to")), "A1");
  EXPECT_EQ(r.reasons(SpanKind::ignored), (std::map<std::string, int>{{"title_line", 1}}));
}

// code field value of each finding
std::vector<std::string> findings_of(const Recorder& r) {
  std::vector<std::string> out;
  for (const auto& f : r.findings) out.push_back(std::string(f.code) + " " + f.field + " " + f.value);
  return out;
}

TEST(Mapped, ReadsAGatePortalWithItsQuirks) {
  const Recorder r = decode(vector_file("malformed_gate.csv"), parsed(vector_file("malformed_gate.toml")));
  ASSERT_EQ(r.events.size(), 4U);

  const Event& first = *r.events[0];
  EXPECT_EQ(info(first.type).name, "container.gate_in");
  EXPECT_EQ(format_rfc3339(first.event_time), "2026-10-24T23:59:10Z");
  EXPECT_EQ(first.text(FieldId::container_number), "TRHU3871247");
  EXPECT_EQ(first.text(FieldId::vehicle_plate), "KPXQ482");
  EXPECT_EQ(to_text(first.fields.get(FieldId::container_weight_kg)), "28377.5");
  EXPECT_EQ(all(first, FieldId::seal_number), (std::vector<std::string>{"A1", "B2"}));
  EXPECT_EQ(first.natural_key, make_natural_key("gate", "1"));
  EXPECT_EQ(first.owner, "terminal");
  EXPECT_EQ(first.facility, "NLRTM/T1");
  EXPECT_EQ(first.marking, Marking::green);

  // Row 3 falls back, so row 2 was in the first pass of the repeated hour and row 3 is in the second; both are sure.
  EXPECT_EQ(format_rfc3339(r.events[1]->event_time), "2026-10-25T00:12:08Z");
  EXPECT_EQ(format_rfc3339(r.events[2]->event_time), "2026-10-25T01:07:44Z");
  EXPECT_EQ(r.events[1]->time_error_s, 0);
  EXPECT_EQ(r.events[2]->time_error_s, 0);
  EXPECT_EQ(r.events[1]->text(FieldId::vehicle_plate), "LJQX471") << "the clerk's column overrides";
  EXPECT_FALSE(r.events[2]->fields.has(FieldId::container_weight_kg)) << "the event is made without the bad value";
  EXPECT_EQ(r.events[3]->time_error_s, 3600) << "an hour that does not exist";

  EXPECT_EQ(findings_of(r),
            (std::vector<std::string>{"check_digit container.number TRHU3871248", "bad_value container.weight_kg heavy",
                                      "skipped_hour event_time 29.3.2026 2:30:00"}));
  EXPECT_EQ(r.reasons(SpanKind::rejected), (std::map<std::string, int>{{"bad_time", 1}, {"column_count", 1}}));
  EXPECT_EQ(r.reasons(SpanKind::ignored), (std::map<std::string, int>{{"blank", 1}, {"no_event_for_row", 1}}));
  ASSERT_EQ(r.coverages.size(), 1U);
  EXPECT_EQ(r.coverages[0].types, (std::vector{EventType::container_gate_in, EventType::container_gate_out}));
  EXPECT_EQ(format_rfc3339(r.coverages[0].from), "2026-03-29T01:30:00Z");
  EXPECT_EQ(format_rfc3339(r.coverages[0].until), "2026-10-25T01:07:44Z");
  EXPECT_EQ(r.coverages[0].facility, "NLRTM/T1");
}

TEST(Mapped, MessagesNameTheValueAndWhatWasExpected) {
  const Recorder r = decode(vector_file("malformed_gate.csv"), parsed(vector_file("malformed_gate.toml")));
  std::vector<std::string> rejected;
  for (const auto& s : r.spans)
    if (s.kind == SpanKind::rejected) rejected.push_back(s.message);
  EXPECT_EQ(rejected,
            (std::vector<std::string>{"'25.10.2026 26:00:00' in time is not a time of the form %d.%m.%Y %H:%M:%S",
                                      "4 fields where the header has 9; a separator inside a field needs quotes"}));
  EXPECT_EQ(r.findings[1].message, "'heavy' is not a number; container.weight_kg is left out");
}

TEST(Mapped, RepeatedHourStaysOpenWithoutAnOrderThatDecidesIt) {
  const std::string rows = "t\n2026-10-25 02:12:08\n2026-10-25 02:30:00\n2026-10-25 03:10:00\n";
  const std::string time = "format = \"%Y-%m-%d %H:%M:%S\"";
  const std::string top = "format = \"csv\"\ntime_zone = \"Europe/Amsterdam\"\n";
  const std::string field = "{ to = \"order.kind\", value = \"x\" }";
  for (const char* order : {"in_order = true", "in_order = false"}) {
    const Recorder r = decode(rows, small(top + order, field, time));
    ASSERT_EQ(r.events.size(), 3U);
    EXPECT_EQ(format_rfc3339(r.events[0]->event_time), "2026-10-25T00:12:08Z") << order;
    EXPECT_EQ(r.events[0]->time_error_s, 3600) << order;
    EXPECT_EQ(r.events[1]->time_error_s, 3600) << order;
    EXPECT_EQ(r.events[2]->time_error_s, 0) << order;
    EXPECT_EQ(r.findings.size(), 2U) << order;
  }
  // A clock that falls back decides nothing where rows do not stand in the order of happening.
  const Recorder unordered = decode("t\n2026-10-25 02:12:08\n2026-10-25 02:07:44\n", small(top, field, time));
  EXPECT_EQ(format_rfc3339(unordered.events[1]->event_time), "2026-10-25T00:07:44Z");
  EXPECT_EQ(unordered.events[1]->time_error_s, 3600);
}

TEST(Mapped, LaterTimesOfTheRowDecideTheRepeatedHour) {
  const std::string top = "format = \"csv\"\ntime_zone = \"Europe/Amsterdam\"\n";
  const Mapping mapping = small(top, "{ to = \"order.kind\", value = \"x\" }",
                                "format = \"%Y-%m-%d %H:%M\", then = [\"started\", \"ended\"]");
  const Recorder r = decode(
      "t,started,ended\n2026-10-25 02:13,2026-10-25 02:50,2026-10-25 02:06\n"
      "2026-10-25 02:13,2026-10-25 02:20,2026-10-25 03:06\n2026-10-25 02:13,,\n",
      mapping);
  ASSERT_EQ(r.events.size(), 3U);
  EXPECT_EQ(r.events[0]->time_error_s, 60) << "the minute stays open, the hour does not";
  EXPECT_EQ(r.events[1]->time_error_s, 3600);
  EXPECT_EQ(r.events[2]->time_error_s, 3600);
}

TEST(Mapped, UnknownColumnRefusesTheWholeFileAndNamesTheNearest) {
  const Mapping mapping = small("format = \"csv\"", "{ to = \"order.ref\", from = \"order_no\" }");
  const Recorder r = decode("t;order_nr\n2026-10-22T00:00:00Z;1\n", mapping);
  ASSERT_EQ(r.spans.size(), 1U);
  EXPECT_TRUE(r.events.empty());
  EXPECT_TRUE(r.coverages.empty());
  EXPECT_EQ(r.spans[0].reason, "unknown_column");
  EXPECT_EQ(r.spans[0].message, "the file has no column 'order_no'; the nearest is 'order_nr'");
  const Recorder twice = decode("t;order_no;order_no\n", mapping);
  EXPECT_EQ(twice.spans[0].reason, "repeated_column");
  EXPECT_EQ(twice.spans[0].message, "the file has several columns 'order_no'; write 'order_no#1' or 'order_no#2'");
  EXPECT_EQ(decode("\xFF\xFEt\0;\0", mapping).spans[0].reason, "utf16");
}

TEST(Mapped, FileWithoutHeaderRowTakesTheNamesOfTheMapping) {
  const Mapping mapping = small("format = \"csv\"\ncolumns = [\"t\", \"no\"]", "{ to = \"order.ref\", from = \"no\" }");
  const Recorder r = decode("2026-10-22T00:00:00Z,1\n2026-10-22T00:00:01Z,2\n", mapping);
  ASSERT_EQ(r.events.size(), 2U);
  EXPECT_EQ(r.events[1]->text(FieldId::order_ref), "2");
  EXPECT_EQ(decode("2026-10-22T00:00:00Z,1,9\n", mapping).spans[0].message,
            "the first row has 3 fields and the mapping names 2 columns");
}

TEST(Mapped, TextInWindows1252) {
  const std::string rows = "t,from\n2026-10-22T00:00:00Z,Kai \xD6st \x80\n";
  const std::string field = "{ to = \"location.from\", from = \"from\" }";
  const Recorder told = decode(rows, small("format = \"csv\"\nencoding = \"windows-1252\"", field));
  EXPECT_EQ(told.events[0]->text(FieldId::location_from), "Kai \u00D6st \u20AC");
  EXPECT_TRUE(told.findings.empty());
  const Recorder untold = decode(rows, small("format = \"csv\"", field));
  EXPECT_EQ(untold.events[0]->text(FieldId::location_from), "Kai \u00D6st \u20AC");
  EXPECT_EQ(findings_of(untold), (std::vector<std::string>{"charset location.from Kai \u00D6st \u20AC"}));
}

TEST(Mapped, JsonLinesWithNestedKeysArraysAndNulls) {
  const Mapping mapping =
      small("format = \"jsonl\"",
            "{ to = \"container.number\", from = \"unit.no\" }, { to = \"seal.number\", from = \"seals\" },"
            "{ to = \"task.ref\", from = \"task\" }, { to = \"order.ref\", from = \"orders\" }");
  const Recorder r = decode(
      "{\"t\":\"2026-10-22T00:00:00Z\",\"unit\":{\"no\":\"TRHU "
      "387124-7\"},\"seals\":[\"A\",\"B\"],\"task\":null,\"orders\":[7,8]}\n"
      "\n{\"t\":\"2026-10-22T00:00:00Z\"\n{\"t\":1}",
      mapping);
  ASSERT_EQ(r.events.size(), 1U);
  EXPECT_EQ(r.events[0]->text(FieldId::container_number), "TRHU3871247");
  EXPECT_EQ(all(*r.events[0], FieldId::seal_number), (std::vector<std::string>{"A", "B"}));
  EXPECT_FALSE(r.events[0]->fields.has(FieldId::task_ref));
  EXPECT_EQ(r.events[0]->text(FieldId::order_ref), "7");
  EXPECT_EQ(findings_of(r), (std::vector<std::string>{"many_values order.ref 8"}));
  EXPECT_EQ(r.reasons(SpanKind::rejected), (std::map<std::string, int>{{"bad_json", 1}, {"bad_time", 1}}));
}

// "number port time" of each declared call.
std::vector<std::string> calls_of(const Recorder& r) {
  std::vector<std::string> out;
  for (const auto& e : r.events)
    out.push_back(to_text(e->fields.get(FieldId::call_number)) + " " + std::string(e->text(FieldId::location_code)) +
                  " " + format_rfc3339(e->event_time).substr(0, 10));
  return out;
}

TEST(Mapped, EachElementOfAnArrayMakesAnEvent) {
  const Mapping mapping = parsed(R"(feed = "f"
format = "jsonl"
in_order = true
[[event]]
type = "vessel.call_declared"
each = "calls"
when = { "calls.port" = ["!", "!SKIP"] }
time = { column = "calls.at", format = "%Y-%m-%d", zone = "UTC" }
fields = [{ to = "call.number", value = "{n}" }, { to = "location.code", from = "calls.port" },
  { to = "vessel.imo", from = "imo" }, { to = "seal.number", from = "calls.seals" }])");
  const Recorder r = decode(
      R"({"imo":"9900007","calls":[{"port":"SIKOP","at":"2026-10-03","seals":["A","B"]},)"
      R"({"at":"2026-10-02","port":null},)"
      R"({},{"port":"HRPLE","at":"October"},{"port":"SKIP","at":"2026-10-01"},{"at":"2026-09-30","port":"ITTRS"}]})"
      "\n{\"imo\":\"9900007\",\"calls\":[]}\n{\"calls\":[{\"port\":\"SIKOP\",\"at\":\"x\"}]}\n",
      mapping);
  EXPECT_EQ(calls_of(r), (std::vector<std::string>{"1 SIKOP 2026-10-03", "6 ITTRS 2026-09-30"}));
  EXPECT_EQ(all(*r.events[0], FieldId::seal_number), (std::vector<std::string>{"A", "B"}));
  EXPECT_FALSE(r.events[1]->fields.has(FieldId::seal_number));
  EXPECT_EQ(r.events[1]->text(FieldId::vessel_imo), "9900007");
  EXPECT_EQ(findings_of(r), (std::vector<std::string>{"bad_time event_time October"}));
  EXPECT_EQ(r.reasons(SpanKind::ignored), (std::map<std::string, int>{{"no_event_for_row", 1}}));
  EXPECT_EQ(r.reasons(SpanKind::rejected), (std::map<std::string, int>{{"bad_time", 1}}));
}

// decode() checks that every byte lies in one span.
TEST(Mapped, ElementsAreReadFromLinesCutAndDamagedAnywhere) {
  const Mapping mapping = parsed(R"(feed = "f"
format = "jsonl"
[[event]]
type = "vessel.call_declared"
each = "calls"
time = { column = "calls.at", format = "%Y-%m-%d", zone = "UTC" }
fields = [{ to = "location.code", from = "calls.port" }])");
  const std::string line = R"({"calls":[{"port":"SIKOP","at":"2026-10-03"},{"at":"2026-10-02","port":["A",{"b":1}]}]})";
  for (std::size_t at = 0; at < line.size(); ++at) {
    decode(line.substr(0, at), mapping);
    for (const char poison : {'{', '}', '[', ']', '"', ',', ':', '\n', '0', '\0'}) {
      std::string bytes = line;
      bytes[at] = poison;
      decode(bytes, mapping);
    }
  }
}

TEST(Mapped, NumberedColumnsMakeAnEventEach) {
  const Mapping mapping = parsed(R"(feed = "f"
format = "csv"
[[event]]
type = "vessel.call_declared"
repeat = 2
when = { "port{n}" = "!" }
time = { column = "at{n}", format = "%Y-%m-%d", zone = "UTC" }
fields = [{ to = "call.number", value = "{n}" }, { to = "location.code", from = "port{n}" }])");
  const Recorder r = decode(
      "port1,at1,port2,at2\nSIKOP,2026-10-03,HRPLE,2026-10-02\n,,HRPLE,2026-10-01\nSIKOP,x,HRPLE,2026-09-30\n"
      "SIKOP,x,,\n",
      mapping);
  EXPECT_EQ(calls_of(r), (std::vector<std::string>{"1 SIKOP 2026-10-03", "2 HRPLE 2026-10-02", "2 HRPLE 2026-10-01",
                                                   "2 HRPLE 2026-09-30"}));
  ASSERT_EQ(r.findings.size(), 1U);
  EXPECT_EQ(r.findings[0].message, "'x' in at1 is not a time of the form %Y-%m-%d; this event is left out");
  EXPECT_EQ(r.reasons(SpanKind::rejected), (std::map<std::string, int>{{"bad_time", 1}}));
  EXPECT_EQ(decode("port1,at1\n", mapping).spans[0].message, "the file has no column 'port2'; the nearest is 'port1'");
}

TEST(Mapped, ValuesOfEveryKind) {
  const Mapping mapping =
      small("format = \"csv\"\nseparator = \";\"\ntime_zone = \"UTC\"",
            "{ to = \"credential.serial\", from = \"n\" }, { to = \"container.weight_kg\", from = \"w\" },"
            "{ to = \"roster.from\", from = \"d\", format = \"%d.%m.%Y %H:%M\" },"
            "{ to = \"container.full_empty\", from = \"fe\", words = { \"5\" = \"full\", \"4\" = \"empty\" } },"
            "{ to = \"location.from\", from = [\"a\", \"b\"], join = \"-\" }, { to = \"order.kind\", from = \"k\", "
            "form = \"lower\" },"
            "{ to = \"event.facility\", from = \"f\" }, { to = \"event.classifier\", from = \"c\" }");
  const Recorder r = decode(
      "t;n;w;d;fe;a;b;k;f;c\n"
      "2026-10-22T00:00:00Z;007;-0,5;22.10.2026 06:00;5;1;Q;DSCH;NLRTM/A;planned\n"
      "2026-10-22T00:00:00Z;x;1.2.3;22.10.;9;;Q;;;maybe\n",
      mapping);
  ASSERT_EQ(r.events.size(), 2U);
  const Event& good = *r.events[0];
  EXPECT_EQ(good.fields.get(FieldId::credential_serial).number, 7);
  EXPECT_EQ(to_text(good.fields.get(FieldId::container_weight_kg)), "-0.5");
  EXPECT_EQ(to_text(good.fields.get(FieldId::roster_from)), "2026-10-22T06:00:00Z");
  EXPECT_EQ(good.text(FieldId::container_full_empty), "full");
  EXPECT_EQ(good.text(FieldId::location_from), "1-Q");
  EXPECT_EQ(good.text(FieldId::order_kind), "dsch");
  EXPECT_EQ(good.facility, "NLRTM/A");
  EXPECT_EQ(good.classifier, Classifier::planned);
  EXPECT_EQ(r.events[1]->facility, "XXXXX/1");
  EXPECT_EQ(r.events[1]->text(FieldId::location_from), "Q");
  EXPECT_EQ(findings_of(r),
            (std::vector<std::string>{"bad_value credential.serial x", "bad_value container.weight_kg 1.2.3",
                                      "bad_value roster.from 22.10.", "bad_value container.full_empty 9",
                                      "bad_value event.classifier maybe"}));
  EXPECT_EQ(r.coverages[0].facility, "") << "rows name their own facility";
}

TEST(Mapped, ConditionsAndSeveralEventsOfOneRow) {
  const Mapping mapping = parsed(R"(feed = "f"
format = "csv"
[[event]]
type = "container.inspected"
when = { a = ["OPEN", "SCAN"], ref = "!" }
time = { column = "t", format = "rfc3339" }
fields = []
[[event]]
type = "container.sealed"
when = { a = ["!SCAN", "!X"] }
time = { column = "t", format = "rfc3339" }
fields = [{ to = "seal.new", from = "ref", capture = '(\S+)>(\S+)', group = 2 }])");
  const Recorder r = decode(
      "t,a,ref\n2026-10-22T00:00:00Z,OPEN,A>B\n2026-10-22T00:00:00Z,SCAN,1\n2026-10-22T00:00:00Z,SCAN,\n2026-10-22T00:"
      "00:00Z,X,1\n2026-10-22T00:00:00Z,OTHER,1\n",
      mapping);
  std::vector<std::string> types;
  for (const auto& e : r.events) types.emplace_back(info(e->type).name);
  EXPECT_EQ(types, (std::vector<std::string>{"container.inspected", "container.sealed", "container.inspected",
                                             "container.sealed"}));
  EXPECT_EQ(r.events[1]->text(FieldId::seal_new), "B");
  EXPECT_EQ(findings_of(r), (std::vector<std::string>{"bad_value seal.new 1"}));
  EXPECT_EQ(r.reasons(SpanKind::ignored), (std::map<std::string, int>{{"no_event_for_row", 2}}));
}

TEST(Mapped, CoverageOfWholeLocalDaysFromRowsAndName) {
  const std::string top =
      "format = \"csv\"\ntime_zone = \"Europe/Amsterdam\"\ncovers = \"whole_days\"\nday_in_name = '_(\\d{8})\\.csv$'";
  const Mapping mapping = small(top, "{ to = \"order.kind\", value = \"x\" }");
  const auto days_of = [&](const Recorder& r) {
    return format_rfc3339(r.coverages.at(0).from) + " " + format_rfc3339(r.coverages.at(0).until);
  };
  // The day of 25 hours, from a file without any row: nothing happened, and we know it.
  EXPECT_EQ(days_of(decode("t\n", mapping, "orders_20261025.csv")), "2026-10-24T22:00:00Z 2026-10-25T22:59:59.999999Z");
  EXPECT_EQ(days_of(decode("t\n2026-10-26T10:00:00Z\n", mapping, "orders_20261025.csv")),
            "2026-10-24T22:00:00Z 2026-10-26T22:59:59.999999Z");
  EXPECT_EQ(days_of(decode("t\n2026-10-24T10:00:00Z\n", mapping, "orders_20261025.csv")),
            "2026-10-23T22:00:00Z 2026-10-25T22:59:59.999999Z");
  EXPECT_EQ(days_of(decode("t\n2026-10-01T10:00:00Z\n2026-11-02T10:00:00Z\n", mapping, "orders_20261025.csv")),
            "2026-10-24T22:00:00Z 2026-10-25T22:59:59.999999Z")
      << "what came late, or is dated wrongly, does not answer for the days in between";
  EXPECT_EQ(days_of(decode("t\n2026-10-24T21:59:00Z\n", mapping, "orders_20261025.csv")),
            "2026-10-24T21:59:00Z 2026-10-25T22:59:59.999999Z")
      << "the last rows of a file before, sent again, do not answer for their whole day";
  EXPECT_EQ(days_of(decode("t\n2026-10-23T10:00:00Z\n", mapping)), "2026-10-22T22:00:00Z 2026-10-23T21:59:59.999999Z");
  EXPECT_TRUE(decode("t\n", mapping, "orders.csv").coverages.empty());
  EXPECT_TRUE(decode("t\n2026-10-23T10:00:00Z\n",
                     small("format = \"csv\"\ncovers = \"none\"", "{ to = \"order.kind\", value = \"x\" }"))
                  .coverages.empty());
}

TEST(Mapped, CoverageUntilTheInstantOfExport) {
  const std::string top = "format = \"csv\"\ntime_zone = \"Europe/Amsterdam\"\ncovers = \"until_export\"\n";
  const std::string by_name = top + "exported_at = { name = '_(\\d{8}T\\d{4})', format = \"%Y%m%dT%H%M\" }\n";
  const auto covered = [](const std::string& mapping, const std::string& bytes, const std::string& name) {
    const Recorder r = decode(bytes, small(mapping, "{ to = \"order.kind\", value = \"x\" }"), name);
    if (r.coverages.empty()) return r.findings.empty() ? std::string("none") : std::string(r.findings[0].code);
    return format_rfc3339(r.coverages[0].from) + " " + format_rfc3339(r.coverages[0].until);
  };
  const std::string rows = "t,made\n2026-10-01T10:00:00Z,\n2026-10-05T10:00:00Z,20.10.2026\n";
  EXPECT_EQ(covered(by_name, rows, "register_20261021T0600.csv"), "2026-10-01T10:00:00Z 2026-10-21T04:00:00Z");
  EXPECT_EQ(covered(by_name + "covers_from = { day = \"2026-10-01\" }\n", "t\n", "register_20261021T0600.csv"),
            "2026-09-30T22:00:00Z 2026-10-21T04:00:00Z")
      << "a register without rows says that nothing happened";
  EXPECT_EQ(covered(by_name, rows, "register_20270101T0600.csv"), "2026-10-01T10:00:00Z 2026-12-01T00:00:00Z")
      << "nothing is known of what comes after the import";
  EXPECT_EQ(covered(by_name, rows, "register.csv"), "no_coverage");
  EXPECT_EQ(covered(by_name, rows, "register_20260901T0600.csv"), "no_coverage") << "it ends before it begins";
  const std::string by_column = top + "exported_at = { column = \"made\", format = \"%d.%m.%Y\" }\n";
  EXPECT_EQ(covered(by_column, rows, "r.csv"), "2026-10-01T10:00:00Z 2026-10-19T22:00:00Z")
      << "of a bare day only its begin is sure";
}

TEST(Mapped, ExpectedArrivalAndWhatALaterFileReplaces) {
  const auto lateness_h = [](const std::string& top) {
    const Mapping mapping = small("format = \"csv\"\n" + top, "{ to = \"order.kind\", value = \"x\" }");
    const Recorder r = decode("t\n", mapping);
    return r.expectations.empty() ? -1.0 : static_cast<double>(r.expectations[0].lateness.whole_seconds()) / 3600;
  };
  EXPECT_EQ(lateness_h("arrives = { by = \"02:30\", every = \"day\", lateness_h = 36 }"), 36);
  EXPECT_EQ(lateness_h("arrives = { by = \"02:30\", every = \"day\" }"), 26.5) << "a day's file, at that hour";
  EXPECT_EQ(lateness_h("stream = { silent_after_s = 1800 }"), 0.5);
  EXPECT_EQ(lateness_h(""), -1);
  const std::string field = "{ to = \"order.kind\", value = \"x\" }";
  EXPECT_EQ(small("format = \"csv\"", field).replaces, Replaces::interval);
  EXPECT_EQ(small("format = \"csv\"\nreplaces = \"all\"", field).replaces, Replaces::all);
}

TEST(Mapped, ReportedReceivedAndCorrections) {
  const Mapping mapping = parsed(R"(feed = "f"
format = "csv"
[[event]]
type = "order.issued"
op = "correct"
key = ["no", "line"]
time_error_s = 30
time = { column = ["d", "h"], format = "%Y-%m-%d %H:%M:%S" , zone = "UTC" }
reported = { column = "rep", format = "rfc3339" }
received = { column = "rec", format = "rfc3339" }
fields = [{ to = "order.ref", from = "no" }])");
  const Recorder r = decode(
      "no,line,d,h,rep,rec\n7,2,2026-10-22,06:00:00,2026-10-22T06:01:00Z,2026-10-22T06:02:00Z\n7,2,2026-10-22,06:00:00,"
      "soon,\n",
      mapping);
  ASSERT_EQ(r.events.size(), 2U);
  const Event& e = *r.events[0];
  EXPECT_EQ(e.op, Op::correct);
  EXPECT_EQ(e.natural_key, make_natural_key("f", "7|2"));
  EXPECT_EQ(e.time_error_s, 30);
  EXPECT_EQ(format_rfc3339(e.event_time), "2026-10-22T06:00:00Z");
  EXPECT_EQ(format_rfc3339(e.reported_at), "2026-10-22T06:01:00Z");
  EXPECT_EQ(format_rfc3339(e.received_at), "2026-10-22T06:02:00Z");
  EXPECT_EQ(r.events[1]->reported_at, r.events[1]->event_time);
  EXPECT_EQ(findings_of(r), (std::vector<std::string>{"bad_value rep soon"}));
}

// Bytes changed, dropped, doubled and cut at random: whatever comes, every byte is accounted for.
TEST(Mapped, MutatedInputIsAlwaysAccountedFor) {
  const Mapping mapping = parsed(vector_file("malformed_gate.toml"));
  const std::string good = vector_file("malformed_gate.csv");
  ASSERT_FALSE(good.empty());
  for (std::uint32_t seed = 1; seed <= 400; ++seed) {
    std::mt19937 random(seed);
    std::string bytes = good;
    for (int i = 0; i < 10 && !bytes.empty(); ++i) {
      const std::size_t at = random() % bytes.size();
      switch (random() % 4) {
        case 0:
          bytes[at] = "\";,\r\n\xFF\0 1"[random() % 9];
          break;
        case 1:
          bytes.erase(at, random() % 30);
          break;
        case 2:
          bytes.insert(at, bytes.substr(random() % bytes.size(), random() % 80));
          break;
        default:
          bytes.resize(bytes.size() - random() % (bytes.size() / 8 + 1));
          break;
      }
    }
    Recorder r;
    decode_mapped(bytes, mapping, source(), r);
    ASSERT_TRUE(r.accounts_for(bytes.size())) << "seed " << seed;
  }
}

}  // namespace
}  // namespace quaywatch::adapters::mapped
