// Reference tables of the trade, compiled in so that they are there offline. Immutable; every function is thread-safe.
//
// UN/LOCODE (UNECE Recommendation 16), editions and licences in NOTICE: part 1 (AD-FR) is older than parts 2 and 3, so
// that a code of those countries may exist and be missing here. Callers report a missing code, they do not refuse it.
#pragma once

#include <string_view>

#include "model/catalogue.h"
#include "model/identifiers.h"

namespace quaywatch {

bool unlocode_exists(std::string_view code);   // five characters, upper case
bool unlocode_is_port(std::string_view code);  // function classifier 1: sea port

// By the rule that the catalogue names for a field; `unassigned` for a UN/LOCODE that the table lacks.
IdentifierCheck check_identifier(IdentifierRule rule, std::string_view value);

}  // namespace quaywatch
