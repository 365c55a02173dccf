#include "keeping/archive.h"

#include <gtest/gtest.h>

#include <random>

#include "io/memory_source.h"

namespace quaywatch::keeping {
namespace {

std::string some_bytes(std::size_t size) {
  std::mt19937 random(static_cast<unsigned>(size));
  std::string out(size, '\0');
  for (char& c : out) c = static_cast<char>(random() % 20);
  return out;
}

using Content = std::vector<std::pair<std::string, std::string>>;

const Content kContent{{"identity.db", some_bytes(3000)}, {"empty", ""}, {"keys/site.key", some_bytes(200'000)}};

std::string write(std::vector<Part>* parts = nullptr) {
  std::string out;
  ArchiveWriter writer([&out](std::string_view bytes) -> Result<void> {
    out += bytes;
    return {};
  });
  for (const auto& [name, bytes] : kContent) {
    const auto part = writer.add(name, [&, &all = bytes](const Blocks& sink) -> Result<void> {
      for (std::size_t at = 0; at < all.size(); at += 70'000)
        if (auto taken = sink(std::string_view(all).substr(at, 70'000)); !taken) return taken;
      return {};
    });
    EXPECT_TRUE(part);
    if (parts != nullptr) parts->push_back(*part);
  }
  EXPECT_TRUE(writer.finish());
  return out;
}

Result<Content> read(const std::string& file) {
  auto archive = ArchiveReader::open(std::make_unique<io::MemorySource>(file), "x.qwb");
  if (!archive) return tl::unexpected(archive.error());
  Content out;
  for (std::size_t i = 0; i < archive->size(); ++i) {
    std::string text;
    const auto part = archive->read(i, [&](std::string_view bytes) -> Result<void> {
      text += bytes;
      return {};
    });
    if (!part) return tl::unexpected(part.error());
    EXPECT_EQ(part->digest, sha256(text));
    EXPECT_EQ(part->bytes, text.size());
    out.emplace_back(archive->name(i), text);
  }
  return out;
}

TEST(Archive, GivesBackWhatWasPutIn) {
  std::vector<Part> parts;
  const auto content = read(write(&parts));
  ASSERT_TRUE(content) << content.error().message;
  EXPECT_EQ(*content, kContent);
  ASSERT_EQ(parts.size(), 3u);
  for (std::size_t i = 0; i < parts.size(); ++i)
    EXPECT_EQ(parts[i], (Part{kContent[i].first, kContent[i].second.size(), sha256(kContent[i].second)}));
}

TEST(Archive, CutOffAnywhereHasNoList) {
  const std::string file = write();
  std::mt19937 random(5);
  for (int i = 0; i < 300; ++i) {
    const std::size_t size = i < 100 ? file.size() - 1 - static_cast<std::size_t>(i) : random() % file.size();
    const auto content = read(file.substr(0, size));
    ASSERT_FALSE(content);
    EXPECT_EQ(content.error().code, ErrorCode::corrupt);
  }
}

TEST(Archive, AnyFlippedBitIsRefusedOrChangesNothing) {
  const std::string file = write();
  std::mt19937 random(6);
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < 200; ++i) places.push_back(i);
  for (std::size_t i = 1; i <= 500; ++i) places.push_back(file.size() - i);
  for (int i = 0; i < 200; ++i) places.push_back(random() % file.size());
  for (const std::size_t at : places) {
    std::string bad = file;
    bad[at] = static_cast<char>(bad[at] ^ 1 << random() % 8);
    const auto content = read(bad);
    if (!content) {
      EXPECT_NE(content.error().message.find("x.qwb"), std::string::npos);
      continue;
    }
    ASSERT_EQ(content->size(), kContent.size()) << at;
    for (std::size_t i = 0; i < kContent.size(); ++i) EXPECT_TRUE((*content)[i].second == kContent[i].second) << at;
  }
}

TEST(Archive, WhatASourceRefusesIsTheReason) {
  const std::string file = write();
  auto source = std::make_unique<io::MemorySource>(file);
  io::MemorySource& stick = *source;
  auto archive = ArchiveReader::open(std::move(source), "x.qwb");
  ASSERT_TRUE(archive);
  const auto nowhere = [](std::string_view) { return Result<void>{}; };
  for (const std::uint64_t from : {std::uint64_t{0}, archive->offset(2) + 20}) {
    stick.fail_from(from);
    const auto part = archive->read(from == 0 ? 0 : 2, nowhere);
    ASSERT_FALSE(part);
    EXPECT_EQ(part.error().message, "the stick was pulled out");
  }
  stick.fail_from(~std::uint64_t{0});
  const auto stopped = archive->read(0, [](std::string_view) -> Result<void> {
    return fail(ErrorCode::io_failure, "the disk is full");
  });
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().message, "the disk is full");
}

}  // namespace
}  // namespace quaywatch::keeping
