#include "kpi/small_cells.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <set>

#include "base/limits_server.h"

namespace quaywatch::kpi {
namespace {

bool is_small(std::uint64_t n) {
  return n > 0 && n < limits::kSmallCell;
}

void hide_parts(Breakdown& b) {
  std::fill(b.parts.begin(), b.parts.end(), std::nullopt);
}

// A row as it can be known once columns are gone: the visible ones, and the others together.
using Line = std::vector<std::uint64_t>;
Line line_of(const Breakdown& row, const Breakdown& totals) {
  Line out(totals.parts.size() + 1, 0);
  for (std::size_t i = 0; i < totals.parts.size(); ++i) out[totals.parts[i] ? i : totals.parts.size()] += *row.parts[i];
  return out;
}

void add(Line& to, const Line& line) {
  for (std::size_t i = 0; i < line.size(); ++i) to[i] += line[i];
}

std::optional<std::size_t> small_column(const Line& line) {
  const auto at = std::find_if(line.begin(), line.end(), is_small);
  if (at == line.end()) return std::nullopt;
  return static_cast<std::size_t>(at - line.begin());
}

using Lines = std::map<RowKey, Line>;

// The shown row with the least in it that could cover what the hidden ones come to in that column.
Lines::const_iterator cover_for(const Lines& lines, const std::set<RowKey>& hidden, std::size_t column) {
  auto best = lines.end();
  std::uint64_t least = 0;
  for (auto at = lines.begin(); at != lines.end(); ++at) {
    const std::uint64_t total = std::accumulate(at->second.begin(), at->second.end(), std::uint64_t{0});
    if (hidden.contains(at->first) || at->second[column] == 0 || (best != lines.end() && total >= least)) continue;
    best = at;
    least = total;
  }
  return best;
}

// Adds to `hidden` until what the hidden rows come to is nowhere small. What all rows come to is not.
void hide_rows(const Lines& lines, std::set<RowKey>& hidden) {
  Line together;
  for (const auto& [key, line] : lines) {
    together.resize(line.size(), 0);
    if (small_column(line)) hidden.insert(key);
    if (hidden.contains(key)) add(together, line);
  }
  while (const auto column = small_column(together)) {
    const auto cover = cover_for(lines, hidden, *column);
    if (cover == lines.end()) return;
    hidden.insert(cover->first);
    add(together, cover->second);
  }
}

// Takes the hidden rows out of the table and the hidden columns out of what is left.
void apply(Table& table, const std::set<RowKey>& hidden, const Breakdown& totals) {
  Breakdown rest(totals.parts.size());
  for (const RowKey& key : hidden) {
    const auto row = table.rows.find(key);
    if (row == table.rows.end()) continue;
    *rest.total += *row->second.total;
    for (std::size_t i = 0; i < rest.parts.size(); ++i) *rest.parts[i] += *row->second.parts[i];
    table.rows.erase(row);
  }
  if (*rest.total > 0) table.rest = std::move(rest);
  const auto hide_columns = [&](Breakdown& b) {
    for (std::size_t i = 0; i < b.parts.size(); ++i)
      if (!totals.parts[i]) b.parts[i] = std::nullopt;
  };
  for (auto& [key, row] : table.rows) hide_columns(row);
  if (table.rest) hide_columns(*table.rest);
}

// `group_of`: rows whose sum is known by another table; what is hidden of each must not be small.
using Group = std::function<std::string(const RowKey&)>;
std::set<RowKey> protect(Table& table, const Breakdown& totals, const Group& group_of, std::set<RowKey> hidden = {}) {
  if (!totals.total) {
    table = {};
    return {};
  }
  std::map<std::string, Lines> groups;
  for (const auto& [key, row] : table.rows) groups[group_of(key)][key] = line_of(row, totals);
  for (const auto& [group, lines] : groups) hide_rows(lines, hidden);
  apply(table, hidden, totals);
  return hidden;
}

void protect(Spread& s) {
  const std::uint64_t count = s.count.value_or(0);
  s.count = std::nullopt;
  if (count < limits::kSmallCell) s.median = std::nullopt;
  // The ninetieth of few is the slowest alone.
  if (count < 2 * limits::kSmallCell) s.p90 = std::nullopt;
}

}  // namespace

void hide(Breakdown& b) {
  b.total = std::nullopt;
  hide_parts(b);
}

// The small parts go, and with them the least that is not small and all like it: else whoever knows this would know
// that what is gone is small. What goes comes to at least a cell that may be shown, and cannot all be one.
void protect(Breakdown& b) {
  if (is_small(*b.total)) return hide(b);
  std::map<std::uint64_t, std::size_t> sizes;  // of parts that are not none, and how many have it
  for (const Cell& part : b.parts)
    if (*part > 0) ++sizes[*part];
  std::uint64_t most = 0, sum = 0, hidden = 0;
  for (const auto& [size, n] : sizes) {
    const bool is_safe = most >= limits::kSmallCell && hidden >= 2 && sum > hidden;
    if (is_safe || (hidden == 0 && !is_small(size))) break;
    most = size;
    hidden += n;
    sum += size * n;
  }
  if (hidden > 0 && sum == hidden) return hide_parts(b);
  for (Cell& part : b.parts)
    if (*part > 0 && *part <= most) part = std::nullopt;
}

Kpis without_small_cells(Kpis k) {
  protect(k.alerts);
  for (std::size_t part = 0; part < k.details.size(); ++part) {
    if (k.alerts.parts[part])
      protect(k.details[part]);
    else
      hide(k.details[part]);
  }
  const auto alone = [](const RowKey&) { return std::string(); };
  protect(k.by_facility, k.alerts, alone);
  const auto hidden_levels = protect(k.by_level, k.alerts, alone);
  const auto hidden_rules = protect(k.by_rule, k.alerts, [&](const RowKey& key) {
    return hidden_levels.contains({"", key.first}) ? std::string() : key.first;
  });
  protect(k.dismissals, k.details[static_cast<std::size_t>(Part::dismissed)], alone, hidden_rules);
  for (Spread& s : k.times) protect(s);
  protect(k.opened);
  protect(k.closed);
  if (k.closed.parts[place_of(cases::kOutcomes, cases::kCleared)])
    protect(k.cleared);
  else
    hide(k.cleared);
  protect(k.holds);
  k.sample = std::nullopt;
  return k;
}

}  // namespace quaywatch::kpi
