// The format does not move by accident: fixed keys and entries give the committed bytes, and the committed bytes give
// the entries back. A wanted change of format raises the version, keeps these files as the old version's, and adds new
// ones: run with QUAYWATCH_WRITE_GOLDEN=1 and say why in docs/decisions.

#include <gtest/gtest.h>

#include "io/environment.h"
#include "io/files.h"
#include "journal/testing.h"

namespace quaywatch::journal {
namespace {

const std::string kFolder = std::string(QUAYWATCH_SOURCE_DIR) + "/src/journal/golden/v1";

// Ids are given, not computed: how the model makes them is not the journal's format.
boost::intrusive_ptr<Event> gate(Timestamp at) {
  auto e = gate_event("KP AB-123", "04:A2:19", at);
  e->id = {0x0011223344556677, 0x8899aabbccddeeff};
  e->natural_key = {0x0123456789abcdef, 0xfedcba9876543210};
  return e;
}

std::vector<Entry> entries() {
  const Timestamp at = parse_rfc3339("2026-10-23T17:52:14.5Z").value();
  auto full = gate(at);
  full->op = Op::correct;
  full->classifier = Classifier::planned;
  full->marking = Marking::red;
  full->time_error_s = 3600;
  full->span = {2, 1ull << 33, 512};
  full->fields.add_decimal(*find_field("container.weight_kg"), 26'195'500'000);
  full->fields.add_boolean(*find_field("container.dangerous_goods"), true);
  full->fields.add_time(*find_field("pickup.window_from"), at);
  full->fields.add_integer(*find_field("credential.serial"), -7);
  full->fields.add_unknown(*find_field("account.id"), UnknownCause::no_coverage);
  const std::vector<EventType> types{*find_event_type("container.gate_out"), *find_event_type("access.granted")};
  return {Tick{at},
          EventPtr(gate(at)),
          EventPtr(full),
          CoverageStatement{"gate/KTV", "SIKOP/KTV", types, at - hours(1), at, at},
          FeedExpectation{"gate/KTV", "", types, minutes(5), at},
          TextEntry{"rules.deployed", at, "title: Box left without order\n"}};
}

// golden name, path in the data folder
std::vector<std::pair<std::string, std::string>> files(const std::string& data_dir) {
  std::string segment_key;
  const auto keys = io::list_files(data_dir + "/keys").value();
  for (const std::string& path : keys)
    if (path.find("/segment-") != std::string::npos) segment_key = path.substr(data_dir.size());
  return {{"site.key", "/keys/site.key"},
          {"person-2026-10.keys", "/keys/person-2026-10.keys"},
          {"segment.key", segment_key},
          {"input.seg", "/input/" + segment_file_name(0)}};
}

TEST(Golden, FixedKeysAndEntriesGiveTheCommittedBytes) {
  DataFolder data;
  auto ring = KeyRing::open(data.path(), counting_source()).value();
  auto log = Log::open(data.path(), "input", ring).value();
  for (const Entry& entry : entries()) ASSERT_TRUE(log.append(entry));
  ASSERT_TRUE(log.commit());
  for (const auto& [name, path] : files(data.path())) {
    const std::string made = io::read_file(data.path() + path, 1 << 20).value();
    if (io::environment("QUAYWATCH_WRITE_GOLDEN")) {
      ASSERT_TRUE(io::create_folders(kFolder));
      ASSERT_TRUE(io::write_file_atomic(kFolder + "/" + name, made));
    }
    const auto committed = io::read_file(kFolder + "/" + name, 1 << 20);
    ASSERT_TRUE(committed.has_value()) << committed.error().message;
    EXPECT_EQ(to_hex(sha256(made)), to_hex(sha256(*committed))) << name << " differs from the committed bytes";
  }
}

TEST(Golden, CommittedBytesGiveTheEntriesBack) {
  DataFolder data;
  ASSERT_TRUE(io::create_folders(data.path() + "/keys"));
  ASSERT_TRUE(io::create_folders(data.path() + "/input"));
  const std::string segment = io::read_file(kFolder + "/input.seg", 1 << 20).value();
  const std::string key_name = "/keys/segment-" + to_hex(decode_segment_header(segment, "golden")->key) + ".key";
  for (const auto& [name, path] : files(data.path()))
    ASSERT_TRUE(io::write_file_atomic(data.path() + (name == "segment.key" ? key_name : path),
                                      io::read_file(kFolder + "/" + name, 1 << 20).value(), 0600));
  auto ring = KeyRing::open(data.path()).value();
  auto log = Log::open(data.path(), "input", ring).value();
  std::vector<Entry> read;
  const auto done = log.replay(0, [&](std::uint64_t, const Entry& entry) -> Result<void> {
    read.push_back(entry);
    return {};
  });
  ASSERT_TRUE(done.has_value()) << done.error().message;
  const auto wanted = entries();
  ASSERT_EQ(read.size(), wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_EQ(dump(read[i]), dump(wanted[i])) << "entry " << i;
  EXPECT_EQ(std::get<EventPtr>(read[1])->text(*find_field("vehicle.plate")), "KP AB-123");
  const auto verified = log.verify();
  ASSERT_TRUE(verified.has_value()) << verified.error().message;
  EXPECT_EQ(to_hex(verified->position.root), "28f99b4462d35a608c1249911b985bb3de4f352d5a0d4d235d3373b14c28457d");
}

}  // namespace
}  // namespace quaywatch::journal
