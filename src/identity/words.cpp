#include "identity/words.h"

#include <algorithm>

#include "base/named.h"

namespace quaywatch::identity {

std::optional<Role> find_role(std::string_view word) {
  return find_named<Role>(kRoleNames, word);
}
std::optional<OrganisationKind> find_organisation_kind(std::string_view word) {
  return find_named<OrganisationKind>(kOrganisationKindNames, word);
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
