// Certificates: by it servers of ours read certificate and key anew while they run, all of them together or none.
// Handshakes after that are with the new ones; connections that are open stay as they are. Thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "base/result.h"

namespace quaywatch::io {

class Certificates {
 public:
  using Change = std::function<void()>;  // puts in force what was read; may outlive its server
  using Read = std::function<Result<Change>()>;

  // `read` is asked as long as what `server` points to is there.
  void join(std::weak_ptr<const void> server, Read read);
  // What the files of all hold now. An Error: those of one cannot be used.
  Result<Change> read();

 private:
  struct Reader {
    std::weak_ptr<const void> server;
    Read read;
  };
  std::mutex mutex_;
  std::vector<Reader> readers_;
};

}  // namespace quaywatch::io
