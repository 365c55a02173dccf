#include "journal/raw_store.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/limits.h"
#include "io/files.h"
#include "journal/cipher.h"

namespace quaywatch::journal {
namespace {

constexpr std::string_view kRawMagic = "QWRAWF\r\n";
constexpr char kRawVersion = 1;
constexpr std::size_t kKeyAt = kRawMagic.size() + 4;  // version and three reserved bytes
constexpr std::size_t kBodyAt = kKeyAt + sizeof(KeyId);

// Each key seals one file, so that a fixed nonce is never used twice with it.
constexpr Nonce kNonce{};

}  // namespace

std::string RawStore::path(const Digest& content) const {
  return folder_ + "/" + to_hex(content);
}

bool RawStore::has(const Digest& content) const {
  return io::exists(path(content));
}

Result<void> RawStore::put(const Digest& content, std::string_view bytes) {
  if (bytes.size() > limits::kRawFileBytes)
    return fail(ErrorCode::limit_exceeded, fmt::format("a file kept for its rejects may have {} bytes; this one has {}",
                                                       limits::kRawFileBytes, bytes.size()));
  if (has(content)) return {};
  if (auto made = io::create_folders(folder_, 0700); !made) return made;
  auto id = keys_->make_segment_key();
  if (!id) return tl::unexpected(id.error());
  auto key = keys_->segment_key(*id);
  if (!key) return tl::unexpected(key.error());
  std::string file(kRawMagic);
  file += kRawVersion;
  file.append(3, '\0');
  file.append(id->begin(), id->end());
  file += gcm_seal(*key, kNonce, to_hex(content), bytes);
  wipe(*key);
  return io::write_file_atomic(path(content), file, 0600);
}

Result<KeyId> RawStore::key_of(const Digest& content, std::string_view file) const {
  if (file.size() < kBodyAt || !file.starts_with(kRawMagic))
    return fail(ErrorCode::corrupt, fmt::format("'{}' is not a kept file; restore it from the backup", path(content)));
  if (file[kRawMagic.size()] != kRawVersion)
    return fail(ErrorCode::unsupported, fmt::format("'{}' has format {}, this program reads {}; use the newer program",
                                                    path(content), +file[kRawMagic.size()], +kRawVersion));
  KeyId id{};
  std::copy_n(file.begin() + kKeyAt, id.size(), id.begin());
  return id;
}

Result<std::string> RawStore::get(const Digest& content) const {
  if (!has(content)) return fail(ErrorCode::not_found, fmt::format("no file with SHA-256 {} is kept", to_hex(content)));
  auto file = io::read_file(path(content), limits::kRawFileBytes + kBodyAt + kTagBytes);
  if (!file) return file;
  const auto id = key_of(content, *file);
  if (!id) return tl::unexpected(id.error());
  auto key = keys_->segment_key(*id);
  if (!key) return tl::unexpected(key.error());
  auto plain = gcm_open(*key, kNonce, to_hex(content), std::string_view(*file).substr(kBodyAt));
  wipe(*key);
  if (!plain)
    return fail(ErrorCode::corrupt,
                fmt::format("'{}' does not open with its key; restore it from the backup", path(content)));
  return std::move(*plain);
}

Result<void> RawStore::remove(const Digest& content) {
  if (!has(content)) return {};
  auto file = io::read_file(path(content), limits::kRawFileBytes + kBodyAt + kTagBytes);
  if (!file) return tl::unexpected(file.error());
  if (const auto id = key_of(content, *file))
    if (auto erased = keys_->erase_segment(*id); !erased && erased.error().code != ErrorCode::not_found) return erased;
  return io::remove_file(path(content));
}

}  // namespace quaywatch::journal
