// What the site's journal says of rules, and the rules that a run uses: those of a folder, else what is deployed, else
// what ships with the program.
#pragma once

#include <optional>
#include <string>

#include "app/run_input.h"
#include "app/site.h"
#include "ingest/input_log.h"
#include "rulebook/deployed_rules.h"
#include "rulebook/deployments.h"

namespace quaywatch::app {

struct SiteJournal {
  std::optional<ingest::InputLog> log;  // none: nothing was written yet
  rulebook::Deployments deployments;
  const ingest::InputLog* open_log() const { return log ? &*log : nullptr; }
};

// For reading, beside a process that writes.
Result<SiteJournal> read_site_journal(const Site& site);
// The same, or nothing when the run needs nothing of it: files are named, and `folder` has their rules.
Result<SiteJournal> journal_of_run(const Site& site, const std::string& folder, const InputOptions& input);

// Over the journal each version judges its own time, over files the one in force all of them.
inline rulebook::Over over(const InputOptions& input) {
  return input.paths.empty() ? rulebook::Over::journal : rulebook::Over::files;
}
// `folder` empty: what is deployed. Refusals go to standard error.
Result<rulebook::DeployedRules> rules_of_run(const std::string& folder, const SiteJournal& journal,
                                             rulebook::Over over,
                                             const pipeline::Detection::Permits& permits = {});
// For run_input: every detection takes the whole input.
std::vector<Judge> judges_of(const rulebook::DeployedRules& rules);
// "the shipped rules", "version 3".
std::string version_text(rulebook::Version version);

}  // namespace quaywatch::app
