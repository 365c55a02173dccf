// What the systems of the community and the gate write of one port: rows that hold together.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>

#include "sim/port.h"
#include "sim/simulate.h"
#include "sim/testing.h"

namespace quaywatch::sim {
namespace {

using Rows = std::vector<std::map<std::string, std::string>>;

std::vector<std::string> cells(const std::string& line, char separator) {
  std::vector<std::string> out(1);
  for (const char c : line) {
    if (c == separator)
      out.emplace_back();
    else if (c != '\r')
      out.back() += c;
  }
  return out;
}

const std::map<std::string, std::string>& files() {
  static const auto* made = [] {
    auto* out = new std::map<std::string, std::string>;
    SimulateOptions options;
    options.size = "one-berth";
    options.seed = 4;
    options.days = 5;
    options.from = *parse_rfc3339("2026-10-22T00:00:00Z");  // over the hour that comes twice
    const auto account = simulate(
        shipped_figures(), options,
        [&](const std::string& path, std::string_view bytes, Timestamp) { out->emplace(path, bytes); },
        [](const std::string&, std::string_view) {}, nullptr);
    EXPECT_TRUE(account.has_value());
    return out;
  }();
  return *made;
}

// The rows of all files whose path begins so, in the order of their days; each as long as its header.
Rows rows(const std::string& begin, char separator) {
  Rows out;
  for (const auto& [path, text] : files()) {
    if (!path.starts_with("feeds/" + begin)) continue;
    std::istringstream in(text);
    std::string line;
    std::getline(in, line);
    const auto header = cells(line, separator);
    while (std::getline(in, line)) {
      const auto row = cells(line, separator);
      EXPECT_EQ(row.size(), header.size()) << path << ": " << line;
      auto& named = out.emplace_back();
      for (std::size_t i = 0; i < std::min(row.size(), header.size()); ++i) named[header[i]] = row[i];
    }
  }
  EXPECT_FALSE(out.empty()) << begin;
  return out;
}

TEST(CommunitySystems, TheLedgerIsAChainOfHolders) {
  std::map<std::string, std::string> holder;
  int transfers = 0;
  for (auto& row : rows("pcs/release_transfers", ';')) {
    if (row["action"] == "TRANSFERRED") {
      ++transfers;
      if (holder.contains(row["release"])) {
        EXPECT_EQ(holder[row["release"]], row["from_party"]) << row["entry"];
      }
    }
    holder[row["release"]] = row["to_party"];
  }
  EXPECT_GT(transfers, 100);
}

TEST(CommunitySystems, AppointmentsCountTheirVersions) {
  std::map<std::string, int> version;  // of those that were made in the time of the export
  int changed = 0;
  for (auto& row : rows("gate/truck_appointments", ';')) {
    EXPECT_EQ(row["state"] == "BOOKED", row["version"] == "1");
    if (row["version"] == "1" || version.contains(row["appointment"])) {
      EXPECT_EQ(row["version"], std::to_string(++version[row["appointment"]])) << row["appointment"];
    }
    changed += row["version"] == "1" ? 0 : 1;
    EXPECT_FALSE(row["plate"].empty() || row["haulier"].empty()) << row["appointment"];
  }
  EXPECT_GT(changed, 10);
}

TEST(CommunitySystems, AnAnnouncementComesByMessageOrOnThePages) {
  std::set<std::string> pages;
  for (auto& row : rows("pcs/pickup_announcements", ',')) pages.insert(row["announcement"]);
  int messages = 0;
  for (const auto& [path, text] : files()) {
    if (!path.starts_with("feeds/pcs/copino")) continue;
    for (std::size_t at = text.find("BGM+171+"); at != std::string::npos; at = text.find("BGM+171+", at + 1)) {
      ++messages;
      EXPECT_FALSE(pages.contains(text.substr(at + 8, text.find('+', at + 8) - at - 8))) << path;
    }
  }
  EXPECT_GT(messages, 10);
}

// A clerk corrects what the check digit shows; what is left of misread plates is the figure's share of them.
TEST(CommunitySystems, PortalsMisreadAndClerksCorrect) {
  int boxes = 0, misread = 0;
  for (auto& row : rows("gate/gate_portal", ';')) {
    const std::string number = row["container_manual"].empty() ? row["container_read"] : row["container_manual"];
    if (number.empty()) continue;
    ++boxes;
    misread += row["container_manual"].empty() ? 0 : 1;
    ASSERT_EQ(number.size(), 11U);
    EXPECT_EQ(number.back(), check_digit(number)) << number;
    EXPECT_NE(row["container_manual"], row["container_read"]);
  }
  EXPECT_GT(boxes, 200);
  EXPECT_NEAR(static_cast<double>(misread) / boxes, shipped_figures().value("gate.container_misread_share"), 0.03);
}

TEST(CommunitySystems, OnlyJobListsNameTasksInTheAuditTrail) {
  int listed = 0;
  for (const auto& [path, text] : files()) {
    if (!path.starts_with("feeds/pcs/pcs_audit")) continue;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
      EXPECT_TRUE(line.starts_with(R"({"id":"A)") && line.ends_with("}")) << line;
      const bool task = line.find(R"("task":"JB)") != std::string::npos;
      listed += task ? 1 : 0;
      EXPECT_FALSE(task && line.find(R"("org":"AG-)") != std::string::npos) << line;  // agencies have tickets
    }
  }
  EXPECT_GT(listed, 100);
  EXPECT_GT(rows("agencies/tickets", ';').size(), 100U);
  EXPECT_GT(rows("tos/tos_audit", '|').size(), 1000U);
}

TEST(CommunitySystems, RegistersBeginWithWhatThereWas) {
  std::set<std::string> codes;
  for (auto& row : rows("port/haulier_register", ';')) codes.insert(row["code"]);
  EXPECT_GE(codes.size(), shipped_figures().size("one-berth")->hauliers);
  for (auto& row : rows("port/pickup_history", ';')) EXPECT_LE(row["date"], "2026-10-26");
}

}  // namespace
}  // namespace quaywatch::sim
