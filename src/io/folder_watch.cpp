#include "io/folder_watch.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <optional>
#include <utility>

#include "base/text.h"
#include "io/descriptor.h"

namespace quaywatch::io {
namespace {

constexpr std::string_view kDone = ".done";
constexpr std::string_view kUnfinishedEndings[] = {".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload",
                                                   ".swp"};

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

bool is_done_name(std::string_view name) { return name.size() > kDone.size() && name.ends_with(kDone); }

ListedFile describe(std::string path, const struct stat& st) {
  return {std::move(path), st.st_ino, static_cast<std::uint64_t>(st.st_size),
          {st.st_mtim.tv_sec * 1'000'000 + st.st_mtim.tv_nsec / 1000},
          S_ISLNK(st.st_mode) ? ListedFile::Kind::link : ListedFile::Kind::file, 0};
}

ListedFile describe_failed(std::string path, int os_error) {
  return {std::move(path), 0, 0, {}, ListedFile::Kind::failed, os_error};
}

// Appends what lies in one folder; its folders go to `folders`. 0 or errno, when it cannot be listed to its end.
int list_one(const std::string& folder, int flags, std::vector<std::string>& folders, std::vector<ListedFile>& out,
             std::size_t most) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | flags);
  if (descriptor < 0) return errno;
  const std::unique_ptr<DIR, CloseFolder> open(::fdopendir(descriptor));
  if (open == nullptr) return errno;
  while (out.size() + folders.size() <= most) {
    errno = 0;
    const dirent* entry = ::readdir(open.get());
    if (entry == nullptr) return errno;
    const std::string_view name = entry->d_name;
    if (is_unfinished_name(name)) continue;
    std::string path = fmt::format("{}{}{}", folder, folder.ends_with('/') ? "" : "/", name);
    struct stat st {};
    if (::fstatat(::dirfd(open.get()), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
      if (errno != ENOENT) out.push_back(describe_failed(std::move(path), errno));
    } else if (S_ISDIR(st.st_mode)) {
      folders.push_back(std::move(path));
    } else if (S_ISREG(st.st_mode) || S_ISLNK(st.st_mode)) {
      out.push_back(describe(std::move(path), st));
    }
  }
  return 0;
}

bool is_below(std::string_view path, std::string_view folder) {
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

std::optional<Timestamp> modified_of(const std::vector<ListedFile>& listing, const std::string& path) {
  const auto at = std::lower_bound(listing.begin(), listing.end(), path,
                                   [](const ListedFile& file, const std::string& p) { return file.path < p; });
  if (at == listing.end() || at->path != path || at->kind != ListedFile::Kind::file) return std::nullopt;
  return at->modified;
}

// The sender has said that the file is complete. A companion older than the file speaks of an earlier one.
bool has_done_companion(const std::vector<ListedFile>& listing, const ListedFile& file) {
  const std::size_t name_at = file.path.rfind('/') + 1;
  const std::size_t ending = file.path.rfind('.');
  const bool has_ending = ending != std::string::npos && ending > name_at;
  auto done = modified_of(listing, file.path + std::string(kDone));
  if (!done && has_ending) done = modified_of(listing, file.path.substr(0, ending) + std::string(kDone));
  return done && *done >= file.modified;
}

}  // namespace

bool is_unfinished_name(std::string_view name) {
  if (name.starts_with('.') || name.starts_with('~') || name.ends_with('~')) return true;
  const std::string lower = to_lower(name);
  return std::any_of(std::begin(kUnfinishedEndings), std::end(kUnfinishedEndings),
                     [&lower](std::string_view ending) { return lower.ends_with(ending); });
}

Result<std::vector<ListedFile>> scan_folder(const std::string& folder, std::size_t most) {
  std::vector<ListedFile> out;
  std::vector<std::string> folders{folder};
  while (!folders.empty()) {
    const std::string next = std::move(folders.back());
    folders.pop_back();
    const bool is_top = next == folder;  // which may be a link: a person named it
    const int os_error = list_one(next, is_top ? 0 : O_NOFOLLOW, folders, out, most);
    if (os_error != 0 && is_top) return os_failure("list", folder, os_error);
    if (os_error != 0 && os_error != ENOENT) out.push_back(describe_failed(next, os_error));
    if (out.size() + folders.size() > most)
      return fail(ErrorCode::limit_exceeded,
                  fmt::format("{} holds more than {} files; move away what was read", folder, most), folder);
  }
  std::sort(out.begin(), out.end(), [](const ListedFile& a, const ListedFile& b) { return a.path < b.path; });
  return out;
}

int FolderWatch::probe_file(const std::string& path) {
  // O_NONBLOCK: a FIFO put in its place must not make us wait.
  const auto file = Descriptor(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC));
  if (!file.is_open()) return errno;
  char byte = 0;
  return ::pread(file.get(), &byte, 1, 0) < 0 ? errno : 0;
}

