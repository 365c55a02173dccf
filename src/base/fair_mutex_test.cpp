#include "base/fair_mutex.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace quaywatch {
namespace {

TEST(FairMutex, OneAtATime) {
  FairMutex mutex;
  int n = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int k = 0; k < 5'000; ++k) {
        const std::lock_guard lock(mutex);
        ++n;
      }
    });
  for (std::jthread& t : threads) t.join();
  EXPECT_EQ(n, 20'000);
}

// Ends only if whoever waits has a turn although the holder asks again at once.
TEST(FairMutex, WhoWaitsComesBeforeWhoLetsGo) {
  FairMutex mutex;
  std::atomic<int> had = 0;
  mutex.lock();
  std::vector<std::jthread> threads;
  for (int i = 0; i < 3; ++i)
    threads.emplace_back([&] {
      const std::lock_guard lock(mutex);
      ++had;
    });
  while (had < 3) {
    mutex.unlock();
    mutex.lock();
  }
  mutex.unlock();
  for (std::jthread& t : threads) t.join();
  EXPECT_EQ(had, 3);
}

}  // namespace
}  // namespace quaywatch
