#include "api/parameters.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace quaywatch::api {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_lower_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return hex_digit(c) >= 0 && !is_ascii_upper(c); });
}

}  // namespace

std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_blank) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += plus_is_blank && text[i] == '+' ? ' ' : text[i];
    }
  }
  const bool has_control =
      std::any_of(out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 32; });
  if (has_control || !is_valid_utf8(out)) return std::nullopt;
  return out;
}

std::optional<std::string> header_text(std::string_view text) {
  constexpr std::string_view kMarks = "-_.!~*'()%";
  const bool is_encoded = std::all_of(text.begin(), text.end(), [&](char c) {
    return is_ascii_upper_or_digit(c) || (c >= 'a' && c <= 'z') || kMarks.find(c) != std::string_view::npos;
  });
  return is_encoded ? percent_decoded(text) : std::nullopt;
}

std::optional<Target> parse_target(std::string_view target) {
  if (target.empty() || target.front() != '/') return std::nullopt;
  Target out;
  const auto question = target.find('?');
  out.path = std::string(target.substr(0, question));
  if (question == std::string_view::npos) return out;
  for (const std::string_view pair : split(target.substr(question + 1), '&')) {
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    const auto name = percent_decoded(pair.substr(0, equals), true);
    const auto value = equals == std::string_view::npos ? std::optional(std::string{})
                                                        : percent_decoded(pair.substr(equals + 1), true);
    if (!name || !value) return std::nullopt;
    out.query.try_emplace(*name, *value);
  }
  return out;
}

std::string cookie(std::string_view header, std::string_view name) {
  for (const std::string_view pair : split(header, ';')) {
    const std::string_view trimmed = trim(pair);
    const auto equals = trimmed.find('=');
    if (equals != std::string_view::npos && trimmed.substr(0, equals) == name)
      return std::string(trimmed.substr(equals + 1));
  }
  return {};
}

Reading::Reading(const nlohmann::json& body, std::initializer_list<std::string_view> known) : body_(&body) {
  if (!body.is_object()) refuse("", "the body is a JSON object");
  for (const auto& [key, value] : body.items())
    if (std::find(known.begin(), known.end(), key) == known.end()) refuse(key.c_str(), "there is no such member");
}

void Reading::refuse(const char* name, std::string why) {
  if (!is_good()) return;
  field_ = name;
  why_ = std::move(why);
}

bool Reading::has(const char* name) const {
  return body_ != nullptr ? body_->is_object() && body_->contains(name) : query_->contains(name);
}

const nlohmann::json* Reading::member(const char* name, bool is_needed) {
  if (!is_good()) return nullptr;
  if (!has(name)) {
    if (is_needed) refuse(name, fmt::format("'{}' is needed", name));
    return nullptr;
  }
  if (body_ != nullptr) return &*body_->find(name);
  of_query_ = query_->at(name);
  return &of_query_;
}

std::string Reading::text(const char* name, std::size_t at_most, bool is_needed, std::size_t at_least) {
  const nlohmann::json* v = member(name, is_needed);
  if (v == nullptr) return {};
  const std::string* s = v->get_ptr<const std::string*>();
  if (s == nullptr || s->size() < at_least || s->size() > at_most) {
    refuse(name, fmt::format("'{}' is a text of {} to {} bytes", name, at_least, at_most));
    return {};
  }
  return *s;
}

std::string Reading::word(const char* name, std::span<const std::string_view> words, bool is_needed) {
  std::string out = text(name, 64, is_needed);
  if (!out.empty() && std::find(words.begin(), words.end(), out) == words.end()) {
    refuse(name, fmt::format("'{}' cannot be '{}'", name, out));
    return {};
  }
  return out;
}

std::vector<std::string> Reading::texts(const char* name, std::size_t at_most, std::size_t each_at_most,
                                        bool is_needed) {
  const nlohmann::json* v = member(name, is_needed);
  if (v == nullptr) return {};
  std::vector<std::string> out;
  if (body_ == nullptr) {
    for (const std::string_view word : split(v->get_ref<const std::string&>(), ',')) out.emplace_back(word);
    return out;
  }
  const auto is_good_text = [&](const nlohmann::json& item) {
    const std::string* s = item.get_ptr<const std::string*>();
    return s != nullptr && !s->empty() && s->size() <= each_at_most;
  };
  if (!v->is_array() || v->empty() || v->size() > at_most || !std::all_of(v->begin(), v->end(), is_good_text)) {
    refuse(name, fmt::format("'{}' is a list of 1 to {} texts of up to {} bytes", name, at_most, each_at_most));
    return {};
  }
  for (const auto& item : *v) out.push_back(item.get_ref<const std::string&>());
  return out;
}

std::optional<bool> Reading::flag(const char* name) {
  const nlohmann::json* v = member(name, false);
  if (v == nullptr) return std::nullopt;
  if (!v->is_boolean()) {
    refuse(name, fmt::format("'{}' is true or false", name));
    return std::nullopt;
  }
  return v->get<bool>();
}

std::size_t Reading::count(const char* name, std::size_t at_least, std::size_t at_most, std::size_t otherwise) {
  const std::string digits = text(name, 20);
  if (digits.empty()) return otherwise;
  std::size_t out = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
  if (error != std::errc() || end != digits.data() + digits.size() || out < at_least || out > at_most)
    refuse(name, fmt::format("'{}' is a number from {} to {}", name, at_least, at_most));
  return out;
}

std::optional<Timestamp> Reading::time(const char* name) {
  const std::string word = text(name, 40);
  if (word.empty()) return std::nullopt;
  const auto at = parse_rfc3339(word);
  if (at) return *at;
  refuse(name, at.error().message);
  return std::nullopt;
}

std::string Reading::id(const char* name, char kind, bool is_needed) {
  std::string out = text(name, 64, is_needed);
  if (!out.empty() && !is_id(out, kind)) refuse(name, fmt::format("'{}' is no id of this kind", name));
  return out;
}

bool is_id(std::string_view text, char kind) {
  return text.size() == 18 && text[0] == kind && text[1] == '-' && is_lower_hex(text.substr(2));
}

bool is_alert_id(std::string_view text) {
  return text.size() == 32 && is_lower_hex(text);
}

}  // namespace quaywatch::api
