#include "codec/byte_marks.h"

#include <algorithm>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace quaywatch::codec {

ByteSet::ByteSet(std::array<char, 6> wanted) : bytes(wanted) {
  for (const char c : wanted)
    if (c != '\0') has[static_cast<std::uint8_t>(c)] = 1;
  // The places that are left repeat the first, so that nothing needs to know how many there are.
  for (char& c : bytes)
    if (c == '\0') c = bytes[0];
}

std::uint64_t marks_by_byte(const char* block, const ByteSet& set) {
  std::uint64_t marks = 0;
  for (std::size_t i = 0; i < 64; ++i)
    marks |= static_cast<std::uint64_t>(set.has[static_cast<std::uint8_t>(block[i])]) << i;
  return marks;
}

#if defined(__x86_64__)
namespace {

__attribute__((target("avx2"))) std::uint64_t marks_by_vector(const char* block, const ByteSet& set) {
  const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(block));
  const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(block + 32));
  __m256i in_low = _mm256_setzero_si256();
  __m256i in_high = _mm256_setzero_si256();
  for (const char c : set.bytes) {
    const __m256i wanted = _mm256_set1_epi8(c);
    in_low = _mm256_or_si256(in_low, _mm256_cmpeq_epi8(low, wanted));
    in_high = _mm256_or_si256(in_high, _mm256_cmpeq_epi8(high, wanted));
  }
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(in_low)) |
         static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm256_movemask_epi8(in_high))) << 32;
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
    marks_ = mark_(bytes_.data() + base, set_);
    return;
  }
  std::array<char, 64> last{};  // behind the text nothing is marked: NUL is in no set
  std::copy(bytes_.begin() + static_cast<std::ptrdiff_t>(base), bytes_.end(), last.begin());
  marks_ = mark_(last.data(), set_);
}

}  // namespace quaywatch::codec
