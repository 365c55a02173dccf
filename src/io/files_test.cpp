#include "io/files.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "io/append_file.h"
#include "io/clock.h"
#include "io/environment.h"

namespace quaywatch::io {
namespace {

namespace fs = std::filesystem;

class Files : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "quaywatch-io-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    dir_ = pattern;
  }
  void TearDown() override { fs::remove_all(dir_); }
  std::string path(const std::string& name) const { return dir_ + "/" + name; }
  std::string put(const std::string& name, const std::string& bytes) const {
    fs::create_directories(fs::path(path(name)).parent_path());
    std::ofstream(path(name), std::ios::binary) << bytes;
    return path(name);
  }
  std::string dir_;
};

TEST_F(Files, MapsWhatWasWrittenAndAnEmptyFile) {
  EXPECT_EQ(map_file(put("a.edi", "UNB+UNOA"))->view(), "UNB+UNOA");
  EXPECT_EQ(map_file(put("empty", ""))->view(), "");
}

TEST_F(Files, BlocksEndAtTheWantedByteAndAtTheFirstRefusal) {
  const std::string bytes(3 * 1024 * 1024 + 7, 'x');
  const std::string big = put("big", bytes);
  std::string seen;
  const auto collect = [&](std::string_view block) -> Result<void> {
    seen += block;
    return {};
  };
  EXPECT_EQ(read_blocks(big, 1 << 21, collect).value(), 1u << 21);
  EXPECT_EQ(seen, bytes.substr(0, 1 << 21));
  seen.clear();
  EXPECT_EQ(read_blocks(big, 1 << 30, collect).value(), bytes.size());
  EXPECT_EQ(seen, bytes);
  const auto refused = read_blocks(big, 1 << 30, [](std::string_view) -> Result<void> {
    return fail(ErrorCode::io_failure, "no more");
  });
  EXPECT_EQ(refused.error().message, "no more");
}

TEST_F(Files, NamesHiddenOnesTooAndNewNamesForThem) {
  put("b/.hidden/x", "1");
  put("b/a", "2");
  EXPECT_EQ(list_names(path("b")).value(), (std::vector<std::string>{".hidden", "a"}));
  ASSERT_TRUE(io::rename(path("b"), path("c")));
  EXPECT_EQ(read_file(path("c/.hidden/x"), 9).value(), "1");
  EXPECT_EQ(list_names(path("b")).error().code, ErrorCode::not_found);
  EXPECT_FALSE(remove_folder(path("c"))) << "something is in it";
  EXPECT_GT(free_bytes(dir_).value(), 0u);
}

TEST_F(Files, RefusalsNameThePathAndTheReason) {
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  fs::create_directory_symlink(path("loop"), path("loop"));
  const struct {
    std::string path;
    ErrorCode code;
    std::string_view words;
  } rows[] = {
      {path("missing.edi"), ErrorCode::not_found, "No such file"},
      {dir_, ErrorCode::unreadable, "folder"},
      {path("pipe"), ErrorCode::unreadable, "pipe"},
      {path("loop"), ErrorCode::unreadable, "circle"},
      {"/dev/null", ErrorCode::unreadable, "device"},
  };
  for (const auto& row : rows) {
    const auto mapped = map_file(row.path);
    ASSERT_FALSE(mapped.has_value()) << row.path;
    EXPECT_EQ(mapped.error().code, row.code) << row.path;
    EXPECT_NE(mapped.error().message.find(row.path), std::string::npos) << mapped.error().message;
    EXPECT_NE(mapped.error().message.find(row.words), std::string::npos) << mapped.error().message;
  }
}

TEST_F(Files, ReadFileStopsAtItsLimit) {
  const std::string file = put("f", std::string(100, 'x'));
  EXPECT_EQ(read_file(file, 100)->size(), 100u);
  EXPECT_EQ(read_file(file, 99).error().code, ErrorCode::limit_exceeded);
  EXPECT_EQ(read_file("/dev/zero", 1 << 20).error().code, ErrorCode::limit_exceeded);
  EXPECT_EQ(read_file(dir_, 100).error().code, ErrorCode::unreadable);
}

TEST_F(Files, ListIsRecursiveSortedAndSkipsDotNames) {
  for (const char* name : {"b/2", "a", "B", "b/10", ".hidden", ".git/config", "b/.swp", "z/\xc3\xa9"}) put(name, "x");
  fs::create_symlink(path("nowhere"), path("dangling"));
  std::vector<std::string> expected;
  for (const char* name : {"B", "a", "b/10", "b/2", "z/\xc3\xa9"}) expected.push_back(path(name));
  EXPECT_EQ(list_files(dir_).value(), expected);
  EXPECT_EQ(list_files(path("a")).value(), std::vector<std::string>{path("a")});
  EXPECT_EQ(list_files(path("missing")).error().code, ErrorCode::not_found);
}

