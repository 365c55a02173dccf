// What an alert's row says of the organisations that it is sealed to.
#include "live/rows.h"

#include <gtest/gtest.h>

#include "ingest/feed_health.h"
#include "journal/testing.h"

namespace quaywatch::live {
namespace {

const std::string kCustoms = "o-00000000000000c0", kPolice = "o-00000000000000b0", kTerminal = "o-00000000000000a0";

pipeline::EvidenceSource look_up(const std::string& owner) {
  return {EventType::account_queried, false, std::string(ingest::kLookupFeed), owner, {}};
}

pipeline::Evidence shown(const pipeline::EvidenceSource& source) {
  const boost::intrusive_ptr<Event> e(new Event);
  e->type = source.type;
  e->feed = source.feed;
  e->owner = source.owner;
  pipeline::Evidence out;
  out.event = e;
  return out;
}

class RowsTest : public testing::Test {
 protected:
  void SetUp() override {
    auto ring = journal::KeyRing::open(data_.path());
    ASSERT_TRUE(ring) << ring.error().message;
    keys_.emplace(std::move(*ring));
    for (const std::string& o : {kCustoms, kPolice}) ASSERT_TRUE(keys_->organisation_key(o));
  }
  std::vector<std::string> sealed_to(const pipeline::Alert& alert) {
    return RowMaker{files_, *keys_}.alert(alert, std::make_shared<rules::Rule>()).sealed_to;
  }

  journal::DataFolder data_;
  std::optional<journal::KeyRing> keys_;
  std::vector<std::string> files_;
};

using Owners = std::vector<std::string>;

TEST_F(RowsTest, AnAlertIsSealedToWhoseLookUpsItShows) {
  pipeline::Alert alert;
  for (const std::string& owner : {kPolice, kCustoms, kPolice, kTerminal})
    alert.evidence.push_back(shown(look_up(owner)));
  EXPECT_EQ(sealed_to(alert), (Owners{kPolice, kCustoms})) << "each once, in order; a terminal's are not sealed";
}

TEST_F(RowsTest, AnAlertIsSealedToWhoseLookUpsItRestsOnWithoutShowingThem) {
  pipeline::Alert alert;
  alert.evidence.push_back(shown(look_up(kTerminal)));
  alert.evidence_omitted = 3;
  alert.omitted_sources = {look_up(kPolice)};
  EXPECT_EQ(sealed_to(alert), Owners{kPolice});
}

TEST_F(RowsTest, WhatOtherFeedsToldOfAnOrganisationIsNotSealed) {
  const pipeline::EvidenceSource release{EventType::customs_released, false, "customs", kCustoms, {}};
  pipeline::Alert alert;
  alert.evidence.push_back(shown(release));
  alert.omitted_sources = {release};
  EXPECT_EQ(sealed_to(alert), Owners{});
}

}  // namespace
}  // namespace quaywatch::live
