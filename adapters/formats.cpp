#include "adapters/formats.h"

#include <vector>

#include "adapters/edifact.h"
#include "adapters/registry.gen.h"
#include "base/limits.h"
#include "base/text.h"

namespace quaywatch::adapters {
namespace {

int recognises_edifact(std::string_view head) {
  if (head.starts_with("UNA")) return 100;
  for (const std::string_view mark : {"UNA:", "UNB+", "UNH+", "UNA+"})
    if (head.find(mark) != std::string_view::npos) return 50;
  return 0;
}

constexpr adapter::FormatAdapter kEdifact{
    "edifact", recognises_edifact,
    [](std::string_view bytes, const adapter::Source& source, adapter::Sink& sink) {
      decode_edifact(bytes, source, sink);
    }};

template <typename Fn>
void each_format(Fn&& fn) {
  fn(kEdifact);
  for (const adapter::FormatAdapter* format : kFormats) fn(*format);
}

}  // namespace

const adapter::FormatAdapter* recognise_format(std::string_view bytes) {
  constexpr std::string_view kBom = "\xEF\xBB\xBF";
  std::string_view head = bytes.substr(0, limits::kSniffBytes);
  if (head.starts_with(kBom)) head.remove_prefix(kBom.size());
  head = trim(head);
  const adapter::FormatAdapter* best = nullptr;
  int surest = 0;
  each_format([&](const adapter::FormatAdapter& format) {
    const int sure = format.recognises(head);
    if (sure > surest || (sure == surest && best != nullptr && sure > 0 && format.id < best->id)) {
      best = &format;
      surest = sure;
    }
  });
  return best;
}

const adapter::FormatAdapter* find_format(std::string_view id) {
  const adapter::FormatAdapter* found = nullptr;
  each_format([&](const adapter::FormatAdapter& format) {
    if (format.id == id) found = &format;
  });
  return found;
}

std::span<const std::string_view> format_ids() {
  static const std::vector<std::string_view> ids = [] {
    std::vector<std::string_view> out;
    each_format([&](const adapter::FormatAdapter& format) { out.push_back(format.id); });
    return out;
  }();
  return ids;
}

}  // namespace quaywatch::adapters
