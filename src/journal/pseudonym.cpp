#include "journal/pseudonym.h"

#include <fmt/format.h>

#include "base/sha256.h"

namespace quaywatch::journal {
namespace {

std::string_view class_name(PersonalClass personal) {
  switch (personal) {
    case PersonalClass::none:
      return "value";
    case PersonalClass::account:
      return "account";
    case PersonalClass::credential:
      return "card";
    case PersonalClass::person:
      return "person";
    case PersonalClass::plate:
      return "plate";
  }
  return "value";
}

}  // namespace

std::string pseudonym_text(const KeyRing& keys, PersonalClass personal, std::string_view value) {
  const Digest digest = keys.pseudonym(personal, value);
  return fmt::format("{}-{}", class_name(personal), to_hex(std::span(digest).first(8)).substr(0, 15));
}

std::string shown_text(const KeyRing& keys, PersonalClass personal, std::string_view text) {
  if (personal == PersonalClass::none || text.empty() || text == "unknown") return std::string(text);
  return pseudonym_text(keys, personal, text);
}

}  // namespace quaywatch::journal
