#include "rules/header.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/sha256.h"
#include "base/text.h"

namespace quaywatch::rules {
namespace {

constexpr std::array<std::string_view, 5> kLevels = {"informational", "low", "medium", "high", "critical"};
constexpr std::array<std::string_view, 5> kStatuses = {"stable", "test", "experimental", "deprecated", "unsupported"};
// Sigma allows custom keys; a port rule's key that is nearly one of these is a slip of the pen.
constexpr std::array<std::string_view, 23> kHeaderKeys = {
    "title",    "id",      "name",      "related",   "taxonomy",       "status",      "description", "license",
    "author",   "references", "date",   "modified",  "logsource",      "detection",   "fields",      "falsepositives",
    "level",    "tags",    "scope",     "quaywatch", "simulation",     "correlation", "generate"};

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = ascii_lower(text[i]);
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? c != '-' : !is_ascii_digit(c) && (c < 'a' || c > 'f')) return false;
  }
  return true;
}

class HeaderReader {
 public:
  HeaderReader(const Document& document, Rule& rule, Problem& problem)
      : document_(document), root_(document.root), rule_(rule), problem_(problem) {}

  void read() {
    rule_.version = version_of(document_.text);
    rule_.title = text("title");
    rule_.id = to_lower(text("id"));
    rule_.name = text("name");
    rule_.description = text("description");
    rule_.status = word_of("status", kStatuses);
    const std::string level = word_of("level", kLevels);
    rule_.false_positives = words("falsepositives");
    rule_.tags = words("tags");
    if (rule_.title.empty()) refuse(document_.line, "title is missing");
    constexpr std::size_t kTitleBytes = 256;  // Sigma rules specification 2.1, "Title"
    if (rule_.title.size() > kTitleBytes)
      refuse(line("title"), fmt::format("title has {} bytes; Sigma allows {}", rule_.title.size(), kTitleBytes));
    if (!rule_.id.empty() && !is_uuid(rule_.id)) refuse(line("id"), fmt::format("id '{}' is not a UUID", rule_.id));
    if (!level.empty())
      rule_.level = static_cast<Level>(std::find(kLevels.begin(), kLevels.end(), level) - kLevels.begin());
  }

  void read_port_keys() {
    for (const Entry& e : root_.entries) {
      if (std::find(kHeaderKeys.begin(), kHeaderKeys.end(), e.key) != kHeaderKeys.end()) continue;
      if (const auto near = nearest(e.key, kHeaderKeys); !near.empty())
        return refuse(e.line, fmt::format("unknown key '{}'; nearest: '{}'", e.key, near));
    }
    if (const Node* fields = root_.find("fields"); fields && !fields->is_null())
      rule_.fields = read_fields(*fields, "fields", problem_);
  }

  void require_alert_keys() {
    if (rule_.id.empty()) refuse(document_.line, "a port rule needs an id (a UUID that never changes)");
    if (text("level").empty()) refuse(document_.line, fmt::format("a port rule needs a level: {}", joined(kLevels)));
    if (rule_.false_positives.empty())
      refuse(document_.line, "a port rule needs falsepositives: at least one innocent cause to rule out");
  }

 private:
  void refuse(int line, std::string reason) { problem_.say(line, std::move(reason)); }
  int line(std::string_view key) const { return line_of(document_, key); }

  // The text under `key`, empty when it is absent.
  std::string text(std::string_view key) {
    const Node* node = root_.find(key);
    if (!node || node->is_null()) return {};
    if (!node->is_scalar()) refuse(node->line, fmt::format("'{}' must be a text", key));
    return node->text;
  }
  std::string word_of(std::string_view key, std::span<const std::string_view> allowed) {
    const std::string value = text(key);
    if (!value.empty() && std::find(allowed.begin(), allowed.end(), value) == allowed.end())
      refuse(root_.find(key)->line,
             fmt::format("{} '{}' is none of {}{}", key, value, joined(allowed), nearest_hint(value, allowed)));
    return value;
  }
  std::vector<std::string> words(std::string_view key) {
    const Node* node = root_.find(key);
    return node && !node->is_null() ? read_words(*node, key, problem_) : std::vector<std::string>{};
  }

  const Document& document_;
  const Node& root_;
  Rule& rule_;
  Problem& problem_;
};

}  // namespace

std::string_view name(Level level) {
  return kLevels[static_cast<std::size_t>(level)];
}

void read_header(const Document& document, bool is_part, Rule& rule, Problem& problem) {
  rule.is_part = is_part;
  HeaderReader(document, rule, problem).read();
}

void read_port_parts(const Document& document, Rule& rule, Scope& scope, Exonerates& exonerates, Problem& problem) {
  HeaderReader reader(document, rule, problem);
  reader.read_port_keys();
  if (!rule.is_part) reader.require_alert_keys();
  const Node* block = document.root.find("quaywatch");
  if (block)
    read_block(*block, rule, scope, exonerates, problem);
  else if (!rule.is_part)
    problem.say(document.line, fmt::format("a port rule needs a quaywatch block with at least {}direction",
                                           rule.is_correlation ? "" : "group_by and "));
  if (problem.found() || rule.is_part) return;
  if (rule.group_by.empty() && !rule.is_correlation)
    problem.say(block->line, "quaywatch.group_by is missing: the fields that tell one alert from another");
  if (rule.direction.empty())
    problem.say(block->line, "quaywatch.direction is missing: inbound, outbound, transhipment, transit or passenger");
}

std::string version_of(std::string_view text) {
  return to_hex(sha256(text)).substr(0, 12);
}

int line_of(const Document& document, std::string_view key) {
  const Node* node = document.root.find(key);
  return node ? node->line : document.line;
}

std::string rule_label(const Document& document) {
  for (const std::string_view key : {"title", "id"})
    if (const Node* node = document.root.find(key); node && node->is_scalar()) return node->text;
  return {};
}

}  // namespace quaywatch::rules
