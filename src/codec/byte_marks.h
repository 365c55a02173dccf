// Where a few bytes of interest stand in a text, found 64 bytes at a time: the first pass of a reader that then looks
// at these places alone. With AVX2 where the processor has it, else byte by byte; both find the same.
// Nothing is allocated; the text is only borrowed. Not thread-safe; one object per thread.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace quaywatch::codec {

// At most six different bytes; NUL stands for none.
struct ByteSet {
  std::array<char, 6> bytes{};
  std::array<std::uint8_t, 256> has{};  // 1 for each of them

  ByteSet() = default;
  explicit ByteSet(std::array<char, 6> wanted);
};

// Bit i is set where block[i] is in the set; 64 bytes are read. `marks_by_byte` and `marks_avx2` are its two ways.
using MarkBlock = std::uint64_t (*)(const char* block, const ByteSet& set);
std::uint64_t marks_by_byte(const char* block, const ByteSet& set);
MarkBlock marks_avx2();     // nullptr where the processor has none
MarkBlock fastest_marks();  // of the two

class ByteMarks {
 public:
  ByteMarks() = default;
  ByteMarks(std::string_view bytes, const ByteSet& set) : bytes_(bytes), set_(set) {}

  // Bit i is set where the byte at base + i is marked; `base` is a multiple of 64, less than the size of the text.
  std::uint64_t block(std::size_t base) {
    if (base != base_) load(base);
    return marks_;
  }

  // The first marked place in [from, end), else `end`; `end` is at most the size of the text.
  std::size_t next(std::size_t from, std::size_t end) {
    while (from < end) {
      const std::size_t base = from & ~std::size_t{63};
      const std::uint64_t left = block(base) >> (from & 63);
      if (left != 0) return std::min(from + static_cast<std::size_t>(std::countr_zero(left)), end);
      from = base + 64;
    }
    return end;
  }

 private:
  void load(std::size_t base);

  std::string_view bytes_;
  ByteSet set_;
  MarkBlock mark_ = fastest_marks();
  std::size_t base_ = 1;     // of the block that marks_ holds; 1: none yet
  std::uint64_t marks_ = 0;
};

}  // namespace quaywatch::codec
