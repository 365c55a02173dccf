// The reference tables of the site: reduced code lists in $QUAYWATCH_HOME/reference, used in place of the built-in
// ones.
#pragma once

#include <array>
#include <memory>
#include <string>

#include "base/result.h"
#include "model/reference.h"

namespace quaywatch::app {

// Where the site keeps its edition of a table.
std::string reference_path(ReferenceId id);

// Puts the site's tables in the place of the built-in ones. A file that cannot be used is named on standard error, and
// the built-in table stays.
void use_site_references();

// The same while the program runs, where a file that cannot be used changes nothing: what `read_site_references` gives
// is put in force by `use_site_references`. Null: the site has none.
using SiteReferences = std::array<std::unique_ptr<const StoredReference>, kReferenceTables>;
Result<SiteReferences> read_site_references();
void use_site_references(SiteReferences tables);

}  // namespace quaywatch::app
