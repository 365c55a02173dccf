// Target: where a backup is written: encrypted and signed as asked, under another name until it is whole. What is clear
// is never on its disk. One thread per object.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "envelope/age_file.h"
#include "envelope/signature.h"
#include "io/append_file.h"

namespace quaywatch::keeping {

struct Protection {
  std::vector<envelope::Recipient> recipients;      // none: in clear
  std::optional<envelope::SigningKey> signing_key;  // nullopt: no signature beside it
};

class Target {
 public:
  // Writes `path`.partial; one that was left there is replaced.
  static Result<std::unique_ptr<Target>> create(const std::string& path, const Protection& protection);
  ~Target();  // what is not finished goes
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;

  Result<void> append(std::string_view bytes);
  // Durable under its name on return, and its signature beside it. A file of that name is replaced.
  Result<void> finish(Timestamp made_at);

 private:
  Target(const std::string& path, const Protection& protection);
  Result<void> write(std::string_view bytes);

  std::string path_, partial_;
  std::optional<envelope::SigningKey> signing_key_;
  std::optional<io::AppendFile> file_;
  std::optional<envelope::AgeWriter> encrypted_;
  envelope::ContentDigest digest_;
};

}  // namespace quaywatch::keeping
