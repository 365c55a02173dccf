#include "score/detected.h"

#include <fmt/format.h>

#include "base/limits.h"
#include "score/json_fields.h"
#include "score/kinds.h"

namespace quaywatch::score {
namespace {

using codec::JsonNode;

constexpr std::string_view kAccountFormat = "quaywatch.account/1";
constexpr std::int64_t kMostEvents = 100'000'000'000'000;

std::vector<DetectedSubject> read_subjects(JsonFields& alert) {
  std::vector<DetectedSubject> out;
  const JsonNode* subjects = alert.array("subjects");
  if (subjects == nullptr) return out;
  for (const JsonNode& subject : *subjects) {
    JsonFields fields(subject, alert.place(), "subjects.");
    const std::string role = fields.text("role"), kind = fields.text("kind"), value = fields.text("value");
    alert.adopt(fields);
    const std::string_view known = kind_of_alert_subject(kind);
    if ((role == "about" || role == "acted") && !known.empty())
      out.push_back({known, comparison_form(known, value), role == "about"});
  }
  return out;
}

std::vector<std::pair<std::string, std::uint64_t>> read_causes(JsonFields& rule) {
  std::vector<std::pair<std::string, std::uint64_t>> out;
  const JsonNode* causes = rule.object("not_evaluated");
  if (causes == nullptr) return out;
  JsonFields fields(*causes, rule.place(), "not_evaluated.");
  for (const JsonNode& cause : *causes)
    out.emplace_back(cause.key, static_cast<std::uint64_t>(fields.whole(cause.key, 0, kMostEvents)));
  rule.adopt(fields);
  return out;
}

}  // namespace

Result<void> Detected::take(std::string id, DetectedAlert alert, std::string_view place) {
  const auto [at, is_new] = alert_index_.try_emplace(std::move(id), alerts_.size());
  if (!is_new) {
    ++repeated_;
    DetectedAlert& known = alerts_[at->second];
    if (alert.knowable_at < known.knowable_at) known = std::move(alert);
    return {};
  }
  if (alerts_.size() == limits::kScoredAlerts)
    return fail(ErrorCode::limit_exceeded,
                fmt::format("too_many: more than {} alerts; score shorter runs", limits::kScoredAlerts),
                std::string(place));
  alerts_.push_back(std::move(alert));
  return {};
}

Result<void> Detected::read(std::string_view bytes, std::string_view path) {
  return each_json_line(bytes, path, [&](JsonFields& fields) -> Result<void> {
    std::string id = fields.text("alert_id"), rule = fields.text("rule_id"), title = fields.text("title");
    const bool is_withdrawn = fields.text("status") == "withdrawn";
    DetectedAlert alert;
    alert.event_time = fields.time("event_time");
    alert.knowable_at = fields.time("knowable_at");
    alert.subjects = read_subjects(fields);
    if (fields.error()) return {};
    if (is_withdrawn) return ++withdrawn_, Result<void>{};
    const auto [at, is_new] = rule_index_.try_emplace(rule, static_cast<std::uint32_t>(rules_.size()));
    if (is_new) rules_.push_back({std::move(rule), std::move(title)});
    alert.rule = at->second;
    return take(std::move(id), std::move(alert), fields.place());
  });
}

std::uint64_t RuleAccount::open() const {
  std::uint64_t n = 0;
  for (const auto& [cause, events] : not_evaluated) n += events;
  return n;
}

Result<std::vector<RuleAccount>> read_account(std::string_view bytes, std::string_view path) {
  std::vector<RuleAccount> out;
  auto read = read_json_object(bytes, path, [&](JsonFields& fields) -> Result<void> {
    const std::string format = fields.text("format");
    if (format != kAccountFormat)
      fields.refuse("unsupported", fmt::format("format is '{}', this program reads '{}'", format, kAccountFormat));
    const JsonNode* rules = fields.array("rules");
    if (rules == nullptr) return {};
    for (const JsonNode& node : *rules) {
      JsonFields rule(node, fields.place(), "rules.");
      RuleAccount& row = out.emplace_back();
      row.id = rule.text("rule_id");
      row.title = rule.text("title");
      row.asked = static_cast<std::uint64_t>(rule.whole("asked", 0, kMostEvents));
      row.not_evaluated = read_causes(rule);
      if (row.open() > row.asked)
        rule.refuse("bad_value",
                    fmt::format("rules.not_evaluated counts {} events of {} asked", row.open(), row.asked));
      fields.adopt(rule);
    }
    return {};
  });
  if (!read) return tl::unexpected(std::move(read.error()));
  return out;
}

}  // namespace quaywatch::score
