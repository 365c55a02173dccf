#include "envelope/age_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "io/files.h"
#include "io/memory_source.h"

namespace quaywatch::envelope {
namespace {

constexpr std::size_t kChunk = AgeChunks::kClear;

std::string some_bytes(std::size_t size) {
  std::mt19937 random(static_cast<unsigned>(size));
  std::string out(size, '\0');
  for (char& c : out) c = static_cast<char>(random());
  return out;
}

std::string vector_file(const std::string& name) {
  return io::read_file(std::string(QUAYWATCH_SOURCE_DIR) + "/src/envelope/vectors/" + name, 1 << 20).value();
}

Result<std::unique_ptr<AgeSource>> open(const std::string& file, const std::vector<Identity>& identities) {
  return AgeSource::open(std::make_unique<io::MemorySource>(file), "x.age", identities);
}

Result<std::string> read_all(io::Source& source) {
  std::string out(source.size(), '\0');
  const auto got = source.read(0, out);
  if (!got) return tl::unexpected(got.error());
  out.resize(*got);
  return out;
}

Result<std::string> decrypt(const std::string& file, const std::vector<Identity>& identities) {
  const auto source = open(file, identities);
  return source ? read_all(**source) : tl::unexpected(source.error());
}

class AgeFile : public testing::Test {
 protected:
  // As it comes from a program that writes pieces of any size.
  std::string encrypt(std::string_view clear, std::size_t piece = 1000) {
    std::string out;
    auto writer = AgeWriter::begin({recipient_of(keys_[0])}, [&out](std::string_view bytes) -> Result<void> {
      out += bytes;
      return {};
    });
    EXPECT_TRUE(writer) << writer.error().message;
    for (std::size_t at = 0; at < clear.size(); at += piece) EXPECT_TRUE(writer->append(clear.substr(at, piece)));
    EXPECT_TRUE(writer->finish());
    return out;
  }
  std::size_t payload(const std::string& file) const {
    return parse_age_header(file, "x.age").value().bytes + 16;
  }

