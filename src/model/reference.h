// Reference tables of the trade, compiled in so that they are there offline; editions and licences in NOTICE. A site
// may put a newer edition in the place of a built-in one. Callers report a code that a table
// lacks, they never refuse or change it: editions age, and part 1 (AD-FR) of the built-in UN/LOCODE is older than the
// rest.
//
// Thread-safe: a table that was in use stays to the end of the program, as somebody may still be looking at it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "model/catalogue.h"
#include "model/identifiers.h"
#include "model/reference_table.h"

namespace quaywatch {

enum class ReferenceId : std::uint8_t {
  unlocode,    // UNECE Recommendation 16; notes are the function classifiers
  smdg_liner,  // SMDG liner codes: three letters and digits
  hs,          // WCO Harmonized System: chapters, headings and subheadings of 2, 4 and 6 digits
  iso3166,     // ISO 3166-1: alpha-2 and alpha-3 codes
};
inline constexpr std::size_t kReferenceTables = 4;

std::span<const ReferenceTable, kReferenceTables> built_in_references();  // by ReferenceId
const ReferenceTable& reference(ReferenceId id);                          // the one in use
void use_reference(ReferenceId id, std::unique_ptr<const StoredReference> table);  // null: the built-in one

bool unlocode_exists(std::string_view code);   // five characters, upper case
bool unlocode_is_port(std::string_view code);  // function classifier 1: sea port

// The table that a rule asks; null for rules of form and check digit alone.
const ReferenceTable* reference_of(IdentifierRule rule);

// By the rule that the catalogue names for a field; `unassigned` for a code that its table lacks. A carrier code of
// four letters is a SCAC, of which no table may be distributed: good. Of a Harmonized System code the first six digits
// count, the others are national.
IdentifierCheck check_identifier(IdentifierRule rule, std::string_view value);

}  // namespace quaywatch
