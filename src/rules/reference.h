// References: the tables and zones of a pack, which the lets of its rules ask. Immutable after loading.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/problem.h"
#include "rules/table.h"
#include "rules/yaml.h"
#include "rules/zone.h"

namespace quaywatch::rules {

struct References {
  std::vector<Table> tables;
  std::vector<Zone> zones;
};

// Is it the document of a table or a zone, not of a rule?
bool is_reference(const Document& document);
// Adds what the document states; a name belongs to one table and to one zone of the pack.
void add_reference(const Document& document, References& to, Problem& problem);

// What both have in common: a title, and under `key` a map of `known` keys with a name.
void read_named(const Document& document, std::string_view key, std::span<const std::string_view> known,
                std::string& name, Problem& problem);

}  // namespace quaywatch::rules
