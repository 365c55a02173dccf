// The vectors of every EDIFACT adapter folder, and random damage to them. QUAYWATCH_BLESS=1 writes the expected files
// anew: read the difference before keeping it.
#include "adapters/edifact.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <vector>

#include "adapter/recorder.h"
#include "adapters/canonical/canonical.h"

namespace quaywatch::adapters {
namespace {

namespace fs = std::filesystem;
using adapter::Recorder;
using adapter::SpanKind;

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::vector<fs::path> vectors() {
  std::vector<fs::path> out;
  for (const auto& folder : fs::directory_iterator(QUAYWATCH_SOURCE_DIR "/adapters")) {
    const fs::path path = folder.path() / "vectors";
    if (!fs::is_directory(path)) continue;
    for (const auto& file : fs::directory_iterator(path))
      if (file.path().extension() == ".edi") out.push_back(file.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

adapter::Source source() {
  adapter::Source s;
  s.time_zone = "Europe/Ljubljana";
  s.owner = "test";
  s.received_at = *parse_rfc3339("2026-10-26T12:00:00Z");
  return s;
}

Recorder decode(std::string_view bytes, const adapter::Source& from = source()) {
  Recorder r;
  decode_edifact(bytes, from, r);
  EXPECT_TRUE(r.accounts_for(bytes.size()));
  return r;
}

void expect_file(const fs::path& path, const std::string& text) {
  if (std::getenv("QUAYWATCH_BLESS") != nullptr && !text.empty()) std::ofstream(path, std::ios::binary) << text;
  EXPECT_EQ(text, read_file(path)) << path;
}

TEST(EdifactVectors, EventsFindingsAndRejectsAreAsWritten) {
  const auto files = vectors();
  ASSERT_GE(files.size(), 12U);
  for (const fs::path& file : files) {
    const Recorder r = decode(read_file(file));
    std::string events, findings, rejects;
    for (const auto& e : r.events) canonical::write_canonical(*e, events, {});
    for (const auto& f : r.findings) findings += fmt::format("{} {} {} '{}'\n", f.offset, f.code, f.field, f.value);
    for (const auto& s : r.spans)
      if (s.kind != SpanKind::accepted)
        rejects += fmt::format("{} {} {} {}\n", s.offset, s.size, name(s.kind), s.reason);
    expect_file(fs::path(file).replace_extension(".events.jsonl"), events);
    expect_file(fs::path(file).replace_extension(".findings"), findings);
    expect_file(fs::path(file).replace_extension(".rejects"), rejects);
    EXPECT_EQ(file.filename().string().starts_with("malformed_"), !r.reasons(SpanKind::rejected).empty()) << file;
  }
}

TEST(Edifact, EveryFolderIsInTheRegistryUnderItsMessage) {
  for (const std::string_view message : {"CODECO", "COARRI", "COREOR", "BAPLIE"}) {
    const adapter::EdifactAdapter* a = find_edifact_adapter(message);
    ASSERT_NE(a, nullptr) << message;
    EXPECT_EQ(a->message, message);
    for (const adapter::EdifactRow& row : a->rows) {
      EXPECT_EQ(row.segment.size(), 3U) << a->id;
      EXPECT_FALSE(row.note.empty()) << a->id << " " << row.segment;
    }
  }
  EXPECT_EQ(find_edifact_adapter("ORDERS"), nullptr);
}

// The README is where a port reads what is mapped from where and how sure we are; it may not fall behind the table.
TEST(Edifact, ReadmesShowExactlyTheRows) {
  for (const std::string_view message : {"CODECO", "COARRI", "COREOR", "BAPLIE"}) {
    const adapter::EdifactAdapter* a = find_edifact_adapter(message);
    const std::string readme = read_file(fs::path(QUAYWATCH_SOURCE_DIR "/adapters") / a->id / "README.md");
    std::string table;
    for (const adapter::EdifactRow& row : a->rows) table += adapter::mapping_line(row) + "\n";
    EXPECT_NE(readme.find("|---|---|---|---|---|\n" + table + "\n"), std::string::npos) << a->id << " should show\n"
                                                                                        << table;
  }
}

TEST(Edifact, AFeedOfItsOwnNameKeepsItAndWithoutAZoneTimesAreUtc) {
  const std::string bytes = read_file(QUAYWATCH_SOURCE_DIR "/adapters/codeco/vectors/gate_moves.edi");
  adapter::Source from = source();
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

// Damage of every kind, from fixed seeds: whatever the bytes, each of them is accounted for.
TEST(Edifact, DamagedFilesNeverLoseAByte) {
  std::vector<std::string> originals;
  for (const fs::path& file : vectors()) originals.push_back(read_file(file));
  using namespace std::string_view_literals;
  constexpr std::string_view kPoison = "'+:?*\r\n\0UNAUNBUNHUNTUNZ#"sv;
  for (std::uint32_t seed = 0; seed < 4000; ++seed) {
    std::mt19937 random(seed);
    std::string bytes = originals[seed % originals.size()];
    const auto below = [&](std::size_t n) { return n == 0 ? 0 : random() % n; };
    for (std::size_t edits = 1 + below(8); edits > 0 && !bytes.empty(); --edits) {
      const std::size_t at = below(bytes.size());
      switch (below(6)) {
        case 0:
          bytes[at] = static_cast<char>(below(256));
          break;
        case 1:
          bytes.erase(at, 1 + below(40));
          break;
        case 2:
          bytes.insert(at, 1, kPoison[below(kPoison.size())]);
          break;
        case 3:
          bytes.resize(at);
          break;
        case 4:
          bytes.insert(at, bytes.substr(below(bytes.size()), below(200)));
          break;
        default:
          bytes[at] = kPoison[below(kPoison.size())];
          break;
      }
    }
    Recorder r;
    decode_edifact(bytes, source(), r);
    ASSERT_TRUE(r.accounts_for(bytes.size())) << "seed " << seed;
  }
}

}  // namespace
}  // namespace quaywatch::adapters
