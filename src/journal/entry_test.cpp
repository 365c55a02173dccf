#include "journal/entry.h"

#include <gtest/gtest.h>

#include "journal/bytes.h"
#include "journal/testing.h"

namespace quaywatch::journal {
namespace {

TEST(Entry, ClearRoundTripOfRandomEventsInOneBuffer) {
  Rng rng(1);
  std::vector<EventPtr> events;
  std::string buffer;
  for (int i = 0; i < 500; ++i) {
    events.push_back(random_event(rng));
    encode_event(*events.back(), buffer);
  }
  std::string_view rest = buffer;
  for (const EventPtr& expected : events) {
    std::size_t used = 0;
    const auto event = decode_event(rest, used);
    ASSERT_TRUE(event.has_value()) << event.error().message;
    ASSERT_EQ(dump(**event), dump(*expected));
    EXPECT_EQ((*event)->event_time, expected->event_time);
    EXPECT_EQ((*event)->id, expected->id);
    rest.remove_prefix(used);
  }
  EXPECT_TRUE(rest.empty());
}

TEST(Entry, SealedRoundTripOfRandomEvents) {
  DataFolder data;
  auto ring = KeyRing::open(data.path()).value();
  Rng rng(2);
  for (std::uint64_t i = 0; i < 200; ++i) {
    const EventPtr event = random_event(rng);
    Sealer sealer(ring, {7, i});
    std::string sealed;
    ASSERT_TRUE(seal_entry(event, sealer, sealed));
    const std::string beside = sealer.ciphertexts();
    Opener opener(ring, {7, i}, beside);
    const auto back = open_entry(sealed, opener);
    ASSERT_TRUE(back.has_value()) << back.error().message;
    ASSERT_EQ(dump(*back), dump(Entry(event)));
    if (beside.size() > 2) {
      Opener elsewhere(ring, {7, i + 1}, beside);
      EXPECT_EQ(open_entry(sealed, elsewhere).error().code, ErrorCode::corrupt) << "moved to another place";
    }
  }
}

TEST(Entry, SealedBytesHoldNoPersonalValueAndNameTheirFields) {
  DataFolder data;
  auto ring = KeyRing::open(data.path()).value();
  Sealer sealer(ring, {1, 0});
  std::string sealed;
  ASSERT_TRUE(seal_entry(EventPtr(gate_event("KPAB123", "CARD77", {0})), sealer, sealed));
  const std::string stored = sealed + sealer.ciphertexts();
  EXPECT_EQ(stored.find("KPAB123"), std::string::npos);
  EXPECT_EQ(stored.find("CARD77"), std::string::npos);
  for (const char* open : {"TRHU3871247", "vehicle.plate", "container.gate_out", "SIKOP/KTV"})
    EXPECT_NE(stored.find(open), std::string::npos) << open;
}

TEST(Entry, TheOtherKindsRoundTripInBothForms) {
  DataFolder data;
  auto ring = KeyRing::open(data.path()).value();
  const std::vector<EventType> types{*find_event_type("order.issued"), *find_event_type("container.moved")};
  const Entry entries[] = {
      Tick{{1'792'000'000'000'000}},
      CoverageStatement{"tos/KTV", "SIKOP/KTV", types, {1}, {2}, {3}},
      CoverageStatement{"tos/KTV", "", {}, Timestamp::min(), Timestamp::max(), {}},
      FeedExpectation{"reader/3", "SIKOP/KTV", types, minutes(5), {9}},
      TextEntry{"rules.deployed", {5}, std::string(70'000, 'y')},
      TextEntry{"", {}, std::string("\0\xff", 2)},
  };
  for (const Entry& entry : entries) {
    std::string clear, sealed;
    encode_entry(entry, clear);
    std::size_t used = 0;
    EXPECT_EQ(dump(decode_entry(clear, used).value()), dump(entry));
    EXPECT_EQ(used, clear.size());
    Sealer sealer(ring, {1, 1});
    ASSERT_TRUE(seal_entry(entry, sealer, sealed));
    const std::string beside = sealer.ciphertexts();
    Opener opener(ring, {1, 1}, beside);
    const auto back = open_entry(sealed, opener);
    ASSERT_TRUE(back.has_value()) << back.error().message;
    EXPECT_EQ(dump(*back), dump(entry));
    EXPECT_EQ(kind_of(*back), kind_of(entry));
    sealed += '\0';
    EXPECT_EQ(open_entry(sealed, opener).error().code, ErrorCode::malformed);
  }
}

TEST(Entry, RefusalsSayWhichVersionKindOrNameAndWhere) {
  DataFolder data;
  auto ring = KeyRing::open(data.path()).value();
  Sealer sealer(ring, {1, 0});
  std::string sealed;
  ASSERT_TRUE(seal_entry(EventPtr(gate_event("KPAB123", "CARD77", {0})), sealer, sealed));
  const std::string beside = sealer.ciphertexts();
  const auto changed = [&](std::size_t at, char byte) {
    std::string out = sealed;
    out[at] = byte;
    return out;
  };
  const auto renamed = [&](const std::string& from, const std::string& to) {
    std::string out = sealed;
    return out.replace(out.find(from), from.size(), to);
  };
  const struct {
    std::string bytes;
    ErrorCode code;
    std::string_view words;
  } rows[] = {
      {changed(0, 2), ErrorCode::unsupported, "entry version 2"},
      {changed(0, 0), ErrorCode::malformed, "version 0"},
      {changed(1, 9), ErrorCode::unsupported, "entry kind 9"},
      {changed(2, 0), ErrorCode::malformed, "form 0"},
      {changed(36, 3), ErrorCode::malformed, "op 3"},
      {changed(39, 1), ErrorCode::malformed, "reserved"},
      {renamed("vehicle.plate", "vehicle.plat3"), ErrorCode::unsupported, "field 'vehicle.plat3'"},
      {renamed("container.gate_out", "container.gate_0ut"), ErrorCode::unsupported, "event type 'container.gate_0ut'"},
      {sealed.substr(0, 60), ErrorCode::malformed, "byte "},
      {"", ErrorCode::malformed, "header"},
  };
  for (const auto& row : rows) {
    Opener opener(ring, {1, 0}, beside);
    const auto entry = open_entry(row.bytes, opener);
    ASSERT_FALSE(entry.has_value()) << row.words;
    EXPECT_EQ(entry.error().code, row.code) << row.words;
    EXPECT_NE(entry.error().message.find(row.words), std::string::npos) << entry.error().message;
  }
}

// Total on hostile bytes: every cut and every changed byte ends in an Error or a value that encodes to what was read.
TEST(Entry, ClearDecodingIsTotal) {
  Rng rng(3);
  for (int round = 0; round < 20; ++round) {
    std::string good;
    encode_event(*random_event(rng), good);
    for (std::size_t cut = 0; cut < good.size(); ++cut) {
      std::size_t used = 0;
      ASSERT_FALSE(decode_event(std::string_view(good).substr(0, cut), used).has_value()) << cut;
      ASSERT_LE(used, cut);
    }
    for (std::size_t at = 0; at < good.size(); ++at) {
      std::string bad = good;
      bad[at] = static_cast<char>(rng());
      std::size_t used = 0;
      const auto event = decode_event(bad, used);
      if (!event) continue;
      std::string again;
      encode_event(**event, again);
      ASSERT_EQ(again, bad.substr(0, used)) << "byte " << at;
    }
  }
}

TEST(Entry, OpeningIsTotalAndNeverGivesAWrongPlate) {
  DataFolder data;
  auto ring = KeyRing::open(data.path()).value();
  Sealer sealer(ring, {1, 0});
  std::string sealed;
  const EventPtr event = gate_event("KPAB123", "CARD77", {0});
  ASSERT_TRUE(seal_entry(event, sealer, sealed));
  const std::string beside = sealer.ciphertexts();
  Rng rng(4);
  const FieldId plate = *find_field("vehicle.plate");
  const auto check = [&](const std::string& entry_bytes, const std::string& ciphertexts) {
    Opener opener(ring, {1, 0}, ciphertexts);
    const auto entry = open_entry(entry_bytes, opener);
    if (!entry) return;
    if (const auto* e = std::get_if<EventPtr>(&*entry)) {
      const Value v = (*e)->fields.get(plate);
      ASSERT_TRUE(v.is_unknown() || v.is_absent() || v.text == "KPAB123") << v.text;
    }
  };
  for (std::size_t at = 0; at < sealed.size(); ++at) {
    std::string bad = sealed;
    bad[at] = static_cast<char>(bad[at] ^ static_cast<char>(1 + below(rng, 255)));
    check(bad, beside);
    check(sealed.substr(0, at), beside);
  }
  for (std::size_t at = 0; at < beside.size(); ++at) {
    std::string bad = beside;
    bad[at] = static_cast<char>(bad[at] ^ static_cast<char>(1 + below(rng, 255)));
    check(sealed, bad);
    check(sealed, beside.substr(0, at));
  }
}

TEST(Entry, BlobReferenceRoundTripsAndNothingElseIsOne) {
  const BlobReference blob{EntryKind::coverage, 70'000, sha256("x")};
  std::string bytes;
  encode_blob_reference(blob, bytes);
  BlobReference back;
  ASSERT_TRUE(read_blob_reference(bytes, back));
  EXPECT_EQ(back.kind, blob.kind);
  EXPECT_EQ(back.size, blob.size);
  EXPECT_EQ(back.hash, blob.hash);
  EXPECT_FALSE(read_blob_reference(bytes + "x", back));
  bytes[2] = 1;
  EXPECT_FALSE(read_blob_reference(bytes, back));
}

}  // namespace
}  // namespace quaywatch::journal
