#include "store/database.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <filesystem>

namespace quaywatch::store {
namespace {

constexpr std::array<std::string_view, 2> kMigrations{
    "CREATE TABLE a (id INTEGER PRIMARY KEY, word TEXT NOT NULL) STRICT;", "ALTER TABLE a ADD COLUMN more TEXT;"};

class DatabaseTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              ("store_test." + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    path_ = folder_ / "test.db";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path folder_;
  std::string path_;
};

TEST_F(DatabaseTest, KeepsWhatWasWrittenAndGoesOnFromItsVersion) {
  {
    auto first = Database::open(path_, std::span(kMigrations).first(1));
    ASSERT_TRUE(first) << first.error().message;
    ASSERT_TRUE(first->run("INSERT INTO a VALUES (?, ?)", {std::int64_t{7}, std::string("o'x\0y", 5)}));
  }
  struct stat status {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  auto second = Database::open(path_, kMigrations);
  ASSERT_TRUE(second) << second.error().message;
  const auto rows = second->run("SELECT id, word, more FROM a");
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ(number((*rows)[0][0]), 7);
  EXPECT_EQ(text((*rows)[0][1]), std::string("o'x\0y", 5));
  EXPECT_TRUE(std::holds_alternative<std::monostate>((*rows)[0][2]));
}

TEST_F(DatabaseTest, RefusesANewerFileByName) {
  ASSERT_TRUE(Database::open(path_, kMigrations));
  const auto older = Database::open(path_, std::span(kMigrations).first(1));
  ASSERT_FALSE(older);
  EXPECT_EQ(older.error().code, ErrorCode::unsupported);
  EXPECT_NE(older.error().message.find("version 2"), std::string::npos);
}

TEST_F(DatabaseTest, AFailedTransactionLeavesNothing) {
  auto db = Database::open(path_, kMigrations);
  ASSERT_TRUE(db);
  const auto done = db->transaction([&]() -> Result<void> {
    EXPECT_TRUE(db->run("INSERT INTO a VALUES (1, 'x', NULL)"));
    auto twice = db->run("INSERT INTO a VALUES (1, 'y', NULL)");
    return twice ? Result<void>{} : tl::unexpected(twice.error());
  });
  EXPECT_FALSE(done);
  EXPECT_TRUE(db->run("SELECT * FROM a")->empty());
  EXPECT_TRUE(db->transaction([] { return Result<void>{}; })) << "no transaction is left open";
}

// With the writer still open, so that the write-ahead log holds what was written last.
TEST_F(DatabaseTest, ASnapshotHoldsWhatWasCommittedWhileItIsInUse) {
  auto db = Database::open(path_, kMigrations);
  ASSERT_TRUE(db);
  ASSERT_TRUE(db->run("INSERT INTO a VALUES (1, 'x', 'y')"));
  const auto bytes = snapshot(path_);
  ASSERT_TRUE(bytes) << bytes.error().message;
  ASSERT_TRUE(db->run("INSERT INTO a VALUES (2, 'later', 'y')"));
  const std::string copy = folder_ / "copy.db";
  FILE* f = std::fopen(copy.c_str(), "wb");
  std::fwrite(bytes->data(), 1, bytes->size(), f);
  std::fclose(f);
  auto again = Database::open(copy, kMigrations);
  ASSERT_TRUE(again) << again.error().message;
  const auto rows = again->run("SELECT word FROM a");
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ(text((*rows)[0][0]), "x");
}

TEST_F(DatabaseTest, AFileThatIsNoDatabaseIsCorrupt) {
  ASSERT_TRUE(Database::open(path_, kMigrations));
  std::filesystem::resize_file(path_, 0);
  std::filesystem::remove(path_ + "-wal");
  {
    FILE* f = std::fopen(path_.c_str(), "w");
    for (int i = 0; i < 100; ++i) std::fputs("this is no database ", f);
    std::fclose(f);
  }
  const auto db = Database::open(path_, kMigrations);
  ASSERT_FALSE(db);
  EXPECT_EQ(db.error().code, ErrorCode::corrupt);
}

}  // namespace
}  // namespace quaywatch::store
