// TlsSlot: the TLS of handshakes to come, which Certificates may replace while a server runs; OpenSSL keeps what an
// open connection needs. For servers inside io alone: an Asio type shows here. Thread-safe.
#pragma once

#include <atomic>
#include <boost/asio/ssl.hpp>
#include <memory>
#include <utility>

#include "base/result.h"
#include "io/certificates.h"

namespace quaywatch::io {

using TlsSlot = std::atomic<std::shared_ptr<boost::asio::ssl::context>>;

// `make` reads the files: now, and whenever `certificates`, where there are any, are read anew.
template <typename Make>
Result<std::shared_ptr<TlsSlot>> open_tls(const std::shared_ptr<Certificates>& certificates, const Make& make) {
  using Context = boost::asio::ssl::context;
  auto first = make();
  if (!first) return tl::unexpected(first.error());
  auto slot = std::make_shared<TlsSlot>(std::make_shared<Context>(std::move(*first)));
  if (!certificates) return slot;
  certificates->join(slot, [slot = std::weak_ptr(slot), make]() -> Result<Certificates::Change> {
    auto next = make();
    if (!next) return tl::unexpected(next.error());
    return [slot, tls = std::make_shared<Context>(std::move(*next))] {
      if (const auto there = slot.lock()) there->store(tls);
    };
  });
  return slot;
}

}  // namespace quaywatch::io
