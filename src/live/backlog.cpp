#include "live/backlog.h"

#include <algorithm>
#include <iterator>

#include "base/limits_server.h"

namespace quaywatch::live {

Backlog::Position Backlog::hand_over(Written written) {
  const std::lock_guard lock(mutex_);
  handed_ += written.entries.size();
  if (is_closed_) return handed_;  // the next start judges it
  if (must_replay_) written.entries.clear();  // they are read again with the rest
  if (entries_.empty())
    entries_ = std::move(written.entries);
  else
    std::move(written.entries.begin(), written.entries.end(), std::back_inserter(entries_));
  for (ingest::TakenFile& f : written.ended) ended_.emplace_back(handed_, std::move(f));
  std::move(written.file_names.begin(), written.file_names.end(), std::back_inserter(file_names_));
  has_decisions_ |= written.has_decisions;
  must_replay_ |= written.must_replay;
  handed_or_judged_.notify_all();
  return handed_;
}

bool Backlog::wait(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  handed_or_judged_.wait(lock, stop, [this] { return taken_ < handed_ || !ended_.empty() || must_replay_; });
  return !stop.stop_requested();
}

bool Backlog::must_replay() const {
  const std::lock_guard lock(mutex_);
  return must_replay_;
}

Written Backlog::take(std::size_t most) {
  const std::lock_guard lock(mutex_);
  Written out;
  const auto n = static_cast<std::ptrdiff_t>(std::min(most, entries_.size()));
  out.entries.assign(std::make_move_iterator(entries_.begin()), std::make_move_iterator(entries_.begin() + n));
  entries_.erase(entries_.begin(), entries_.begin() + n);
  taken_ += static_cast<Position>(n);
  for (; !ended_.empty() && ended_.front().first <= taken_; ended_.pop_front())
    out.ended.push_back(std::move(ended_.front().second));
  out.file_names = std::exchange(file_names_, {});
  out.has_decisions = std::exchange(has_decisions_, false);
  return out;
}

bool Backlog::drop() {
  const std::lock_guard lock(mutex_);
  entries_.clear();
  ended_.clear();
  file_names_.clear();
  must_replay_ = false;
  taken_ = handed_;
  return std::exchange(has_decisions_, false);
}

bool Backlog::is_empty() const {
  const std::lock_guard lock(mutex_);
  return taken_ == handed_ && ended_.empty() && !must_replay_;
}

void Backlog::judged() {
  const std::lock_guard lock(mutex_);
  judged_ = taken_;
  handed_or_judged_.notify_all();
}

Result<void> Backlog::wait_until(Position judged) {
  std::unique_lock lock(mutex_);
  handed_or_judged_.wait(lock, [&] { return is_closed_ || judged_ >= judged; });
  if (judged_ >= judged) return {};
  return why_ ? fail(ErrorCode::io_failure, "the server stops; the rules judge it at the next start") : why_;
}

bool Backlog::is_there_room() const {
  // Whoever replays waits until the file is whole that is being taken in.
  return is_closed_ || must_replay_ || entries_.size() < limits::kBacklogEntries;
}

void Backlog::wait_for_room() {
  std::unique_lock lock(mutex_);
  handed_or_judged_.wait(lock, [this] { return is_there_room(); });
}

bool Backlog::has_room() const {
  const std::lock_guard lock(mutex_);
  return is_there_room();
}

void Backlog::close(const Result<void>& why) {
  const std::lock_guard lock(mutex_);
  is_closed_ = true;
  why_ = why;
  handed_or_judged_.notify_all();
}

Result<void> Backlog::why_closed() const {
  const std::lock_guard lock(mutex_);
  return why_;
}

std::uint64_t Backlog::waiting() const {
  const std::lock_guard lock(mutex_);
  return handed_ - judged_;
}

}  // namespace quaywatch::live
