// Keys of age (https://age-encryption.org/v1), X25519 alone: a recipient is written age1..., the identity that opens
// what was encrypted to it AGE-SECRET-KEY-1... Files of them are as age and age-keygen read and write them.
// Thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "envelope/primitives.h"

namespace quaywatch::envelope {

struct Recipient {
  Bytes32 point{};
  bool operator==(const Recipient&) const = default;
};

struct Identity {
  Secret<32> scalar;
};

Result<Identity> new_identity();
Recipient recipient_of(const Identity& identity);

std::string to_text(const Recipient& recipient);
std::string to_text(const Identity& identity);
Result<Recipient> parse_recipient(std::string_view text);

// One key a line; empty lines and such that begin with # are skipped. `path` is for messages, which never show a
// secret. malformed: a line that is no key, or no key at all.
Result<std::vector<Recipient>> parse_recipients(std::string_view text, const std::string& path);
Result<std::vector<Identity>> parse_identities(std::string_view text, const std::string& path);

}  // namespace quaywatch::envelope
