// ReceivedQueue: what one thread receives and another takes, with the counters of both. Bounded by the producer, which
// asks `is_full` before it reads and so exceeds the bound by one read at most. All functions are thread-safe.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string_view>
#include <vector>

#include "io/listener.h"

namespace quaywatch::io {

class ReceivedQueue {
 public:
  ReceivedQueue(std::size_t max_records, std::size_t max_bytes) : max_records_(max_records), max_bytes_(max_bytes) {}

  void push(Received received);
  // True is remembered until `take_waiting`: the producer waits for room.
  bool is_full();
  bool take_waiting();
  // Everything, as soon as there is anything; nothing after `at_most` or when the end was told.
  std::vector<Received> take(Duration at_most);
  void end();  // the producer will push no more
  bool is_finished() const;
  ListenCounters counters() const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<Received> queue_;
  std::size_t bytes_ = 0;
  std::size_t max_records_;
  std::size_t max_bytes_;
  bool is_awaited_ = false;
  bool is_ended_ = false;
  ListenCounters counters_;
  std::map<std::string_view, std::uint64_t> by_reason_;
};

}  // namespace quaywatch::io
