// Administering: which administrators may change which organisations. An organisation with an administrator of its own
// is nobody else's; until it has one, any administrator sets it up. Behind the wall of customs' data (wall.h) somebody
// from outside can put an administrator alone, and only where nobody stands yet: whoever is there lets in the rest. Why
// so: docs/decisions/0030-administrators.md. Pure functions; thread-safe.
#pragma once

#include <string_view>
#include <vector>

#include "identity/words.h"

namespace quaywatch::identity {

struct Administering {
  const Organisation& own;  // of the administrator
  const std::vector<Organisation>& organisations;
  const std::vector<User>& users;
};

// Change its users, and see them.
bool may_administer(const Administering& with, const Organisation& organisation);
// Make one more user of it, of these roles.
bool may_add(const Administering& with, const Organisation& organisation, const std::vector<Role>& roles);
// Make one more organisation.
bool may_make(const Administering& with, OrganisationKind kind);

}  // namespace quaywatch::identity
