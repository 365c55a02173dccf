#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <type_traits>

#include "api/answer.h"
#include "api/case_pages.h"
#include "api/operations.h"
#include "api/parameters.h"
#include "api/subject_pages.h"
#include "api/unmasking_pages.h"
#include "api/visibility.h"
#include "api/words_json.h"
#include "base/limits_server.h"
#include "identity/administering.h"

namespace quaywatch::api {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kLinkedAccounts = 32;
constexpr std::string_view kAuditPage = "audit";

// The rules of identity/administering.h for the administrator who asks, as things are now.
class Administrator {
 public:
  Administrator(const Context& context, const Call& call)
      : own_(call.organisation),
        organisations_(context.directory->organisations()),
        users_(context.directory->users()) {}

  const std::vector<identity::Organisation>& organisations() const { return organisations_; }
  const std::vector<identity::User>& users() const { return users_; }
  bool administers(const identity::Organisation& o) const { return may_administer(with(), o); }
  bool administers(const identity::User& u) const {
    const auto* o = find(u.organisation_id);
    return o != nullptr && administers(*o);
  }
  bool may_make(identity::OrganisationKind kind) const { return identity::may_make(with(), kind); }
  bool is_administered_elsewhere(const identity::Organisation& o) const {
    return !may_add(with(), o, {identity::Role::administrator});
  }

  // Why not; nullopt: he may. An organisation that is not known is refused by the directory.
  std::optional<io::HttpResponse> refuse_change(const std::string& organisation_id) const {
    const auto* o = find(organisation_id);
    return o == nullptr || administers(*o) ? std::nullopt : std::optional(not_yours(*o));
  }
  std::optional<io::HttpResponse> refuse_new(const std::string& organisation_id,
                                             const std::vector<identity::Role>& roles) const {
    const auto* o = find(organisation_id);
    return o == nullptr || may_add(with(), *o, roles) ? std::nullopt : std::optional(not_yours(*o));
  }

 private:
  io::HttpResponse not_yours(const identity::Organisation& o) const {
    std::string why =
        is_administered_elsewhere(o)
            ? fmt::format("{} has administrators of its own: ask them", o.name)
            : fmt::format("{} is an enforcement body: make an administrator of it, who makes its other users", o.name);
    return problem(403, "not_yours", why);
  }
  identity::Administering with() const { return {own_, organisations_, users_}; }
  const identity::Organisation* find(const std::string& id) const {
    for (const identity::Organisation& o : organisations_)
      if (o.id == id) return &o;
    return nullptr;
  }

  identity::Organisation own_;
  std::vector<identity::Organisation> organisations_;
  std::vector<identity::User> users_;
};

ordered_json user_json(const identity::User& u) {
  return {{"id", u.id},
          {"login", u.login},
          {"name", u.name},
          {"organisation_id", u.organisation_id},
          {"roles", role_names(u.roles)},
          {"disabled", u.is_disabled},
          {"must_change_password", u.must_change_password},
          {"totp_enrolled", u.is_totp_enrolled},
          {"linked_accounts", u.linked_accounts}};
}

io::HttpResponse with_password(const identity::UserWithPassword& made, int status) {
  const bool has_one = !made.one_time_password.empty();
  return json_answer({{"user", user_json(made.user)},
                      {"one_time_password", has_one ? ordered_json(made.one_time_password) : ordered_json(nullptr)}},
                     status);
}

std::vector<identity::Role> read_roles(Reading& in, bool is_needed) {
  std::vector<identity::Role> out;
  for (const std::string& word : in.texts("roles", 5, 32, is_needed)) {
    const auto role = identity::find_role(word);
    if (!role) in.refuse("roles", fmt::format("there is no role '{}'", word));
    if (role) out.push_back(*role);
  }
  return out;
}

// Clear accounts and cards come in, pseudonyms are kept. The login is an account too: that of the user's look-ups.
std::vector<std::string> read_linked(Context& context, Reading& in, const std::string& login) {
  std::vector<std::string> out{context.live->shown(PersonalClass::account, login)};
  for (const std::string& clear : in.texts("accounts", kLinkedAccounts, 100))
    out.push_back(context.live->shown(PersonalClass::account, clear));
  for (const std::string& clear : in.texts("credentials", kLinkedAccounts, 100))
    out.push_back(context.live->shown(PersonalClass::credential, clear));
  return out;
}

bool is_login(const std::string& text) {
  return text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._@-") ==
         std::string::npos;
}

// What `prepare` gives is stated in the journal, with who did it, and then kept. Under people_mutex, so that nobody
// prepares the same between the two.
template <typename T, typename Prepare>
Result<T> state_and_keep(Context& context, const Call& call, std::string operation, std::string detail,
                         Prepare&& prepare) {
  T stated;
  auto written = context.live->write([&]() -> Result<std::vector<journal::Entry>> {
    auto prepared = prepare();
    if (!prepared) return tl::unexpected(prepared.error());
    stated = std::move(*prepared);
    auto statement = context.directory->statement(stated);
    if (!statement) return tl::unexpected(statement.error());
    const char* kind = std::is_same_v<T, identity::User> ? "user:" : "organisation:";
    auto entries = entries_of(context, call, {std::move(operation), kind + stated.id, std::move(detail), {}, {}});
    if (!entries) return entries;
    entries->emplace_back(journal::TextEntry{std::move(statement->topic), call.now, std::move(statement->body)});
    return entries;
  });
  if (!written) return tl::unexpected(written.error());
  if (auto kept = context.directory->keep(stated); !kept) return tl::unexpected(kept.error());
  return stated;
}

std::vector<std::string> read_owners(Reading& in) {
  auto owners = in.texts("owners", 64, 64, true);
  // An organisation's id owns its look-ups, which are nobody else's to read.
  if (std::any_of(owners.begin(), owners.end(), [](const auto& o) { return is_id(o, 'o'); }))
    in.refuse("owners", "the look-ups of another organisation cannot be read");
  return owners;
}

}  // namespace

