// The journal's layouts: headers, frames and both forms of entries from any bytes, and what was read is written alike.
#include <cstdlib>
#include <filesystem>

#include "fuzz/fuzz.h"
#include "journal/entry.h"
#include "journal/segment.h"

namespace {

using namespace quaywatch::journal;
using quaywatch::fuzz::require;

KeyRing& keys() {
  static KeyRing ring = [] {
    std::string folder = std::filesystem::temp_directory_path() / "quaywatch-fuzz-XXXXXX";
    require(::mkdtemp(folder.data()) != nullptr);
    static const std::string kFolder = folder;
    std::atexit([] { std::filesystem::remove_all(kFolder); });
    return KeyRing::open(folder).value();
  }();
  return ring;
}

void read_clear(std::string_view bytes) {
  std::size_t used = 0;
  const auto entry = decode_entry(bytes, used);
  if (!entry) return require(!entry.error().message.empty());
  require(used <= bytes.size());
  std::string again, third;
  encode_entry(*entry, again);
  const auto back = decode_entry(again, used);
  require(back.has_value() && used == again.size());
  encode_entry(*back, third);
  require(third == again);
}

void read_sealed(std::string_view bytes) {
  Opener opener(keys(), {7, 1}, bytes.substr(bytes.size() / 2));
  const auto entry = open_entry(bytes.substr(0, bytes.size() / 2), opener);
  require(entry || !entry.error().message.empty());
  BlobReference blob;
  read_blob_reference(bytes, blob);
}

void read_segment(std::string_view bytes) {
  const auto header = decode_segment_header(bytes, "fuzz.seg");
  if (header) require(header->bytes <= bytes.size());
  for (std::size_t at = 0; at < bytes.size() && at < 64; ++at) {
    const auto frame = decode_frame(bytes, at);
    require(!frame || (frame->bytes > 0 && at + frame->bytes <= bytes.size()));
  }
  std::string framed;
  const std::string_view entry = bytes.substr(0, bytes.size() / 2), beside = bytes.substr(bytes.size() / 2);
  encode_frame(9, {}, entry, beside, framed);
  const auto frame = decode_frame(framed, 0);
  require(frame && frame->entry == entry && frame->ciphertexts == beside && frame->bytes == framed.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = quaywatch::fuzz::text_of(data, size);
  read_clear(bytes);
  read_sealed(bytes);
  read_segment(bytes);
  return 0;
}
