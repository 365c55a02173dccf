#include "io/received_queue.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace quaywatch::io {
namespace {

constexpr Duration kLongestWait = days(365);  // beyond, the end of the wait is no instant of the clock

}  // namespace

void ReceivedQueue::push(Received received) {
  const std::lock_guard lock(mutex_);
  switch (received.kind) {
    case Received::Kind::connected: ++counters_.connections; break;
    case Received::Kind::record:
      ++counters_.records;
      counters_.record_bytes += received.bytes.size();
      break;
    case Received::Kind::lost:
      counters_.lost += received.count;
      by_reason_[received.reason] += received.count;
      break;
    case Received::Kind::disconnected: ++by_reason_[received.reason]; break;
  }
  bytes_ += received.bytes.size();
  queue_.push_back(std::move(received));
  if (queue_.size() == 1) arrived_.notify_one();
}

bool ReceivedQueue::is_full() {
  const std::lock_guard lock(mutex_);
  const bool full = queue_.size() >= max_records_ || bytes_ >= max_bytes_;
  is_awaited_ |= full;
  return full;
}

bool ReceivedQueue::take_waiting() {
  const std::lock_guard lock(mutex_);
  return std::exchange(is_awaited_, false);
}

std::vector<Received> ReceivedQueue::take(Duration at_most) {
  std::unique_lock lock(mutex_);
  arrived_.wait_for(lock, std::chrono::microseconds(std::min(at_most, kLongestWait).us),
                    [this] { return !queue_.empty() || is_ended_; });
  bytes_ = 0;
  return std::exchange(queue_, {});
}

void ReceivedQueue::end() {
  const std::lock_guard lock(mutex_);
  is_ended_ = true;
  arrived_.notify_one();
}

bool ReceivedQueue::is_finished() const {
  const std::lock_guard lock(mutex_);
  return is_ended_ && queue_.empty();
}

ListenCounters ReceivedQueue::counters() const {
  const std::lock_guard lock(mutex_);
  ListenCounters out = counters_;
  out.by_reason.assign(by_reason_.begin(), by_reason_.end());
  return out;
}

}  // namespace quaywatch::io
