#include "api/case_pages.h"

#include <algorithm>
#include <mutex>

#include "api/alert_pages.h"
#include "api/case_steps.h"
#include "api/visibility.h"

namespace quaywatch::api {
namespace {

using nlohmann::ordered_json;
using cases::Case;
using cases::Step;

ordered_json person_or_null(const Context& context, const Call& call, const std::string& id) {
  return id.empty() ? ordered_json(nullptr) : person_json(context, call.organisation.id, id);
}

// What customs, police and the authority write is as much behind the wall as their selections; what they say with a
// hand-over is said to the other side of it.
bool may_read_text(const Context& context, const Call& call, const std::string& organisation_id) {
  if (organisation_id == call.organisation.id || stands_inside(call.reader)) return true;
  const auto organisation = context.directory->organisation(organisation_id);
  return organisation && !stands_inside({"", organisation->kind});
}

bool is_party(const Call& call, const cases::Hop& hop) {
  return hop.from == call.organisation.id || hop.to == call.organisation.id;
}

bool may_read_text(const Context& context, const Call& call, const Case& c, const Step& s) {
  if (may_read_text(context, call, s.organisation)) return true;
  return cases::is_hop(s.action) && std::any_of(c.hops.begin(), c.hops.end(), [&](const cases::Hop& hop) {
    const bool offers = hop.offered_at == s.at && hop.by == s.by;
    return is_party(call, hop) && (offers || (hop.answered_at == s.at && hop.answered_by == s.by));
  });
}

ordered_json step_json(const Context& context, const Call& call, const Case& c, const Step& s) {
  ordered_json j{{"at", format_rfc3339(s.at)}};
  j["by"] = person_json(context, call.organisation.id, s.by);
  j["action"] = cases::kStepNames[static_cast<std::size_t>(s.action)];
  const bool is_read = s.text.empty() || may_read_text(context, call, c, s);
  if (!is_read) j["withheld"] = true;
  if (is_read && !s.text.empty()) j["text"] = s.text;
  auto alerts = ordered_json::array();
  for (const std::string& id : s.alert_ids)
    if (find_alert(context, call.reader, id) != nullptr) alerts.push_back(id);
  if (!alerts.empty()) j["alert_ids"] = std::move(alerts);
  if (!s.outcome.empty()) j["outcome"] = s.outcome;
  if (s.told) j["told"] = *s.told;
  if (is_read && !s.told_how.empty()) j["told_how"] = s.told_how;
  // It is said to whoever handed the case on, wherever he stands.
  const bool is_addressed = cases::handed_on_by(c.hops, s.organisation, call.organisation.id) != nullptr;
  if (!s.feedback.empty() && (is_addressed || may_read_text(context, call, s.organisation))) j["feedback"] = s.feedback;
  // A step of two cases stands in both.
  if (!s.other.empty()) j["other"] = s.other == c.id ? s.case_id : s.other;
  if (!s.to.empty()) j["to"] = desk_json(context, s.to);
  const std::string& attachment_id = s.attachment ? s.attachment->id : s.attachment_id;
  if (!attachment_id.empty()) j["attachment_id"] = attachment_id;
  return j;
}

ordered_json removal_json(const Context& context, const Call& call, const Step& removal) {
  const bool is_read = may_read_text(context, call, removal.organisation);
  ordered_json j{{"at", format_rfc3339(removal.at)}};
  j["by"] = person_json(context, call.organisation.id, removal.by);
  j["reason"] = is_read ? removal.text : "";
  return j;
}

ordered_json attachment_json(const Context& context, const Call& call, const cases::CaseAttachment& a) {
  ordered_json j{{"attachment_id", a.file.id}, {"at", format_rfc3339(a.at)}};
  j["by"] = person_json(context, call.organisation.id, a.by);
  j["removed"] = a.removal ? removal_json(context, call, *a.removal) : ordered_json(nullptr);
  if (!may_read(context, call, a)) {
    j["withheld"] = true;
    return j;
  }
  j["name"] = a.file.name;
  if (!a.description.empty()) j["description"] = a.description;
  j["media_type"] = a.file.media_type;
  j["bytes"] = a.file.bytes;
  j["sha256"] = a.file.sha256;
  return j;
}

ordered_json task_json(const Context& context, const Call& call, const cases::Task& t) {
  const bool is_read = may_read_text(context, call, t.organisation);
  ordered_json j{{"task_id", t.id}, {"text", is_read ? t.text : ""}};
  if (!is_read) j["withheld"] = true;
  j["assignee"] = person_or_null(context, call, t.assignee);
  j["done"] = t.is_done;
  j["at"] = format_rfc3339(t.at);
  return j;
}

ordered_json hop_json(const Context& context, const Call& call, const cases::Hop& hop) {
  ordered_json j{{"from", desk_json(context, hop.from)}, {"to", desk_json(context, hop.to)}};
  j["to_user"] = person_or_null(context, call, hop.to_user);
  j["by"] = person_or_null(context, call, hop.by);
  j["offered_at"] = format_rfc3339(hop.offered_at);
  const auto said = [&](const std::string& organisation, const std::string& text) {
    return is_party(call, hop) || may_read_text(context, call, organisation) ? text : std::string{};
  };
  j["reason"] = said(hop.from, hop.reason);
  j["ends_reading"] = hop.ends_reading;
  j["state"] = cases::kHopStateNames[static_cast<std::size_t>(hop.state)];
  j["answered_at"] = time_or_null(hop.answered_at);
  j["answered_by"] = person_or_null(context, call, hop.answered_by);
  if (const std::string answer = said(hop.to, hop.answer); !answer.empty()) j["answer"] = answer;
  return j;
}

// Whom the other case did not let in, he sees that it went in, as among the steps.
ordered_json merge_json(const Context& context, const Call& call, const Case& c, const cases::Merge& m) {
  const auto said = [&](const Step& s) {
    return ordered_json{{"at", format_rfc3339(s.at)}, {"by", person_json(context, call.organisation.id, s.by)}};
  };
  const auto other = find_case(context, call, m.other);
  ordered_json j = said(c.steps[m.step]);
  j["case_id"] = m.other;
  j["title"] = other ? ordered_json(other->title) : ordered_json(nullptr);
  j["undone"] = m.undone ? said(c.steps[*m.undone]) : ordered_json(nullptr);
  const cases::Added added = cases::added_since(m, c.steps);
  j["added"] = {{"alert_ids", ordered_json::array()}, {"task_ids", added.task_ids}};
  for (const std::string& id : added.alert_ids)
    if (find_alert(context, call.reader, id) != nullptr) j["added"]["alert_ids"].push_back(id);
  j["added"]["attachment_ids"] = added.attachment_ids;
  j["added"]["notes"] = added.notes;
  Step undo = step_of(call, c, cases::StepAction::undo_merge);
  undo.other = m.other;
  const bool is_officer = call.user.has(identity::Role::officer);
  j["can_undo"] = is_officer && !m.undone && refuse_step(context, call, undo).empty();
  return j;
}

}  // namespace

bool is_about(const Context& context, const identity::Reader& reader, const Case& c) {
  if (reader.linked_accounts.empty()) return false;
  const auto view = context.live->view();
  return std::any_of(c.alert_ids.begin(), c.alert_ids.end(), [&](const std::string& id) {
    const auto alert = view->alerts->find(id);
    return alert != nullptr && is_about(reader, *alert);
  });
}

bool is_case_about(const Context& context, const identity::Reader& reader, const std::string& id) {
  const std::shared_lock lock(context.books_mutex);
  return std::any_of(context.books.begin(), context.books.end(), [&](const auto& book) {
    const Case* c = book.second.find(id);
    return c != nullptr && is_about(context, reader, *c);
  });
}

bool is_let_in(const Context& context, const identity::Reader& reader, const Case& c) {
  return c.readers.contains(reader.user_id) && !is_about(context, reader, c);
}

bool may_read(const Context& context, const Call& call, const Case& c) {
  const bool may_answer = c.state == cases::CaseState::open && call.user.has(identity::Role::officer) &&
                          cases::is_offered_to(c.hops, call.user.id, call.organisation.id);
  return may_answer ? !is_about(context, call.reader, c) : is_let_in(context, call.reader, c);
}

bool may_read(const Context& context, const Call& call, const cases::CaseAttachment& a) {
  return may_read_text(context, call, a.organisation);
}

std::optional<Case> find_case(const Context& context, const Call& call, const std::string& id) {
  const std::shared_lock lock(context.books_mutex);
  for (const auto& [organisation, book] : context.books)
    if (const Case* c = book.find(id); c != nullptr && may_read(context, call, *c)) return *c;
  return std::nullopt;
}

ordered_json desk_json(const Context& context, const std::string& organisation_id) {
  const auto organisation = context.directory->organisation(organisation_id);
  ordered_json j{{"id", organisation_id}, {"name", organisation ? organisation->name : ""}};
  j["kind"] = organisation ? ordered_json(identity::name(organisation->kind)) : ordered_json(nullptr);
  return j;
}

ordered_json case_summary(const Context& context, const Call& call, const Case& c) {
  ordered_json j{{"case_id", c.id}, {"title", c.title}};
  j["state"] = cases::kCaseStateNames[static_cast<std::size_t>(c.state)];
  j["owner"] = person_or_null(context, call, c.owner);
  j["opened_at"] = format_rfc3339(c.opened_at);
  j["changed_at"] = format_rfc3339(c.changed_at);
  j["alerts"] = std::count_if(c.alert_ids.begin(), c.alert_ids.end(), [&](const std::string& id) {
    return find_alert(context, call.reader, id) != nullptr;
  });
  j["open_tasks"] = std::count_if(c.tasks.begin(), c.tasks.end(), [](const cases::Task& t) { return !t.is_done; });
  j["outcome"] = c.outcome.empty() ? ordered_json(nullptr) : ordered_json(c.outcome);
  if (!c.merged_into.empty()) j["merged_into"] = c.merged_into;
  j["holder"] = desk_json(context, c.holder);
  const cases::Hop* offer = cases::open_offer(c.hops);
  j["offered_to"] = offer == nullptr ? ordered_json(nullptr) : desk_json(context, offer->to);
  return j;
}

ordered_json case_json(const Context& context, const Call& call, const Case& c) {
  ordered_json j{{"summary", case_summary(context, call, c)}};
  for (const char* key : {"alerts", "tasks", "attachments", "shared_with", "steps", "merges", "holdings", "hops"})
    j[key] = ordered_json::array();
  for (const std::string& id : c.alert_ids)
    if (const auto alert = find_alert(context, call.reader, id))
      j["alerts"].push_back(alert_summary(context, eyes(call), *alert));
  for (const cases::Task& t : c.tasks) j["tasks"].push_back(task_json(context, call, t));
  for (const cases::CaseAttachment& a : c.attachments) j["attachments"].push_back(attachment_json(context, call, a));
  for (const auto& [id, organisation] : c.readers)
    j["shared_with"].push_back(person_json(context, call.organisation.id, id));
  for (const Step& s : c.steps) j["steps"].push_back(step_json(context, call, c, s));
  for (const cases::Merge& m : c.merges) j["merges"].push_back(merge_json(context, call, c, m));
  for (const cases::Holding& h : cases::holdings(c.hops, c.holder, c.opened_at))
    j["holdings"].push_back({{"holder", desk_json(context, h.organisation)},
                             {"from", format_rfc3339(h.from)},
                             {"until", time_or_null(h.until)}});
  for (const cases::Hop& hop : c.hops) j["hops"].push_back(hop_json(context, call, hop));
  return j;
}

}  // namespace quaywatch::api
