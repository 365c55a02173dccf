#include "rules/modi_operandi.h"

namespace quaywatch::rules {
namespace {

#include "rules/modi_operandi.gen.inc"

}  // namespace

std::span<const ModusOperandi> modi_operandi() {
  return kModiOperandi;
}

}  // namespace quaywatch::rules
