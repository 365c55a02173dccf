#include "io/framing.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace quaywatch::io {
namespace {

constexpr std::size_t kMaximum = 20;

// Each frame as "offset:size:bytes", a lost one as "offset:size:!reason"; fed in pieces of `step` bytes.
std::vector<std::string> cut(std::string_view stream, std::size_t step, bool is_orderly) {
  Framer framer(kMaximum);
  std::vector<std::string> out;
  const auto tell = [&out](const Frame& frame) {
    out.push_back(std::to_string(frame.offset) + ":" + std::to_string(frame.size) + ":" +
                  (frame.reason.empty() ? frame.bytes : "!" + std::string(frame.reason)));
  };
  for (std::size_t at = 0; at < stream.size(); at += step) {
    framer.feed(stream.substr(at, step));
    while (const auto frame = framer.next()) tell(*frame);
  }
  if (const auto frame = framer.finish(is_orderly)) tell(*frame);
  return out;
}

TEST(Framer, CutsAStreamIntoTheSameRecordsHoweverItArrives) {
  const struct {
    std::string_view what;
    std::string stream;
    std::vector<std::string> frames;
    bool is_orderly = true;
  } rows[] = {
      {"lines", "<34>one\n<34>two\r\n", {"0:8:<34>one", "8:9:<34>two"}},
      {"empty lines are no records", "\n\r\na\n\n", {"3:2:a"}},
      {"a carriage return inside stays", "a\rb\n", {"0:4:a\rb"}},
      {"counted, with line ends inside", "5 a\nb\nc3 xyz", {"0:7:a\nb\nc", "7:5:xyz"}},
      {"a line end behind a counted frame", "2 ab\n2 cd\n", {"0:4:ab", "5:4:cd"}},
      {"both kinds on one connection", "2 ab<1>line\n3 cde", {"0:4:ab", "4:8:<1>line", "12:5:cde"}},
      {"a date is no count", "2026-03-02 x\n", {"0:13:2026-03-02 x"}},
      {"a count begins with no zero", "07 abcdefg\n", {"0:11:07 abcdefg"}},
      {"ten digits are a time", "1772409600 gate\n", {"0:16:1772409600 gate"}},
      {"digits alone are a line", "123\n", {"0:4:123"}},
      {"the last line without its end", "a\nb", {"0:2:a", "2:1:b"}},
      {"the same when the connection broke", "a\nb", {"0:2:a", "2:1:!frame_incomplete"}, false},
      {"a counted frame cut off", "5 ab", {"0:4:!frame_incomplete"}},
      {"a count cut off", "12", {"0:2:!frame_incomplete"}},
      {"exactly the maximum", std::string(20, 'x') + "\r\n", {"0:22:" + std::string(20, 'x')}},
      {"one more than the maximum", std::string(21, 'x') + "\nb\n", {"0:22:!frame_too_long", "22:2:b"}},
      {"far more than the maximum", std::string(90, 'x') + "\nb\n", {"0:91:!frame_too_long", "91:2:b"}},
      {"too long and without end", std::string(90, 'x'), {"0:90:!frame_too_long"}},
      {"the largest count", "20 " + std::string(20, 'x') + "a\n", {"0:23:" + std::string(20, 'x'), "23:2:a"}},
      {"a count too large ends all", "a\n21 xyz\nb\n", {"0:2:a", "2:3:!octet_count_too_large"}},
      {"the largest number of digits", "999999999 x\nb\n", {"0:10:!octet_count_too_large"}},
      {"bytes of any value", std::string("3 \0\xff\n\x80\n", 7), {"0:5:" + std::string("\0\xff\n", 3), "5:2:\x80"}},
  };
  for (const auto& row : rows)
    for (std::size_t step = 1; step <= row.stream.size(); ++step)
      EXPECT_EQ(cut(row.stream, step, row.is_orderly), row.frames) << row.what << ", in pieces of " << step;
}

// Every stream of five bytes out of those that mean something to it.
TEST(Framer, PiecesNeverMatterAndFramesNeverOverlap) {
  constexpr std::string_view kBytes = "02 \r\nx";
  constexpr std::size_t kStreams = 6 * 6 * 6 * 6 * 6;
  for (std::size_t n = 0; n < kStreams; ++n) {
    std::string stream;
    for (std::size_t rest = n; stream.size() < 5; rest /= kBytes.size()) stream += kBytes[rest % kBytes.size()];
    stream += "xxxxxxxxxxxxxxxxxxxx\r\n2 ab";
    const auto whole = cut(stream, stream.size(), true);
    for (const std::size_t step : {1u, 2u, 5u}) ASSERT_EQ(cut(stream, step, true), whole) << stream;
    Framer framer(kMaximum);
    framer.feed(stream);
    std::uint64_t end = 0;
    while (const auto frame = framer.next()) {
      ASSERT_GE(frame->offset, end) << stream;
      end = frame->offset + frame->size;
      ASSERT_LE(end, stream.size()) << stream;
    }
  }
}

TEST(Framer, OfALostFrameTheFirstBytesAreKept) {
  Framer framer;
  const std::string line = std::string(limits::kFrameBytes + 100, 'x') + "\n";
  framer.feed(line);
  const auto frame = framer.next();
  ASSERT_TRUE(frame.has_value());
  EXPECT_EQ(frame->bytes, std::string(limits::kKeptRejectBytes, 'x'));
  EXPECT_EQ(frame->size, line.size());
  EXPECT_FALSE(framer.has_partial());

  const std::string shorter = std::string(90, 'x') + "\r\n";
  for (const std::size_t step : {std::size_t{1}, std::size_t{7}, shorter.size()}) {
    Framer pieces(kMaximum);
    for (std::size_t at = 0; at < shorter.size(); at += step) {
      pieces.feed(std::string_view(shorter).substr(at, step));
      const auto lost = pieces.next();
      EXPECT_EQ(lost.has_value(), at + step >= shorter.size()) << step;
      EXPECT_TRUE(!lost || lost->bytes == std::string(90, 'x') + "\r") << step << ": " << lost->bytes;
    }
    EXPECT_FALSE(pieces.has_partial()) << step;
  }
}

}  // namespace
}  // namespace quaywatch::io
