#include "codec/json_layouts.h"

namespace quaywatch::codec {
namespace {

bool is_value(const JsonNode& node) {
  return node.type == JsonType::boolean || node.type == JsonType::number || node.type == JsonType::text;
}

// Null, brackets and quotes are part of what stands between values.
bool begins_value(char c) {
  return c == '-' || (c >= '0' && c <= '9') || c == 't' || c == 'f';
}

}  // namespace

std::uint32_t JsonLayouts::step_to(std::uint32_t from, std::string_view between, bool is_text) {
  for (std::uint32_t step = steps_[from].next; step != 0; step = steps_[step].other)
    if (steps_[step].between == between) return step;
  steps_.push_back({between, 0, steps_[from].next, 0, is_text});
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
  std::uint32_t step = 0;
  for (std::size_t i = 0; i < layout.nodes.size(); ++i) {
    JsonNode& node = layout.nodes[i];
    if (!node.key.empty())
      node.key = text.substr(static_cast<std::size_t>(node.key.data() - bytes.data()) - offset, node.key.size());
    const std::size_t at = node.offset - offset;
    const auto value = static_cast<std::uint32_t>(layout.values.size());
    layout.stands.push_back({value, static_cast<std::uint32_t>(at - before)});
    if (!is_value(node)) continue;
    const bool is_text = node.type == JsonType::text;
    const std::size_t begin = at + (is_text ? 1 : 0);
    step = step_to(step, text.substr(before, begin - before), is_text);
    before = begin + node.text.size();
    node.text = {};
    layout.values.push_back(static_cast<std::uint32_t>(i));
  }
  step = step_to(step, text.substr(before), false);
  steps_[step].layout = layout.nodes[0].layout;
}

// No two of the steps behind another fit: where one begins with all of another, a bracket or null stands where that has
// a value.
inline bool JsonLayouts::fits(const Step& step, const PlainCursor& in) {
  return in.holds(step.between) && (step.is_text || step.layout != 0 || begins_value(in.behind(step.between)));
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
  PlainCursor in = cursor;  // copies, so that they stay in registers
  const Step* const steps = steps_.data();
  std::uint32_t at = 0;
  for (Value* value = values_.data();; ++value) {
    value->before = static_cast<std::size_t>(in.position() - start);
    const std::uint32_t first = steps[at].next;
    at = first != 0 && fits(steps[first], in) ? first : find_other(at, in);
    if (at == 0) return nullptr;
    const Step& step = steps[at];
    in.skip(step.between.size());
    if (step.layout != 0) break;
    value->kind = JsonKind::text;
    if (step.is_text)
      value->text = in.skip_plain();
    else if (!in.value(value->kind, value->text))
      return nullptr;
  }
  if (in.is_behind_end()) return nullptr;
  cursor = in;
  return fill(layouts_[steps[at].layout - 1]);
}

const JsonNode* JsonLayouts::fill(Layout& layout) const {
  JsonNode* node = layout.nodes.data();
  for (const Stand& stand : layout.stands) node++->offset = values_[stand.value].before + stand.behind;
  const Value* value = values_.data();
  for (const std::uint32_t place : layout.values) {
    layout.nodes[place].type = static_cast<JsonType>(value->kind);
    layout.nodes[place].text = value++->text;
  }
  return layout.nodes.data();
}

}  // namespace quaywatch::codec
