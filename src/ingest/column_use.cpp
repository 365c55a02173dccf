#include "ingest/column_use.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "ingest/header_words.h"
#include "model/identifiers.h"
#include "model/reference.h"
#include "model/value.h"

namespace quaywatch::ingest {
namespace {

// A box weighs between the tare of the lightest and the gross of the heaviest; a lorry with it up to 60 t.
constexpr std::int64_t kLeastKg = 400, kMostKg = 70'000;

struct Stats {
  std::size_t values = 0;
  std::size_t containers = 0, right_digits = 0, vins = 0, numbers = 0, plates = 0, in_kg = 0;
};

bool looks_like_plate(std::string_view squeezed) {
  const auto digits = std::count_if(squeezed.begin(), squeezed.end(), is_ascii_digit);
  return squeezed.size() >= 4 && squeezed.size() <= 20 && digits > 0;
}

Stats stats_of(const SampledColumn& column) {
  Stats s;
  for (const std::string& value : column.values) {
    if (value.empty()) continue;
    ++s.values;
    const std::string text = squeeze(value);
    const IdentifierCheck box = check_container_number(text);
    s.right_digits += box == IdentifierCheck::good ? 1 : 0;
    s.containers += box == IdentifierCheck::good || box == IdentifierCheck::check_digit ? 1 : 0;
    const bool is_vin =
        check_vin(text) != IdentifierCheck::malformed && !std::all_of(text.begin(), text.end(), is_ascii_digit);
    s.vins += is_vin ? 1 : 0;
    std::int64_t n = 0;
    const bool is_number = parse_decimal(value, n);
    s.numbers += is_number ? 1 : 0;
    s.in_kg += is_number && n >= kLeastKg * kDecimalOne && n <= kMostKg * kDecimalOne ? 1 : 0;
    s.plates += looks_like_plate(text) ? 1 : 0;
  }
  return s;
}

std::size_t good_identifiers(const SampledColumn& column, IdentifierRule rule) {
  return static_cast<std::size_t>(std::count_if(column.values.begin(), column.values.end(), [&](const auto& v) {
    return !v.empty() && check_identifier(rule, squeeze(v)) == IdentifierCheck::good;
  }));
}

// Why the values cannot be what the header says; empty: they can.
std::string contradiction(const FieldInfo& field, const SampledColumn& column, const Stats& s) {
  if (field.identifier != IdentifierRule::none) {
    const std::size_t good = good_identifiers(column, field.identifier);
    if (good * 2 < s.values)
      return fmt::format("the header says {}, but only {} of {} values are one", field.name, good, s.values);
  }
  const bool is_number = field.kind == Kind::decimal || field.kind == Kind::integer;
  if (is_number && s.numbers * 10 < s.values * 9)
    return fmt::format("the header says {}, but only {} of {} values are numbers (marks between thousands?)",
                       field.name, s.numbers, s.values);
  if (field.unit == "kg" && s.in_kg * 2 < s.values)
    return fmt::format("the header says {}, but only {} of {} values are weights in kg (tonnes, or a mark between "
                       "thousands?)",
                       field.name, s.in_kg, s.values);
  if (field.personal == PersonalClass::plate && !field.is_list && s.plates * 10 < s.values * 6)
    return fmt::format("the header says {}, but only {} of {} values look like plates", field.name, s.plates, s.values);
  return {};
}

bool is_facility(std::string_view what) {
  return what == "event.facility";
}

ColumnUse use_by_header(const SampledColumn& column, const Stats& s) {
  const Meaning meaning = header_meaning(column.name);
  if (meaning.what.empty()) return {{}, {}, "header and values are unknown", false};
  if (meaning.what.starts_with('@'))
    return {{}, std::string(meaning.what), "header and values are unknown", meaning.is_whole};
  const auto field = find_field(meaning.what);
  if (!field) return {};
  if (info(*field).kind == Kind::time) return {{}, std::string(meaning.what), "no time in it", meaning.is_whole};
  if (!is_facility(meaning.what))
    if (std::string why = contradiction(info(*field), column, s); !why.empty()) return {{}, {}, std::move(why), false};
  std::string why = meaning.is_whole ? "header word" : "word in the header";
  if (info(*field).identifier != IdentifierRule::none)
    why = fmt::format("{}, {} of {} values check", why, good_identifiers(column, info(*field).identifier), s.values);
  else if (info(*field).unit == "kg")
    why = fmt::format("{}, {} of {} values in the range of weights", why, s.in_kg, s.values);
  return {std::string(meaning.what), {}, std::move(why), meaning.is_whole};
}

ColumnUse use_of(const SampledColumn& column) {
  if (column.name.empty()) return {{}, {}, "no name in the header", false};
  if (column.is_repeated)
    return {{}, {}, "several columns have this name; give them different ones in the export", false};
  const Stats s = stats_of(column);
  if (s.values == 0) return {{}, std::string(header_meaning(column.name).what), "empty in every row", false};
  if (s.containers * 10 >= s.values * 6 && s.right_digits * 2 >= s.containers)
    return {
        "container.number", {}, fmt::format("check digits right in {} of {} values", s.right_digits, s.values), true};
  if (s.vins * 10 >= s.values * 8)
    return {"goods.vin", {}, fmt::format("{} of {} values have the form of a VIN", s.vins, s.values), true};
  // "Order Issued" is no order number when it holds times.
  if (const auto time = time_shape(column.values); time && !time->needs_marking) {
    const std::string_view what = header_meaning(column.name).what;
    const auto field = find_field(what);
    const bool is_of_time = what.starts_with('@') || (field && info(*field).kind == Kind::time);
    return {{}, is_of_time ? std::string(what) : std::string{}, {}, false};
  }
  ColumnUse use = use_by_header(column, s);
  if (!use.field.empty() || !use.role.empty() || s.values < 3) return use;
  if (good_identifiers(column, IdentifierRule::imo) == s.values)
    return {"vessel.imo", {}, fmt::format("check digits right in all {} values", s.values), true};
  if (good_identifiers(column, IdentifierRule::unlocode) == s.values)
    return {"location.code", {}, fmt::format("all {} values are UN/LOCODEs", s.values), true};
  return use;
}

bool has_colon(const SampledColumn& column) {
  return std::any_of(column.values.begin(), column.values.end(),
                     [](const std::string& v) { return v.find(':') != std::string::npos; });
}

bool header_names_time(const SampledColumn& column) {
  const Meaning m = header_meaning(column.name);
  if (m.what == "@time" || m.what == "@reported" || m.what == "@received" || m.what == "@then") return true;
  const auto field = find_field(m.what);
  return (field && info(*field).kind == Kind::time) || !type_of_time(column.name).empty();
}

TimeUse time_use(const SampledTable& table, const std::vector<ColumnUse>& uses, std::vector<std::size_t> columns,
                 TimeShape shape) {
  TimeUse out{std::move(columns), std::move(shape), {}, {}, false};
  for (const std::size_t c : out.columns) {
    if (out.type.empty()) out.type = type_of_time(table.columns[c].name);
    if (out.role.empty()) out.role = uses[c].role;
    out.is_utc = out.is_utc || says_utc(table.columns[c].name);
  }
  return out;
}

// A column of hours belongs to the nearest column of bare dates before it, else behind it.
std::optional<std::size_t> date_of_hour(std::size_t hour, const std::vector<std::optional<TimeShape>>& shapes) {
  for (std::size_t i = hour; i-- > 0;)
    if (shapes[i] && shapes[i]->is_bare_date) return i;
  for (std::size_t i = hour + 1; i < shapes.size(); ++i)
    if (shapes[i] && shapes[i]->is_bare_date) return i;
  return std::nullopt;
}

}  // namespace

std::vector<ColumnUse> column_uses(const SampledTable& table) {
  std::vector<ColumnUse> uses;
  for (const SampledColumn& c : table.columns) uses.push_back(use_of(c));
  for (std::size_t i = 0; i < uses.size(); ++i)
    for (std::size_t j = 0; j < uses.size() && !uses[i].field.empty(); ++j) {
      // A column with an override is one value of two columns; otherwise the surer column has the field.
      const bool same = i != j && uses[j].field == uses[i].field &&
                        is_override(table.columns[i].name) == is_override(table.columns[j].name);
      if (!same || uses[i].is_whole > uses[j].is_whole || (uses[i].is_whole == uses[j].is_whole && i < j)) continue;
      uses[i] = {{}, {}, fmt::format("{} is read from '{}'", uses[j].field, table.columns[j].name), false};
    }
  return uses;
}

std::vector<TimeUse> time_uses(const SampledTable& table, const std::vector<ColumnUse>& uses) {
  std::vector<std::optional<TimeShape>> shapes;
  std::vector<std::optional<std::string>> hours;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const SampledColumn& c = table.columns[i];
    const bool is_free = uses[i].field.empty() && !c.name.empty() && !c.is_repeated;
    auto shape = is_free ? time_shape(c.values) : std::nullopt;
    if (shape && shape->needs_marking && table.has_header && !header_names_time(c)) shape.reset();
    const bool may_be_hour = is_free && !shape && (has_colon(c) || header_names_time(c));
    hours.push_back(may_be_hour ? hour_shape(c.values) : std::nullopt);
    shapes.push_back(std::move(shape));
  }
  std::vector<TimeUse> out;
  std::set<std::size_t> joined;
  for (std::size_t i = 0; i < hours.size(); ++i) {
    const auto date = hours[i] ? date_of_hour(i, shapes) : std::nullopt;
    if (!date) continue;
    joined.insert(*date);
    TimeShape shape = *shapes[*date];
    shape.format += " " + *hours[i];
    if (!shape.month_first.empty()) shape.month_first += " " + *hours[i];
    shape.is_bare_date = false;
    out.push_back(time_use(table, uses, {*date, i}, std::move(shape)));
  }
  for (std::size_t i = 0; i < shapes.size(); ++i)
    if (shapes[i] && !joined.contains(i)) out.push_back(time_use(table, uses, {i}, *shapes[i]));
  std::sort(out.begin(), out.end(), [](const TimeUse& a, const TimeUse& b) { return a.columns < b.columns; });
  return out;
}

std::map<std::string, std::size_t> distinct_values(const SampledColumn& column, std::size_t most) {
  std::map<std::string, std::size_t> out;
  for (const std::string& v : column.values) {
    if (!v.empty()) ++out[v];
    if (out.size() > most) return {};
  }
  return out;
}

}  // namespace quaywatch::ingest
