#include "codec/edifact.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "base/limits.h"

namespace quaywatch::codec {
namespace {

// Writes down what the walker says: "M" message, "P" piece, "N" note; and checks that the pieces tile the file.
class Transcript : public InterchangeVisitor {
 public:
  std::string_view message(const Message& m) override {
    messages += fmt::format("{}/{}/{}/{} {} {} ", m.type, m.version, m.release, m.association, m.reference, m.segments);
    return m.type == "IGNORE" ? "message_type_not_mapped" : "";
  }
  void piece(Piece p) override {
    EXPECT_EQ(p.offset, end);
    EXPECT_GT(p.size, 0U);
    end = p.offset + p.size;
    constexpr std::string_view kMarks = "ARI";
    pieces += fmt::format("{}{}{} ", kMarks[static_cast<std::size_t>(p.kind)], p.size,
                          p.reason.empty() ? "" : fmt::format("({})", p.reason));
    if (p.kind == PieceKind::rejected) rejected += fmt::format("{} ", p.reason);
  }
  void note(Note n) override { notes += fmt::format("{}:{}:{} ", n.code, n.field, n.value); }
  std::string messages, pieces, rejected, notes;
  std::uint64_t end = 0;
};

Transcript walk(std::string_view bytes) {
  Transcript t;
  walk_interchanges(bytes, t);
  EXPECT_EQ(t.end, bytes.size());
  return t;
}

struct Row {
  std::string_view name, bytes, messages, rejected, notes;
};

constexpr std::string_view kUnb = "UNB+UNOA:2+S+R+261022:0945+X'";

TEST(Interchange, WhatStandsInAFileIsCountedAndWhatIsWrongIsSaid) {
  const Row kRows[] = {
      {"plain", "UNB+UNOA:2+S+R+261022:0945+X'\r\nUNH+1+CODECO:D:95B:UN:ITG14'\r\nBGM+34'\r\nUNT+3+1'\r\nUNZ+1+X'\r\n",
       "CODECO/D/95B/ITG14 1 3 ", "", ""},
      {"byte order mark and own separators",
       "\xEF\xBB\xBFUNA:*.? #UNB*UNOA:4*S*R*20261022:0945*X#UNH*1*A:D:95B#UNT*2*1#UNZ*1*X#", "A/D/95B/ 1 2 ", "", ""},
      {"wrapped inside tags and values",
       "UNB+UNOA:2+S+R+261022:0945+X'U\r\nNH+1+COD\nECO:D:95B:UN'BGM+3\n4'UNT+3\n+1'UNZ+1+X'", "CODECO/D/95B/ 1 3 ", "",
       ""},
      {"telex lines around",
       "QP FESR43F\r\n.HDQ 130631\r\nUNB+UNOA:2+S+R+261022:0945+X'UNH+1+A:D:95B'UNT+2+1'UNZ+1+X'\r\nDon't reply\r\n",
       "A/D/95B/ 1 2 ", "", ""},
      {"no envelope", "UNH+1+A:D:95B'UNT+2+1'UNH+2+B:D:95B'UNT+2+2'", "A/D/95B/ 1 2 B/D/95B/ 2 2 ", "",
       "unb_missing:UNH: "},
      {"begins in the middle", "0:5'EQD+CN+X'UNT+9+1'UNH+2+B:D:95B'UNT+2+2'UNZ+2+X'", "B/D/95B/ 2 2 ",
       "corrupt_tag outside_message ", "unb_missing:UNH: unb_missing:UNZ: "},
      {"counts", "UNB+UNOA:2+S+R+261022:0945+X'UNH+1+A:D:95B'BGM'UNT+2+1'UNZ+2+X'", "A/D/95B/ 1 3 ", "",
       "count_mismatch:UNT:2 count_mismatch:UNZ:2 "},
      {"count that is no number", "UNB+UNOA:2+S+R+261022:0945+X'UNH+1+A:D:95B'UNT+two+1'UNZ+1+Y'", "A/D/95B/ 1 2 ", "",
       "count_mismatch:UNT:two reference_mismatch:UNZ:Y "},
      {"groups",
       "UNB+UNOA:2+S+R+261022:0945+X'UNG+A+S+R+261022:0945+7+UN+D:95B'UNH+1+A:D:95B'UNT+2+1'UNE+1+7'UNG+A+S+R+261022:"
       "0945+8'UNE+1+8'UNZ+2+X'",
       "A/D/95B/ 1 2 ", "", "count_mismatch:UNE:1 "},
      {"message without end", "UNB+UNOA:2+S+R+261022:0945+X'UNH+1+A:D:95B'BGM'UNH+2+A:D:95B'UNT+2+2'UNZ+2+X'",
       "A/D/95B/ 1 2 A/D/95B/ 2 2 ", "", "unt_missing:UNH:1 "},
      {"interchange without end",
       "UNB+UNOA:2+S+R+261022:0945+X'UNH+1+A:D:95B'UNT+2+1'UNB+UNOA:2+S+R+261022:0945+Y'UNZ+0+Y'", "A/D/95B/ 1 2 ", "",
       "unz_missing:UNB:X "},
      {"corrupt UNB",
       "\xEF\xBB\xBF"
       "NB+UNOA:2+S+R+261022:0945+X'UNH+1+A:D:95B'UNT+2+1'UNZ+1+X'",
       "A/D/95B/ 1 2 ", "corrupt_tag ", "unb_missing:UNH: unb_missing:UNZ: "},
      {"corrupt UNH", "UNB+UNOA:2+S+R+261022:0945+X'NH+1+A:D:95B'BGM+1'UNT+3+1'UNZ+1+X'", "",
       "corrupt_tag outside_message ", "count_mismatch:UNZ:1 "},
      {"corrupt segment in a message", "UNB+UNOA:2+S+R+261022:0945+X'UNH+1+A:D:95B'b\x01d'UNT+3+1'UNZ+1+X'",
       "A/D/95B/ 1 3 ", "corrupt_tag ", ""},
      {"cut", "UNB+UNOA:2+S+R+261022:0945+X'UNH+1+A:D:95B'BGM+3", "A/D/95B/ 1 2 ", "truncated ",
       "unt_missing:UNH:1 unz_missing:UNB:X "},
      {"not EDIFACT", "PK\x03\x04 something else", "", "not_edifact ", ""},
      {"plain prose", "The union of UNH and UNT is not a message", "", "not_edifact ", ""},
      {"empty", "", "", "", "empty_input:: "},
      {"syntax that names no set", "UNB+IATB:1+S+R+999818:999+X'UNZ+0+X'", "", "",
       "charset_unsupported:UNB:IATB time_unreadable:UNB:999818999 "},
      {"section twice", "UNB+UNOA:2+S+R+261022:0945+X'UNH+1+A:D:95B'UNS+D'UNS+S'UNS+S'UNT+5+1'UNZ+1+X'",
       "A/D/95B/ 1 5 ", "section_repeated ", "section_repeated:UNS:S "},
      {"several under one UNA",
       "UNA:*.? "
       "#UNB*UNOA:4*S*R*20261022:0945*X#UNZ*0*X#\nUNB*UNOA:4*S*R*20261022:0945*Y#UNH*1*A:D:95B#UNT*2*1#UNZ*1*Y#",
       "A/D/95B/ 1 2 ", "", ""},
  };
  for (const Row& row : kRows) {
    const Transcript t = walk(row.bytes);
    EXPECT_EQ(t.messages, row.messages) << row.name;
    EXPECT_EQ(t.rejected, row.rejected) << row.name << " " << t.pieces;
    EXPECT_EQ(t.notes, row.notes) << row.name;
  }
}

TEST(Interchange, PiecesSayWhatBecameOfEachByte) {
  EXPECT_EQ(walk("UNB+UNOA:2+S+R+261022:0945+X'UNH+1+A:D:95B'UNT+2+1'UNH+2+IGNORE:D:95B'UNT+2+2'UNZ+2+X'\n").pieces,
            "A29 A22 I27(message_type_not_mapped) A9 ");
  EXPECT_EQ(walk("telex\nUNB+UNOA:2+S+R+261022:0945+X'UNH+1+A:D:95B'?'UNT+2+1'UNZ+1+X'").pieces,
            "I6(transmission_noise) A29 A14 R10(corrupt_tag) A8 ");
}

TEST(Interchange, SegmentOverTheLimitIsRejectedAndReadingGoesOn) {
  std::string bytes(kUnb);
  bytes += "UNH+1+A:D:95B'FTX+";
  bytes.append(limits::kSegmentBytes, 'x');
  bytes += "?'?'x'BGM+1'UNT+4+1'UNZ+1+X'";
  const Transcript t = walk(bytes);
  EXPECT_EQ(t.rejected, "segment_too_long ");
  EXPECT_EQ(t.messages, "A/D/95B/ 1 4 ");
  EXPECT_EQ(t.notes, "");
}

TEST(Interchange, LongestSegmentAllowedIsRead) {
  for (const std::size_t size : {limits::kSegmentBytes - 1, limits::kSegmentBytes, limits::kSegmentBytes + 1}) {
    std::string bytes = "FTX+";
    bytes.append(size - bytes.size(), 'x');
    bytes += "'BGM'";
    SegmentReader reader(bytes);
    Segment s;
    ASSERT_TRUE(reader.next(s));
    EXPECT_EQ(s.fault(), size > limits::kSegmentBytes ? SegmentFault::segment_too_long : SegmentFault::none) << size;
    EXPECT_EQ(s.end(), size + 1);
    ASSERT_TRUE(reader.next(s));
    EXPECT_EQ(s.tag(), "BGM");
    EXPECT_FALSE(reader.next(s));
  }
}

TEST(Interchange, ManyFaultsEndTheMessageInBoundedMemory) {
  std::string bytes(kUnb);
  bytes += "UNH+1+A:D:95B'";
  for (std::size_t i = 0; i < limits::kMessageFaults + 10; ++i) bytes += "BGM'x'";
  bytes += "UNT+1+1'UNZ+1+X'";
  const Transcript t = walk(bytes);
  EXPECT_NE(t.notes.find("unt_missing:UNH:1"), std::string::npos);
  EXPECT_NE(t.rejected.find("outside_message"), std::string::npos);
}

TEST(Segments, ElementsAreViewsUnfoldedWhenAsked) {
  SegmentReader reader(
      "TDT+1++3++HT-MORJ:172:ZZZ+++KP XQ-113:146'NAD+CN+O?'NEIL ??+A?+B:C?:D:'FTX+A\r\nB?\r\n'C'\r\n ");
  Segment s;
  std::string scratch;
  ASSERT_TRUE(reader.next(s));
  EXPECT_EQ(s.tag(), "TDT");
  EXPECT_EQ(s.elements(), 8U);
  EXPECT_EQ(s.value(5, 1, scratch), "172");
  EXPECT_EQ(s.value(8, 0, scratch), "KP XQ-113");
  EXPECT_EQ(s.value(2, 0, scratch), "");
  EXPECT_EQ(s.value(9, 0, scratch), "");
  EXPECT_EQ(s.value(8, 7, scratch), "");
  ASSERT_TRUE(reader.next(s));
  EXPECT_EQ(s.value(2, 0, scratch), "O'NEIL ?");
  EXPECT_EQ(s.value(3, 0, scratch), "A+B");
  EXPECT_EQ(s.value(3, 1, scratch), "C:D");
  EXPECT_EQ(s.components(3), 3U);
  EXPECT_EQ(s.raw(2), "O?'NEIL ??");
  ASSERT_TRUE(reader.next(s));
  EXPECT_EQ(s.value(1, 0, scratch), "AB'C");
  EXPECT_FALSE(reader.next(s));
}

TEST(Segments, ElementsOverTheLimitAreDroppedAndToldNotWrapped) {
  for (std::size_t blanks = 0; blanks < 64; ++blanks) {  // the limit is reached anywhere in a block
    std::string bytes(blanks, ' ');
    bytes += "FTX";
    for (std::size_t i = 1; i <= limits::kSegmentElements + 5; ++i) bytes += fmt::format("+{}:c", i);
    bytes += "+:+++++:::+'";
    SegmentReader reader(bytes);
    Segment s;
    std::string scratch;
    ASSERT_TRUE(reader.next(s));
    EXPECT_TRUE(s.has_dropped_elements());
    EXPECT_EQ(s.elements(), limits::kSegmentElements);
    EXPECT_EQ(s.value(limits::kSegmentElements, 0, scratch), fmt::format("{}", limits::kSegmentElements));
    EXPECT_EQ(s.value(limits::kSegmentElements, 1, scratch), "c");
    EXPECT_EQ(s.components(limits::kSegmentElements), 2U);
  }
}

// By definition, byte by byte: the raw components of each element, up to the terminator.
std::vector<std::vector<std::string>> cut(std::string_view text, std::size_t& at) {
  std::vector<std::vector<std::string>> elements(1, {""});
  bool released = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    const bool is_data = released && c != '\r' && c != '\n';
    if (!released && c == '\'') break;
    if (!released && c == '+')
      elements.push_back({""});
    else if (!released && c == ':')
      elements.back().emplace_back();
    else
      elements.back().back() += c;
    released = released ? !is_data : c == '?';
  }
  ++at;
  return elements;
}

TEST(Segments, AreCutByTheDefinitionWhereverTheyLie) {
  std::mt19937 random(9735);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes(random() % 64, ' ');
    for (std::size_t n = 1 + random() % 400; n > 0; --n) bytes += "AAAAAABB+++::?\r\n'"[random() % 18];
    const std::string text = bytes + "'";
    SegmentReader reader(text);
    Segment s;
    std::size_t at = 0;
    while (reader.next(s)) {
      at = static_cast<std::size_t>(s.offset());
      const auto expected = cut(text, at);
      ASSERT_EQ(s.elements() + 1, expected.size()) << text;
      for (std::size_t e = 0; e < expected.size(); ++e) {
        ASSERT_EQ(s.components(e), expected[e].size()) << text;
        for (std::size_t c = 0; c < expected[e].size(); ++c) ASSERT_EQ(s.raw(e, c), expected[e][c]) << text;
      }
      ASSERT_EQ(s.end(), std::min(at, text.size()));
    }
  }
}

