#include "codec/json_lines.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <deque>
#include <vector>

#include "base/limits.h"
#include "base/text.h"
#include "codec/json_plain.h"

namespace quaywatch::codec {
namespace {

namespace ondemand = simdjson::ondemand;
using simdjson::error_code;

}  // namespace

// simdjson hands out the token unchecked, and we keep the spelling instead of a double.
bool is_json_number(std::string_view s) {
  std::size_t i = 0;
  const auto digits = [&] {
    const std::size_t start = i;
    while (i < s.size() && is_ascii_digit(s[i])) ++i;
    return i - start;
  };
  if (i < s.size() && s[i] == '-') ++i;
  const bool leading_zero = i < s.size() && s[i] == '0';
  const std::size_t whole = digits();
  if (whole == 0 || (leading_zero && whole > 1)) return false;
  if (i < s.size() && s[i] == '.') {
    ++i;
    if (digits() == 0) return false;
  }
  if (i < s.size() && (s[i] == 'e' || s[i] == 'E')) {
    ++i;
    if (i < s.size() && (s[i] == '+' || s[i] == '-')) ++i;
    if (digits() == 0) return false;
  }
  return i == s.size();
}

struct JsonLineReader::State {
  ondemand::parser parser;
  simdjson::padded_string_view view;
  std::string copy;               // of a line too near to the end of the buffer
  std::deque<std::string> paths;  // joined paths; a deque, so that views stay valid
  std::size_t joins = 0;          // of this line; the paths behind are of earlier lines
  std::size_t joined_bytes = 0;   // of this line
  std::vector<JsonMember> members;
  std::string_view outer_array;   // that is being read, and which of its elements
  std::size_t outer_element = 0;
  std::string_view limit_reason;  // set when one of our bounds, not the JSON, ended the reading
  std::string limit_message;

  void clear();
  std::string_view joined(std::string_view prefix, std::string_view key);
  void add(std::string_view path, JsonKind kind, std::string_view text, bool in_array);

  bool plain_line(PlainCursor in);
  bool plain_object(PlainCursor& in, std::string_view prefix, std::size_t depth, bool in_array);
  bool plain_array(PlainCursor& in, std::string_view path, std::size_t depth, bool in_array);
  bool plain_value(PlainCursor& in, std::string_view path, std::size_t depth, bool in_array);

