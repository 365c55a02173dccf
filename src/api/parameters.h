// What a request says: path and query decoded (RFC 3986), cookies (RFC 6265), and members of a JSON body, each with its
// bounds. Hostile input: total and bounded. Pure; thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace quaywatch::api {

struct Target {
  std::string path;  // still encoded; begins with a slash
  std::map<std::string, std::string> query;
};

// nullopt: bad percent signs, bytes that are no UTF-8, control characters.
std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_blank = false);
// The same of text in a header as encodeURIComponent writes it; nullopt also for what that would have encoded.
std::optional<std::string> header_text(std::string_view text);
std::optional<Target> parse_target(std::string_view target);
// The value of a cookie; empty: none.
std::string cookie(std::string_view header, std::string_view name);

// Reads query parameters and members of a body; the first thing that is wrong is kept, what comes after is empty.
class Reading {
 public:
  explicit Reading(const std::map<std::string, std::string>& query) : query_(&query) {}
  // No member besides those of `known` may be there.
  Reading(const nlohmann::json& body, std::initializer_list<std::string_view> known);

  std::string text(const char* name, std::size_t at_most, bool is_needed = false, std::size_t at_least = 1);
  // One of `words`; empty: not given.
  std::string word(const char* name, std::span<const std::string_view> words, bool is_needed = false);
  std::string word(const char* name, std::initializer_list<std::string_view> words, bool is_needed = false) {
    return word(name, std::span(words.begin(), words.size()), is_needed);
  }
  std::vector<std::string> texts(const char* name, std::size_t at_most, std::size_t each_at_most,
                                 bool is_needed = false);
  std::optional<bool> flag(const char* name);
  std::size_t count(const char* name, std::size_t at_least, std::size_t at_most, std::size_t otherwise);
  std::optional<Timestamp> time(const char* name);
  // c-, d-, o-, t- or u- and 16 hex digits.
  std::string id(const char* name, char kind, bool is_needed = false);
  bool has(const char* name) const;

  void refuse(const char* name, std::string why);
  bool is_good() const { return why_.empty(); }
  const std::string& why() const { return why_; }
  const std::string& field() const { return field_; }

 private:
  const nlohmann::json* member(const char* name, bool is_needed);

  const std::map<std::string, std::string>* query_ = nullptr;
  const nlohmann::json* body_ = nullptr;
  nlohmann::json of_query_;
  std::string why_, field_;
};

bool is_id(std::string_view text, char kind);
bool is_alert_id(std::string_view text);

}  // namespace quaywatch::api