FolderWatch::FolderWatch(Duration settle, Probe probe) : settle_(settle), probe_(std::move(probe)) {}

void FolderWatch::tell_unreadable(Watched& watched, int os_error, std::vector<FolderChange>& out) {
  if (std::exchange(watched.told_os_error, os_error) == os_error) return;
  std::string message =
      os_error == ELOOP ? fmt::format("{} is a symbolic link, which is not followed; copy the file", watched.seen.path)
                        : fmt::format("{}; it is tried again",
                                      os_failure("read", watched.seen.path, os_error).value().message);
  out.push_back({watched.seen.path, FolderChange::Kind::unreadable, std::move(message)});
}

void FolderWatch::look_at(const ListedFile& file, bool is_done, Duration elapsed, std::vector<FolderChange>& out) {
  auto [at, is_new] = watched_.try_emplace(file.path);
  Watched& watched = at->second;
  watched.poll = poll_;
  if (is_new) {
    watched.seen = file;
    watched.still_since = elapsed;
  } else if (watched.seen != file) {
    const bool is_other = watched.seen.inode != file.inode || file.size < watched.seen.size;
    const bool is_longer = file.size > watched.seen.size;
    const bool was_file = watched.seen.kind == ListedFile::Kind::file && file.kind == ListedFile::Kind::file;
    if (was_file && (is_other || (watched.is_ready && !is_longer)))
      out.push_back({file.path, FolderChange::Kind::replaced, {}});
    else if (was_file && watched.is_ready)
      out.push_back({file.path, FolderChange::Kind::grew, {}});
    watched = {file, elapsed, false, watched.told_os_error, poll_};
  }
  if (file.kind == ListedFile::Kind::link) return tell_unreadable(watched, ELOOP, out);
  if (file.kind == ListedFile::Kind::failed) return tell_unreadable(watched, file.os_error, out);
  const bool is_still = elapsed >= watched.still_since + settle_;
  if (watched.is_ready || !(is_done || is_still)) return;
  const int os_error = probe_(file.path);
  if (os_error == ENOENT) return;  // gone since the scan: the next one says so
  if (os_error != 0) return tell_unreadable(watched, os_error, out);
  watched.is_ready = true;
  watched.told_os_error = 0;
  out.push_back({file.path, FolderChange::Kind::ready, {}});
}

std::vector<FolderChange> FolderWatch::take(const std::vector<ListedFile>& listing, Duration elapsed) {
  ++poll_;
  std::vector<FolderChange> out;
  std::vector<std::string_view> failed;
  for (const ListedFile& file : listing) {
    if (file.kind == ListedFile::Kind::failed) failed.push_back(file.path);
    if (!is_done_name(file.path)) look_at(file, has_done_companion(listing, file), elapsed, out);
  }
  const auto is_hidden = [&failed](const std::string& path) {
    return std::any_of(failed.begin(), failed.end(), [&](std::string_view folder) { return is_below(path, folder); });
  };
  for (auto at = watched_.begin(); at != watched_.end();) {
    const bool is_gone = at->second.poll != poll_ && !is_hidden(at->first);
    if (is_gone && at->second.seen.kind == ListedFile::Kind::file)
      out.push_back({at->first, FolderChange::Kind::vanished, {}});
    at = is_gone ? watched_.erase(at) : std::next(at);
  }
  return out;
}

}  // namespace quaywatch::io