  error_code object(ondemand::object& object, std::string_view prefix, std::size_t depth, bool in_array);
  error_code array(ondemand::array& array, std::string_view path, std::size_t depth, bool in_array);
  error_code value(ondemand::value value, std::string_view path, std::size_t depth, bool in_array);
  error_code scalar(ondemand::value& value, ondemand::json_type type, JsonKind& kind, std::string_view& text);
  error_code document(const char* text, std::size_t size, std::size_t readable, std::size_t& where);
  error_code stop(std::string_view reason, std::string message) {
    limit_reason = reason;
    limit_message = std::move(message);
    return simdjson::CAPACITY;
  }
};

void JsonLineReader::State::clear() {
  members.clear();
  joins = joined_bytes = 0;
  limit_reason = {};
}

// The path at this place of the last line is nearly always the same again.
std::string_view JsonLineReader::State::joined(std::string_view prefix, std::string_view key) {
  if (joins == paths.size()) paths.emplace_back();
  std::string& path = paths[joins++];
  const bool is_same = path.size() == prefix.size() + 1 + key.size() && path.starts_with(prefix) &&
                       path[prefix.size()] == '.' && path.ends_with(key);
  if (!is_same) path.assign(prefix).append(".").append(key);
  joined_bytes += path.size();
  return path;
}

void JsonLineReader::State::add(std::string_view path, JsonKind kind, std::string_view text, bool in_array) {
  JsonMember& member = members.emplace_back();  // built in place: copying a fresh one stalls
  member.path = path;
  member.kind = kind;
  member.text = text;
  if (!in_array) return;
  member.in_array = true;
  member.array = outer_array;
  member.element = outer_element;
}

// --- plain lines ----------------------------------------------------------------------------------------------------

bool JsonLineReader::State::plain_line(PlainCursor in) {
  return in.take('{') && plain_object(in, {}, 1, false) && in.is_done();
}

// Behind the brace.
bool JsonLineReader::State::plain_object(PlainCursor& in, std::string_view prefix, std::size_t depth, bool in_array) {
  if (in.take('}')) return true;
  do {
    std::string_view key;
    if (!in.text(key) || !in.take(':')) return false;
    if (!prefix.empty()) key = joined(prefix, key);
    if (joined_bytes > limits::kCsvRowBytes || !plain_value(in, key, depth, in_array)) return false;
  } while (in.take(','));
  return in.take('}');
}

// Behind the bracket.
bool JsonLineReader::State::plain_array(PlainCursor& in, std::string_view path, std::size_t depth, bool in_array) {
  if (in.take(']')) return true;
  std::size_t index = 0;
  do {
    if (!in_array) {
      outer_array = path;
      outer_element = index++;
    }
    if (!plain_value(in, path, depth, true)) return false;
  } while (in.take(','));
  return in.take(']');
}

bool JsonLineReader::State::plain_value(PlainCursor& in, std::string_view path, std::size_t depth, bool in_array) {
  const char first = in.peek();
  if (first == '{') return depth < limits::kJsonDepth && in.take('{') && plain_object(in, path, depth + 1, in_array);
  if (first == '[') return depth < limits::kJsonDepth && in.take('[') && plain_array(in, path, depth + 1, in_array);
  JsonKind kind{};
  std::string_view text;
  if (members.size() == limits::kCsvColumns || !in.value(kind, text)) return false;
  add(path, kind, text, in_array);
  return true;
}

// --- all lines ------------------------------------------------------------------------------------------------------

error_code JsonLineReader::State::object(ondemand::object& object, std::string_view prefix, std::size_t depth,
                                         bool in_array) {
  for (auto member : object) {
    ondemand::field field;
    if (const auto e = std::move(member).get(field)) return e;
    std::string_view key;
    if (const auto e = field.unescaped_key().get(key)) return e;
    if (!prefix.empty()) key = joined(prefix, key);
    if (joined_bytes > limits::kCsvRowBytes)
      return stop("too_many_members", fmt::format("the keys of nested objects, each with those around it, have more "
                                                  "than {} bytes; send shorter keys or less nesting",
                                                  limits::kCsvRowBytes));
    if (const auto e = value(field.value(), key, depth, in_array)) return e;
  }
  return simdjson::SUCCESS;
}

error_code JsonLineReader::State::array(ondemand::array& array, std::string_view path, std::size_t depth,
                                        bool in_array) {
  std::size_t index = 0;
  for (auto element : array) {
    if (!in_array) {
      outer_array = path;
      outer_element = index++;
    }
    ondemand::value v;
    if (const auto e = std::move(element).get(v)) return e;
    if (const auto e = value(v, path, depth, true)) return e;
  }
  return simdjson::SUCCESS;
}

error_code JsonLineReader::State::scalar(ondemand::value& value, ondemand::json_type type, JsonKind& kind,
                                         std::string_view& text) {
  switch (type) {
    case ondemand::json_type::string:
      kind = JsonKind::text;
      return value.get_string().get(text);
    case ondemand::json_type::number:
      kind = JsonKind::number;
      text = trim(value.raw_json_token());
      return is_json_number(text) ? simdjson::SUCCESS : simdjson::NUMBER_ERROR;
    case ondemand::json_type::boolean: {
      bool b = false;
      const auto e = value.get_bool().get(b);
      kind = JsonKind::boolean;
      text = b ? "true" : "false";
      return e;
    }
    default: {
      bool is_null = false;
      if (const auto e = value.is_null().get(is_null)) return e;
      return is_null ? simdjson::SUCCESS : simdjson::N_ATOM_ERROR;
    }
  }
}

error_code JsonLineReader::State::value(ondemand::value v, std::string_view path, std::size_t depth, bool in_array) {
  ondemand::json_type type{};
  if (const auto e = v.type().get(type)) return e;
  const bool nested = type == ondemand::json_type::object || type == ondemand::json_type::array;
  if (nested && depth == limits::kJsonDepth)
    return stop("too_deep",
                fmt::format("'{}' is nested more than {} levels deep", path.substr(0, 80), limits::kJsonDepth));
  if (type == ondemand::json_type::object) {
    ondemand::object o;
    if (const auto e = v.get_object().get(o)) return e;
    return object(o, path, depth + 1, in_array);
  }
  if (type == ondemand::json_type::array) {
    ondemand::array a;
    if (const auto e = v.get_array().get(a)) return e;
    return array(a, path, depth + 1, in_array);
  }
  if (members.size() == limits::kCsvColumns)
    return stop("too_many_members", fmt::format("the line has more than {} values", limits::kCsvColumns));
  JsonKind kind = JsonKind::null;
  std::string_view text;
  const auto e = scalar(v, type, kind, text);
  add(path, kind, text, in_array);
  return e;
}

error_code JsonLineReader::State::document(const char* text, std::size_t size, std::size_t readable,
                                           std::size_t& where) {
  ondemand::document doc;
  if (const auto e = parser.iterate(text, size, readable).get(doc)) return e;
  ondemand::object root;
  auto e = doc.get_object().get(root);
  if (!e) e = object(root, {}, 1, false);
  const char* location = nullptr;
  const error_code at = doc.current_location().get(location);
  if (!e && at != simdjson::OUT_OF_BOUNDS) e = simdjson::TRAILING_CONTENT;  // a location exists only before the end
  if (e && !at && location >= text && location <= text + size) where = static_cast<std::size_t>(location - text);
  return e;
}

JsonLineReader::JsonLineReader() : state_(std::make_unique<State>()) {}
JsonLineReader::~JsonLineReader() = default;
JsonLineReader::JsonLineReader(JsonLineReader&&) noexcept = default;

tl::expected<std::span<const JsonMember>, JsonRefusal> JsonLineReader::read(std::string_view bytes, std::size_t offset,
                                                                            std::size_t size) {
  State& s = *state_;
  s.clear();
  if (size > limits::kCsvRowBytes)
    return tl::unexpected(JsonRefusal{
        "line_too_long", 0, fmt::format("the line has {} bytes; at most {} are read", size, limits::kCsvRowBytes)});
  if (s.plain_line(PlainCursor(bytes, offset, size))) return std::span<const JsonMember>(s.members);
  s.clear();
  const char* text = bytes.data() + offset;
  std::size_t readable = bytes.size() - offset;
  if (readable < size + simdjson::SIMDJSON_PADDING) {
    s.copy.assign(text, size);
    s.copy.append(simdjson::SIMDJSON_PADDING, ' ');
    text = s.copy.data();
    readable = s.copy.size();
  }
  std::size_t where = 0;
  const error_code e = s.document(text, size, readable, where);
  if (!s.limit_reason.empty()) return tl::unexpected(JsonRefusal{s.limit_reason, where, s.limit_message});
  if (e == simdjson::INCORRECT_TYPE && s.members.empty())
    return tl::unexpected(
        JsonRefusal{"not_an_object", 0, "the line is JSON but not an object; write one {...} per line"});
  if (e)
    return tl::unexpected(JsonRefusal{
        "bad_json", where, fmt::format("not valid JSON near byte {}: {}", where, simdjson::error_message(e))});
  return std::span<const JsonMember>(s.members);
}

std::optional<Line> line_at(std::string_view bytes, std::size_t offset) {
  if (offset >= bytes.size()) return std::nullopt;
  const auto newline = bytes.find('\n', offset);
  const std::size_t end = newline == std::string_view::npos ? bytes.size() : newline;
  Line line{offset, (newline == std::string_view::npos ? end : end + 1) - offset, bytes.substr(offset, end - offset)};
  if (!line.text.empty() && line.text.back() == '\r') line.text.remove_suffix(1);
  return line;
}

}  // namespace quaywatch::codec
