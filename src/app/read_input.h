// The input of a run, from files or from the site's journal, as one stream of events, coverage and ticks.
#pragma once

#include <functional>
#include <vector>

#include "app/commands.h"
#include "app/site.h"
#include "ingest/input_log.h"
#include "ingest/intake.h"

namespace quaywatch::app {

// How files are read at this site: its mappings and contracts (folder `feeds` of the data directory) besides those
// named, and the key of its event ids.
ingest::IntakeOptions intake_options(const InputOptions& options, const Site& site, Timestamp now);

// The import's instant: --now or the clock.
Result<Timestamp> import_time(const InputOptions& options);

// Each is called in the order taken in; empty functions are not called.
struct InputVisitor {
  std::function<bool(const EventPtr&)> event;  // false: no more is wanted
  std::function<void(const CoverageStatement&)> coverage;
  std::function<void(const FeedExpectation&)> expectation;
  std::function<void(Timestamp)> tick;
  // After the events of a file; `repeated` of them the journal had before.
  std::function<void(const ingest::FileAccount&, std::uint64_t repeated, Timestamp taken_at)> file_ends;
};

// The files of the run, in the order that span.file counts. `log`: the site's, when it is open already.
Result<std::vector<ingest::FileAccount>> read_input(const InputOptions& options, const Site& site, Timestamp now,
                                                    const InputVisitor& visitor,
                                                    const ingest::InputLog* log = nullptr);

}  // namespace quaywatch::app
