// Directory: organisations and users, in DATA/identity.db: what the input log states of them (people.h), and their
// secrets, which stand there alone. Passwords are argon2id hashes, secrets of second factors are locked with a key of
// the site. A change is prepared, stated in the log, then kept here. Thread-safe: every function may be called from any
// thread; a change is durable on return. Who prepares and keeps sees to it that nobody else does so between.
//
// After limits::kSignInAttempts wrong passwords or codes in a row a user is locked for limits::kSignInLock. Nobody can
// tell from answer or time whether a login exists.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "identity/people.h"
#include "identity/secrets.h"
#include "identity/words.h"
#include "store/database.h"

namespace quaywatch::identity {

inline constexpr std::string_view kDatabaseName = "identity.db";

struct NewUser {
  std::string login, name, organisation_id;
  std::vector<Role> roles;
  std::vector<std::string> linked_accounts;
};

struct OrganisationChange {  // what is set is changed; its kind never
  std::optional<std::string> name;
  std::optional<std::vector<std::string>> owners;
};

struct UserChange {  // what is set is changed
  std::optional<std::string> name;
  std::optional<std::vector<Role>> roles;
  std::optional<std::vector<std::string>> linked_accounts;
  std::optional<bool> is_disabled;
};

struct UserWithPassword {
  User user;
  std::string one_time_password;  // empty: none was made
};

struct SignIn {
  enum class Outcome : std::uint8_t { ok, wrong, totp_required, locked, run_out };  // run_out: a one-time password
  Outcome outcome = Outcome::wrong;
  std::string user_id;  // also of a wrong attempt that counts towards the lock
  Timestamp locked_until;
};

class Directory {
 public:
  static Result<Directory> open(const std::string& data_dir, const SecretKey& key);

  std::vector<Organisation> organisations() const;
  std::optional<Organisation> organisation(const std::string& id) const;
  std::vector<User> users() const;  // by login
  std::optional<User> user(const std::string& id) const;

  // Checked and complete, with the id that is given here; nothing is kept yet. invalid_argument: the login is taken,
  // the organisation is unknown, there are no roles; the last enabled administrator stays one.
  Result<Organisation> prepare(Organisation organisation) const;
  Result<Organisation> prepare(const std::string& id, const OrganisationChange& change) const;
  Result<User> prepare(const NewUser& wanted) const;
  Result<User> prepare(const std::string& id, const UserChange& change) const;
  Result<Statement> statement(const User& user) const { return state(user, key_); }
  Result<Statement> statement(const Organisation& organisation) const { return state(organisation); }
  // As it was prepared and stated. A user who is new cannot sign in before `reset`.
  Result<void> keep(const Organisation& organisation);
  Result<void> keep(const User& user);
  // A new one-time password, for limits::kOneTimePasswordLives; the second factor stays.
  Result<UserWithPassword> reset(const std::string& id, Timestamp now);
  Result<void> drop_second_factor(const std::string& id);

  // The statements of the input log, folded with the key of this directory.
  Result<void> take(People& people, std::string_view topic, std::string_view body) const {
    return people.take(topic, body, key_);
  }
  // All as stated, in one transaction; those of whom nothing is stated stay. Gives how many were changed.
  Result<std::size_t> keep(const People& people);
  // Of whom nothing is stated: they were made before people were stated, or are new.
  Result<std::vector<Statement>> unstated(const People& people) const;
  // Enabled administrators who have no password.
  std::vector<User> locked_out() const;

  SignIn sign_in(const std::string& login, const std::string& password, const std::string& totp, Timestamp now);
  // invalid_argument: the current one is wrong, which counts towards the lock, or the new one cannot be used.
  Result<void> set_password(const std::string& id, const std::string& current, const std::string& wanted,
                            Timestamp now);
  // The secret, in base32; it counts from confirm_totp on.
  Result<std::string> start_totp(const std::string& id);
  Result<void> confirm_totp(const std::string& id, const std::string& code, Timestamp now);

 private:
  struct Account {
    User user;
    std::string password_hash;
    std::string totp, totp_wanted;  // secrets, locked
    std::int64_t totp_step = 0;     // the last that was used
    std::uint32_t attempts = 0;
    Timestamp locked_until;
    Timestamp one_time_until;  // of a one-time password; 0: made by a version whose passwords did not run out
  };
  explicit Directory(store::Database database, const SecretKey& key);
  Result<void> load();
  Result<void> save(Account account);
  Result<void> save(const Organisation& organisation);
  Result<void> name_is_free(const Organisation& wanted) const;
  const Account* by_login(const std::string& login) const;
  Account with(const User& user) const;
  static void count_wrong(Account& account, Timestamp now);
  std::size_t administrators() const;

  std::unique_ptr<std::mutex> mutex_ = std::make_unique<std::mutex>();
  store::Database database_;
  SecretKey key_;
  std::map<std::string, Organisation> organisations_;  // by id
  std::map<std::string, Account> accounts_;
};

}  // namespace quaywatch::identity
