// EventHub: hands what changes to the clients of streamEvents, each through its own walls. The latest
// limits::kEventStreamHistory changes are kept for clients that come back. Thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

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
  using Render = std::function<std::optional<std::string>(const Reading&, std::uint64_t sequence)>;

  void publish(std::string event, Render render);
  // nullptr: too many. `last_seen`: the sequence that the client had last; nullopt: it is new.
  std::shared_ptr<io::EventStream> subscribe(Reading reading, std::optional<std::uint64_t> last_seen);
  // Ends the streams of sessions that are over.
  void drop_unless(const std::function<bool(const Reading&)>& is_valid);
  void close_all();
  std::uint64_t sequence() const;
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
  static void send(const Client& client, const Change& change);

  mutable std::mutex mutex_;
  std::deque<Change> history_;
  std::vector<Client> clients_;
  std::uint64_t sequence_ = 0;
};

}  // namespace quaywatch::api
