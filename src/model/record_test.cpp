#include "model/record.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

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

std::string text_of(const Record& r) {
  std::string out;
  r.each([&](FieldId field, const Value& v) {
    out.append(info(field).name).append("=").append(to_text(v)).append(" ");
  });
  return out;
}

// Whatever is done to it, a record says what a list of its values says.
TEST(Record, HoldsWhatAListHolds) {
  constexpr FieldId kFields[] = {FieldId::booking_ref, FieldId::seal_number, FieldId::container_cargo};
  std::mt19937 random(6);
  for (int round = 0; round < 200; ++round) {
    Record r;
    std::vector<std::pair<FieldId, std::string>> list;
    for (int step = 0; step < 120; ++step) {
      const FieldId field = kFields[random() % 3];
      switch (random() % 9) {
        case 0: {
          const std::int64_t number = static_cast<std::int64_t>(random() % 1000);
          if (r.add_integer(field, number)) list.emplace_back(field, std::to_string(number));
          break;
        }
        case 1:
          if (random() % 4 != 0) break;
          r.remove(field);
          std::erase_if(list, [&](const auto& x) { return x.first == field; });
          break;
        case 2: {
          const Record copy = r;
          r = Record();
          EXPECT_TRUE(r.empty());
          r.reserve(random() % 5, random() % 100);
          ASSERT_TRUE(r.append(copy));
          break;
        }
        case 3: {
          Record moved = std::move(r);
          r = std::move(moved);
          break;
        }
        case 4: {  // text of its own, whose block may be given up meanwhile
          const std::string text(r.text(field));
          if (!text.empty() && r.add_text(field, r.text(field))) list.emplace_back(field, text);
          break;
        }
        case 5: {
          const std::string text(random() % 20, static_cast<char>('A' + random() % 26));
          if (r.add_short_text(field, text)) list.emplace_back(field, text);
          break;
        }
        default: {
          const std::string text(random() % 90, static_cast<char>('A' + random() % 26));
          if (r.add_text(field, text)) list.emplace_back(field, text);
        }
      }
    }
    std::string expected;
    for (const auto& [field, text] : list) expected.append(info(field).name).append("=").append(text).append(" ");
    ASSERT_EQ(text_of(r), expected) << "round " << round;
    EXPECT_LE(r.size(), limits::kEventCells);
  }
}

}  // namespace
}  // namespace quaywatch
