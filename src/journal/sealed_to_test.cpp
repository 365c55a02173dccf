// Entries that none but one organisation can read: proven by everybody, read with its key alone.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "io/files.h"
#include "journal/testing.h"

namespace quaywatch::journal {
namespace {

constexpr Timestamp kNow{1'792'000'000'000'000};  // October 2026
constexpr std::string_view kCustoms = "o-00000000000000c0", kPolice = "o-00000000000000b0";

EventPtr look_up() {
  boost::intrusive_ptr<Event> e(new Event);
  e->type = EventType::account_queried;
  e->feed = "quaywatch.lookups";
  e->owner = std::string(kCustoms);
  e->event_time = e->reported_at = e->received_at = kNow;
  e->fields.add_text(FieldId::account_id, "k.lindqvist");
  e->fields.add_text(FieldId::container_number, "TRHU3871247");
  e->fields.add_text(FieldId::task_ref, "CASE-77");
  e->id = event_id(content_digest(*e, "a key"), 0);
  return e;
}
TextEntry used() {
  return {"user.used", kNow, R"({"by":"u-1","operation":"getTimeline","subject":"container:TRHU3871247"})"};
}
Entry sealed(Entry entry) {
  return sealed_to({std::string(kCustoms)}, kNow, std::move(entry));
}

std::vector<Entry> read_all(const std::string& folder, Personal personal = Personal::opened) {
  auto ring = KeyRing::open(folder).value();
  const auto log = Log::open_reading(folder, "input", ring).value();
  std::vector<Entry> out;
  const auto keep = [&](std::uint64_t, const Entry& entry) -> Result<void> {
    out.push_back(entry);
    return {};
  };
  const auto done = log.replay(0, keep, personal);
  EXPECT_TRUE(done.has_value()) << done.error().message;
  return out;
}

std::string all_bytes(const std::string& folder) {
  std::string out;
  const auto files = io::list_files(folder).value();
  for (const std::string& path : files) out += path + io::read_file(path, 1 << 24).value();
  return out;
}

std::string digest_of(const std::string& path) {
  return to_hex(sha256(io::read_file(path, 1 << 20).value()));
}

class SealedToTest : public testing::Test {
 protected:
  void write(const std::vector<Entry>& entries) {
    auto ring = KeyRing::open(data_.path()).value();
    auto log = Log::open(data_.path(), "input", ring).value();
    for (const Entry& entry : entries) {
      const auto done = log.append(entry);
      ASSERT_TRUE(done.has_value()) << done.error().message;
    }
    ASSERT_TRUE(log.commit());
  }
  Verified verify() const {
    auto ring = KeyRing::open(data_.path()).value();
    const auto verified = Log::open_reading(data_.path(), "input", ring).value().verify();
    EXPECT_TRUE(verified.has_value()) << verified.error().message;
    return verified.value_or(Verified{});
  }
  void take_keys_away() { std::filesystem::rename(keys(), away()); }
  void put_keys_back() {
    std::filesystem::copy(away(), keys(), std::filesystem::copy_options::recursive);
    std::filesystem::remove_all(away());
  }
  std::string keys() const { return fmt::format("{}/{}", data_.path(), kOrganisationKeys); }
  std::string away() const { return elsewhere_.path() + "/away"; }

  DataFolder data_, elsewhere_;
};

TEST_F(SealedToTest, WithTheKeyOfTheOrganisationAllIsAsItWasWritten) {
  write({sealed(used()), sealed(look_up()), Tick{kNow}});
  const auto read = read_all(data_.path());
  ASSERT_EQ(read.size(), 3u);
  EXPECT_EQ(dump(content_of(read[0])), dump(Entry(used())));
  EXPECT_EQ(dump(content_of(read[1])), dump(Entry(look_up())));
  EXPECT_EQ(std::get<SealedTo>(read[1]).organisation, kCustoms);
  EXPECT_EQ(verify().closed, 0u);
  const auto closed = read_all(data_.path(), Personal::closed);
  EXPECT_EQ(std::get<EventPtr>(content_of(closed[1]))->id, look_up()->id);
  EXPECT_TRUE(std::get<EventPtr>(content_of(closed[1]))->fields.get(FieldId::account_id).is_unknown());
}

TEST_F(SealedToTest, WithoutItTheEntryIsProvenAndSaysWhoseAndWhenAlone) {
  write({sealed(used()), sealed(look_up()), Tick{kNow}});
  const Verified with = verify();
  take_keys_away();
  const auto read = read_all(data_.path());
  ASSERT_EQ(read.size(), 3u);
  for (std::size_t i = 0; i < 2; ++i) {
    const auto& entry = std::get<SealedTo>(content_of(read[i]));
    EXPECT_EQ(entry.organisation, kCustoms);
    EXPECT_EQ(entry.at, kNow);
    EXPECT_EQ(entry.entry, nullptr);
  }
  EXPECT_TRUE(std::holds_alternative<Tick>(read[2]));
  const Verified without = verify();
  EXPECT_EQ(without.position, with.position);
  EXPECT_EQ(without.closed, 2u);
  EXPECT_EQ(without.bare, 0u) << "each entry hashes to its leaf with the keys of the site alone";

  const std::string bytes = all_bytes(data_.path());
  EXPECT_NE(bytes.find(kCustoms), std::string::npos);
  const std::string raw_id = look_up()->id.hex();
  for (const std::string& word : {std::string("TRHU3871247"), std::string("lindqvist"), std::string("CASE-77"),
                                  std::string("user.used"), std::string("account.queried"), std::string("getTimeline"),
                                  std::string("quaywatch.lookups"), std::string("container.number"),
                                  look_up()->id.hex()})
    EXPECT_EQ(bytes.find(word), std::string::npos) << word;
}

TEST_F(SealedToTest, TheLengthDoesNotTellWhatItIs) {
  write({sealed(used()), sealed(look_up()), sealed(TextEntry{"a.b", kNow, ""})});
  const std::string file = io::read_file(data_.segment("input"), 1 << 20).value();
  const auto header = decode_segment_header(file, "").value();
  const auto first = decode_frame(file, header.bytes).value();
  const auto second = decode_frame(file, header.bytes + first.bytes).value();
  const auto third = decode_frame(file, header.bytes + first.bytes + second.bytes).value();
  EXPECT_EQ(first.bytes, second.bytes);
  EXPECT_EQ(first.bytes, third.bytes);
}

TEST_F(SealedToTest, AMissingKeyIsNamedAndAFurtherOneStandsBesideItWhenItIsBack) {
  write({sealed(used())});
  take_keys_away();
  {
    auto ring = KeyRing::open(data_.path()).value();
    auto log = Log::open(data_.path(), "input", ring).value();
    const auto look = [](std::uint64_t, const Entry&) -> Result<void> { return {}; };
    ASSERT_TRUE(log.replay(0, look));
    const auto missing = ring.missing_organisation_keys();
    ASSERT_EQ(missing.size(), 1u);
    EXPECT_EQ(missing[0].organisation, kCustoms);
    EXPECT_TRUE(missing[0].path.starts_with(keys() + "/" + std::string(kCustoms) + "-")) << missing[0].path;
    EXPECT_TRUE(ring.organisation_key(std::string(kCustoms))->is_new);
    EXPECT_FALSE(ring.organisation_key(std::string(kCustoms))->is_new);
    ASSERT_TRUE(log.append(sealed(look_up())));
    ASSERT_TRUE(log.commit());
  }
  EXPECT_EQ(verify().closed, 1u);
  put_keys_back();
  EXPECT_EQ(verify().closed, 0u);
  const auto read = read_all(data_.path());
  EXPECT_EQ(dump(content_of(read[0])), dump(Entry(used())));
  EXPECT_EQ(dump(content_of(read[1])), dump(Entry(look_up())));
}

TEST_F(SealedToTest, ADamagedKeyFileIsAMissingOne) {
  write({sealed(used())});
  const std::string path = io::list_files(keys()).value().front();
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777u, 0600u);
  ASSERT_EQ(::stat(keys().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777u, 0700u);
  std::ofstream(path, std::ios::binary) << "rot";
  EXPECT_EQ(verify().closed, 1u);
}

TEST_F(SealedToTest, OneOrganisationDoesNotReadWhatIsSealedToAnother) {
  const Entry both = sealed_to({std::string(kCustoms), std::string(kPolice)}, kNow, Entry(used()));
  write({sealed(look_up()), sealed_to({std::string(kPolice)}, kNow, Entry(used())), both});
  EXPECT_EQ(dump(content_of(read_all(data_.path())[2])), dump(Entry(used())));
  const auto files = io::list_files(keys()).value();
  for (const std::string& path : files)
    if (path.find(kPolice) != std::string::npos) std::filesystem::remove(path);
  const auto read = read_all(data_.path());
  EXPECT_TRUE(std::holds_alternative<EventPtr>(content_of(read[0])));
  EXPECT_TRUE(std::holds_alternative<SealedTo>(content_of(read[1])));
  EXPECT_TRUE(std::holds_alternative<SealedTo>(content_of(read[2]))) << "it takes both";
  EXPECT_EQ(verify().closed, 2u);
}

TEST_F(SealedToTest, WhatIsLargeLiesInABlobAndIsSealedThere) {
  const TextEntry large{"alert.raised", kNow, std::string(100'000, 'x') + "TRHU3871247"};
  write({sealed(large)});
  EXPECT_EQ(dump(content_of(read_all(data_.path())[0])), dump(Entry(large)));
  EXPECT_EQ(all_bytes(data_.path()).find("TRHU3871247"), std::string::npos);
  take_keys_away();
  EXPECT_TRUE(std::holds_alternative<SealedTo>(content_of(read_all(data_.path())[0])));
}

TEST_F(SealedToTest, APersonInItIsErasedByWhoHasTheKeyAndFoundByNobodyElse) {
  write({sealed(look_up())});
  const auto erase = [&] {
    auto ring = KeyRing::open(data_.path()).value();
    return ring.erase_person(PersonalClass::account, "K.Lindqvist", month_of(kNow)).value();
  };
  take_keys_away();
  EXPECT_FALSE(erase()) << "the site's own key tells nobody that this account looked something up";
  put_keys_back();
  EXPECT_TRUE(erase());
  const auto read = read_all(data_.path());
  const Event& event = *std::get<EventPtr>(content_of(read[0]));
  EXPECT_EQ(event.fields.get(FieldId::account_id).cause, UnknownCause::erased);
  EXPECT_EQ(event.text(FieldId::container_number), "TRHU3871247");
  EXPECT_EQ(verify().erased_values, 1u);
}

TEST_F(SealedToTest, WhatNobodyOpenedIsNotWrittenAgainAndNoNameLeavesTheFolder) {
  auto ring = KeyRing::open(data_.path()).value();
  auto log = Log::open(data_.path(), "input", ring).value();
  EXPECT_EQ(log.append(SealedTo{std::string(kCustoms), kNow, nullptr}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(log.append(sealed_to({"../keys/site"}, kNow, Entry(used()))).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(ring.find_organisation_key("../keys/site", {}), nullptr);
  EXPECT_TRUE(ring.missing_organisation_keys().empty());
}

// As the golden files: these bytes lie in the journals of sites.
TEST_F(SealedToTest, FixedKeysGiveTheBytesOfTheFormat) {
  auto ring = KeyRing::open(data_.path(), counting_source()).value();
  auto log = Log::open(data_.path(), "input", ring).value();
  boost::intrusive_ptr<Event> event(new Event(*look_up()));
  event->id = {0x0011223344556677, 0x8899aabbccddeeff};
  ASSERT_TRUE(log.append(sealed(used())));
  ASSERT_TRUE(log.append(sealed(EventPtr(event))));
  ASSERT_TRUE(log.commit());
  const auto files = io::list_files(keys()).value();
  ASSERT_EQ(files.size(), 1u);
  EXPECT_TRUE(files[0].ends_with("/o-00000000000000c0-5152535455565758595a5b5c5d5e5f60.key")) << files[0];
  EXPECT_EQ(digest_of(files[0]), "cb238183852be04357f6ee47a9c38eee6150313b1819028f61773a120074390f");
  EXPECT_EQ(digest_of(data_.segment("input")), "93896b4cd6e49c853477bc46c19e165e1223b4f41e9aa8703e88f0b44defd12b");
}

// Any change of one byte is found, whether or not the key is here.
TEST_F(SealedToTest, WhatWasChangedIsCorruptAndNeverAnotherEntry) {
  auto ring = KeyRing::open(data_.path(), counting_source()).value();
  std::string bytes;
  Sealer sealer(ring, {7, 3});
  ASSERT_TRUE(seal_entry(sealed(used()), sealer, bytes));
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    Opener opener(ring, {7, 3}, sealer.ciphertexts());
    const auto entry = open_entry(changed, opener);
    if (!entry) continue;
    // Time, name and id of the key are in the clear: the leaf vouches for them.
    const Entry& content = content_of(*entry);
    EXPECT_TRUE(opener.is_closed() || dump(content) == dump(Entry(used()))) << i;
  }
  Opener elsewhere(ring, {7, 4}, {});
  EXPECT_EQ(open_entry(bytes, elsewhere).error().code, ErrorCode::corrupt) << "moved to another place";
}

}  // namespace
}  // namespace quaywatch::journal
