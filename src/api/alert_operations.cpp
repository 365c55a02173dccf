#include <algorithm>
#include <set>

#include "api/alert_pages.h"
#include "api/answer.h"
#include "api/case_pages.h"
#include "api/operations.h"
#include "api/visibility.h"
#include "base/limits_server.h"

namespace quaywatch::api {
namespace {

using nlohmann::ordered_json;

io::HttpResponse no_alert() {
  return problem(404, "not_found", "there is no such alert", "alertId");
}

// Who opened the alert of a box looked the box up, and the alert explains why.
Use look_up_of(const std::string& operation, const live::AlertRow& alert) {
  Use use{operation, "alert:" + alert.id, alert.rule->title, {}, "alert " + alert.id};
  for (const live::SubjectRow& s : alert.subjects) {
    const SubjectKind kind = info(s.field).subject;
    if (s.role == pipeline::SubjectRole::about && (kind == SubjectKind::container || kind == SubjectKind::release))
      use.looked_up.push_back({kind, s.value});
  }
  return use;
}

cases::Decision read_decision(Reading& in) {
  cases::Decision d;
  const std::string action = in.text("action", 32, true);
  const auto found = cases::find_action(action);
  if (in.is_good() && (!found || *found == cases::Action::undo)) in.refuse("action", "there is no such action");
  d.action = found.value_or(cases::Action::note);
  d.reason = in.text("reason", limits::kReasonBytes);
  d.reason_code = in.word("reason_code", cases::kReasonCodes);
  d.assignee = in.id("assignee", 'u', d.action == cases::Action::assign);
  d.case_id = in.id("case_id", 'c', d.action == cases::Action::add_to_case);
  return d;
}

// Whoever is assigned must be able to see it: an officer of the organisation whom the alert is not about.
bool may_be_assigned(const Context& context, const Call& call, const std::string& user_id,
                     const live::AlertRow& alert) {
  const auto user = context.directory->user(user_id);
  return user && !user->is_disabled && user->organisation_id == call.organisation.id &&
         user->has(identity::Role::officer) && may_see(reader_of(*user, call.organisation), alert);
}

// Decides on all or none. `decisions` lack their ids.
std::optional<io::HttpResponse> decide(Context& context, const Call& call, std::vector<cases::Decision> decisions) {
  cases::Decided decided{call.now, call.user.id, call.organisation.id, {}};
  for (cases::Decision& d : decisions) {
    const auto alert = find_alert(context, call.reader, d.alert_id);
    if (alert == nullptr) return no_alert();
    if (!d.assignee.empty() && !may_be_assigned(context, call, d.assignee, *alert))
      return problem(400, "invalid", "this user cannot be assigned this alert", "assignee");
    auto id = identity::random_id("d-");
    if (!id) return problem(id.error());
    d.id = std::move(*id);
    d.revision = alert->revision;
    decided.decisions.push_back(std::move(d));
  }
  const auto refuse = [&]() -> std::string {
    const std::shared_lock lock(context.books_mutex);
    const auto book = context.books.find(call.organisation.id);
    std::string why = book == context.books.end() ? cases::CaseBook{}.refuse(decided) : book->second.refuse(decided);
    const auto may_use_case = [&](const cases::Decision& d) {
      const cases::Case* c = d.case_id.empty() || book == context.books.end() ? nullptr : book->second.find(d.case_id);
      return d.case_id.empty() || (c != nullptr && is_let_in(context, call.reader, *c));
    };
    if (why.empty() && !std::all_of(decided.decisions.begin(), decided.decisions.end(), may_use_case))
      why = "there is no such open case";
    return why;
  };
  return write_unless(context, refuse, {std::string(cases::kDecisionTopic), call.now, cases::to_text(decided)});
}

io::HttpResponse decide_on_all(Context& context, const Call& call, const std::vector<std::string>& alert_ids,
                               std::vector<cases::Decision> decisions) {
  if (std::set<std::string>(alert_ids.begin(), alert_ids.end()).size() != alert_ids.size())
    return problem(400, "invalid", "an alert is named twice", "alert_ids");
  if (auto refused = decide(context, call, std::move(decisions))) return std::move(*refused);
  ordered_json j{{"items", ordered_json::array()}};
  for (const std::string& id : alert_ids)
    if (const auto alert = find_alert(context, call.reader, id))
      j["items"].push_back(alert_summary(context, eyes(call), *alert));
  return json_answer(j);
}

}  // namespace

io::HttpResponse list_alerts(Context& context, const Call& call) {
  Reading in(call.query);
  const ordered_json page = alert_page(context, eyes(call), in);
  if (!in.is_good()) return invalid(in);
  if (in.has("q") && !in.text("q", 200, false, 0).empty())
    if (auto recorded = record(context, call, {"listAlerts", {}, in.text("q", 200, false, 0), {}, {}}); !recorded)
      return problem(recorded.error());
  return json_answer(page);
}

io::HttpResponse get_alert(Context& context, const Call& call) {
  const auto alert = find_alert(context, call.reader, call.path.at("alertId"));
  if (alert == nullptr) return no_alert();
  if (auto recorded = record(context, call, look_up_of("getAlert", *alert)); !recorded)
    return problem(recorded.error());
  return json_answer(alert_detail(context, eyes(call), *alert));
}

io::HttpResponse decide_alert(Context& context, const Call& call) {
  Reading in(call.body, {"action", "reason", "reason_code", "assignee", "case_id"});
  cases::Decision d = read_decision(in);
  if (!in.is_good()) return invalid(in);
  d.alert_id = call.path.at("alertId");
  const std::string alert_id = d.alert_id;
  if (auto refused = decide(context, call, {std::move(d)})) return std::move(*refused);
  const auto alert = find_alert(context, call.reader, alert_id);
  return alert == nullptr ? no_alert() : json_answer(alert_detail(context, eyes(call), *alert));
}

io::HttpResponse decide_alerts(Context& context, const Call& call) {
  Reading in(call.body, {"alert_ids", "decision"});
  const auto alert_ids = in.texts("alert_ids", limits::kDecisionsAtOnce, 32, true);
  if (in.is_good() && !in.has("decision")) in.refuse("decision", "'decision' is needed");
  if (!in.is_good()) return invalid(in);
  Reading inner(call.body["decision"], {"action", "reason", "reason_code", "assignee", "case_id"});
  const cases::Decision d = read_decision(inner);
  if (!inner.is_good()) return invalid(inner);
  std::vector<cases::Decision> decisions(alert_ids.size(), d);
  for (std::size_t i = 0; i < alert_ids.size(); ++i) decisions[i].alert_id = alert_ids[i];
  return decide_on_all(context, call, alert_ids, std::move(decisions));
}

io::HttpResponse undo_decisions(Context& context, const Call& call) {
  Reading in(call.body, {"alert_ids"});
  const auto alert_ids = in.texts("alert_ids", limits::kDecisionsAtOnce, 32, true);
  if (!in.is_good()) return invalid(in);
  std::vector<cases::Decision> decisions(alert_ids.size());
  std::shared_lock lock(context.books_mutex);
  const auto book = context.books.find(call.organisation.id);
  for (std::size_t i = 0; i < alert_ids.size(); ++i) {
    decisions[i].action = cases::Action::undo;
    decisions[i].alert_id = alert_ids[i];
    const cases::MadeDecision* last = book == context.books.end() ? nullptr : book->second.last_standing(alert_ids[i]);
    if (last != nullptr) decisions[i].undoes = last->decision.id;
  }
  lock.unlock();
  return decide_on_all(context, call, alert_ids, std::move(decisions));
}

io::HttpResponse undo_decision(Context& context, const Call& call) {
  const std::string& id = call.path.at("decisionId");
  std::string alert_id;
  {
    const std::shared_lock lock(context.books_mutex);
    const auto book = context.books.find(call.organisation.id);
    if (book != context.books.end()) alert_id = book->second.undoable_by(call.user.id, id);
  }
  if (alert_id.empty() || find_alert(context, call.reader, alert_id) == nullptr)
    return problem(409, "conflict", "only the last decision on an alert can be taken back, by who made it");
  cases::Decision d;
  d.action = cases::Action::undo;
  d.alert_id = alert_id;
  d.undoes = id;
  if (auto refused = decide(context, call, {std::move(d)})) return std::move(*refused);
  const auto alert = find_alert(context, call.reader, alert_id);
  return alert == nullptr ? no_alert() : json_answer(alert_detail(context, eyes(call), *alert));
}

io::HttpResponse stream_events(Context& context, const Call& call) {
  io::HttpResponse answer;
  answer.stream = context.hub.subscribe({call.token, call.organisation.id, call.reader},
                                        call.http.header("last-event-id"));
  if (answer.stream == nullptr)
    return problem(503, "too_many_requests", "too many clients follow the events; try later");
  answer.content_type = "text/event-stream";
  answer.headers.emplace_back("Cache-Control", "no-store");
  return answer;
}

}  // namespace quaywatch::api
