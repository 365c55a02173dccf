#include "rulebook/backtest_summary.h"

#include <gtest/gtest.h>

namespace quaywatch::rulebook {
namespace {

Timestamp at(const char* text) {
  return parse_rfc3339(text).value();
}

TEST(BacktestSummary, SentenceKeepsTheFiguresAndWhoMadeThem) {
  BacktestFigures given{10, 15, 0, 5, 2, {}};
  EXPECT_EQ(sentence(given), "10 alerts, before 15: 0 appear, 5 disappear, 2 change");
  EXPECT_FALSE(read_figures(sentence(given))->on_server);

  given.on_server = OnServer{at("2026-03-12T00:00:00Z"), at("2026-03-13T00:00:00Z"), 7};
  EXPECT_EQ(sentence(given),
            "10 alerts, before 15: 0 appear, 5 disappear, 2 change; tried by the server from 2026-03-12T00:00:00Z "
            "until 2026-03-13T00:00:00Z against version 7");
  const auto read = read_figures(sentence(given));
  ASSERT_TRUE(read && read->on_server);
  EXPECT_EQ(read->now, 10u);
  EXPECT_EQ(read->change, 2u);
  EXPECT_EQ(read->on_server->from, at("2026-03-12T00:00:00Z"));
  EXPECT_EQ(read->on_server->until, at("2026-03-13T00:00:00Z"));
  EXPECT_EQ(read->on_server->against, 7u);
}

TEST(BacktestSummary, WhatIsNotOfThisFormIsNotOfTheServer) {
  const std::string figures = "1 alerts, before 2: 0 appear, 1 disappear, 0 change";
  for (const char* tail : {"; tried by the server from yesterday until today against version 1",
                           "; tried by the server from 2026-03-12T00:00:00Z", " until  against version ",
                           "; tried by the server from 2026-03-12T00:00:00Z until 2026-03-13T00:00:00Z against v"})
    EXPECT_FALSE(read_figures(figures + tail)->on_server) << tail;
  EXPECT_FALSE(read_figures("nobody tried it"));
}

}  // namespace
}  // namespace quaywatch::rulebook
