#include "identity/directory.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/limits_server.h"
#include "base/text.h"
#include "identity/guessing.h"

namespace quaywatch::identity {
namespace {

using Lock = std::lock_guard<std::mutex>;

// DO NOT CHANGE a migration that was released; append.
constexpr std::array<std::string_view, 2> kMigrations{
    R"sql(
CREATE TABLE organisation (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, owners TEXT NOT NULL) STRICT;
CREATE TABLE user (
  id TEXT PRIMARY KEY, login TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
  organisation_id TEXT NOT NULL REFERENCES organisation (id), roles TEXT NOT NULL, linked_accounts TEXT NOT NULL,
  disabled INTEGER NOT NULL, must_change_password INTEGER NOT NULL, password_hash TEXT NOT NULL,
  totp BLOB NOT NULL, totp_wanted BLOB NOT NULL, totp_step INTEGER NOT NULL,
  attempts INTEGER NOT NULL, locked_until_us INTEGER NOT NULL) STRICT;
)sql",
    "ALTER TABLE user ADD COLUMN one_time_until_us INTEGER NOT NULL DEFAULT 0;"};

constexpr std::size_t kPasswordCharacters = 12;

std::string list_text(const std::vector<std::string>& words) {
  return nlohmann::json(words).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::vector<std::string> read_list(const std::string& text) {
  std::vector<std::string> out;
  const auto list = nlohmann::json::parse(text, nullptr, false);
  if (list.is_array())
    for (const auto& word : list)
      if (word.is_string()) out.push_back(word.get<std::string>());
  return out;
}

std::vector<std::string> names(const std::vector<Role>& roles) {
  std::vector<std::string> out;
  for (const Role r : roles) out.emplace_back(name(r));
  return out;
}

// Whatever the case. What has fewer than three letters would stand in any sentence.
bool holds_any(const std::string& text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [lower = to_lower(text)](std::string_view word) {
    return word.size() >= 3 && lower.find(to_lower(word)) != std::string::npos;
  });
}

tl::unexpected<Error> invalid(std::string message, std::string field) {
  return fail(ErrorCode::invalid_argument, std::move(message), std::move(field));
}

// Bound as text; SQLite keeps the bytes, zeros too, and only the column's kind would object.
constexpr std::string_view kSave = R"sql(
INSERT INTO user VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, CAST(?10 AS BLOB), CAST(?11 AS BLOB), ?12, ?13, ?14, ?15)
ON CONFLICT (id) DO UPDATE SET login = ?2, name = ?3, organisation_id = ?4, roles = ?5, linked_accounts = ?6,
  disabled = ?7, must_change_password = ?8,
  password_hash = ?9, totp = CAST(?10 AS BLOB), totp_wanted = CAST(?11 AS BLOB), totp_step = ?12, attempts = ?13,
  locked_until_us = ?14, one_time_until_us = ?15)sql";

}  // namespace

Directory::Directory(store::Database database, const SecretKey& key) : database_(std::move(database)), key_(key) {}

Result<Directory> Directory::open(const std::string& data_dir, const SecretKey& key) {
  auto database = store::Database::open(fmt::format("{}/{}", data_dir, kDatabaseName), kMigrations);
  if (!database) return tl::unexpected(database.error());
  Directory directory(std::move(*database), key);
  if (auto loaded = directory.load(); !loaded) return tl::unexpected(loaded.error());
  return directory;
}

