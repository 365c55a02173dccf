#include "codec/workbook.h"

#include <gtest/gtest.h>

#include "codec/testing.h"

namespace quaywatch::codec {
namespace {

using testing::Member;

constexpr std::string_view kRelations = R"(<Relationships>
<Relationship Id="rId1" Type="t/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="rId2" Type="t/worksheet" Target="/xl/worksheets/sheet2.xml"/>
<Relationship Id="rId3" Type="t/sharedStrings" Target="sharedStrings.xml"/>
<Relationship Id="rId4" Type="t/styles" Target="styles.xml"/></Relationships>)";
// Styles: 0 number, 1 built-in date, 2 day and time, 3 time, 4 a colour and the word "day", 5 elapsed hours.
constexpr std::string_view kStyles = R"(<x:styleSheet xmlns:x="urn:x"><x:numFmts>
<x:numFmt numFmtId="164" formatCode="dd\.mm\.yyyy hh:mm"/>
<x:numFmt numFmtId="165" formatCode="[Red]0.0&quot;day&quot;"/>
<x:numFmt numFmtId="166" formatCode="[h]:mm"/></x:numFmts><x:cellXfs><x:xf numFmtId="0"/><x:xf numFmtId="14"/>
<x:xf numFmtId="164"/><x:xf numFmtId="20"/><x:xf numFmtId="165"/><x:xf numFmtId="166"/></x:cellXfs></x:styleSheet>)";
constexpr std::string_view kStrings = R"(<sst><si><t>container</t></si><si><r><t>gate </t></r><r><t>in</t></r>
<rPh><t>phonetic</t></rPh></si><si><t xml:space="preserve"> a "b", c</t></si></sst>)";

std::string book(std::string_view rows, std::string_view properties = {}) {
  const std::string workbook = "<workbook xmlns:r=\"urn:r\">" + std::string(properties) +
                               "<sheets><sheet name=\"Notes\" sheetId=\"7\" r:id=\"rId2\"/>"
                               "<sheet name=\"Gate\" sheetId=\"2\" r:id=\"rId1\"/></sheets></workbook>";
  return testing::zip({{"xl/workbook.xml", workbook},
                       {"xl/_rels/workbook.xml.rels", std::string(kRelations)},
                       {"xl/sharedStrings.xml", std::string(kStrings)},
                       {"xl/styles.xml", std::string(kStyles)},
                       {"xl/worksheets/sheet1.xml", "<worksheet><sheetData>" + std::string(rows) +
                                                        "</sheetData></worksheet>"},
                       {"xl/worksheets/sheet2.xml", "<worksheet><sheetData><row><c t=\"str\"><v>note</v></c></row>"
                                                    "</sheetData></worksheet>"}});
}

// The text of the sheet behind its byte-order mark, or the reason of the refusal.
std::string read(const std::string& bytes, std::string_view sheet = "Gate") {
  auto archive = ZipArchive::open(bytes).value();
  EXPECT_TRUE(is_workbook(archive));
  const auto csv = sheet_to_csv(archive, sheet, ';');
  if (!csv) return std::string(csv.error().reason) + ": " + csv.error().message;
  EXPECT_TRUE(csv->starts_with("\xEF\xBB\xBF"));
  return csv->substr(3);
}

TEST(Workbook, CellsOfEveryKindKeepTheirPlace) {
  EXPECT_EQ(read(book(R"(<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>
<row r="3"><c r="A3" t="inlineStr"><is><t>x;y</t></is></c>
<c r="B3" t="b"><v>1</v></c><c r="D3" t="e"><v>#N/A</v></c></row>
<row><c t="s"><v>2</v></c><c><v>28377.500000000004</v></c><c><v>1E-3</v></c><c><f>A1</f><v>12345678</v></c></row>)")),
            "container;;gate in;\n\n\"x;y\";true;;#N/A\n\" a \"\"b\"\", c\";28377.5;0.001;12345678\n");
}

TEST(Workbook, DateStylesBecomeIsoText) {
  const std::string rows = R"(<row><c s="1"><v>46320</v></c><c s="2"><v>46320.5</v></c><c s="2"><v>46320</v></c>
<c s="3"><v>0.25</v></c><c s="4"><v>3</v></c><c s="5"><v>1.5</v></c><c s="1"><v>46320.541666666664</v></c></row>)";
  EXPECT_EQ(read(book(rows)),
            "2026-10-25;2026-10-25T12:00:00;2026-10-25T00:00:00;06:00:00;3;1900-01-01T12:00:00;2026-10-25T13:00:00\n");
  EXPECT_TRUE(read(book(rows, "<workbookPr date1904=\"1\"/>")).starts_with("2030-10-26;2030-10-26T12:00:00;"));
  EXPECT_EQ(read(book(R"(<row><c s="1"><v>59</v></c><c s="1"><v>60</v></c><c s="1"><v>61</v></c></row>)")),
            "1900-02-28;60;1900-03-01\n")
      << "the day that spreadsheets invent stays a number";
}

TEST(Workbook, TheNamedSheetOrTheFirst) {
  EXPECT_EQ(read(book(""), ""), "note\n");
  EXPECT_EQ(read(book(""), "Gate"), "") << "an empty sheet is an empty text";
  EXPECT_EQ(read(book(""), "Gates"), "unknown_sheet: the workbook has no sheet 'Gates'; it has Notes, Gate");
}

TEST(Workbook, HostileSheetsAreRefused) {
  EXPECT_EQ(read(book(R"(<row><c r="B1"><v>1</v></c><c r="A1"><v>2</v></c></row>)")),
            "bad_xml: the cells of the sheet are not in order");
  EXPECT_EQ(read(book(R"(<row><c r="1A"><v>1</v></c></row>)")), "bad_xml: '1A' is not the place of a cell");
  EXPECT_TRUE(read(book(R"(<row r="9000000"><c r="A9000000"><v>1</v></c></row>)")).starts_with("sheet_too_large: "));
  EXPECT_TRUE(read(book(R"(<row><c r="ZZZ1"><v>1</v></c></row>)")).starts_with("sheet_too_large: cell ZZZ1"));
  EXPECT_TRUE(read(book("<row><c></row>")).starts_with("bad_xml: part 'xl/worksheets/sheet1.xml'"));
  EXPECT_TRUE(read(testing::zip({{"xl/workbook.xml", "<workbook/>"}})).starts_with("not_a_workbook: "));
}

}  // namespace
}  // namespace quaywatch::codec
