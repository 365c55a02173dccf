// The head of an age file (https://age-encryption.org/v1): the key of the file, locked once for each recipient, and a
// MAC over all of it. Text, but for what follows it. Total and bounded on any bytes. Thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "envelope/age_keys.h"
#include "envelope/primitives.h"

namespace quaywatch::envelope {

inline constexpr std::string_view kAgeVersion = "age-encryption.org/v1\n";
inline constexpr std::size_t kAgeHeaderMost = 64 * 1024;  // some 500 recipients

using FileKey = Secret<16>;

struct AgeStanza {
  std::vector<std::string_view> arguments;  // the first is the type
  std::string body;
};
struct AgeHeader {
  std::vector<AgeStanza> stanzas;
  std::string_view authenticated;  // what the MAC is of
  std::string mac;
  std::size_t bytes = 0;  // of the whole
};

// Views into `bytes`. malformed: line and why; `path` is for messages.
Result<AgeHeader> parse_age_header(std::string_view bytes, const std::string& path);

Result<std::string> age_header(const FileKey& key, const std::vector<Recipient>& recipients);
// The key, by the first identity that a stanza was made for. invalid_argument: there is none, the keys are others.
// corrupt: the MAC says that the head was changed.
Result<FileKey> open_age_header(const AgeHeader& header, const std::vector<Identity>& identities,
                                const std::string& path);

}  // namespace quaywatch::envelope
