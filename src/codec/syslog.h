// One syslog message: RFC 5424, and BSD syslog (RFC 3164) in the forms that rsyslog, util-linux logger, network devices
// and badge panels send or write to files: without priority, without host (local sockets), with a sequence number
// before the time, with an RFC 3339 time, with a year, or with nothing but a priority (RFC 3164 section 4.3.3).
//
// Invariants: total on any bytes; a message is read or refused with a reason and the offset of the trouble, never
// guessed. Views point into the message, or into `unescaped` of the same object, and live until it is read again.
// Reasons: message_too_long (limits::kCsvRowBytes), bad_priority, unknown_version, bad_time, bad_structured_data,
// too_many_members (kCsvColumns), no_header (neither priority nor time: not syslog).
// Threads: a SyslogMessage belongs to one thread; read_syslog has no state.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/log_time.h"

namespace quaywatch::codec {

struct SyslogParam {
  std::string_view element, name, value;  // SD-ID, PARAM-NAME, PARAM-VALUE without escapes
};

struct SyslogMessage {
  int priority = -1;  // 8 * facility + severity, 0 to 191; -1: none stated
  int version = 0;    // 1 for RFC 5424; 0 for BSD
  std::optional<LogTime> time;
  std::string_view host, app, procid, msgid;  // empty where absent or "-"
  std::vector<SyslogParam> params;
  std::string_view message;  // without the byte-order mark of RFC 5424 and without line ends and NULs behind it
  std::deque<std::string> unescaped;

  void clear();  // nothing stated; keeps its memory
};

struct LogRefusal {
  std::string_view reason;  // static storage
  std::size_t offset = 0;   // from the start of the message
  std::string message;
};

// `text` is one line or the content of one frame (RFC 6587); line ends behind it do not matter.
std::optional<LogRefusal> read_syslog(std::string_view text, SyslogMessage& out);

}  // namespace quaywatch::codec
