#include "api/subject_gathering.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <set>

#include "api/visibility.h"
#include "base/limits_server.h"
#include "ingest/feed_health.h"
#include "legal/feeds.h"

namespace quaywatch::api {
namespace {

using identity::Organisation;
using identity::Reader;
using identity::Role;
using legal::AlertEnd;
using legal::SubjectRequest;

// A regime of feeds whose data are disclosed by their controller alone.
constexpr std::string_view kLawEnforcementRegime = "LED";
// Outcomes of cases after which nobody follows anything.
constexpr std::string_view kOverOutcomes[] = {"cleared", "no_finding", "mistake_put_right", "system_fault",
                                              "administrative_closure"};
// Who looks as what, where a user has several roles.
constexpr Role kLookingRoles[] = {Role::officer, Role::viewer, Role::auditor, Role::gate,
                                     Role::administrator, Role::feeder};

bool is_enforcement(const Organisation& organisation) {
  return stands_inside({{}, organisation.kind});
}

bool is_enforcement(const Context& context, const std::string& organisation_id) {
  const auto organisation = context.directory->organisation(organisation_id);
  return organisation && is_enforcement(*organisation);
}

// Nobody of the organisation: whoever asks sees what it holds, and nothing behind a wall of enforcement.
Reader person_asking(const Organisation& organisation) {
  Reader out{{}, organisation.kind, organisation.owners};
  if (is_enforcement(organisation)) out.kind = identity::OrganisationKind::terminal;
  out.owners.push_back(organisation.id);
  return out;
}

std::set<std::string> withheld_feeds(const Context& context) {
  std::set<std::string> out;
  for (const auto& m : context.live->configuration().mappings->mappings)
    if (m.controller.regime == kLawEnforcementRegime) out.insert(m.feed);
  return out;
}

live::Naming records_of(const Context& context, const Reader& reader, const SubjectRequest& request,
                        std::size_t at_most) {
  std::vector<live::Person> persons;
  for (const legal::Identifier& i : request.opened.identifiers) persons.push_back({i.personal, i.pseudonym});
  return context.live->naming(persons, at_most, [&, withheld = withheld_feeds(context)](const Event& e) {
    return may_see(reader, e) && !withheld.contains(e.feed);
  });
}

// --- records --------------------------------------------------------------------------------------------------------

legal::HeldRecord record_of(const Reader& reader, const SubjectRequest& request, const live::EventRow& e) {
  legal::HeldRecord out{e.event_time, e.feed, e.type, {}, {}};
  for (const live::ShownField& f : visible(reader, e.fields)) {
    const bool is_own = info(f.field).personal != PersonalClass::none && request.names(f.text);
    (is_own ? out.own : out.others).push_back(fmt::format("{} {}", info(f.field).name, f.text));
  }
  return out;
}

std::vector<legal::HeldFeed> feeds_of(const Context& context, const live::Naming& naming) {
  std::map<std::string, legal::Seen> seen;
  const auto view = context.live->view();
  for (const live::FeedRow& row : view->feeds)
    if (naming.feeds.contains(row.feed)) seen[row.feed] = {row.owners, row.types, row.personal};
  std::vector<legal::HeldFeed> out;
  for (legal::Feed& feed : legal::feeds_of(context.live->configuration().mappings->mappings, seen))
    if (const auto at = naming.feeds.find(feed.name); at != naming.feeds.end())
      out.push_back({std::move(feed), false, at->second.events, at->second.first, at->second.last});
  if (const auto at = naming.feeds.find(std::string(ingest::kLookupFeed)); at != naming.feeds.end()) {
    legal::Feed ours;
    ours.name = at->first;
    out.push_back({std::move(ours), true, at->second.events, at->second.first, at->second.last});
  }
  return out;
}

// --- alerts ---------------------------------------------------------------------------------------------------------

bool names(const SubjectRequest& request, const std::vector<live::ShownField>& fields) {
  return std::any_of(fields.begin(), fields.end(), [&](const auto& f) { return request.names(f.text); });
}

bool names(const SubjectRequest& request, const live::AlertRow& alert) {
  const auto is_subject = [&](const live::SubjectRow& s) { return request.names(s.value); };
  const auto is_in_record = [&](const live::EvidenceRow& e) { return e.event && names(request, e.event->fields); };
  return std::any_of(alert.subjects.begin(), alert.subjects.end(), is_subject) || names(request, alert.facts) ||
         std::any_of(alert.evidence.begin(), alert.evidence.end(), is_in_record);
}

// Over for everybody, and enforcement never had it.
bool is_over(const Context& context, const cases::Case& c) {
  if (c.state != cases::CaseState::closed) return false;
  const auto& over = kOverOutcomes;
  const bool is_ended = std::find(std::begin(over), std::end(over), c.outcome) != std::end(over);
  return is_ended && std::none_of(c.hops.begin(), c.hops.end(), [&](const cases::Hop& hop) {
    return is_enforcement(context, hop.to) || is_enforcement(context, hop.from);
  });
}

bool is_over(const Context& context, const cases::CaseBook& book, const cases::Triage& t) {
  if (t.state == cases::TriageState::taken) return false;
  return std::all_of(t.case_ids.begin(), t.case_ids.end(), [&](const std::string& id) {
    const cases::Case* c = book.find(id);
    return c == nullptr || is_over(context, *c);
  });
}

// How it ended for the organisation; nullopt: somebody may still follow it. Under books_mutex.
std::optional<AlertEnd> end_of(const Context& context, const std::string& organisation_id,
                               const live::AlertRow& alert) {
  cases::TriageState own = cases::TriageState::fresh;
  for (const auto& [id, book] : context.books) {
    const cases::Triage t = book.triage(alert.id);
    if (t.state != cases::TriageState::fresh && is_enforcement(context, id)) return std::nullopt;
    if (!is_over(context, book, t)) return std::nullopt;
    if (id == organisation_id) own = t.state;
  }
  for (const Organisation& o : context.directory->organisations())
    for (const holds::Hold* hold : context.holds.of_alert(alert.id, o.id))
      if (hold->is_open() || is_enforcement(o)) return std::nullopt;
  if (own == cases::TriageState::dismissed) return AlertEnd::laid_aside;
  if (own == cases::TriageState::in_case) return AlertEnd::case_closed;
  return alert.status == pipeline::AlertStatus::withdrawn ? std::optional(AlertEnd::withdrawn) : std::nullopt;
}

struct Disclosed {
  std::map<std::string, AlertEnd> ends;  // by alert
  std::vector<live::AlertRowPtr> alerts;
  // Since when the organisation follows something about the person; max: it does not.
  Timestamp followed_since = Timestamp::max();
};

std::vector<live::AlertRowPtr> alerts_naming(const Context& context, const SubjectRequest& request) {
  const auto view = context.live->view();
  std::vector<live::AlertRowPtr> out;
  for (const live::AlertRowPtr& alert : *view->alerts)
    if (names(request, *alert)) out.push_back(alert);
  return out;
}

Disclosed alerts_of(const Context& context, const Organisation& organisation, const SubjectRequest& request) {
  const Reader reader = person_asking(organisation);
  const auto named = alerts_naming(context, request);
  Disclosed out;
  const std::shared_lock lock(context.books_mutex);
  for (const live::AlertRowPtr& alert : named) {
    if (!may_see(reader, *alert)) continue;
    if (const auto end = end_of(context, organisation.id, *alert)) {
      out.ends.emplace(alert->id, *end);
      out.alerts.push_back(alert);
    } else {
      out.followed_since = std::min(out.followed_since, alert->raised_at);
    }
  }
  return out;
}

// --- what people did ------------------------------------------------------------------------------------------------

// A copy of each case of the organisation's book that holds one of the alerts.
std::vector<cases::Case> cases_of(const Context& context, const std::string& organisation_id,
                                  const Disclosed& disclosed) {
  const std::shared_lock lock(context.books_mutex);
  std::vector<cases::Case> out;
  const auto book = context.books.find(organisation_id);
  if (book == context.books.end()) return out;
  for (const auto& [id, c] : book->second.cases())
    if (is_over(context, c) && std::any_of(c.alert_ids.begin(), c.alert_ids.end(),
                                           [&](const auto& alert) { return disclosed.ends.contains(alert); }))
      out.push_back(c);
  return out;
}

legal::HeldLook look(const Context& context, const Organisation& organisation, const std::string& user_id,
                     Timestamp at) {
  const auto user = context.directory->user(user_id);
  const auto role = std::find_if(std::begin(kLookingRoles), std::end(kLookingRoles),
                                 [&](Role r) { return user && user->has(r); });
  const std::string word(role == std::end(kLookingRoles) ? "" : identity::name(*role));
  return {at, word, organisation.name};
}

std::vector<legal::HeldLook> unmaskings_of(const Context& context, const Organisation& organisation,
                                           const SubjectRequest& request, const Disclosed& disclosed) {
  std::vector<legal::HeldLook> out;
  const std::shared_lock lock(context.books_mutex);
  for (const identity::Unmasking* u : context.unmaskings.of(organisation.id)) {
    if (!request.names(u->ground().pseudonym) || !disclosed.ends.contains(u->ground().alert_id)) continue;
    for (const identity::UnmaskingStep& s : u->readings) out.push_back(look(context, organisation, s.by, s.at));
  }
  return out;
}

// Looks at the person, or at an alert that is disclosed. Since something is followed they may be a part of that.
std::vector<legal::HeldLook> lookups_of(const Context& context, const Organisation& organisation,
                                        const SubjectRequest& request, const Disclosed& disclosed) {
  std::set<std::string> subjects;
  for (const legal::Identifier& i : request.opened.identifiers)
    subjects.insert(fmt::format("{}:{}", name(live::subject_of(i.personal)), i.pseudonym));
  for (const auto& [id, end] : disclosed.ends) subjects.insert("alert:" + id);
  const auto entries = context.audit.latest(~std::uint64_t{0}, limits::kSubjectEvents, [&](const AuditEntry& e) {
    if (e.organisation_id != organisation.id || e.at >= disclosed.followed_since) return false;
    const bool is_look = e.operation == "getTimeline" || e.operation == "getAlert" || e.operation == "readGateHold";
    return (is_look && subjects.contains(e.subject)) || (e.operation == "searchSubjects" && request.names(e.detail));
  });
  std::vector<legal::HeldLook> out;
  for (const AuditEntry& e : entries) out.push_back(look(context, organisation, e.user_id, e.at));
  return out;
}

// --- who was given it -----------------------------------------------------------------------------------------------

bool may_read(const Organisation& organisation, const legal::Feed& feed) {
  const Reader reader{{}, organisation.kind, organisation.owners};
  return may_see_feed(reader, feed.owners, {}) && !feed.owners.empty();
}

// Others that may read one of the feeds; what our own users did is nobody else's.
std::set<std::string> readers_of(const Context& context, const std::string& own_id,
                                 const std::vector<legal::HeldFeed>& feeds) {
  std::set<std::string> out;
  for (const Organisation& o : context.directory->organisations())
    if (o.id != own_id && std::any_of(feeds.begin(), feeds.end(), [&](const legal::HeldFeed& f) {
          return !f.is_of_ours && may_read(o, f.stated);
        }))
      out.insert(o.id);
  return out;
}

void add_given(const cases::Case& c, const std::string& own_id, std::set<std::string>& out) {
  for (const cases::Hop& hop : c.hops)
    if (hop.state == cases::HopState::accepted && hop.to != own_id) out.insert(hop.to);
}

std::vector<legal::Recipient> recipients_of(const Context& context, const std::set<std::string>& ids) {
  std::vector<legal::Recipient> out;
  for (const std::string& id : ids)
    if (const auto o = context.directory->organisation(id); o && !is_enforcement(*o))
      out.push_back({o->name, std::string(identity::name(o->kind)), {}});
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.organisation < b.organisation; });
  return out;
}

}  // namespace

