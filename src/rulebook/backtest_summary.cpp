#include "rulebook/backtest_summary.h"

#include <fmt/format.h>

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

}  // namespace

std::string sentence(const BacktestFigures& f) {
  return fmt::format("{} alerts, before {}: {} appear, {} disappear, {} change", f.now, f.before, f.appear,
                     f.disappear, f.change);
}

std::optional<BacktestFigures> read_figures(const std::string& text) {
  BacktestFigures f;
  const int read = std::sscanf(text.c_str(), "%zu alerts, before %zu: %zu appear, %zu disappear, %zu change", &f.now,
                               &f.before, &f.appear, &f.disappear, &f.change);
  return read == 5 ? std::optional(f) : std::nullopt;
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
