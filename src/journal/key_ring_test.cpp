#include "journal/key_ring.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <charconv>
#include <fstream>

#include "io/files.h"
#include "journal/testing.h"

namespace quaywatch::journal {
namespace {

constexpr Month kOctober2026 = (2026 - 1970) * 12 + 9;

Key key_of(std::string_view hex_pairs) {
  Key key{};
  for (std::size_t i = 0; i < key.size() && 2 * i + 1 < hex_pairs.size(); ++i)
    std::from_chars(hex_pairs.data() + 2 * i, hex_pairs.data() + 2 * i + 2, key[i], 16);
  return key;
}

TEST(Cipher, PublishedVectors) {
  // RFC 4231 test case 2: the key "Jefe", zero-padded as HMAC does with a short key.
  Key jefe{};
  std::copy_n("Jefe", 4, jefe.begin());
  EXPECT_EQ(to_hex(hmac_sha256(jefe, "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  // FIPS 197 appendix C.3.
  Block in{};
  for (std::size_t i = 0; i < in.size(); ++i) in[i] = static_cast<std::uint8_t>(i * 0x11);
  EXPECT_EQ(to_hex(aes256_block(key_of("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"), in)),
            "8ea2b7ca516745bfeafc49904b496089");
  // GCM specification (McGrew, Viega), test case 14: key, nonce and block of zeros.
  const std::string sealed = gcm_seal(Key{}, Nonce{}, "", std::string(16, '\0'));
  EXPECT_EQ(to_hex({reinterpret_cast<const std::uint8_t*>(sealed.data()), sealed.size()}),
            "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
}

TEST(Cipher, GcmOpensOnlyWhatItSealed) {
  const Key key = key_of("0102");
  const std::string sealed = gcm_seal(key, Nonce{7}, "entry 3", "KP AB-123");
  EXPECT_EQ(gcm_open(key, Nonce{7}, "entry 3", sealed), std::optional<std::string>("KP AB-123"));
  EXPECT_EQ(gcm_open(key, Nonce{7}, "entry 4", sealed), std::nullopt);
  EXPECT_EQ(gcm_open(key, Nonce{8}, "entry 3", sealed), std::nullopt);
  EXPECT_EQ(gcm_open(key_of("0103"), Nonce{7}, "entry 3", sealed), std::nullopt);
  EXPECT_EQ(gcm_open(key, Nonce{7}, "entry 3", "short"), std::nullopt);
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_EQ(gcm_open(key, Nonce{7}, "entry 3", changed), std::nullopt) << i;
  }
}

TEST(Cipher, BothImplementationsSealAndOpenAlike) {
  for (std::size_t size = 0; size < 70; ++size) {
    const std::string plain(size, static_cast<char>(size)), place(size % 16, 'e');
    const Key key = key_of(fmt::format("{:02x}17", size));
    const Nonce nonce{static_cast<std::uint8_t>(size * 3)};
    const std::string sealed = gcm_seal(key, nonce, place, plain);
    EXPECT_EQ(portable::gcm_seal(key, nonce, place, plain), sealed);
    EXPECT_EQ(portable::gcm_open(key, nonce, place, sealed), std::optional(plain));
    EXPECT_EQ(gcm_open(key, nonce, place, sealed), std::optional(plain));
    std::string changed = sealed;
    changed[size / 2] = static_cast<char>(changed[size / 2] ^ 0x80);
    EXPECT_EQ(portable::gcm_open(key, nonce, place, changed), std::nullopt);
    EXPECT_EQ(gcm_open(key, nonce, place, changed), std::nullopt);
  }
}

TEST(Cipher, KeysThatShareAPlaceDoNotShareABlock) {
  const Block in{1, 2, 3};
  const std::string one = to_hex(aes256_block(key_of("0801"), in));
  const std::string other = to_hex(aes256_block(key_of("0802"), in));
  EXPECT_NE(one, other);
  EXPECT_EQ(to_hex(aes256_block(key_of("0801"), in)), one);
  EXPECT_EQ(to_hex(aes256_block(key_of("0802"), in)), other);
}

TEST(Month, OfReceiptInUtcAndClamped) {
  EXPECT_EQ(month_of(parse_rfc3339("2026-10-31T23:59:59Z").value()), kOctober2026);
  EXPECT_EQ(month_of(parse_rfc3339("2026-11-01T00:59:59+02:00").value()), kOctober2026);
  EXPECT_EQ(month_of({-1}), 0);
  EXPECT_EQ(month_of(Timestamp::max()), 65'535);
}

TEST(KeyRing, PseudonymIsEqualForSpellingsOfOnePlateAndDiffersByClass) {
  DataFolder data;
  auto ring = KeyRing::open(data.path()).value();
  EXPECT_EQ(ring.pseudonym(PersonalClass::plate, "KP ab-123"), ring.pseudonym(PersonalClass::plate, "KPAB123"));
  EXPECT_EQ(ring.pseudonym(PersonalClass::account, " J.Novak"), ring.pseudonym(PersonalClass::account, "j.novak"));
  EXPECT_NE(ring.pseudonym(PersonalClass::account, "jnovak"), ring.pseudonym(PersonalClass::account, "j.novak"));
  EXPECT_NE(ring.pseudonym(PersonalClass::plate, "X1"), ring.pseudonym(PersonalClass::credential, "X1"));
  DataFolder elsewhere;
  EXPECT_NE(KeyRing::open(elsewhere.path())->pseudonym(PersonalClass::plate, "KPAB123"),
            ring.pseudonym(PersonalClass::plate, "KPAB123"));
}

TEST(KeyRing, OneKeyPerPersonAndMonthThatSurvivesReopening) {
  DataFolder data;
  KeyId october{};
  {
    auto ring = KeyRing::open(data.path()).value();
    october = ring.person_key(PersonalClass::plate, "KP AB-123", kOctober2026).value()->id;
    EXPECT_EQ(ring.person_key(PersonalClass::plate, "kpab123", kOctober2026).value()->id, october);
    EXPECT_NE(ring.person_key(PersonalClass::plate, "KP AB-123", kOctober2026 + 1).value()->id, october);
    EXPECT_NE(ring.person_key(PersonalClass::plate, "KP AB-124", kOctober2026).value()->id, october);
    ASSERT_TRUE(ring.sync());
    ASSERT_TRUE(ring.person_key(PersonalClass::plate, "LATER", kOctober2026));
    ASSERT_TRUE(ring.sync());
  }
  auto ring = KeyRing::open(data.path()).value();
  EXPECT_EQ(ring.person_key(PersonalClass::plate, "KP AB-123", kOctober2026).value()->id, october);
  EXPECT_NE(ring.find_person_key(kOctober2026, october).value(), nullptr);
  EXPECT_EQ(ring.find_person_key(kOctober2026 + 1, october).value(), nullptr);
}

TEST(KeyRing, FilesAreForTheOwnerOnlyAndNameNoPerson) {
  DataFolder data;
  auto ring = KeyRing::open(data.path()).value();
  ASSERT_TRUE(ring.person_key(PersonalClass::plate, "KPAB123", kOctober2026));
  ASSERT_TRUE(ring.make_segment_key());
  ASSERT_TRUE(ring.sync());
  const auto files = io::list_files(data.path() + "/keys").value();
  EXPECT_EQ(files.size(), 3u);
  for (const std::string& file : files) {
    struct stat st {};
    ASSERT_EQ(::stat(file.c_str(), &st), 0);
    EXPECT_EQ(st.st_mode & 07777, 0600u) << file;
    EXPECT_EQ(file.find("KPAB123"), std::string::npos);
    EXPECT_EQ(io::read_file(file, 1 << 20)->find("KPAB123"), std::string::npos);
  }
}

TEST(KeyRing, ErasedKeyIsGoneFromFileAndMemoryAndOthersStay) {
  DataFolder data;
  auto ring = KeyRing::open(data.path()).value();
  const PersonKey gone = *ring.person_key(PersonalClass::plate, "GONE1", kOctober2026).value();
  const PersonKey stays = *ring.person_key(PersonalClass::plate, "STAYS1", kOctober2026).value();
  EXPECT_EQ(ring.erase_person(PersonalClass::plate, "gone-1", kOctober2026).value(), true);
  EXPECT_EQ(ring.erase_person(PersonalClass::plate, "gone-1", kOctober2026).value(), false);
  EXPECT_EQ(ring.find_person_key(kOctober2026, gone.id).value(), nullptr);
  const std::string bytes = io::read_file(data.path() + "/keys/person-2026-10.keys", 1 << 20).value();
  const auto holds = [&](const Key& key) {
    return bytes.find(std::string(reinterpret_cast<const char*>(key.data()), key.size())) != std::string::npos;
  };
  EXPECT_FALSE(holds(gone.salt) || holds(gone.cipher));
  EXPECT_TRUE(holds(stays.salt) && holds(stays.cipher));
  auto again = KeyRing::open(data.path()).value();
  EXPECT_EQ(again.find_person_key(kOctober2026, gone.id).value(), nullptr);
  EXPECT_NE(again.find_person_key(kOctober2026, stays.id).value(), nullptr);
  EXPECT_EQ(again.damaged_records(), 0u);
  EXPECT_NE(again.person_key(PersonalClass::plate, "GONE1", kOctober2026).value()->id, gone.id);
  ASSERT_TRUE(again.erase_month(kOctober2026));
  EXPECT_EQ(again.find_person_key(kOctober2026, stays.id).value(), nullptr);
}

TEST(KeyRing, TornTailAndRottenRecordCostOnlyThemselves) {
  DataFolder data;
  const std::string path = data.path() + "/keys/person-2026-10.keys";
  KeyId ids[3];
  {
    auto ring = KeyRing::open(data.path()).value();
    for (std::size_t i = 0; i < 3; ++i)
      ids[i] = ring.person_key(PersonalClass::plate, "P" + std::to_string(i), kOctober2026).value()->id;
    ASSERT_TRUE(ring.sync());
  }
  std::string bytes = io::read_file(path, 1 << 20).value();
  bytes[16 + 100 + 50] ^= 1;  // inside the second record
  bytes.resize(bytes.size() - 7);
  std::ofstream(path, std::ios::binary) << bytes;
  auto ring = KeyRing::open(data.path()).value();
  EXPECT_NE(ring.find_person_key(kOctober2026, ids[0]).value(), nullptr);
  EXPECT_EQ(ring.find_person_key(kOctober2026, ids[1]).value(), nullptr);
  EXPECT_EQ(ring.find_person_key(kOctober2026, ids[2]).value(), nullptr);
  EXPECT_EQ(ring.damaged_records(), 1u);
  const KeyId fresh = ring.person_key(PersonalClass::plate, "P9", kOctober2026).value()->id;
  ASSERT_TRUE(ring.sync());
  auto again = KeyRing::open(data.path()).value();
  EXPECT_NE(again.find_person_key(kOctober2026, fresh).value(), nullptr);
  EXPECT_NE(again.find_person_key(kOctober2026, ids[0]).value(), nullptr);
}

TEST(KeyRing, RefusesNewerMissingAndForeignKeyFiles) {
  DataFolder data;
  const std::string site = data.path() + "/keys/site.key";
  { ASSERT_TRUE(KeyRing::open(data.path())->make_segment_key()); }
  std::string bytes = io::read_file(site, 1 << 20).value();
  bytes[8] = 2;
  std::ofstream(site, std::ios::binary) << bytes;
  EXPECT_EQ(KeyRing::open(data.path()).error().code, ErrorCode::unsupported);
  bytes[8] = 1;
  bytes[20] ^= 1;
  std::ofstream(site, std::ios::binary) << bytes;
  EXPECT_EQ(KeyRing::open(data.path()).error().code, ErrorCode::corrupt);
  std::filesystem::remove(site);
  const auto missing = KeyRing::open(data.path());
  ASSERT_FALSE(missing.has_value());
  EXPECT_NE(missing.error().message.find("restore it from the backup"), std::string::npos) << missing.error().message;
}

}  // namespace
}  // namespace quaywatch::journal
