#include "io/folder_watch.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "io/clock.h"

namespace quaywatch::io {
namespace {

namespace fs = std::filesystem;
using Kind = FolderChange::Kind;

ListedFile file(std::string path, std::uint64_t size = 10, std::int64_t modified_s = 0, std::uint64_t inode = 1) {
  return {std::move(path), inode, size, Timestamp() + seconds(modified_s), ListedFile::Kind::file, 0};
}
ListedFile failed(std::string path, int os_error) {
  return {std::move(path), 0, 0, {}, ListedFile::Kind::failed, os_error};
}
ListedFile link(std::string path) { return {std::move(path), 9, 4, {}, ListedFile::Kind::link, 0}; }

// "ready a", "grew a", in their order.
std::vector<std::string> words(const std::vector<FolderChange>& changes) {
  constexpr std::string_view kWords[] = {"ready ", "grew ", "replaced ", "vanished ", "unreadable "};
  std::vector<std::string> out;
  for (const FolderChange& change : changes)
    out.push_back(std::string(kWords[static_cast<std::size_t>(change.kind)]) + change.path);
  return out;
}

struct Poll {
  std::int64_t at_s;
  std::vector<ListedFile> listing;
  std::vector<std::string> changes;
  int os_error = 0;  // what the probe finds
};

TEST(FolderWatch, TellsWhatIsReadyAndWhatHappenedToIt) {
  const struct {
    std::string_view what;
    std::vector<Poll> polls;
  } rows[] = {
      {"ready once, when it stood still",
       {{0, {file("a")}, {}}, {9, {file("a")}, {}}, {10, {file("a")}, {"ready a"}}, {99, {file("a")}, {}}}},
      {"still being written, then still",
       {{0, {file("a", 1)}, {}}, {9, {file("a", 2, 9)}, {}}, {18, {file("a", 2, 9)}, {}},
        {19, {file("a", 2, 9)}, {"ready a"}}}},
      {"still being written at its full size", {{0, {file("a", 5, 0)}, {}}, {10, {file("a", 5, 9)}, {}}}},
      {"a companion says it is complete", {{0, {file("a.csv"), file("a.csv.done", 0, 1)}, {"ready a.csv"}}}},
      {"a companion without the ending", {{0, {file("in/a.csv"), file("in/a.done")}, {"ready in/a.csv"}}}},
      {"a companion of somebody else", {{0, {file("a.csv"), file("b.csv.done"), file("x.a.done")}, {}}}},
      {"a companion of an earlier file", {{0, {file("a.csv", 10, 5), file("a.csv.done", 0, 4)}, {}}}},
      {"a companion in a folder with a dot", {{0, {file("in.d/a"), file("in.done")}, {}}}},
      {"grows after it was ready",
       {{0, {file("a", 1)}, {}}, {10, {file("a", 1)}, {"ready a"}}, {20, {file("a", 2, 1)}, {"grew a"}},
        {30, {file("a", 2, 1)}, {"ready a"}}}},
      {"another file in its place",
       {{0, {file("a", 1)}, {}}, {10, {file("a", 1)}, {"ready a"}}, {20, {file("a", 2, 1, 2)}, {"replaced a"}},
        {30, {file("a", 2, 1, 2)}, {"ready a"}}}},
      {"shorter before it was ready", {{0, {file("a", 5)}, {}}, {5, {file("a", 4, 1)}, {"replaced a"}}}},
      {"written anew at the same size",
       {{0, {file("a")}, {}}, {10, {file("a")}, {"ready a"}}, {20, {file("a", 10, 1)}, {"replaced a"}}}},
      {"vanishes, before and after it was ready",
       {{0, {file("a")}, {}}, {10, {file("a"), file("b")}, {"ready a"}}, {11, {}, {"vanished a", "vanished b"}},
        {12, {}, {}}}},
      {"renamed", {{0, {file("a")}, {}}, {9, {file("b")}, {"vanished a"}}, {19, {file("b")}, {"ready b"}}}},
      {"locked by who writes it, told once, then free",
       {{0, {file("a")}, {}}, {10, {file("a")}, {"unreadable a"}, ETXTBSY}, {11, {file("a")}, {}, ETXTBSY},
        {12, {file("a")}, {"unreadable a"}, EACCES}, {13, {file("a")}, {"ready a"}}}},
      {"gone between scan and look", {{0, {file("a")}, {}}, {10, {file("a")}, {}, ENOENT}, {11, {}, {"vanished a"}}}},
      {"a link, told once, whatever the companion says",
       {{0, {link("a"), file("a.done", 0, 9)}, {"unreadable a"}}, {99, {link("a")}, {}}, {100, {}, {}}}},
      {"a folder that cannot be listed hides what is in it and takes nothing away",
       {{0, {file("in/a"), file("in2")}, {}}, {10, {failed("in", EACCES), file("in2")}, {"unreadable in", "ready in2"}},
        {20, {file("in/a"), file("in2")}, {"ready in/a"}}}},
      {"the clock of the drive steps back",
       {{0, {file("a", 1, 500)}, {}}, {5, {file("a", 2, 100)}, {}}, {15, {file("a", 2, 100)}, {"ready a"}}}},
  };
  for (const auto& row : rows) {
    int os_error = 0;
    FolderWatch watch(seconds(10), [&os_error](const std::string&) { return os_error; });
    for (const Poll& poll : row.polls) {
      os_error = poll.os_error;
      EXPECT_EQ(words(watch.take(poll.listing, seconds(poll.at_s))), poll.changes) << row.what << " at " << poll.at_s;
    }
  }
}

TEST(FolderWatch, WhatIsUnreadableIsToldWithReasonAndAdvice) {
  FolderWatch watch({}, [](const std::string&) { return EACCES; });
  const auto changes = watch.take({file("drop/a.csv"), link("drop/b.csv")}, {});
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_NE(changes[0].message.find("drop/a.csv: Permission denied; give the account"), std::string::npos);
  EXPECT_NE(changes[1].message.find("drop/b.csv is a symbolic link"), std::string::npos);
}

TEST(FolderWatch, UnfinishedNames) {
  for (const char* name : {".a.csv", "~$a.xlsx", "a.csv~", "a.csv.part", "A.TMP", "a.csv.filepart", "a.crdownload"})
    EXPECT_TRUE(is_unfinished_name(name)) << name;
  for (const char* name : {"a.csv", "part", "tmp.csv", "a.part.csv", "a.done"}) EXPECT_FALSE(is_unfinished_name(name));
}

class RealFolder : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "quaywatch-watch-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    dir_ = pattern + "/";
  }
  void TearDown() override { fs::remove_all(dir_); }
  void put(const std::string& name, const std::string& bytes) const {
    fs::create_directories(fs::path(dir_ + name).parent_path());
    std::ofstream(dir_ + name, std::ios::app) << bytes;
  }
  std::string dir_;
};

