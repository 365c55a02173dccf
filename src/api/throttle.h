// Throttle: how often one user, or one address, may ask: a bucket of requests that is full at first and fills again
// with time, in half a minute. A refused request takes nothing, so that whoever waits goes on. Thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "base/time.h"

namespace quaywatch::api {

class Throttle {
 public:
  // 0: there is no limit.
  explicit Throttle(std::uint32_t per_minute) : per_minute_(per_minute) {}
  void set(std::uint32_t per_minute);
  struct Answer {
    Duration wait;          // zero: go on
    bool is_first = false;  // refused, and was not since the bucket was last half full
  };
  Answer take(const std::string& who, Timestamp now);

 private:
  struct Bucket {
    double left = 0;
    Timestamp at;  // when `left` was so
    bool is_refused = false;
  };
  void forget_full(Timestamp now);
  double filled(const Bucket& bucket, Timestamp now) const;

  double at_once() const { return (per_minute_ + 1) / 2; }

  std::mutex mutex_;
  std::uint32_t per_minute_;
  std::map<std::string, Bucket> buckets_;
};

}  // namespace quaywatch::api
