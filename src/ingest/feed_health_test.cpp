#include "ingest/feed_health.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "adapters/canonical/canonical.h"

namespace quaywatch::ingest {
namespace {

const Timestamp kDay = *parse_rfc3339("2026-10-23T00:00:00Z");

EventPtr gate(std::string_view feed, int minute, int second, std::string_view box) {
  boost::intrusive_ptr<Event> e(new Event);
  e->type = EventType::container_gate_out;
  e->feed = std::string(feed);
  e->facility = "SIKOP/KTV";
  e->event_time = kDay + seconds(60 * minute + second);
  e->fields.add_text(FieldId::container_number, box);
  return e;
}

// "TIME TYPE FEED detail-or-number", one line each.
std::string told(const FeedHealth& health, Timestamp now) {
  std::string out;
  for (const EventPtr& e : health.events(now)) {
    out += fmt::format("{} {} {}", format_rfc3339(e->event_time), info(e->type).name, e->text(FieldId::feed_name));
    for (const FieldId f : {FieldId::feed_other, FieldId::feed_count, FieldId::feed_skew_s})
      e->fields.each(f, [&](const Value& v) { out += " " + to_text(v); });
    out += "\n";
  }
  return out;
}

FileAccount account(std::string path, std::map<std::string, std::uint64_t> rejected = {},
                    std::map<std::string, std::uint64_t> findings = {}) {
  FileAccount a;
  a.path = std::move(path);
  a.format = "mapped:gate";
  a.rejected = std::move(rejected);
  a.findings = std::move(findings);
  return a;
}

TEST(FeedHealth, AMissingDayIsAHoleAndALateFileIsLate) {
  FeedHealth health;
  const auto day = [&](int n, int came_after_hours) {
    const Timestamp from = kDay + seconds(86400 * n), until = from + seconds(86400) - Duration{1};
    health.coverage(
        {"gate", "SIKOP/KTV", {EventType::container_gate_out}, from, until, until + hours(came_after_hours)});
  };
  health.expectation({"gate", "SIKOP/KTV", {EventType::container_gate_out}, hours(36), kDay});
  day(0, 3);
  day(1, 60);
  day(3, 3);  // the 25th is missing
  EXPECT_EQ(told(health, kDay + seconds(86400 * 4) + hours(1)),
            "2026-10-24T23:59:59.999999Z feed.silent gate\n"
            "2026-10-26T00:00:00Z feed.restored gate\n"
            "2026-10-26T11:59:59.999999Z feed.late gate\n");
  EXPECT_EQ(told(health, kDay + seconds(86400 * 7)),
            "2026-10-24T23:59:59.999999Z feed.silent gate\n"
            "2026-10-26T00:00:00Z feed.restored gate\n"
            "2026-10-26T11:59:59.999999Z feed.late gate\n"
            "2026-10-28T11:59:59.999999Z feed.silent gate\n");
  const auto covered = health.summaries().at("gate").covered;
  ASSERT_EQ(covered.size(), 2u) << "two days joined, a hole, one day";
}

TEST(FeedHealth, RejectsUnknownCodesAndRepetitionAreToldPerFile) {
  FeedHealth health;
  health.see(*gate("gate", 1, 0, "CSQU3054383"));
  health.file(account("/in/a.csv", {{"bad_time", 2}, {"column_count", 1}}, {{"unknown_code", 4}}), 1, kDay);
  health.file(account("/in/empty.csv"), 0, kDay);
  EXPECT_EQ(told(health, kDay), "2026-10-23T00:00:00Z feed.rejected gate 3\n"
                                "2026-10-23T00:00:00Z feed.unknown_code gate 4\n"
                                "2026-10-23T00:00:00Z feed.repeated gate 1\n");
  EXPECT_EQ(health.summaries().at("gate").files, 2u);
}

TEST(FeedHealth, WhatWasReadAgainIsRejectedOnce) {
  FeedHealth health;
  health.see(*gate("gate", 1, 0, "CSQU3054383"));
  health.file(account("/in/a.csv", {{"bad_time", 2}}, {{"unknown_code", 4}}), 0, kDay);
  health.see(*gate("gate", 2, 0, "CSQU3054383"));
  health.file(account("/in/a.csv", {{"bad_time", 1}}), 0, kDay + hours(1));
  EXPECT_EQ(told(health, kDay), "2026-10-23T01:00:00Z feed.rejected gate 1\n");
  EXPECT_EQ(health.summaries().at("gate").rejected, 1u);
}

// A server sees what came at once, and then which files ended.
TEST(FeedHealth, EachFileHasItsOwnEventsAndRejects) {
  FeedHealth health;
  const auto of_file = [](std::uint32_t file, std::string_view feed) {
    EventPtr e = gate(feed, 1, 0, "CSQU3054383");
    const_cast<Event&>(*e).span.file = file;
    return e;
  };
  health.see(*of_file(1, "gate"));
  health.see(*of_file(3, "quay"));
  FileAccount gates = account("/in/gate.csv", {{"bad_time", 2}}), quays = account("/in/quay.csv");
  FileAccount unknown = account("/in/notes.csv", {{"no_mapping", 1}});
  gates.index = 1, unknown.index = 2, quays.index = 3;
  unknown.format = "unknown";
  for (const FileAccount& file : {gates, unknown, quays}) health.file(file, 0, kDay);
  const auto summaries = health.summaries();
  EXPECT_EQ(summaries.at("gate").rejected, 2u);
  EXPECT_EQ(summaries.at("").rejected, 1u);
  EXPECT_EQ(summaries.at("quay").rejected, 0u);
  EXPECT_EQ(summaries.at("quay").files, 1u);
}

TEST(FeedHealth, ABurstIsTenTimesTheUsualFile) {
  FeedHealth health;
  const auto file = [&](int events) {
    for (int i = 0; i < events; ++i) health.see(*gate("gate", i, 0, ""));
    health.file(account("/in/x.csv"), 0, kDay);
  };
  for (int i = 0; i < 5; ++i) file(20);
  file(199);
  EXPECT_EQ(told(health, kDay), "");
  file(201);
  EXPECT_EQ(told(health, kDay), "2026-10-23T00:00:00Z feed.burst gate 201\n");
}

// The portal is seven minutes fast against the gate messages, which know whole minutes only.
TEST(FeedHealth, AClockIsSkewedWhenEnoughHappeningsAgree) {
  FeedHealth health;
  for (int i = 0; i < 19; ++i) {
    const std::string box = fmt::format("BOX{}", i);
    health.see(*gate("codeco", 10 * i, 0, box));
    health.see(*gate("anpr", 10 * i + 7, i * 2, box));
  }
  EXPECT_EQ(told(health, kDay), "") << "too few";
  health.see(*gate("anpr", 500, 15, "LAST"));
  health.see(*gate("codeco", 493, 0, "LAST"));
  EXPECT_EQ(told(health, kDay), "2026-10-23T08:13:00Z feed.skewed anpr codeco 20 438\n");
}

TEST(FeedHealth, ClocksThatAgreeOrScatterAreNotSkewed) {
  FeedHealth agree, scatter;
  for (int i = 0; i < 40; ++i) {
    const std::string box = fmt::format("BOX{}", i);
    agree.see(*gate("codeco", 10 * i, 0, box));
    agree.see(*gate("anpr", 10 * i, 40, box));
    scatter.see(*gate("codeco", 60 * i, 0, box));
    scatter.see(*gate("anpr", 60 * i + i, 0, box));
  }
  EXPECT_EQ(told(agree, kDay), "");
  EXPECT_EQ(told(scatter, kDay), "");
}

}  // namespace
}  // namespace quaywatch::ingest
