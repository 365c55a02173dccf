#include "api/visibility.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace quaywatch::api {
namespace {

using identity::OrganisationKind;
using identity::Reader;

// The list of feeds, the map and the documents for the law ask the same.
TEST(Visibility, AFeedIsSeenByWhoReadsAllItsOwnersAndTypes) {
  const Reader one{"u-1", OrganisationKind::terminal, {"QXT"}}, all{"u-2", OrganisationKind::terminal, {"*"}};
  const Reader customs{"u-3", OrganisationKind::customs, {"*"}};
  const std::vector<std::string> own{"QXT"}, shared{"QXT", "line"}, nobody;
  const std::vector<EventType> gate{EventType::container_gate_out}, selection{EventType::selection_added}, none;
  EXPECT_TRUE(may_see_feed(one, own, gate));
  EXPECT_FALSE(may_see_feed(one, shared, gate));
  EXPECT_TRUE(may_see_feed(all, shared, gate));
  EXPECT_FALSE(may_see_feed(all, own, selection));
  EXPECT_TRUE(may_see_feed(customs, own, selection));
  EXPECT_FALSE(may_see_feed(one, nobody, none)) << "whose it is nobody said";
  EXPECT_TRUE(may_see_feed(all, nobody, none));
  live::FeedRow row;
  EXPECT_FALSE(may_see(one, row));
  row.owners = {"QXT"};
  EXPECT_TRUE(may_see(one, row));
}

TEST(Visibility, AnAlertIsSeenByWhoReadsAllOfItsEvidenceAlsoWhatItDoesNotShow) {
  const Reader terminal{"u-1", OrganisationKind::terminal, {"QXT"}}, customs{"u-2", OrganisationKind::customs, {"*"}};
  live::AlertRow alert;
  alert.rule = std::make_shared<const rules::Rule>();
  live::EvidenceRow shown;
  shown.event.emplace();
  shown.event->type = EventType::container_gate_out;
  shown.event->owner = "QXT";
  alert.evidence.push_back(shown);
  EXPECT_TRUE(may_see(terminal, alert));
  for (const auto& source : std::vector<pipeline::EvidenceSource>{
           {EventType::container_gate_out, false, "gate", "another", {}},
           {EventType::selection_added, false, "customs", "QXT", {}},
           {EventType::container_gate_out, false, "gate", "QXT", {FieldId::selection_reason}},
           {EventType::selection_added, true, {}, {}, {}}}) {
    alert.omitted_sources = {source};
    EXPECT_FALSE(may_see(terminal, alert)) << source.owner;
    EXPECT_TRUE(may_see(customs, alert)) << source.owner;
  }
  alert.omitted_sources = {{EventType::container_gate_in, false, "gate", "QXT", {}}};
  EXPECT_TRUE(may_see(terminal, alert));
}

}  // namespace
}  // namespace quaywatch::api
