#include "rules/reference.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "rules/block.h"

namespace quaywatch::rules {
namespace {

constexpr std::array<std::string_view, 9> kKeys = {"title",    "id",         "description", "author", "date",
                                                   "modified", "references", "table",       "zone"};

template <typename T>
void add(T read, std::string_view what, int line, std::vector<T>& to, Problem& problem) {
  if (problem.found()) return;
  const auto same = [&](const T& known) { return known.name == read.name; };
  if (std::any_of(to.begin(), to.end(), same))
    return problem.say(line,
                       fmt::format("there are two {}s named '{}'; give this one a name of its own", what, read.name));
  to.push_back(std::move(read));
}

}  // namespace

bool is_reference(const Document& document) {
  return !document.root.find("detection") && !document.root.find("correlation") && !document.root.find("filter") &&
         (document.root.find("table") || document.root.find("zone"));
}

void add_reference(const Document& document, References& to, Problem& problem) {
  const Node* table = document.root.find("table");
  const Node* zone = document.root.find("zone");
  if (table && zone) return problem.say(zone->line, "one document is either a table or a zone; write two");
  if (table)
    add(Table::read(document, problem), "table", table->line, to.tables, problem);
  else
    add(Zone::read(document, problem), "zone", zone->line, to.zones, problem);
}

void read_named(const Document& document, std::string_view key, std::span<const std::string_view> known,
                std::string& name, Problem& problem) {
  check_keys(document.root, "the document", kKeys, problem);
  const Node* title = document.root.find("title");
  if (!title || !title->is_scalar() || trim(title->text).empty()) problem.say(document.line, "title is missing");
  const Node& map = *document.root.find(key);
  if (!map.is_map()) return problem.say(map.line, fmt::format("{} must be a map of {}", key, joined(known)));
  check_keys(map, key, known, problem);
  const Node* node = map.find("name");
  if (!node || !is_plain_name(node->text))
    return problem.say(map.line, fmt::format("{}.name must be a lower-case name (a-z, 0-9, _)", key));
  name = node->text;
}

}  // namespace quaywatch::rules
