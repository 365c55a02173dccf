#include "identity/wall.h"

#include <gtest/gtest.h>

namespace quaywatch::identity {
namespace {

Reader of(OrganisationKind kind) {
  Reader reader;
  reader.kind = kind;
  reader.owners = {"*"};
  return reader;
}

constexpr OrganisationKind kOutside[] = {OrganisationKind::terminal, OrganisationKind::carrier,
                                         OrganisationKind::port_authority};
constexpr OrganisationKind kInside[] = {OrganisationKind::customs, OrganisationKind::police,
                                        OrganisationKind::authority};

TEST(Wall, TypesByKind) {
  using enum EventType;
  for (const EventType type : {selection_added, selection_removed, inspection_ordered, scan_analysed, customs_held,
                               customs_responded, container_inspected}) {
    for (const auto kind : kOutside) EXPECT_FALSE(may_see(of(kind), type)) << info(type).name << " " << name(kind);
    for (const auto kind : kInside) EXPECT_TRUE(may_see(of(kind), type)) << info(type).name << " " << name(kind);
  }
  for (const EventType type : {customs_released, container_gate_out, release_issued, access_granted})
    for (const auto kind : kOutside) EXPECT_TRUE(may_see(of(kind), type)) << info(type).name << " " << name(kind);
  EXPECT_TRUE(may_see_absence(of(OrganisationKind::terminal), container_inspected));
  EXPECT_FALSE(may_see_absence(of(OrganisationKind::terminal), selection_added));
}

TEST(Wall, FieldsByKind) {
  using enum FieldId;
  for (const FieldId field : {selection_open, selection_selected_by, selection_reason, inspection_result, scan_judged,
                              customs_status, inspection_minutes_before_arrival}) {
    for (const auto kind : kOutside) EXPECT_FALSE(may_see(of(kind), field)) << info(field).name;
    for (const auto kind : kInside) EXPECT_TRUE(may_see(of(kind), field)) << info(field).name;
  }
  for (const FieldId field : {container_number, seal_reseal_recorded, release_holder, lookup_minutes_ago})
    EXPECT_TRUE(may_see(of(OrganisationKind::terminal), field)) << info(field).name;
}

// Everything whose name says so, also what is added to the catalogue later.
TEST(Wall, NothingOfCustomsIsForgotten) {
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    const auto field = static_cast<FieldId>(i);
    for (const char* word : {"selection.", "inspection.", "scan.", "customs."}) {
      if (!info(field).name.starts_with(word)) continue;
      EXPECT_FALSE(may_see(of(OrganisationKind::carrier), field)) << info(field).name;
    }
  }
}

TEST(Wall, OwnersAreThoseNamed) {
  Reader reader = of(OrganisationKind::terminal);
  EXPECT_TRUE(may_read_owner(reader, "QXT"));
  reader.owners = {"QXT", "QXD"};
  EXPECT_TRUE(may_read_owner(reader, "QXD"));
  EXPECT_FALSE(may_read_owner(reader, "customs"));
  EXPECT_FALSE(may_read_owner(reader, "*"));
  reader.owners.clear();
  EXPECT_FALSE(may_read_owner(reader, ""));
}

TEST(Wall, WhatIsAboutTheReader) {
  Reader reader = of(OrganisationKind::police);
  reader.linked_accounts = {"account-1"};
  EXPECT_TRUE(is_own(reader, "account-1"));
  EXPECT_FALSE(is_own(reader, "account-2"));
}

}  // namespace
}  // namespace quaywatch::identity
