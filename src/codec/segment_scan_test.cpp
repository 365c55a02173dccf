// Both ways of scanning against the definition, on random and on adversarial bytes, and the segments cut with either.
#include "codec/segment_scan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "codec/edifact.h"

namespace quaywatch::codec {
namespace {

constexpr MarkedBytes kUsual;
constexpr MarkedBytes kNoRelease{':', '+', '\'', '\''};
constexpr MarkedBytes kHigh{'\xFF', '\x80', '\x01', '\x7F'};

std::vector<std::string> texts() {
  std::mt19937 random(26);
  std::vector<std::string> out = {std::string(64, '\''), std::string(65, '?'), std::string(300, '\0'),
                                  std::string(63, 'A') + "'", std::string(64, ':') + "'", std::string(127, '\x80'),
                                  std::string(200, '+')};
  for (std::size_t size = 64; size < 400; ++size) {
    std::string any(size, '\0');
    std::string dense(size, '\0');
    std::string sparse(size, '\0');
    for (std::size_t i = 0; i < size; ++i) {
      any[i] = static_cast<char>(random());
      dense[i] = ":+?'\r\nA\xFF"[random() % 8];
      sparse[i] = random() % 97 == 0 ? '\'' : ":+ABCDEF"[random() % 8];
    }
    out.insert(out.end(), {any, dense, sparse});
  }
  return out;
}

std::vector<const SegmentScan*> ways() {
  std::vector<const SegmentScan*> out = {&kScanByByte};
  if (avx2_scan() != nullptr) out.push_back(avx2_scan());
  return out;
}

// Separators and what ends them, up to the first of these, by definition.
std::string ahead_by_definition(std::string_view text, std::size_t place, const MarkedBytes& marked) {
  const std::string_view block = text.substr(place, kScanBytes);
  const char stops[] = {marked.terminator, marked.release, '\r', '\n'};
  const std::size_t stop = std::min(block.find_first_of(std::string_view(stops, 4)), kScanBytes);
  std::string out(kScanBytes, '.');
  for (std::size_t i = 0; i < block.size() && i <= stop; ++i)
    out[i] = i == stop || block[i] == marked.element ? '+' : block[i] == marked.component ? ':' : '.';
  return out + std::to_string(stop);
}

std::string ahead_by(SegmentMarker& marker, std::size_t place) {
  const auto [marks, stop] = marker.ahead(place);
  EXPECT_EQ(marks.closes & ~marks.ends, 0U);
  std::string out;
  for (std::size_t i = 0; i < kScanBytes; ++i)
    out += (marks.closes >> i & 1) != 0 ? '+' : (marks.ends >> i & 1) != 0 ? ':' : '.';
  return out + std::to_string(stop);
}

TEST(SegmentScan, BothWaysFindWhatIsThereAndNothingElse) {
  for (const SegmentScan* scan : ways())
    for (const MarkedBytes& marked : {kUsual, kNoRelease, kHigh})
      for (const std::string& text : texts()) {
        SegmentMarker marker(text, *scan);
        marker.use(marked);
        for (std::size_t place = 0; place < text.size(); place += 1 + place % 7)
          ASSERT_EQ(ahead_by(marker, place), ahead_by_definition(text, place, marked)) << "at " << place;
      }
}

// Stretches that follow each other, grow, and are gone back to; and separators that change.
TEST(SegmentScan, AnyPlaceOfALongTextInAnyOrder) {
  std::mt19937 random(27);
  std::string text(100'000, '\0');
  for (char& c : text) c = "ABCDEFGHIJKLMNOP:+?'\n"[random() % 21];
  for (const SegmentScan* scan : ways()) {
    SegmentMarker marker(text, *scan);
    marker.use(kUsual);
    for (std::size_t place = 0; place < text.size(); place += 1 + random() % 60)
      ASSERT_EQ(ahead_by(marker, place), ahead_by_definition(text, place, kUsual)) << "at " << place;
    for (int i = 0; i < 1000; ++i) {
      const MarkedBytes& marked = i % 100 < 50 ? kUsual : kNoRelease;
      if (i % 50 == 0) marker.use(marked);
      const std::size_t place = random() % text.size();
      ASSERT_EQ(ahead_by(marker, place), ahead_by_definition(text, place, marked)) << "at " << place;
    }
  }
}

// All segments of a text; `cut`: those that were cut before.
std::string segments_by(const SegmentScan& scan, std::string_view text, std::span<const CutSegment> cut = {}) {
  SegmentReader reader(text, {}, 5, scan);
  reader.know(cut);
  std::string out, scratch;
  Segment s;
  while (reader.next(s)) {
    out += std::string(s.tag()) + "@" + std::to_string(s.begin()) + "-" + std::to_string(s.offset()) + "-" +
           std::to_string(s.end()) + std::string(name(s.fault())) + (s.has_dropped_elements() ? "~" : "");
    for (std::size_t e = 0; e <= s.elements(); ++e)
      for (std::size_t c = 0; c < s.components(e); ++c)
        out += (c == 0 ? "+" : ":") + std::string(s.value(e, c, scratch));
    out += "|";
  }
  return out;
}

// Where reading the body ends, what it read, and that its segments are those which are cut one by one.
std::string body_by(const SegmentScan& scan, std::string_view text, std::size_t most) {
  SegmentReader reader(text, {}, 5, scan);
  std::vector<CutSegment> cut;
  const std::uint64_t read = reader.read_body(cut, most);
  EXPECT_LE(cut.size(), std::min<std::uint64_t>(most, read));
  EXPECT_EQ(segments_by(scan, text, cut), segments_by(scan, text)) << text;
  SegmentReader one_by_one(text, {}, 5, scan);
  Segment s;
  for (std::uint64_t i = 0; i < read; ++i) {
    EXPECT_TRUE(one_by_one.next(s));
    EXPECT_EQ(s.fault(), SegmentFault::none);
    EXPECT_NE(s.tag()[0], 'U');
  }
  EXPECT_EQ(one_by_one.position(), reader.position());
  return std::to_string(read) + " to " + std::to_string(reader.position());
}

TEST(SegmentScan, SegmentsAreTheSameBothWays) {
  if (avx2_scan() == nullptr) GTEST_SKIP() << "this processor has no AVX2";
  std::vector<std::string> all = texts();
  constexpr std::size_t kMost = limits::kSegmentElements;
  for (const std::size_t many : {kMost - 1, kMost, kMost + 200})
    all.push_back("EQD" + std::string(many, '+') + "A:B+C:D'EQD+1'");
  for (std::size_t size = limits::kSegmentBytes - 70; size < limits::kSegmentBytes + 70; size += 3)
    all.push_back("FTX+" + std::string(size, 'A') + ":B'EQD+1'");
  for (const std::string& text : all)
    for (const std::string& whole : {text, "EQD+CN+" + text + "'", "UNA:+.? 'EQD+1:2'\nLOC+" + text}) {
      ASSERT_EQ(segments_by(kScanByByte, whole), segments_by(*avx2_scan(), whole));
      for (const std::size_t most : {std::size_t{2}, whole.size()})
        ASSERT_EQ(body_by(kScanByByte, whole, most), body_by(*avx2_scan(), whole, most));
    }
}

// What is dropped stays dropped, however many blocks follow.
TEST(SegmentScan, ElementsBehindTheLimitAreDropped) {
  for (const SegmentScan* scan : ways()) {
    std::string text = "EQD";
    for (std::size_t i = 0; i < limits::kSegmentElements; ++i) text += "+" + std::to_string(i);
    const std::string most = text + "'";
    const std::string known = segments_by(*scan, "UNA:+.? '" + most);
    text += std::string(500, '+') + std::string(500, ':') + std::string(500, '+') + "'";
    const std::string cut = segments_by(*scan, "UNA:+.? '" + text);
    EXPECT_EQ(cut.substr(cut.find("+0+1")), known.substr(known.find("+0+1")));
    EXPECT_NE(cut.find("~"), std::string::npos);
  }
}

}  // namespace
}  // namespace quaywatch::codec
