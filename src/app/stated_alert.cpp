#include "app/stated_alert.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <optional>
#include <system_error>
#include <utility>

#include "app/texts.h"
#include "base/limits.h"
#include "base/text.h"
#include "io/files.h"

namespace quaywatch::app {
namespace {

using nlohmann::ordered_json;
using pipeline::Evidence;
using timeline::Cover;

std::string text(const ordered_json& object, const char* key) {
  const auto at = object.find(key);
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

const ordered_json& array(const ordered_json& object, const char* key) {
  static const ordered_json kNone = ordered_json::array();
  const auto at = object.find(key);
  return at != object.end() && at->is_array() ? *at : kNone;
}

Result<Timestamp> time(const ordered_json& object, const char* key) {
  auto t = parse_rfc3339(text(object, key));
  if (!t) return fail(ErrorCode::malformed, fmt::format("evidence has no time '{}'", key));
  return t;
}

std::optional<Cover> cover_of(const std::string& unanswered) {
  if (unanswered.empty()) return Cover::covered;
  for (const Cover c : {Cover::pending, Cover::hole, Cover::no_provider})
    if (name(c) == unanswered) return c;
  return std::nullopt;
}

Result<void> read_search(const ordered_json& row, Evidence& e) {
  const std::string what = text(row, "searched").empty() ? text(row, "required") : text(row, "searched");
  const auto type = find_event_type(what);
  if (!type) return fail(ErrorCode::malformed, fmt::format("evidence looked for '{}', which is no event type", what));
  const auto cover = cover_of(text(row, "unanswered"));
  if (!cover) return fail(ErrorCode::malformed, "evidence has an 'unanswered' that is not known");
  const auto from = time(row, "from"), until = time(row, "until");
  if (!from) return tl::unexpected(from.error());
  if (!until) return tl::unexpected(until.error());
  e.searched = *type;
  e.cover = *cover;
  e.from = *from;
  e.until = *until;
  e.facility = text(row, "facility");
  for (const ordered_json& by : array(row, "feeds")) {
    const auto known_at = time(by, "known_at");
    if (!known_at) return tl::unexpected(known_at.error());
    e.feeds.push_back({text(by, "feed"), text(by, "facility"), *known_at});
  }
  return {};
}

// "FILE:12" is line 12 of FILE, unless a file has that name.
std::pair<std::string, std::size_t> path_and_line(const std::string& path) {
  const auto colon = path.rfind(':');
  if (colon == std::string::npos || io::exists(path)) return {path, 0};
  std::size_t line = 0;
  const auto [end, failed] = std::from_chars(path.data() + colon + 1, path.data() + path.size(), line);
  if (failed != std::errc() || end != path.data() + path.size() || line == 0) return {path, 0};
  return {path.substr(0, colon), line};
}

// What must be the same; the way there (revision) and where files lie are left out.
constexpr std::array<const char*, 9> kSame = {"alert_id",  "rule_id",  "rule_version", "status",        "level",
                                              "direction", "facility", "facts",        "missing_inputs"};
// What all matches of the episode move: the same only while all of their evidence is there.
constexpr std::array<const char*, 5> kSameOfAll = {"subjects", "event_time", "knowable_at", "act_before", "matches"};

}  // namespace

Result<std::vector<ordered_json>> read_stated_alerts(const std::string& path) {
  const auto [file, wanted] = path_and_line(path);
  const auto bytes = io::read_file(file, limits::kStatedAlertBytes);
  if (!bytes) return tl::unexpected(bytes.error());
  std::vector<ordered_json> out;
  std::size_t number = 0;
  for (const std::string_view line : split(*bytes, '\n')) {
    ++number;
    if (trim(line).empty() || (wanted != 0 && number != wanted)) continue;
    ordered_json alert = ordered_json::parse(line, nullptr, false);
    Id128 id;
    if (!alert.is_object() || !Id128::parse(text(alert, "alert_id"), id))
      return fail(ErrorCode::malformed, "this line is no alert of 'detect --format jsonl'",
                  fmt::format("{}:{}", file, number));
    out.push_back(std::move(alert));
  }
  if (out.empty()) return fail(ErrorCode::not_found, "no alert stands there", path);
  return out;
}

std::vector<EventId> cited_events(const ordered_json& alert) {
  std::vector<EventId> ids;
  for (const ordered_json& row : array(alert, "evidence"))
    if (EventId id; row.is_object() && Id128::parse(text(row, "event_id"), id)) ids.push_back(id);
  return ids;
}

Result<std::vector<Evidence>> evidence_of(const ordered_json& alert,
                                          const std::function<EventPtr(const EventId&)>& find) {
  std::vector<Evidence> out;
  for (const ordered_json& row : array(alert, "evidence")) {
    if (!row.is_object()) return fail(ErrorCode::malformed, "evidence is not a list of objects");
    Evidence& e = out.emplace_back();
    for (const ordered_json& fact : array(row, "facts"))
      if (const auto field = fact.is_string() ? find_field(fact.get<std::string>()) : std::nullopt)
        e.facts.push_back(*field);
    if (!row.contains("event_id")) {
      if (auto read = read_search(row, e); !read) return tl::unexpected(read.error());
      continue;
    }
    EventId id;
    if (Id128::parse(text(row, "event_id"), id)) e.event = find(id);
    if (!e.event)
      return fail(ErrorCode::not_found, fmt::format("its record {} ({} in {}) is not among the events read",
                                                    text(row, "event_id"), text(row, "type"), text(row, "file")));
  }
  return out;
}

std::vector<std::string> differences(const ordered_json& stated, const ordered_json& again) {
  std::vector<std::string> out;
  const auto compare = [&](const char* key) {
    const auto was = stated.find(key), is = again.find(key);
    if (was == stated.end() || is == again.end() || *was == *is) return;
    out.push_back(say("{}: stated {}, its evidence says {}", key, was->dump(), is->dump()));
  };
  for (const char* key : kSame) compare(key);
  if (!stated.contains("evidence_omitted"))
    for (const char* key : kSameOfAll) compare(key);
  return out;
}

}  // namespace quaywatch::app
