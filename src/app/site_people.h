// Users and organisations of the site: the database, and what the journal states of them.
#pragma once

#include <vector>

#include "app/site.h"
#include "identity/directory.h"
#include "ingest/input_log.h"

namespace quaywatch::app {

Result<identity::Directory> open_directory(const Site& site);
Result<identity::People> stated_people(const identity::Directory& directory,
                                       const std::vector<ingest::InputLog::NotedText>& texts);

}  // namespace quaywatch::app
