// FolderWatch: which files of a folder are complete and may be read. Folders are polled, because network drives send no
// events. A file is ready when it stood still (same inode, size and modification time) for the settle time, or at once
// when its companion says that the sender is done: NAME.done, or its name with .done instead of the last ending, not
// older than the file itself.
//
// Hidden names, names of unfinished transfers (is_unfinished_name) and companions are no files. Symbolic links are not
// followed, in whatever direction they lead. A renamed file is one that vanished and another that came. Nothing is kept
// across a restart: every file is ready once more then; the same record read twice is the same event.
//
// A blind spot: a sender that sets the full size first and then pauses for longer than the settle time looks complete,
// unless the drive locks the file meanwhile. Senders should rename into place or leave a companion.
//
// `take` is a function of what it is given and touches no disk itself. One thread per object.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "base/time.h"

namespace quaywatch::io {

struct ListedFile {
  enum class Kind : std::uint8_t { file, link, failed };  // failed: a file or folder that cannot be looked at
  std::string path;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  Timestamp modified;  // by the clock of the drive, only compared with itself
  Kind kind = Kind::file;
  int os_error = 0;  // errno, of a failed one

  bool operator==(const ListedFile&) const = default;
};

// All under the folder, recursive, sorted bytewise by path; what vanishes meanwhile is left out. An Error means that
// nothing is known (the folder itself cannot be listed, or holds more than `most` files): do not call `take` then.
Result<std::vector<ListedFile>> scan_folder(const std::string& folder, std::size_t most = limits::kWatchedFiles);

// A name that by convention is not meant to be read: a leading dot or tilde, a trailing tilde, or an ending such as
// .part, .tmp or .filepart.
bool is_unfinished_name(std::string_view name);

struct FolderChange {
  // grew: one that was ready has more at its end; it will be ready again. replaced: it is another file now (inode) or
  // is shorter, or one that was ready was written anew. (That one not yet ready is still written to is not told.)
  // vanished: also one that never was ready. unreadable: it would be ready and cannot be read, is a link, or cannot be
  // looked at; told once as long as the reason stays, and tried again with every poll.
  enum class Kind : std::uint8_t { ready, grew, replaced, vanished, unreadable };
  std::string path;
  Kind kind = Kind::ready;
  std::string message;  // unreadable: a sentence: path, reason, what to do

  bool operator==(const FolderChange&) const = default;
};

class FolderWatch {
 public:
  // Says whether a file can be read now: 0 or errno (EACCES and ETXTBSY: locked by who writes it).
  using Probe = std::function<int(const std::string& path)>;
  explicit FolderWatch(Duration settle = seconds(10), Probe probe = probe_file);

  // What changed since the last listing, in the order of the paths, the vanished last. `elapsed` is monotonic_now() at
  // the scan: wall clocks step, and that of a network drive is another one anyway.
  std::vector<FolderChange> take(const std::vector<ListedFile>& listing, Duration elapsed);

  // Opens the file, without following a link, and reads a byte.
  static int probe_file(const std::string& path);

 private:
  struct Watched {
    ListedFile seen;
    Duration still_since;
    bool is_ready = false;     // told so, and nothing changed since
    int told_os_error = 0;
    std::uint64_t poll = 0;    // that saw it last
  };
  void look_at(const ListedFile& file, bool is_done, Duration elapsed, std::vector<FolderChange>& out);
  void tell_unreadable(Watched& watched, int os_error, std::vector<FolderChange>& out);

  Duration settle_;
  Probe probe_;
  std::map<std::string, Watched> watched_;
  std::uint64_t poll_ = 0;
};

}  // namespace quaywatch::io
