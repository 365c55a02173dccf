// Files of age from any bytes: keys, headers and chunks are opened within their bounds or refused with a reason.
#include "envelope/age_file.h"

#include "fuzz/fuzz.h"
#include "io/memory_source.h"

namespace {

using namespace quaywatch;
using fuzz::require;

// Of src/envelope/vectors, whose files are the seeds: what is changed in them is met behind the header too.
const std::vector<envelope::Identity>& identities() {
  static const auto kKeys = envelope::parse_identities(
      "AGE-SECRET-KEY-17S8FAXQF2QTYPC7YUUAQUZ0FRVVFF87XWCT23E07SWH64ZY60UTS3S4Q3W", "fuzz");
  return kKeys.value();
}

void read_keys(std::string_view bytes) {
  const auto secret = envelope::parse_identities(bytes, "fuzz");
  require(secret || !secret.error().message.empty());
  const auto key = envelope::parse_recipients(bytes, "fuzz");
  if (!key) return require(!key.error().message.empty());
  for (const envelope::Recipient& one : *key) require(envelope::parse_recipient(to_text(one)) == one);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(fuzz::text_of(data, size));
  read_keys(bytes);
  const auto header = envelope::parse_age_header(bytes, "fuzz");
  require(header ? header->bytes <= size : !header.error().message.empty());
  const auto file =
      envelope::AgeSource::open(std::make_unique<io::MemorySource>(bytes), "fuzz", identities());
  if (!file) {
    require(!file.error().message.empty());
    return 0;
  }
  require((*file)->size() < size);
  std::string clear((*file)->size() + 1, '\0');
  const auto got = (*file)->read(0, clear);
  require(got ? *got == (*file)->size() : !got.error().message.empty());
  return 0;
}
