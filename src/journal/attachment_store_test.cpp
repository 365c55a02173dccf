#include "journal/attachment_store.h"

#include <gtest/gtest.h>

#include "io/files.h"
#include "journal/testing.h"

namespace quaywatch::journal {
namespace {

constexpr std::size_t kBlock = 64 * 1024, kSealed = kBlock + 17, kFirst = 12 + 24;

class Attachments : public testing::Test {
 protected:
  KeptAttachment put(std::string_view bytes) {
    auto writer = store_.begin(bytes.size());
    EXPECT_TRUE(writer) << writer.error().message;
    EXPECT_TRUE(writer->append(bytes));
    const auto kept = writer->finish();
    EXPECT_TRUE(kept) << kept.error().message;
    return *kept;
  }
  Result<std::string> get(const std::string& id) {
    auto reader = store_.open(id);
    if (!reader) return tl::unexpected(reader.error());
    std::string out;
    for (;;) {
      auto block = reader->next();
      if (!block) return block;
      if (block->empty()) return out;
      EXPECT_LE(block->size(), kBlock);
      out += *block;
    }
  }
  std::string path(const std::string& id) const {
    return data_.path() + "/attachments/" + id.substr(0, 2) + "/" + id;
  }
  std::string key(const std::string& id) const { return data_.path() + "/keys/segment-" + id + ".key"; }
  std::string file(const std::string& id) const { return io::read_file(path(id), 1 << 22).value(); }
  void replace(const std::string& id, std::string_view bytes) { ASSERT_TRUE(io::write_file_atomic(path(id), bytes)); }

  DataFolder data_;
  KeyRing keys_ = KeyRing::open(data_.path()).value();
  AttachmentStore store_{data_.path(), keys_};
};

std::string text_of(std::size_t size) {
  std::string out(size, '\0');
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<char>(i * 31 + i / 251);
  return out;
}

TEST_F(Attachments, ComeBackAsTheyWereWhateverTheirSize) {
  for (const std::size_t size : {std::size_t{1}, kBlock - 1, kBlock, kBlock + 1, 3 * kBlock, 3 * kBlock + 7}) {
    const std::string bytes = text_of(size);
    auto writer = store_.begin(0);
    ASSERT_TRUE(writer);
    for (std::size_t at = 0; at < size; at += 10'000) ASSERT_TRUE(writer->append(bytes.substr(at, 10'000)));
    const auto kept = writer->finish();
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->bytes, size);
    EXPECT_EQ(kept->content, sha256(bytes));
    EXPECT_EQ(get(kept->id).value(), bytes) << size;
    EXPECT_TRUE(store_.check(*kept));
  }
}

TEST_F(Attachments, SayNothingOnDisk) {
  const std::string bytes(1000, 'S');
  const auto first = put(bytes), second = put(bytes);
  EXPECT_NE(first.id, second.id) << "the same file twice, and each goes for itself";
  EXPECT_EQ(first.content, second.content);
  EXPECT_NE(to_hex(first.content).substr(0, 32), first.id);
  EXPECT_EQ(file(first.id).find("SSSS"), std::string::npos);
  EXPECT_NE(file(first.id), file(second.id));
  for (const std::string& file : {path(first.id), data_.path() + "/attachments", data_.path() + "/attachments/.partial",
                                  data_.path() + "/attachments/" + first.id.substr(0, 2)})
    EXPECT_TRUE(io::is_private(file).value()) << file;
}

