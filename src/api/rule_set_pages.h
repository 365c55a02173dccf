// What the interface shows of sets of rules: the one in force, those that wait, what was decided. A reader who may not
// see every rule that a set changes is not shown that set. Pure; thread-safe.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "api/context.h"
#include "rulebook/changes.h"

namespace quaywatch::api {

// The names under which a user is known to decisions on rules: pseudonyms of his login and of the accounts linked to
// it. One person with two accounts is one.
std::vector<std::string> deciding_names(const identity::User& user);
// The one that counts: it proposed or recorded what is decided on, so that nobody approves his own as somebody else;
// else it is on the list.
std::string deciding_as(const identity::User& user, const rulebook::Deployments& deployments,
                        const rulebook::Request& request);
// What would become of the decision, were the user to make it now with a reason.
rulebook::Refusal refusal_of(const identity::User& user, const rulebook::Deployments& deployments, rulebook::Step step,
                             rulebook::Version version, Timestamp now);
// The state with the list of approvers that the site's configuration has now, as a decision would find it.
Result<std::shared_ptr<const rulebook::Deployments>> as_configured(const Context& context, Timestamp now);

// Against what is in force.
rulebook::Changes changes_of(const live::View& view, const live::LiveOptions& options,
                             const std::vector<rules::RuleFile>& files);
bool may_see(const identity::Reader& reader, const rulebook::Changes& changes);
nlohmann::ordered_json changes_json(const rulebook::Changes& changes);
nlohmann::ordered_json refusals_json(const std::vector<rules::Refusal>& refusals);

// `deployments`: those of the view, with the list of approvers that is configured now.
nlohmann::ordered_json proposal_json(const Context& context, const Call& call, const live::View& view,
                                     const rulebook::Deployments& deployments, const rulebook::Proposal& proposal,
                                     const rulebook::Changes& changes);
nlohmann::ordered_json rule_sets_json(const Context& context, const Call& call,
                                      const rulebook::Deployments& deployments);
// Titles of refused rules are for whom no wall stands before.
nlohmann::ordered_json in_force_json(const live::View& view, const live::LiveOptions& options,
                                     const identity::Reader& reader);

}  // namespace quaywatch::api
