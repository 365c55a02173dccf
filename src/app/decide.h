// One decision on rules, from the person at the keyboard into the site's journal.
#pragma once

#include <functional>
#include <string>

#include "app/rules_in_force.h"
#include "app/site.h"
#include "app/site_configuration.h"
#include "rulebook/deployments.h"

namespace quaywatch::app {

// Pseudonym of an operating-system account at this site.
std::string account_pseudonym(const Site& site, const std::string& account);

// Who may decide on rules, as the site's configuration says it now.
Result<rulebook::Approvers> configured_approvers(const Site& site,
                                                 const std::function<std::string(const std::string&)>& pseudonym);

struct Decided {
  rulebook::Decision decision;
  rulebook::Deployments deployments;  // with the decision, if it was taken
  bool waits = false;                 // left for the process that writes the journal, which has not taken it yet
};

// Fills in who asks and puts the request into the journal, unless it is refused; before it, the list of approvers if
// the site's configuration says another than the journal. Where another process writes the journal, the request goes
// through it.
Result<Decided> decide(const Site& site, rulebook::Request request);

}  // namespace quaywatch::app
