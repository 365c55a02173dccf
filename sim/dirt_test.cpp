#include "sim/dirt.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>

#include "sim/testing.h"

namespace quaywatch::sim {
namespace {

constexpr Timestamp kNoon{1'792'000'000'000'000};

struct Sent {
  std::map<std::string, std::string> files;
  std::map<std::string, Timestamp> arrived;
  std::map<std::string, int> notes;  // by kind
};

// `days` files of one feed, ten rows each, all due at noon of their day.
Sent send(std::uint64_t seed, int count, int rows) {
  Sent sent;
  const Deliver deliver = [&](const std::string& path, std::string_view bytes, Timestamp at) {
    EXPECT_TRUE(sent.files.emplace(path, bytes).second) << path;
    sent.arrived[path] = at;
  };
  const Note note = [&](const std::string& json) { ++sent.notes[json.substr(9, json.find('"', 9) - 9)]; };
  Dirt dirt(shipped_figures(), seed, deliver, note);
  for (int day = 0; day < count; ++day) {
    std::string bytes = "head\n";
    for (int i = 0; i < rows; ++i) bytes += fmt::format("{}-{}\n", day, i);
    dirt.pass(fmt::format("feeds/a/x_{:05}.csv", day), bytes, kNoon + days(day));
  }
  return sent;
}

TEST(Dirt, SharesAreThoseOfTheTable) {
  const Sent sent = send(1, 20'000, 1);
  EXPECT_NEAR(sent.notes.at("lost"), 60, 25);
  EXPECT_NEAR(sent.notes.at("late"), 600, 80);
  EXPECT_NEAR(sent.notes.at("sent_twice"), 200, 50);
  EXPECT_EQ(sent.files.size(), 20'000U - static_cast<std::size_t>(sent.notes.at("lost")) +
                                   static_cast<std::size_t>(sent.notes.at("sent_twice")));
}

TEST(Dirt, OverlapRepeatsTheLastRowsBehindTheHeader) {
  const Sent sent = send(1, 2, 1'000);  // 0.2 % of 1,000 rows: two
  const std::string& second = sent.files.at("feeds/a/x_00001.csv");
  EXPECT_TRUE(second.starts_with("head\n0-998\n0-999\n1-0\n")) << second.substr(0, 40);
}

TEST(Dirt, ACopyIsTheSameToTheByteAndLater) {
  const Sent sent = send(3, 2'000, 1);
  int copies = 0;
  for (const auto& [path, bytes] : sent.files) {
    const auto at = path.find("resent/");
    if (at == std::string::npos) continue;
    std::string first = path;
    first.erase(at, 7);
    EXPECT_EQ(sent.files.at(first), bytes);
    EXPECT_LT(sent.arrived.at(first), sent.arrived.at(path));
    ++copies;
  }
  EXPECT_GT(copies, 5);
}

TEST(Dirt, FeedIsTheNameBeforeItsNumber) {
  EXPECT_EQ(feed_of("feeds/tos/yard_orders_20261019.csv"), "feeds/tos/yard_orders_");
  EXPECT_EQ(feed_of("feeds/a2/plain.csv"), "feeds/a2/plain.csv");
}

}  // namespace
}  // namespace quaywatch::sim