Result<void> Directory::load() {
  const auto organisations = database_.run("SELECT id, name, kind, owners FROM organisation");
  if (!organisations) return tl::unexpected(organisations.error());
  for (const auto& row : *organisations) {
    const auto kind = find_organisation_kind(store::text(row[2]));
    if (!kind)
      return fail(ErrorCode::corrupt, fmt::format("an organisation has an unknown kind: {}", store::text(row[2])));
    organisations_[store::text(row[0])] = {store::text(row[0]), store::text(row[1]), *kind,
                                           read_list(store::text(row[3]))};
  }
  const auto users = database_.run(
      "SELECT id, login, name, organisation_id, roles, linked_accounts, disabled, must_change_password, password_hash, "
      "totp, totp_wanted, totp_step, attempts, locked_until_us, one_time_until_us FROM user");
  if (!users) return tl::unexpected(users.error());
  for (const auto& row : *users) {
    Account a;
    a.user.id = store::text(row[0]);
    a.user.login = store::text(row[1]);
    a.user.name = store::text(row[2]);
    a.user.organisation_id = store::text(row[3]);
    for (const auto& word : read_list(store::text(row[4])))
      if (const auto role = find_role(word)) a.user.roles.push_back(*role);
    a.user.linked_accounts = read_list(store::text(row[5]));
    a.user.is_disabled = store::number(row[6]) != 0;
    a.user.must_change_password = store::number(row[7]) != 0;
    a.password_hash = store::text(row[8]);
    a.totp = store::text(row[9]);
    a.totp_wanted = store::text(row[10]);
    a.user.is_totp_enrolled = !a.totp.empty();
    a.totp_step = store::number(row[11]);
    a.attempts = static_cast<std::uint32_t>(store::number(row[12]));
    a.locked_until = {store::number(row[13])};
    a.one_time_until = {store::number(row[14])};
    accounts_[a.user.id] = std::move(a);
  }
  return {};
}

Result<void> Directory::save(Account a) {
  a.user.is_totp_enrolled = !a.totp.empty();
  const auto flag = [](bool b) { return std::int64_t{b ? 1 : 0}; };
  const auto saved = database_.run(
      kSave, {a.user.id, a.user.login, a.user.name, a.user.organisation_id, list_text(names(a.user.roles)),
              list_text(a.user.linked_accounts), flag(a.user.is_disabled), flag(a.user.must_change_password),
              a.password_hash, a.totp, a.totp_wanted, a.totp_step, std::int64_t{a.attempts}, a.locked_until.us,
              a.one_time_until.us});
  if (!saved) return tl::unexpected(saved.error());
  accounts_[a.user.id] = std::move(a);
  return {};
}

Result<void> Directory::save(const Organisation& o) {
  const auto saved = database_.run(
      "INSERT INTO organisation VALUES (?1, ?2, ?3, ?4) "
      "ON CONFLICT (id) DO UPDATE SET name = ?2, kind = ?3, owners = ?4",
      {o.id, o.name, std::string(name(o.kind)), list_text(o.owners)});
  if (!saved) return tl::unexpected(saved.error());
  organisations_[o.id] = o;
  return {};
}

std::vector<Organisation> Directory::organisations() const {
  const Lock lock(*mutex_);
  std::vector<Organisation> out;
  for (const auto& [id, organisation] : organisations_) out.push_back(organisation);
  return out;
}

std::optional<Organisation> Directory::organisation(const std::string& id) const {
  const Lock lock(*mutex_);
  const auto at = organisations_.find(id);
  return at == organisations_.end() ? std::nullopt : std::optional(at->second);
}

std::vector<User> Directory::users() const {
  const Lock lock(*mutex_);
  std::vector<User> out;
  for (const auto& [id, account] : accounts_) out.push_back(account.user);
  std::sort(out.begin(), out.end(), [](const User& a, const User& b) { return a.login < b.login; });
  return out;
}

std::optional<User> Directory::user(const std::string& id) const {
  const Lock lock(*mutex_);
  const auto at = accounts_.find(id);
  return at == accounts_.end() ? std::nullopt : std::optional(at->second.user);
}

const Directory::Account* Directory::by_login(const std::string& login) const {
  for (const auto& [id, account] : accounts_)
    if (equals_ignore_case(account.user.login, login)) return &account;
  return nullptr;
}