TEST_F(Attachments, WhatWasChangedIsNotGivenOut) {
  const std::string bytes = text_of(3 * kBlock + 7);
  const auto kept = put(bytes), other = put(bytes);
  const std::string whole = file(kept.id);
  const auto refused = [&](const std::string& changed, const char* what) {
    replace(kept.id, changed);
    const auto got = get(kept.id);
    ASSERT_FALSE(got) << what;
    EXPECT_EQ(got.error().code, ErrorCode::corrupt) << what;
    EXPECT_EQ(store_.check(kept).error().code, ErrorCode::corrupt) << what;
  };
  std::string flipped = whole;
  flipped[kFirst + 5] = static_cast<char>(flipped[kFirst + 5] ^ 1);
  refused(flipped, "a bit");
  std::string swapped = whole;
  swapped.replace(kFirst, kSealed, whole.substr(kFirst + kSealed, kSealed));
  swapped.replace(kFirst + kSealed, kSealed, whole.substr(kFirst, kSealed));
  refused(swapped, "two blocks in each other's place");
  refused(whole.substr(0, kFirst + kSealed) + whole.substr(kFirst + 2 * kSealed), "a block left out");
  refused(whole.substr(0, kFirst + kSealed), "cut at the end of a block");
  refused(whole.substr(0, whole.size() - 1), "cut within one");
  refused(whole.substr(0, kFirst), "no block at all");
  refused(whole.substr(0, 10), "no header");
  refused("", "nothing");
  refused(whole + "x", "something behind it");
  refused(whole + whole.substr(kFirst), "the blocks twice");
  refused(file(other.id), "another file, with another key");
  std::string later = whole;
  later[8] = 2;
  replace(kept.id, later);
  EXPECT_EQ(get(kept.id).error().code, ErrorCode::unsupported);
  replace(kept.id, whole);
  EXPECT_EQ(get(kept.id).value(), bytes);
  KeptAttachment wrong = kept;
  wrong.content = sha256("another");
  EXPECT_EQ(store_.check(wrong).error().code, ErrorCode::corrupt) << "whole, but not what the journal says";
}

TEST_F(Attachments, AMissingOneIsSaid) {
  const auto kept = put("x");
  ASSERT_TRUE(io::remove_file(path(kept.id)));
  EXPECT_EQ(get(kept.id).error().code, ErrorCode::not_found);
  EXPECT_EQ(store_.check(kept).error().code, ErrorCode::not_found);
  for (const char* name : {"", "x", "../../keys/site.key", "ABCDEF0123456789ABCDEF0123456789"})
    EXPECT_EQ(get(name).error().code, ErrorCode::not_found) << name;
}

TEST_F(Attachments, AnEmptyOrUnfinishedOneLeavesNothing) {
  const auto count = [&](const char* folder) { return io::list_names(data_.path() + folder).value().size(); };
  const std::size_t keys = count("/keys");
  {
    auto writer = store_.begin(0);
    ASSERT_TRUE(writer);
    EXPECT_EQ(writer->finish().error().code, ErrorCode::invalid_argument);
  }
  {
    auto writer = store_.begin(1 << 20);
    ASSERT_TRUE(writer && writer->append(text_of(2 * kBlock)));
    EXPECT_EQ(count("/attachments/.partial"), 1u);
  }
  EXPECT_EQ(count("/attachments/.partial"), 0u);
  EXPECT_EQ(count("/attachments"), 1u);
  EXPECT_EQ(count("/keys"), keys);
}

TEST_F(Attachments, WhatWasRemovedIsUnreadableWhereverACopyLies) {
  const auto kept = put("seal");
  const std::string copy = file(kept.id);
  ASSERT_TRUE(store_.remove(kept.id));
  ASSERT_TRUE(store_.remove(kept.id)) << "twice is once";
  EXPECT_FALSE(io::exists(path(kept.id)));
  EXPECT_FALSE(io::exists(key(kept.id)));
  replace(kept.id, copy);
  EXPECT_EQ(get(kept.id).error().code, ErrorCode::not_found);
}

// A crash between the file and its entry, behind an entry that removes it, or while one comes in.
TEST_F(Attachments, WhatTheJournalDoesNotNameIsSwept) {
  EXPECT_EQ(store_.sweep({}).value(), 0u) << "no folder yet";
  const auto stands = put("stands"), orphan = put("orphan"), half_removed = put("removed");
  ASSERT_TRUE(io::remove_file(key(half_removed.id)));
  const std::string partial = data_.path() + "/attachments/.partial/" + std::string(32, 'a');
  ASSERT_TRUE(io::write_file(partial, "torn"));
  ASSERT_TRUE(io::write_file(data_.path() + "/attachments/README", "put here by hand"));
  EXPECT_EQ(store_.sweep({stands.id}).value(), 3u);
  EXPECT_FALSE(io::exists(path(orphan.id)));
  EXPECT_FALSE(io::exists(key(orphan.id)));
  EXPECT_FALSE(io::exists(path(half_removed.id)));
  EXPECT_FALSE(io::exists(partial));
  EXPECT_TRUE(io::exists(data_.path() + "/attachments/README"));
  EXPECT_EQ(get(stands.id).value(), "stands");
  EXPECT_EQ(store_.sweep({stands.id}).value(), 0u);
}

}  // namespace
}  // namespace quaywatch::journal
