// The weakest claim of all on a line that begins with a brace: formats that know their own keys come before it.
#include "adapter/format.h"
#include "adapters/canonical/canonical.h"

namespace quaywatch::adapters::canonical {
namespace {

int recognises(std::string_view head) {
  return head.starts_with('{') ? 10 : 0;
}

}  // namespace

extern const adapter::FormatAdapter kFormat;
const adapter::FormatAdapter kFormat{"canonical", recognises, decode_canonical};

}  // namespace quaywatch::adapters::canonical
