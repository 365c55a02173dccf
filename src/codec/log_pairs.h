// Key and value pairs of log messages, as firewalls and panels write them: user=anna result="not allowed".
//
// A value ends at the separator, or is in double quotes, where \" and \\ are escapes. With a blank as separator words
// without "=" between the pairs are skipped: they are prose. With another one blanks around keys and values are dropped
// and values may hold blanks. Views point into the text or into `unescaped`, and live until the same LogPairs is read
// again. Not thread-safe.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/syslog.h"

namespace quaywatch::codec {

struct LogPair {
  std::string_view key, value;
};

struct LogPairs {
  std::vector<LogPair> pairs;
  std::deque<std::string> unescaped;
  std::string_view find(std::string_view key) const;  // the first of this name; empty when there is none
};

// Reasons: message_too_long (limits::kCsvRowBytes), no_pairs, unclosed_quote, too_many_members (kCsvColumns).
std::optional<LogRefusal> read_log_pairs(std::string_view text, char separator, LogPairs& out);

// `text` without the escapes that `unescape` names, as a view of itself or of a new string of `own`: called with the
// character behind a backslash, it gives what the two stand for, or 0 where the backslash is itself.
std::string_view without_escapes(std::string_view text, char (*unescape)(char), std::deque<std::string>& own);

}  // namespace quaywatch::codec
