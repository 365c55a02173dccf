// Result<T>: a value or one Error. The only error vocabulary of the project.
// Wire data never throws: whatever comes from outside ends as an Error or a reject. Exceptions stay for construction
// at start-up and never cross a module. An Error's message is a sentence for a person: which thing, which value,
// which limit, what to do next.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace quaywatch {

enum class ErrorCode : std::uint8_t {
  invalid_argument,   // the caller's value cannot be used
  not_found,          // a named thing does not exist
  unreadable,         // a file or folder cannot be read
  malformed,          // bytes do not follow the format they claim
  limit_exceeded,     // a named limit of base/limits.h was reached
  unsupported,        // valid, but this version does not handle it; the message says what does
  corrupt,            // our own stored data fails its checksum
  io_failure,         // the operating system refused; the message carries its words
};

struct [[nodiscard]] Error {
  ErrorCode code = ErrorCode::invalid_argument;
  std::string message;
  std::string context;  // where: file, line, field; may be empty
};

template <typename T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(ErrorCode code, std::string message, std::string context = {}) {
  return tl::unexpected<Error>(Error{code, std::move(message), std::move(context)});
}

}  // namespace quaywatch
