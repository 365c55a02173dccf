#include "model/catalogue.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "base/text.h"

namespace quaywatch {
namespace {

#include "model/tables.gen.inc"

// Indices of a table in name order, for binary search; built once.
template <typename T, std::size_t N>
std::vector<std::uint16_t> sorted_by_name(const T (&table)[N]) {
  std::vector<std::uint16_t> order(N);
  for (std::size_t i = 0; i < N; ++i) order[i] = static_cast<std::uint16_t>(i);
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return table[a].name < table[b].name; });
  return order;
}

template <typename T, std::size_t N>
std::optional<std::uint16_t> find(const T (&table)[N], const std::vector<std::uint16_t>& order, std::string_view name) {
  const auto it =
      std::lower_bound(order.begin(), order.end(), name, [&](auto i, std::string_view n) { return table[i].name < n; });
  if (it == order.end() || table[*it].name != name) return std::nullopt;
  return *it;
}

template <typename T, std::size_t N>
std::string_view nearest_name(const T (&table)[N], std::string_view word) {
  std::vector<std::string_view> names;
  for (const T& row : table) names.push_back(row.name);
  return nearest(word, names);
}

}  // namespace

const EventTypeInfo& info(EventType type) {
  return kEventTypes[static_cast<std::size_t>(type)];
}
const FieldInfo& info(FieldId field) {
  return kFields[static_cast<std::size_t>(field)];
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
  static const auto order = sorted_by_name(kEventTypes);
  const auto i = find(kEventTypes, order, word);
  return i ? std::optional(static_cast<EventType>(*i)) : std::nullopt;
}

std::optional<FieldId> find_field(std::string_view word) {
  static const auto order = sorted_by_name(kFields);
  const auto i = find(kFields, order, word);
  return i ? std::optional(static_cast<FieldId>(*i)) : std::nullopt;
}

std::string_view nearest_field(std::string_view word) {
  return nearest_name(kFields, word);
}
std::string_view nearest_event_type(std::string_view word) {
  return nearest_name(kEventTypes, word);
}

}  // namespace quaywatch
