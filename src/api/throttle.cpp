#include "api/throttle.h"

#include <algorithm>
#include <cmath>

#include "base/limits_server.h"

namespace quaywatch::api {

using Lock = std::lock_guard<std::mutex>;

constexpr double kMinute = 60e6;  // microseconds

void Throttle::set(std::uint32_t per_minute) {
  const Lock lock(mutex_);
  if (per_minute != per_minute_) buckets_.clear();
  per_minute_ = per_minute;
}

// A clock that went back fills nothing.
double Throttle::filled(const Bucket& bucket, Timestamp now) const {
  const double passed = static_cast<double>(std::max<std::int64_t>(0, (now - bucket.at).us));
  return std::min(at_once(), bucket.left + passed / kMinute * per_minute_);
}

// A full bucket is as good as none.
void Throttle::forget_full(Timestamp now) {
  std::erase_if(buckets_, [&](const auto& b) { return filled(b.second, now) >= at_once(); });
  // So many ask at once that they are not held apart any more: rather let all go on than keep one out for ever.
  if (buckets_.size() >= limits::kThrottled) buckets_.clear();
}

Throttle::Answer Throttle::take(const std::string& who, Timestamp now) {
  const Lock lock(mutex_);
  if (per_minute_ == 0) return {};
  if (buckets_.size() >= limits::kThrottled && !buckets_.contains(who)) forget_full(now);
  Bucket& bucket = buckets_.try_emplace(who, Bucket{at_once(), now, false}).first->second;
  bucket.left = filled(bucket, now);
  bucket.at = now;
  if (bucket.left >= at_once() / 2) bucket.is_refused = false;
  if (bucket.left >= 1) {
    bucket.left -= 1;
    return {};
  }
  const bool is_first = !bucket.is_refused;
  bucket.is_refused = true;
  return {Duration{static_cast<std::int64_t>(std::ceil((1 - bucket.left) * kMinute / per_minute_))}, is_first};
}

}  // namespace quaywatch::api
