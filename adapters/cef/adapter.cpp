// CEF records, bare or behind a syslog header, by the two tables below. A record becomes more than log.recorded only
// where the device itself says that an account was authenticated or authorised, and how it went.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>

#include "adapter/format.h"
#include "adapter/log_record.h"
#include "base/text.h"
#include "codec/cef.h"

namespace quaywatch::adapters::cef {
namespace {

using codec::CefRecord;

enum class Outcome : std::uint8_t { any, success, failure };

// The first row whose key has the value (case ignored) and whose outcome fits decides.
struct EventRow {
  std::string_view key, value;
  Outcome outcome;
  EventType type;
};
constexpr EventRow kEvents[] = {
    // ArcSight categories, which connectors set for every device
    {"categoryBehavior", "/Authentication/Verify", Outcome::success, EventType::account_logged_in},
    {"categoryBehavior", "/Authentication/Verify", Outcome::failure, EventType::account_login_failed},
    {"categoryBehavior", "/Authentication/Add", Outcome::success, EventType::account_created},
    {"categoryBehavior", "/Authentication/Delete", Outcome::success, EventType::account_disabled},
    {"categoryBehavior", "/Authentication/Modify", Outcome::success, EventType::account_changed},
    {"categoryBehavior", "/Authorization/Add", Outcome::success, EventType::account_privilege_granted},
    {"categoryBehavior", "/Authorization/Delete", Outcome::success, EventType::account_privilege_revoked},
    // words of devices
    {"act", "login", Outcome::success, EventType::account_logged_in},
    {"act", "login", Outcome::failure, EventType::account_login_failed},
    {"act", "logon", Outcome::success, EventType::account_logged_in},
    {"act", "logon", Outcome::failure, EventType::account_login_failed},
    {"act", "logout", Outcome::any, EventType::account_logged_out},
    {"act", "logoff", Outcome::any, EventType::account_logged_out},
};

constexpr std::string_view kSuccess[] = {"success", "successful", "succeeded", "/success"};
constexpr std::string_view kFailure[] = {"failure", "failed", "/failure", "denied"};

// In order; a field keeps the first value it gets. A key that begins with "/" is a field of the CEF header.
struct FieldRow {
  std::string_view key;
  FieldId field;
};
constexpr FieldRow kFields[] = {
    {"suser", FieldId::account_id},
    {"suid", FieldId::account_id},
    {"duser", FieldId::account_target},
    {"duid", FieldId::account_target},
    {"act", FieldId::account_function},
    {"outcome", FieldId::account_result},
    {"categoryOutcome", FieldId::account_result},
    {"spriv", FieldId::account_privilege},
    {"dpriv", FieldId::account_privilege},
    {"request", FieldId::account_object},
    {"filePath", FieldId::account_object},
    {"fname", FieldId::account_object},
    {"src", FieldId::net_source},
    {"shost", FieldId::account_workstation},
    {"deviceExternalId", FieldId::device_id},
    {"reason", FieldId::event_reason},
    {"externalId", FieldId::event_source_id},
    {"dvchost", FieldId::log_host},
    {"dvc", FieldId::log_host},
    {"deviceProcessName", FieldId::log_program},
    {"dvcpid", FieldId::log_process},
    {"/signature", FieldId::log_message_id},
    {"/product", FieldId::log_class},
    {"msg", FieldId::log_message},
    {"/name", FieldId::log_message},
};

constexpr std::string_view kHappened[] = {"end", "start"};

std::string_view value_of(const CefRecord& r, std::string_view key) {
  if (key == "/signature") return r.signature;
  if (key == "/product") return r.product;
  if (key == "/name") return r.name;
  return r.extension.find(key);
}

bool is_any(std::span<const std::string_view> words, std::string_view word) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view w) { return equals_ignore_case(w, word); });
}

Outcome outcome_of(const CefRecord& r) {
  for (const std::string_view key : {"outcome", "categoryOutcome"}) {
    const std::string_view word = r.extension.find(key);
    if (is_any(kSuccess, word)) return Outcome::success;
    if (is_any(kFailure, word)) return Outcome::failure;
  }
  return Outcome::any;
}