std::size_t Directory::administrators() const {
  return static_cast<std::size_t>(std::count_if(accounts_.begin(), accounts_.end(), [](const auto& a) {
    return a.second.user.has(Role::administrator) && !a.second.user.is_disabled;
  }));
}

// --- changes --------------------------------------------------------------------------------------------------------

Result<Organisation> Directory::prepare(Organisation organisation) const {
  auto id = random_id("o-");
  if (!id) return tl::unexpected(id.error());
  organisation.id = std::move(*id);
  const Lock lock(*mutex_);
  if (auto is_free = name_is_free(organisation); !is_free) return tl::unexpected(is_free.error());
  return organisation;
}

Result<Organisation> Directory::prepare(const std::string& id, const OrganisationChange& change) const {
  const Lock lock(*mutex_);
  const auto at = organisations_.find(id);
  if (at == organisations_.end()) return fail(ErrorCode::not_found, "there is no such organisation", "organisationId");
  Organisation changed = at->second;
  if (change.name) changed.name = *change.name;
  if (change.owners) changed.owners = *change.owners;
  if (auto is_free = name_is_free(changed); !is_free) return tl::unexpected(is_free.error());
  return changed;
}

Result<void> Directory::name_is_free(const Organisation& wanted) const {
  for (const auto& [id, known] : organisations_)
    if (id != wanted.id && equals_ignore_case(known.name, wanted.name))
      return invalid(fmt::format("there is an organisation '{}' already", known.name), "name");
  return {};
}

Result<User> Directory::prepare(const NewUser& wanted) const {
  auto id = random_id("u-");
  if (!id) return tl::unexpected(id.error());
  const Lock lock(*mutex_);
  if (accounts_.size() >= limits::kUsers) return invalid("there are too many users", "login");
  if (by_login(wanted.login) != nullptr) return invalid(fmt::format("the login '{}' is taken", wanted.login), "login");
  if (!organisations_.contains(wanted.organisation_id))
    return invalid("there is no such organisation", "organisation_id");
  if (wanted.roles.empty()) return invalid("a user needs a role", "roles");
  return User{std::move(*id), wanted.login,           wanted.name, wanted.organisation_id,
              wanted.roles,   wanted.linked_accounts, false,       true,
              false};
}

Result<User> Directory::prepare(const std::string& id, const UserChange& change) const {
  const Lock lock(*mutex_);
  const auto at = accounts_.find(id);
  if (at == accounts_.end()) return fail(ErrorCode::not_found, "there is no such user", "userId");
  const auto administers = [](const User& u) { return u.has(Role::administrator) && !u.is_disabled; };
  User user = at->second.user;
  if (change.name) user.name = *change.name;
  if (change.roles) user.roles = *change.roles;
  if (change.linked_accounts) user.linked_accounts = *change.linked_accounts;
  if (change.is_disabled) user.is_disabled = *change.is_disabled;
  if (administers(at->second.user) && !administers(user) && administrators() == 1)
    return invalid("this is the last administrator; make another one first", "roles");
  return user;
}

// What is stated, over the secrets that are here.
Directory::Account Directory::with(const User& user) const {
  const auto at = accounts_.find(user.id);
  Account a = at == accounts_.end() ? Account{} : at->second;
  const bool must_change = at == accounts_.end() || a.user.must_change_password;
  const bool is_enrolled = a.user.is_totp_enrolled;
  a.user = user;
  a.user.must_change_password = must_change;
  a.user.is_totp_enrolled = is_enrolled;
  return a;
}

Result<void> Directory::keep(const Organisation& organisation) {
  const Lock lock(*mutex_);
  return save(organisation);
}

Result<void> Directory::keep(const User& user) {
  const Lock lock(*mutex_);
  return save(with(user));
}

