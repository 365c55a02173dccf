#include "sim/scenario_keys.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <tuple>

namespace quaywatch::sim {
namespace {

constexpr std::size_t kListed = 24;  // known words an error lists

Result<std::pair<Duration, Duration>> parse_span(std::string_view text) {
  const std::size_t dots = text.find("..");
  const auto least = parse_timespan(trim(text.substr(0, dots)));
  if (!least) return tl::unexpected(least.error());
  if (dots == std::string_view::npos) return std::pair{*least, *least};
  const auto most = parse_timespan(trim(text.substr(dots + 2)));
  if (!most) return tl::unexpected(most.error());
  if (*most < *least) return fail(ErrorCode::malformed, fmt::format("'{}' ends before it begins", text));
  return std::pair{*least, *most};
}

// "22:15" as minutes of the day; -1 when it is none.
int minute_of(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return -1;
  for (const std::size_t i : {0U, 1U, 3U, 4U})
    if (!is_ascii_digit(text[i])) return -1;
  const int hour = (text[0] - '0') * 10 + (text[1] - '0'), minute = (text[3] - '0') * 10 + (text[4] - '0');
  return hour < 24 && minute < 60 ? hour * 60 + minute : -1;
}

}  // namespace

Result<When> parse_when(std::string_view text) {
  When out;
  const std::string_view whole = text;
  const auto bad = [&](std::string_view why) {
    return fail(ErrorCode::malformed, fmt::format("'{}': {}; write it as 'release_issued + 2h..9h' or "
                                                  "'discharged + 1h between 22:00 and 04:00'", whole, why));
  };
  if (const std::size_t at = text.find(" between "); at != std::string_view::npos) {
    const auto parts = split(text.substr(at + 9), ' ');
    if (parts.size() != 3 || parts[1] != "and") return bad("'between' wants two times of the day");
    out.from_minute = minute_of(parts[0]);
    out.until_minute = minute_of(parts[2]);
    if (out.from_minute < 0 || out.until_minute < 0) return bad("a time of the day is hh:mm");
    text = text.substr(0, at);
  }
  const std::size_t sign = text.find_first_of("+-");
  std::string_view anchor = trim(text.substr(0, sign));
  if (anchor.ends_with(".last")) {
    out.last = true;
    anchor.remove_suffix(5);
  }
  if (anchor.empty() || anchor.find(' ') != std::string_view::npos) return bad("it begins with one word, its anchor");
  out.anchor = anchor;
  if (sign == std::string_view::npos) return out;
  const auto span = parse_span(text.substr(sign + 1));
  if (!span) return bad(span.error().message);
  std::tie(out.least, out.most) = *span;
  if (text[sign] == '-') std::tie(out.least, out.most) = std::pair{Duration{-out.most.us}, Duration{-out.least.us}};
  return out;
}

int Keys::line(std::string_view key) const {
  const auto* node = table_.get(key);
  return static_cast<int>(node != nullptr ? node->source().begin.line : table_.source().begin.line);
}

void Keys::wrong(std::string_view key, std::string_view what) {
  if (!fault_)
    fault_ =
        Error{ErrorCode::malformed, fmt::format("{}, line {}: {} {}: {}", file_, line(key), where_, key, what), {}};
}

std::string Keys::unknown(std::string_view word, std::span<const std::string_view> known) {
  const auto near = nearest(word, known);
  if (!near.empty()) return fmt::format("'{}' is not known; nearest: {}", word, near);
  if (known.empty() || known.size() > kListed) return fmt::format("'{}' is not known", word);
  return fmt::format("'{}' is not known; there are: {}", word, fmt::join(known, ", "));
}

void Keys::finish() {
  for (const auto& [key, node] : table_)
    if (std::find(asked_.begin(), asked_.end(), key.str()) == asked_.end())
      return wrong(key.str(), unknown(key.str(), asked_));
}

std::int64_t Keys::whole(std::string_view key, std::int64_t otherwise, std::int64_t low, std::int64_t high) {
  const auto value = get<std::int64_t>(key, "a whole number");
  if (!value) return otherwise;
  if (*value < low || *value > high) wrong(key, fmt::format("{} is not from {} to {}", *value, low, high));
  return *value;
}

std::vector<std::string> Keys::texts(std::string_view key) {
  std::vector<std::string> out;
  if (!has(key)) return out;
  const auto* list = table_[key].as_array();
  if (list == nullptr) return {text(key)};
  for (const auto& node : *list) {
    const auto value = node.value<std::string>();
    if (!value) wrong(key, "must be a list of texts");
    out.push_back(value.value_or(std::string()));
  }
  return out;
}

std::vector<Act> Keys::acts(std::string_view key) {
  std::vector<Act> out;
  for (const std::string& name : texts(key)) {
    const auto act = act_named(name);
    if (!act) wrong(key, act.error().message);
    else out.push_back(*act);
  }
  return out;
}

std::optional<Act> Keys::act(std::string_view key) {
  if (!has(key)) return std::nullopt;
  const auto out = acts(key);
  return out.empty() ? std::nullopt : std::optional(out.front());
}

std::optional<When> Keys::when(std::string_view key) {
  if (!has(key)) return std::nullopt;
  auto read = parse_when(text(key));
  if (read) return *read;
  wrong(key, read.error().message);
  return std::nullopt;
}

std::pair<Duration, Duration> Keys::span(std::string_view key) {
  if (!has(key)) return {};
  const auto read = parse_span(text(key));
  if (read) return *read;
  wrong(key, read.error().message);
  return {};
}

unsigned Keys::levels() {
  constexpr unsigned kAll = (1U << kLevels) - 1;
  if (!has("levels")) return kAll;
  const auto* list = table_["levels"].as_array();
  unsigned out = 0;
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    const auto level = (*list)[i].value<std::int64_t>();
    if (level && *level >= 0 && *level < kLevels) out |= 1U << static_cast<unsigned>(*level);
    else wrong("levels", fmt::format("a level is a whole number from 0 to {}", kLevels - 1));
  }
  if (out == 0) wrong("levels", "must be a list of levels, such as [0, 1]");
  return out;
}

}  // namespace quaywatch::sim
