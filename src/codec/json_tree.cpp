// One record as a tree (json_documents.h): plain ones in one pass (json_plain.h), all others with simdjson on-demand.
#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "base/text.h"
#include "codec/json_documents.h"
#include "codec/json_layouts.h"
#include "codec/json_plain.h"

namespace quaywatch::codec {
namespace {

namespace ondemand = simdjson::ondemand;
using simdjson::error_code;

// Tells most keys of one object apart without comparing each with all before it.
class KeyMarks {
 public:
  void clear() { marks_ = {}; }
  bool may_repeat(std::uint32_t mark) {
    std::uint64_t& marks = marks_[mark / 64 % marks_.size()];
    const std::uint64_t bit = std::uint64_t{1} << mark % 64;
    const bool known = (marks & bit) != 0;
    marks |= bit;
    return known;
  }

 private:
  std::array<std::uint64_t, 4> marks_;
};

// An object or array that is not closed yet.
struct Level {
  std::size_t node, keys;
  char close;
  KeyMarks marks;

  void open(std::size_t index, bool is_object) {
    node = index;
    keys = 0;
    close = is_object ? '}' : ']';
    if (is_object) marks.clear();
  }
};

}  // namespace

const JsonNode* JsonNode::find(std::string_view wanted) const {
  if (type != JsonType::object) return nullptr;
  for (const JsonNode& child : *this)
    if (child.key == wanted) return child.type == JsonType::null ? nullptr : &child;
  return nullptr;
}

const JsonNode* JsonNode::find_path(std::string_view path) const {
  const JsonNode* node = this;
  while (node != nullptr && !path.empty()) {
    const std::string_view first = path.substr(0, path.find('.'));
    node = node->find(first);
    path.remove_prefix(std::min(path.size(), first.size() + 1));
  }
  return node;
}

std::string_view JsonNode::text_at(std::string_view path) const {
  const JsonNode* node = find_path(path);
  return node != nullptr && node->type == JsonType::text ? node->text : std::string_view{};
}

struct JsonTreeReader::State {
  ondemand::parser parser;
  std::string copy;             // of a record too near to the end of the buffer
  std::vector<JsonNode> nodes;  // in the order of the text: what a node holds lies behind it
  JsonLayouts layouts;          // of those that were read on the way
  const char* start = nullptr;  // offsets count from here
  JsonRefusal limit;  // set when one of our bounds, not the JSON, ended the reading

  bool plain_record(PlainCursor& cursor);
  bool is_new(Level& level, std::string_view key, std::uint32_t mark) const;
  bool has_key(std::size_t object, std::string_view key) const;

