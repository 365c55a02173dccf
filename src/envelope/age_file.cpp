#include "envelope/age_file.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>

#include "io/environment.h"

namespace quaywatch::envelope {
namespace {

constexpr std::string_view kPayloadInfo = "payload";
constexpr std::size_t kNonceBytes = 16;

using ChunkNonce = std::array<unsigned char, crypto_aead_chacha20poly1305_ietf_NPUBBYTES>;

// The number, big-endian in 11 bytes, and whether it is the last.
ChunkNonce nonce_of(std::uint64_t number, bool is_last) {
  ChunkNonce out{};
  for (std::size_t i = 0; i < 8; ++i) out[10 - i] = static_cast<unsigned char>(number >> 8 * i);
  out[11] = is_last ? 1 : 0;
  return out;
}

Result<std::string> read_some(io::Source& file, std::uint64_t offset, std::size_t most) {
  std::string out(most, '\0');
  const auto got = file.read(offset, out);
  if (!got) return tl::unexpected(got.error());
  out.resize(*got);
  return out;
}

}  // namespace

AgeChunks::AgeChunks(const FileKey& key, std::string_view nonce)
    : key_(hkdf_sha256(text_of(key.bytes), nonce, kPayloadInfo)) {}

std::string AgeChunks::seal(std::uint64_t number, bool is_last, std::string_view clear) const {
  std::string out(clear.size() + kTag, '\0');
  crypto_aead_chacha20poly1305_ietf_encrypt(reinterpret_cast<unsigned char*>(out.data()), nullptr, bytes_of(clear),
                                            clear.size(), nullptr, 0, nullptr, nonce_of(number, is_last).data(),
                                            key_.bytes.data());
  return out;
}

std::optional<std::string> AgeChunks::open(std::uint64_t number, bool is_last, std::string_view sealed) const {
  if (sealed.size() < kTag) return std::nullopt;
  std::string out(sealed.size() - kTag, '\0');
  if (crypto_aead_chacha20poly1305_ietf_decrypt(reinterpret_cast<unsigned char*>(out.data()), nullptr, nullptr,
                                                bytes_of(sealed), sealed.size(), nullptr, 0,
                                                nonce_of(number, is_last).data(), key_.bytes.data()) != 0)
    return std::nullopt;
  return out;
}

Result<AgeWriter> AgeWriter::begin(const std::vector<Recipient>& recipients, Sink sink) {
  if (recipients.empty()) return fail(ErrorCode::invalid_argument, "nothing is encrypted to nobody; name a recipient");
  FileKey key;
  std::array<std::uint8_t, kNonceBytes> nonce{};
  auto done = prepare();
  if (done) done = io::random_bytes(key.bytes);
  if (done) done = io::random_bytes(nonce);
  if (!done) return tl::unexpected(done.error());
  const auto header = age_header(key, recipients);
  if (!header) return tl::unexpected(header.error());
  if (auto written = sink(*header + std::string(text_of(nonce))); !written) return tl::unexpected(written.error());
  return AgeWriter(AgeChunks(key, text_of(nonce)), std::move(sink));
}

Result<void> AgeWriter::append(std::string_view clear) {
  while (!clear.empty()) {
    if (waiting_.size() == AgeChunks::kClear)
      if (auto written = write_chunk(false); !written) return written;
    const std::string_view now = clear.substr(0, AgeChunks::kClear - waiting_.size());
    waiting_ += now;
    clear.remove_prefix(now.size());
  }
  return {};
}

Result<void> AgeWriter::finish() {
  return write_chunk(true);
}

Result<void> AgeWriter::write_chunk(bool is_last) {
  auto written = sink_(chunks_.seal(next_++, is_last, waiting_));
  waiting_.clear();
  return written;
}

bool AgeSource::is_age(io::Source& file) {
  const auto head = read_some(file, 0, kAgeVersion.size());
  return head && *head == kAgeVersion;
}

Result<std::unique_ptr<AgeSource>> AgeSource::open(std::unique_ptr<io::Source> file, const std::string& path,
                                                   const std::vector<Identity>& identities) {
  if (auto ready = prepare(); !ready) return tl::unexpected(ready.error());
  const auto head = read_some(*file, 0, kAgeHeaderMost + kNonceBytes);
  if (!head) return tl::unexpected(head.error());
  const auto header = parse_age_header(*head, path);
  if (!header) return tl::unexpected(header.error());
  const auto key = open_age_header(*header, identities, path);
  if (!key) return tl::unexpected(key.error());
  const std::string_view nonce = std::string_view(*head).substr(header->bytes, kNonceBytes);
  std::unique_ptr<AgeSource> out(
      new AgeSource(std::move(file), path, AgeChunks(*key, nonce), header->bytes + kNonceBytes));
  if (auto measured = out->measure(); !measured) return tl::unexpected(measured.error());
  return out;
}

// A chunk says whether it is the last, so that a file cut off between two of them is not taken for whole.
Result<void> AgeSource::measure() {
  const std::uint64_t file_size = file_->size(), payload = file_size - std::min(file_size, begin_);
  count_ = (payload + AgeChunks::kSealed - 1) / AgeChunks::kSealed;
  const bool is_whole = count_ > 0 && payload - (count_ - 1) * AgeChunks::kSealed >= AgeChunks::kTag;
  const auto last = is_whole ? sealed(count_ - 1) : Result<std::string>{};
  if (!last) return tl::unexpected(last.error());
  auto clear = chunks_.open(count_ - 1, true, *last);
  if (!clear || (clear->empty() && count_ > 1))
    return fail(ErrorCode::corrupt,
                fmt::format("'{}' ends at byte {}, where it did not when it was made: it was cut off, or its end was "
                            "changed. Copy the file again, or take another",
                            path_, file_size));
  size_ = payload - count_ * AgeChunks::kTag;
  clear_ = std::move(*clear);
  at_ = count_ - 1;
  return {};
}

Result<std::string> AgeSource::sealed(std::uint64_t number) {
  return read_some(*file_, begin_ + number * AgeChunks::kSealed, AgeChunks::kSealed);
}

Result<void> AgeSource::load(std::uint64_t number) {
  if (at_ == number) return {};
  const auto bytes = sealed(number);
  if (!bytes) return tl::unexpected(bytes.error());
  auto clear = chunks_.open(number, number + 1 == count_, *bytes);
  if (!clear) {
    const std::uint64_t begin = begin_ + number * AgeChunks::kSealed;
    return fail(ErrorCode::corrupt,
                fmt::format("'{}': bytes {} to {} were changed or damaged after it was made. Copy the file again, or "
                            "take another",
                            path_, begin, begin + bytes->size()));
  }
  clear_ = std::move(*clear);
  at_ = number;
  return {};
}

Result<std::size_t> AgeSource::read(std::uint64_t offset, std::span<char> out) {
  std::size_t done = 0;
  while (done < out.size() && offset + done < size_) {
    const std::uint64_t at = offset + done;
    if (auto loaded = load(at / AgeChunks::kClear); !loaded) return tl::unexpected(loaded.error());
    const std::string_view there = std::string_view(clear_).substr(at % AgeChunks::kClear, out.size() - done);
    if (there.empty()) break;  // the file has become shorter
    std::copy(there.begin(), there.end(), out.begin() + static_cast<std::ptrdiff_t>(done));
    done += there.size();
  }
  return done;
}

}  // namespace quaywatch::envelope
