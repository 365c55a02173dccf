// What is left of EDIFACT files that correct, repeat and cancel, read as `detect` reads them and taken in any order.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "ingest/intake.h"
#include "pipeline/detection.h"

namespace quaywatch {
namespace {

constexpr const char* kVectors = QUAYWATCH_SOURCE_DIR "/adapters/coarri/vectors/";

std::vector<EventPtr> read(const std::vector<std::string>& files) {
  std::vector<EventPtr> events;
  ingest::IntakeListener listener;
  listener.event = [&](const EventPtr& e) { events.push_back(e); };
  ingest::IntakeOptions options;
  options.received_at = *parse_rfc3339("2026-10-26T12:00:00Z");
  options.time_zone = "Europe/Ljubljana";
  options.mapping_paths = {std::string(kVectors) + "corrects_all.toml", std::string(kVectors) + "cancels_all.toml"};
  ingest::Intake intake(options, listener);
  std::vector<std::string> paths;
  for (const std::string& file : files) paths.push_back(kVectors + file);
  EXPECT_TRUE(intake.read(paths));
  return events;
}

TEST(Corrections, OfEdifactDocuments) {
  struct Row {
    std::vector<std::string> files;
    std::uint64_t taken, duplicates, superseded, standing;
  };
  const Row kRows[] = {
      {{"corrects_all.edi"}, 5, 0, 3, 2},  // two boxes and the void go, two of the correction stand
      {{"corrects_one.edi"}, 3, 0, 1, 2},  // the other box of the document stands
      {{"cancels_all.edi"}, 3, 0, 3, 0},   // a cancellation names no box
      {{"sent_twice.edi"}, 4, 2, 0, 2},
      {{"day_before_repeated_1.edi", "day_before_repeated_2.edi"}, 5, 2, 0, 3},
  };
  for (const Row& row : kRows) {
    std::vector<EventPtr> events = read(row.files);
    std::mt19937 random(7);
    for (int round = 0; round < 20; ++round) {
      pipeline::Detection detection({}, {});
      for (const EventPtr& e : events) detection.take(e);
      const auto& account = detection.account();
      EXPECT_EQ(account.taken, row.taken) << row.files[0];
      EXPECT_EQ(account.duplicates, row.duplicates) << row.files[0];
      EXPECT_EQ(account.superseded, row.superseded) << row.files[0];
      EXPECT_EQ(account.evaluated + account.no_rule, row.standing) << row.files[0];
      std::shuffle(events.begin(), events.end(), random);
    }
  }
}

}  // namespace
}  // namespace quaywatch
