#include "api/waiting.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <shared_mutex>
#include <string>

#include "api/case_pages.h"
#include "api/handed_on.h"
#include "api/rule_set_pages.h"
#include "api/unmasking_pages.h"
#include "api/visibility.h"
#include "base/limits_server.h"
#include "cases/hand_over.h"
#include "identity/wall.h"

namespace quaywatch::api {
namespace {

using identity::Organisation;
using identity::Role;
using identity::Unmasking;
using identity::User;
using rulebook::Deployments;
using rulebook::Step;
using telling::WaitingKind;

Concern concern_of(const Context& context, const Unmasking& unmasking, const User& user,
                   const Organisation& organisation) {
  if (organisation.id != unmasking.organisation) return Concern::none;
  if (!may_see(context, reader_of(user, organisation), organisation.id, unmasking)) return Concern::must_not_know;
  const bool has_role = user.has(Role::officer) || (unmasking.is_broken() && user.has(Role::auditor));
  const bool is_second = user.organisation_id == organisation.id && user.id != unmasking.begun.by;
  return is_second && has_role && !user.is_disabled ? Concern::may_answer : Concern::none;
}

// An officer of the organisation that may take the case, or the one whom the offer names; and nobody whom it is about.
Concern concern_of(const cases::Hop& offer, const std::vector<live::AlertRowPtr>& alerts, const User& user,
                   const Organisation& organisation) {
  if (organisation.id != offer.to) return Concern::none;
  const identity::Reader reader = reader_of(user, organisation);
  for (const live::AlertRowPtr& alert : alerts)
    if (is_about(reader, *alert)) return Concern::must_not_know;
  const bool is_meant = offer.to_user.empty() || offer.to_user == user.id;
  const bool is_there = user.organisation_id == organisation.id && user.has(Role::officer) && !user.is_disabled;
  return is_meant && is_there ? Concern::may_answer : Concern::none;
}

// Whoever read the case when his organisation gave it away; and nobody whom it is about.
Concern concern_in_feedback(const Context& context, const std::string& book_of, const std::string& case_id,
                            const User& user, const Organisation& organisation) {
  const std::shared_lock lock(context.books_mutex);
  const auto book = context.books.find(book_of);
  const cases::Case* c = book == context.books.end() ? nullptr : book->second.find(case_id);
  if (c == nullptr || cases::handed_on_by(c->hops, c->holder, organisation.id) == nullptr) return Concern::none;
  const identity::Reader reader = reader_of(user, organisation);
  if (is_about(context, reader, *c) || is_about(context, reader, book->second.end_of(*c)))
    return Concern::must_not_know;
  const bool is_there = user.organisation_id == organisation.id && !user.is_disabled &&
                        (user.has(Role::officer) || user.has(Role::viewer));
  return is_there && handed_on(context, reader, organisation.id, book->second, *c) ? Concern::may_answer
                                                                                  : Concern::none;
}

// Who proposed or recorded it is not asked, even where he is alone and may answer in the end.
bool may_decide(const User& user, const Organisation& organisation, const Deployments& deployments, Step step,
                rulebook::Version version, const std::string& by, Timestamp now) {
  const bool is_there = user.organisation_id == organisation.id && !user.is_disabled;
  if (!is_there || !user.has(Role::officer)) return false;
  const auto names = deciding_names(user);
  return std::find(names.begin(), names.end(), by) == names.end() &&
         refusal_of(user, deployments, step, version, now) == rulebook::Refusal::none;
}

}  // namespace

std::vector<WaitingRequest> WaitingRequests::at(Timestamp now) {
  std::vector<WaitingRequest> out;
  add_unmaskings(now, out);
  add_hand_overs(out);
  add_feedback(now, out);
  add_rules(now, out);
  return out;
}

void WaitingRequests::add_unmaskings(Timestamp now, std::vector<WaitingRequest>& out) const {
  const std::shared_lock lock(context_.books_mutex);
  for (const Unmasking* u : context_.unmaskings.waiting(now))
    out.push_back({{u->is_broken() ? WaitingKind::broken_glass : WaitingKind::unmasking, u->id},
                   u->begun.at,
                   [this, unmasking = *u](const User& user, const Organisation& organisation) {
                     return concern_of(context_, unmasking, user, organisation);
                   }});
}

void WaitingRequests::add_hand_overs(std::vector<WaitingRequest>& out) const {
  const auto view = context_.live->view();
  const std::shared_lock lock(context_.books_mutex);
  for (const auto& [organisation, book] : context_.books)
    for (const auto& [id, c] : book.cases()) {
      const cases::Hop* offer = cases::open_offer(c.hops);
      if (offer == nullptr) continue;
      std::vector<live::AlertRowPtr> alerts;
      for (const std::string& alert_id : c.alert_ids)
        if (auto alert = view->alerts->find(alert_id)) alerts.push_back(std::move(alert));
      out.push_back({{WaitingKind::hand_over, fmt::format("{}/{}", id, c.hops.size())},
                     offer->offered_at,
                     [offered = *offer, about = std::move(alerts)](const User& user, const Organisation& o) {
                       return concern_of(offered, about, user, o);
                     }});
    }
}

void WaitingRequests::add_feedback(Timestamp now, std::vector<WaitingRequest>& out) const {
  const std::shared_lock lock(context_.books_mutex);
  for (const auto& [organisation, book] : context_.books)
    for (const auto& [id, c] : book.cases()) {
      if (c.hops.empty()) continue;
      const cases::Case& end = book.end_of(c);
      const cases::Step* step = cases::closing(end);
      if (step == nullptr || now > step->at + limits::kFeedbackIsNews) continue;
      out.push_back({{WaitingKind::feedback, fmt::format("{}/{}", id, format_rfc3339(step->at))},
                     step->at,
                     [this, book_of = organisation, case_id = id](const User& user, const Organisation& o) {
                       return concern_in_feedback(context_, book_of, case_id, user, o);
                     }});
    }
}

void WaitingRequests::add_rules(Timestamp now, std::vector<WaitingRequest>& out) {
  const auto view = context_.live->view();
  const auto is_open = [](const rulebook::Proposal& p) { return p.state == rulebook::Proposal::State::open; };
  const auto is_unconfirmed = [](const rulebook::Agreement& a) { return !a.is_confirmed && a.ended_for.empty(); };
  const auto& proposals = view->deployments->proposals();
  const auto& agreements = view->deployments->agreements();
  if (std::none_of(proposals.begin(), proposals.end(), is_open) &&
      std::none_of(agreements.begin(), agreements.end(), is_unconfirmed))
    return;
  // While the list of approvers cannot be read nobody is known who may answer.
  const auto deployments = as_configured(context_, now);
  if (!deployments) return;
  if (!context_.live->options().only_those)
    for (const rulebook::Proposal& p : proposals)
      if (is_open(p))
        out.push_back({{WaitingKind::rule_set, std::to_string(p.version)},
                       p.at,
                       [this, view, now, all = *deployments, version = p.version, by = p.by](
                           const User& user, const Organisation& organisation) {
                         return may_decide(user, organisation, *all, Step::deployed, version, by, now) &&
                                        may_see(reader_of(user, organisation), *changes_of_version(view, version))
                                    ? Concern::may_answer
                                    : Concern::none;
                       }});
  for (const rulebook::Agreement& a : agreements)
    if (is_unconfirmed(a))
      out.push_back({{WaitingKind::agreement, std::to_string(a.number)},
                     a.at,
                     [now, all = *deployments, number = a.number, by = a.by](const User& user,
                                                                            const Organisation& organisation) {
                       return may_decide(user, organisation, *all, Step::agreement_confirmed, number, by, now)
                                  ? Concern::may_answer
                                  : Concern::none;
                     }});
}

WaitingRequests::Changes WaitingRequests::changes_of_version(const std::shared_ptr<const live::View>& view,
                                                             rulebook::Version version) {
  if (std::exchange(against_, view->in_force.version) != view->in_force.version) changes_.clear();
  Changes& known = changes_[version];
  if (known == nullptr)
    known = std::make_shared<const rulebook::Changes>(
        changes_of(*view, context_.live->options(), view->deployments->proposals()[version - 1].files));
  return known;
}

}  // namespace quaywatch::api
