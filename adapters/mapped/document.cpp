#include "adapters/mapped/document.h"

#include <re2/re2.h>

#include <algorithm>

#include "base/limits.h"
#include "base/text.h"
#include "codec/local_time.h"

namespace quaywatch::adapters::mapped {

void Document::complain(const toml::node& at, std::string message) {
  if (!error_)
    error_ =
        Error{ErrorCode::malformed, std::move(message), fmt::format("{}:{}", mapping_.path, at.source().begin.line)};
}

void Document::known_keys(const toml::table& table, std::span<const std::string_view> known) {
  for (const auto& [key, node] : table) {
    if (std::find(known.begin(), known.end(), key.str()) != known.end()) continue;
    const auto near = nearest(key.str(), known);
    complain(node, fmt::format("unknown key '{}'; {}", key.str(),
                               near.empty() ? fmt::format("known here: {}", fmt::join(known, ", "))
                                            : fmt::format("the nearest is '{}'", near)));
  }
}

const toml::table* Document::table_at(const toml::table& table, std::string_view key) {
  const toml::node* node = table.get(key);
  if (node != nullptr && !node->is_table()) complain(*node, fmt::format("'{}' must be a table", key));
  return node == nullptr ? nullptr : node->as_table();
}

std::string Document::text(const toml::table& table, std::string_view key, bool required) {
  const toml::node* node = table.get(key);
  if (node == nullptr) {
    if (required) complain(table, fmt::format("the key '{}' is missing", key));
    return {};
  }
  if (!node->is_string()) complain(*node, fmt::format("'{}' must be text in quotes", key));
  return node->value_or(std::string());
}

std::vector<std::string> Document::texts(const toml::node& node, std::string_view what) {
  std::vector<std::string> out;
  if (node.is_string()) out.push_back(node.value_or(std::string()));
  const toml::array* array = node.as_array();
  if (!node.is_string() && array == nullptr)
    complain(node, fmt::format("'{}' must be text or an array of texts", what));
  if (array != nullptr)
    for (const toml::node& element : *array) {
      if (!element.is_string()) complain(element, fmt::format("'{}' must hold only texts", what));
      out.push_back(element.value_or(std::string()));
    }
  return out;
}

std::vector<std::string> Document::texts_at(const toml::table& table, std::string_view key) {
  const toml::node* node = table.get(key);
  return node == nullptr ? std::vector<std::string>{} : texts(*node, key);
}

std::int64_t Document::integer(const toml::table& table, std::string_view key, std::int64_t absent, std::int64_t most,
                               std::int64_t least) {
  const toml::node* node = table.get(key);
  if (node == nullptr) return absent;
  const auto v = node->value<std::int64_t>();
  if (!node->is_integer() || *v < least || *v > most)
    complain(*node, fmt::format("'{}' must be a whole number from {} to {}", key, least, most));
  return v.value_or(absent);
}

bool Document::boolean(const toml::table& table, std::string_view key, bool absent) {
  const toml::node* node = table.get(key);
  if (node != nullptr && !node->is_boolean()) complain(*node, fmt::format("'{}' must be true or false", key));
  return node == nullptr ? absent : node->value_or(absent);
}

Classifier Document::classifier(const toml::table& table) {
  return word<Classifier>(table, "classifier", Classifier::actual,
                          {{"actual", Classifier::actual},
                           {"planned", Classifier::planned},
                           {"estimated", Classifier::estimated},
                           {"requested", Classifier::requested}});
}

adapter::Checked Document::checked(const toml::table& table, adapter::Checked absent) {
  return word<adapter::Checked>(table, "checked", absent,
                       {{"real file", adapter::Checked::real_file},
                        {"standard", adapter::Checked::standard},
                        {"secondary", adapter::Checked::secondary},
                        {"memory", adapter::Checked::memory}});
}

Expression Document::expression(const toml::table& table, std::string_view key, int& groups) {
  const toml::node* node = table.get(key);
  if (node == nullptr) return nullptr;
  re2::RE2::Options options;
  options.set_log_errors(false);
  auto compiled = std::make_shared<const re2::RE2>(text(table, key), options);
  groups = compiled->NumberOfCapturingGroups();
  if (!compiled->ok())
    complain(*node, fmt::format("'{}' is not a regular expression (RE2): {}", key, compiled->error()));
  return compiled;
}

std::string Document::numbered(std::string text) const {
  const std::size_t at = repetition_ == 0 ? std::string::npos : text.find("{n}");
  return at == std::string::npos ? text : text.replace(at, 3, std::to_string(repetition_));
}

ColumnId Document::column(const std::string& stated, const toml::node& at) {
  const std::string name = numbered(stated);
  if (name.empty()) complain(at, "a column name is empty");
  if (!is_log_column(name)) complain(at, unknown_name("column", name, nearest(name, log_columns())));
  const auto it = std::find(mapping_.columns.begin(), mapping_.columns.end(), name);
  if (it != mapping_.columns.end()) return static_cast<ColumnId>(it - mapping_.columns.begin());
  if (mapping_.columns.size() == limits::kCsvColumns)
    complain(at, fmt::format("more than {} columns are named", limits::kCsvColumns));
  mapping_.columns.push_back(name);
  return static_cast<ColumnId>(mapping_.columns.size() - 1);
}

std::vector<ColumnId> Document::columns_at(const toml::table& table, std::string_view key) {
  std::vector<ColumnId> out;
  if (const toml::node* node = table.get(key))
    for (const std::string& name : texts(*node, key)) out.push_back(column(name, *node));
  return out;
}

// What a column of a syslog line can be called where the mapping alone says it; empty where records name their own.
std::vector<std::string_view> Document::log_columns() const {
  if (mapping_.layout != Layout::syslog || (mapping_.payload != Payload::none && mapping_.payload != Payload::csv))
    return {};
  std::vector<std::string_view> out = {"syslog.priority", "syslog.facility", "syslog.severity",
                                       "syslog.timestamp", "syslog.host",    "syslog.app",
                                       "syslog.procid",    "syslog.msgid",   "syslog.message"};
  out.insert(out.end(), mapping_.header.begin(), mapping_.header.end());
  return out;
}

bool Document::is_log_column(std::string_view name) const {
  const auto known = log_columns();
  return known.empty() || name.starts_with("sd.") || std::find(known.begin(), known.end(), name) != known.end();
}

std::string Document::zone(const toml::table& t, std::string_view key) {
  const std::string name = text(t, key);
  if (name.empty()) return name;
  if (const auto checked_zone = codec::to_utc(CivilTime{}, name, std::nullopt); !checked_zone)
    complain(*t.get(key), checked_zone.error().message);
  return name;
}

TimeFormat Document::time_format(const toml::table& t) {
  const auto format = TimeFormat::compile(text(t, "format", true));
  if (format) return *format;
  complain(t.contains("format") ? *t.get("format") : static_cast<const toml::node&>(t), format.error().message);
  return {};
}

std::string Document::zone_for(const TimeFormat& format, const toml::table& t) {
  std::string own = zone(t, "zone");
  if (own.empty()) own = mapping_.time_zone;
  if (!format.needs_zone()) return {};
  if (own.empty())
    complain(t, fmt::format("time format '{}' states no offset: say time_zone (\"UTC\" is allowed)", format.text()));
  return own;
}

Form Document::form(const toml::table& t, Form absent) {
  return word<Form>(
      t, "form", absent,
      {{"as_is", Form::as_is}, {"squeeze", Form::squeeze}, {"upper", Form::upper}, {"lower", Form::lower}});
}

codec::CsvOptions Document::csv_form(const toml::table& t) {
  codec::CsvOptions out;
  out.separator = word<char>(t, "separator", 0, {{",", ','}, {";", ';'}, {"\t", '\t'}, {"|", '|'}});
  out.encoding = word<codec::Encoding>(t, "encoding", codec::Encoding::utf8,
                                       {{"utf-8", codec::Encoding::utf8},
                                        {"windows-1252", codec::Encoding::windows_1252},
                                        {"iso-8859-2", codec::Encoding::latin2},
                                        {"utf-16le", codec::Encoding::utf16_le},
                                        {"utf-16be", codec::Encoding::utf16_be}});
  return out;
}

std::string unknown_name(std::string_view what, std::string_view name, std::string_view near) {
  return near.empty() ? fmt::format("there is no {} '{}'", what, name)
                      : fmt::format("there is no {} '{}'; the nearest is '{}'", what, name, near);
}

void sort_words(std::vector<std::string> words, std::vector<std::string>& any_of,
                       std::vector<std::string>& none_of) {
  for (std::string& word : words) {
    if (word.starts_with('!')) {
      none_of.push_back(word.substr(1));
    } else {
      any_of.push_back(std::move(word));
    }
  }
}

}  // namespace quaywatch::adapters::mapped
