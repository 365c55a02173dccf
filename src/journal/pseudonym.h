// How a personal value looks outside: account-3f9a1c2b7d04e1a, KeyRing::pseudonym shortened to 60 bits. The same
// person, card or plate has the same one in every feed of this site and in no other.
#pragma once

#include <string>
#include <string_view>

#include "journal/key_ring.h"

namespace quaywatch::journal {

std::string pseudonym_text(const KeyRing& keys, PersonalClass personal, std::string_view value);
// Text that is not personal, empty or unknown stays as it is.
std::string shown_text(const KeyRing& keys, PersonalClass personal, std::string_view text);

}  // namespace quaywatch::journal
