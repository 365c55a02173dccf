#include "identity/words.h"

#include <algorithm>

namespace quaywatch::identity {
namespace {

template <typename T, std::size_t N>
std::optional<T> find(const std::array<std::string_view, N>& words, std::string_view word) {
  const auto at = std::find(words.begin(), words.end(), word);
  if (at == words.end()) return std::nullopt;
  return static_cast<T>(at - words.begin());
}

}  // namespace

std::optional<Role> find_role(std::string_view word) {
  return find<Role>(kRoleNames, word);
}
std::optional<OrganisationKind> find_organisation_kind(std::string_view word) {
  return find<OrganisationKind>(kOrganisationKindNames, word);
}

std::uint8_t bits(const std::vector<Role>& roles) {
  unsigned out = 0;
  for (const Role role : roles) out |= 1u << static_cast<unsigned>(role);
  return static_cast<std::uint8_t>(out);
}

bool User::has(Role role) const {
  return std::find(roles.begin(), roles.end(), role) != roles.end();
}

}  // namespace quaywatch::identity
