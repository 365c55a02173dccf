// FairMutex: a mutex that goes to those who wait in the order they came, also before whoever has just let it go. For
// what one thread holds most of the time, and others in between. BasicLockable (std::lock_guard, std::unique_lock).
#pragma once

#include <deque>
#include <mutex>
#include <semaphore>

namespace quaywatch {

class FairMutex {
 public:
  void lock() {
    std::binary_semaphore turn(0);
    {
      const std::lock_guard guard(mutex_);
      if (!is_held_) {
        is_held_ = true;
        return;
      }
      waiting_.push_back(&turn);
    }
    turn.acquire();
  }
  void unlock() {
    const std::lock_guard guard(mutex_);
    is_held_ = !waiting_.empty();
    if (!is_held_) return;
    std::binary_semaphore* const next = waiting_.front();
    waiting_.pop_front();
    next->release();  // within the guard: it is gone as soon as its thread goes on
  }

 private:
  std::mutex mutex_;  // of what follows
  bool is_held_ = false;
  std::deque<std::binary_semaphore*> waiting_;
};

}  // namespace quaywatch
