#include "app/correlation_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/print.h"
#include "app/texts.h"
#include "base/text.h"
#include "rules/correlation.h"

namespace quaywatch::app {
namespace {

using rules::Correlation;
using rules::CorrelationType;

constexpr std::array<std::string_view, 6> kOperators{key("more than {}"), key("at least {}"), key("less than {}"),
                                                     key("at most {}"),   key("exactly {}"),  key("not {}")};

std::string duration_text(Duration d) {
  struct Unit {
    Duration length;
    std::string_view one, many;
  };
  const std::array kUnits{Unit{days(1), key("{} day"), key("{} days")}, Unit{hours(1), key("{} hour"), key("{} hours")},
                          Unit{minutes(1), key("{} minute"), key("{} minutes")}};
  for (const Unit& unit : kUnits)
    if (d.us >= unit.length.us && d.us % unit.length.us == 0)
      return say_counted(static_cast<std::uint64_t>(d.us / unit.length.us), unit.one, unit.many);
  return say_counted(static_cast<std::uint64_t>(d.us / seconds(1).us), "{} second", "{} seconds");
}

std::string names_of(const std::vector<FieldId>& fields) {
  std::vector<std::string> out;
  for (const FieldId f : fields) out.emplace_back(info(f).name);
  return joined(out);
}

std::string title_of(const rules::Pack& pack, std::size_t rule) {
  return fmt::format("'{}'", one_line(rule_text(pack.rules()[rule].title)));
}

std::string number_text(std::int64_t millionths) {
  constexpr std::int64_t kOne = 1'000'000;
  return millionths % kOne == 0 ? fmt::format("{}", millionths / kOne)
                                : fmt::format("{}", static_cast<double>(millionths) / static_cast<double>(kOne));
}

// "at least 3 different access.reader in 'Card refused'".
std::string counted_text(const rules::Pack& pack, const Correlation& c) {
  std::vector<std::string> bounds, titles;
  for (const rules::Criterion& k : c.criteria)
    bounds.push_back(fmt::format(fmt::runtime(translated(kOperators[static_cast<std::size_t>(k.comparison)])),
                                 number_text(k.millionths)));
  for (const std::size_t rule : c.joins) titles.push_back(title_of(pack, rule));
  const std::string bound = joined(bounds, say(" and ")), values = names_of(c.values), where = joined(titles);
  switch (c.type) {
    case CorrelationType::value_sum: return say("a sum of {} of {} in {}", values, bound, where);
    case CorrelationType::value_avg: return say("a mean {} of {} in {}", values, bound, where);
    case CorrelationType::value_count: return say("{} different {} in {}", bound, values, where);
    case CorrelationType::event_count: return say("{} events in {}", bound, where);
    default: return say("{} in {}", bound, where);
  }
}

// "'Card refused at several readers' and no 'Card let in'".
std::string together_text(const rules::Pack& pack, const Correlation& c) {
  std::string out;
  for (std::size_t i = 0; i < c.joins.size(); ++i) {
    const bool is_searched = ((c.searched >> i) & 1U) != 0;
    const std::string link = c.type == CorrelationType::temporal_ordered ? say(", then ") : say(" and ");
    const std::string title = title_of(pack, c.joins[i]);
    out += (out.empty() ? "" : link) + (is_searched ? say("no {}", title) : title);
  }
  return out;
}

std::string line_of(const rules::Pack& pack, const Correlation& c) {
  std::string by;
  if (!c.group_by.empty() && !c.group_by.front().empty()) by = say(", by {}", names_of(c.group_by.front()));
  return say("{}: within {}{}: {}", title_of(pack, c.rule), duration_text(c.timespan), by,
             c.criteria.empty() ? together_text(pack, c) : counted_text(pack, c));
}

void follow(const rules::Pack& pack, std::size_t rule, Joining& out) {
  const auto& all = pack.correlations();
  const auto at = std::find_if(all.begin(), all.end(), [&](const Correlation& c) { return c.rule == rule; });
  if (at == all.end()) return out.leaves.push_back(rule);
  out.lines.push_back(line_of(pack, *at));
  for (std::size_t i = 0; i < at->joins.size(); ++i)
    if (((at->searched >> i) & 1U) != 0)
      out.searched.push_back(at->joins[i]);
    else
      follow(pack, at->joins[i], out);
}

}  // namespace

Joining joining_of(const rules::Pack& pack, std::size_t rule) {
  Joining out;
  if (pack.rules()[rule].is_correlation) follow(pack, rule, out);
  return out;
}

}  // namespace quaywatch::app
