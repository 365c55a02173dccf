// What `import --follow` and `serve` follow, from their options.
#pragma once

#include "app/commands.h"
#include "ingest/follow.h"

namespace quaywatch::app {

Result<ingest::FollowOptions> follow_options(const ImportCommandOptions& options, ingest::ImportOptions importing);

}  // namespace quaywatch::app
