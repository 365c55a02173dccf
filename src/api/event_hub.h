// EventHub: hands what changes to the clients of streamEvents, each through its own walls. The latest
// limits::kEventStreamHistory changes are kept for clients that come back. The id of a change is told locked: from
// numbers a client would see how much happens that it must not know of. Thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/number_lock.h"
#include "identity/wall.h"
#include "io/event_stream.h"

namespace quaywatch::api {

class EventHub {
 public:
  // What a client is told of a change; nullopt: it must not know, or need not.
  struct Reading {
    std::string token;  // of the session
    std::string organisation_id;
    identity::Reader reader;
  };
  using Render = std::function<std::optional<std::string>(const Reading&)>;

  // `numbers` outlives it.
  explicit EventHub(const NumberLock& numbers) : numbers_(numbers) {}
  void publish(std::string event, Render render);
  // nullptr: too many. `last_id`: of the change that the client had last; empty: it is new.
  std::shared_ptr<io::EventStream> subscribe(Reading reading, std::string_view last_id);
  // Ends the streams of sessions that are over.
  void drop_unless(const std::function<bool(const Reading&)>& is_valid);
  void close_all();
  std::size_t clients() const;

 private:
  struct Change {
    std::uint64_t sequence = 0;
    std::string event;
    Render render;
  };
  struct Client {
    Reading reading;
    std::shared_ptr<io::EventStream> stream;
  };
  void send(const Client& client, const Change& change) const;
  std::string id_of(std::uint64_t sequence) const;
  bool is_kept(std::uint64_t last_seen) const;

  const NumberLock& numbers_;
  mutable std::mutex mutex_;
  std::deque<Change> history_;
  std::vector<Client> clients_;
  std::uint64_t sequence_ = 0;
};

}  // namespace quaywatch::api
