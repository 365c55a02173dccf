#include "rulebook/deployed_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <tuple>

#include "base/limits.h"

namespace quaywatch::rulebook {
namespace {

// Eras in which a file began or an event of no file came, and the last: no other has an event to judge.
std::vector<InForce> eras_that_judge(const std::vector<InForce>& all) {
  std::vector<InForce> out;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (i + 1 == all.size() || all[i + 1].files > all[i].files || all[i + 1].noted > all[i].noted)
      out.push_back(all[i]);
  // What came before the first of them is judged by it: nothing but the account of feeds did.
  out.front().at = Timestamp::min();
  out.front().files = 0;
  out.front().noted = 0;
  return out;
}

Duration longest_timespan(const rules::Pack& pack) {
  Duration out;
  for (const rules::Rule& rule : pack.rules()) out = std::max(out, rule.timespan);
  return out;
}

}  // namespace

pipeline::Detection::Permits permits_of(const Deployments& deployments, Over over) {
  if (over == Over::files) return {};
  return [known = std::make_shared<const Deployments>(deployments)](const rules::Rule& rule, Timestamp event_time) {
    return known->permits(rule.id, event_time);
  };
}

const std::vector<rules::RuleFile>& files_of(const Deployments& deployments,
                                             const std::vector<rules::RuleFile>& shipped, Version version) {
  return version == 0 ? shipped : deployments.proposals()[version - 1].files;
}

std::size_t DeployedRules::era_of(const Eras& eras, const Event& event) {
  const bool is_of_file = event.span.size > 0;
  std::size_t era = eras.size() - 1;
  while (era > 0 && (is_of_file ? event.span.file < eras[era].files : event.received_at < eras[era].at)) --era;
  return era;
}

Result<DeployedRules> DeployedRules::of(const Deployments& deployments, const std::vector<rules::RuleFile>& shipped,
                                        Over over, const OnRevision& on_revision,
                                        const pipeline::Detection::Permits& permits) {
  DeployedRules out;
  const Eras of_all{{deployments.current(), Timestamp::min(), 0, 0}};
  out.eras_ =
      std::make_shared<const Eras>(over == Over::journal ? eras_that_judge(deployments.in_force()) : of_all);
  // Versions of one content are one pack; the packs in the order of their last era.
  std::map<Digest, std::vector<std::size_t>> eras_by_pack;
  for (std::size_t era = 0; era < out.eras_->size(); ++era)
    eras_by_pack[pack_digest(files_of(deployments, shipped, (*out.eras_)[era].version))].push_back(era);
  for (auto& [digest, eras] : eras_by_pack) out.packs_.push_back({std::move(eras), nullptr});
  std::sort(out.packs_.begin(), out.packs_.end(),
            [](const Pack& a, const Pack& b) { return a.eras.back() < b.eras.back(); });
  for (Pack& p : out.packs_) {
    const Version version = (*out.eras_)[p.eras.back()].version;
    auto loaded = rules::Pack::load(files_of(deployments, shipped, version));
    for (rules::Refusal& r : loaded.refused) out.refused_.push_back(std::move(r));
    pipeline::Detection::Judges judges;
    if (out.eras_->size() > 1)
      judges = [eras = out.eras_, own = p.eras, window = longest_timespan(loaded.pack)](const Event& e) {
        const std::size_t era = era_of(*eras, e);
        return std::any_of(own.begin(), own.end(), [&](std::size_t i) {
          return era == i || (era < i && e.event_time >= (*eras)[i].at - window);
        });
      };
    if (on_revision && out.packs_.size() > 1) p.standing = std::make_unique<Alerts>();
    p.detection = std::make_unique<pipeline::Detection>(std::move(loaded.pack), listener(p.standing.get(), on_revision),
                                                        judges, permits);
  }
  if (out.current().pack().rules().empty())
    return fail(ErrorCode::malformed,
                fmt::format("this program can use none of the rules that are in force (version {}); roll back with "
                            "'quaywatch rules rollback'",
                            deployments.current()));
  return out;
}

DeployedRules DeployedRules::of(rules::Pack pack, const OnRevision& on_revision,
                                const pipeline::Detection::Permits& permits) {
  DeployedRules out;
  out.packs_.push_back({{0}, std::make_unique<pipeline::Detection>(std::move(pack), listener(nullptr, on_revision),
                                                                   pipeline::Detection::Judges(), permits)});
  return out;
}

DeployedRules::OnRevision DeployedRules::listener(Alerts* standing, const OnRevision& on_revision) {
  return [standing, on_revision](const pipeline::Alert& a) {
    if (standing != nullptr && a.status == pipeline::AlertStatus::withdrawn) standing->erase(a.id);
    if (standing != nullptr && a.status != pipeline::AlertStatus::withdrawn) standing->insert_or_assign(a.id, a);
    if (on_revision) on_revision(a);
  };
}

std::vector<pipeline::Detection*> DeployedRules::detections() const {
  std::vector<pipeline::Detection*> out;
  for (const Pack& p : packs_) out.push_back(p.detection.get());
  return out;
}

// Evidence names the first limits::kAlertMatches events that matched; of a longer episode the last one's time decides.
bool DeployedRules::is_told(const Pack& pack, const pipeline::Alert& alert) const {
  const auto is_own = [&](const Event& e) {
    return std::find(pack.eras.begin(), pack.eras.end(), era_of(*eras_, e)) != pack.eras.end();
  };
  return std::any_of(alert.evidence.begin(), alert.evidence.end(),
                     [&](const pipeline::Evidence& e) { return e.event && e.facts.empty() && is_own(*e.event); }) ||
         (alert.matches > limits::kAlertMatches && alert.last_event_time >= (*eras_)[pack.eras.back()].at);
}

std::vector<pipeline::Alert> DeployedRules::standing() const {
  if (eras_->size() == 1) return current().standing();
  std::map<Id128, pipeline::Alert> by_id;
  for (const Pack& p : packs_)
    for (pipeline::Alert& a : p.detection->standing())
      if (is_told(p, a)) by_id.insert_or_assign(a.id, std::move(a));
  std::vector<pipeline::Alert> out;
  for (auto& [id, alert] : by_id) out.push_back(std::move(alert));
  std::sort(out.begin(), out.end(), [](const pipeline::Alert& a, const pipeline::Alert& b) {
    return std::tie(a.event_time, a.id) < std::tie(b.event_time, b.id);
  });
  return out;
}

std::optional<pipeline::Alert> DeployedRules::told(const pipeline::Alert& revision) const {
  if (packs_.size() == 1)
    return revision.status == pipeline::AlertStatus::withdrawn ? std::nullopt : std::optional(revision);
  for (auto p = packs_.rbegin(); p != packs_.rend(); ++p)
    if (const auto at = p->standing->find(revision.id); at != p->standing->end() && is_told(*p, at->second))
      return at->second;
  return std::nullopt;
}

std::vector<pipeline::NotEvaluated> DeployedRules::not_evaluated() const {
  std::vector<pipeline::NotEvaluated> out;
  for (const Pack& p : packs_)
    for (pipeline::NotEvaluated& row : p.detection->not_evaluated()) out.push_back(std::move(row));
  return out;
}

}  // namespace quaywatch::rulebook
