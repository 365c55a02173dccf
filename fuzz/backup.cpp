// A backup's archive from any bytes: parts are read within what its list says, or refused with a reason.
#include "fuzz/fuzz.h"
#include "io/memory_source.h"
#include "keeping/archive.h"
#include "keeping/manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace quaywatch;
  using fuzz::require;
  const std::string bytes(fuzz::text_of(data, size));
  const auto manifest = keeping::parse_manifest(bytes, "fuzz");
  require(manifest || !manifest.error().message.empty());
  auto archive = keeping::ArchiveReader::open(std::make_unique<io::MemorySource>(bytes), "fuzz");
  if (!archive) {
    require(!archive.error().message.empty());
    return 0;
  }
  constexpr std::uint64_t kMost = 1 << 20;
  for (std::size_t i = 0; i < archive->size(); ++i) {
    std::uint64_t seen = 0;
    const auto part = archive->read(i, [&](std::string_view block) -> Result<void> {
      seen += block.size();
      require(seen <= archive->bytes(i));
      return seen < kMost ? Result<void>{} : fail(ErrorCode::limit_exceeded, "enough");
    });
    require(part ? part->bytes == archive->bytes(i) : !part.error().message.empty());
  }
  return 0;
}
