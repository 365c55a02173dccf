// Who plays in one planting of a scenario: each actor of the text becomes a company, account, person and lorry of this
// port, chosen once.
#pragma once

#include <map>
#include <string>

#include "sim/scenario.h"
#include "sim/world.h"

namespace quaywatch::sim {

struct Played {
  Index company = kNone, account = kNone, person = kNone, vehicle = kNone;
};

class Cast {
 public:
  Cast(World& world, const Script& script, const BoxPlan& plan, Random& random)
      : world_(world), script_(script), plan_(plan), random_(random) {}
  // `at` decides who is on duty, when the actor plays for the first time. Empty name: nobody.
  Played play(const std::string& name, Timestamp at);

 private:
  Index company_of(const Actor& actor, Timestamp at);
  Index outsider(CompanyKind kind);
  Index account_of_use(const Actor& actor, Index company);
  Index person_of(const Actor& actor, Timestamp at);
  Index lorry_of(const Actor& actor, Index company);
  bool in_chain(Index company) const;

  World& world_;
  const Script& script_;
  const BoxPlan& plan_;
  Random& random_;
  std::map<std::string, Played> played_;
};

}  // namespace quaywatch::sim