  const std::vector<Identity> keys_{new_identity().value()};
};

TEST_F(AgeFile, ComesBackWhateverItsSize) {
  for (const std::size_t size : std::initializer_list<std::size_t>{0, 1, kChunk - 1, kChunk, kChunk + 1, 2 * kChunk,
                                                                   3 * kChunk + 7}) {
    const std::string clear = some_bytes(size);
    for (const std::size_t piece : {std::size_t{1000}, kChunk, std::size_t{200'000}}) {
      const std::string file = encrypt(clear, piece);
      EXPECT_EQ(decrypt(file, keys_), clear) << size;
      EXPECT_EQ(file.size() - payload(file), size + 16 * std::max<std::size_t>(1, (size + kChunk - 1) / kChunk));
    }
  }
}

TEST_F(AgeFile, IsReadAtAnyPlace) {
  const std::string clear = some_bytes(3 * kChunk + 100);
  const auto source = open(encrypt(clear), keys_);
  ASSERT_TRUE(source);
  EXPECT_EQ((*source)->size(), clear.size());
  std::mt19937 random(1);
  for (int i = 0; i < 300; ++i) {
    const std::size_t at = random() % (clear.size() + 10);
    std::string out(random() % 70'000, '\0');
    const std::string expected = clear.substr(std::min(at, clear.size()), out.size());
    const auto got = (*source)->read(at, out);
    ASSERT_TRUE(got);
    out.resize(*got);
    ASSERT_TRUE(out == expected) << at;
  }
}

TEST_F(AgeFile, OpensWhatAgeWrote) {
  const auto identity = parse_identities(vector_file("identity.txt"), "identity.txt").value();
  EXPECT_EQ(decrypt(vector_file("two_recipients.age"), identity), "a backup of nobody\n");
  EXPECT_EQ(decrypt(vector_file("mixed.age"), identity), "hi\n");
  EXPECT_EQ(decrypt(vector_file("empty.age"), identity), "");
  const auto other = decrypt(vector_file("two_recipients.age"), keys_);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::invalid_argument);
  EXPECT_NE(other.error().message.find("2 other keys"), std::string::npos);
}

TEST_F(AgeFile, CutOffAnywhereIsRefused) {
  const std::string file = encrypt(some_bytes(2 * kChunk));
  const std::size_t start = payload(file);
  std::vector<std::size_t> sizes{start, start + 1, start + 15, start + 16, start + 17, start + AgeChunks::kSealed - 1,
                                 start + AgeChunks::kSealed, start + AgeChunks::kSealed + 1,
                                 start + AgeChunks::kSealed + 16, file.size() - 1};
  for (std::size_t i = 0; i < start; ++i) sizes.push_back(i);
  for (const std::size_t size : sizes) {
    const auto opened = open(file.substr(0, size), keys_);
    ASSERT_FALSE(opened) << size;
    EXPECT_TRUE(opened.error().code == ErrorCode::malformed || opened.error().code == ErrorCode::corrupt) << size;
  }
  EXPECT_FALSE(open(file + "x", keys_));
  // What lies before the cut is opened nowhere: an empty last chunk after a full one is not one either.
  EXPECT_FALSE(open(file + std::string(16, '\0'), keys_));
}

TEST_F(AgeFile, EachFlippedBitIsNoticed) {
  const std::string clear = some_bytes(kChunk + 50), file = encrypt(clear);
  std::mt19937 random(7);
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < payload(file) + 20; ++i) places.push_back(i);
  for (int i = 0; i < 100; ++i) places.push_back(random() % file.size());
  for (const std::size_t at : places) {
    std::string bad = file;
    bad[at] = static_cast<char>(bad[at] ^ 1 << random() % 8);
    const auto read = decrypt(bad, keys_);
    ASSERT_FALSE(read) << at;
    EXPECT_NE(read.error().message.find("x.age"), std::string::npos) << read.error().message;
  }
}

TEST_F(AgeFile, ChunksCannotChangePlacesOrFiles) {
  const std::string clear = some_bytes(3 * kChunk), file = encrypt(clear), other = encrypt(clear);
  const std::size_t first = payload(file), second = first + AgeChunks::kSealed;
  std::string swapped = file;
  std::swap_ranges(swapped.begin() + static_cast<std::ptrdiff_t>(first),
                   swapped.begin() + static_cast<std::ptrdiff_t>(second),
                   swapped.begin() + static_cast<std::ptrdiff_t>(second));
  const auto read = decrypt(swapped, keys_);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::corrupt);
  EXPECT_FALSE(decrypt(file.substr(0, first) + other.substr(first), keys_)) << "no key is used twice";
}

TEST_F(AgeFile, ADamagedChunkIsNamedAndTheOthersAreRead) {
  const std::string clear = some_bytes(3 * kChunk);
  std::string file = encrypt(clear);
  const std::size_t begin = payload(file) + AgeChunks::kSealed;
  file[begin + 5] = static_cast<char>(file[begin + 5] ^ 1);
  const auto source = open(file, keys_);
  ASSERT_TRUE(source);
  std::string out(100, '\0');
  EXPECT_TRUE((*source)->read(0, out));
  const auto bad = (*source)->read(kChunk, out);
  ASSERT_FALSE(bad);
  const std::string& message = bad.error().message;
  EXPECT_NE(message.find("bytes " + std::to_string(begin) + " to "), std::string::npos) << message;
  EXPECT_TRUE((*source)->read(2 * kChunk, out));
}

TEST_F(AgeFile, HeadersOfAnotherFormSayWhichLine) {
  const std::string share = "-> X25519 " + std::string(43, 'A') + "\n", end = "--- " + std::string(43, 'A') + "\n";
  const std::string version(kAgeVersion);
  const auto refusal = [&](const std::string& head) {
    const auto parsed = parse_age_header(head, "x.age");
    return parsed ? std::string("taken") : parsed.error().message;
  };
  EXPECT_EQ(refusal(version + share + "AAAA\n" + end), "taken");
  EXPECT_NE(refusal("age-encryption.org/v2\n" + share).find("line 1"), std::string::npos);
  EXPECT_NE(refusal(version + end).find("no recipient"), std::string::npos);
  EXPECT_NE(refusal(version + "->  X25519\nAAAA\n" + end).find("line 2"), std::string::npos);
  EXPECT_NE(refusal(version + share + "AAA*\n" + end).find("line 3"), std::string::npos);
  EXPECT_NE(refusal(version + share + "AAAA\n---\n").find("line 4"), std::string::npos);
  EXPECT_NE(refusal(version + share + "AAAA\r\n" + end).find("line 3"), std::string::npos);
  EXPECT_NE(refusal(version + share).find("ends within"), std::string::npos);
  std::string endless = version;
  while (endless.size() < 2 * kAgeHeaderMost) endless += share + "AAAA\n";
  EXPECT_NE(refusal(endless + end).find("64 KiB"), std::string::npos);
  // A share to which every key leads.
  const std::string head = version + share + std::string(43, 'A') + "\n" + end;
  const auto weak = parse_age_header(head, "x.age");
  ASSERT_TRUE(weak);
  EXPECT_FALSE(open_age_header(*weak, keys_, "x.age"));
}

TEST_F(AgeFile, NothingIsEncryptedToNobodyOrToAPointThatLeadsNowhere) {
  const auto nothing = [](std::string_view) { return Result<void>{}; };
  EXPECT_FALSE(AgeWriter::begin({}, nothing));
  EXPECT_FALSE(AgeWriter::begin({Recipient{}}, nothing));
  EXPECT_FALSE(AgeWriter::begin(std::vector<Recipient>(1000, recipient_of(keys_[0])), nothing));
}

}  // namespace
}  // namespace quaywatch::envelope
