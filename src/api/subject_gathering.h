// What is held on one person, gathered for the file that answers his request: through the walls of the organisation
// that was asked, and without what is behind any wall of enforcement or still followed. What is left
// out leaves no mark.
// docs/decisions/0027-subject-requests.md
#pragma once

#include <vector>

#include "api/context.h"
#include "legal/subject_file.h"

namespace quaywatch::api {

legal::Held gather(const Context& context, const identity::Organisation& organisation,
                   const legal::SubjectRequest& request, legal::Statements statements);

// Other organisations that may read feeds that name the person, or were given a case of ours that does: whom a
// correction is passed on to. Not for the person: it also tells of what is followed.
std::vector<legal::Receiver> receivers_of(const Context& context, const identity::Organisation& organisation,
                                          const legal::SubjectRequest& request);

}  // namespace quaywatch::api
