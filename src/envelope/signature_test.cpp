#include "envelope/signature.h"

#include <gtest/gtest.h>

#include <random>

#include "io/files.h"

namespace quaywatch::envelope {
namespace {

std::string vector_file(const std::string& name) {
  return io::read_file(std::string(QUAYWATCH_SOURCE_DIR) + "/src/envelope/vectors/" + name, 1 << 20).value();
}

std::array<std::uint8_t, 64> digest_of(std::string_view text) {
  ContentDigest digest;
  for (const char c : text) digest.update({&c, 1});
  return digest.finish();
}

TEST(Signature, OfMinisignIsTaken) {
  const auto key = parse_verifying_key(vector_file("minisign.pub"), "minisign.pub");
  ASSERT_TRUE(key) << key.error().message;
  const std::string text = vector_file("signed.minisig");
  const auto comment = verify(*key, digest_of(vector_file("signed.txt")), text, "signed.txt", "signed.minisig");
  ASSERT_TRUE(comment) << comment.error().message;
  EXPECT_EQ(*comment, "an update of nobody");
  const auto older = verify(*key, digest_of(vector_file("signed.txt")), vector_file("older.minisig"), "f", "s");
  ASSERT_FALSE(older);
  EXPECT_EQ(older.error().code, ErrorCode::unsupported);
}

TEST(Signature, KeysAreThoseOfMinisign) {
  const auto key = parse_signing_key(vector_file("minisign.key"), "minisign.key");
  ASSERT_TRUE(key) << key.error().message;
  const VerifyingKey its = verifying_key_of(*key);
  EXPECT_EQ(to_text(its), vector_file("minisign.pub"));
  EXPECT_EQ(parse_verifying_key(short_text(its), "--verify"), its) << "the line alone";
  EXPECT_EQ(parse_verifying_key(" " + short_text(its) + "\r\n", "--verify"), its);
  EXPECT_EQ(verifying_key_of(parse_signing_key(to_text(*key), "again").value()), its);
  const auto locked = parse_signing_key(vector_file("locked.key"), "locked.key");
  ASSERT_FALSE(locked);
  EXPECT_EQ(locked.error().code, ErrorCode::unsupported);
  EXPECT_NE(locked.error().message.find("minisign -S"), std::string::npos);
}

TEST(Signature, HoldsForOneFileOneKeyAndOneComment) {
  const auto key = new_signing_key(), other = new_signing_key();
  ASSERT_TRUE(key && other);
  const std::string text = sign(*key, digest_of("a backup"), "timestamp:1\tfile:x");
  const auto check = [&](const SigningKey& by, std::string_view file, const std::string& signature) {
    return verify(verifying_key_of(by), digest_of(file), signature, "file", "file.minisig");
  };
  EXPECT_EQ(check(*key, "a backup", text), "timestamp:1\tfile:x");
  EXPECT_EQ(check(*key, "a backuq", text).error().code, ErrorCode::corrupt);
  EXPECT_EQ(check(*other, "a backup", text).error().code, ErrorCode::invalid_argument);
  SigningKey pretender = *other;
  pretender.id = key->id;
  EXPECT_EQ(check(pretender, "a backup", text).error().code, ErrorCode::corrupt);
  std::string older = text;
  older.replace(older.find("timestamp:1"), 11, "timestamp:2");
  const auto changed = check(*key, "a backup", older);
  ASSERT_FALSE(changed);
  EXPECT_EQ(changed.error().code, ErrorCode::corrupt);
}

TEST(Signature, ChangedOrCutOffNowhereHolds) {
  const auto key = new_signing_key();
  ASSERT_TRUE(key);
  const std::string text = sign(*key, digest_of("a backup"), "of today");
  const std::size_t first = text.find('\n');
  std::mt19937 random(3);
  for (std::size_t at = first; at < text.size() - 1; ++at) {
    EXPECT_FALSE(verify(verifying_key_of(*key), digest_of("a backup"), text.substr(0, at), "f", "s")) << at;
    std::string bad = text;
    bad[at] = static_cast<char>(bad[at] ^ 1 << random() % 7);
    EXPECT_FALSE(verify(verifying_key_of(*key), digest_of("a backup"), bad, "f", "s")) << at << '\n' << bad;
  }
}

TEST(Signature, DamagedKeysAreRefused) {
  const std::string text = vector_file("minisign.key"), public_text = vector_file("minisign.pub");
  for (std::size_t at = text.size() - 128; at < text.size() - 48; ++at) {  // both halves of the secret
    std::string bad = text;
    bad[at] = bad[at] == 'B' ? 'C' : 'B';
    EXPECT_FALSE(parse_signing_key(bad, "bad.key")) << at;
  }
  for (const std::string& bad :
       {std::string(), std::string("RW"), public_text.substr(0, 100), text, std::string(5000, 'A')})
    EXPECT_FALSE(parse_verifying_key(bad, "bad.pub"));
  EXPECT_FALSE(parse_signing_key(public_text, "bad.key"));
}

}  // namespace
}  // namespace quaywatch::envelope
