#include "identity/administering.h"

#include <algorithm>

#include "identity/wall.h"

namespace quaywatch::identity {
namespace {

bool has_administrator(const std::vector<User>& users, std::string_view organisation_id) {
  return std::any_of(users.begin(), users.end(), [&](const User& u) {
    return u.organisation_id == organisation_id && u.has(Role::administrator) && !u.is_disabled;
  });
}

bool enters_wall(const Administering& with, OrganisationKind kind) {
  return is_behind_wall(kind) && !is_behind_wall(with.own.kind);
}

// Its own, or nobody's yet.
bool may_set_up(const Administering& with, const Organisation& organisation) {
  return with.own.id == organisation.id || !has_administrator(with.users, organisation.id);
}

}  // namespace

bool may_administer(const Administering& with, const Organisation& organisation) {
  return may_set_up(with, organisation) && !enters_wall(with, organisation.kind);
}

bool may_add(const Administering& with, const Organisation& organisation, const std::vector<Role>& roles) {
  return may_set_up(with, organisation) &&
         (!enters_wall(with, organisation.kind) ||
          std::find(roles.begin(), roles.end(), Role::administrator) != roles.end());
}

bool may_make(const Administering& with, OrganisationKind kind) {
  return !enters_wall(with, kind) ||
         std::none_of(with.organisations.begin(), with.organisations.end(), [&](const Organisation& o) {
           return is_behind_wall(o.kind) && has_administrator(with.users, o.id);
         });
}

}  // namespace quaywatch::identity
