#include "envelope/primitives.h"

#include <sodium.h>

namespace quaywatch::envelope {
namespace {

int variant(Padding padding) {
  return padding == Padding::none ? sodium_base64_VARIANT_ORIGINAL_NO_PADDING : sodium_base64_VARIANT_ORIGINAL;
}

}  // namespace

void wipe(void* bytes, std::size_t size) {
  sodium_memzero(bytes, size);
}

Result<void> prepare() {
  if (sodium_init() < 0) return fail(ErrorCode::io_failure, "libsodium cannot be used: the system gives no randomness");
  return {};
}

Bytes32 hmac_sha256(std::string_view key, std::string_view text) {
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, bytes_of(key), key.size());
  crypto_auth_hmacsha256_update(&state, bytes_of(text), text.size());
  Bytes32 out{};
  crypto_auth_hmacsha256_final(&state, out.data());
  sodium_memzero(&state, sizeof state);
  return out;
}

Secret<32> hkdf_sha256(std::string_view key, std::string_view salt, std::string_view info) {
  Secret<32> extracted, out;
  extracted.bytes = hmac_sha256(salt, key);
  out.bytes = hmac_sha256(text_of(extracted.bytes), std::string(info) + '\x01');  // one block is enough for 32 bytes
  return out;
}

std::string to_base64(std::string_view bytes, Padding padding) {
  std::string out(sodium_base64_encoded_len(bytes.size(), variant(padding)), '\0');
  sodium_bin2base64(out.data(), out.size(), bytes_of(bytes), bytes.size(), variant(padding));
  out.pop_back();  // its end mark
  return out;
}

std::optional<std::string> from_base64(std::string_view text, Padding padding) {
  std::string out(text.size() / 4 * 3 + 3, '\0');
  std::size_t size = 0;
  const char* end = nullptr;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(), text.size(), nullptr,
                        &size, &end, variant(padding)) != 0 ||
      end != text.data() + text.size())
    return std::nullopt;
  out.resize(size);
  // libsodium takes some bytes above 127 for letters; nothing that was changed may read as it did before.
  if (to_base64(out, padding) != text) return std::nullopt;
  return out;
}

bool next_line(std::string_view& rest, std::string_view& line) {
  const std::size_t end = rest.find('\n');
  if (end == rest.npos) return false;
  line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return true;
}

}  // namespace quaywatch::envelope
