// The YAML that rule files are written in (YAML 1.2, through yaml-cpp): documents as plain trees with line numbers.
// A subset on purpose: no anchors, aliases, tags or duplicate keys, keys are scalars, depth at most
// limits::kRuleDepth, so that what a reader sees is what is compiled. Nothing throws out of here.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/problem.h"

namespace quaywatch::rules {

struct Entry;

struct Node {
  enum class Kind : std::uint8_t { null, scalar, list, map };
  Kind kind = Kind::null;
  int line = 0;      // from 1, of the file
  std::string text;  // of a scalar, quotes taken off: what it means is decided by the field it is compared with
  std::vector<Node> items;
  std::vector<Entry> entries;

  bool is_null() const { return kind == Kind::null; }
  bool is_scalar() const { return kind == Kind::scalar; }
  bool is_list() const { return kind == Kind::list; }
  bool is_map() const { return kind == Kind::map; }
  const Node* find(std::string_view key) const;
};

struct Entry {
  std::string key;
  int line = 0;
  Node value;
};

// Every key of a map must be known.
void check_keys(const Node& map, std::string_view what, std::span<const std::string_view> known, Problem& problem);

struct Document {
  Node root;
  int line = 1;           // first line of the document in its file
  std::string_view text;  // its bytes without the `---` line; points into what was given to read_documents
  Problem problem;        // set when the document cannot be read; root is then incomplete
};

// The documents of one file, in order. Documents without content are left out. Each is read by itself, so that a
// syntax error costs only its own document.
std::vector<Document> read_documents(std::string_view text);

}  // namespace quaywatch::rules
