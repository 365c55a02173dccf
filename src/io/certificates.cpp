#include "io/certificates.h"

#include <utility>

namespace quaywatch::io {

void Certificates::join(std::weak_ptr<const void> server, Read read) {
  const std::lock_guard lock(mutex_);
  readers_.push_back({std::move(server), std::move(read)});
}

Result<Certificates::Change> Certificates::read() {
  const std::lock_guard lock(mutex_);
  std::erase_if(readers_, [](const Reader& r) { return r.server.expired(); });
  std::vector<Change> changes;
  for (const Reader& reader : readers_) {
    auto change = reader.read();
    if (!change) return tl::unexpected(change.error());
    changes.push_back(std::move(*change));
  }
  return [changes = std::move(changes)] {
    for (const Change& change : changes) change();
  };
}

}  // namespace quaywatch::io