Result<UserWithPassword> Directory::reset(const std::string& id, Timestamp now) {
  auto password = one_time_password();
  if (!password) return tl::unexpected(password.error());
  auto hash = hash_password(*password);
  if (!hash) return tl::unexpected(hash.error());
  const Lock lock(*mutex_);
  const auto at = accounts_.find(id);
  if (at == accounts_.end()) return fail(ErrorCode::not_found, "there is no such user", "userId");
  Account a = at->second;
  a.password_hash = std::move(*hash);
  a.user.must_change_password = true;
  a.one_time_until = now + limits::kOneTimePasswordLives;
  a.attempts = 0;
  a.locked_until = {};
  if (auto saved = save(std::move(a)); !saved) return tl::unexpected(saved.error());
  return UserWithPassword{accounts_[id].user, std::move(*password)};
}

Result<void> Directory::drop_second_factor(const std::string& id) {
  const Lock lock(*mutex_);
  const auto at = accounts_.find(id);
  if (at == accounts_.end()) return fail(ErrorCode::not_found, "there is no such user", "userId");
  Account a = at->second;
  a.totp = a.totp_wanted = {};
  return save(std::move(a));
}

Result<std::size_t> Directory::keep(const People& people) {
  const Lock lock(*mutex_);
  std::size_t changed = 0;
  const auto done = database_.transaction([&]() -> Result<void> {
    for (const auto& [id, organisation] : people.organisations) {
      const auto at = organisations_.find(id);
      if (at != organisations_.end() && at->second == organisation) continue;
      if (auto saved = save(organisation); !saved) return saved;
      ++changed;
    }
    for (const auto& [id, user] : people.users) {
      Account a = with(user);
      const auto at = accounts_.find(id);
      if (at != accounts_.end() && at->second.user == a.user) continue;
      if (auto saved = save(std::move(a)); !saved) return saved;
      ++changed;
    }
    return {};
  });
  return done ? Result<std::size_t>(changed) : tl::unexpected(done.error());
}

Result<std::vector<Statement>> Directory::unstated(const People& people) const {
  const Lock lock(*mutex_);
  std::vector<Statement> out;
  for (const auto& [id, organisation] : organisations_)
    if (!people.organisations.contains(id)) out.push_back(state(organisation));
  for (const auto& [id, account] : accounts_) {
    if (people.users.contains(id)) continue;
    auto stated = state(account.user, key_);
    if (!stated) return tl::unexpected(stated.error());
    out.push_back(std::move(*stated));
  }
  return out;
}

std::vector<User> Directory::locked_out() const {
  const Lock lock(*mutex_);
  std::vector<User> out;
  for (const auto& [id, a] : accounts_)
    if (a.password_hash.empty() && a.user.has(Role::administrator) && !a.user.is_disabled) out.push_back(a.user);
  return out;
}

// --- signing in -----------------------------------------------------------------------------------------------------

SignIn Directory::sign_in(const std::string& login, const std::string& password, const std::string& totp,
                          Timestamp now) {
  std::string hash, id;
  {
    const Lock lock(*mutex_);
    const Account* a = by_login(login);
    if (a != nullptr && !a->user.is_disabled) hash = a->password_hash, id = a->user.id;
  }
  const bool is_right = verify_password(hash, password);  // outside the lock: it takes a tenth of a second
  const Lock lock(*mutex_);
  const auto at = accounts_.find(id);
  if (at == accounts_.end()) return {};
  Account a = at->second;
  // A locked account does not say whether the password was right.
  if (a.locked_until > now) return {SignIn::Outcome::locked, {}, a.locked_until};
  std::optional<std::int64_t> step;
  if (is_right && !a.totp.empty()) {
    if (totp.empty()) return {SignIn::Outcome::totp_required, {}, {}};
    const auto secret = unlock(key_, a.totp);
    if (secret) step = totp_step(*secret, totp, now, a.totp_step);
  }
  const bool is_in = is_right && a.password_hash == hash && (a.totp.empty() || step);
  if (is_in && a.user.must_change_password && a.one_time_until.us != 0 && a.one_time_until <= now)
    return {SignIn::Outcome::run_out, id, {}};
  if (is_in && a.attempts == 0 && !step) return {SignIn::Outcome::ok, id, {}};
  if (is_in) {
    a.attempts = 0;
    a.totp_step = step.value_or(a.totp_step);
  } else {
    count_wrong(a, now);
  }
  // What could not be kept must not let anybody in: a code would count twice.
  if (!save(a) || !is_in) return {SignIn::Outcome::wrong, id, {}};
  return {SignIn::Outcome::ok, id, {}};
}

