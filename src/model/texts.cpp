#include "model/texts.h"

#include <span>

#include "base/texts.h"

namespace quaywatch {
namespace {

#include "model/texts.gen.inc"

}  // namespace

std::string_view meaning_in(Language language, std::string_view english) {
  return find_text(texts_of(language), english);
}

}  // namespace quaywatch
