// What detect, explain, blindspots, timeline and coverage share: read the named files, sort their events, feed a
// Detection.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "app/commands.h"
#include "app/site.h"
#include "ingest/input_log.h"
#include "ingest/intake.h"
#include "live/whole_input.h"
#include "pipeline/detection.h"

namespace quaywatch::app {

struct RunInput {
  std::vector<ingest::FileAccount> files;
  std::vector<CoverageStatement> coverage;
  std::uint64_t duplicates = 0;  // same event delivered by several files
  bool from_log = false;         // files are those that the journal names; their bytes were accounted for by import
};

// Every *.yml and *.yaml below a folder.
Result<std::vector<rules::RuleFile>> read_rule_files(const std::string& folder);
// The shipped rules, or every *.yml below `folder`.
Result<std::vector<rules::RuleFile>> read_rules(const std::string& folder);
// The same compiled. Refusals go to standard error.
Result<rules::Pack> load_pack(const std::string& folder);

// Reads the named files, or without any the site's journal, then hands coverage and sorted events to `detection` and
// ticks at the import's instant: the result is final, whatever the order and splitting of the files. `on_event` sees
// each event after it was taken.
// `log`: the site's, when it is open already.
Result<RunInput> run_input(const InputOptions& options, const Site& site, pipeline::Detection& detection,
                           const std::function<void(const EventPtr&)>& on_event = {},
                           const ingest::InputLog* log = nullptr);

// The same for several detections side by side: each takes the whole input.
using live::Judge;
Result<RunInput> run_input(const InputOptions& options, const Site& site, std::span<Judge> judges,
                           const std::function<void(const EventPtr&)>& on_event = {},
                           const ingest::InputLog* log = nullptr);

// Prints the error with its place on standard error; the exit code of what cannot be used.
int unusable(const Error& error);

// The site, after its reference tables were put in place and the reveal that --reveal asks for was recorded under the
// command's name.
Result<Site> open_site(std::string_view command, const InputOptions& options);

// kRejected when --strict was given and something was rejected, else kDone.
int exit_code(const InputOptions& options, const std::vector<ingest::FileAccount>& files);

}  // namespace quaywatch::app
