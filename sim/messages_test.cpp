// What the systems of the quay and of shipping papers write of one small port, against what happened there.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "sim/message_parts.h"
#include "sim/simulate.h"
#include "sim/testing.h"

namespace quaywatch::sim {
namespace {

// All text of the files whose path has `part` in it.
const std::string& written(std::string_view part) {
  static const std::map<std::string, std::string> files = [] {
    std::map<std::string, std::string> out;
    SimulateOptions options;
    options.size = "one-berth";
    options.days = 10;
    options.from = *parse_rfc3339("2026-10-18T22:00:00Z");
    EXPECT_TRUE(simulate(
                    shipped_figures(), options,
                    [&](const std::string& path, std::string_view bytes, Timestamp) { out[path] = bytes; },
                    [](const std::string&, std::string_view) {}, nullptr)
                    .has_value());
    return out;
  }();
  static std::map<std::string, std::string, std::less<>> texts;
  auto& text = texts[std::string(part)];
  if (text.empty())
    for (const auto& [path, bytes] : files)
      if (path.find(part) != std::string::npos) text += bytes;
  return text;
}

int count(const std::string& text, std::string_view what) {
  int out = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++out;
  return out;
}

TEST(Messages, EverySystemWrites) {
  for (const char* system : {"terminal/codeco", "depot/codeco", "inland/codeco", "terminal/coarri", "lines/baplie",
                             "lines/coprar", "agents/coreor", "lines/coparn", "shippers/vermas", "lines/iftsai"})
    EXPECT_GT(count(written(system), "UNH+"), 2) << system;
}

TEST(Messages, TablesAndEvents) {
  EXPECT_EQ(count(written("authority/ship_calls"), "as_of"), 10) << "a list every morning";
  // Nineteen columns of the declaration and six for each of ten calls.
  const std::string& declared = written("authority/security");
  const std::string row = declared.substr(declared.find("\nPSI") + 1, declared.find('\n', declared.find("\nPSI") + 1) -
                                                                         declared.find("\nPSI") - 1);
  EXPECT_EQ(count(row, ","), 18 + 60) << row;
  EXPECT_GT(count(written("lines/events"), "\"equipmentEventTypeCode\":\"DISC\""), 20);
  EXPECT_GT(count(written("lines/events"), "{\"metadata\":"), 100) << "version 3";
  EXPECT_GT(count(written("lines/events"), "{\"eventID\":"), 50) << "version 2.2";
}

TEST(Messages, LinesHaveDialects) {
  WorldOptions options;
  options.from = *parse_rfc3339("2026-10-18T22:00:00Z");
  const World world(make_port(shipped_figures(), *shipped_figures().size("small"), 1, options.from), options);
  std::set<std::string_view> plans, lists, orders;
  std::set<bool> names;
  for (const Index line : world.port().of_kind[static_cast<std::size_t>(CompanyKind::line)]) {
    const Dialect& dialect = dialect_of(world, line);
    plans.insert(dialect.bay_plan);
    lists.insert(dialect.load_list);
    orders.insert(dialect.order);
    names.insert(dialect.names_empties);
  }
  EXPECT_EQ(plans.size(), 3U);
  EXPECT_EQ(lists.size(), 3U);
  EXPECT_EQ(orders.size(), 2U);
  EXPECT_EQ(names.size(), 2U);
}

// A box that was listed is discharged by the same number, and stands on board where the bay plan says.
TEST(Messages, ListsPlansAndReportsAgree) {
  const std::string& reports = written("terminal/coarri");
  const std::string& lists = written("lines/coprar");
  const std::string& plans = written("lines/baplie");
  int found = 0;
  for (auto message = reports.find("BGM+44+"); message != std::string::npos;
       message = reports.find("BGM+44+", message + 1)) {
    const auto end = reports.find("UNT+", message);
    for (auto at = reports.find("EQD+CN+", message); at < end; at = reports.find("EQD+CN+", at + 1)) {
      const std::string number = reports.substr(at + 7, 11), cell = reports.substr(reports.find("LOC+147+", at), 15);
      found += count(lists, number) > 0 && count(plans, number) > 0 && count(plans, cell) > 0 ? 1 : 0;
    }
  }
  EXPECT_GT(found, 50);
}

// The first release of a box comes before its exit over the gate, under one number.
TEST(Messages, ReleasesAgreeWithTheGate) {
  const std::string& gate = written("terminal/codeco");
  const std::string& releases = written("agents/coreor");
  int known = 0, all = 0;
  for (auto at = gate.find("RFF+RE:"); at != std::string::npos; at = gate.find("RFF+RE:", at + 1), ++all)
    known += count(releases, gate.substr(at, 17)) > 0 ? 1 : 0;
  EXPECT_GT(all, 100);
  EXPECT_GT(known, all / 5);  // most were issued before the first day
}

}  // namespace
}  // namespace quaywatch::sim
