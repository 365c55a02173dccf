#include "app/rules_in_force.h"

#include <cstdio>

#include "app/print.h"
#include "app/shipped_rules.h"
#include "app/texts.h"
#include "live/decisions.h"

namespace quaywatch::app {

Result<SiteJournal> read_site_journal(const Site& site) {
  SiteJournal out;
  auto log = ingest::InputLog::open_reading(site.folder(), site.keys());
  if (!log && log.error().code == ErrorCode::not_found) return out;
  if (!log) return tl::unexpected(log.error());
  auto deployments = live::deployments_of(*log);
  if (!deployments) return tl::unexpected(deployments.error());
  out.log.emplace(std::move(*log));
  out.deployments = std::move(*deployments);
  return out;
}

Result<SiteJournal> journal_of_run(const Site& site, const std::string& folder, const InputOptions& input) {
  if (!folder.empty() && !input.paths.empty()) return SiteJournal{};
  return read_site_journal(site);
}

Result<rulebook::DeployedRules> rules_of_run(const std::string& folder, const SiteJournal& journal, rulebook::Over over,
                                             const pipeline::Detection::Permits& permits) {
  if (!folder.empty()) {
    auto pack = load_pack(folder);
    if (!pack) return tl::unexpected(pack.error());
    return rulebook::DeployedRules::of(std::move(*pack), {}, permits);
  }
  auto rules = rulebook::DeployedRules::of(journal.deployments, shipped_rules(), over, {}, permits);
  if (!rules) return rules;
  for (const auto& r : rules->refused()) print(stderr, "refused {}:{}: {}\n", r.path, r.line, retold(r.reason));
  return rules;
}

std::vector<Judge> judges_of(const rulebook::DeployedRules& rules) {
  std::vector<Judge> out;
  for (pipeline::Detection* d : rules.detections()) out.push_back({d, {}});
  return out;
}

std::string version_text(rulebook::Version version) {
  return version == 0 ? say("the shipped rules") : say("version {}", version);
}

}  // namespace quaywatch::app
