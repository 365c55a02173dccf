// A file of age (https://age-encryption.org/v1), which `age` opens and writes as well: a header, a nonce, and chunks of
// 64 KiB, each sealed with ChaCha20-Poly1305 under its number and whether it is the last. So the clear bytes are read
// at any place, in bounded memory, and none are handed out that were changed, moved or cut off. One thread per object.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "envelope/age_header.h"
#include "io/source.h"

namespace quaywatch::envelope {

using Sink = std::function<Result<void>(std::string_view)>;

// How one chunk is sealed and opened.
class AgeChunks {
 public:
  static constexpr std::size_t kClear = 64 * 1024, kTag = 16, kSealed = kClear + kTag;

  AgeChunks(const FileKey& key, std::string_view nonce);
  std::string seal(std::uint64_t number, bool is_last, std::string_view clear) const;
  std::optional<std::string> open(std::uint64_t number, bool is_last, std::string_view sealed) const;

 private:
  Secret<32> key_;
};

class AgeWriter {
 public:
  // `sink` takes the file; its head now. invalid_argument: no recipient.
  static Result<AgeWriter> begin(const std::vector<Recipient>& recipients, Sink sink);
  Result<void> append(std::string_view clear);
  // Without it the file is one that was cut off.
  Result<void> finish();

 private:
  AgeWriter(AgeChunks chunks, Sink sink) : chunks_(std::move(chunks)), sink_(std::move(sink)) {}
  Result<void> write_chunk(bool is_last);

  AgeChunks chunks_;
  Sink sink_;
  std::string waiting_;  // at most a chunk: whether one is the last is known when there is more
  std::uint64_t next_ = 0;
};

// The clear bytes of an age file.
class AgeSource : public io::Source {
 public:
  // Also looks at its end. `path` is for messages. invalid_argument: no identity fits. malformed, corrupt: what is
  // wrong.
  static Result<std::unique_ptr<AgeSource>> open(std::unique_ptr<io::Source> file, const std::string& path,
                                                 const std::vector<Identity>& identities);
  static bool is_age(io::Source& file);

  std::uint64_t size() const override { return size_; }
  // corrupt: what was to be read is not what was written.
  Result<std::size_t> read(std::uint64_t offset, std::span<char> out) override;

 private:
  AgeSource(std::unique_ptr<io::Source> file, const std::string& path, AgeChunks chunks, std::uint64_t begin)
      : file_(std::move(file)), path_(path), chunks_(std::move(chunks)), begin_(begin) {}
  Result<void> measure();
  Result<std::string> sealed(std::uint64_t number);
  Result<void> load(std::uint64_t number);

  std::unique_ptr<io::Source> file_;
  std::string path_;
  AgeChunks chunks_;
  std::uint64_t begin_ = 0;  // of the first chunk in the file
  std::uint64_t count_ = 0, size_ = 0;
  std::string clear_;                // of the chunk that was opened last
  std::optional<std::uint64_t> at_;  // which
};

}  // namespace quaywatch::envelope
