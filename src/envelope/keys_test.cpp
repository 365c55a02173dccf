#include <gtest/gtest.h>

#include "envelope/age_keys.h"
#include "envelope/bech32.h"
#include "envelope/primitives.h"
#include "io/files.h"

namespace quaywatch::envelope {
namespace {

int nibble(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

std::string bytes_from_hex(std::string_view hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    out += static_cast<char>(nibble(hex[i]) << 4 | nibble(hex[i + 1]));
  return out;
}

std::string vector_file(const std::string& name) {
  return io::read_file(std::string(QUAYWATCH_SOURCE_DIR) + "/src/envelope/vectors/" + name, 1 << 20).value();
}

TEST(Primitives, HkdfAsInRfc5869) {
  // Test cases 1 and 3, the first 32 bytes.
  const std::string key(22, '\x0b');
  const auto first =
      hkdf_sha256(key, bytes_from_hex("000102030405060708090a0b0c"), bytes_from_hex("f0f1f2f3f4f5f6f7f8f9"));
  EXPECT_EQ(text_of(first.bytes), bytes_from_hex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"));
  const auto third = hkdf_sha256(key, {}, {});
  EXPECT_EQ(text_of(third.bytes), bytes_from_hex("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"));
}

TEST(Primitives, Base64HasOneWayToWriteBytes) {
  EXPECT_EQ(to_base64("fo", Padding::full), "Zm8=");
  EXPECT_EQ(to_base64("fo", Padding::none), "Zm8");
  EXPECT_EQ(from_base64("Zm8", Padding::none), "fo");
  EXPECT_EQ(from_base64("", Padding::none), "");
  for (const char* bad : {"Zm8=", "Zm9", "Zm 8", "Zm8\n", "Z", "Z-8"})
    EXPECT_FALSE(from_base64(bad, Padding::none)) << bad;
  std::string text;
  for (int c = 0; c < 256; ++c) text += static_cast<char>(c);
  const std::string letters = to_base64(text, Padding::full);
  for (std::size_t at = 0; at < letters.size(); ++at)
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = letters;
      changed[at] = static_cast<char>(changed[at] ^ 1 << bit);
      EXPECT_NE(from_base64(changed, Padding::full), text) << at << ", bit " << bit;
    }
}

TEST(Bech32, TakesTheValidTextsOfBip173) {
  for (const char* text : {"A12UEL5L", "a12uel5l", "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
                           "11qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqc8247j",
                           "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w"}) {
    const auto parsed = from_bech32(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(to_bech32(parsed->prefix, parsed->bytes), text);
  }
}

TEST(Bech32, RefusesTheInvalidTextsOfBip173) {
  for (const char* text : {"\x20" "1nwldj5", "\x7f" "1axkwrx", "\x80" "1eym55h", "pzry9x0s0muk",
                           "1pzry9x0s0muk", "x1b4n0q5v", "li1dgmt3",
                           "de1lg7wt\xff", "A1G7SGD8", "10a06t8", "1qzzfhee", "", "1", "A12uEL5L"})
    EXPECT_FALSE(from_bech32(text)) << text;
}

TEST(AgeKeys, AreWrittenAsAgeKeygenWritesThem) {
  const std::string text = vector_file("identity.txt");
  const auto identities = parse_identities(text, "identity.txt");
  ASSERT_TRUE(identities) << identities.error().message;
  ASSERT_EQ(identities->size(), 1u);
  const std::string public_key = to_text(recipient_of(identities->front()));
  EXPECT_NE(text.find("# public key: " + public_key + "\n"), text.npos) << public_key;
  EXPECT_NE(text.find("\n" + to_text(identities->front()) + "\n"), text.npos);
  EXPECT_EQ(parse_recipient(public_key), recipient_of(identities->front()));
}

TEST(AgeKeys, OneWrongCharacterIsNoticed) {
  const auto identity = new_identity();
  ASSERT_TRUE(identity);
  const std::string right = to_text(recipient_of(*identity));
  EXPECT_EQ(right.size(), 62u);
  for (std::size_t i = 0; i < right.size(); ++i) {
    std::string wrong = right;
    wrong[i] = wrong[i] == 'q' ? 'p' : 'q';
    EXPECT_FALSE(parse_recipient(wrong)) << wrong;
  }
  EXPECT_FALSE(parse_recipient(to_text(*identity)));
  EXPECT_FALSE(parse_recipient(to_bech32("age", "too short")));
}

TEST(AgeKeys, AFileOfOtherThingsSaysLineAndNoSecret) {
  const auto identity = new_identity();
  ASSERT_TRUE(identity);
  const std::string secret = to_text(*identity);
  const auto mistaken = parse_recipients("# of the port\n\n" + secret + "\n", "keys.txt");
  ASSERT_FALSE(mistaken);
  EXPECT_EQ(mistaken.error().code, ErrorCode::malformed);
  EXPECT_NE(mistaken.error().message.find("keys.txt line 3"), std::string::npos);
  EXPECT_EQ(mistaken.error().message.find(secret), std::string::npos);
  EXPECT_FALSE(parse_identities("# nothing\n", "keys.txt"));
  const auto locked = parse_identities("age-encryption.org/v1\n-> scrypt x 18\n", "keys.txt");
  ASSERT_FALSE(locked);
  EXPECT_EQ(locked.error().code, ErrorCode::unsupported);
  EXPECT_EQ(parse_identities(secret + "\r\n\r\n" + secret, "keys.txt").value().size(), 2u);
}

}  // namespace
}  // namespace quaywatch::envelope
