#include "app/texts.h"

#include <fmt/args.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <vector>

#include "base/named.h"
#include "base/texts.h"
#include "io/environment.h"
#include "rules/texts.h"

namespace quaywatch::app {
namespace {

namespace commands {
#include "app/texts.gen.inc"
}
namespace messages {
#include "app/messages.gen.inc"
}

Language language_spoken = Language::en;

// "es", "es_ES.UTF-8".
std::optional<Language> language_of(std::string_view locale) {
  return find_named<Language>(kLanguages, locale.substr(0, locale.find_first_of("_.@-")));
}

std::optional<std::string_view> argument(int argc, const char* const* argv) {
  constexpr std::string_view kOption = "--language", kWithValue = "--language=";
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--") break;
    if (word.starts_with(kWithValue)) return word.substr(kWithValue.size());
    if (word == kOption && i + 1 < argc) return argv[i + 1];
  }
  return std::nullopt;
}

// The values of `message` when it is made of `format`, whose values are all written {}.
std::optional<std::vector<std::string>> values_of(std::string_view message, std::string_view format) {
  constexpr std::string_view kValue = "{}";
  std::vector<std::string> values;
  const auto first = format.find(kValue);
  if (first == format.npos || !message.starts_with(format.substr(0, first))) return std::nullopt;
  message.remove_prefix(first);
  format.remove_prefix(first + kValue.size());
  for (;;) {
    const std::string_view between = format.substr(0, format.find(kValue));
    const bool is_last = between.size() == format.size();
    const auto at = !is_last                     ? message.find(between)
                    : message.ends_with(between) ? message.size() - between.size()
                                                 : message.npos;
    if (at == message.npos) return std::nullopt;
    values.emplace_back(message.substr(0, at));
    if (is_last) return values;
    message.remove_prefix(at + between.size());
    format.remove_prefix(between.size() + kValue.size());
  }
}

// A format with fewer letters would be found in any message; one that begins with a value, sooner. What src/app says
// besides has many short ones.
struct Table {
  std::span<const TextRow> rows;
  std::size_t telling, telling_behind_a_value;
};
std::array<Table, 2> tables() {
  return {Table{messages::texts_of(language_spoken), 4, 6}, Table{commands::texts_of(language_spoken), 6, 13}};
}

std::size_t least_of(const Table& table, std::string_view format) {
  return format.starts_with('{') ? table.telling_behind_a_value : table.telling;
}

std::size_t words_in(std::string_view format) {
  std::size_t out = 0;
  for (const char c : format) out += c != '{' && c != '}' && c != ' ' ? 1U : 0U;
  return out;
}

std::string filled(std::string_view format, const std::vector<std::string>& values) {
  fmt::dynamic_format_arg_store<fmt::format_context> arguments;
  for (const std::string& value : values) arguments.push_back(value);
  const std::string_view said = translated(format);
  return fmt::vformat(fmt::string_view(said.data(), said.size()), arguments);
}

// "In what: the sentence": the sentence alone is known.
std::string behind_a_colon(std::string_view message) {
  const auto at = message.find(": ");
  if (at == message.npos) return std::string(message);
  return std::string(message.substr(0, at + 2)) + retold(message.substr(at + 2));
}

}  // namespace

Language chosen_language(int argc, const char* const* argv) {
  if (const auto named = argument(argc, argv)) return language_of(*named).value_or(Language::en);
  // The first that is set decides, as POSIX has it of the last three.
  for (const char* name : {"QUAYWATCH_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"})
    if (const auto value = io::environment(name); value && !value->empty())
      return language_of(*value).value_or(Language::en);
  return Language::en;
}

void speak(Language language) {
  language_spoken = language;
}
Language spoken() {
  return language_spoken;
}

std::string_view translated(std::string_view english) {
  for (const Table& table : tables())
    if (const std::string_view said = find_text(table.rows, english); said.data() != english.data()) return said;
  return english;
}

std::string say_counted(std::uint64_t n, std::string_view one, std::string_view many) {
  const std::string_view said = translated(n == 1 ? one : many);
  return fmt::vformat(fmt::string_view(said.data(), said.size()), fmt::make_format_args(n));
}

std::string retold(std::string_view message) {
  if (const std::string_view said = translated(message); said != message) return std::string(said);
  std::string_view best;
  std::vector<std::string> values;
  for (const Table& table : tables())
    for (const TextRow& row : table.rows) {
      if (words_in(row.english) < std::max(least_of(table, row.english), words_in(best) + 1)) continue;
      if (auto found = values_of(message, row.english)) values = std::move(*found), best = row.english;
    }
  if (best.empty()) return behind_a_colon(message);
  for (std::string& value : values)
    if (value.find(' ') != value.npos) value = retold(value);
  return filled(best, values);
}

std::string retold(std::string_view message, std::span<const std::string_view> formats) {
  for (const std::string_view format : formats) {
    if (format == message) return std::string(translated(message));
    if (const auto values = values_of(message, format)) return filled(format, *values);
  }
  return std::string(message);
}

std::string_view rule_text(std::string_view english) {
  return rules::text_in(language_spoken, english);
}

}  // namespace quaywatch::app
