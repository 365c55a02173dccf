#include "journal/log.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <fstream>

#include "io/append_file.h"
#include "io/files.h"
#include "journal/testing.h"

namespace quaywatch::journal {
namespace {

constexpr Timestamp kNow{1'792'000'000'000'000};  // October 2026

EventPtr numbered(std::uint64_t i) {
  return gate_event("KPAB" + std::to_string(i % 7), "CARD" + std::to_string(i % 5),
                    kNow + seconds(static_cast<std::int64_t>(i)));
}

void fill(Log& log, std::uint64_t n) {
  for (std::uint64_t i = 0; i < n; ++i) {
    const auto sequence = log.append(numbered(log.durable().size + i));
    ASSERT_TRUE(sequence.has_value()) << sequence.error().message;
  }
  const auto position = log.commit();
  ASSERT_TRUE(position.has_value()) << position.error().message;
}

std::vector<std::string> read_all(const Log& log, std::uint64_t from = 0) {
  std::vector<std::string> out;
  const auto done = log.replay(from, [&](std::uint64_t sequence, const Entry& entry) -> Result<void> {
    EXPECT_EQ(sequence, from + out.size());
    out.push_back(dump(entry));
    return {};
  });
  EXPECT_TRUE(done.has_value()) << done.error().message;
  return out;
}

std::vector<std::string> expected(std::uint64_t n) {
  std::vector<std::string> out;
  for (std::uint64_t i = 0; i < n; ++i) out.push_back(dump(Entry(numbered(i))));
  return out;
}

void put(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

TEST(Log, ReplaysWhatWasCommittedAcrossReopeningAndFromAnyEntry) {
  DataFolder data;
  auto ring = KeyRing::open(data.path()).value();
  Position before;
  {
    auto log = Log::open(data.path(), "input", ring).value();
    EXPECT_EQ(log.durable().size, 0u);
    fill(log, 20);
    fill(log, 15);
    before = log.durable();
    EXPECT_EQ(read_all(log), expected(35));
  }
  auto log = Log::open(data.path(), "input", ring).value();
  EXPECT_EQ(log.durable(), before);
  EXPECT_EQ(log.recovery().cut_bytes, 0u);
  fill(log, 5);
  EXPECT_EQ(read_all(log), expected(40));
  auto tail = expected(40);
  tail.erase(tail.begin(), tail.begin() + 33);
  EXPECT_EQ(read_all(log, 33), tail);
  EXPECT_TRUE(read_all(log, 40).empty());
}

TEST(Log, NothingIsPromisedBeforeCommit) {
  DataFolder data;
  auto ring = KeyRing::open(data.path()).value();
  {
    auto log = Log::open(data.path(), "input", ring).value();
    fill(log, 3);
    ASSERT_TRUE(log.append(numbered(3)));
    EXPECT_EQ(log.durable().size, 3u);
    EXPECT_EQ(read_all(log), expected(3));
  }
  auto log = Log::open(data.path(), "input", ring).value();
  EXPECT_EQ(read_all(log), expected(3));
}

// A copy of the folder taken at any moment is what a crash leaves. Entries that a full segment wrote out before their
// commit survive in it; they must not outlive their keys.
TEST(Log, EntriesThatSurviveACrashUnacknowledgedHaveTheirKeys) {
  DataFolder data, crashed;
  auto ring = KeyRing::open(data.path()).value();
  auto log = Log::open(data.path(), "input", ring, 4096).value();
  for (std::uint64_t i = 0; i < 40; ++i) {
    ASSERT_TRUE(log.append(numbered(i)));
    std::filesystem::remove_all(crashed.path());
    std::filesystem::copy(data.path(), crashed.path(), std::filesystem::copy_options::recursive);
    auto ring_after = KeyRing::open(crashed.path()).value();
    auto log_after = Log::open(crashed.path(), "input", ring_after, 4096).value();
    ASSERT_EQ(read_all(log_after), expected(log_after.durable().size)) << "crash after entry " << i;
  }
  EXPECT_EQ(log.durable().size, 0u);
}

TEST(Log, SegmentsRollAndTheTreeRunsThrough) {
  DataFolder data;
  auto ring = KeyRing::open(data.path()).value();
  auto log = Log::open(data.path(), "input", ring, 4096).value();
  std::vector<Digest> roots{log.durable().root};
  for (std::uint64_t i = 0; i < 60; ++i) {
    fill(log, 1);
    roots.push_back(log.durable().root);
  }
  fill(log, 60);  // and several segments within one batch
  EXPECT_GT(io::list_files(data.path() + "/input")->size(), 8u);
  EXPECT_EQ(read_all(log), expected(120));
  for (std::uint64_t n = 0; n < roots.size(); ++n) ASSERT_EQ(log.root_at(n).value(), roots[n]) << n;
  EXPECT_EQ(log.root_at(121).error().code, ErrorCode::invalid_argument);
  const auto verified = log.verify();
  ASSERT_TRUE(verified.has_value()) << verified.error().message;
  EXPECT_EQ(verified->position, log.durable());
  EXPECT_EQ(verified->bare + verified->erased_values, 0u);
}

// What a copy beside a writer takes: segments up to the last whole entry.
TEST(Log, PartsEndAtTheLastWholeEntry) {
  DataFolder data, copy;
  auto ring = KeyRing::open(data.path()).value();
  auto log = Log::open(data.path(), "input", ring, 4096).value();
  fill(log, 40);
  const auto files = io::list_files(data.path() + "/input");
  const std::string last = files->back();
  const auto whole = io::file_size(last).value();
  ASSERT_TRUE(io::AppendFile::open(last)->append("half of an ent"));
  const auto parts = Log::open_reading(data.path(), "input", ring)->parts().value();
  EXPECT_EQ(parts.front().path, data.path() + "/input/.version");
  EXPECT_EQ(parts.back().path, last);
  EXPECT_EQ(parts.back().bytes, whole);
  for (const Log::Part& part : parts) {
    const std::string to = copy.path() + part.path.substr(data.path().size());
    ASSERT_TRUE(io::create_folders(to.substr(0, to.rfind('/'))));
    ASSERT_TRUE(io::write_file(to, io::read_file(part.path, 1 << 20)->substr(0, part.bytes)));
  }
  const auto read = Log::open_reading(copy.path(), "input", ring);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->verify()->position, log.durable());
  EXPECT_EQ(read->recovery().reason, "");
}

TEST(Log, RootIsTheOneOfRfc6962OverTheStoredLeaves) {
  DataFolder data;
  auto ring = KeyRing::open(data.path()).value();
  auto log = Log::open(data.path(), "input", ring).value();
  fill(log, 11);
  const std::string bytes = io::read_file(data.segment("input"), 1 << 20).value();
  const auto header = decode_segment_header(bytes, "segment").value();
  const Key key = ring.segment_key(header.key).value();
  CompactRange range;
  for (std::size_t offset = header.bytes; offset < bytes.size();) {
    const auto frame = decode_frame(bytes, offset).value();
    const Block salt0 = make_salt(key, {log_tag("input"), frame.sequence}, kEntrySalt);
    range.append(leaf_hash(std::string(salt0.begin(), salt0.end()) + std::string(frame.entry)));
    offset += frame.bytes;
  }
  EXPECT_EQ(log.durable().root, range.root());
}

TEST(Log, TornTailAtEveryLengthIsCutKeptAndReported) {
  DataFolder data;
  auto ring = KeyRing::open(data.path()).value();
  std::vector<std::size_t> ends;
  const std::string path = data.segment("input");
  {
    auto log = Log::open(data.path(), "input", ring).value();
    for (int i = 0; i < 3; ++i) {
      fill(log, 1);
      ends.push_back(io::file_size(path).value());
    }
  }
  const std::string whole = io::read_file(path, 1 << 20).value();
  const std::size_t header = decode_segment_header(whole, path)->bytes;
  for (std::size_t length = header; length < whole.size(); ++length) {
    put(path, whole.substr(0, length));
    const auto kept = static_cast<std::uint64_t>(std::upper_bound(ends.begin(), ends.end(), length) - ends.begin());
    const std::size_t good = kept == 0 ? header : ends[kept - 1];
    auto log = Log::open(data.path(), "input", ring).value();
    ASSERT_EQ(log.durable().size, kept) << length;
    ASSERT_EQ(log.recovery().cut_bytes, length - good);
    if (length > good) {
      ASSERT_EQ(io::read_file(log.recovery().kept_in, 1 << 20).value(), whole.substr(good, length - good));
      std::filesystem::remove(log.recovery().kept_in);
    }
    ASSERT_EQ(read_all(log), expected(kept));
    if (length % 16 != 0) continue;
    ASSERT_TRUE(log.append(numbered(kept)));
    ASSERT_EQ(log.commit()->size, kept + 1);
    ASSERT_EQ(read_all(log), expected(kept + 1));
  }
}

TEST(Log, EveryRottenByteGivesACleanPrefixOrARefusalByName) {
  DataFolder data;
  auto ring = KeyRing::open(data.path()).value();
  const std::string path = data.segment("input");
  std::vector<std::size_t> ends;
  {
    auto log = Log::open(data.path(), "input", ring).value();
    for (int i = 0; i < 3; ++i) {
      fill(log, 1);
      ends.push_back(io::file_size(path).value());
    }
  }
  const std::string whole = io::read_file(path, 1 << 20).value();
  const std::size_t header = decode_segment_header(whole, path)->bytes;
  Rng rng(5);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string bad = whole;
    bad[at] = static_cast<char>(bad[at] ^ static_cast<char>(1 + below(rng, 255)));
    put(path, bad);
    auto log = Log::open(data.path(), "input", ring);
    if (at < header) {
      ASSERT_FALSE(log.has_value()) << at;
      ASSERT_NE(log.error().message.find(path), std::string::npos) << log.error().message;
      ASSERT_EQ(io::read_file(path, 1 << 20).value(), bad) << "a refused segment is left as it is";
      continue;
    }
    ASSERT_TRUE(log.has_value()) << at << log.error().message;
    const auto kept = static_cast<std::uint64_t>(std::upper_bound(ends.begin(), ends.end(), at) - ends.begin());
    ASSERT_EQ(read_all(*log), expected(kept)) << at;
    std::filesystem::remove(log->recovery().kept_in);
  }
}

TEST(Log, RotInAnEarlierSegmentIsAnErrorAndNeverCut) {
  DataFolder data;
  auto ring = KeyRing::open(data.path()).value();
  {
    auto log = Log::open(data.path(), "input", ring, 2048).value();
    fill(log, 30);
  }
  std::string bytes = io::read_file(data.segment("input"), 1 << 20).value();
  bytes[bytes.size() - 3] ^= 4;
  put(data.segment("input"), bytes);
  auto log = Log::open(data.path(), "input", ring, 2048).value();
  EXPECT_EQ(log.durable().size, 30u);
  const auto replayed = log.replay(0, [](std::uint64_t, const Entry&) -> Result<void> { return {}; });
  ASSERT_FALSE(replayed.has_value());
  EXPECT_EQ(replayed.error().code, ErrorCode::corrupt);
  EXPECT_NE(replayed.error().message.find(data.segment("input")), std::string::npos) << replayed.error().message;
  EXPECT_EQ(io::read_file(data.segment("input"), 1 << 20).value(), bytes);
}

TEST(Log, ForgedEntryWithAGoodChecksumFailsVerify) {
  DataFolder data;
  auto ring = KeyRing::open(data.path()).value();
  {
    auto log = Log::open(data.path(), "input", ring).value();
    fill(log, 3);
  }
  const std::string bytes = io::read_file(data.segment("input"), 1 << 20).value();
  const auto header = decode_segment_header(bytes, "").value();
  std::string forged = bytes.substr(0, header.bytes);
  for (std::size_t offset = header.bytes; offset < bytes.size();) {
    const auto frame = decode_frame(bytes, offset).value();
    std::string entry(frame.entry);
    if (frame.sequence == 1) entry.replace(entry.find("TRHU3871247"), 11, "MSKU0000006");
    encode_frame(frame.sequence, frame.leaf, entry, frame.ciphertexts, forged);
    offset += frame.bytes;
  }
  put(data.segment("input"), forged);
  auto log = Log::open(data.path(), "input", ring).value();
  const auto verified = log.verify();
  ASSERT_FALSE(verified.has_value());
  EXPECT_NE(verified.error().message.find("entry 1 does not hash to its leaf"), std::string::npos);
}

TEST(Log, ErasedPersonIsUnknownOthersAndTheHashesStand) {
  DataFolder data;
  auto ring = KeyRing::open(data.path()).value();
  auto log = Log::open(data.path(), "input", ring).value();
  fill(log, 14);
  const Position before = log.durable();
  ASSERT_TRUE(ring.erase_person(PersonalClass::plate, "KP AB-3", month_of(kNow)).value());
  std::uint64_t erased = 0, known = 0;
  const auto done = log.replay(0, [&](std::uint64_t sequence, const Entry& entry) -> Result<void> {
    const Value plate = std::get<EventPtr>(entry)->fields.get(*find_field("vehicle.plate"));
    if (plate.is_unknown() && plate.cause == UnknownCause::erased && sequence % 7 == 3) ++erased;
    if (plate.text == "KPAB" + std::to_string(sequence % 7)) ++known;
    EXPECT_EQ(std::get<EventPtr>(entry)->text(*find_field("credential.id")), "CARD" + std::to_string(sequence % 5));
    return {};
  });
  ASSERT_TRUE(done.has_value()) << done.error().message;
  EXPECT_EQ(erased, 2u);
  EXPECT_EQ(known, 12u);
  const auto verified = log.verify();
  ASSERT_TRUE(verified.has_value()) << verified.error().message;
  EXPECT_EQ(verified->position, before);
  EXPECT_EQ(verified->erased_values, 2u);
}

TEST(Log, ReadClosedAnEntrySaysAllButItsPersonalValues) {
  DataFolder data;
  auto ring = KeyRing::open(data.path()).value();
  auto log = Log::open(data.path(), "input", ring).value();
  const EventPtr stated = gate_event("KPAB123", "CARD77", {0});
  ASSERT_TRUE(log.append(stated));
  ASSERT_TRUE(log.append(TextEntry{"rules.deployed", {5}, "a text"}));
  ASSERT_TRUE(log.commit());
  EXPECT_EQ(log.size(), 2u);
  std::vector<Entry> read;
  const auto keep = [&](std::uint64_t, const Entry& entry) -> Result<void> {
    read.push_back(entry);
    return {};
  };
  ASSERT_TRUE(log.replay(0, keep, Personal::closed));
  ASSERT_EQ(read.size(), 2u);
  const Event& event = *std::get<EventPtr>(read[0]);
  EXPECT_EQ(event.id, stated->id);
  EXPECT_EQ(event.event_time, stated->event_time);
  EXPECT_EQ(event.fields.size(), stated->fields.size());
  EXPECT_EQ(event.text(FieldId::container_number), stated->text(FieldId::container_number));
  EXPECT_EQ(event.fields.get(FieldId::vehicle_plate).cause, UnknownCause::erased);
  EXPECT_EQ(event.fields.get(FieldId::credential_id).cause, UnknownCause::erased);
  EXPECT_EQ(std::get<TextEntry>(read[1]).body, "a text");
}

TEST(Log, DestroyedSegmentKeyLeavesBareLeavesAndTheLogGoesOn) {
  DataFolder data;
  auto ring = KeyRing::open(data.path()).value();
  Position before;
  {
    auto log = Log::open(data.path(), "input", ring).value();
    fill(log, 4);
    before = log.durable();
  }
  const auto header = decode_segment_header(io::read_file(data.segment("input"), 1 << 20).value(), "").value();
  ASSERT_TRUE(ring.erase_segment(header.key));
  auto log = Log::open(data.path(), "input", ring).value();
  EXPECT_EQ(log.durable(), before);
  fill(log, 3);
  const auto verified = log.verify();
  ASSERT_TRUE(verified.has_value()) << verified.error().message;
  EXPECT_EQ(verified->bare, 4u);
  EXPECT_EQ(read_all(log), expected(7));
}

TEST(Log, EntryAboveTheLimitBecomesABlobNamedByItsHash) {
  DataFolder data;
  auto ring = KeyRing::open(data.path()).value();
  const Entry big = TextEntry{"rules.deployed", kNow, std::string(300'000, 'r')};
  {
    auto log = Log::open(data.path(), "input", ring).value();
    ASSERT_TRUE(log.append(big));
    ASSERT_TRUE(log.append(numbered(1)));
    ASSERT_TRUE(log.commit());
    const auto refused = log.append(TextEntry{"x", kNow, std::string(limits::kJournalBlobBytes, 'x')});
    EXPECT_EQ(refused.error().code, ErrorCode::limit_exceeded);
    EXPECT_FALSE(log.broken().has_value());
  }
  EXPECT_LT(io::file_size(data.segment("input")).value(), 2'000u);
  auto log = Log::open(data.path(), "input", ring).value();
  EXPECT_EQ(read_all(log), (std::vector<std::string>{dump(big), dump(Entry(numbered(1)))}));
  const std::string blob = io::list_files(data.path() + "/blobs")->front();
  EXPECT_EQ(std::filesystem::path(blob).filename().string(), to_hex(sha256(io::read_file(blob, 1 << 20).value())));
  put(blob, "changed");
  EXPECT_EQ(log.verify().error().code, ErrorCode::corrupt);
}

TEST(Log, FullDiskRefusesAppendsUntilReopenedAndReadingGoesOn) {
  DataFolder data;
  auto ring = KeyRing::open(data.path()).value();
  {
    auto log = Log::open(data.path(), "input", ring).value();
    fill(log, 5);
    for (std::uint64_t i = 5; i < 100; ++i) ASSERT_TRUE(log.append(numbered(i)));
    rlimit before{};
    ::getrlimit(RLIMIT_FSIZE, &before);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{io::file_size(data.segment("input")).value() + 1000, before.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
    const auto refused = log.commit();
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, ErrorCode::io_failure);
    EXPECT_EQ(log.append(numbered(5)).error().message, refused.error().message);
    EXPECT_FALSE(log.commit().has_value());
    EXPECT_EQ(log.durable().size, 5u);
    EXPECT_EQ(read_all(log), expected(5));
  }
  auto log = Log::open(data.path(), "input", ring).value();
  const std::uint64_t kept = log.durable().size;  // what a partial write left whole may stay
  EXPECT_GE(kept, 5u);
  EXPECT_EQ(read_all(log), expected(kept));
  fill(log, 2);
  EXPECT_EQ(read_all(log), expected(kept + 2));
}

TEST(Log, TwoLogsOfOneRingKeepApart) {
  DataFolder data;
  auto ring = KeyRing::open(data.path()).value();
  auto input = Log::open(data.path(), "input", ring).value();
  auto findings = Log::open(data.path(), "findings", ring).value();
  fill(input, 2);
  fill(findings, 2);
  EXPECT_NE(input.durable().root, findings.durable().root);
  EXPECT_EQ(read_all(input), read_all(findings));
}

TEST(Log, RefusesNewerFormatsForeignSegmentsAndASecondWriter) {
  DataFolder data;
  auto ring = KeyRing::open(data.path()).value();
  {
    auto log = Log::open(data.path(), "input", ring).value();
    fill(log, 1);
    EXPECT_NE(Log::open(data.path(), "input", ring).error().message.find("in use"), std::string::npos);
  }
  EXPECT_EQ(Log::open(data.path(), "../x", ring).error().code, ErrorCode::invalid_argument);
  const std::string version = data.path() + "/input/.version";
  put(version, "quaywatch journal 2\n");
  const auto newer = Log::open(data.path(), "input", ring);
  ASSERT_FALSE(newer.has_value());
  EXPECT_EQ(newer.error().code, ErrorCode::unsupported);
  EXPECT_NE(newer.error().message.find("journal format 2"), std::string::npos) << newer.error().message;
  put(version, "??");
  EXPECT_EQ(Log::open(data.path(), "input", ring).error().code, ErrorCode::corrupt);
  put(version, "quaywatch journal 1\n");

  const std::string bytes = io::read_file(data.segment("input"), 1 << 20).value();
  std::string segment = bytes;
  segment[8] = 2;
  put(data.segment("input"), segment);
  EXPECT_EQ(Log::open(data.path(), "input", ring).error().code, ErrorCode::unsupported);
  put(data.segment("input"), bytes);
  std::filesystem::rename(data.segment("input"), data.segment("input", 7));
  EXPECT_EQ(Log::open(data.path(), "input", ring).error().code, ErrorCode::corrupt);
}

TEST(Segment, FileNamesSortAsTheirNumbersAndOthersAreNoSegments) {
  EXPECT_EQ(segment_file_name(42), "00000000000000000042.seg");
  EXPECT_LT(segment_file_name(9), segment_file_name(10));
  std::uint64_t first = 0;
  EXPECT_TRUE(parse_segment_file_name("18446744073709551615.seg", first));
  EXPECT_EQ(first, ~std::uint64_t{0});
  for (const char* name :
       {"18446744073709551616.seg", "42.seg", "0000000000000000004x.seg", "00000000000000000042.seg.cut-9"})
    EXPECT_FALSE(parse_segment_file_name(name, first)) << name;
}

}  // namespace
}  // namespace quaywatch::journal
