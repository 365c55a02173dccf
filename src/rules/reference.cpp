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

// False where the name is taken.
template <typename T>
bool add(T read, std::vector<T>& to) {
  if (std::any_of(to.begin(), to.end(), [&](const T& known) { return known.name == read.name; })) return false;
  to.push_back(std::move(read));
  return true;
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
  if (table) {
    Table read = Table::read(document, problem);
    const std::string name = read.name;
    if (!problem.found() && !add(std::move(read), to.tables))
      problem.say(table->line, fmt::format("there are two tables named '{}'; give this one a name of its own", name));
    return;
  }
  Zone read = Zone::read(document, problem);
  const std::string name = read.name;
  if (!problem.found() && !add(std::move(read), to.zones))
    problem.say(zone->line, fmt::format("there are two zones named '{}'; give this one a name of its own", name));
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
