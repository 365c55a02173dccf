#include "identity/secrets.h"

#include <gtest/gtest.h>

#include <set>

namespace quaywatch::identity {
namespace {

// RFC 6238 appendix B, the SHA-1 rows; six digits are the last six of the eight there.
TEST(Totp, VectorsOfTheRfc) {
  const std::string secret = "12345678901234567890";
  const std::pair<std::int64_t, const char*> rows[] = {{59, "287082"},         {1111111109, "081804"},
                                                       {1111111111, "050471"}, {1234567890, "005924"},
                                                       {2000000000, "279037"}, {20000000000, "353130"}};
  for (const auto& [time, code] : rows) EXPECT_EQ(totp_code(secret, time / 30), code) << time;
}

TEST(Totp, NeighbouringStepsPassAndEachCountsOnce) {
  const std::string secret = "12345678901234567890";
  const Timestamp now{seconds(59).us};
  EXPECT_EQ(totp_step(secret, "287082", now, 0), 1);
  EXPECT_EQ(totp_step(secret, "287082", now, 1), std::nullopt) << "used before";
  EXPECT_EQ(totp_step(secret, "287082", now + seconds(30), 0), 1) << "a clock half a minute slow";
  EXPECT_EQ(totp_step(secret, "287082", now + seconds(90), 0), std::nullopt);
  EXPECT_EQ(totp_step(secret, "", now, 0), std::nullopt);
}

// RFC 4648 section 10, without padding.
TEST(Base32, VectorsOfTheRfc) {
  const std::pair<const char*, const char*> rows[] = {{"", ""},           {"f", "MY"},         {"fo", "MZXQ"},
                                                      {"foo", "MZXW6"},   {"foob", "MZXW6YQ"}, {"fooba", "MZXW6YTB"},
                                                      {"foobar", "MZXW6YTBOI"}};
  for (const auto& [clear, text] : rows) EXPECT_EQ(base32(clear), text);
}

TEST(Password, OnlyTheRightOnePasses) {
  const auto hash = hash_password("a long and quiet tide");
  ASSERT_TRUE(hash) << hash.error().message;
#ifndef QUAYWATCH_QUICK_PASSWORDS
  EXPECT_TRUE(hash->starts_with("$argon2id$v=19$m=65536,t=3,")) << *hash;
#endif
  EXPECT_TRUE(verify_password(*hash, "a long and quiet tide"));
  EXPECT_FALSE(verify_password(*hash, "a long and quiet tidE"));
  EXPECT_FALSE(verify_password("", ""));
}

TEST(Secrets, AreRandomAndWellFormed) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const auto password = one_time_password();
    ASSERT_TRUE(password);
    EXPECT_EQ(password->size(), 24u);
    EXPECT_EQ(password->find_first_not_of("ABCDEFGHJKMNPQRSTUVWXYZ23456789-"), std::string::npos) << *password;
    EXPECT_TRUE(seen.insert(*password).second);
    EXPECT_TRUE(seen.insert(*random_id("u-")).second);
  }
}

TEST(Secrets, WhatIsLockedOpensWithItsKeyAlone) {
  SecretKey key{}, other{};
  other[31] = 1;
  const auto locked = identity::lock(key, "secret");
  ASSERT_TRUE(locked);
  EXPECT_EQ(identity::unlock(key, *locked), "secret");
  EXPECT_EQ(identity::unlock(other, *locked), std::nullopt);
  std::string changed = *locked;
  changed.back() = static_cast<char>(changed.back() ^ 1);
  EXPECT_EQ(identity::unlock(key, changed), std::nullopt);
  EXPECT_EQ(identity::unlock(key, "short"), std::nullopt);
}

}  // namespace
}  // namespace quaywatch::identity
