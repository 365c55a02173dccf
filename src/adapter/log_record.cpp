#include "adapter/log_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/limits.h"
#include "base/text.h"
#include "codec/csv.h"

namespace quaywatch::adapter {
namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";
constexpr std::int64_t kNoTimeErrorS = 86'400;

}  // namespace

LogRecords::LogRecords(const Source& source, std::string_view format, Sink& sink)
    : source_(source), feed_(source.feed.empty() ? std::string(format) : source.feed), sink_(sink) {}

std::string_view LogRecords::begin(const codec::Line& line) {
  offset_ = line.offset;
  size_ = line.size;
  std::string_view text = line.text;
  if (offset_ == 0 && text.starts_with(kBom)) text.remove_prefix(kBom.size());
  if (trim(text).empty()) {
    sink_.span({SpanKind::ignored, offset_, size_, "blank", "blank line"});
    return {};
  }
  begin(line.offset, line.size);
  return text;
}

void LogRecords::begin(std::uint64_t offset, std::uint64_t size) {
  offset_ = offset;
  size_ = size;
  event_.reset(new Event);
  event_->feed = feed_;
  event_->owner = source_.owner;
  event_->facility = source_.facility;
  event_->marking = source_.marking;
  event_->span = {source_.file, offset_, static_cast<std::uint32_t>(size_)};
}

void LogRecords::finding(std::string_view code, std::string_view field, std::string_view value, std::string message) {
  sink_.finding({code, std::string(field), std::string(value.substr(0, kFindingBytes)), offset_, std::move(message)});
}

void LogRecords::add_text(FieldId field, std::string_view text) {
  const FieldInfo& row = info(field);
  if (text.empty() || (!row.is_list && event_->fields.has(field))) return;
  std::string own;
  if (!is_valid_utf8(text)) {
    own = codec::windows_1252_to_utf8(text);
    text = own;
    finding("charset", row.name, text, fmt::format("{} is not UTF-8; read as Windows-1252", row.name));
  }
  if (event_->fields.add_text(field, text)) return;
  finding("event_too_large", row.name, text.substr(0, kFindingBytes),
          fmt::format("{} has {} bytes; an event takes {} values and {} bytes of text: it is left out", row.name,
                      text.size(), limits::kEventCells, limits::kEventTextBytes));
}

void LogRecords::add_integer(FieldId field, std::string_view text) {
  if (text.empty() || event_->fields.has(field)) return;
  std::int64_t v = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, v);
  if (parsed.ec != std::errc{} || parsed.ptr != end || !event_->fields.add_integer(field, v))
    finding("bad_value", info(field).name, text, fmt::format("{} must be a whole number", info(field).name));
}

void LogRecords::add_header(const codec::SyslogMessage& message) {
  if (message.priority >= 0) {
    event_->fields.add_integer(FieldId::log_facility, message.priority / 8);
    event_->fields.add_integer(FieldId::log_severity, message.priority % 8);
  }
  add_text(FieldId::log_host, message.host);
  add_text(FieldId::log_program, message.app);
  add_text(FieldId::log_process, message.procid);
  add_text(FieldId::log_message_id, message.msgid);
}

std::optional<LogInstant> LogRecords::instant(const codec::LogTime& time) {
  auto read = codec::to_instant(time, source_.time_zone, source_.received_at);
  const bool zone_unknown = !read && read.error().code == ErrorCode::not_found;
  const bool zone_missing = source_.time_zone.empty() && !time.instant && !time.is_utc;
  if ((zone_unknown || zone_missing) && !time_zone_told_) {
    finding(zone_unknown ? "time_zone_unknown" : "no_time_zone", "event_time", source_.time_zone,
            zone_unknown ? read.error().message
                         : "the line names no offset and the feed's contract no time zone: times are taken for UTC");
    time_zone_told_ = true;
  }
  if (zone_unknown) read = codec::to_instant(time, {}, source_.received_at);
  if (read) return LogInstant{read->time, read->error_s};
  finding("bad_value", "event_time", time.text, read.error().message);
  return std::nullopt;
}

void LogRecords::set_event_time(const LogInstant& instant) {
  event_->event_time = instant.time;
  event_->time_error_s = instant.error_s;
}

void LogRecords::emit(EventType type) {
  event_->type = type;
  if (event_->event_time.us == 0) {
    finding("event_time_missing", "event_time", {},
            "the line states no time; placed at its receipt with an error of a day");
    set_event_time({source_.received_at, kNoTimeErrorS});
  }
  settle_clocks(*event_, source_, offset_, sink_);
  sink_.event(std::move(event_));
}

void LogRecords::accept(EventType type) {
  emit(type);
  sink_.span({SpanKind::accepted, offset_, size_, {}, {}});
}

void LogRecords::reject(std::string_view reason, std::string message) {
  event_.reset();
  sink_.span({SpanKind::rejected, offset_, size_, reason, std::move(message)});
}

}  // namespace quaywatch::adapter
