// Columns of one log line, for the layouts syslog, cef and keyvalue:
//   syslog.priority, .facility, .severity, .timestamp, .host, .app, .procid, .msgid, .message; sd.<id>.<param>
//   of the payload: its keys; cef.version, .vendor, .product, .device_version, .signature, .name, .severity and
//   label.<text> for a custom key that carries a label
// syslog.timestamp always has a year (codec/log_time.h) and is read by the time format "syslog".
// Not thread-safe. Values live until the next read().
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "adapters/mapped/mapped.h"
#include "codec/cef.h"
#include "codec/json_lines.h"

namespace quaywatch::adapters::mapped {

struct Row;

class LogRows {
 public:
  LogRows(const Mapping& mapping, Timestamp received_at) : mapping_(mapping), received_at_(received_at) {}

  // The `size` bytes at `offset` of `bytes` are one line. A payload that cannot be read leaves the row usable, with the
  // reason in it: only rows that an event wants are rejected for it.
  void read(std::string_view bytes, std::size_t offset, std::size_t size, Row& row);

 private:
  std::optional<codec::LogRefusal> read_envelope(std::string_view line);
  std::optional<codec::LogRefusal> read_payload(std::string_view bytes, Row& row);
  std::optional<codec::LogRefusal> read_json(std::string_view bytes, Row& row);
  std::optional<codec::LogRefusal> read_csv(Row& row);
  void put_envelope(Row& row);
  void put_cef(Row& row);
  void put(std::string_view column, std::string_view value, Row& row) const;

  const Mapping& mapping_;
  Timestamp received_at_;
  codec::SyslogMessage message_;
  codec::LogPairs pairs_;
  codec::CefRecord cef_;
  codec::JsonLineReader json_;
  std::optional<codec::CsvReader> csv_;
  std::string timestamp_, priority_, facility_, severity_, name_;
};

}  // namespace quaywatch::adapters::mapped