io::HttpResponse list_colleagues(Context& context, const Call& call) {
  ordered_json j{{"items", ordered_json::array()}};
  for (const identity::User& u : context.directory->users())
    if (u.organisation_id == call.organisation.id && u.has(identity::Role::officer) && !u.is_disabled)
      j["items"].push_back({{"id", u.id}, {"login", u.login}, {"name", u.name}});
  return json_answer(j);
}

io::HttpResponse list_users(Context& context, const Call& call) {
  ordered_json j{{"items", ordered_json::array()}};
  const Administrator by(context, call);
  for (const identity::User& u : by.users())
    if (by.administers(u)) j["items"].push_back(user_json(u));
  return json_answer(j);
}

io::HttpResponse create_user(Context& context, const Call& call) {
  Reading in(call.body, {"login", "name", "organisation_id", "roles", "accounts", "credentials"});
  identity::NewUser wanted;
  wanted.login = in.text("login", 64, true);
  if (!is_login(wanted.login)) in.refuse("login", "a login holds letters, digits and . _ @ - only");
  wanted.name = in.text("name", 100, true);
  wanted.organisation_id = in.id("organisation_id", 'o', true);
  wanted.roles = read_roles(in, true);
  wanted.linked_accounts = read_linked(context, in, wanted.login);
  if (!in.is_good()) return invalid(in);
  const std::lock_guard lock(context.people_mutex);
  if (auto refused = Administrator(context, call).refuse_new(wanted.organisation_id, wanted.roles))
    return std::move(*refused);
  const auto user = state_and_keep<identity::User>(context, call, "createUser", {},
                                                   [&] { return context.directory->prepare(wanted); });
  if (!user) return problem(user.error());
  const auto made = context.directory->reset(user->id, call.now);
  return made ? with_password(*made, 201) : problem(made.error());
}

io::HttpResponse change_user(Context& context, const Call& call) {
  const std::string& id = call.path.at("userId");
  Reading in(call.body, {"name", "roles", "disabled", "reset", "reset_second_factor", "accounts", "credentials"});
  identity::UserChange change;
  if (in.has("name")) change.name = in.text("name", 100, true);
  if (in.has("roles")) change.roles = read_roles(in, true);
  change.is_disabled = in.flag("disabled");
  const bool is_reset = in.flag("reset").value_or(false);
  const bool drops_factor = in.flag("reset_second_factor").value_or(false);
  const auto user = context.directory->user(id);
  if (!user) return problem(404, "not_found", "there is no such user", "userId");
  if (in.has("accounts") || in.has("credentials")) change.linked_accounts = read_linked(context, in, user->login);
  if (!in.is_good()) return invalid(in);
  const std::lock_guard lock(context.people_mutex);
  if (auto refused = Administrator(context, call).refuse_change(user->organisation_id)) return std::move(*refused);
  const auto stated = state_and_keep<identity::User>(context, call, "changeUser", reset_detail(is_reset, drops_factor),
                                                     [&] { return context.directory->prepare(id, change); });
  if (!stated) return problem(stated.error());
  if (auto dropped = drops_factor ? context.directory->drop_second_factor(id) : Result<void>{}; !dropped)
    return problem(dropped.error());
  const auto reset = is_reset ? context.directory->reset(id, call.now) : Result<identity::UserWithPassword>();
  context.sessions.end_all_of(id);
  context.hub.drop_unless([&](const EventHub::Reading& r) { return context.sessions.is_valid(r.token, call.now); });
  if (!reset) return problem(reset.error());
  const auto changed = context.directory->user(id);
  return with_password({changed.value_or(*stated), reset->one_time_password}, 200);
}

io::HttpResponse list_organisations(Context& context, const Call& call) {
  ordered_json j{{"items", ordered_json::array()}};
  const Administrator by(context, call);
  for (const auto& o : by.organisations()) {
    j["items"].push_back(organisation_json(o));
    j["items"].back()["is_administered_elsewhere"] = by.is_administered_elsewhere(o);
  }
  return json_answer(j);
}

