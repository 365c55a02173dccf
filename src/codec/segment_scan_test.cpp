// Both ways of scanning against the definition, on random and on adversarial bytes, and the segments cut with either.
#include "codec/segment_scan.h"

#include <gtest/gtest.h>

#include <random>
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

// Parts, elements and what ended them, by definition.
std::string cut_by_definition(std::string_view block, const MarkedBytes& marked) {
  std::string out;
  std::size_t i = 0, parts = 7;
  for (; i < block.size(); ++i) {
    const char c = block[i];
    if (c == marked.terminator || c == marked.release || c == '\r' || c == '\n') break;
    if (c == marked.element) out += "e" + std::to_string(parts) + " ";
    if (c == marked.element || c == marked.component) ++parts, out += std::to_string(1000 + i) + " ";
  }
  return out + "." + std::to_string(i);
}

std::string cut_by(const SegmentScan& scan, const char* block, const MarkedBytes& marked) {
  std::vector<std::uint32_t> parts(7 + kScanBytes), elements(3 + kScanBytes);
  Cuts cuts{parts.data(), elements.data(), 7, 3};
  const std::size_t end = scan.cut(block, marked, 1000, cuts);
  std::string out;
  std::size_t element = 3;
  for (std::size_t part = 7; part < cuts.part_count; ++part) {
    if (element < cuts.element_count && elements[element] == part)
      out += "e" + std::to_string(elements[element++]) + " ";
    out += std::to_string(parts[part]) + " ";
  }
  EXPECT_EQ(element, cuts.element_count);
  return out + "." + std::to_string(end);
}

TEST(SegmentScan, BothWaysFindWhatIsThereAndNothingElse) {
  for (const SegmentScan* scan : ways())
    for (const MarkedBytes& marked : {kUsual, kNoRelease, kHigh})
      for (const std::string& text : texts())
        for (std::size_t at = 0; at + kScanBytes <= text.size(); at += 1 + at % 7) {
          const std::string_view block = std::string_view(text).substr(at, kScanBytes);
          ASSERT_EQ(cut_by(*scan, block.data(), marked), cut_by_definition(block, marked)) << "at " << at;
          const char wanted[] = {marked.terminator, marked.release};
          ASSERT_EQ(scan->find_end(block.data(), marked),
                    std::min(block.find_first_of(std::string_view(wanted, 2)), kScanBytes));
        }
}

std::string segments_by(const SegmentScan& scan, std::string_view text, std::uint64_t& skipped) {
  SegmentReader reader(text, {}, 5, scan);
  std::string out, scratch;
  Segment s;
  skipped = reader.skip_body();
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
      std::uint64_t by_byte = 0, by_vector = 0;
      ASSERT_EQ(segments_by(kScanByByte, whole, by_byte), segments_by(*avx2_scan(), whole, by_vector));
      ASSERT_EQ(by_byte, by_vector);
    }
}

// What is dropped stays dropped, however many blocks follow.
TEST(SegmentScan, ElementsBehindTheLimitAreDropped) {
  for (const SegmentScan* scan : ways()) {
    std::string text = "EQD";
    for (std::size_t i = 0; i < limits::kSegmentElements; ++i) text += "+" + std::to_string(i);
    const std::string most = text + "'";
    std::uint64_t skipped = 0;
    const std::string known = segments_by(*scan, "UNA:+.? '" + most, skipped);
    text += std::string(500, '+') + std::string(500, ':') + std::string(500, '+') + "'";
    const std::string cut = segments_by(*scan, "UNA:+.? '" + text, skipped);
    EXPECT_EQ(cut.substr(cut.find("+0+1")), known.substr(known.find("+0+1")));
    EXPECT_NE(cut.find("~"), std::string::npos);
  }
}

}  // namespace
}  // namespace quaywatch::codec
