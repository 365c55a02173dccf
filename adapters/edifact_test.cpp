// The vectors of every EDIFACT adapter folder, and random damage to them.
#include "adapters/edifact.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "adapters/canonical/canonical.h"
#include "adapters/mapped/mapped.h"
#include "adapters/vector_files.h"

namespace quaywatch::adapters {
namespace {

namespace fs = std::filesystem;
using adapter::Recorder;

std::vector<fs::path> vectors() {
  std::vector<fs::path> out;
  for (const auto& folder : fs::directory_iterator(QUAYWATCH_SOURCE_DIR "/adapters"))
    for (const fs::path& file : vector_inputs(folder.path() / "vectors"))
      if (file.extension() == ".edi") out.push_back(file);
  std::sort(out.begin(), out.end());
  return out;
}

Recorder decode(std::string_view bytes, const adapter::Source& from = vector_source()) {
  Recorder r;
  decode_edifact(bytes, from, r);
  EXPECT_TRUE(r.accounts_for(bytes.size()));
  return r;
}

TEST(EdifactVectors, EventsFindingsAndRejectsAreAsWritten) {
  const auto files = vectors();
  ASSERT_GE(files.size(), 12U);
  for (const fs::path& file : files) {
    adapter::Source from = vector_source();
    const std::string toml = read_file(fs::path(file).replace_extension(".toml"));
    Result<mapped::Mapping> contract = tl::unexpected(Error{});
    if (!toml.empty()) {
      contract = mapped::parse_mapping(toml, file.string(), mapped::kDescribedFormats, edifact_messages());
      ASSERT_TRUE(contract) << contract.error().message;
      from.edifact = contract->edifact.get();
    }
    expect_vector(file, decode(read_file(file), from));
  }
}

// A message adapter without both is not tested.
TEST(EdifactVectors, EveryMessageHasGoodAndMalformedOnes) {
  for (const adapter::EdifactAdapter* a : edifact_adapters()) {
    int good = 0, malformed = 0;
    for (const fs::path& file : vector_inputs(fs::path(QUAYWATCH_SOURCE_DIR "/adapters") / a->id / "vectors"))
      ++(file.filename().string().starts_with("malformed") ? malformed : good);
    EXPECT_GE(good, 1) << a->id;
    EXPECT_GE(malformed, 1) << a->id;
  }
}

TEST(Edifact, EveryFolderIsInTheRegistryUnderItsMessage) {
  for (const adapter::EdifactAdapter* a : edifact_adapters()) {
    EXPECT_EQ(find_edifact_adapter(a->message), a) << a->id;
    adapter::each_row(*a, [&](const adapter::EdifactRow& row) {
      EXPECT_EQ(row.segment.size(), 3U) << a->id;
      EXPECT_FALSE(row.note.empty()) << a->id << " " << row.segment;
    });
  }
  EXPECT_EQ(find_edifact_adapter("ORDERS"), nullptr);
}

// The README is where a port reads what is mapped from where and how sure we are; it may not fall behind the table.
TEST(Edifact, ReadmesShowExactlyTheRows) {
  for (const adapter::EdifactAdapter* a : edifact_adapters()) {
    const std::string readme = read_file(fs::path(QUAYWATCH_SOURCE_DIR "/adapters") / a->id / "README.md");
    std::string table;
    adapter::each_row(*a, [&](const adapter::EdifactRow& row) { table += adapter::mapping_line(row) + "\n"; });
    EXPECT_NE(readme.find("|---|---|---|---|---|\n" + table + "\n"), std::string::npos) << a->id << " should show\n"
                                                                                        << table;
  }
}

TEST(Edifact, AFeedOfItsOwnNameKeepsItAndWithoutAZoneTimesAreUtc) {
  const std::string bytes = read_file(QUAYWATCH_SOURCE_DIR "/adapters/codeco/vectors/gate_moves.edi");
  adapter::Source from = vector_source();
  from.feed = "gate_edi";
  from.time_zone.clear();
  const Recorder r = decode(bytes, from);
  ASSERT_EQ(r.events.size(), 5U);
  EXPECT_EQ(r.events[0]->feed, "gate_edi");
  EXPECT_EQ(format_rfc3339(r.events[0]->event_time), "2026-10-23T19:05:00Z");
  EXPECT_EQ(std::count_if(r.findings.begin(), r.findings.end(), [](const auto& f) { return f.code == "no_time_zone"; }),
            1);
  from.time_zone = "Europe/Koper";
  const Recorder unknown = decode(bytes, from);
  EXPECT_EQ(std::count_if(unknown.findings.begin(), unknown.findings.end(),
                          [](const auto& f) { return f.code == "time_zone_unknown"; }),
            1);
}

TEST(Edifact, ACorrectionActsOnTheEventsOfItsDocument) {
  const Recorder r = decode(read_file(QUAYWATCH_SOURCE_DIR "/adapters/codeco/vectors/gate_moves.edi"));
  ASSERT_EQ(r.events.size(), 5U);
  EXPECT_EQ(r.events[3]->op, Op::correct);
  EXPECT_EQ(r.events[3]->natural_key, r.events[0]->natural_key);
  EXPECT_EQ(r.events[4]->op, Op::void_);
  EXPECT_EQ(r.events[4]->natural_key, r.events[2]->natural_key);
  EXPECT_NE(r.events[0]->natural_key, r.events[1]->natural_key);
}

std::string in_codeco(std::string_view groups) {
  return fmt::format("UNB+UNOA:2+QTERM+QLINE+261023:0100+1'UNH+1+CODECO:D:95B:UN:ITG14'BGM+36+Q1+9'{}UNT+9+1'UNZ+1+1'",
                     groups);
}

// What a file says of its events and their times. Without the natural key: it counts the groups without a number.
std::vector<std::string> said(const Recorder& r) {
  std::vector<std::string> out;
  for (const auto& event : r.events) {
    Event e = *event;
    e.natural_key = {};
    canonical::write_canonical(e, out.emplace_back(std::to_string(e.time_error_s)), {});
  }
  for (const auto& f : r.findings)
    if (f.code == "time_unreadable") out.push_back(f.value);
  std::sort(out.begin(), out.end());
  return out;
}

// Each group in a file of its own, and all in one: forms, codes and hours of those before are kept there.
TEST(Edifact, WhatWasReadBeforeChangesNothing) {
  constexpr std::string_view kCodes[] = {"BN", "RE", "BM", "ZZ", "?BN", "BN "};
  constexpr std::string_view kTimes[] = {"202607011200:203", "202607011259:203", "202607011260:203", "2026070112x0:203",
                                         "202607011230:204", "20260701:102",     "202610250130:203", "202603290159:203",
                                         "202603290230:203", "202603290300:203"};
  std::string all;
  std::vector<std::string> alone;
  for (std::size_t i = 0; i < 3000; ++i) {
    const std::string group = fmt::format(
        "EQD+CN+{}+22G1:102:5++2+5'RFF+{}:Q{:0{}}'RFF+{}:Q{:0{}}'DTM+7:{}'FTX+AAA+++{:x<{}}'",
        i % 3 == 0 ? "QAYU1000011" : "", kCodes[i % 6], i, 1 + i % 31, kCodes[i / 6 % 6], i, 1 + i % 31,
        kTimes[i / 7 % std::size(kTimes)], i % 5 == 0 ? "A?+B" : "A", i % 37);
    all += group;
    for (std::string& s : said(decode(in_codeco(group)))) alone.push_back(std::move(s));
  }
  std::sort(alone.begin(), alone.end());
  EXPECT_EQ(said(decode(in_codeco(all))), alone);
}

// Damage of every kind, from fixed seeds: whatever the bytes, each of them is accounted for.
TEST(Edifact, DamagedFilesNeverLoseAByte) {
  std::vector<std::string> originals;
  for (const fs::path& file : vectors()) originals.push_back(read_file(file));
  using namespace std::string_view_literals;
  constexpr std::string_view kPoison = "'+:?*\r\n\0UNAUNBUNHUNTUNZ#"sv;
  for (std::uint32_t seed = 0; seed < 4000; ++seed) {
    const std::string bytes = damaged(originals[seed % originals.size()], kPoison, seed);
    Recorder r;
    decode_edifact(bytes, vector_source(), r);
    ASSERT_TRUE(r.accounts_for(bytes.size())) << "seed " << seed;
  }
}

}  // namespace
}  // namespace quaywatch::adapters
