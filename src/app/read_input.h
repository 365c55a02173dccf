// The input of a run, from files or from the site's journal, as one stream of events, coverage and ticks.
#pragma once

#include <vector>

#include "app/commands.h"
#include "app/site.h"
#include "ingest/input_log.h"
#include "ingest/intake.h"
#include "live/whole_input.h"

namespace quaywatch::app {

// How files are read at this site: its mappings and contracts (folder `feeds` of the data directory) besides those
// named, and the key of its event ids.
ingest::IntakeOptions intake_options(const InputOptions& options, const Site& site, Timestamp now);

// The import's instant: --now or the clock.
Result<Timestamp> import_time(const InputOptions& options);

using live::InputVisitor;

// Which keys of organisations a log that was read names and this site lacks, on stderr.
void warn_of_missing_keys(const Site& site);

// The files of the run, in the order that span.file counts. `log`: the site's, when it is open already.
Result<std::vector<ingest::FileAccount>> read_input(const InputOptions& options, const Site& site, Timestamp now,
                                                    const InputVisitor& visitor,
                                                    const ingest::InputLog* log = nullptr);

}  // namespace quaywatch::app
