// One table of a scenario file, read key by key. The first fault is kept with file, line and key, and ends nothing: the
// caller looks for it at the end. A key that nobody asked for is a fault too.
#pragma once

#include <fmt/format.h>

#include <toml++/toml.h>

#include "base/text.h"
#include "sim/scenario_words.h"

namespace quaywatch::sim {

class Keys {
 public:
  // `where` is how an error calls the table, such as "[[step]]".
  Keys(const toml::table& table, std::string_view file, std::string where, std::optional<Error>& fault)
      : table_(table), file_(file), where_(std::move(where)), fault_(fault) {}

  bool has(std::string_view key) {
    asked_.push_back(key);
    return table_.contains(key);
  }
  std::string text(std::string_view key) { return get<std::string>(key, "a text").value_or(std::string()); }
  std::optional<bool> flag(std::string_view key) { return get<bool>(key, "true or false"); }
  std::optional<double> number(std::string_view key) { return get<double>(key, "a number"); }
  std::int64_t whole(std::string_view key, std::int64_t otherwise, std::int64_t low, std::int64_t high);
  std::vector<std::string> texts(std::string_view key);  // a text counts as a list of one
  std::vector<Act> acts(std::string_view key);
  std::optional<Act> act(std::string_view key);
  std::optional<When> when(std::string_view key);
  // "20m" or "20m..3h"
  std::pair<Duration, Duration> span(std::string_view key);
  // The levels that the table is for, as bits; all when it does not say.
  unsigned levels();

  template <typename Value, std::size_t N>
  std::optional<Value> word(std::string_view key, const Word<Value> (&words)[N]) {
    if (!has(key)) return std::nullopt;
    const std::string given = text(key);
    std::array<std::string_view, N> names;
    for (std::size_t i = 0; i < N; ++i) {
      if (words[i].name == given) return words[i].value;
      names[i] = words[i].name;
    }
    wrong(key, unknown(given, names));
    return std::nullopt;
  }

  void wrong(std::string_view key, std::string_view what);
  void finish();  // faults keys that were never asked for
  int line(std::string_view key) const;
  static std::string unknown(std::string_view word, std::span<const std::string_view> known);

 private:
  template <typename Value>
  std::optional<Value> get(std::string_view key, std::string_view what) {
    if (!has(key)) return std::nullopt;
    auto value = table_[key].value<Value>();
    if (!value) wrong(key, fmt::format("must be {}", what));
    return value;
  }
  const toml::table& table_;
  std::string_view file_;
  std::string where_;
  std::optional<Error>& fault_;
  std::vector<std::string_view> asked_;
};

}  // namespace quaywatch::sim
