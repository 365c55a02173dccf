#include "identity/directory.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/limits_server.h"

namespace quaywatch::identity {
namespace {

// Of the secret as a telephone is told it, in base32.
std::string code_of(std::string_view secret, Timestamp now) {
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : secret) {
    bits = bits << 5 | static_cast<std::uint32_t>(c >= 'A' ? c - 'A' : c - '2' + 26);
    if ((count += 5) < 8) continue;
    count -= 8;
    bytes += static_cast<char>(bits >> count & 0xff);
  }
  return totp_code(bytes, now.us / 30'000'000);
}

const Timestamp kNow = *parse_rfc3339("2026-03-12T08:00:00Z");
using enum SignIn::Outcome;

class DirectoryTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              ("identity_test." + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    open();
    const auto organisation = directory_->prepare(Organisation{{}, "Terminal", OrganisationKind::terminal, {"QXT"}});
    ASSERT_TRUE(directory_->keep(*organisation));
    organisation_ = organisation->id;
    const auto user = directory_->prepare(NewUser{"ana", "Ana", organisation_, {Role::administrator}, {"card-1"}});
    ASSERT_TRUE(user) << user.error().message;
    ASSERT_TRUE(directory_->keep(*user));
    user_ = user->id;
    password_ = directory_->reset(user_, kNow)->one_time_password;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  void open() {
    directory_.reset();
    auto opened = Directory::open(folder_, key_);
    ASSERT_TRUE(opened) << opened.error().message;
    directory_.emplace(std::move(*opened));
  }
  SignIn sign_in(const std::string& password, Timestamp now = kNow) {
    return directory_->sign_in("ana", password, "", now);
  }

  std::filesystem::path folder_;
  SecretKey key_{};
  std::optional<Directory> directory_;
  std::string organisation_, user_, password_;
};

TEST_F(DirectoryTest, IsTheSameAfterARestart) {
  open();
  const auto user = directory_->user(user_);
  ASSERT_TRUE(user);
  EXPECT_EQ(user->login, "ana");
  EXPECT_EQ(user->roles, std::vector{Role::administrator});
  EXPECT_EQ(user->linked_accounts, std::vector<std::string>{"card-1"});
  EXPECT_TRUE(user->must_change_password);
  EXPECT_EQ(directory_->organisation(organisation_)->owners, std::vector<std::string>{"QXT"});
  EXPECT_EQ(sign_in(password_).outcome, ok);
}

TEST_F(DirectoryTest, WrongAttemptsLockAndTimeOpensAgain) {
  for (std::uint32_t i = 0; i < limits::kSignInAttempts; ++i) EXPECT_EQ(sign_in("wrong").outcome, wrong);
  EXPECT_EQ(sign_in(password_).outcome, locked);
  open();
  EXPECT_EQ(sign_in(password_).outcome, locked) << "a restart does not open it";
  EXPECT_EQ(sign_in(password_, kNow + limits::kSignInLock).outcome, ok);
}

TEST_F(DirectoryTest, GuessingTheCurrentPasswordLocksToo) {
  const auto change = [&](const std::string& current, Timestamp now) {
    return directory_->set_password(user_, current, "a long and quiet tide", now).has_value();
  };
  for (std::uint32_t i = 0; i < limits::kSignInAttempts; ++i) EXPECT_FALSE(change("wrong", kNow));
  EXPECT_FALSE(change(password_, kNow)) << "what is right is not told while it is locked";
  EXPECT_EQ(sign_in(password_).outcome, locked);
  EXPECT_TRUE(change(password_, kNow + limits::kSignInLock));
}

TEST_F(DirectoryTest, RefusesWeakAndOldPasswords) {
  const auto refused = [&](const std::string& current, const std::string& wanted) {
    const auto done = directory_->set_password(user_, current, wanted, kNow);
    return done ? std::string{} : done.error().context;
  };
  EXPECT_EQ(refused("wrong", "a long and quiet tide"), "current");
  EXPECT_EQ(refused(password_, "too short"), "new");
  EXPECT_EQ(refused(password_, "this holds ANA in it"), "new");
  EXPECT_EQ(refused(password_, "of the terminal 7"), "new") << "the organisation";
  EXPECT_EQ(refused(password_, "QuayWatch2026!"), "new");
  EXPECT_EQ(refused(password_, password_), "new");
  EXPECT_EQ(refused(password_, "a long and quiet tide"), "");
  EXPECT_EQ(sign_in(password_).outcome, wrong);
  EXPECT_EQ(sign_in("a long and quiet tide").outcome, ok);
  EXPECT_FALSE(directory_->user(user_)->must_change_password);
}

TEST_F(DirectoryTest, TheLastAdministratorStays) {
  UserChange change;
  change.is_disabled = true;
  EXPECT_FALSE(directory_->prepare(user_, change));
  ASSERT_TRUE(directory_->keep(*directory_->prepare(NewUser{"ben", "Ben", organisation_, {Role::administrator}, {}})));
  ASSERT_TRUE(directory_->keep(*directory_->prepare(user_, change)));
  EXPECT_EQ(sign_in(password_).outcome, wrong) << "a disabled user does not get in";
}

TEST_F(DirectoryTest, AResetReplacesThePasswordAndLeavesTheSecondFactor) {
  const std::string secret = *directory_->start_totp(user_);
  EXPECT_FALSE(directory_->confirm_totp(user_, "000000", kNow));
  ASSERT_TRUE(directory_->confirm_totp(user_, code_of(secret, kNow), kNow));
  const auto changed = directory_->reset(user_, kNow);
  ASSERT_TRUE(changed);
  EXPECT_EQ(sign_in(password_).outcome, wrong);
  EXPECT_EQ(sign_in(changed->one_time_password).outcome, totp_required);
  ASSERT_TRUE(directory_->drop_second_factor(user_));
  EXPECT_EQ(sign_in(changed->one_time_password).outcome, ok);
}

TEST_F(DirectoryTest, AOneTimePasswordRunsOut) {
  const Timestamp end = kNow + limits::kOneTimePasswordLives;
  open();
  EXPECT_EQ(sign_in(password_, end - seconds(1)).outcome, ok);
  EXPECT_EQ(sign_in(password_, end).outcome, run_out);
  EXPECT_EQ(sign_in("another", end).outcome, wrong) << "only who knows it learns that it ran out";
  ASSERT_TRUE(directory_->set_password(user_, password_, "a long and quiet tide", end));
  EXPECT_EQ(sign_in("a long and quiet tide", end + days(400)).outcome, ok);
}

TEST_F(DirectoryTest, LoginsAreUniqueWhateverTheirCase) {
  EXPECT_FALSE(directory_->prepare(NewUser{"ANA", "Other", organisation_, {Role::viewer}, {}}));
  EXPECT_FALSE(directory_->prepare(NewUser{"cy", "Cy", "o-none", {Role::viewer}, {}}));
  EXPECT_FALSE(directory_->prepare(NewUser{"cy", "Cy", organisation_, {}, {}}));
}

// The database is gone: what was stated is there again, and what was not stated lets nobody in.
TEST_F(DirectoryTest, IsMadeAgainFromStatements) {
  ASSERT_TRUE(directory_->set_password(user_, password_, "a long and quiet tide", kNow));
  UserChange change;
  change.roles = std::vector{Role::administrator, Role::officer};
  ASSERT_TRUE(directory_->keep(*directory_->prepare(user_, change)));
  const auto statements = directory_->unstated({});
  ASSERT_TRUE(statements);
  const User before = *directory_->user(user_);
  const auto organisations = directory_->organisations();
  directory_.reset();
  std::filesystem::remove_all(folder_);
  std::filesystem::create_directories(folder_);
  open();
  People people;
  for (const Statement& s : *statements) {
    EXPECT_EQ(s.body.find("Ana"), std::string::npos) << "names are locked";
    ASSERT_TRUE(directory_->take(people, s.topic, s.body));
  }
  ASSERT_TRUE(directory_->keep(people));
  open();
  User expected = before;
  expected.must_change_password = true;
  EXPECT_EQ(directory_->user(user_), expected);
  EXPECT_EQ(directory_->organisations(), organisations);
  EXPECT_TRUE(directory_->unstated(people)->empty());
  EXPECT_EQ(sign_in("a long and quiet tide").outcome, wrong);
  EXPECT_EQ(sign_in("").outcome, wrong);
  ASSERT_EQ(directory_->locked_out().size(), 1u);
  EXPECT_EQ(sign_in(directory_->reset(user_, kNow)->one_time_password).outcome, ok);
}

TEST_F(DirectoryTest, StatementsKeepSecretsAndUndoWhatWasWrittenPastThem) {
  People people;
  const auto statements = directory_->unstated({});
  for (const Statement& s : *statements) ASSERT_TRUE(directory_->take(people, s.topic, s.body));
  UserChange change;
  change.name = "Somebody";
  ASSERT_TRUE(directory_->keep(*directory_->prepare(user_, change)));
  EXPECT_EQ(*directory_->keep(people), 1u);
  EXPECT_EQ(directory_->user(user_)->name, "Ana");
  EXPECT_EQ(sign_in(password_).outcome, ok);
  SecretKey other{};
  other[0] = 1;
  const auto stated = state(*directory_->user(user_), other);
  EXPECT_EQ(directory_->take(people, stated->topic, stated->body).error().code, ErrorCode::corrupt);
}

}  // namespace
}  // namespace quaywatch::identity