TEST(ServiceString, OnlySeparatorsSeparate) {
  EXPECT_TRUE(ServiceString::parse("UNA:+.? '"));
  EXPECT_TRUE(ServiceString::parse("UNA:+,\\*'"));
  EXPECT_TRUE(ServiceString::parse("UNA:+.  '"));  // no release character
  EXPECT_FALSE(ServiceString::parse("UNA:+.? A"));
  EXPECT_FALSE(ServiceString::parse("UNA++.? '"));
  EXPECT_FALSE(ServiceString::parse("UNA:+.?"));
  EXPECT_FALSE(ServiceString::parse("UNA is one"));
}

TEST(Dtm, FormatsOfCodeList2379) {
  struct DtmRow {
    std::string_view value, format, expected;
    std::int64_t error_s;
  };
  const DtmRow kRows[] = {
      {"261025", "101", "2026-10-25T00:00:00Z", 86'400},
      {"20261025", "102", "2026-10-25T00:00:00Z", 86'400},
      {"0903031447", "201", "2009-03-03T14:47:00Z", 60},
      {"9903031447", "201", "1999-03-03T14:47:00Z", 60},
      {"202610250207", "203", "2026-10-25T02:07:00Z", 60},
      {"20261025020733", "204", "2026-10-25T02:07:33Z", 0},
      {"20020148", "102", "", 0},
      {"202610250207", "204", "", 0},
      {"20261025x207", "203", "", 0},
      {"", "203", "", 0},
      {"202610250207", "718", "", 0},
  };
  for (const DtmRow& row : kRows) {
    const auto v = parse_dtm(row.value, row.format);
    ASSERT_EQ(v.has_value(), !row.expected.empty()) << row.value;
    if (!v) continue;
    EXPECT_EQ(format_rfc3339(from_civil_utc(v->time)), row.expected);
    EXPECT_EQ(v->error_s, row.error_s) << row.value;
  }
}

}  // namespace
}  // namespace quaywatch::codec
