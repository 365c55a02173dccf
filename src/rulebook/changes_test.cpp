// What one set of rules changes of another.
#include "rulebook/changes.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace quaywatch::rulebook {
namespace {

constexpr const char* kAsksTable = ", let: {x: 'in_table(hauliers, party.code)'}";

std::string rule(int n, const std::string& asks, const std::string& let = kAsksTable) {
  return fmt::format(
      "title: Rule {0}\nid: 5f0c3c1e-0000-4000-8000-00000000000{0}\nlogsource: {{product: port, category: container}}\n"
      "detection: {{s: {{event.type: container.moved, {1}}}, condition: s}}\nfalsepositives: [none]\nlevel: low\n"
      "quaywatch: {{group_by: [container.number], direction: [inbound]{2}}}\n",
      n, asks, let);
}
std::string table(const std::string& party) {
  return fmt::format("---\ntitle: Hauliers\ntable: {{name: hauliers, csv: \"party\\n{}\"}}\n", party);
}

std::vector<std::string> changed(const std::vector<rules::RuleFile>& before, const std::vector<rules::RuleFile>& now) {
  std::vector<std::string> out;
  for (const Change& c : changes(before, now).all) out.push_back(c.title);
  return out;
}

TEST(Changes, ATableIsAChangeOfWhoAsksItAndOfTheFileThatStatesIt) {
  const std::string asks = rule(1, "let.x: true");
  const std::string silent = rule(2, "party.code: A", "");
  const auto files = [&](const std::string& party) {
    return std::vector<rules::RuleFile>{{"a.yml", asks}, {"b.yml", silent + table(party)}};
  };
  EXPECT_EQ(changed(files("H-1"), files("H-1")), std::vector<std::string>{});
  EXPECT_EQ(changed(files("H-1"), files("H-2")), (std::vector<std::string>{"Rule 1", "b.yml"}));
  const std::vector<rules::RuleFile> one = {{"a.yml", asks + table("H-1")}}, other = {{"a.yml", asks + table("H-2")}};
  EXPECT_EQ(changed(one, other), std::vector<std::string>{"Rule 1"});
}

TEST(Changes, ARemarkIsToldToo) {
  const std::string with = "# by the port\n" + rule(1, "party.code: A") + table("H-1");
  const std::string without = rule(1, "party.code: A") + table("H-1");
  EXPECT_EQ(changed({{"a.yml", without}}, {{"a.yml", with}}).size(), 1U);
}

}  // namespace
}  // namespace quaywatch::rulebook
