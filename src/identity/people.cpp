#include "identity/people.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <optional>

namespace quaywatch::identity {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

tl::unexpected<Error> damaged(std::string_view topic) {
  return fail(ErrorCode::corrupt,
              fmt::format("an entry '{}' of the input log is not of the form this program writes, or was locked with "
                          "the key of another site; restore the data directory from the backup",
                          topic));
}

std::string dump(const ordered_json& j) {
  return j.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

bool read(const json& j, const char* key, std::string& out) {
  const auto member = j.find(key);
  if (member == j.end() || !member->is_string()) return false;
  out = member->get<std::string>();
  return true;
}

bool read(const json& j, const char* key, std::vector<std::string>& out) {
  const auto member = j.find(key);
  if (member == j.end() || !member->is_array()) return false;
  for (const json& word : *member) {
    if (!word.is_string()) return false;
    out.push_back(word.get<std::string>());
  }
  return true;
}

std::optional<Organisation> read_organisation(const json& j) {
  Organisation out;
  std::string kind;
  if (!read(j, "id", out.id) || !read(j, "name", out.name) || !read(j, "kind", kind) || !read(j, "owners", out.owners))
    return std::nullopt;
  const auto known = find_organisation_kind(kind);
  if (!known) return std::nullopt;
  out.kind = *known;
  return out;
}

std::optional<User> read_user(const json& j, const SecretKey& key) {
  User out;
  std::string locked;
  std::vector<std::string> roles;
  if (!read(j, "id", out.id) || !read(j, "organisation", out.organisation_id) || !read(j, "roles", roles) ||
      !read(j, "linked_accounts", out.linked_accounts) || !read(j, "locked", locked))
    return std::nullopt;
  for (const std::string& word : roles) {
    const auto role = find_role(word);
    if (!role) return std::nullopt;
    out.roles.push_back(*role);
  }
  const auto is_disabled = j.find("disabled");
  if (is_disabled == j.end() || !is_disabled->is_boolean()) return std::nullopt;
  out.is_disabled = is_disabled->get<bool>();
  const auto clear = unlock_text(key, locked);
  const json person = json::parse(clear.value_or(""), nullptr, false);
  if (!person.is_object() || !read(person, "login", out.login) || !read(person, "name", out.name)) return std::nullopt;
  return out;
}

}  // namespace

Statement state(const Organisation& o) {
  return {std::string(kOrganisationTopic),
          dump({{"id", o.id}, {"name", o.name}, {"kind", name(o.kind)}, {"owners", o.owners}})};
}

Result<Statement> state(const User& u, const SecretKey& key) {
  auto locked = lock_text(key, dump({{"login", u.login}, {"name", u.name}}));
  if (!locked) return tl::unexpected(locked.error());
  std::vector<std::string> roles;
  for (const Role r : u.roles) roles.emplace_back(name(r));
  return Statement{std::string(kUserTopic), dump({{"id", u.id},
                                                  {"organisation", u.organisation_id},
                                                  {"roles", roles},
                                                  {"linked_accounts", u.linked_accounts},
                                                  {"disabled", u.is_disabled},
                                                  {"locked", *locked}})};
}

Result<void> People::take(std::string_view topic, std::string_view body, const SecretKey& key) {
  if (topic != kOrganisationTopic && topic != kUserTopic) return {};
  const json j = json::parse(body, nullptr, false);
  if (!j.is_object()) return damaged(topic);
  if (topic == kOrganisationTopic) {
    auto organisation = read_organisation(j);
    if (!organisation) return damaged(topic);
    organisations[organisation->id] = std::move(*organisation);
    return {};
  }
  auto user = read_user(j, key);
  if (!user) return damaged(topic);
  users[user->id] = std::move(*user);
  return {};
}

}  // namespace quaywatch::identity
