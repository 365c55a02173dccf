// Who may be what: roles of users and kinds of organisations, with their words on the wire. Values; thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quaywatch::identity {

// What a user may do. A user may have several.
enum class Role : std::uint8_t {
  administrator,  // users and organisations; sees no alert by this alone
  officer,        // sees and decides
  viewer,         // sees
  auditor,        // sees who looked at what, feeds and rules; no alert by this alone
  feeder,         // a machine that delivers events; sees nothing
  gate,           // who is on duty at a gate: sees the boxes to be kept, and whose lorry comes for them
};
// Whose eyes the user has: decides which walls stand before all users of the organisation.
enum class OrganisationKind : std::uint8_t { terminal, carrier, port_authority, customs, police, authority };

inline constexpr std::array<std::string_view, 6> kRoleNames{"administrator", "officer", "viewer",
                                                                   "auditor",       "feeder",  "gate"};
inline constexpr std::array<std::string_view, 6> kOrganisationKindNames{"terminal", "carrier", "port_authority",
                                                                        "customs",  "police",  "authority"};

constexpr std::string_view name(Role role) { return kRoleNames[static_cast<std::size_t>(role)]; }
constexpr std::string_view name(OrganisationKind kind) {
  return kOrganisationKindNames[static_cast<std::size_t>(kind)];
}
std::optional<Role> find_role(std::string_view word);
std::optional<OrganisationKind> find_organisation_kind(std::string_view word);

// A bit for each of them: 1 << role.
std::uint8_t bits(const std::vector<Role>& roles);

struct Organisation {
  std::string id;  // o-<16 hex digits>
  std::string name;
  OrganisationKind kind{};
  std::vector<std::string> owners;  // of records (feed contracts) that it may read; "*": all

  bool operator==(const Organisation&) const = default;
};

struct User {
  std::string id;  // u-<16 hex digits>; what stands in the journal
  std::string login, name;
  std::string organisation_id;
  std::vector<Role> roles;
  std::vector<std::string> linked_accounts;  // pseudonyms of this person's accounts and cards in the feeds
  bool is_disabled = false;
  bool must_change_password = false;
  bool is_totp_enrolled = false;

  bool has(Role role) const;
  bool operator==(const User&) const = default;
};

}  // namespace quaywatch::identity
