// The members of a record at paths that are known beforehand: all found in one walk over the record, a look-up for each
// key that stands in it, instead of a search for each path. A path is keys joined by dots and has no array on its way.
//
//   constexpr std::string_view kPaths[] = {"call.vessel.name", "reason"};
//   const JsonMembers<kPaths> members(&root);
//   members.text("reason");
//
// Threads: JsonPaths never changes; JsonMembers points into the tree and lives as long. JsonMembersByLayout belongs to
// one thread and to one reader.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string_view>
#include <type_traits>
#include <vector>

#include "codec/json_documents.h"

namespace quaywatch::codec {

class JsonPaths {
 public:
  // At most 1000 paths that differ; their text outlives this.
  explicit JsonPaths(std::span<const std::string_view> paths);
  // found[i] becomes what stands at paths[i]; left alone where that is absent or null, as with JsonNode::find_path.
  void find(const JsonNode& root, std::span<const JsonNode*> found) const;

 private:
  struct Step {  // a key below its parent; 0 is the root
    std::string_view key;
    std::uint16_t parent = 0, self = 0, place = 0;
    bool is_path = false, leads_on = false;
  };
  std::size_t slot(std::uint16_t parent, std::string_view key, std::uint32_t mark) const;
  void find(const JsonNode& object, std::uint16_t parent, std::span<const JsonNode*> found) const;

  std::vector<Step> steps_;  // hashed; `self` is 0 where there is none
};

// A place in `paths`, written as the path itself; one that is not among them does not compile.
template <const auto& paths>
struct JsonPath {
  consteval JsonPath(const char* path) : text(path) {
    while (place < std::size(paths) && paths[place] != text) ++place;
    if (place == std::size(paths)) throw std::logic_error("this path is not in the list");
  }
  std::string_view text;
  std::size_t place = 0;
};

template <const auto& paths>
class JsonMembers {
 public:
  using Path = JsonPath<paths>;
  explicit JsonMembers(const JsonNode* root) {  // null: none is found
    static const JsonPaths known(paths);
    if (root != nullptr) known.find(*root, found_);
  }
  const JsonNode* find(Path path) const { return found_[path.place]; }  // nullptr when absent or null
  std::string_view text(Path path) const {                              // empty when it is no text
    const JsonNode* node = find(path);
    return node != nullptr && node->type == JsonType::text ? node->text : std::string_view{};
  }

 private:
  std::array<const JsonNode*, std::size(paths)> found_{};
};

// The members of one record after the other: what is alike (JsonNode::layout) is searched once.
template <const auto& paths>
class JsonMembersByLayout {
 public:
  // `node` is the root of a record of that layout, or the same part of each; null as above. Valid until the next call.
  const JsonMembers<paths>& of(const JsonNode* node, std::uint32_t layout) {
    if (layout >= known_.size()) known_.resize(layout + 1);
    std::optional<JsonMembers<paths>>& known = known_[layout];
    if (layout == 0 || !known) known.emplace(node);
    return *known;
  }

 private:
  std::vector<std::optional<JsonMembers<paths>>> known_;
};

}  // namespace quaywatch::codec
