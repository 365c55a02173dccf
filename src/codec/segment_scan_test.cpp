// Both ways of scanning against the definition, on random and on adversarial bytes, and the segments cut with either.
#include "codec/segment_scan.h"

#include <gtest/gtest.h>

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

// Separators and what ends them, and all terminators and release characters, by definition.
std::string marks_by_definition(std::string_view block, const MarkedBytes& marked) {
  const char stops[] = {marked.terminator, marked.release, '\r', '\n'};
  const std::size_t stop = block.find_first_of(std::string_view(stops, 4));
  std::string out;
  for (std::size_t i = 0; i < block.size(); ++i)
    out += i > stop ? '.' : i == stop || block[i] == marked.element ? '+' : block[i] == marked.component ? ':' : '.';
  out += "|";
  for (const char c : block) out += c == marked.terminator || c == marked.release ? '!' : '.';
  return out;
}

std::string marks_by(const SegmentScan& scan, const char* block, const MarkedBytes& marked) {
  const SegmentMarks marks = scan.mark(block, marked);
  EXPECT_EQ(marks.closes & ~marks.ends, 0U);
  std::string out;
  for (std::size_t i = 0; i < kScanBytes; ++i)
    out += (marks.closes >> i & 1) != 0 ? '+' : (marks.ends >> i & 1) != 0 ? ':' : '.';
  out += "|";
  const std::uint64_t ends = scan.ends(block, marked);
  for (std::size_t i = 0; i < kScanBytes; ++i) out += (ends >> i & 1) != 0 ? '!' : '.';
  return out;
}

TEST(SegmentScan, BothWaysFindWhatIsThereAndNothingElse) {
  for (const SegmentScan* scan : ways())
    for (const MarkedBytes& marked : {kUsual, kNoRelease, kHigh})
      for (const std::string& text : texts())
        for (std::size_t at = 0; at + kScanBytes <= text.size(); at += 1 + at % 7) {
          const std::string_view block = std::string_view(text).substr(at, kScanBytes);
          ASSERT_EQ(marks_by(*scan, block.data(), marked), marks_by_definition(block, marked)) << "at " << at;
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
