// One record of the Common Event Format (ArcSight CEF implementation standard, versions 0.1 and 1):
//   CEF:0|vendor|product|device version|signature|name|severity|key=value key=value ...
// In the header \| and \\ are escapes, in the extension \= \\ \| \n \r. A value of the extension may hold blanks: it
// ends before the last word in front of the next unescaped "=". A "=" in a value that a sender forgot to escape stays
// in it unless a whole key stands before it.
//
// Invariants: total on any bytes. Views point into the text or into `extension.unescaped` of the same object, and live
// until it is read again. Reasons: message_too_long (limits::kCsvRowBytes), not_cef, bad_header, too_many_members
// (kCsvColumns). Threads: a CefRecord belongs to one thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "codec/log_pairs.h"

namespace quaywatch::codec {

struct CefRecord {
  std::string_view version, vendor, product, device_version, signature, name, severity;
  LogPairs extension;
  std::string_view stray;  // text of the extension before its first key, which belongs to nothing

  // What the device calls a custom key: of cs1 the value of cs1Label. Empty when it has no label.
  std::string_view label(std::string_view key) const;
};

// Where "CEF:" and a version begin in the text; npos when they do not.
std::size_t find_cef(std::string_view text);
// `text` begins with "CEF:".
std::optional<LogRefusal> read_cef(std::string_view text, CefRecord& out);

}  // namespace quaywatch::codec
