// Every character set, and UTF-16 in both orders: what comes out is UTF-8.
#include "base/text.h"
#include "codec/charset.h"
#include "codec/csv.h"
#include "fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace quaywatch;
  using fuzz::require;
  const std::string_view bytes = fuzz::text_of(data, size);
  for (int c = 0; c <= static_cast<int>(codec::Charset::utf8); ++c) {
    std::string out;
    codec::append_utf8(static_cast<codec::Charset>(c), bytes, out);
    require(is_valid_utf8(out));
  }
  codec::charset_of_syntax(bytes.substr(0, 4));
  require(is_valid_utf8(codec::windows_1252_to_utf8(bytes)));
  for (const codec::ByteOrder order : {codec::ByteOrder::little, codec::ByteOrder::big}) {
    const codec::Utf8Text read = codec::utf16_to_utf8(bytes, order);
    require(is_valid_utf8(read.text) && (read.faults == 0 || read.first_fault < read.text.size()));
  }
  return 0;
}
