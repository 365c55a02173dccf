#include "codec/json_paths.h"

#include <algorithm>
#include <bit>

namespace quaywatch::codec {

// The first slot from the hash on that holds the key, or none.
std::size_t JsonPaths::slot(std::uint16_t parent, std::string_view key, std::uint32_t mark) const {
  const std::size_t mask = steps_.size() - 1;
  std::size_t at = (mark + parent * 37U) & mask;
  while (steps_[at].self != 0 && (steps_[at].parent != parent || steps_[at].key != key)) at = (at + 1) & mask;
  return at;
}

JsonPaths::JsonPaths(std::span<const std::string_view> paths) {
  std::size_t keys = 0;
  for (const std::string_view path : paths) keys += 1 + static_cast<std::size_t>(std::ranges::count(path, '.'));
  steps_.resize(std::bit_ceil(4 * keys + 1));
  std::uint16_t count = 0;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    std::string_view rest = paths[i];
    for (std::uint16_t parent = 0;;) {
      const std::string_view key = rest.substr(0, rest.find('.'));
      Step& step = steps_[slot(parent, key, key_mark(key))];
      if (step.self == 0) step = {key, parent, ++count};
      parent = step.self;
      step.leads_on |= key.size() < rest.size();
      if (key.size() == rest.size()) {
        step.place = static_cast<std::uint16_t>(i);
        step.is_path = true;
        break;
      }
      rest.remove_prefix(key.size() + 1);
    }
  }
}

void JsonPaths::find(const JsonNode& root, std::span<const JsonNode*> found) const {
  if (root.type == JsonType::object) find(root, 0, found);
}

void JsonPaths::find(const JsonNode& object, std::uint16_t parent, std::span<const JsonNode*> found) const {
  for (const JsonNode& member : object) {
    const Step& step = steps_[slot(parent, member.key, member.mark)];
    if (step.self == 0 || member.type == JsonType::null) continue;
    if (step.is_path) found[step.place] = &member;
    if (step.leads_on && member.type == JsonType::object) find(member, step.self, found);
  }
}

}  // namespace quaywatch::codec
