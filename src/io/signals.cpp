#include "io/signals.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <limits>
#include <utility>

namespace quaywatch::io {
namespace {

constexpr int kSignals[] = {SIGINT, SIGTERM};

// A signal's function gets no argument: what it writes to must be found in the process.
std::atomic<int> event_to_raise = -1;
static_assert(std::atomic<int>::is_always_lock_free);

std::atomic<bool> has_reload = false, is_reload_awaited = false;
static_assert(std::atomic<bool>::is_always_lock_free);

void wish_reload(int) {
  has_reload = true;
}

void raise_event(int) {
  const int before = errno;
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(event_to_raise.load(), &one, sizeof one);
  errno = before;
}

}  // namespace

Result<StopSignals> StopSignals::install() {
  Descriptor event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!event.is_open()) return os_failure("wait for signals with", "eventfd", errno);
  int none = -1;
  if (!event_to_raise.compare_exchange_strong(none, event.get()))
    return fail(ErrorCode::invalid_argument, "the signals that end the program are waited for already");
  StopSignals out(std::move(event));
  struct sigaction action {};
  action.sa_handler = raise_event;
  action.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);
  for (std::size_t i = 0; i < std::size(kSignals); ++i) ::sigaction(kSignals[i], &action, &out.before_[i]);
  return out;
}

StopSignals::~StopSignals() {
  if (!event_.is_open()) return;
  for (std::size_t i = 0; i < std::size(kSignals); ++i) ::sigaction(kSignals[i], &before_[i], nullptr);
  event_to_raise = -1;
}

bool StopSignals::wait(Duration at_most) const {
  pollfd event{event_.get(), POLLIN, 0};
  const std::int64_t ms = std::clamp<std::int64_t>(at_most.us / 1000, 0, std::numeric_limits<int>::max());
  ::poll(&event, 1, static_cast<int>(ms));  // an interrupted wait only returns early
  return (event.revents & POLLIN) != 0;
}

Result<ReloadSignal> ReloadSignal::install() {
  if (is_reload_awaited.exchange(true)) return fail(ErrorCode::invalid_argument, "the signal to reload is waited for");
  has_reload = false;
  ReloadSignal out;
  out.is_installed_ = true;
  struct sigaction action {};
  action.sa_handler = wish_reload;
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGHUP, &action, &out.before_);
  return out;
}

ReloadSignal::ReloadSignal(ReloadSignal&& other) noexcept
    : is_installed_(std::exchange(other.is_installed_, false)), before_(other.before_) {}

ReloadSignal::~ReloadSignal() {
  if (!is_installed_) return;
  ::sigaction(SIGHUP, &before_, nullptr);
  is_reload_awaited = false;
}

bool ReloadSignal::take() const {
  return has_reload.exchange(false);
}

}  // namespace quaywatch::io
