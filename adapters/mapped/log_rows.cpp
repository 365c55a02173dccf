#include "adapters/mapped/log_rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/mapped/rows.h"

namespace quaywatch::adapters::mapped {

using codec::LogRefusal;

void LogRows::put(std::string_view column, std::string_view value, Row& row) const {
  const auto it = std::find(mapping_.columns.begin(), mapping_.columns.end(), column);
  if (it == mapping_.columns.end() || value.empty()) return;
  const auto id = static_cast<ColumnId>(it - mapping_.columns.begin());
  if (row.values[id].empty())
    row.values[id] = value;
  else
    row.more.emplace_back(id, value);
}

void LogRows::read(std::string_view bytes, std::size_t offset, std::size_t size, Row& row) {
  auto refused = read_envelope(bytes.substr(offset, size));
  row.state = refused ? RowState::broken : RowState::data;
  if (!refused) {
    put_envelope(row);
    refused = read_payload(bytes, row);
  }
  if (!refused) return;
  row.reason = refused->reason;
  row.message = std::move(refused->message);
}

std::optional<LogRefusal> LogRows::read_envelope(std::string_view line) {
  if (mapping_.layout == Layout::syslog) return codec::read_syslog(line, message_);
  message_.clear();
  message_.message = line;
  if (mapping_.layout != Layout::cef) return std::nullopt;
  const std::size_t at = codec::find_cef(line);
  if (at == line.npos) return LogRefusal{"not_cef", 0, "the line holds no 'CEF:', version and '|'"};
  if (at > 0)
    if (auto refused = codec::read_syslog(line.substr(0, at), message_)) return refused;
  message_.message = line.substr(at);
  return std::nullopt;
}

void LogRows::put_envelope(Row& row) {
  if (message_.priority >= 0) {
    priority_ = std::to_string(message_.priority);
    facility_ = std::to_string(message_.priority / 8);
    severity_ = std::to_string(message_.priority % 8);
    put("syslog.priority", priority_, row);
    put("syslog.facility", facility_, row);
    put("syslog.severity", severity_, row);
  }
  if (message_.time) {
    timestamp_ = message_.time->text;
    const auto dated = codec::with_year(*message_.time, mapping_.time_zone, received_at_);
    if (!message_.time->has_year && dated)
      timestamp_ = fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:06}{}", dated->year, dated->month, dated->day,
                               dated->hour, dated->minute, dated->second, dated->microsecond,
                               message_.time->is_utc ? "Z" : "");
    put("syslog.timestamp", timestamp_, row);
  }
  put("syslog.host", message_.host, row);
  put("syslog.app", message_.app, row);
  put("syslog.procid", message_.procid, row);
  put("syslog.msgid", message_.msgid, row);
  put("syslog.message", message_.message, row);
  for (const codec::SyslogParam& p : message_.params) {
    name_.assign("sd.").append(p.element).append(".").append(p.name);
    put(name_, p.value, row);
  }
}

std::optional<LogRefusal> LogRows::read_payload(std::string_view bytes, Row& row) {
  switch (mapping_.payload) {
    case Payload::none:
      return std::nullopt;
    case Payload::json:
      return read_json(bytes, row);
    case Payload::csv:
      return read_csv(row);
    case Payload::cef: {
      auto refused = codec::read_cef(message_.message, cef_);
      if (!refused) put_cef(row);
      return refused;
    }
    case Payload::key_value:
      break;
  }
  const char separator = mapping_.csv.separator == 0 ? ' ' : mapping_.csv.separator;
  auto refused = codec::read_log_pairs(message_.message, separator, pairs_);
  if (!refused)
    for (const codec::LogPair& p : pairs_.pairs) put(p.key, p.value, row);
  return refused;
}

// Behind the cookie "@cee:", which rsyslog's mmjsonparse and others put before JSON, too.
std::optional<LogRefusal> LogRows::read_json(std::string_view bytes, Row& row) {
  std::string_view text = message_.message;
  constexpr std::string_view kCookie = "@cee:";
  if (text.starts_with(kCookie)) text.remove_prefix(kCookie.size());
  const auto members = json_.read(bytes, static_cast<std::size_t>(text.data() - bytes.data()), text.size());
  if (!members) return LogRefusal{members.error().reason, members.error().offset, members.error().message};
  for (const codec::JsonMember& m : *members) put(m.path, m.text, row);
  return std::nullopt;
}

std::optional<LogRefusal> LogRows::read_csv(Row& row) {
  csv_.emplace(message_.message, mapping_.csv);
  codec::CsvRow csv;
  const bool is_row = csv_->next(csv) && csv.kind == codec::RowKind::data;
  if (!is_row && !csv.reason.empty()) return LogRefusal{csv.reason, 0, csv.message};
  if (csv.cells.size() != mapping_.header.size())
    return LogRefusal{"column_count", 0,
                      fmt::format("the message has {} fields and the mapping names {} columns", csv.cells.size(),
                                  mapping_.header.size())};
  for (std::size_t i = 0; i < csv.cells.size(); ++i) put(mapping_.header[i], csv.cells[i], row);
  return std::nullopt;
}

void LogRows::put_cef(Row& row) {
  put("cef.version", cef_.version, row);
  put("cef.vendor", cef_.vendor, row);
  put("cef.product", cef_.product, row);
  put("cef.device_version", cef_.device_version, row);
  put("cef.signature", cef_.signature, row);
  put("cef.name", cef_.name, row);
  put("cef.severity", cef_.severity, row);
  for (const codec::LogPair& p : cef_.extension.pairs) {
    put(p.key, p.value, row);
    const std::string_view label = cef_.label(p.key);
    if (label.empty()) continue;
    name_.assign("label.").append(label);
    put(name_, p.value, row);
  }
}

}  // namespace quaywatch::adapters::mapped