  std::optional<JsonRefusal> careful_record(std::size_t readable, std::size_t size);
  error_code value(ondemand::value value, std::string_view key, std::size_t depth);
  error_code object(ondemand::value& value, std::size_t depth);
  error_code array(ondemand::value& value, std::size_t depth);
  error_code scalar(ondemand::value& value, ondemand::json_type type);
  error_code document(std::size_t size, std::size_t readable, std::size_t& where);
  error_code stop(std::string_view reason, std::string message) {
    limit = {reason, nodes.empty() ? 0 : nodes.back().offset, std::move(message)};
    return simdjson::CAPACITY;
  }
};

bool JsonTreeReader::State::has_key(std::size_t object, std::string_view key) const {
  for (std::size_t i = object + 1; i < nodes.size(); i += nodes[i].extent)
    if (nodes[i].key == key) return true;
  return false;
}

// --- plain records --------------------------------------------------------------------------------------------------

// From its opening brace to its closing one.
bool JsonTreeReader::State::plain_record(PlainCursor& cursor) {
  PlainCursor in = cursor;  // a copy, so that it stays in registers
  std::array<Level, limits::kJsonDepth> levels;
  std::size_t depth = 0;
  std::string_view key;
  std::uint32_t mark = 0;
  nodes.clear();
  for (;;) {
    const char first = in.peek();
    if (nodes.size() == limits::kJsonNodes) return false;
    JsonNode& node = nodes.emplace_back();
    node.key = key;
    node.mark = mark;
    node.offset = static_cast<std::size_t>(in.position() - start);
    bool is_next = true;  // does a member or element come before the bracket?
    if (first == '{' || first == '[') {
      if (depth == levels.size()) return false;
      levels[depth].open(nodes.size() - 1, first == '{');
      node.type = first == '{' ? JsonType::object : JsonType::array;
      in.step();
      is_next = in.peek() != levels[depth++].close;
    } else {
      JsonKind kind{};
      if (depth == 0 || !in.value(kind, node.text)) return false;
      node.type = static_cast<JsonType>(kind);
      is_next = in.take(',');
    }
    for (; !is_next; is_next = in.take(',')) {
      const Level& level = levels[depth - 1];
      if (!in.take(level.close)) return false;
      nodes[level.node].extent = static_cast<std::uint32_t>(nodes.size() - level.node);
      if (--depth == 0) return cursor = in, true;
    }
    Level& level = levels[depth - 1];
    if (level.close == ']') {
      key = {};
      mark = 0;
      continue;
    }
    if (!in.text(key) || !in.take(':')) return false;
    mark = key_mark(key);
    if (!is_new(level, key, mark)) return false;
  }
}

bool JsonTreeReader::State::is_new(Level& level, std::string_view key, std::uint32_t mark) const {
  return ++level.keys <= limits::kJsonKeys && (!level.marks.may_repeat(mark) || !has_key(level.node, key));
}

// --- all records ----------------------------------------------------------------------------------------------------

error_code JsonTreeReader::State::value(ondemand::value v, std::string_view key, std::size_t depth) {
  if (nodes.size() == limits::kJsonNodes)
    return stop("too_many_values", fmt::format("the record has more than {} values", limits::kJsonNodes));
  ondemand::json_type type{};
  if (const auto e = v.type().get(type)) return e;
  const std::size_t index = nodes.size();
  JsonNode& node = nodes.emplace_back();
  node.key = key;
  node.mark = key_mark(key);
  node.offset = static_cast<std::size_t>(v.raw_json_token().data() - start);
  const bool nested = type == ondemand::json_type::object || type == ondemand::json_type::array;
  if (nested && depth == limits::kJsonDepth)
    return stop("too_deep",
                fmt::format("'{}' is nested more than {} levels deep", key.substr(0, 80), limits::kJsonDepth));
  const auto e = type == ondemand::json_type::object  ? object(v, depth + 1)
                 : type == ondemand::json_type::array ? array(v, depth + 1)
                                                      : scalar(v, type);
  nodes[index].extent = static_cast<std::uint32_t>(nodes.size() - index);
  return e;
}

error_code JsonTreeReader::State::object(ondemand::value& value, std::size_t depth) {
  const std::size_t self = nodes.size() - 1;
  nodes[self].type = JsonType::object;
  ondemand::object members;
  if (const auto e = value.get_object().get(members)) return e;
  std::size_t count = 0;
  for (auto member : members) {
    ondemand::field field;
    if (const auto e = std::move(member).get(field)) return e;
    std::string_view key;
    if (const auto e = field.unescaped_key().get(key)) return e;
    if (++count > limits::kJsonKeys)
      return stop("too_many_values", fmt::format("an object has more than {} keys", limits::kJsonKeys));
    if (has_key(self, key))
      return stop("repeated_key",
                  fmt::format("the key '{}' stands twice in one object: which counts is open; send it once",
                              key.substr(0, 80)));
    if (const auto e = this->value(field.value(), key, depth)) return e;
  }
  return simdjson::SUCCESS;
}

error_code JsonTreeReader::State::array(ondemand::value& value, std::size_t depth) {
  nodes.back().type = JsonType::array;
  ondemand::array elements;
  if (const auto e = value.get_array().get(elements)) return e;
  for (auto element : elements) {
    ondemand::value v;
    if (const auto e = std::move(element).get(v)) return e;
    if (const auto e = this->value(v, {}, depth)) return e;
  }
  return simdjson::SUCCESS;
}

error_code JsonTreeReader::State::scalar(ondemand::value& value, ondemand::json_type type) {
  JsonNode& node = nodes.back();
  switch (type) {
    case ondemand::json_type::string:
      node.type = JsonType::text;
      return value.get_string().get(node.text);
    case ondemand::json_type::number:
      node.type = JsonType::number;
      node.text = trim(value.raw_json_token());
      return is_json_number(node.text) ? simdjson::SUCCESS : simdjson::NUMBER_ERROR;
    case ondemand::json_type::boolean: {
      bool b = false;
      const auto e = value.get_bool().get(b);
      node.type = JsonType::boolean;
      node.text = b ? "true" : "false";
      return e;
    }
    default: {
      bool is_null = false;
      if (const auto e = value.is_null().get(is_null)) return e;
      return is_null ? simdjson::SUCCESS : simdjson::N_ATOM_ERROR;
    }
  }
}

error_code JsonTreeReader::State::document(std::size_t size, std::size_t readable, std::size_t& where) {
  ondemand::document doc;
  if (const auto e = parser.iterate(start, size, readable).get(doc)) return e;
  ondemand::value root;
  error_code e = doc.get_value().get(root);
  if (!e) e = value(root, {}, 0);
  const char* location = nullptr;
  const error_code at = doc.current_location().get(location);
  if (!e && at != simdjson::OUT_OF_BOUNDS) e = simdjson::TRAILING_CONTENT;  // a location exists only before the end
  if (e && !at && location >= start && location <= start + size) where = static_cast<std::size_t>(location - start);
  return e;
}

std::optional<JsonRefusal> JsonTreeReader::State::careful_record(std::size_t readable, std::size_t size) {
  nodes.clear();
  if (readable < size + simdjson::SIMDJSON_PADDING) {
    copy.assign(start, size);
    copy.append(simdjson::SIMDJSON_PADDING, ' ');
    start = copy.data();
    readable = copy.size();
  }
  std::size_t where = 0;
  const error_code e = document(size, readable, where);
  if (!limit.reason.empty()) return limit;
  if (!e) return std::nullopt;
  return JsonRefusal{"bad_json", where,
                     fmt::format("not valid JSON near byte {} of the record: {}", where, simdjson::error_message(e))};
}

JsonTreeReader::JsonTreeReader() : state_(std::make_unique<State>()) {}
JsonTreeReader::~JsonTreeReader() = default;

const JsonNode* JsonTreeReader::read_plain(std::string_view bytes, std::size_t offset, std::size_t& size) {
  State& s = *state_;
  s.start = bytes.data();
  PlainCursor in(bytes, offset, std::min(bytes.size() - offset, limits::kCsvRowBytes));
  const JsonNode* const known = s.layouts.read(in, s.start);
  if (known == nullptr && !s.plain_record(in)) return nullptr;
  size = static_cast<std::size_t>(in.position() - bytes.data()) - offset;
  if (known != nullptr) return known;
  s.layouts.learn(bytes, offset, size, s.nodes);
  return s.nodes.data();
}

tl::expected<const JsonNode*, JsonRefusal> JsonTreeReader::read(std::string_view bytes, std::size_t offset,
                                                                std::size_t size) {
  State& s = *state_;
  s.limit = {};
  if (size > limits::kCsvRowBytes)
    return tl::unexpected(JsonRefusal{
        "record_too_long", 0, fmt::format("the record has {} bytes; at most {} are read", size, limits::kCsvRowBytes)});
  if (size == 0 || bytes[offset] != '{')
    return tl::unexpected(JsonRefusal{"not_an_object", 0, "a record is an object {...}; something else stands here"});
  s.start = bytes.data();
  PlainCursor in(bytes, offset, size);
  if (s.plain_record(in) && in.is_done()) return s.nodes.data();
  s.start = bytes.data() + offset;
  if (auto refused = s.careful_record(bytes.size() - offset, size)) return tl::unexpected(std::move(*refused));
  for (JsonNode& node : s.nodes) node.offset += offset;
  return s.nodes.data();
}

}  // namespace quaywatch::codec
