// Archives from any bytes: each entry unpacks within its bound or is refused with a reason.
#include "codec/archive.h"

#include "codec/workbook.h"
#include "fuzz/fuzz.h"

namespace {

using namespace quaywatch::codec;
using quaywatch::fuzz::require;

void check(const tl::expected<std::string, Refusal>& text) {
  require(text || (!text.error().reason.empty() && !text.error().message.empty()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kMost = 1 << 20;
  const std::string_view bytes = quaywatch::fuzz::text_of(data, size);
  packing_of(bytes);
  check(gunzip(bytes));
  auto archive = ZipArchive::open(bytes);
  if (!archive) return 0;
  for (const ZipEntry& entry : archive->entries()) {
    const auto text = archive->unpack(entry, kMost);
    check(text);
    require(!text || text->size() <= kMost);
    require(archive->packed(entry).size() <= size && archive->find(entry.name) != nullptr);
  }
  if (is_workbook(*archive)) check(sheet_to_csv(*archive, {}, ','));
  return 0;
}
