#include "legal/subject_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace quaywatch::legal {
namespace {

Held held() {
  Held out;
  out.number = 7;
  out.received_on = *read_day("2026-11-03");
  out.identifiers = {{PersonalClass::plate, "plate-1"}};
  HeldFeed gate;
  gate.stated.name = "gate";
  gate.stated.file = "gate.toml";
  gate.stated.purpose = "gate security";
  gate.records = 3;
  out.feeds = {gate};
  out.all_records = 3;
  out.records = {{{0}, "gate", EventType::container_gate_in, {"vehicle.plate plate-1"}, {"driver.name person-2"}}};
  out.alerts = {{{0}, "Same seal twice", AlertEnd::laid_aside}};
  out.lookups = {{{0}, "officer", "Port"}};
  return out;
}

const Section& last(const Document& d) {
  return d.sections.back();
}

TEST(SubjectFile, SaysWhatIsHeldWhyAndHowLong) {
  const Document d = subject_file(held(), Language::en);
  EXPECT_EQ(d.sections.at(0).rows.at(2).at(1).text, "plate: plate-1");
  const Row& feed = d.sections.at(1).rows.at(0);
  EXPECT_EQ(feed.at(1).text, "3");
  EXPECT_EQ(feed.at(5).text, "gate security");
  EXPECT_EQ(feed.at(7).text, "write retention under [controller] in gate.toml");
  EXPECT_EQ(d.sections.at(3).lead, "The newest 1 of 3.");
  EXPECT_EQ(d.sections.at(3).rows.at(0).at(4).text, "driver.name person-2");
  EXPECT_EQ(d.sections.at(4).rows.at(0).at(2).text, "looked at and laid aside");
  EXPECT_EQ(d.sections.at(5).rows.at(0).at(0).text, "nothing that can be stated");
  EXPECT_EQ(d.sections.at(7).rows.at(0).at(1).text, "officer");
}

TEST(SubjectFile, EndsAlikeForEverybody) {
  const Held nothing;
  EXPECT_EQ(last(subject_file(held(), Language::en)).lead, last(subject_file(nothing, Language::en)).lead);
  EXPECT_TRUE(last(subject_file(nothing, Language::en)).lead.starts_with("Nothing further can be stated"));
}

TEST(SubjectFile, InBothLanguagesHoldsTheSameSections) {
  const Document en = subject_file(held(), Language::en), es = subject_file(held(), Language::es);
  ASSERT_EQ(en.sections.size(), es.sections.size());
  for (std::size_t i = 0; i < en.sections.size(); ++i) {
    EXPECT_NE(en.sections[i].title, es.sections[i].title);
    EXPECT_EQ(en.sections[i].rows.size(), es.sections[i].rows.size());
    EXPECT_EQ(en.sections[i].lead.empty(), es.sections[i].lead.empty());
  }
}

}  // namespace
}  // namespace quaywatch::legal
