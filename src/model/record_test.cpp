#include "model/record.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace quaywatch {
namespace {

Record sample() {
  Record r;
  r.add_text(FieldId::container_number, "QAYU0000010");
  r.add_decimal(FieldId::container_weight_kg, 4'000 * kDecimalOne);
  r.add_text(FieldId::seal_number, "QS1");
  return r;
}

TEST(Record, AppendsAllCellsBehindItsOwn) {
  Record r;
  r.add_text(FieldId::booking_ref, "QB1");
  ASSERT_TRUE(r.append(sample()));
  ASSERT_TRUE(r.append(sample()));
  EXPECT_EQ(r.size(), 7U);
  EXPECT_EQ(r.text(FieldId::booking_ref), "QB1");
  EXPECT_EQ(r.text(FieldId::container_number), "QAYU0000010");
  EXPECT_EQ(r.get(FieldId::container_weight_kg).number, 4'000 * kDecimalOne);
  int seals = 0;
  r.each(FieldId::seal_number, [&](const Value& v) { seals += v.text == "QS1" ? 1 : 0; });
  EXPECT_EQ(seals, 2);
}

TEST(Record, AppendsNothingWhereNotAllFits) {
  Record many;
  while (many.add_boolean(FieldId::seal_number, true)) continue;
  ASSERT_EQ(many.size(), limits::kEventCells);
  EXPECT_FALSE(many.append(sample()));
  EXPECT_EQ(many.size(), limits::kEventCells);
  Record large;
  ASSERT_TRUE(large.add_text(FieldId::seal_number, std::string(limits::kEventTextBytes - 1, 'A')));
  EXPECT_FALSE(large.append(sample()));
  EXPECT_EQ(large.size(), 1U);
  EXPECT_TRUE(large.append({})) << "of nothing, all fits";
}

}  // namespace
}  // namespace quaywatch
