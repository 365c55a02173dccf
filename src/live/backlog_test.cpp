#include "live/backlog.h"

#include <gtest/gtest.h>

#include <thread>

#include "base/limits_server.h"

namespace quaywatch::live {
namespace {

Written ticks(std::int64_t from, std::size_t n) {
  Written out;
  for (std::size_t i = 0; i < n; ++i) out.entries.emplace_back(journal::Tick{Timestamp{from + static_cast<int>(i)}});
  return out;
}

std::vector<std::int64_t> times(const Written& part) {
  std::vector<std::int64_t> out;
  for (const journal::Entry& e : part.entries) out.push_back(std::get<journal::Tick>(e).at.us);
  return out;
}

ingest::TakenFile file(const char* name) {
  ingest::TakenFile out;
  out.name = name;
  return out;
}

TEST(Backlog, GivesWhatWasHandedOverInItsOrder) {
  Backlog backlog;
  EXPECT_EQ(backlog.hand_over(ticks(1, 2)), 2U);
  EXPECT_EQ(backlog.hand_over(ticks(3, 3)), 5U);
  EXPECT_EQ(backlog.waiting(), 5U);
  EXPECT_EQ(times(backlog.take(3)), (std::vector<std::int64_t>{1, 2, 3}));
  EXPECT_EQ(times(backlog.take(3)), (std::vector<std::int64_t>{4, 5}));
  EXPECT_TRUE(backlog.is_empty());
}

// A file has ended when its last entry was taken; its name is known with the first.
TEST(Backlog, AFileEndsWithItsLastEntry) {
  Backlog backlog;
  Written written = ticks(1, 3);
  written.ended.push_back(file("/feeds/gate.csv"));
  written.file_names.push_back("/feeds/gate.csv");
  backlog.hand_over(std::move(written));
  const Written first = backlog.take(2);
  EXPECT_TRUE(first.ended.empty());
  EXPECT_EQ(first.file_names.size(), 1U);
  const Written second = backlog.take(2);
  ASSERT_EQ(second.ended.size(), 1U);
  EXPECT_EQ(second.ended[0].name, "/feeds/gate.csv");
  EXPECT_TRUE(second.file_names.empty());
}

TEST(Backlog, AFileWithoutEntriesIsSomethingToTake) {
  Backlog backlog;
  Written written;
  written.ended.push_back(file("/feeds/empty.csv"));
  backlog.hand_over(std::move(written));
  EXPECT_FALSE(backlog.is_empty());
  std::stop_source stop;
  EXPECT_TRUE(backlog.wait(stop.get_token()));
  EXPECT_EQ(backlog.take(10).ended.size(), 1U);
  EXPECT_TRUE(backlog.is_empty());
}

TEST(Backlog, WhatIsJudgedAnewIsDropped) {
  Backlog backlog;
  Written written = ticks(1, 3);
  written.must_replay = written.has_decisions = true;
  const auto at = backlog.hand_over(std::move(written));
  ASSERT_TRUE(backlog.must_replay());
  EXPECT_TRUE(backlog.drop());
  EXPECT_FALSE(backlog.must_replay());
  EXPECT_TRUE(backlog.is_empty());
  backlog.judged();
  EXPECT_TRUE(backlog.wait_until(at));
}

TEST(Backlog, WaitsUntilItIsJudgedAndNotOnlyTaken) {
  Backlog backlog;
  const auto at = backlog.hand_over(ticks(1, 4));
  bool is_judged = false;
  std::jthread judge([&](const std::stop_token& stop) {
    while (!backlog.is_empty() && backlog.wait(stop)) backlog.take(1);
    is_judged = true;
    backlog.judged();
  });
  EXPECT_TRUE(backlog.wait_until(at));
  EXPECT_TRUE(is_judged);
}

TEST(Backlog, HoldsBackWhoBringsMuch) {
  Backlog backlog;
  backlog.hand_over(ticks(0, limits::kBacklogEntries - 1));
  EXPECT_TRUE(backlog.has_room());
  backlog.hand_over(ticks(0, 1));
  EXPECT_FALSE(backlog.has_room());
  bool was_taken = false;
  std::jthread judge([&] {
    was_taken = true;
    backlog.take(1);
    backlog.judged();
  });
  backlog.wait_for_room();
  EXPECT_TRUE(was_taken);
}

// Nobody waits for a judge that is gone, and nothing is kept for it.
TEST(Backlog, SaysWhyNothingIsJudgedAnyMore) {
  Backlog backlog;
  const auto before = backlog.hand_over(ticks(1, 1));
  backlog.close(fail(ErrorCode::io_failure, "the disk is gone"));
  EXPECT_EQ(backlog.wait_until(before).error().message, "the disk is gone");
  const auto after = backlog.hand_over(ticks(2, 1));
  EXPECT_EQ(times(backlog.take(10)), std::vector<std::int64_t>{1});
  EXPECT_EQ(backlog.wait_until(after).error().message, "the disk is gone");
  backlog.wait_for_room();

  Backlog stopped;
  const auto at = stopped.hand_over(ticks(1, 1));
  stopped.close({});
  EXPECT_NE(stopped.wait_until(at).error().message.find("next start"), std::string::npos);
}

}  // namespace
}  // namespace quaywatch::live
