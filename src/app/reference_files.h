// The reference tables of the site: reduced code lists in $QUAYWATCH_HOME/reference, used in place of the built-in
// ones.
#pragma once

#include <string>

#include "model/reference.h"

namespace quaywatch::app {

// Where the site keeps its edition of a table.
std::string reference_path(ReferenceId id);

// Puts the site's tables in the place of the built-in ones. A file that cannot be used is named on standard error, and
// the built-in table stays. Before anything is looked up.
void use_site_references();

}  // namespace quaywatch::app
