// Framer: the frames of a stream do not depend on the blocks in which it arrives, and none reaches past the stream.
#include <algorithm>
#include <vector>

#include "fuzz/fuzz.h"
#include "io/framing.h"

namespace {

using quaywatch::fuzz::require;
using quaywatch::io::Frame;

std::vector<Frame> frames(std::string_view stream, std::size_t block, bool is_orderly) {
  quaywatch::io::Framer framer(512);
  std::vector<Frame> out;
  for (; !stream.empty(); stream.remove_prefix(std::min(block, stream.size()))) {
    framer.feed(stream.substr(0, block));
    while (auto frame = framer.next()) out.push_back(std::move(*frame));
  }
  while (auto frame = framer.finish(is_orderly)) out.push_back(std::move(*frame));
  return out;
}

bool same(const Frame& a, const Frame& b) {
  return a.bytes == b.bytes && a.reason == b.reason && a.offset == b.offset && a.size == b.size;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view stream = quaywatch::fuzz::text_of(data, size);
  const bool is_orderly = size % 2 == 0;
  const auto whole = frames(stream, size + 1, is_orderly);
  std::uint64_t end = 0;
  for (const Frame& frame : whole) {
    require(frame.offset >= end && frame.offset + frame.size <= size);
    end = frame.offset + frame.size;
  }
  for (const std::size_t block : {1, 7}) {
    const auto pieces = frames(stream, block, is_orderly);
    require(std::equal(whole.begin(), whole.end(), pieces.begin(), pieces.end(), same));
  }
  return 0;
}
