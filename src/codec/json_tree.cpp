// One record as a tree (json_documents.h), read with simdjson on-demand.
#include <fmt/format.h>
#include <simdjson.h>

#include <string>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "base/text.h"
#include "codec/json_documents.h"

namespace quaywatch::codec {
namespace {

namespace ondemand = simdjson::ondemand;
using simdjson::error_code;

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
  const char* start = nullptr;
  JsonRefusal limit;  // set when one of our bounds, not the JSON, ended the reading

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

error_code JsonTreeReader::State::value(ondemand::value v, std::string_view key, std::size_t depth) {
  if (nodes.size() == limits::kJsonNodes)
    return stop("too_many_values", fmt::format("the record has more than {} values", limits::kJsonNodes));
  ondemand::json_type type{};
  if (const auto e = v.type().get(type)) return e;
  const std::size_t index = nodes.size();
  JsonNode& node = nodes.emplace_back();
  node.key = key;
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
    for (std::size_t i = self + 1; i < nodes.size(); i += nodes[i].extent)
      if (nodes[i].key == key)
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

JsonTreeReader::JsonTreeReader() : state_(std::make_unique<State>()) {}
JsonTreeReader::~JsonTreeReader() = default;

tl::expected<const JsonNode*, JsonRefusal> JsonTreeReader::read(std::string_view bytes, std::size_t offset,
                                                                std::size_t size) {
  State& s = *state_;
  s.nodes.clear();
  s.limit = {};
  if (size > limits::kCsvRowBytes)
    return tl::unexpected(JsonRefusal{
        "record_too_long", 0, fmt::format("the record has {} bytes; at most {} are read", size, limits::kCsvRowBytes)});
  if (size == 0 || bytes[offset] != '{')
    return tl::unexpected(JsonRefusal{"not_an_object", 0, "a record is an object {...}; something else stands here"});
  s.start = bytes.data() + offset;
  std::size_t readable = bytes.size() - offset;
  if (readable < size + simdjson::SIMDJSON_PADDING) {
    s.copy.assign(s.start, size);
    s.copy.append(simdjson::SIMDJSON_PADDING, ' ');
    s.start = s.copy.data();
    readable = s.copy.size();
  }
  std::size_t where = 0;
  const error_code e = s.document(size, readable, where);
  if (!s.limit.reason.empty()) return tl::unexpected(s.limit);
  if (e)
    return tl::unexpected(JsonRefusal{
        "bad_json", where,
        fmt::format("not valid JSON near byte {} of the record: {}", where, simdjson::error_message(e))});
  for (JsonNode& node : s.nodes) node.offset += offset;
  return s.nodes.data();
}

}  // namespace quaywatch::codec
