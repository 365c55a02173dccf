#include "codec/byte_marks.h"

#include <algorithm>
#include <array>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace quaywatch::codec {

void marks_by_byte(const char* block, const MarkedBytes& wanted, Marks& out) {
  out = {};
  for (std::size_t i = 0; i < 64; ++i) {
    const char c = block[i];
    const std::uint64_t here = std::uint64_t{1} << i;
    if (c == wanted.component || c == wanted.element) out.separators |= here;
    if (c == wanted.element) out.elements |= here;
    if (c == wanted.terminator || c == wanted.release) out.ends |= here;
    if (c == '\r' || c == '\n') out.line_ends |= here;
  }
}

#if defined(__x86_64__)
namespace {

// Places of either of two bytes.
__attribute__((target("avx2"), always_inline)) inline std::uint64_t places(__m256i low, __m256i high, char a, char b) {
  const __m256i is_a = _mm256_set1_epi8(a);
  const __m256i is_b = _mm256_set1_epi8(b);
  const __m256i in_low = _mm256_or_si256(_mm256_cmpeq_epi8(low, is_a), _mm256_cmpeq_epi8(low, is_b));
  const __m256i in_high = _mm256_or_si256(_mm256_cmpeq_epi8(high, is_a), _mm256_cmpeq_epi8(high, is_b));
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(in_low)) |
         static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm256_movemask_epi8(in_high))) << 32;
}

__attribute__((target("avx2"))) void marks_by_vector(const char* block, const MarkedBytes& wanted, Marks& out) {
  const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(block));
  const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(block + 32));
  out.separators = places(low, high, wanted.component, wanted.element);
  out.elements = places(low, high, wanted.element, wanted.element);
  out.ends = places(low, high, wanted.terminator, wanted.release);
  out.line_ends = places(low, high, '\r', '\n');
}

}  // namespace

MarkBlock marks_avx2() {
  return __builtin_cpu_supports("avx2") != 0 ? marks_by_vector : nullptr;
}
#else
MarkBlock marks_avx2() {
  return nullptr;
}
#endif

MarkBlock fastest_marks() {
  static const MarkBlock fastest = marks_avx2() != nullptr ? marks_avx2() : marks_by_byte;
  return fastest;
}

void ByteMarks::load(std::size_t base) {
  base_ = base;
  if (base + 64 <= bytes_.size()) {
    mark_(bytes_.data() + base, wanted_, marks_);
    return;
  }
  std::array<char, 64> last{};  // NUL is never marked
  std::copy(bytes_.begin() + static_cast<std::ptrdiff_t>(base), bytes_.end(), last.begin());
  mark_(last.data(), wanted_, marks_);
}

}  // namespace quaywatch::codec
