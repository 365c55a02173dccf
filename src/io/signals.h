// StopSignals: SIGINT and SIGTERM as something to wait for, instead of the end of the process. A second signal of the
// same kind ends the process as usual. One object at a time in a process; `wait` and `descriptor` are thread-safe.
#pragma once

#include <csignal>

#include "base/result.h"
#include "base/time.h"
#include "io/descriptor.h"

namespace quaywatch::io {

class StopSignals {
 public:
  static Result<StopSignals> install();
  ~StopSignals();  // what the signals did before is restored
  StopSignals(StopSignals&&) noexcept = default;
  StopSignals& operator=(StopSignals&&) = delete;

  // Whether one has come; waits for it no longer than `at_most`.
  bool wait(Duration at_most) const;
  bool is_raised() const { return wait({}); }
  int descriptor() const { return event_.get(); }  // readable for ever once a signal came: ListenOptions, poll(2)

 private:
  explicit StopSignals(Descriptor event) : event_(std::move(event)) {}
  Descriptor event_;
  struct sigaction before_[2] {};
};

// ReloadSignal: SIGHUP as a wish that is granted at the next look, instead of the end of the process. One object at a
// time in a process; `take` is thread-safe.
class ReloadSignal {
 public:
  static Result<ReloadSignal> install();
  ~ReloadSignal();  // what the signal did before is restored
  ReloadSignal(ReloadSignal&& other) noexcept;
  ReloadSignal& operator=(ReloadSignal&&) = delete;

  // Whether one has come since the last time.
  bool take() const;

 private:
  ReloadSignal() = default;
  bool is_installed_ = false;
  struct sigaction before_ {};
};

}  // namespace quaywatch::io
