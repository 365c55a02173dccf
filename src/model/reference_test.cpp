#include "model/reference.h"

#include <gtest/gtest.h>

namespace quaywatch {
namespace {

using enum IdentifierCheck;

struct Vector {
  IdentifierRule rule;
  std::string_view value;
  IdentifierCheck expected;
};

TEST(Reference, UnlocodeExistenceAndPortFunction) {
  for (const std::string_view code : {"SIKOP", "NLRTM", "BEANR", "ECGYE", "CNXMN", "ZWVFA", "ADALV"})
    EXPECT_TRUE(unlocode_exists(code)) << code;
  for (const std::string_view code : {"SIKO", "SIKOPX", "XXXXX", "SIK0P", ""})
    EXPECT_FALSE(unlocode_exists(code)) << code;
  EXPECT_TRUE(unlocode_is_port("SIKOP"));
  EXPECT_FALSE(unlocode_is_port("SIMBX"));  // Maribor has an airport only
}

TEST(Reference, IdentifiersAgainstTheirTables) {
  using enum IdentifierRule;
  const Vector kVectors[] = {
      {unlocode, "SIKOP", good},
      {unlocode, "XXQQQ", unassigned},
      {unlocode, "Koper", malformed},
      {unlocode, "IT940", good},  // listed against the rule for its digits
      {smdg_liner, "MSK", good},
      {smdg_liner, "msk", good},
      {smdg_liner, "G2O", good},
      {smdg_liner, "QXL", unassigned},
      {smdg_liner, "MAEU", good},  // SCAC
      {smdg_liner, "XXXX", good},  // perhaps one
      {smdg_liner, "MAERSK", malformed},
      {smdg_liner, "M", malformed},
      {hs6, "080390", good},
      {hs6, "0803.90", good},
      {hs6, "0803901000", good},  // a national code of ten digits
      {hs6, "08", good},
      {hs6, "0803", good},
      {hs6, "080399", unassigned},
      {hs6, "77", unassigned},
      {hs6, "08039", malformed},
      {hs6, "bananas", malformed},
      {hs6, "", malformed},
      {country, "PA", good},
      {country, "pan", good},
      {country, "XX", unassigned},
      {country, "XXX", unassigned},
      {country, "Panama", malformed},
  };
  for (const Vector& v : kVectors) EXPECT_EQ(name(check_identifier(v.rule, v.value)), name(v.expected)) << v.value;
}

TEST(Reference, EveryBuiltInTableIsItsOwnTextAgain) {
  for (const ReferenceTable& table : built_in_references()) {
    ReferenceRows rows;
    for (std::size_t i = 0; i < table.rows(); ++i) {
      const std::string code(table.code(i));
      rows[code] = std::string(1, table.mark(code));
    }
    const auto again = read_reference(write_reference(table, rows), table);
    ASSERT_TRUE(again) << table.name << ": " << again.error().message;
    EXPECT_EQ((*again)->table.cells, table.cells) << table.name;
    EXPECT_EQ((*again)->table.edition, table.edition);
    EXPECT_EQ((*again)->table.sources, table.sources);
  }
}

TEST(Reference, ABrokenTextNamesItsLine) {
  const ReferenceTable& like = built_in_references()[static_cast<std::size_t>(ReferenceId::smdg_liner)];
  struct Case {
    const char* text;
    const char* message;
  };
  const Case kCases[] = {
      {"", "line 1: '# table: smdg_liner' is missing"},
      {"# table: hs\n", "line 1: the table is 'hs', not 'smdg_liner'"},
      {"# table: smdg_liner\n# rows: 2\nMSC\n", "line 3: 1 codes where '# rows' states 2"},
      {"# table: smdg_liner\n# rows: 2\nMSC\nMSK", "line 4: the last line has no line end; the file is cut"},
      {"# table: smdg_liner\n# rows: 2\nMSK\nMSC\n",
       "line 4: 'MSC' does not follow 'MSK'; codes stand in ascending order"},
      {"# table: smdg_liner\n# rows: 1\nMAEU\n", "line 3: 'MAEU' is not a code of 1 to 3 capital letters and digits"},
      {"# table: smdg_liner\n# rows: x\n", "line 2: '# rows' is not a number"},
      {"# table: smdg_liner\n#rows\n", "line 2: a head line is '# key: value'"},
      {"# table: smdg_liner\n# rows: 0\n", "line 2: 0 codes where '# rows' states 0"},
  };
  for (const Case& c : kCases) {
    const auto table = read_reference(c.text, like);
    ASSERT_FALSE(table) << c.text;
    EXPECT_EQ(table.error().message, c.message);
  }
}

TEST(Reference, ATableOfTheSiteTakesThePlaceOfTheBuiltInOne) {
  auto table = read_reference("# table: smdg_liner\n# rows: 1\nQXL\n", reference(ReferenceId::smdg_liner));
  ASSERT_TRUE(table);
  use_reference(ReferenceId::smdg_liner, std::move(*table));
  EXPECT_EQ(check_identifier(IdentifierRule::smdg_liner, "QXL"), good);
  EXPECT_EQ(check_identifier(IdentifierRule::smdg_liner, "MSK"), unassigned);
  const ReferenceTable& in_use = reference(ReferenceId::smdg_liner);
  use_reference(ReferenceId::smdg_liner, nullptr);
  EXPECT_NE(in_use.mark("QXL"), '\0') << "who looks at it still may";
  EXPECT_EQ(check_identifier(IdentifierRule::smdg_liner, "MSK"), good);
}

}  // namespace
}  // namespace quaywatch
