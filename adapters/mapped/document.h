// A TOML document that becomes a mapping: typed access to its keys that keeps the first complaint, with its line. After
// one, results no longer matter. Used by the parser of mappings alone; not thread-safe.
#pragma once

#include <fmt/format.h>
#include <toml++/toml.h>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/mapped/mapped.h"
#include "base/result.h"

namespace quaywatch::adapters::mapped {

inline constexpr std::int64_t kDayS = 86'400;

template <typename E>
using Words = std::initializer_list<std::pair<std::string_view, E>>;

class Document {
 public:
  explicit Document(std::string path) { mapping_.path = std::move(path); }
  Mapping& mapping() { return mapping_; }
  const std::optional<Error>& error() const { return error_; }

  void complain(const toml::node& at, std::string message);
  // Complains of any other key, naming the nearest known one.
  void known_keys(const toml::table& table, std::span<const std::string_view> known);
  // Each gives the absent value where the key is missing or of another kind; the latter is a complaint.
  const toml::table* table_at(const toml::table& table, std::string_view key);
  std::string text(const toml::table& table, std::string_view key, bool required = false);
  std::vector<std::string> texts(const toml::node& node, std::string_view what);  // a text or an array of texts
  std::vector<std::string> texts_at(const toml::table& table, std::string_view key);
  std::int64_t integer(const toml::table& table, std::string_view key, std::int64_t absent, std::int64_t most,
                       std::int64_t least = 0);
  bool boolean(const toml::table& table, std::string_view key, bool absent);

  template <typename E>
  E word(const toml::table& table, std::string_view key, E absent, Words<E> words) {
    const toml::node* node = table.get(key);
    if (node == nullptr) return absent;
    const std::string value = text(table, key);
    std::vector<std::string_view> known;
    for (const auto& [name, e] : words) {
      if (name == value) return e;
      known.push_back(name);
    }
    complain(*node, fmt::format("'{}' is '{}'; it must be one of: {}", key, value, fmt::join(known, ", ")));
    return absent;
  }

  // --- what mappings are made of

  Classifier classifier(const toml::table& table);
  adapter::Checked checked(const toml::table& table, adapter::Checked absent);
  Form form(const toml::table& table, Form absent);
  Expression expression(const toml::table& table, std::string_view key, int& groups);
  codec::CsvOptions csv_form(const toml::table& table);  // separator and encoding
  std::string zone(const toml::table& table, std::string_view key);
  TimeFormat time_format(const toml::table& table);
  // The zone that `format` needs: its own, else the mapping's.
  std::string zone_for(const TimeFormat& format, const toml::table& table);
  ColumnId column(const std::string& stated, const toml::node& at);
  std::vector<ColumnId> columns_at(const toml::table& table, std::string_view key);
  // In an event with `repeat`, {n} stands for the number of the repetition.
  std::string numbered(std::string text) const;

 protected:
  Mapping mapping_;
  std::int64_t repetition_ = 0;  // of the event that is being read; 0: it has no `repeat`

 private:
  std::vector<std::string_view> log_columns() const;
  bool is_log_column(std::string_view name) const;

  std::optional<Error> error_;
};

std::string unknown_name(std::string_view what, std::string_view name, std::string_view near);
// "A" is wanted, "!A" is not.
void sort_words(std::vector<std::string> words, std::vector<std::string>& any_of, std::vector<std::string>& none_of);

}  // namespace quaywatch::adapters::mapped