EventType type_of(const CefRecord& r) {
  const Outcome outcome = outcome_of(r);
  for (const EventRow& row : kEvents)
    if ((row.outcome == Outcome::any || row.outcome == outcome) &&
        equals_ignore_case(r.extension.find(row.key), row.value))
      return row.type;
  return EventType::log_recorded;
}

bool is_session(EventType type) {
  return type == EventType::account_logged_in || type == EventType::account_login_failed ||
         type == EventType::account_logged_out;
}

class Decoder {
 public:
  Decoder(std::string_view bytes, const adapter::Source& source, adapter::Sink& sink)
      : bytes_(bytes), records_(source, "cef", sink) {}

  void run() {
    records_.each_line(bytes_, [this](std::string_view text) { decode(text); });
  }

 private:
  void decode(std::string_view text) {
    const std::size_t at = codec::find_cef(text);
    if (at == text.npos)
      return records_.reject("not_cef",
                             "the line holds no 'CEF:', version and '|'; plain syslog is format = \"syslog\"");
    if (const auto refused = codec::read_cef(text.substr(at), record_)) return refuse(*refused, at);
    header_.clear();
    if (at > 0)
      if (const auto refused = codec::read_syslog(text.substr(0, at), header_)) return refuse(*refused, 0);
    const EventType type = type_of(record_);
    set_clocks();
    add_fields(type);
    records_.accept(type);
  }

  void refuse(const codec::LogRefusal& refused, std::size_t at) {
    records_.reject(refused.reason, fmt::format("{} (byte {} of the line)", refused.message, at + refused.offset));
  }

  std::optional<adapter::LogInstant> instant_of(std::string_view key) {
    const std::string_view text = record_.extension.find(key);
    if (text.empty()) return std::nullopt;
    if (const auto time = codec::read_log_time(text)) return records_.instant(*time);
    records_.finding("bad_value", key, text,
                     fmt::format("'{}' must be milliseconds since 1970 or a time such as Oct 23 2026 19:52:14", key));
    return std::nullopt;
  }

  // Happened: end, else start, else rt, else the syslog header. Reported: rt, else the header.
  void set_clocks() {
    std::optional<adapter::LogInstant> happened, reported = instant_of("rt");
    if (!reported && header_.time) reported = records_.instant(*header_.time);
    for (const std::string_view key : kHappened)
      if (!happened) happened = instant_of(key);
    if (!happened) happened = reported;
    if (happened) records_.set_event_time(*happened);
    if (reported) records_.event().reported_at = reported->time;
  }

  void add_fields(EventType type) {
    // The account of a session is the one that is let in: devices that know no other name it as destination.
    const bool is_let_in = is_session(type) && record_.extension.find("suser").empty();
    if (is_let_in) records_.add_text(FieldId::account_id, record_.extension.find("duser"));
    for (const FieldRow& row : kFields)
      if (!is_let_in || row.field != FieldId::account_target) records_.add_text(row.field, value_of(record_, row.key));
    records_.add_header(header_);
    if (!record_.stray.empty())
      records_.finding("stray_text", "extension", record_.stray,
                       "text before the first key of the extension belongs to no key and is left out");
    const std::string_view id = record_.extension.find("externalId");
    adapter::LogRecords& r = records_;
    if (!id.empty())
      r.event().natural_key = make_natural_key(
          r.event().feed,
          fmt::format("{}|{}|{}|{}", record_.vendor, record_.product, r.event().text(FieldId::log_host), id));
  }

  std::string_view bytes_;
  adapter::LogRecords records_;
  CefRecord record_;
  codec::SyslogMessage header_;
};

void decode(std::string_view bytes, const adapter::Source& source, adapter::Sink& sink) {
  Decoder(bytes, source, sink).run();
}

int recognises(std::string_view head) {
  const std::string_view line = head.substr(0, head.find('\n'));
  const std::size_t at = codec::find_cef(line);
  codec::SyslogMessage header;
  if (at == line.npos) return 0;
  return at == 0 || !codec::read_syslog(line.substr(0, at), header) ? 95 : 0;
}

}  // namespace

extern const adapter::FormatAdapter kFormat;
const adapter::FormatAdapter kFormat{"cef", recognises, decode};

}  // namespace quaywatch::adapters::cef
