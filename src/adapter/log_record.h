// What the adapters of log lines share: one event per line, its clocks from the times that the line states, its text in
// UTF-8, and the log.* fields of a syslog header. One LogRecords per file and format; not thread-safe.
//
// An event without a time of its own is placed at its receipt with an error of a day and the finding
// "event_time_missing" (RFC 5424 section 6.2.3 lets a sender without a clock leave the time out).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "adapter/adapter.h"
#include "codec/json_lines.h"
#include "codec/syslog.h"

namespace quaywatch::adapter {

struct LogInstant {
  Timestamp time;
  std::int64_t error_s = 0;
};

class LogRecords {
 public:
  // `format` is the feed's name where the source states none.
  LogRecords(const Source& source, std::string_view format, Sink& sink);

  // Calls decode(text) for every line that is not blank, without byte-order mark and line end; decode ends with either
  // accept() or reject().
  template <typename Decode>
  void each_line(std::string_view bytes, Decode&& decode) {
    while (const auto line = codec::line_at(bytes, offset_ + size_)) {
      const std::string_view text = begin(*line);
      if (!text.empty()) decode(text);
    }
  }

  // Begins the event of a record whose span another tells; it ends with emit(), or with nothing where it is of no use.
  void begin(std::uint64_t offset, std::uint64_t size);

  // Of the present line or record.
  Event& event() { return *event_; }
  // As UTF-8, what is not as Windows-1252 (finding "charset"). A field that holds one value keeps its first.
  void add_text(FieldId field, std::string_view text);
  // Whole numbers only; anything else is the finding "bad_value".
  void add_integer(FieldId field, std::string_view text);
  void add_header(const codec::SyslogMessage& message);
  // By the zone of the source, UTC with the finding "no_time_zone" where it names none; nullopt with the finding
  // "bad_value" when the day does not exist in any year near.
  std::optional<LogInstant> instant(const codec::LogTime& time);
  void set_event_time(const LogInstant& instant);
  void finding(std::string_view code, std::string_view field, std::string_view value, std::string message);

  void emit(EventType type);
  void accept(EventType type);  // emits and tells the span
  void reject(std::string_view reason, std::string message);

 private:
  std::string_view begin(const codec::Line& line);

  const Source& source_;
  std::string feed_;
  Sink& sink_;
  std::uint64_t offset_ = 0, size_ = 0;  // of the present line
  boost::intrusive_ptr<Event> event_;
  bool time_zone_told_ = false;
};

}  // namespace quaywatch::adapter
