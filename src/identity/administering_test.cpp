#include "identity/administering.h"

#include <gtest/gtest.h>

namespace quaywatch::identity {
namespace {

using enum Role;
using enum OrganisationKind;

const std::vector<Organisation> kAll{{"o-t", "T", terminal, {"*"}}, {"o-p", "P", port_authority, {"*"}},
                                     {"o-c", "C", customs, {"*"}},  {"o-d", "D", police, {"*"}}};

User user_of(std::string organisation, std::vector<Role> roles, bool is_disabled = false) {
  User u;
  u.organisation_id = std::move(organisation);
  u.roles = std::move(roles);
  u.is_disabled = is_disabled;
  return u;
}

TEST(Administering, AnOrganisationWithAnAdministratorIsItsOwn) {
  std::vector<User> users{user_of("o-t", {administrator}), user_of("o-p", {officer})};
  const Administering with{kAll[0], kAll, users};
  EXPECT_TRUE(may_administer(with, kAll[0]));
  EXPECT_TRUE(may_administer(with, kAll[1])) << "nobody there could";
  users.push_back(user_of("o-p", {administrator, officer}));
  EXPECT_FALSE(may_administer(with, kAll[1]));
  users.back().is_disabled = true;
  EXPECT_TRUE(may_administer(with, kAll[1]));
  EXPECT_TRUE(may_add(with, kAll[1], {viewer}));
}

TEST(Administering, BehindTheWallNobodyFromOutsidePutsMoreThanAnAdministrator) {
  std::vector<User> users{user_of("o-t", {administrator})};
  const Administering outside{kAll[0], kAll, users}, inside{kAll[2], kAll, users};
  EXPECT_FALSE(may_add(outside, kAll[2], {officer}));
  EXPECT_TRUE(may_add(outside, kAll[2], {administrator, officer}));
  EXPECT_FALSE(may_administer(outside, kAll[2])) << "a password that is reset lets in, too";
  EXPECT_TRUE(may_administer(inside, kAll[3]));
  EXPECT_TRUE(may_add(inside, kAll[3], {officer}));
  EXPECT_TRUE(may_make(outside, customs));
  users.push_back(user_of("o-c", {administrator}));
  EXPECT_FALSE(may_add(outside, kAll[2], {administrator}));
  EXPECT_FALSE(may_make(outside, customs));
  EXPECT_FALSE(may_make(outside, authority));
  EXPECT_TRUE(may_make(outside, terminal));
  EXPECT_TRUE(may_make(inside, police));
}

}  // namespace
}  // namespace quaywatch::identity
