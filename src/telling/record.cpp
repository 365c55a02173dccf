#include "telling/record.h"

#include <nlohmann/json.hpp>

#include "base/named.h"

namespace quaywatch::telling {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

std::string dump(const ordered_json& j) { return j.dump(-1, ' ', false, json::error_handler_t::replace); }

// Empty also where the member is missing or of another kind.
std::string text(const json& j, const char* key) {
  const auto at = j.find(key);
  return at != j.end() && at->is_string() ? at->get<std::string>() : std::string{};
}

std::uint32_t number(const json& j, const char* key) {
  const auto at = j.find(key);
  return at != j.end() && at->is_number_unsigned() ? at->get<std::uint32_t>() : 0;
}

ordered_json notice_json(const Notice& n) {
  return {{"alert_id", n.alert_id}, {"revision", n.revision}, {"news", name(n.news)},
          {"status", n.status},     {"level", n.level},       {"title", n.title},
          {"facility", n.facility}, {"event_time", format_rfc3339(n.event_time)}};
}

std::optional<Notice> read_notice(const json& j) {
  const auto news = j.is_object() ? find_named<News>(kNewsNames, text(j, "news")) : std::nullopt;
  const auto at = news ? parse_rfc3339(text(j, "event_time")) : fail(ErrorCode::malformed, "");
  if (!at || text(j, "alert_id").empty()) return std::nullopt;
  return Notice{text(j, "alert_id"), number(j, "revision"), *news, text(j, "status"), text(j, "level"),
                text(j, "title"),    text(j, "facility"),   *at};
}

std::optional<Waiting> read_waiting(const json& j) {
  const auto kind = j.is_object() ? find_named<WaitingKind>(kWaitingKindNames, text(j, "kind")) : std::nullopt;
  if (!kind || text(j, "id").empty()) return std::nullopt;
  return Waiting{*kind, text(j, "id")};
}

// The rows of a list; false: it is missing, or one of them is not of its form.
template <typename Row>
bool read_rows(const json& j, const char* key, std::optional<Row> (*read)(const json&), std::vector<Row>& out) {
  const auto rows = j.find(key);
  if (rows == j.end() || !rows->is_array()) return false;
  for (const json& row : *rows) {
    auto one = read(row);
    if (!one) return false;
    out.push_back(std::move(*one));
  }
  return true;
}

}  // namespace

std::string_view topic_of(const Attempt& a) { return a.message.waiting.empty() ? kAttemptTopic : kWaitingToldTopic; }

std::string whom_text(const std::string& whom) { return dump({{"whom", whom}}); }

std::string read_whom(std::string_view bytes) {
  const json j = json::parse(bytes, nullptr, false);
  return j.is_object() ? text(j, "whom") : std::string{};
}

std::string to_text(const Attempt& a) {
  ordered_json j{{"message_id", a.message.id},
                 {"recipient", a.message.recipient.id},
                 {"channel", a.message.recipient.channel},
                 {"organisation", a.message.recipient.organisation},
                 {"outcome", name(a.outcome)},
                 {"attempt", a.message.attempt}};
  if (!a.detail.empty()) j["detail"] = a.detail;
  if (!a.message.waiting.empty()) {
    j["requests"] = ordered_json::array();
    for (const Waiting& w : a.message.waiting) j["requests"].push_back({{"kind", name(w.kind)}, {"id", w.id}});
    return dump(j);
  }
  j["alerts"] = ordered_json::array();
  for (const Notice& n : a.message.notices) j["alerts"].push_back(notice_json(n));
  return dump(j);
}

std::optional<Attempt> read_attempt(std::string_view bytes, Timestamp at) {
  const json j = json::parse(bytes, nullptr, false);
  const auto outcome = j.is_object() ? find_named<Outcome>(kOutcomeNames, text(j, "outcome")) : std::nullopt;
  if (!outcome) return std::nullopt;
  Attempt out;
  out.at = at;
  out.outcome = *outcome;
  out.detail = text(j, "detail");
  out.message.id = text(j, "message_id");
  out.message.recipient = {text(j, "recipient"), text(j, "channel"), {}, text(j, "organisation")};
  out.message.attempt = number(j, "attempt");
  const bool is_read = j.contains("requests") ? read_rows(j, "requests", read_waiting, out.message.waiting)
                                              : read_rows(j, "alerts", read_notice, out.message.notices);
  return is_read ? std::optional(std::move(out)) : std::nullopt;
}

std::string to_text(const Asked& a) {
  ordered_json j{{"alert_id", a.alert_id}};
  if (!a.login.empty()) j["login"] = a.login;
  if (!a.user_id.empty()) j["user"] = a.user_id;
  if (!a.organisation.empty()) j["organisation"] = a.organisation;
  if (a.is_withheld) j["outcome"] = name(Outcome::withheld);
  return dump(j);
}

std::optional<Asked> read_asked(std::string_view bytes, Timestamp at) {
  const json j = json::parse(bytes, nullptr, false);
  if (!j.is_object() || text(j, "alert_id").empty()) return std::nullopt;
  return Asked{at, text(j, "alert_id"), text(j, "login"), text(j, "user"), text(j, "organisation"),
               text(j, "outcome") == name(Outcome::withheld)};
}

std::string to_text(const Acknowledged& a) {
  return dump({{"alert_id", a.alert_id}, {"by", a.by}, {"organisation", a.organisation}});
}

std::optional<Acknowledged> read_acknowledged(std::string_view bytes, Timestamp at) {
  const json j = json::parse(bytes, nullptr, false);
  if (!j.is_object() || text(j, "alert_id").empty()) return std::nullopt;
  return Acknowledged{at, text(j, "alert_id"), text(j, "by"), text(j, "organisation")};
}

}  // namespace quaywatch::telling
