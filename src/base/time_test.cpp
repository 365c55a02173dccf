#include "base/time.h"

#include <gtest/gtest.h>

#include <string_view>

namespace quaywatch {
namespace {

// The day that was read last is kept: what follows it is read as if it were not.
TEST(Rfc3339, TimesOfOneDayAreReadAsThoseOfMany) {
  struct Case {
    std::string_view text;
    std::int64_t us;  // 0: refused
  };
  constexpr std::int64_t kNoon = 1'772'366'400'000'000;  // of 2026-03-01
  constexpr Case kCases[] = {
      {"2026-03-01T12:00:00Z", kNoon},        {"2026-03-01T12:00:01.5Z", kNoon + 1'500'000},
      {"2026-03-01T24:00:00Z", 0},            {"2026-03-01T12:60:00Z", 0},
      {"2026-03-01T12:00:60Z", 0},            {"2026-03-01T1x:00:00Z", 0},
      {"2026-03-01T13:00:00+01:00", kNoon},   {"2026-02-28T12:00:00Z", kNoon - 86'400'000'000},
      {"2026-02-29T12:00:00Z", 0},            {"2026-02-28T12:00:00Z", kNoon - 86'400'000'000},
      {"2026-0x-01T12:00:00Z", 0},            {"1899-12-31T12:00:00Z", 0},
      {"2026-03-01T12:00:00", 0},             {"2026-03-01T12:00:00Z", kNoon},
  };
  for (const Case& c : kCases) {
    const auto t = parse_rfc3339(c.text);
    EXPECT_EQ(t ? t->us : 0, c.us) << c.text;
  }
}

}  // namespace
}  // namespace quaywatch
