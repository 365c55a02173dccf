// Signatures and keys of minisign from any bytes: taken as written, or refused with a reason.
#include "envelope/signature.h"
#include "fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace quaywatch::envelope;
  using quaywatch::fuzz::require;
  const std::string_view bytes = quaywatch::fuzz::text_of(data, size);
  const auto verifying = parse_verifying_key(bytes, "fuzz");
  require(verifying ? parse_verifying_key(to_text(*verifying), "fuzz") == *verifying
                    : !verifying.error().message.empty());
  const auto signing = parse_signing_key(bytes, "fuzz");
  require(signing || !signing.error().message.empty());
  const auto comment = verify(verifying.value_or(VerifyingKey{}), {}, bytes, "file", "fuzz");
  require(!comment && !comment.error().message.empty());  // nobody has signed sixty-four zeros
  return 0;
}
