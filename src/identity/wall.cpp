#include "identity/wall.h"

#include <algorithm>

#include "base/text.h"

namespace quaywatch::identity {
namespace {

// First words of types and fields behind the wall.
constexpr std::string_view kWalledWords[] = {"selection", "inspection", "scan", "customs"};
// What the box's way through the port is told by: without it no terminal could let a box go.
constexpr EventType kOpenTypes[] = {EventType::customs_released};
// A control is a result of customs wherever it is recorded.
constexpr EventType kWalledTypes[] = {EventType::container_inspected};

bool is_walled_name(std::string_view name) {
  const std::string_view word = name.substr(0, name.find('.'));
  return std::find(std::begin(kWalledWords), std::end(kWalledWords), word) != std::end(kWalledWords);
}

template <std::size_t N>
bool is_among(const EventType (&types)[N], EventType type) {
  return std::find(std::begin(types), std::end(types), type) != std::end(types);
}

bool is_walled(EventType type) {
  return is_among(kWalledTypes, type) || (is_walled_name(info(type).name) && !is_among(kOpenTypes, type));
}

// A fact whose every source of one kind is walled ("a|b,c": a or b, and c) says nothing else than what they say.
bool rests_on_walled(std::string_view needs) {
  for (const std::string_view all : split(needs, ',')) {
    const auto any = split(all, '|');
    const bool is_only_walled = !all.empty() && std::all_of(any.begin(), any.end(), [](std::string_view word) {
      const auto type = find_event_type(trim(word));
      return type && is_walled(*type);
    });
    if (is_only_walled) return true;
  }
  return false;
}

bool has(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

bool is_behind_wall(OrganisationKind kind) {
  return kind == OrganisationKind::customs || kind == OrganisationKind::police || kind == OrganisationKind::authority;
}

bool seals_look_ups(OrganisationKind kind) {
  return kind == OrganisationKind::customs || kind == OrganisationKind::police;
}

bool may_see(const Reader& reader, EventType type) {
  return is_behind_wall(reader.kind) || !is_walled(type);
}

bool may_see(const Reader& reader, FieldId field) {
  return is_behind_wall(reader.kind) || !(is_walled_name(info(field).name) || rests_on_walled(info(field).needs));
}

// Terminals record controls too: that none is on record tells them nothing that they could not look up themselves, and
// without it they would see no alert on a swapped seal.
bool may_see_absence(const Reader& reader, EventType type) {
  return may_see(reader, type) || is_among(kWalledTypes, type);
}

bool may_read_owner(const Reader& reader, std::string_view owner) {
  return has(reader.owners, "*") || has(reader.owners, owner);
}

bool is_own(const Reader& reader, std::string_view pseudonym) {
  return has(reader.linked_accounts, pseudonym);
}

}  // namespace quaywatch::identity
