// Keys of age and minisign as the command line names them, and signatures beside files.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "envelope/age_keys.h"
#include "envelope/signature.h"

namespace quaywatch::app {

// Each a key (age1...) or a file of them.
Result<std::vector<envelope::Recipient>> read_recipients(const std::vector<std::string>& named);
Result<std::vector<envelope::Identity>> read_identities(const std::vector<std::string>& paths);
Result<envelope::SigningKey> read_signing_key(const std::string& path);

// Writes FILE.minisig, and gives its name.
Result<std::string> write_signature(const std::string& file, const envelope::SigningKey& key);
// FILE.minisig against the file; `key` is one (RW...) or a file of it. Gives the comment that was signed with it, for
// people: 2026-12-01T06:00:00Z, file:site.qwb.
// not_found: there is no signature. Else as envelope::verify.
Result<std::string> check_signature(const std::string& file, const std::string& key);

}  // namespace quaywatch::app
