#include "rulebook/backtest_summary.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>

#include "codec/json_lines.h"

namespace quaywatch::rulebook {
namespace {

using nlohmann::json;

std::size_t number(const json& j, const char* key) {
  return j.is_object() && j.contains(key) && j[key].is_number_unsigned() ? j[key].get<std::size_t>() : 0;
}

std::string text(const json& j, const char* key) {
  return j.is_object() && j.contains(key) && j[key].is_string() ? j[key].get<std::string>() : std::string();
}

// By rule id; a document that only a correlation of its file joins may have none.
using Versions = std::map<std::string, std::string>;

Versions versions_of(const std::vector<rules::RuleFile>& files) {
  Versions out;
  const auto loaded = rules::Pack::load(files);
  for (const rules::Rule& r : loaded.pack.rules())
    if (r.is_port && !r.id.empty()) out[r.id] = r.version;
  return out;
}

// DO NOT CHANGE THESE WORDS: they stand in the journal.
constexpr std::string_view kOnServer = "; tried by the server from ", kUntil = " until ",
                           kAgainst = " against version ";

std::optional<OnServer> read_on_server(std::string_view text) {
  const auto begin = text.find(kOnServer), until = text.find(kUntil), against = text.find(kAgainst);
  if (begin == text.npos || until == text.npos || against == text.npos || until < begin || against < until)
    return std::nullopt;
  const auto between = [&](std::size_t at, std::string_view word, std::size_t end) {
    return text.substr(at + word.size(), end - at - word.size());
  };
  const auto from = parse_rfc3339(between(begin, kOnServer, until));
  const auto to = parse_rfc3339(between(until, kUntil, against));
  const std::string_view version = text.substr(against + kAgainst.size());
  OnServer out;
  const auto read = std::from_chars(version.data(), version.data() + version.size(), out.against);
  if (!from || !to || read.ec != std::errc()) return std::nullopt;
  out.from = *from;
  out.until = *to;
  return out;
}

}  // namespace

std::string sentence(const BacktestFigures& f) {
  if (!f.on_server)
    return fmt::format("{} alerts, before {}: {} appear, {} disappear, {} change", f.now, f.before, f.appear,
                       f.disappear, f.change);
  return fmt::format(
      "{} alerts, before {}: {} appear, {} disappear, {} change; tried by the server from {} until {} against version "
      "{}",
      f.now, f.before, f.appear, f.disappear, f.change, format_rfc3339(f.on_server->from),
      format_rfc3339(f.on_server->until), f.on_server->against);
}

std::optional<BacktestFigures> read_figures(const std::string& text) {
  BacktestFigures f;
  const int read = std::sscanf(text.c_str(), "%zu alerts, before %zu: %zu appear, %zu disappear, %zu change", &f.now,
                               &f.before, &f.appear, &f.disappear, &f.change);
  if (read != 5) return std::nullopt;
  f.on_server = read_on_server(text);
  return f;
}

Result<BacktestFigures> backtest_figures(std::string_view json_lines, const std::vector<rules::RuleFile>& files) {
  BacktestFigures out;
  Versions tried;
  std::size_t offset = 0;
  while (const auto line = codec::line_at(json_lines, offset)) {
    offset += line->size;
    const auto row = json::parse(line->text, nullptr, false);
    if (text(row, "format") != "quaywatch.backtest/1") continue;
    const json before = row.value("before", json()), now = row.value("now", json());
    out.before += number(before, "alerts"), out.now += number(now, "alerts");
    out.appear += number(row, "appear"), out.disappear += number(row, "disappear");
    out.change += number(row, "change");
    if (const std::string id = text(row, "rule_id"), version = text(now, "version"); !id.empty() && !version.empty())
      tried[id] = version;
  }
  if (tried != versions_of(files))
    return fail(ErrorCode::invalid_argument, "this back-test is not of the rules that are proposed; run it again");
  return out;
}

}  // namespace quaywatch::rulebook
