#include "io/framing.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace quaywatch::io {
namespace {

constexpr std::size_t kCountDigits = 9;

}  // namespace

void Framer::feed(std::string_view block) { block_ = block; }

void Framer::skip(std::size_t size) {
  block_.remove_prefix(size);
  offset_ += size;
}

void Framer::keep(std::size_t size) {
  partial_.append(block_.substr(0, size));
  skip(size);
}

Frame Framer::cut(std::string_view reason) {
  state_ = State::start;
  if (!reason.empty() && partial_.size() > limits::kKeptRejectBytes) partial_.resize(limits::kKeptRejectBytes);
  return {std::exchange(partial_, {}), reason, frame_offset_, offset_ - frame_offset_};
}

void Framer::start() {
  frame_offset_ = offset_;
  state_ = block_[0] >= '1' && block_[0] <= '9' ? State::count : State::line;
}

// False: the count is larger than any frame.
bool Framer::read_count() {
  while (!block_.empty() && is_ascii_digit(block_[0]) && partial_.size() <= kCountDigits) keep(1);
  if (block_.empty()) return true;
  if (block_[0] != ' ' || partial_.size() > kCountDigits) {
    state_ = State::line;
    return true;
  }
  counted_ = 0;
  for (const char digit : partial_) counted_ = counted_ * 10 + static_cast<std::size_t>(digit - '0');
  skip(1);
  if (counted_ > max_bytes_) return false;
  partial_.clear();
  state_ = State::counted;
  return true;
}

std::optional<Frame> Framer::read_counted() {
  keep(std::min(block_.size(), counted_ - partial_.size()));
  if (partial_.size() < counted_) return std::nullopt;
  return cut({});
}

std::optional<Frame> Framer::read_line() {
  const std::size_t end = block_.find('\n');
  const std::size_t size = std::min(end, block_.size());
  // One byte of grace: it may be the CR of the line end.
  if (partial_.size() + size > max_bytes_ + 1) {
    state_ = State::too_long;
    return std::nullopt;
  }
  keep(size);
  if (end == std::string_view::npos) return std::nullopt;
  if (partial_.ends_with('\r')) partial_.pop_back();
  skip(1);
  if (partial_.empty()) {
    state_ = State::start;
    return std::nullopt;
  }
  return cut(partial_.size() > max_bytes_ ? "frame_too_long" : std::string_view());
}

std::optional<Frame> Framer::skip_line() {
  if (partial_.size() < limits::kKeptRejectBytes)
    keep(std::min({block_.find('\n'), block_.size(), limits::kKeptRejectBytes - partial_.size()}));
  const std::size_t end = block_.find('\n');
  skip(end == std::string_view::npos ? block_.size() : end + 1);
  if (end == std::string_view::npos) return std::nullopt;
  return cut("frame_too_long");
}

std::optional<Frame> Framer::next() {
  while (!block_.empty()) {
    std::optional<Frame> frame;
    switch (state_) {
      case State::start: start(); break;
      case State::count:
        if (!read_count()) {
          frame = cut("octet_count_too_large");
          state_ = State::broken;
        }
        break;
      case State::counted: frame = read_counted(); break;
      case State::line: frame = read_line(); break;
      case State::too_long: frame = skip_line(); break;
      case State::broken: skip(block_.size()); break;
    }
    if (frame) return frame;
  }
  return std::nullopt;
}

std::optional<Frame> Framer::finish(bool is_orderly) {
  if (!has_partial()) return std::nullopt;
  if (state_ == State::too_long || partial_.size() > max_bytes_) return cut("frame_too_long");
  if (state_ != State::line || !is_orderly) return cut("frame_incomplete");
  if (partial_.ends_with('\r')) partial_.pop_back();
  if (!partial_.empty()) return cut({});
  state_ = State::start;
  return std::nullopt;
}

}  // namespace quaywatch::io
