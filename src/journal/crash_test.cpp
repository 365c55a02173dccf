// kill -9 at any instant loses no acknowledged entry (DESIGN section 10). A child appends batches and writes to a pipe
// how many entries it was promised; the parent kills it while it works and reads everything back.

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "journal/testing.h"

namespace quaywatch::journal {
namespace {

constexpr int kRounds = 12;
constexpr std::uint64_t kSegmentBytes = 40'000;  // so that kills also fall on the start of a segment

EventPtr numbered(std::uint64_t i) {
  return gate_event("KP" + std::to_string(i % 90), "C" + std::to_string(i),
                    Timestamp{1'792'000'000'000'000} + seconds(static_cast<std::int64_t>(i)));
}

// Never returns: ends by signal, or with 1 when the log refuses.
[[noreturn]] void append_for_ever(const std::string& data_dir, int pipe_end, std::uint64_t seed) {
  Rng rng(seed);
  auto ring = KeyRing::open(data_dir);
  if (!ring) ::_exit(1);
  auto log = Log::open(data_dir, "input", *ring, kSegmentBytes);
  if (!log) ::_exit(1);
  for (;;) {
    for (std::uint64_t n = 1 + below(rng, 40); n > 0; --n) {
      // The next entry's number is its sequence: batches of an earlier life that survived unacknowledged count too.
      static std::uint64_t next = log->durable().size;
      if (!log->append(numbered(next++))) ::_exit(1);
    }
    const auto position = log->commit();
    if (!position) ::_exit(1);
    if (::write(pipe_end, &position->size, sizeof position->size) != sizeof position->size) ::_exit(1);
  }
}

// Reads `acknowledgements` promises, kills the child a random moment later, and gives the last promise it made.
std::uint64_t run_and_kill(const std::string& data_dir, Rng& rng) {
  int ends[2];
  if (::pipe(ends) != 0) return 0;
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    append_for_ever(data_dir, ends[1], rng());
  }
  ::close(ends[1]);
  std::uint64_t promised = 0, value = 0;
  for (std::uint64_t n = 1 + below(rng, 30); n > 0 && ::read(ends[0], &value, sizeof value) == sizeof value; --n)
    promised = value;
  for (volatile std::uint64_t spin = below(rng, 2'000'000); spin > 0;)
    spin = spin - 1;  // into the next batch, anywhere
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended by itself";
  while (::read(ends[0], &value, sizeof value) == sizeof value) promised = value;
  ::close(ends[0]);
  return promised;
}

TEST(Crash, KillLosesNoAcknowledgedEntry) {
  DataFolder data;
  Rng rng(20'261'023);
  std::uint64_t before = 0;
  for (int round = 0; round < kRounds; ++round) {
    const std::uint64_t promised = run_and_kill(data.path(), rng);
    ASSERT_GT(promised, before) << "round " << round << " made no progress";
    auto ring = KeyRing::open(data.path()).value();
    auto log = Log::open(data.path(), "input", ring, kSegmentBytes).value();
    ASSERT_FALSE(log.broken().has_value()) << log.broken()->message;
    ASSERT_GE(log.durable().size, promised) << "round " << round;
    std::uint64_t read = 0;
    const auto done = log.replay(0, [&](std::uint64_t sequence, const Entry& entry) -> Result<void> {
      if (dump(entry) != dump(Entry(numbered(sequence))))
        return fail(ErrorCode::corrupt, "another entry " + std::to_string(sequence));
      ++read;
      return {};
    });
    ASSERT_TRUE(done.has_value()) << done.error().message;
    ASSERT_GE(read, promised);
    ASSERT_TRUE(log.verify().has_value()) << log.verify().error().message;
    before = read;
  }
}

}  // namespace
}  // namespace quaywatch::journal
