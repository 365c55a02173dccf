// Packed and converted files through Intake: names, accounts, offsets.
#include "ingest/unpacked.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "codec/testing.h"
#include "ingest/intake.h"
#include "io/files.h"
#include "journal/testing.h"

namespace quaywatch::ingest {
namespace {

using codec::testing::gzip;
using codec::testing::zip;
using journal::DataFolder;

constexpr std::string_view kMapping = R"(feed = "gate"
format = "csv"
files = ["gate*.csv", "gate.xlsx"]
sheet = "Gate"
encoding = "windows-1252"
[[event]]
type = "container.gate_in"
time = { column = "t", format = "rfc3339" }
fields = [{ to = "container.number", from = "c" }, { to = "location.from", from = "p" }]
)";
const std::string kRows = "t;c;p\n2026-10-22T06:00:00Z;QAYU1000011;Kai\n2026-10-22;QAYU1000011;Kai\n";

// One line per account: name, format, source, events, bytes, refusals; and the offsets of rejected spans.
std::vector<std::string> accounts(const std::string& name, std::string_view bytes, std::string mapping = {}) {
  DataFolder folder;
  const std::string path = folder.path() + "/" + name;
  EXPECT_TRUE(io::write_file_atomic(folder.path() + "/gate.toml", mapping.empty() ? kMapping : mapping));
  EXPECT_TRUE(io::write_file_atomic(path, bytes));
  std::vector<std::string> out;
  std::string rejected;
  IntakeListener listener;
  listener.span = [&](const FileAccount&, const adapter::SpanReport& s, std::string_view) {
    if (s.kind == adapter::SpanKind::rejected) rejected += fmt::format(" {}@{}+{}", s.reason, s.offset, s.size);
  };
  listener.file_ends = [&](const FileAccount& a) {
    EXPECT_EQ(a.accepted_bytes + a.rejected_bytes + a.ignored_bytes, a.bytes) << a.path;
    const std::string from = a.unpacked_from.empty() ? "" : " <- " + a.unpacked_from;
    const auto faults = a.findings.find("charset");
    out.push_back(fmt::format("{} {}{} {}{}{}", a.path.substr(folder.path().size() + 1), a.format, from, a.events,
                              rejected, faults == a.findings.end() ? "" : " charset"));
    rejected.clear();
  };
  IntakeOptions options;
  options.received_at = *parse_rfc3339("2026-12-01T00:00:00Z");
  Intake intake(std::move(options), std::move(listener));
  const auto read = intake.read({folder.path()});
  EXPECT_TRUE(read) << read.error().message;
  return out;
}
using Lines = std::vector<std::string>;

TEST(Unpacked, APlainFileIsDecodedAsItStands) {
  EXPECT_EQ(accounts("gate.csv", kRows), Lines{"gate.csv mapped:gate 1 bad_time@43+27"});
}

TEST(Unpacked, GzipIsItsContentUnderTheNameWithoutGz) {
  EXPECT_EQ(accounts("gate.csv.gz", gzip(kRows)), Lines{"gate.csv mapped:gate <- gate.csv.gz 1 bad_time@43+27"})
      << "offsets count in the unpacked text";
}

TEST(Unpacked, EveryMemberIsAFileOfItsOwn) {
  const std::string inner = zip({{"gate.csv", kRows}});
  const std::string bytes =
      zip({{"in/gate_1.csv", kRows}, {"readme", "hello"}, {"gate_2.csv", kRows, 1}, {"inner.zip", inner, 0, 0}});
  const std::string packed = codec::testing::deflated(kRows, -15);
  EXPECT_EQ(accounts("day.zip", bytes),
            (Lines{"day.zip/in/gate_1.csv mapped:gate <- day.zip 1 bad_time@43+27",
                   "day.zip/readme unknown <- day.zip 0 no_mapping@0+5",
                   fmt::format("day.zip/gate_2.csv packed 0 archive_encrypted@0+{}", packed.size()),
                   fmt::format("day.zip/inner.zip packed 0 archive_nested@0+{}", inner.size())}));
}

TEST(Unpacked, WhatCannotBeUnpackedIsRejectedWholeUnderItsName) {
  const std::string packed = gzip(kRows);
  EXPECT_EQ(accounts("gate.csv.gz", packed.substr(0, 40)),
            Lines{"gate.csv.gz packed 0 archive_corrupt@0+40"});
  EXPECT_EQ(accounts("gate.zip", zip({{"gate.csv", kRows}}).substr(0, 50)),
            Lines{"gate.zip packed 0 archive_corrupt@0+50"});
  const std::string bomb = gzip(std::string(4'000'000, '0'));
  EXPECT_EQ(accounts("gate.csv.gz", bomb),
            Lines{fmt::format("gate.csv.gz packed 0 archive_bomb@0+{}", bomb.size())});
  const std::string twice = gzip(packed);
  EXPECT_EQ(accounts("gate.csv.gz", twice),
            Lines{fmt::format("gate.csv packed 0 archive_nested@0+{}", packed.size())});
  EXPECT_EQ(accounts("gate.xls", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"),
            Lines{"gate.xls packed 0 ole_workbook@0+8"});
}

TEST(Unpacked, AWorkbookIsTheSheetThatItsMappingNames) {
  const auto sheet = [](std::string_view rows) {
    return "<worksheet><sheetData>" + std::string(rows) + "</sheetData></worksheet>";
  };
  const std::string bytes = zip(
      {{"xl/workbook.xml",
        "<workbook><sheets><sheet name=\"Notes\" id=\"1\"/><sheet name=\"Gate\" id=\"2\"/>"
        "</sheets></workbook>"},
       {"xl/_rels/workbook.xml.rels",
        "<Relationships><Relationship Id=\"1\" Target=\"a.xml\"/>"
        "<Relationship Id=\"2\" Target=\"b.xml\"/></Relationships>"},
       {"xl/a.xml", sheet("")},
       {"xl/b.xml", sheet("<row><c t=\"str\"><v>t</v></c><c t=\"str\"><v>c</v></c><c t=\"str\"><v>p</v></c></row>"
                          "<row><c t=\"str\"><v>2026-10-22T06:00:00Z</v></c><c/><c t=\"str\"><v>Kai \u00D6st</v></c>"
                          "</row>")}});
  EXPECT_EQ(accounts("gate.xlsx", bytes), Lines{"gate.xlsx mapped:gate <- gate.xlsx 1"})
      << "its text is UTF-8 whatever the encoding of the CSV files of the feed";
}

TEST(Unpacked, Utf16ByItsMarkOrByTheContract) {
  std::string wide;
  for (const char c : kRows) wide += {c, '\0'};
  EXPECT_EQ(accounts("gate.csv", "\xFF\xFE" + wide),
            Lines{"gate.csv mapped:gate <- gate.csv (UTF-16) 1 bad_time@46+27"})
      << "the byte-order mark is three bytes of UTF-8";
  std::string mapping(kMapping);
  mapping.replace(mapping.find("windows-1252"), 12, "utf-16le");
  EXPECT_EQ(accounts("gate.csv", wide + "x", mapping),
            Lines{"gate.csv mapped:gate <- gate.csv (UTF-16) 1 bad_time@43+27 column_count@70+3 charset"});
  EXPECT_EQ(accounts("gate.csv.gz", gzip(wide), mapping),
            Lines{"gate.csv mapped:gate <- gate.csv.gz (UTF-16) 1 bad_time@43+27"});
}

TEST(Unpacked, TablesBesideAMappingAreNoFeeds) {
  DataFolder folder;
  std::string mapping(kMapping);
  mapping.insert(mapping.find("[[event]]"), "[[table]]\nname = \"fleet\"\nfile = \"fleet.csv\"\nkey = \"plate\"\n");
  ASSERT_TRUE(io::write_file_atomic(folder.path() + "/gate.toml", mapping));
  Intake without({}, {});
  const auto missing = without.read({folder.path()});
  ASSERT_FALSE(missing);
  EXPECT_TRUE(missing.error().message.starts_with("table 'fleet': 'fleet.csv' cannot be read: "))
      << missing.error().message;
  ASSERT_TRUE(io::write_file_atomic(folder.path() + "/fleet.csv", "plate,haulier\nKPAB123,CARGO\n"));
  Intake intake({}, {});
  ASSERT_TRUE(intake.read({folder.path()}));
  EXPECT_TRUE(intake.files().empty());
}

}  // namespace
}  // namespace quaywatch::ingest
