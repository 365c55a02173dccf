#include "codec/archive.h"

#include <gtest/gtest.h>

#include <random>

#include "codec/testing.h"

namespace quaywatch::codec {
namespace {

using testing::gzip;
using testing::zip;

const std::string kZeros(4 * 1024 * 1024, '\0');
constexpr std::size_t kMost = 100'000'000;

std::string_view reason_of(const tl::expected<std::string, Refusal>& result) {
  return result ? "unpacked" : result.error().reason;
}

// The reason of the first member, or of the archive.
std::string_view zip_reason(const std::string& bytes) {
  auto archive = ZipArchive::open(bytes);
  if (!archive) return archive.error().reason;
  return archive->entries().empty() ? "empty" : reason_of(archive->unpack(archive->entries()[0], kMost));
}

TEST(Archive, IsKnownByItsFirstBytes) {
  EXPECT_EQ(packing_of(gzip("a")), Packing::gzip);
  EXPECT_EQ(packing_of(zip({{"a", "b"}})), Packing::zip);
  EXPECT_EQ(packing_of(zip({})), Packing::zip);
  EXPECT_EQ(packing_of("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 old"), Packing::ole);
  EXPECT_EQ(packing_of("PKW;1\n"), Packing::none);
  EXPECT_EQ(packing_of(""), Packing::none);
}

TEST(Archive, GzipWithSeveralMembersIsOneText) {
  EXPECT_EQ(gunzip(gzip("a;b\n") + gzip("1;2\n")).value(), "a;b\n1;2\n");
  EXPECT_EQ(gunzip(gzip("a") + std::string(512, '\0')).value(), "a") << "padded to a block";
  EXPECT_EQ(gunzip(gzip("")).value(), "");
}

TEST(Archive, DamagedGzipIsRefusedWhole) {
  const std::string good = gzip("container;weight\nQAYU1000011;20000\n");
  EXPECT_EQ(reason_of(gunzip(good)), "unpacked");
  for (std::size_t n = 2; n < good.size(); ++n) EXPECT_EQ(reason_of(gunzip(good.substr(0, n))), "archive_corrupt") << n;
  std::string wrong = good;
  wrong[wrong.size() - 6] ^= 1;  // inside the checksum
  EXPECT_EQ(reason_of(gunzip(wrong)), "archive_corrupt");
  EXPECT_EQ(reason_of(gunzip(good + "more")), "archive_corrupt") << "what follows is not dropped in silence";
}

TEST(Archive, BombsAreRefusedByName) {
  EXPECT_EQ(reason_of(gunzip(gzip(kZeros))), "archive_bomb");
  EXPECT_EQ(zip_reason(zip({{"zeros.csv", kZeros}})), "archive_bomb");
  EXPECT_EQ(reason_of(gunzip(gzip(std::string(1'000'000, '0')))), "unpacked") << "too small to matter";
  // Many members that are small each: what was unpacked so far counts.
  std::vector<testing::Member> members;
  for (int i = 0; i < 8; ++i) members.push_back({std::to_string(i), std::string(900'000, '0')});
  const std::string bytes = zip(members);
  auto archive = ZipArchive::open(bytes).value();
  std::string reasons;
  for (const ZipEntry& e : archive.entries()) reasons += reason_of(archive.unpack(e, kMost)) == "unpacked" ? 'u' : 'b';
  EXPECT_EQ(reasons, "ubbbbbbb");
  auto limited = ZipArchive::open(bytes).value();
  EXPECT_EQ(reason_of(limited.unpack(limited.entries()[0], 1000)), "archive_bomb");
}

TEST(Archive, ZipMembersInTheirOrder) {
  const std::string bytes = zip({{"day/", "", 0, 0}, {"day/gate.csv", "a;b\n"}, {"day\\m\xFClle\n.csv", "c", 0, 0}});
  auto archive = ZipArchive::open(bytes).value();
  ASSERT_EQ(archive.entries().size(), 2U);
  EXPECT_EQ(archive.entries()[1].name, "day/m\u00FClle_.csv");
  EXPECT_EQ(archive.unpack(archive.entries()[0], kMost).value(), "a;b\n");
  EXPECT_EQ(archive.unpack(archive.entries()[1], kMost).value(), "c");
  EXPECT_EQ(archive.packed(archive.entries()[1]), "c");
  EXPECT_EQ(archive.find("day/gate.csv"), &archive.entries()[0]);
  EXPECT_EQ(archive.find("gate.csv"), nullptr);
}

TEST(Archive, AMemberThatCannotBeUsedCostsItselfOnly) {
  const std::string bytes = zip({{"a", "1", 1, 0}, {"b", "2", 0, 0, true}, {"c", "3", 0, 12}, {"d", "4"}, {"d", "5"}});
  auto archive = ZipArchive::open(bytes).value();
  std::vector<std::string_view> reasons;
  for (const ZipEntry& e : archive.entries()) reasons.push_back(reason_of(archive.unpack(e, kMost)));
  EXPECT_EQ(reasons, (std::vector<std::string_view>{"archive_encrypted", "archive_corrupt", "archive_method",
                                                    "unpacked", "repeated_member"}));
  for (const ZipEntry& e : archive.entries()) EXPECT_FALSE(archive.packed(e).empty()) << e.name;
}

TEST(Archive, ZipWithTooManyMembersIsRefused) {
  EXPECT_EQ(zip_reason(zip(std::vector<testing::Member>(10'001, {"a", "", 0, 0}))), "archive_members");
}

TEST(Archive, TruncatedZipIsRefused) {
  const std::string good = zip({{"gate.csv", "container;weight\nQAYU1000011;20000\n"}});
  EXPECT_EQ(zip_reason(good), "unpacked");
  for (std::size_t n = 4; n < good.size(); ++n) EXPECT_EQ(zip_reason(good.substr(0, n)), "archive_corrupt") << n;
}

// Whatever comes: a text or a reason, and bytes for the account.
TEST(Archive, DamageNeverEscapes) {
  const std::string good = zip({{"a.csv", "container;weight\nQAYU1000011;20000\n"}, {"b.csv", "x;y\n", 0, 0}});
  for (std::uint32_t seed = 1; seed <= 3000; ++seed) {
    std::mt19937 random(seed);
    std::string bytes = good;
    for (int i = 0; i < 4; ++i) bytes[random() % bytes.size()] = static_cast<char>(random() % 256);
    auto archive = ZipArchive::open(bytes);
    if (!archive) continue;
    for (const ZipEntry& e : archive->entries()) {
      const auto text = archive->unpack(e, kMost);
      EXPECT_TRUE(text || (!archive->packed(e).empty() && !text.error().message.empty())) << seed;
    }
  }
}

}  // namespace
}  // namespace quaywatch::codec
