#include "live/decisions.h"

namespace quaywatch::live {

Result<rulebook::Deployments> deployments_of(const ingest::InputLog& log) {
  rulebook::Deployments out;
  for (const ingest::InputLog::NotedText& noted : log.texts())
    if (auto applied = out.apply(noted.text, {noted.files, noted.noted}); !applied)
      return tl::unexpected(applied.error());
  return out;
}

}  // namespace quaywatch::live
