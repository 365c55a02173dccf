#include "cases/decision.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/named.h"

namespace quaywatch::cases {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

void put(ordered_json& j, const char* key, const std::string& value) {
  if (!value.empty()) j[key] = value;
}

void put(ordered_json& j, const char* key, const std::vector<std::string>& values) {
  if (!values.empty()) j[key] = values;
}

// Empty also where the member is missing or of another kind.
std::string text(const json& j, const char* key) {
  const auto at = j.find(key);
  return at != j.end() && at->is_string() ? at->get<std::string>() : std::string{};
}

std::vector<std::string> texts(const json& j, const char* key) {
  std::vector<std::string> out;
  const auto at = j.find(key);
  if (at != j.end() && at->is_array())
    for (const auto& value : *at)
      if (value.is_string()) out.push_back(value.get<std::string>());
  return out;
}

ordered_json attachment_json(const Attachment& a) {
  return {{"id", a.id},       {"kept", a.kept},     {"name", a.name}, {"media_type", a.media_type},
          {"bytes", a.bytes}, {"sha256", a.sha256}};
}

std::optional<Attachment> read_attachment(const json& j) {
  const auto bytes = j.is_object() ? j.find("bytes") : j.end();
  if (bytes == j.end() || !bytes->is_number_unsigned()) return std::nullopt;
  return Attachment{text(j, "id"),         text(j, "kept"),
                    text(j, "name"),       text(j, "media_type"),
                    bytes->get<std::uint64_t>(), text(j, "sha256")};
}

std::string dump(const ordered_json& j) { return j.dump(-1, ' ', false, json::error_handler_t::replace); }

}  // namespace

std::optional<Action> find_action(std::string_view word) {
  return find_named<Action>(kActionNames, word);
}
std::string_view group_of(std::string_view outcome) {
  constexpr std::array<std::size_t, kOutcomes.size()> kGroups{0, 0, 1, 1, 1, 1, 1, 0, 0, 2, 2, 2, 2, 2};
  const auto place = find_named<std::size_t>(kOutcomes, outcome);
  return place ? kOutcomeGroups[kGroups[*place]] : std::string_view{};
}

std::optional<StepAction> find_step_action(std::string_view word) {
  return find_named<StepAction>(kStepNames, word);
}

std::string to_text(const Decided& decided) {
  ordered_json j{{"by", decided.by}, {"organisation", decided.organisation}, {"decisions", ordered_json::array()}};
  for (const Decision& d : decided.decisions) {
    ordered_json row{
        {"id", d.id}, {"alert_id", d.alert_id}, {"action", kActionNames[static_cast<std::size_t>(d.action)]}};
    row["revision"] = d.revision;
    put(row, "reason", d.reason);
    put(row, "reason_code", d.reason_code);
    put(row, "assignee", d.assignee);
    put(row, "case_id", d.case_id);
    put(row, "undoes", d.undoes);
    j["decisions"].push_back(std::move(row));
  }
  return dump(j);
}

std::optional<Decided> read_decided(std::string_view bytes, Timestamp at) {
  const json j = json::parse(bytes, nullptr, false);
  if (!j.is_object() || !j.contains("decisions") || !j["decisions"].is_array()) return std::nullopt;
  Decided out{at, text(j, "by"), text(j, "organisation"), {}};
  for (const json& row : j["decisions"]) {
    const auto action = row.is_object() ? find_action(text(row, "action")) : std::nullopt;
    if (!action) return std::nullopt;
    const auto revision = row.find("revision");
    out.decisions.push_back(
        {text(row, "id"), text(row, "alert_id"), *action,
         revision != row.end() && revision->is_number_unsigned() ? revision->get<std::uint32_t>() : 0,
         text(row, "reason"), text(row, "reason_code"), text(row, "assignee"), text(row, "case_id"),
         text(row, "undoes")});
  }
  return out;
}

std::string to_text(const Step& s) {
  ordered_json j{{"by", s.by},
                 {"organisation", s.organisation},
                 {"case_id", s.case_id},
                 {"action", kStepNames[static_cast<std::size_t>(s.action)]}};
  put(j, "title", s.title);
  put(j, "text", s.text);
  put(j, "outcome", s.outcome);
  put(j, "task_id", s.task_id);
  put(j, "other", s.other);
  put(j, "users", s.users);
  put(j, "alert_ids", s.alert_ids);
  put(j, "book", s.book);
  put(j, "to", s.to);
  if (s.ends_reading) j["ends_reading"] = true;
  if (s.attachment) j["attachment"] = attachment_json(*s.attachment);
  put(j, "attachment_id", s.attachment_id);
  put(j, "feedback", s.feedback);
  if (s.told) j["told"] = *s.told;
  put(j, "told_how", s.told_how);
  return dump(j);
}

std::optional<Step> read_step(std::string_view bytes, Timestamp at) {
  const json j = json::parse(bytes, nullptr, false);
  const auto action = j.is_object() ? find_step_action(text(j, "action")) : std::nullopt;
  if (!action) return std::nullopt;
  const auto ends_reading = j.find("ends_reading"), told = j.find("told");
  auto attachment = j.contains("attachment") ? read_attachment(j["attachment"]) : std::nullopt;
  if (*action == StepAction::attach && !attachment) return std::nullopt;
  return Step{at,
              text(j, "by"),
              text(j, "organisation"),
              text(j, "book"),
              text(j, "case_id"),
              *action,
              text(j, "title"),
              text(j, "text"),
              text(j, "outcome"),
              text(j, "task_id"),
              text(j, "other"),
              texts(j, "users"),
              texts(j, "alert_ids"),
              text(j, "to"),
              ends_reading != j.end() && ends_reading->is_boolean() && ends_reading->get<bool>(),
              std::move(attachment),
              text(j, "attachment_id"),
              text(j, "feedback"),
              told != j.end() && told->is_boolean() ? std::optional(told->get<bool>()) : std::nullopt,
              text(j, "told_how")};
}

}  // namespace quaywatch::cases
