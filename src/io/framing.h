// Framer: cuts a byte stream into records. RFC 6587 (syslog over TCP) section 3.4.1, octet counting, and section 3.4.2,
// one record a line; which of them is decided for each frame by its first bytes, as rsyslog's receiver does: a digit
// 1 to 9, at most eight further digits and a blank are an octet count, anything else is a line. (So a line that begins
// with a number and a blank is taken for a count: such senders must count octets.) Ten digits and more are a line: they
// are a time in seconds, never a length. Total and bounded on any bytes; pure; one thread per object.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/limits.h"

namespace quaywatch::io {

// One record, or what stands where one was lost.
struct Frame {
  std::string bytes;         // without count, LF, and the CR before it; of a lost one the first bytes, kKeptRejectBytes
  std::string_view reason;   // empty: a record. Else why it was lost, a snake_case word with static storage
  std::uint64_t offset = 0;  // of the first byte, count included, in the stream
  std::uint64_t size = 0;    // in the stream, with count and line end
};

class Framer {
 public:
  explicit Framer(std::size_t max_bytes = limits::kFrameBytes) : max_bytes_(max_bytes) {}

  // The next bytes of the stream. They must outlive the calls of `next` until it returns nothing.
  void feed(std::string_view block);
  // The next frame. Empty lines are no frames. A line longer than the maximum is lost as "frame_too_long", told when
  // its end is seen. A count of more than the maximum is lost as "octet_count_too_large" and ends everything: where the
  // next frame begins can no longer be known.
  std::optional<Frame> next();
  // At the end of the stream. A line without its line end is a record if the peer ended in good order (`is_orderly`),
  // as rsyslog's receiver has it; every other piece is lost as "frame_incomplete".
  std::optional<Frame> finish(bool is_orderly);

  bool is_broken() const { return state_ == State::broken; }
  bool has_partial() const { return state_ != State::start && state_ != State::broken; }
  std::uint64_t frame_offset() const { return frame_offset_; }  // of the frame begun last

 private:
  enum class State : std::uint8_t { start, count, counted, line, too_long, broken };
  void start();
  bool read_count();
  std::optional<Frame> read_counted();
  std::optional<Frame> read_line();
  std::optional<Frame> skip_line();
  void keep(std::size_t size);
  void skip(std::size_t size);
  Frame cut(std::string_view reason);

  std::string_view block_;  // what is left of it
  std::string partial_;     // the frame so far
  std::uint64_t offset_ = 0;
  std::uint64_t frame_offset_ = 0;
  std::size_t max_bytes_;
  std::size_t counted_ = 0;
  State state_ = State::start;
};

}  // namespace quaywatch::io