TEST_F(Files, AtomicWriteReplacesWithExactModeAndLeavesNoScrap) {
  put("key", "old");
  ASSERT_TRUE(write_file_atomic(path("key"), "new", 0600));
  EXPECT_EQ(read_file(path("key"), 10).value(), "new");
  struct stat st {};
  ASSERT_EQ(::stat(path("key").c_str(), &st), 0);
  EXPECT_EQ(st.st_mode & 07777, 0600u);
  EXPECT_EQ(std::distance(fs::directory_iterator(dir_), fs::directory_iterator()), 1);
  fs::create_directory(path("busy"));
  EXPECT_FALSE(write_file_atomic(path("busy"), "x").has_value());
  EXPECT_EQ(std::distance(fs::directory_iterator(dir_), fs::directory_iterator()), 2);
}

TEST_F(Files, OverwriteChangesOnlyItsBytesAndCreatesNothing) {
  ASSERT_TRUE(overwrite(put("keys", "0123456789"), 3, "___"));
  EXPECT_EQ(read_file(path("keys"), 20).value(), "012___6789");
  EXPECT_EQ(overwrite(path("missing"), 0, "x").error().code, ErrorCode::not_found);
}

TEST_F(Files, CreateFoldersMakesParentsAndNamesWhatIsInTheWay) {
  ASSERT_TRUE(create_folders(path("x/y/z"), 0700));
  ASSERT_TRUE(create_folders(path("x/y/z"), 0700));
  struct stat st {};
  ASSERT_EQ(::stat(path("x/y/z").c_str(), &st), 0);
  EXPECT_EQ(st.st_mode & 07777, 0700u);
  put("file", "x");
  EXPECT_NE(create_folders(path("file/sub")).error().message.find(path("file")), std::string::npos);
}

TEST_F(Files, AppendFileGrowsCutsAndReopensAtItsEnd) {
  auto file = AppendFile::open(path("log"));
  ASSERT_TRUE(file.has_value());
  ASSERT_TRUE(file->reserve(1 << 16));
  ASSERT_TRUE(file->append("abc"));
  ASSERT_TRUE(file->append("def"));
  ASSERT_TRUE(file->sync());
  EXPECT_EQ(file_size(path("log")).value(), 6u);
  ASSERT_TRUE(file->truncate(4));
  auto again = AppendFile::open(path("log"));
  EXPECT_EQ(again->size(), 4u);
  ASSERT_TRUE(again->append("X"));
  EXPECT_EQ(read_file(path("log"), 10).value(), "abcdX");
}

TEST_F(Files, AppendFilePastTheSizeLimitIsAnErrorThatSaysWhatToDo) {
  auto file = AppendFile::open(path("log"));
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{4096, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  const auto written = file->append(std::string(8192, 'x'));
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(written.has_value());
  EXPECT_EQ(written.error().code, ErrorCode::io_failure);
  EXPECT_NE(written.error().message.find("ulimit"), std::string::npos) << written.error().message;
}

TEST_F(Files, TemporaryFileReadsBackAndHasNoName) {
  auto file = TemporaryFile::create(dir_);
  ASSERT_TRUE(file.has_value());
  std::string expected;
  for (int i = 0; i < 30'000; ++i) {
    const std::string row = "row " + std::to_string(i) + std::string(60, '.');
    expected += row;
    ASSERT_TRUE(file->append(row));
  }
  EXPECT_TRUE(fs::is_empty(dir_));
  EXPECT_EQ(file->size(), expected.size());
  EXPECT_EQ(file->map()->view(), expected);
}

TEST_F(Files, SecondLockSaysWhoHasIt) {
  auto lock = FileLock::acquire(path(".lock"));
  ASSERT_TRUE(lock.has_value());
  const auto second = FileLock::acquire(path(".lock"));
  ASSERT_FALSE(second.has_value());
  EXPECT_NE(second.error().message.find("another quaywatch"), std::string::npos);
  *lock = FileLock();
  EXPECT_TRUE(FileLock::acquire(path(".lock")).has_value());
}

TEST(Environment, SetEmptyAndMissingDiffer) {
  ::setenv("QUAYWATCH_IO_TEST", "", 1);
  EXPECT_EQ(environment("QUAYWATCH_IO_TEST"), std::optional<std::string>(""));
  ::unsetenv("QUAYWATCH_IO_TEST");
  EXPECT_EQ(environment("QUAYWATCH_IO_TEST"), std::nullopt);
}

TEST(Environment, RandomBytesFillTheWholeSpanAndDiffer) {
  std::array<std::uint8_t, 600> a{}, b{};  // above 256 bytes getrandom may be interrupted and return less
  ASSERT_TRUE(random_bytes(a));
  ASSERT_TRUE(random_bytes(b));
  EXPECT_NE(a, b);
  EXPECT_FALSE(std::all_of(a.end() - 32, a.end(), [](auto x) { return x == 0; }));
}

TEST(Clock, LiesBetweenTwoReadingsOfTheSystem) {
  const std::time_t before = std::time(nullptr);
  const Timestamp t = now();
  EXPECT_GE(t, Timestamp{before * 1'000'000});
  EXPECT_LE(t, Timestamp{(std::time(nullptr) + 1) * 1'000'000});
}

}  // namespace
}  // namespace quaywatch::io
