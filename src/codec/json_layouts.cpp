#include "codec/json_layouts.h"

namespace quaywatch::codec {
namespace {

bool is_value(const JsonNode& node) {
  return node.type == JsonType::boolean || node.type == JsonType::number || node.type == JsonType::text;
}

// Null and brackets are part of what stands between values.
bool begins_value(char c) {
  return c == '"' || c == '-' || (c >= '0' && c <= '9') || c == 't' || c == 'f';
}

}  // namespace

std::uint32_t JsonLayouts::step_to(std::uint32_t from, std::string_view between) {
  for (std::uint32_t step = steps_[from].next; step != 0; step = steps_[step].other)
    if (steps_[step].between == between) return step;
  steps_.push_back({between, 0, steps_[from].next, 0});
  return steps_[from].next = static_cast<std::uint32_t>(steps_.size() - 1);
}

void JsonLayouts::learn(std::string_view bytes, std::size_t offset, std::size_t size, std::span<const JsonNode> nodes) {
  if (layouts_.size() == kLayouts || nodes.size() > kNodes || size > kBytes) return;
  Layout& layout = layouts_.emplace_back();
  layout.text.reserve(size + PlainCursor::kPadding);
  layout.text.append(bytes.substr(offset, size)).append(PlainCursor::kPadding, '\0');
  layout.nodes.assign(nodes.begin(), nodes.end());
  layout.nodes[0].layout = static_cast<std::uint32_t>(layouts_.size());
  const std::string_view text = std::string_view(layout.text).substr(0, size);
  std::size_t before = 0;
  std::uint32_t step = 0, value = 0;
  for (JsonNode& node : layout.nodes) {
    if (!node.key.empty())
      node.key = text.substr(static_cast<std::size_t>(node.key.data() - bytes.data()) - offset, node.key.size());
    const std::size_t at = node.offset - offset;
    layout.stands.push_back({value, static_cast<std::uint32_t>(at - before), is_value(node)});
    if (!is_value(node)) continue;
    step = step_to(step, text.substr(before, at - before));
    before = at + node.text.size() + (node.type == JsonType::text ? 2 : 0);
    node.text = {};
    ++value;
  }
  step = step_to(step, text.substr(before));
  steps_[step].layout = layout.nodes[0].layout;
}

// No two of the steps behind another fit: where one begins with all of another, a bracket or null stands where that has
// a value.
inline bool JsonLayouts::fits(const Step& step, const PlainCursor& in) {
  return in.holds(step.between) && (step.layout != 0 || begins_value(in.behind(step.between)));
}

// The step behind `from` that fits and is not the first, which it becomes; 0: none.
std::uint32_t JsonLayouts::find_other(std::uint32_t from, PlainCursor in) {
  const std::uint32_t first = steps_[from].next;
  for (std::uint32_t before = first; before != 0; before = steps_[before].other) {
    const std::uint32_t step = steps_[before].other;
    if (step == 0 || !fits(steps_[step], in)) continue;
    steps_[before].other = steps_[step].other;
    steps_[step].other = first;
    return steps_[from].next = step;
  }
  return 0;
}

const JsonNode* JsonLayouts::read(PlainCursor& cursor, const char* start) {
  PlainCursor in = cursor;  // a copy, so that it stays in registers
  std::uint32_t at = 0;
  for (Value* value = values_.data();; ++value) {
    value->before = static_cast<std::size_t>(in.position() - start);
    const std::uint32_t first = steps_[at].next;
    at = first != 0 && fits(steps_[first], in) ? first : find_other(at, in);
    if (at == 0) return nullptr;
    const std::string_view between = steps_[at].between;
    if (steps_[at].layout != 0) {
      in.skip(between.size());
      break;
    }
    const bool is_text = in.behind(between) == '"';
    in.skip(between.size() + (is_text ? 1 : 0));
    value->kind = JsonKind::text;
    if (!(is_text ? in.rest_of_text(value->text) : in.value(value->kind, value->text))) return nullptr;
  }
  cursor = in;
  return fill(layouts_[steps_[at].layout - 1]);
}

const JsonNode* JsonLayouts::fill(Layout& layout) const {
  for (std::size_t i = 0; i < layout.nodes.size(); ++i) {
    JsonNode& node = layout.nodes[i];
    const Stand& stand = layout.stands[i];
    const Value& value = values_[stand.value];
    node.offset = value.before + stand.behind;
    if (!stand.is_value) continue;
    node.type = static_cast<JsonType>(value.kind);
    node.text = value.text;
  }
  return layout.nodes.data();
}

}  // namespace quaywatch::codec