legal::Held gather(const Context& context, const Organisation& organisation, const SubjectRequest& request,
                   legal::Statements statements) {
  const Reader reader = person_asking(organisation);
  legal::Held out;
  out.number = request.number;
  out.received_on = request.opened.received_on;
  out.identifiers = request.opened.identifiers;
  out.statements = std::move(statements);
  const live::Naming naming = records_of(context, reader, request, limits::kSubjectEvents);
  out.feeds = feeds_of(context, naming);
  out.all_records = naming.all();
  for (const live::EventRow& e : naming.newest) out.records.push_back(record_of(reader, request, e));
  std::set<std::string> given = readers_of(context, organisation.id, out.feeds);
  // What enforcement itself follows, looks at and opens is theirs to disclose, by another law.
  if (!is_enforcement(organisation)) {
    const Disclosed disclosed = alerts_of(context, organisation, request);
    for (const live::AlertRowPtr& a : disclosed.alerts)
      out.alerts.push_back({a->event_time, a->rule->title, disclosed.ends.at(a->id)});
    for (const cases::Case& c : cases_of(context, organisation.id, disclosed)) {
      out.cases.push_back({c.opened_at, c.changed_at});
      add_given(c, organisation.id, given);
    }
    out.unmaskings = unmaskings_of(context, organisation, request, disclosed);
    out.lookups = lookups_of(context, organisation, request, disclosed);
  }
  out.lookups_from = context.audit.held_from();
  out.recipients = recipients_of(context, given);
  return out;
}

std::vector<legal::Receiver> receivers_of(const Context& context, const Organisation& organisation,
                                          const SubjectRequest& request) {
  const auto feeds = feeds_of(context, records_of(context, person_asking(organisation), request, 0));
  std::set<std::string> ids = readers_of(context, organisation.id, feeds);
  std::set<std::string> alerts;
  for (const live::AlertRowPtr& alert : alerts_naming(context, request)) alerts.insert(alert->id);
  {
    const std::shared_lock lock(context.books_mutex);
    if (const auto book = context.books.find(organisation.id); book != context.books.end())
      for (const auto& [id, c] : book->second.cases())
        if (std::any_of(c.alert_ids.begin(), c.alert_ids.end(), [&](const auto& a) { return alerts.contains(a); }))
          add_given(c, organisation.id, ids);
  }
  std::vector<legal::Receiver> out;
  for (const std::string& id : ids)
    if (const auto o = context.directory->organisation(id)) out.push_back({id, o->name});
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return out;
}

}  // namespace quaywatch::api
