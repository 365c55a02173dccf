// EventStream: what one client of server-sent events (WHATWG HTML, section "Server-sent events") is still to get. The
// program puts events in, the server takes them out. A client that does not keep up is ended, never waited for: it
// connects again and says what it had last. Thread-safe.
#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "base/limits_server.h"

namespace quaywatch::io {

class EventStream {
 public:
  // `data` is one line, such as JSON. False: the stream is over.
  bool send(std::string_view id, std::string_view event, std::string_view data);
  void close();
  bool is_closed() const;

  // For the server: everything there is. `wake` is called, from any thread, when there may be more or it was closed.
  std::string take();
  void set_wake(std::function<void()> wake);

 private:
  mutable std::mutex mutex_;
  std::string pending_;
  bool closed_ = false;
  std::function<void()> wake_;
};

}  // namespace quaywatch::io
