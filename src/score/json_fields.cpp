#include "score/json_fields.h"

#include <fmt/format.h>

#include <charconv>

#include "base/text.h"

namespace quaywatch::score {
namespace {

using codec::JsonNode;
using codec::JsonType;

constexpr std::size_t kQuoted = 60;  // bytes of a wrong value that a message shows

Result<void> read_record(codec::JsonTreeReader& reader, std::string_view bytes, std::size_t offset, std::size_t size,
                         std::string place, const std::function<Result<void>(JsonFields&)>& record) {
  const auto tree = reader.read(bytes, offset, size);
  if (!tree)
    return fail(ErrorCode::malformed,
                fmt::format("{} at byte {}: {}; write one JSON object", tree.error().reason,
                            offset + tree.error().offset, tree.error().message),
                std::move(place));
  JsonFields fields(**tree, std::move(place));
  if (auto done = record(fields); !done) return done;
  if (fields.error()) return tl::unexpected(*fields.error());
  return {};
}

}  // namespace

void JsonFields::refuse(std::string_view reason, std::string_view message) {
  if (!error_) error_ = Error{ErrorCode::malformed, fmt::format("{}: {}", reason, message), place_};
}

void JsonFields::adopt(const JsonFields& part) {
  if (!error_) error_ = part.error_;
}

const JsonNode* JsonFields::member(std::string_view key, JsonType type, std::string_view wanted) {
  const JsonNode* node = object_.find(key);
  if (node == nullptr)
    return refuse("missing_field", fmt::format("'{}{}' is missing; add {}", inside_, key, wanted)), nullptr;
  if (node->type == type) return node;
  refuse("bad_value", fmt::format("{}{} must be {}, not '{}'", inside_, key, wanted, node->text.substr(0, kQuoted)));
  return nullptr;
}

std::string JsonFields::text(std::string_view key) {
  const JsonNode* node = member(key, JsonType::text, "a text");
  if (node == nullptr) return {};
  if (node->text.empty()) refuse("bad_value", fmt::format("{}{} is empty; give it a value", inside_, key));
  return std::string(node->text);
}

Timestamp JsonFields::time(std::string_view key) {
  constexpr std::string_view kWanted = "an RFC 3339 time such as 2026-10-23T17:52:14Z";
  const JsonNode* node = member(key, JsonType::text, kWanted);
  if (node == nullptr) return {};
  const auto at = parse_rfc3339(node->text);
  if (!at)
    refuse("bad_value", fmt::format("{}{} must be {}, not '{}'", inside_, key, kWanted, node->text.substr(0, kQuoted)));
  return at.value_or(Timestamp{});
}

std::int64_t JsonFields::whole(std::string_view key, std::int64_t least, std::int64_t most) {
  const std::string wanted = fmt::format("a whole number from {} to {}", least, most);
  const JsonNode* node = member(key, JsonType::number, wanted);
  if (node == nullptr) return 0;
  std::int64_t n = 0;
  const char* const end = node->text.data() + node->text.size();
  const auto [stopped, failed] = std::from_chars(node->text.data(), end, n);
  if (failed == std::errc{} && stopped == end && n >= least && n <= most) return n;
  refuse("bad_value", fmt::format("{}{} must be {}, not '{}'", inside_, key, wanted, node->text.substr(0, kQuoted)));
  return 0;
}

bool JsonFields::flag(std::string_view key) {
  const JsonNode* node = member(key, JsonType::boolean, "true or false");
  return node != nullptr && node->text == "true";
}

const JsonNode* JsonFields::array(std::string_view key) {
  return member(key, JsonType::array, "an array");
}

const JsonNode* JsonFields::object(std::string_view key) {
  return member(key, JsonType::object, "an object");
}

std::vector<std::string> JsonFields::texts(std::string_view key) {
  std::vector<std::string> out;
  const JsonNode* node = object_.find(key);
  if (node == nullptr) return out;
  const auto add = [&](const JsonNode& value) {
    if (value.type != JsonType::text || value.text.empty())
      return refuse("bad_value", fmt::format("{}{} must hold texts that are not empty, not '{}'", inside_, key,
                                             value.text.substr(0, kQuoted)));
    out.emplace_back(value.text);
  };
  if (node->type != JsonType::array) return add(*node), out;
  for (const JsonNode& value : *node) add(value);
  return out;
}

Result<void> each_json_line(std::string_view bytes, std::string_view path,
                            const std::function<Result<void>(JsonFields&)>& record) {
  codec::JsonTreeReader reader;
  std::size_t number = 0;
  for (auto line = codec::line_at(bytes, 0); line; line = codec::line_at(bytes, line->offset + line->size)) {
    ++number;
    if (trim(line->text).empty()) continue;
    auto done = read_record(reader, bytes, line->offset, line->text.size(), fmt::format("{}:{}", path, number), record);
    if (!done) return done;
  }
  return {};
}

Result<void> read_json_object(std::string_view bytes, std::string_view path,
                              const std::function<Result<void>(JsonFields&)>& record) {
  codec::JsonTreeReader reader;
  return read_record(reader, bytes, 0, bytes.size(), std::string(path), record);
}

}  // namespace quaywatch::score
