// DeployedRules: the packs that a site's journal deployed, each judging what was taken while it was in force (DESIGN
// section 6a, "Deployment"). Give every detection the whole input; then ask what stands.
//
//   - An event is judged by the version in force at its place in the journal, whenever it happened. Events of no file
//     have no place among the files and go by their receipt.
//   - Every pack keeps the timelines of the whole input. Besides its own events it judges, silently, those that were
//     taken before it and happened within its longest timespan before its deployment: an episode that was going on goes
//     on, under the same alert_id. An alert without an event of its own time is not told.
//   - What an earlier version said stands, unless a later one says something else of the same alert_id.
//   - A version in whose time nothing was taken in judges nothing, and costs nothing.
//
// Deterministic. The cost is one detection per distinct pack that judged anything. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "pipeline/detection.h"
#include "rulebook/deployments.h"

namespace quaywatch::rulebook {

// Over the journal, what was in force when; over files that a person names, what is in force now.
enum class Over : std::uint8_t { journal, files };

class DeployedRules {
 public:
  // Called for every changed alert of every version; ask told() what is said of it now.
  using OnRevision = pipeline::AlertBook::OnRevision;
  // `shipped` is version 0. A deployed rule may compile no more, as when this program is older than the one that
  // deployed it: it is named by refused(). malformed: none of the rules in force compiles.
  static Result<DeployedRules> of(const Deployments& deployments, const std::vector<rules::RuleFile>& shipped,
                                  Over over, const OnRevision& on_revision = {},
                                  const pipeline::Detection::Permits& permits = {});
  // One pack for everything.
  static DeployedRules of(rules::Pack pack, const OnRevision& on_revision = {},
                          const pipeline::Detection::Permits& permits = {});

  // Oldest first; the last has the rules in force now.
  std::vector<pipeline::Detection*> detections() const;
  pipeline::Detection& current() const { return *packs_.back().detection; }
  // Of all versions, by (event_time, id).
  std::vector<pipeline::Alert> standing() const;
  // What standing() has of an alert that `on_revision` told; nullopt: it does not stand.
  std::optional<pipeline::Alert> told(const pipeline::Alert& revision) const;
  std::vector<pipeline::NotEvaluated> not_evaluated() const;
  const std::vector<rules::Refusal>& refused() const { return refused_; }

 private:
  using Alerts = std::map<Id128, pipeline::Alert>;
  struct Pack {
    std::vector<std::size_t> eras;  // indices into eras_
    std::unique_ptr<pipeline::Detection> detection;
    std::unique_ptr<Alerts> standing = {};  // kept for told(); null where one pack says it all
  };
  using Eras = std::vector<InForce>;

  static OnRevision listener(Alerts* standing, const OnRevision& on_revision);
  // Of the era in force at the place of the event.
  static std::size_t era_of(const Eras& eras, const Event& event);
  bool is_told(const Pack& pack, const pipeline::Alert& alert) const;

  std::shared_ptr<const Eras> eras_ = std::make_shared<const Eras>(1);
  std::vector<Pack> packs_;
  std::vector<rules::Refusal> refused_;
};

// Over the journal a rule on staff data judges what an agreement covers. Files are named by a person, who answers for
// what is read of them.
pipeline::Detection::Permits permits_of(const Deployments& deployments, Over over);

// The files of a version.
const std::vector<rules::RuleFile>& files_of(const Deployments& deployments,
                                             const std::vector<rules::RuleFile>& shipped, Version version);

}  // namespace quaywatch::rulebook
