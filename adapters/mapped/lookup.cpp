#include "adapters/mapped/lookup.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/mapped/row_clock.h"
#include "base/limits.h"
#include "base/text.h"

namespace quaywatch::adapters::mapped {
namespace {

constexpr std::size_t kNoColumn = static_cast<std::size_t>(-1);

Result<std::size_t> column_of(const LookupTable& table, const std::string& name) {
  if (name.empty()) return kNoColumn;
  const auto at = std::find(table.header.begin(), table.header.end(), name);
  if (at != table.header.end()) return static_cast<std::size_t>(at - table.header.begin());
  return fail(ErrorCode::not_found,
              fmt::format("table '{}' has no column '{}'; it has {}", table.name, name, fmt::join(table.header, ", ")));
}

bool has_status(const TableStatus& status, std::string_view value) {
  const auto holds = [&](const std::vector<std::string>& words) {
    return std::find(words.begin(), words.end(), value) != words.end();
  };
  return (status.any_of.empty() || holds(status.any_of)) && !holds(status.none_of);
}

// A bare date is the local day: its first instant, or the first one behind it.
std::optional<Timestamp> instant(const LookupTable& table, std::string_view text, bool is_end) {
  const auto t = read_time(table.format, table.zone, text, std::nullopt);
  if (!t) return std::nullopt;
  if (t->stated_error_s < 43'200) return t->time;
  const Timestamp midnight = local_midnight(t->time, table.zone);
  return is_end ? local_midnight(midnight + hours(36), table.zone) : midnight;
}

// The columns of the file that are read, by place; kNoColumn where the mapping names none.
struct Places {
  std::size_t key = kNoColumn, id = kNoColumn, from = kNoColumn, until = kNoColumn;
  std::vector<std::size_t> status;
};

Result<Places> find_places(const LookupTable& table) {
  Places out;
  for (const auto& [place, name] :
       {std::pair{&out.key, &table.key}, std::pair{&out.id, &table.id}, std::pair{&out.from, &table.valid_from},
        std::pair{&out.until, &table.valid_until}}) {
    const auto at = column_of(table, *name);
    if (!at) return tl::unexpected(at.error());
    *place = *at;
  }
  for (const TableStatus& s : table.status) {
    const auto at = column_of(table, s.column);
    if (!at) return tl::unexpected(at.error());
    out.status.push_back(*at);
  }
  return out;
}

// False, with the reason, when a validity cannot be read.
bool read_row(const LookupTable& table, const Places& places, const codec::CsvRow& csv, LookupTable::Row& row,
              std::string& why) {
  row.cells.assign(csv.cells.begin(), csv.cells.end());
  for (const auto& [place, is_end] : {std::pair{places.from, false}, std::pair{places.until, true}}) {
    if (place == kNoColumn || row.cells[place].empty()) continue;
    const auto t = instant(table, row.cells[place], is_end);
    if (!t) {
      why = fmt::format("'{}' in {} is not a time of the form {}", row.cells[place].substr(0, 80),
                        table.header[place], table.format.text());
      return false;
    }
    (is_end ? row.until : row.from) = *t;
  }
  for (std::size_t i = 0; i < places.status.size(); ++i)
    row.has_status = row.has_status && has_status(table.status[i], row.cells[places.status[i]]);
  return true;
}

void index_rows(LookupTable& table, const Places& places) {
  boost::unordered_flat_map<std::string_view, std::uint32_t> last;
  if (places.id != kNoColumn)
    for (std::uint32_t i = 0; i < table.rows.size(); ++i) last[table.rows[i].cells[places.id]] = i;
  for (std::uint32_t i = 0; i < table.rows.size(); ++i) {
    const auto& cells = table.rows[i].cells;
    if (places.id != kNoColumn && !cells[places.id].empty() && last[cells[places.id]] != i) continue;
    if (std::string key = apply_form(table.form, cells[places.key]); !key.empty()) table.by_key[key].push_back(i);
  }
}

}  // namespace

std::string apply_form(Form form, std::string_view value) {
  switch (form) {
    case Form::squeeze:
      return squeeze(value);
    case Form::upper:
      return to_upper(value);
    case Form::lower:
      return to_lower(value);
    case Form::as_is:
      break;
  }
  return std::string(value);
}

Result<void> read_table(LookupTable& table, std::string_view bytes) {
  if (bytes.size() > limits::kLookupTableBytes)
    return fail(ErrorCode::limit_exceeded, fmt::format("table '{}' has {} bytes; the limit is {}", table.name,
                                                       bytes.size(), limits::kLookupTableBytes));
  codec::CsvReader reader(bytes, table.csv);
  codec::CsvRow csv;
  Places places;
  const auto refuse_row = [&](std::string_view why) {
    if (table.bad_rows++ == 0) table.first_bad = fmt::format("{} at byte {}: {}", table.file, csv.offset, why);
  };
  while (reader.next(csv)) {
    if (csv.kind == codec::RowKind::blank || csv.kind == codec::RowKind::title) continue;
    if (csv.kind == codec::RowKind::broken) {
      refuse_row(csv.message);
      continue;
    }
    if (table.header.empty()) {
      for (const std::string_view cell : csv.cells) table.header.emplace_back(trim(cell));
      auto found = find_places(table);
      if (!found) return tl::unexpected(found.error());
      places = std::move(*found);
      continue;
    }
    if (table.rows.size() == limits::kLookupTableRows)
      return fail(ErrorCode::limit_exceeded,
                  fmt::format("table '{}' has more than {} rows", table.name, limits::kLookupTableRows));
    LookupTable::Row row;
    std::string why;
    if (read_row(table, places, csv, row, why))
      table.rows.push_back(std::move(row));
    else
      refuse_row(why);
  }
  if (table.header.empty())
    return fail(ErrorCode::malformed, fmt::format("table '{}' has no header row", table.name));
  index_rows(table, places);
  return {};
}

Answer look_up(const LookupTable& table, std::string_view key, std::size_t column, Timestamp at) {
  const auto rows = table.by_key.find(apply_form(table.form, key));
  if (rows == table.by_key.end()) return {LookUp::absent, {}};
  for (auto i = rows->second.rbegin(); i != rows->second.rend(); ++i) {
    const LookupTable::Row& row = table.rows[*i];
    if ((row.from && at < *row.from) || (row.until && at >= *row.until)) continue;
    return row.has_status ? Answer{LookUp::found, row.cells[column]} : Answer{LookUp::other_status, {}};
  }
  return {LookUp::not_valid, {}};
}

}  // namespace quaywatch::adapters::mapped
