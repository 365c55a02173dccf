#include "live/findings.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace quaywatch::live {
namespace {

const Timestamp kNow = *parse_rfc3339("2026-03-12T08:00:00Z");
using enum Findings::Told;

class FindingsTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              ("findings_test." + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    open();
  }
  void TearDown() override {
    findings_.reset();
    std::filesystem::remove_all(folder_);
  }
  void open() {
    findings_.reset();
    keys_.reset();
    auto keys = journal::KeyRing::open(folder_);
    ASSERT_TRUE(keys) << keys.error().message;
    keys_.emplace(std::move(*keys));
    auto findings = Findings::open(folder_, *keys_);
    ASSERT_TRUE(findings) << findings.error().message;
    findings_.emplace(std::move(*findings));
  }
  static AlertRow alert(std::string direction, pipeline::AlertStatus status = pipeline::AlertStatus::final) {
    AlertRow row;
    row.id = std::string(32, 'a');
    row.rule = std::make_shared<rules::Rule>();
    row.direction = std::move(direction);
    row.status = status;
    return row;
  }
  Findings::Told tell(AlertRow row, Timestamp now = kNow) {
    const auto told = findings_->tell(row, now);
    EXPECT_TRUE(told && findings_->commit());
    revision_ = row.revision;
    raised_at_ = row.raised_at;
    return told.value_or(nothing);
  }

  std::filesystem::path folder_;
  std::optional<journal::KeyRing> keys_;
  std::optional<Findings> findings_;
  std::uint32_t revision_ = 0;
  Timestamp raised_at_;
};

TEST_F(FindingsTest, TellsEachChangeOnceAlsoAcrossRestarts) {
  EXPECT_EQ(tell(alert("inbound")), raised);
  EXPECT_EQ(tell(alert("inbound")), nothing);
  EXPECT_EQ(tell(alert("outbound")), revised);
  EXPECT_EQ(revision_, 2u);
  open();
  EXPECT_EQ(tell(alert("outbound")), nothing);
  EXPECT_EQ(revision_, 2u);
  EXPECT_EQ(tell(alert("outbound", pipeline::AlertStatus::withdrawn)), withdrawn);
  EXPECT_EQ(tell(alert("outbound")), raised) << "it came back";
  EXPECT_EQ(revision_, 4u);
}

TEST_F(FindingsTest, KnowsSinceWhenAnAlertStandsAlsoAcrossRestarts) {
  tell(alert("inbound"));
  tell(alert("outbound"), kNow + hours(1));
  EXPECT_EQ(raised_at_, kNow);
  open();
  tell(alert("outbound"), kNow + hours(2));
  EXPECT_EQ(raised_at_, kNow);
  tell(alert("outbound", pipeline::AlertStatus::withdrawn), kNow + hours(3));
  tell(alert("outbound"), kNow + hours(4));
  EXPECT_EQ(raised_at_, kNow + hours(4)) << "it came back";
}

// Earlier programs wrote the sentences of the catalogue into the log, as they were then.
TEST_F(FindingsTest, AnotherWordingInTheCatalogueIsNoRevision) {
  AlertRow row = alert("inbound");
  row.facts.push_back({FieldId::container_on_list, "canary", UnknownCause::none});
  EXPECT_EQ(tell(row), raised);
  std::string body;
  {
    auto log = journal::Log::open_reading(folder_, "findings", *keys_);
    ASSERT_TRUE(log);
    const auto found = log->replay(log->first(), [&](std::uint64_t, const journal::Entry& entry) -> Result<void> {
      return body = std::get<journal::TextEntry>(entry).body, Result<void>{};
    });
    ASSERT_TRUE(found);
  }
  EXPECT_EQ(body.find("sentence"), std::string::npos);
  const auto at = body.find(R"("values")");
  ASSERT_NE(at, std::string::npos);
  body.insert(at, R"("unit":"","sentence":"As it was put once.",)");
  findings_.reset();
  std::filesystem::remove_all(folder_ / "findings");
  {
    auto log = journal::Log::open(folder_, "findings", *keys_);
    ASSERT_TRUE(log);
    ASSERT_TRUE(log->append(journal::TextEntry{"alert.raised", kNow, body}));
    ASSERT_TRUE(log->commit());
  }
  open();
  EXPECT_EQ(tell(row), nothing);
}

TEST_F(FindingsTest, WhatWasNeverToldIsNotWithdrawn) {
  EXPECT_EQ(tell(alert("inbound", pipeline::AlertStatus::withdrawn)), nothing);
  EXPECT_EQ(revision_, 0u);
  EXPECT_FALSE(findings_->was_told(std::string(32, 'a')));
}

TEST_F(FindingsTest, WhatIsNoLongerGivenIsWithdrawn) {
  tell(alert("inbound"));
  ASSERT_TRUE(findings_->withdraw_all_but({std::string(32, 'a')}, kNow));
  EXPECT_EQ(tell(alert("inbound")), nothing);
  ASSERT_TRUE(findings_->withdraw_all_but({}, kNow));
  EXPECT_EQ(tell(alert("inbound")), raised);
  EXPECT_EQ(revision_, 3u);
}

TEST_F(FindingsTest, WhatIsWithdrawnIsWithdrawnOnce) {
  tell(alert("inbound"));
  ASSERT_TRUE(findings_->withdraw_all_but({}, kNow));
  EXPECT_EQ(tell(alert("inbound", pipeline::AlertStatus::withdrawn)), nothing);
  EXPECT_EQ(revision_, 2u);
}

}  // namespace
}  // namespace quaywatch::live
