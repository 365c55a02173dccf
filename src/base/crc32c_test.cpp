#include "base/crc32c.h"

#include <gtest/gtest.h>

#include <string>

namespace quaywatch {
namespace {

TEST(Crc32c, VectorsOfRfc3720) {
  std::string rising(32, '\0'), falling(32, '\0');
  for (std::size_t i = 0; i < 32; ++i) {
    rising[i] = static_cast<char>(i);
    falling[i] = static_cast<char>(31 - i);
  }
  const struct {
    std::string bytes;
    std::uint32_t crc;
  } rows[] = {
      {"", 0},
      {"123456789", 0xE3069283u},
      {std::string(32, '\0'), 0x8A9136AAu},
      {std::string(32, '\xff'), 0x62A8AB43u},
      {rising, 0x46DD794Eu},
      {falling, 0x113FDB5Cu},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(crc32c(row.bytes), row.crc) << row.bytes.size();
    EXPECT_EQ(crc32c_by_tables(row.bytes), row.crc) << row.bytes.size();
  }
}

TEST(Crc32c, PiecesSumToTheWhole) {
  const std::string text = "a segment cut anywhere sums to the same";
  for (std::size_t cut = 0; cut <= text.size(); ++cut)
    EXPECT_EQ(crc32c(text.substr(cut), crc32c(text.substr(0, cut))), crc32c(text)) << cut;
}

TEST(Crc32c, TablesAndInstructionSayTheSameOfEveryLengthAndBeginning) {
  std::string bytes;
  for (std::uint32_t i = 0, x = 1; i < 300; ++i) bytes += static_cast<char>((x = x * 1664525 + 1013904223) >> 24);
  for (std::size_t from = 0; from < 9; ++from)
    for (std::size_t n = 0; from + n <= bytes.size(); ++n) {
      const std::string_view part = std::string_view(bytes).substr(from, n);
      const auto start = static_cast<std::uint32_t>(n * 2654435761u);
      ASSERT_EQ(crc32c(part, start), crc32c_by_tables(part, start)) << from << ' ' << n;
    }
}

}  // namespace
}  // namespace quaywatch