io::HttpResponse create_organisation(Context& context, const Call& call) {
  Reading in(call.body, {"name", "kind", "owners"});
  identity::Organisation wanted;
  wanted.name = in.text("name", 100, true);
  const std::string kind = in.text("kind", 32, true);
  const auto found = identity::find_organisation_kind(kind);
  if (in.is_good() && !found) in.refuse("kind", fmt::format("there is no kind '{}'", kind));
  wanted.kind = found.value_or(identity::OrganisationKind::carrier);
  wanted.owners = read_owners(in);
  if (!in.is_good()) return invalid(in);
  const std::lock_guard lock(context.people_mutex);
  if (!Administrator(context, call).may_make(wanted.kind))
    return problem(403, "not_yours",
                   "enforcement bodies are here already and have administrators: one of them makes another", "kind");
  const auto made = state_and_keep<identity::Organisation>(context, call, "createOrganisation", {},
                                                           [&] { return context.directory->prepare(wanted); });
  if (!made) return problem(made.error());
  return json_answer(organisation_json(*made), 201);
}

io::HttpResponse change_organisation(Context& context, const Call& call) {
  const std::string& id = call.path.at("organisationId");
  Reading in(call.body, {"name", "owners"});
  identity::OrganisationChange change;
  if (in.has("name")) change.name = in.text("name", 100, true);
  if (in.has("owners")) change.owners = read_owners(in);
  if (!in.is_good()) return invalid(in);
  const std::lock_guard lock(context.people_mutex);
  if (auto refused = Administrator(context, call).refuse_change(id)) return std::move(*refused);
  const auto changed = state_and_keep<identity::Organisation>(
      context, call, "changeOrganisation", {}, [&] { return context.directory->prepare(id, change); });
  if (!changed) return problem(changed.error());
  // Their pages open the stream anew, with what they may read now.
  context.hub.drop_unless([&](const EventHub::Reading& r) { return r.organisation_id != id; });
  return json_answer(organisation_json(*changed));
}

// Whom an alert, a case, an unmasking or a request concerns does not learn of it from the record of what others did.
bool is_hidden(const Context& context, const Call& call, const AuditEntry& e) {
  const auto colon = e.subject.find(':');
  if (colon == std::string::npos) return false;
  const std::string kind = e.subject.substr(0, colon), key = e.subject.substr(colon + 1);
  if (kind == "unmasking") return !find_unmasking(context, call.reader, call.organisation.id, key);
  if (kind == "request") return !find_subject_request(context, call.reader, call.organisation.id, key);
  if (kind == "case") return is_case_about(context, call.reader, key);
  if (kind != "alert") return identity::is_own(call.reader, key);
  const auto alert = context.live->view()->alerts->find(key);
  return alert != nullptr && is_about(call.reader, *alert);
}

// What administrators of others did to people of this organisation, before it had an administrator.
bool is_done_to(const Context& context, const std::string& organisation_id, const AuditEntry& e) {
  constexpr std::string_view user = "user:", organisation = "organisation:";
  if (e.operation != "createUser" && e.operation != "changeUser" && e.operation != "createOrganisation" &&
      e.operation != "changeOrganisation")
    return false;
  if (e.subject.starts_with(organisation)) return e.subject.substr(organisation.size()) == organisation_id;
  if (!e.subject.starts_with(user)) return false;
  const auto whom = context.directory->user(e.subject.substr(user.size()));
  return whom && whom->organisation_id == organisation_id;
}

// Of the own organisation only: what customs or police look up is theirs alone.
io::HttpResponse list_audit(Context& context, const Call& call) {
  Reading in(call.query);
  const std::string user = in.id("user_id", 'u'), subject = in.text("subject", 200, false, 0);
  const std::size_t limit = in.count("limit", 1, limits::kPageRows, 100);
  const std::string cursor = in.text("cursor", 200, false, 0);
  const auto before = cursor.empty() ? ~std::uint64_t{0} : context.numbers.unlock(kAuditPage, cursor);
  if (!before) in.refuse("cursor", "this is no cursor of this list, or from before the server started: read it anew");
  if (!in.is_good()) return invalid(in);
  const auto rows = context.audit.latest(*before, limit + 1, [&](const AuditEntry& e) {
    const bool is_own = e.organisation_id == call.organisation.id || is_done_to(context, call.organisation.id, e);
    return is_own && (user.empty() || e.user_id == user) && (subject.empty() || e.subject == subject) &&
           !is_hidden(context, call, e);
  });
  ordered_json j{{"items", ordered_json::array()}, {"next_cursor", nullptr}};
  for (std::size_t i = 0; i < rows.size() && i < limit; ++i) {
    const AuditEntry& e = rows[i];
    ordered_json row{{"at", format_rfc3339(e.at)}};
    row["by"] = person_json(context, call.organisation.id, e.user_id);
    row["operation"] = e.operation;
    row["subject"] = e.subject;
    if (!e.detail.empty()) row["detail"] = e.detail;
    j["items"].push_back(std::move(row));
  }
  if (rows.size() > limit) j["next_cursor"] = context.numbers.lock(kAuditPage, rows[limit - 1].sequence);
  return json_answer(j);
}

}  // namespace quaywatch::api
