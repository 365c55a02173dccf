#include "model/reference.h"

#include <cstddef>

namespace quaywatch {
namespace {

constexpr std::size_t kCodeBytes = 5;
constexpr std::size_t kCellBytes = 6;  // the code and its port mark

constexpr char kCells[] =
#include "model/unlocode.gen.inc"
    ;
constexpr std::string_view kUnlocodes(kCells, sizeof kCells - 1);
static_assert(kUnlocodes.size() % kCellBytes == 0);

// The mark behind the code; '\0' when the code is not listed.
char port_mark(std::string_view code) {
  if (code.size() != kCodeBytes) return '\0';
  std::size_t low = 0;
  std::size_t high = kUnlocodes.size() / kCellBytes;
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    const int order = kUnlocodes.substr(middle * kCellBytes, kCodeBytes).compare(code);
    if (order == 0) return kUnlocodes[middle * kCellBytes + kCodeBytes];
    (order < 0 ? low : high) = order < 0 ? middle + 1 : middle;
  }
  return '\0';
}

}  // namespace

bool unlocode_exists(std::string_view code) {
  return port_mark(code) != '\0';
}
bool unlocode_is_port(std::string_view code) {
  return port_mark(code) == 'P';
}

}  // namespace quaywatch
