#include "identity/sessions.h"

#include <gtest/gtest.h>

#include "base/limits_server.h"

namespace quaywatch::identity {
namespace {

const Timestamp kNow = *parse_rfc3339("2026-03-12T08:00:00Z");

TEST(Sessions, EndWhenIdleAndInAnyCase) {
  Sessions sessions;
  const std::string token = *sessions.begin("u-1", kNow);
  EXPECT_EQ(sessions.use(token, kNow)->user_id, "u-1");
  EXPECT_FALSE(sessions.use("other", kNow));
  EXPECT_FALSE(sessions.is_valid(token, kNow + limits::kSessionIdle));
  Timestamp now = kNow;
  while (now < kNow + limits::kSessionAbsolute) {
    EXPECT_TRUE(sessions.use(token, now)) << "used often enough";
    now = now + minutes(20);
  }
  EXPECT_FALSE(sessions.use(token, now));
  EXPECT_EQ(sessions.size(), 0u);
}

TEST(Sessions, OthersOfAUserEndTogether) {
  Sessions sessions;
  const std::string kept = *sessions.begin("u-1", kNow), gone = *sessions.begin("u-1", kNow);
  const std::string other = *sessions.begin("u-2", kNow);
  sessions.end_all_of("u-1", kept);
  EXPECT_TRUE(sessions.use(kept, kNow));
  EXPECT_FALSE(sessions.use(gone, kNow));
  EXPECT_TRUE(sessions.use(other, kNow));
}

TEST(Sessions, OfOneUserAreBounded) {
  Sessions sessions;
  const std::string first = *sessions.begin("u-1", kNow);
  for (std::size_t i = 0; i < limits::kSessionsPerUser; ++i)
    ASSERT_TRUE(sessions.begin("u-1", kNow + seconds(static_cast<std::int64_t>(i) + 1)));
  EXPECT_EQ(sessions.size(), limits::kSessionsPerUser);
  EXPECT_FALSE(sessions.use(first, kNow + minutes(1)));
}

TEST(Sessions, AUserSeesHisOwnAndEndsTheOthers) {
  Sessions sessions;
  const std::string first = *sessions.begin("u-1", kNow, "Firefox"), second = *sessions.begin("u-1", kNow, "curl");
  const std::string other = *sessions.begin("u-2", kNow);
  ASSERT_TRUE(sessions.use(first, kNow + seconds(5)));
  const auto own = sessions.list_of("u-1", second, kNow + seconds(9));
  ASSERT_EQ(own.size(), 2u);
  EXPECT_EQ(own[0].session.client, "Firefox") << "used last";
  EXPECT_FALSE(own[0].is_current);
  EXPECT_TRUE(own[1].is_current);
  EXPECT_NE(own[0].id, own[1].id);
  EXPECT_EQ(first.find(own[0].id.substr(2)), std::string::npos) << "its name is no part of what lets in";
  EXPECT_TRUE(sessions.list_of("u-1", second, kNow + limits::kSessionIdle + seconds(5)).empty());

  const std::string of_other = sessions.list_of("u-2", other, kNow)[0].id;
  EXPECT_EQ(sessions.end_of("u-1", {of_other, own[0].id, own[1].id, "s-0000000000000000"}, second), 1u);
  EXPECT_FALSE(sessions.use(first, kNow));
  EXPECT_TRUE(sessions.use(second, kNow)) << "the current one";
  EXPECT_TRUE(sessions.use(other, kNow)) << "of somebody else";
}

}  // namespace
}  // namespace quaywatch::identity
