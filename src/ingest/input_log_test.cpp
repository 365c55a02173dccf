#include "ingest/input_log.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "journal/raw_store.h"
#include "journal/testing.h"

namespace quaywatch::ingest {
namespace {

using journal::DataFolder;
using journal::KeyRing;

constexpr Timestamp kNow{1'792'000'000'000'000};

EventPtr happening(int minute, std::uint32_t size = 10) {
  const auto e = journal::gate_event(fmt::format("KPAB{:03}", minute), "CARD1", kNow + seconds(60 * minute));
  boost::intrusive_ptr<Event> keyed(new Event(*e));
  keyed->id = event_id(content_digest(*keyed), 0);
  keyed->span.size = size;
  return keyed;
}

// Takes a file that states the happenings of these minutes.
TakenFile take(InputLog& log, const std::string& name, const std::vector<int>& minutes,
               Replaces replaces = Replaces::interval) {
  FileAccount account;
  account.path = name;
  account.events = minutes.size();
  EXPECT_TRUE(log.begin(name, sha256(fmt::format("{}", fmt::join(minutes, ","))), 1, kNow));
  for (const int m : minutes) EXPECT_TRUE(log.take(happening(m)));
  const auto ended = log.end(account, replaces);
  EXPECT_TRUE(ended) << ended.error().message;
  EXPECT_TRUE(log.commit());
  return **ended;
}

std::set<int> standing(const InputLog& log) {
  std::set<int> out;
  EXPECT_TRUE(log.replay([&](std::uint64_t, const journal::Entry& entry) -> Result<void> {
    if (const auto* e = std::get_if<EventPtr>(&entry))
      out.insert(static_cast<int>(((*e)->event_time - kNow).us / seconds(60).us));
    return {};
  }));
  return out;
}

struct Step {
  std::string name;
  std::vector<int> minutes;
  Replaces replaces;
  std::set<int> stand;  // after it
  std::uint64_t repeated, dropped, retracted;
};

// Files in their order, and what stands after each: in the log that took them, and in the log opened anew.
void expect_steps(const std::vector<Step>& steps) {
  DataFolder data;
  auto keys = KeyRing::open(data.path()).value();
  for (const Step& s : steps) {
    auto log = InputLog::open(data.path(), keys).value();
    const TakenFile file = take(log, s.name, s.minutes, s.replaces);
    EXPECT_EQ(standing(log), s.stand) << s.name;
    EXPECT_EQ(file.repeated, s.repeated) << s.name;
    EXPECT_EQ(file.dropped, s.dropped) << s.name;
    EXPECT_EQ(file.retracted, s.retracted) << s.name;
    EXPECT_EQ(log.standing(), s.stand.size());
    const auto reader = InputLog::open_reading(data.path(), keys).value();
    EXPECT_EQ(standing(reader), s.stand) << s.name << " after opening";
    EXPECT_EQ(reader.files().back().retracted, s.retracted) << s.name << " after opening";
  }
}

TEST(InputLog, TheNextNightRepeatingTheDayBeforeAddsOnlyWhatIsNew) {
  expect_steps({{"/a/night1.csv", {1, 2, 3}, Replaces::interval, {1, 2, 3}, 0, 0, 0},
                {"/a/night2.csv", {2, 3, 4}, Replaces::interval, {1, 2, 3, 4}, 2, 0, 0}});
}

TEST(InputLog, AnAppendedFileGoesOn) {
  expect_steps({{"/a/x.csv", {1, 2}, Replaces::interval, {1, 2}, 0, 0, 0},
                {"/a/x.csv", {1, 2, 3}, Replaces::interval, {1, 2, 3}, 2, 0, 0}});
}

TEST(InputLog, ARewrittenFileRetractsWhatItNoLongerStatesInItsReach) {
  expect_steps({{"/a/x.csv", {1, 2, 3, 4}, Replaces::interval, {1, 2, 3, 4}, 0, 0, 0},
                {"/a/x.csv", {2, 4}, Replaces::interval, {1, 2, 4}, 2, 1, 1},
                // What lay outside the reach stays this file's, so that a later version can drop it.
                {"/a/x.csv", {4}, Replaces::all, {4}, 1, 2, 2}});
}

TEST(InputLog, ARollingExportDropsNothing) {
  expect_steps({{"/a/x.csv", {1, 2}, Replaces::interval, {1, 2}, 0, 0, 0},
                {"/a/x.csv", {11, 12}, Replaces::interval, {1, 2, 11, 12}, 0, 0, 0},
                {"/a/x.csv", {13}, Replaces::none, {1, 2, 11, 12, 13}, 0, 0, 0}});
}

TEST(InputLog, AnEventStandsWhileAnyCurrentFileStatesIt) {
  expect_steps({{"/a/x.csv", {1, 2, 3}, Replaces::interval, {1, 2, 3}, 0, 0, 0},
                {"/b/y.csv", {2}, Replaces::interval, {1, 2, 3}, 1, 0, 0},
                {"/a/x.csv", {1, 3}, Replaces::interval, {1, 2, 3}, 2, 1, 0},
                {"/b/y.csv", {9}, Replaces::all, {1, 3, 9}, 0, 1, 1}});
}

TEST(InputLog, ARetractedEventComesBack) {
  expect_steps({{"/a/x.csv", {1, 2, 3}, Replaces::interval, {1, 2, 3}, 0, 0, 0},
                {"/a/x.csv", {1, 3}, Replaces::interval, {1, 3}, 2, 1, 1},
                {"/a/x.csv", {1, 2, 3}, Replaces::interval, {1, 2, 3}, 2, 0, 0}});
}

TEST(InputLog, AFileCutOffByACrashIsNotTaken) {
  DataFolder data;
  auto keys = KeyRing::open(data.path()).value();
  {
    auto log = InputLog::open(data.path(), keys).value();
    ASSERT_TRUE(log.begin("/a/x.csv", sha256("x"), 1, kNow));
    ASSERT_TRUE(log.take(happening(1)));
    ASSERT_TRUE(log.commit());
  }
  auto log = InputLog::open(data.path(), keys).value();
  EXPECT_EQ(log.standing(), 0u);
  EXPECT_EQ(log.find("/a/x.csv", sha256("x")), nullptr);
  take(log, "/a/x.csv", {1, 2});
  EXPECT_EQ(standing(log), (std::set{1, 2}));
}

// What people look up while a file is taken in.
TEST(InputLog, WhatIsNotedAmidAFileIsNoneOfItsEvents) {
  DataFolder data;
  auto keys = KeyRing::open(data.path()).value();
  FileAccount account;
  account.path = "/a/x.csv";
  account.events = 2;
  {
    auto log = InputLog::open(data.path(), keys).value();
    ASSERT_TRUE(log.begin("/a/x.csv", sha256("1"), 1, kNow));
    ASSERT_TRUE(log.take(happening(1)));
    ASSERT_TRUE(log.note(happening(50, 0)));
    ASSERT_TRUE(log.note(journal::TextEntry{"user.used", kNow, "{}"}));
    ASSERT_TRUE(log.commit());
    ASSERT_TRUE(log.take(happening(2)));
    ASSERT_TRUE(log.end(account, Replaces::all));
    ASSERT_TRUE(log.commit());
    EXPECT_EQ(standing(log), (std::set{1, 2, 50}));
    ASSERT_TRUE(log.begin("/a/y.csv", sha256("2"), 1, kNow));
    ASSERT_TRUE(log.take(happening(3)));
    ASSERT_TRUE(log.note(happening(60, 0)));
    ASSERT_TRUE(log.commit());  // and the machine stops
  }
  auto log = InputLog::open(data.path(), keys).value();
  EXPECT_EQ(standing(log), (std::set{1, 2, 50, 60}));
  ASSERT_EQ(log.texts().size(), 1u);
  EXPECT_EQ(log.texts()[0].files, 1u);
  EXPECT_EQ(log.texts()[0].noted, 1u);
  EXPECT_EQ(take(log, "/a/x.csv", {1}, Replaces::all).retracted, 1u);
  EXPECT_EQ(standing(log), (std::set{1, 50, 60}));
}

TEST(InputLog, KnowsAFileByContentAndItsOwnName) {
  DataFolder data;
  auto keys = KeyRing::open(data.path()).value();
  auto log = InputLog::open(data.path(), keys).value();
  take(log, "/in/gate_20261023.csv", {1});
  const Digest content = log.files().back().content;
  EXPECT_NE(log.find("/in/gate_20261023.csv", content), nullptr);
  EXPECT_NE(log.find("/done/gate_20261023.csv", content), nullptr) << "moved to another folder";
  EXPECT_EQ(log.find("/in/gate_20261024.csv", content), nullptr) << "another day's file, though equal";
  take(log, "/in/gate_20261023.csv", {1, 2});
  EXPECT_EQ(log.find("/in/gate_20261023.csv", content), nullptr) << "superseded";
}

TEST(InputLog, AReaderBesideTheWriterNeedsNoLock) {
  DataFolder data;
  auto keys = KeyRing::open(data.path()).value();
  EXPECT_EQ(InputLog::open_reading(data.path(), keys).error().code, ErrorCode::not_found);
  auto writer = InputLog::open(data.path(), keys).value();
  take(writer, "/a/x.csv", {1});
  auto reader = InputLog::open_reading(data.path(), keys).value();
  EXPECT_EQ(standing(reader), std::set{1});
  EXPECT_FALSE(reader.begin("/a/y.csv", sha256("y"), 1, kNow));
  take(writer, "/a/y.csv", {2});
  EXPECT_EQ(standing(InputLog::open_reading(data.path(), keys).value()), (std::set{1, 2}));
}

}  // namespace
}  // namespace quaywatch::ingest
