// Where the separators of EDIFACT stand in a text, found 64 bytes at a time: the first pass of a reader that then looks
// at these places alone. With AVX2 where the processor has it, else byte by byte; both find the same.
// Nothing is allocated; the text is only borrowed. Not thread-safe; one object per thread.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace quaywatch::codec {

// Four different bytes, none of them NUL, CR or LF; where there is no release character it repeats the terminator.
struct MarkedBytes {
  char component = ':', element = '+', terminator = '\'', release = '?';
};

// Of 64 bytes; bit i stands for byte i.
struct Marks {
  std::uint64_t separators = 0;  // of components and of elements
  std::uint64_t elements = 0;    // those of elements alone
  std::uint64_t ends = 0;        // terminators and release characters
  std::uint64_t line_ends = 0;   // CR and LF
  bool operator==(const Marks&) const = default;
};

// 64 bytes are read. `marks_by_byte` and `marks_avx2` are its two ways.
using MarkBlock = void (*)(const char* block, const MarkedBytes& wanted, Marks& out);
void marks_by_byte(const char* block, const MarkedBytes& wanted, Marks& out);
MarkBlock marks_avx2();     // nullptr where the processor has none
MarkBlock fastest_marks();  // of the two

class ByteMarks {
 public:
  ByteMarks() = default;
  ByteMarks(std::string_view bytes, MarkedBytes wanted) : bytes_(bytes), wanted_(wanted) {}

  // Of the block that begins at `base`: a multiple of 64, less than the size of the text. Behind the text nothing is
  // marked. Valid until the next call.
  const Marks& block(std::size_t base) {
    if (base != base_) load(base);
    return marks_;
  }

  // The first terminator or release character in [from, end), else `end`; `end` is at most the size of the text.
  std::size_t next_end(std::size_t from, std::size_t end) {
    while (from < end) {
      const std::size_t base = from & ~std::size_t{63};
      const std::uint64_t left = block(base).ends >> (from & 63);
      if (left != 0) return std::min(from + static_cast<std::size_t>(std::countr_zero(left)), end);
      from = base + 64;
    }
    return end;
  }

 private:
  void load(std::size_t base);

  std::string_view bytes_;
  MarkedBytes wanted_;
  MarkBlock mark_ = fastest_marks();
  std::size_t base_ = 1;  // of the block that marks_ holds; 1: none yet
  Marks marks_;
};

}  // namespace quaywatch::codec
