// FairMutex: a mutex that goes to those who wait in the order they came, also before whoever has just let it go. For
// what one thread holds most of the time, and others in between. BasicLockable (std::lock_guard, std::unique_lock).
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>

namespace quaywatch {

class FairMutex {
 public:
  void lock() {
    std::unique_lock guard(mutex_);
    if (!is_held_) {
      is_held_ = true;
      return;
    }
    Waiting me;
    waiting_.push_back(&me);
    me.turn.wait(guard, [&me] { return me.has_it; });
  }
  void unlock() {
    const std::lock_guard guard(mutex_);
    is_held_ = !waiting_.empty();
    if (!is_held_) return;
    Waiting* const next = waiting_.front();
    waiting_.pop_front();
    next->has_it = true;
    next->turn.notify_one();  // within the guard: it is gone as soon as its thread goes on
  }
  // Somebody waits for it.
  bool is_wanted() const {
    const std::lock_guard guard(mutex_);
    return !waiting_.empty();
  }

 private:
  struct Waiting {
    std::condition_variable turn;
    bool has_it = false;
  };

  mutable std::mutex mutex_;  // of what follows
  bool is_held_ = false;
  std::deque<Waiting*> waiting_;
};

}  // namespace quaywatch
