#include "io/event_stream.h"

#include <fmt/format.h>

#include <utility>

namespace quaywatch::io {

bool EventStream::send(std::string_view id, std::string_view event, std::string_view data) {
  const std::lock_guard lock(mutex_);
  if (closed_) return false;
  pending_ += fmt::format("id: {}\nevent: {}\ndata: {}\n\n", id, event, data);
  if (pending_.size() > limits::kEventStreamBytes) closed_ = true;
  if (wake_) wake_();
  return !closed_;
}

void EventStream::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  if (wake_) wake_();
}

bool EventStream::is_closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

std::string EventStream::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(pending_, {});
}

void EventStream::set_wake(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
}

}  // namespace quaywatch::io
