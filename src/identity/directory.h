// Directory: organisations and users, in DATA/identity.db. Passwords are argon2id hashes, secrets of second factors are
// locked with a key of the site. Thread-safe: every function may be called from any thread; a change is durable on
// return.
//
// After limits::kSignInAttempts wrong passwords or codes in a row a user is locked for limits::kSignInLock. Nobody can
// tell from answer or time whether a login exists.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "identity/secrets.h"
#include "identity/words.h"
#include "store/database.h"

namespace quaywatch::identity {

struct NewUser {
  std::string login, name, organisation_id;
  std::vector<Role> roles;
  std::vector<std::string> linked_accounts;
};

struct UserChange {  // what is set is changed
  std::optional<std::string> name;
  std::optional<std::vector<Role>> roles;
  std::optional<std::vector<std::string>> linked_accounts;
  std::optional<bool> is_disabled;
  bool reset = false;  // a new one-time password, and no second factor
};

struct UserWithPassword {
  User user;
  std::string one_time_password;  // empty: none was made
};

struct SignIn {
  enum class Outcome : std::uint8_t { ok, wrong, totp_required, locked };
  Outcome outcome = Outcome::wrong;
  std::string user_id;
  Timestamp locked_until;
};

class Directory {
 public:
  static Result<Directory> open(const std::string& data_dir, const SecretKey& key);

  std::vector<Organisation> organisations() const;
  std::optional<Organisation> organisation(const std::string& id) const;
  std::vector<User> users() const;  // by login
  std::optional<User> user(const std::string& id) const;

  Result<Organisation> create(Organisation organisation);  // its id is given here
  // invalid_argument: the login is taken, the organisation is unknown, there are no roles.
  Result<UserWithPassword> create(const NewUser& wanted);
  // The last enabled administrator stays one.
  Result<UserWithPassword> change(const std::string& id, const UserChange& change);

  SignIn sign_in(const std::string& login, const std::string& password, const std::string& totp, Timestamp now);
  // invalid_argument: the current one is wrong, or the new one cannot be used.
  Result<void> set_password(const std::string& id, const std::string& current, const std::string& wanted);
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
  };
  explicit Directory(store::Database database, const SecretKey& key);
  Result<void> load();
  Result<void> save(Account account);
  Account* by_login(const std::string& login);
  std::size_t administrators() const;

  std::unique_ptr<std::mutex> mutex_ = std::make_unique<std::mutex>();
  store::Database database_;
  SecretKey key_;
  std::map<std::string, Organisation> organisations_;  // by id
  std::map<std::string, Account> accounts_;
};

}  // namespace quaywatch::identity