TEST_F(RealFolder, IsScannedAndWatched) {
  for (const char* name : {"b/gate.csv", "a.edi", "c.csv.part", ".hidden/x", "late.csv"}) put(name, "1\n");
  put("b/gate.csv.done", "");
  fs::create_symlink("/etc/passwd", dir_ + "link");
  fs::create_directory_symlink("/etc", dir_ + "out");
  ASSERT_EQ(::mkfifo((dir_ + "pipe").c_str(), 0600), 0);
  FolderWatch watch(seconds(10));
  const auto poll = [&](std::int64_t at_s) {
    auto out = words(watch.take(scan_folder(dir_).value(), seconds(at_s)));
    for (auto& line : out) line.erase(line.find(dir_), dir_.size());
    return out;
  };
  EXPECT_EQ(poll(0), (std::vector<std::string>{"ready b/gate.csv", "unreadable link", "unreadable out"}));
  put("late.csv", "2\n");
  fs::rename(dir_ + "c.csv.part", dir_ + "c.csv");
  EXPECT_EQ(poll(10), (std::vector<std::string>{"ready a.edi"}));
  EXPECT_EQ(poll(20), (std::vector<std::string>{"ready c.csv", "ready late.csv"}));
  put("a.edi", "3\n");
  fs::remove(dir_ + "late.csv");
  put("new", "another file");
  fs::rename(dir_ + "new", dir_ + "c.csv");
  EXPECT_EQ(poll(21), (std::vector<std::string>{"grew a.edi", "replaced c.csv", "vanished late.csv"}));
}

TEST_F(RealFolder, AFolderThatIsGoneOrTooFullIsAnErrorAndNotAnEmptyFolder) {
  put("a", "1");
  put("b", "1");
  EXPECT_EQ(scan_folder(dir_, 2)->size(), 2u);
  EXPECT_EQ(scan_folder(dir_, 1).error().code, ErrorCode::limit_exceeded);
  const auto missing = scan_folder(dir_ + "missing");
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
  EXPECT_NE(missing.error().message.find(dir_ + "missing"), std::string::npos);
  EXPECT_EQ(FolderWatch::probe_file(dir_ + "a"), 0);
  EXPECT_EQ(FolderWatch::probe_file(dir_ + "missing"), ENOENT);
  const Duration before = monotonic_now();
  EXPECT_LE(before, monotonic_now());
}

}  // namespace
}  // namespace quaywatch::io
