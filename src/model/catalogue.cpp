#include "model/catalogue.h"

#include <iterator>
#include <unordered_map>
#include <vector>

#include "base/text.h"

namespace quaywatch {
namespace {

#include "model/tables.gen.inc"

using Names = std::unordered_map<std::string_view, std::uint16_t>;

// Indices of a table by name; built once.
template <typename T, std::size_t N>
Names by_name(const T (&table)[N]) {
  Names out;
  for (std::size_t i = 0; i < N; ++i) out.emplace(table[i].name, static_cast<std::uint16_t>(i));
  return out;
}

std::optional<std::uint16_t> find(const Names& names, std::string_view name) {
  const auto it = names.find(name);
  return it != names.end() ? std::optional(it->second) : std::nullopt;
}

template <typename T, std::size_t N>
std::string_view nearest_name(const T (&table)[N], std::string_view word) {
  std::vector<std::string_view> names;
  for (const T& row : table) names.push_back(row.name);
  return nearest(word, names);
}

}  // namespace

constinit const FieldInfo* const kFieldInfos = kFields;

const EventTypeInfo& info(EventType type) {
  return kEventTypes[static_cast<std::size_t>(type)];
}
std::string_view name(SubjectKind kind) {
  return kSubjectNames[static_cast<std::size_t>(kind)];
}

std::optional<SubjectKind> find_subject_kind(std::string_view word) {
  for (std::size_t i = 1; i < std::size(kSubjectNames); ++i)
    if (kSubjectNames[i] == word) return static_cast<SubjectKind>(i);
  return std::nullopt;
}

std::optional<EventType> find_event_type(std::string_view word) {
  static const Names names = by_name(kEventTypes);
  const auto i = find(names, word);
  return i ? std::optional(static_cast<EventType>(*i)) : std::nullopt;
}

std::optional<FieldId> find_field(std::string_view word) {
  static const Names names = by_name(kFields);
  const auto i = find(names, word);
  return i ? std::optional(static_cast<FieldId>(*i)) : std::nullopt;
}

std::string_view nearest_field(std::string_view word) {
  return nearest_name(kFields, word);
}
std::string_view nearest_event_type(std::string_view word) {
  return nearest_name(kEventTypes, word);
}

}  // namespace quaywatch