void Directory::count_wrong(Account& a, Timestamp now) {
  if (++a.attempts < limits::kSignInAttempts) return;
  a.attempts = 0;
  a.locked_until = now + limits::kSignInLock;
}

Result<void> Directory::set_password(const std::string& id, const std::string& current, const std::string& wanted,
                                     Timestamp now) {
  const auto before = [&] {
    const Lock lock(*mutex_);
    const auto at = accounts_.find(id);
    return at == accounts_.end() ? Account{} : at->second;
  }();
  // Whoever finds an open session must not guess here what signing in would not let him guess.
  if (before.locked_until > now) return invalid("too many wrong attempts; try again later", "current");
  if (!verify_password(before.password_hash, current)) {
    const Lock lock(*mutex_);
    Account a = accounts_[id];
    count_wrong(a, now);
    if (auto saved = save(std::move(a)); !saved) return saved;
    return invalid("the current password is wrong", "current");
  }
  const auto characters = std::count_if(wanted.begin(), wanted.end(), [](char c) { return (c & 0xc0) != 0x80; });
  if (static_cast<std::size_t>(characters) < kPasswordCharacters)
    return invalid(fmt::format("a password has at least {} characters", kPasswordCharacters), "new");
  const std::string organisation = this->organisation(before.user.organisation_id).value_or(Organisation{}).name;
  if (wanted == current || holds_any(wanted, {before.user.login, before.user.name, organisation, "Quaywatch"}))
    return invalid("the new password must differ from the old one and not hold login, name, organisation or Quaywatch",
                   "new");
  if (is_guessable(wanted, {before.user.login, before.user.name, organisation}))
    return invalid("this password is easy to guess: common words, names, dates and rows of keys are tried first; take "
                   "some words more that do not belong together",
                   "new");
  auto hash = hash_password(wanted);
  if (!hash) return tl::unexpected(hash.error());
  const Lock lock(*mutex_);
  Account a = accounts_[id];
  if (a.password_hash != before.password_hash) return invalid("the password was changed meanwhile", "current");
  a.password_hash = std::move(*hash);
  a.user.must_change_password = false;
  a.attempts = 0;
  return save(std::move(a));
}

Result<std::string> Directory::start_totp(const std::string& id) {
  const auto secret = random_totp_secret();
  if (!secret) return secret;
  auto locked = identity::lock(key_, *secret);
  if (!locked) return locked;
  const Lock lock(*mutex_);
  const auto at = accounts_.find(id);
  if (at == accounts_.end()) return fail(ErrorCode::not_found, "there is no such user");
  Account a = at->second;
  a.totp_wanted = std::move(*locked);
  if (auto saved = save(std::move(a)); !saved) return tl::unexpected(saved.error());
  return base32(*secret);
}

Result<void> Directory::confirm_totp(const std::string& id, const std::string& code, Timestamp now) {
  const Lock lock(*mutex_);
  const auto at = accounts_.find(id);
  if (at == accounts_.end()) return fail(ErrorCode::not_found, "there is no such user");
  Account a = at->second;
  const auto secret = unlock(key_, a.totp_wanted);
  if (!secret) return invalid("no second factor was begun", "code");
  const auto step = totp_step(*secret, code, now, 0);
  if (!step)
    return invalid("the code does not fit; check the clock of the device, and give the code shown now", "code");
  a.totp = std::exchange(a.totp_wanted, {});
  a.totp_step = *step;
  return save(std::move(a));
}

}  // namespace quaywatch::identity
