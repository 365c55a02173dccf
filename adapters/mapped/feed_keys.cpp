#include "adapters/mapped/feed_keys.h"

#include <re2/re2.h>

#include <algorithm>

#include "adapters/mapped/row_clock.h"
#include "base/limits.h"

namespace quaywatch::adapters::mapped {
namespace {

constexpr std::string_view kInstantKeys[] = {"column", "name", "day", "format", "zone"};
constexpr std::string_view kArrivesKeys[] = {"by", "every", "lateness_h"};
constexpr std::string_view kStreamKeys[] = {"silent_after_s"};
constexpr std::string_view kTableKeys[] = {"name",       "file",        "key",    "id",   "form",
                                           "valid_from", "valid_until", "format", "zone", "separator",
                                           "encoding",   "where",       "note"};
constexpr std::string_view kLookupKeys[] = {"table", "key", "value", "optional"};

// "2026-10-01", the first instant of that day in the feed's zone.
std::optional<Timestamp> day(Document& doc, const toml::node& at, std::string_view stated, std::string_view key) {
  const std::string zone_name = doc.mapping().time_zone.empty() ? "UTC" : doc.mapping().time_zone;
  const auto t = read_time(*TimeFormat::compile("%Y-%m-%d"), zone_name, stated, {});
  if (t) return local_midnight(t->time, zone_name);
  doc.complain(at, fmt::format("'{}' is '{}'; write a day such as \"2026-10-01\"", key, stated));
  return std::nullopt;
}

std::optional<FileInstant> read_instant(Document& doc, const toml::table& top, std::string_view key) {
  const toml::table* t = doc.table_at(top, key);
  if (t == nullptr) return std::nullopt;
  doc.known_keys(*t, kInstantKeys);
  FileInstant out;
  if (t->contains("column") + t->contains("name") + t->contains("day") != 1)
    doc.complain(*t, fmt::format("'{}' needs one of 'column', 'name' (an expression on the file name) and 'day'", key));
  if (const toml::node* node = t->get("day")) {
    out.fixed = day(doc, *node, doc.text(*t, "day"), "day");
    return out;
  }
  if (t->contains("column") && doc.mapping().layout == Layout::described)
    doc.complain(*t, fmt::format("'{}' cannot name a column of format = \"{}\"", key, doc.mapping().format));
  int groups = 0;
  out.name = doc.expression(*t, "name", groups);
  if (out.name && groups != 1) doc.complain(*t->get("name"), "'name' needs one group around the time");
  out.time = {doc.columns_at(*t, "column"), doc.time_format(*t), {}, {}};
  out.time.zone = doc.zone_for(out.time.format, *t);
  return out;
}

void read_export(Document& doc, const toml::table& t) {
  doc.mapping().exported_at = read_instant(doc, t, "exported_at");
  doc.mapping().covers_from = read_instant(doc, t, "covers_from");
  const bool is_export = doc.mapping().covers == Covers::until_export;
  if (is_export && !t.contains("exported_at"))
    doc.complain(t, "covers = \"until_export\" needs 'exported_at': the instant up to which the file is complete");
  for (const std::string_view key : {"exported_at", "covers_from"})
    if (const toml::node* node = t.get(key); node != nullptr && !is_export)
      doc.complain(*node, fmt::format("'{}' has a meaning with covers = \"until_export\" alone", key));
}

std::optional<Duration> time_of_day(Document& doc, const toml::table& t, std::string_view key) {
  const toml::node* node = t.get(key);
  if (node == nullptr) return std::nullopt;
  const std::string stated = doc.text(t, key);
  const auto at = TimeFormat::compile("%Y-%m-%d %H:%M")->read("2000-01-01 " + stated);
  if (!at) doc.complain(*node, fmt::format("'{}' is '{}'; write a time of day such as \"02:30\"", key, stated));
  return at ? std::optional(minutes(at->civil.hour * 60 + at->civil.minute)) : std::nullopt;
}

void read_arrival(Document& doc, const toml::table& top) {
  const toml::table* batch = doc.table_at(top, "arrives");
  const toml::table* stream = doc.table_at(top, "stream");
  if (batch != nullptr && stream != nullptr)
    doc.complain(*stream, "a feed has 'arrives' (files) or 'stream', not both");
  Arrival out;
  if (batch != nullptr) {
    doc.known_keys(*batch, kArrivesKeys);
    out.every = doc.word<Duration>(
        *batch, "every", days(1), {{"hour", hours(1)}, {"day", days(1)}, {"week", days(7)}, {"month", days(31)}});
    out.by = time_of_day(doc, *batch, "by");
    if (const std::int64_t h = doc.integer(*batch, "lateness_h", 0, 366 * 24); h > 0) out.lateness = hours(h);
    doc.mapping().arrival = out;
  } else if (stream != nullptr) {
    doc.known_keys(*stream, kStreamKeys);
    out.silent_after = seconds(doc.integer(*stream, "silent_after_s", 0, 30 * kDayS));
    if (out.silent_after->us == 0) doc.complain(*stream, "'silent_after_s' must say after how many seconds");
    doc.mapping().arrival = out;
  }
}

LookupTable read_table_rule(Document& doc, const toml::table& t, const ReadTable& read_file) {
  doc.known_keys(t, kTableKeys);
  LookupTable out;
  out.name = doc.text(t, "name", true);
  out.file = doc.text(t, "file", true);
  out.key = doc.text(t, "key", true);
  out.id = doc.text(t, "id");
  out.valid_from = doc.text(t, "valid_from");
  out.valid_until = doc.text(t, "valid_until");
  out.form = doc.form(t, Form::squeeze);
  out.csv = doc.csv_form(t);
  if (!out.valid_from.empty() || !out.valid_until.empty()) {
    out.format = doc.time_format(t);
    out.zone = doc.zone_for(out.format, t);
  }
  if (const toml::table* where = doc.table_at(t, "where"))
    for (const auto& [key, node] : *where) {
      TableStatus status{std::string(key.str()), {}, {}};
      sort_words(doc.texts(node, key.str()), status.any_of, status.none_of);
      out.status.push_back(std::move(status));
    }
  if (doc.error()) return out;
  const auto bytes = read_file ? read_file(out.file)
                                : Result<std::string>(fail(ErrorCode::not_found, "there is nobody to read it"));
  if (!bytes) {
    doc.complain(t, fmt::format("table '{}': '{}' cannot be read: {}", out.name, out.file, bytes.error().message));
  } else if (const auto done = read_table(out, *bytes); !done) {
    doc.complain(t, done.error().message);
  }
  return out;
}

}  // namespace

void read_promises(Document& doc, const toml::table& top) {
  doc.mapping().replaces = doc.word<Replaces>(
      top, "replaces", Replaces::interval,
      {{"interval", Replaces::interval}, {"all", Replaces::all}, {"none", Replaces::none}});
  read_export(doc, top);
  read_arrival(doc, top);
  if (const toml::node* node = top.get("plausible_from"))
    doc.mapping().plausible_from = day(doc, *node, doc.text(top, "plausible_from"), "plausible_from");
}

void read_tables(Document& doc, const toml::table& top, const ReadTable& read_file) {
  const toml::node* node = top.get("table");
  if (node == nullptr) return;
  const toml::array* tables = node->as_array();
  if (tables == nullptr) return doc.complain(*node, "table must be [[table]] tables");
  if (tables->size() > limits::kMappingTables)
    return doc.complain(*node, fmt::format("a mapping may have {} tables", limits::kMappingTables));
  for (const toml::node& element : *tables) {
    if (const toml::table* t = element.as_table()) doc.mapping().tables.push_back(read_table_rule(doc, *t, read_file));
    if (!element.is_table()) doc.complain(element, "table must be [[table]] tables");
  }
}

void read_lookup(Document& doc, const toml::table& field, FieldRule& rule) {
  const toml::table* t = doc.table_at(field, "lookup");
  if (t == nullptr) return;
  doc.known_keys(*t, kLookupKeys);
  const std::string name = doc.text(*t, "table", true), value = doc.text(*t, "value", true);
  const auto table = std::find_if(doc.mapping().tables.begin(), doc.mapping().tables.end(),
                                  [&](const LookupTable& x) { return x.name == name; });
  const std::vector<ColumnId> key = doc.columns_at(*t, "key");
  if (key.size() != 1) doc.complain(*t, "'key' must name the column of this feed that holds the key");
  if (table == doc.mapping().tables.end()) return doc.complain(*t, fmt::format("there is no [[table]] '{}'", name));
  const auto column = std::find(table->header.begin(), table->header.end(), value);
  if (column == table->header.end())
    return doc.complain(*t, fmt::format("table '{}' has no column '{}'; it has {}", name, value,
                                    fmt::join(table->header, ", ")));
  rule.lookup =
      Lookup{static_cast<std::size_t>(table - doc.mapping().tables.begin()), key.empty() ? ColumnId{} : key[0],
             static_cast<std::size_t>(column - table->header.begin()), doc.boolean(*t, "optional", false)};
}

}  // namespace quaywatch::adapters::mapped
