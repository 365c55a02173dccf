// Walls: what of the model an organisation must not see, whatever route it comes by (DESIGN section 8): customs
// selections, holds, controls and scans stay with customs, police and the designated authority. Tables over event types
// and fields; what is not named there follows its owner alone. Why so: docs/decisions/0015-server.md. Thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "identity/words.h"
#include "model/catalogue.h"

namespace quaywatch::identity {

// Through whose eyes something is shown.
struct Reader {
  std::string user_id;
  OrganisationKind kind = OrganisationKind::carrier;
  std::vector<std::string> owners = {};           // "*": all
  std::vector<std::string> linked_accounts = {};  // what concerns them is not told to this reader
};

// Of those who see it: customs, police and the designated authority.
bool is_behind_wall(OrganisationKind kind);
// Whose look-ups are journaled sealed to their organisation: customs and police. Who runs a site, such as the
// designated authority, holds its keys anyway, and needs its own audit after a restore
// (docs/decisions/0036-sealed-look-ups.md).
bool seals_look_ups(OrganisationKind kind);
bool may_see(const Reader& reader, EventType type);
bool may_see(const Reader& reader, FieldId field);
// That a search for this type found nothing.
bool may_see_absence(const Reader& reader, EventType type);
bool may_read_owner(const Reader& reader, std::string_view owner);
// The reader is the person with this pseudonym.
bool is_own(const Reader& reader, std::string_view pseudonym);

}  // namespace quaywatch::identity
