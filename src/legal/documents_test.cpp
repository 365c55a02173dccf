#include "legal/documents.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "legal/feeds.h"
#include "rules/staff_data.h"

namespace quaywatch::legal {
namespace {

Feed gate_of_terminal() {
  Feed f;
  f.name = "gate|1";
  f.file = "gate.toml";
  f.owners = {"terminal"};
  f.controller = "Terminal";
  f.regime = "GDPR";
  f.purpose = "gate security";
  f.personal = {FieldId::vehicle_plate, FieldId::credential_id};
  return f;
}

const Section& section(const Document& d, std::size_t index) {
  return d.sections.at(index);
}

TEST(Documents, WhatNobodyStatedSaysWhereToStateIt) {
  Basis basis;
  basis.feeds = {gate_of_terminal()};
  basis.statements.controller = "Port of Test";
  const Document d = find_document("processing")->make(basis, Language::en);
  EXPECT_EQ(section(d, 0).rows.at(0).at(1).text, "Port of Test");
  const Cell& contact = section(d, 0).rows.at(1).at(1);
  EXPECT_TRUE(contact.is_missing);
  EXPECT_EQ(contact.text, "write contact under [legal] in site.toml");
  const Row& row = section(d, 1).rows.at(0);
  EXPECT_EQ(row.at(3).text, "gate security");
  EXPECT_EQ(row.at(7).text, "write retention under [controller] in gate.toml");
  EXPECT_EQ(missing(d), 5u);  // contact, officer, transfers, basis, retention
  basis.feeds.front().file.clear();
  basis.feeds.front().purpose.clear();
  EXPECT_EQ(section(find_document("processing")->make(basis, Language::en), 1).rows.at(0).at(3).text,
            "the feed has no contract: write one with its owner");
}

TEST(Documents, NameWhatNoMappingNamesAndDoNotCallItHarmless) {
  Basis basis;
  basis.feeds = feeds_of({}, {{"", Seen{}}, {"gate", Seen{}}});
  const Section of_feeds = find_document("processing")->make(basis, Language::en).sections.at(1);
  EXPECT_EQ(of_feeds.rows.at(0).at(0).text, "Files of no feed");
  EXPECT_EQ(of_feeds.rows.at(0).at(5).text, "what the messages of its format hold");
  EXPECT_EQ(of_feeds.rows.at(1).at(5).text, "none");
}

TEST(Documents, ListWhoMayReadAFeed) {
  Basis basis;
  basis.feeds = {gate_of_terminal()};
  basis.recipients = {
      {"Terminal", "terminal", {"terminal"}}, {"Line", "carrier", {"line"}}, {"Port", "authority", {"*"}}};
  const Document d = find_document("processing")->make(basis, Language::en);
  EXPECT_EQ(section(d, 1).rows.at(0).at(6).text, "Terminal (terminal), Port (authority)");
}

TEST(Documents, OfStaffHoldOnlyRulesThatReadStaffData) {
  rules::Rule about_staff, about_drivers, about_nobody;
  about_staff.title = "Card";
  about_staff.legal_reads = {"credential.id", "vehicle.plate"};
  about_drivers.legal_reads = {"vehicle.plate", "driver.card"};
  EXPECT_TRUE(rules::reads_staff_data(about_staff));
  EXPECT_FALSE(rules::reads_staff_data(about_drivers));
  Basis basis;
  basis.rules = {&about_staff, &about_drivers, &about_nobody};
  const Document staff = find_document("staff")->make(basis, Language::en);
  ASSERT_EQ(section(staff, 0).rows.size(), 1u);
  EXPECT_EQ(section(staff, 0).rows.at(0).at(0).text, "Card");
  EXPECT_TRUE(section(staff, 0).rows.at(0).at(1).is_missing) << "off without an agreement";
  basis.agreements = {{"7/2026", "both", "2026-01-01", "2026-12-31", {}}};
  EXPECT_EQ(section(find_document("staff")->make(basis, Language::en), 0).rows.at(0).at(1).text,
            "7/2026 (both), 2026-01-01 to 2026-12-31");
  ASSERT_EQ(section(staff, 1).rows.size(), 1u) << "of its fields those on staff";
  EXPECT_EQ(section(staff, 1).rows.at(0).at(0).text, "credential.id");
  EXPECT_EQ(section(staff, 1).rows.at(0).at(1).text, "Badge or card.");
  EXPECT_EQ(section(find_document("staff")->make(basis, Language::es), 1).rows.at(0).at(1).text, "Pase o tarjeta.");
  EXPECT_EQ(section(find_document("assessment")->make(basis, Language::en), 1).rows.size(), 2u);
}

// Same shape in every language, and nothing left in the other one.
TEST(Documents, SayTheSameInEveryLanguage) {
  Basis basis;
  basis.feeds = {gate_of_terminal()};
  for (const Kind& kind : documents()) {
    const Document en = kind.make(basis, Language::en), es = kind.make(basis, Language::es);
    EXPECT_EQ(missing(en), missing(es));
    ASSERT_EQ(en.sections.size(), es.sections.size());
    EXPECT_NE(en.title, es.title);
    for (std::size_t i = 0; i < en.sections.size(); ++i) {
      EXPECT_NE(section(en, i).title, section(es, i).title);
      EXPECT_EQ(section(en, i).columns.size(), section(es, i).columns.size());
      const std::size_t wide = section(en, i).columns.empty() ? 2 : section(en, i).columns.size();
      for (const Row& row : section(en, i).rows) EXPECT_EQ(row.size(), wide);
    }
  }
  EXPECT_EQ(find_document("accuracy"), nullptr);
}

TEST(Documents, NoNameEndsACellOfTheFile) {
  Basis basis;
  basis.feeds = {gate_of_terminal()};
  basis.feeds.front().purpose = "a\n| b <script>";
  const std::string text = to_markdown(find_document("processing")->make(basis, Language::en));
  EXPECT_NE(text.find("| gate\\|1 | Terminal | GDPR | a \\| b \\<script\\> |"), std::string::npos) << text;
}

}  // namespace
}  // namespace quaywatch::legal
