// A format that describes itself: a file of it can be read without a mapping. One folder of `adapters/` each, which
// defines `const FormatAdapter kFormat` in its adapter.cpp and so enters the registry. A feed's contract (a mapping
// file with `format` = the folder's name) adds what the bytes do not say: owner, zone, coverage. Pure and thread-safe,
// like every adapter.
#pragma once

#include <string_view>

#include "adapter/adapter.h"

namespace quaywatch::adapter {

struct FormatAdapter {
  std::string_view id;  // its folder
  // How sure the first bytes of a file (limits::kSniffBytes at most, byte-order mark and leading blanks gone) are of
  // this format: 0 is no, 100 is certain. The highest wins; of equals the first by id.
  int (*recognises)(std::string_view head) = nullptr;
  // Every byte in one span, in order. `source.feed` empty: the adapter names the feed from what the bytes say, else id.
  void (*decode)(std::string_view bytes, const Source& source, Sink& sink) = nullptr;
};

}  // namespace quaywatch::adapter
