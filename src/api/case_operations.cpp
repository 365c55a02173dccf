#include <algorithm>
#include <charconv>
#include <tuple>

#include "api/alert_pages.h"
#include "api/answer.h"
#include "api/operations.h"
#include "base/limits_server.h"

namespace quaywatch::api {
namespace {

using nlohmann::ordered_json;
using cases::Case;
using cases::Step;
using cases::StepAction;

io::HttpResponse invalid(const Reading& in) {
  return problem(400, "invalid", in.why(), in.field());
}

io::HttpResponse no_case() {
  return problem(404, "not_found", "there is no such case, or you were not let into it", "caseId");
}

// Need to know: who opened it, has a task in it, was assigned it or let in. A copy: the book goes on.
std::optional<Case> find_case(const Context& context, const Call& call, const std::string& id) {
  const std::shared_lock lock(context.books_mutex);
  const auto book = context.books.find(call.organisation.id);
  const Case* c = book == context.books.end() ? nullptr : book->second.find(id);
  return c != nullptr && c->readers.contains(call.user.id) ? std::optional(*c) : std::nullopt;
}

ordered_json person_or_null(const Context& context, const Call& call, const std::string& id) {
  return id.empty() ? ordered_json(nullptr) : person_json(context, call.organisation.id, id);
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
  return j;
}

ordered_json step_json(const Context& context, const Call& call, const Step& s) {
  ordered_json j{{"at", format_rfc3339(s.at)}};
  j["by"] = person_json(context, call.organisation.id, s.by);
  j["action"] = cases::kStepNames[static_cast<std::size_t>(s.action)];
  if (!s.text.empty()) j["text"] = s.text;
  auto alerts = ordered_json::array();
  for (const std::string& id : s.alert_ids)
    if (find_alert(context, call.reader, id) != nullptr) alerts.push_back(id);
  if (!alerts.empty()) j["alert_ids"] = std::move(alerts);
  if (!s.outcome.empty()) j["outcome"] = s.outcome;
  if (!s.other.empty()) j["other"] = s.other;
  return j;
}

ordered_json case_json(const Context& context, const Call& call, const Case& c) {
  ordered_json j{{"summary", case_summary(context, call, c)}};
  for (const char* key : {"alerts", "tasks", "shared_with", "steps"}) j[key] = ordered_json::array();
  for (const std::string& id : c.alert_ids)
    if (const auto alert = find_alert(context, call.reader, id))
      j["alerts"].push_back(alert_summary(context, eyes(call), *alert));
  for (const cases::Task& t : c.tasks)
    j["tasks"].push_back({{"task_id", t.id},
                          {"text", t.text},
                          {"assignee", person_or_null(context, call, t.assignee)},
                          {"done", t.is_done},
                          {"at", format_rfc3339(t.at)}});
  for (const std::string& id : c.readers) j["shared_with"].push_back(person_json(context, call.organisation.id, id));
  for (const Step& s : c.steps) j["steps"].push_back(step_json(context, call, s));
  return j;
}

// Writes the step, or says why not.
std::optional<io::HttpResponse> step(Context& context, const Call& call, const Step& s) {
  for (const std::string& id : s.alert_ids)
    if (find_alert(context, call.reader, id) == nullptr)
      return problem(404, "not_found", "there is no such alert", "alert_ids");
  for (const std::string& id : s.users) {
    const auto user = context.directory->user(id);
    const bool is_colleague = user && !user->is_disabled && user->organisation_id == call.organisation.id;
    if (!is_colleague) return problem(400, "invalid", "this is nobody of your organisation", "users");
  }
  std::string why;
  const auto written = context.live->write([&]() -> Result<std::vector<journal::Entry>> {
    const std::shared_lock lock(context.books_mutex);
    const auto book = context.books.find(call.organisation.id);
    why = book == context.books.end() ? cases::CaseBook{}.refuse(s) : book->second.refuse(s);
    const Case* other =
        s.action == StepAction::merge && book != context.books.end() ? book->second.find(s.other) : nullptr;
    if (other != nullptr && !other->readers.contains(call.user.id)) why = "there is no such other open case";
    if (!why.empty()) return fail(ErrorCode::invalid_argument, why);
    return std::vector<journal::Entry>{
        journal::TextEntry{std::string(cases::kStepTopic), call.now, cases::to_text(s)}};
  });
  if (!why.empty()) return problem(409, "conflict", why);
  if (!written) return problem(written.error());
  return std::nullopt;
}

io::HttpResponse case_answer(Context& context, const Call& call, const std::string& id, int status) {
  const auto c = find_case(context, call, id);
  return c ? json_answer(case_json(context, call, *c), status) : no_case();
}

}  // namespace

io::HttpResponse list_cases(Context& context, const Call& call) {
  Reading in(call.query);
  const std::string state = in.word("state", {"open", "closed", "merged"});
  const std::size_t limit = in.count("limit", 1, limits::kPageRows, 100);
  const std::size_t skip = in.count("cursor", 0, 1'000'000'000, 0);
  if (!in.is_good()) return invalid(in);
  std::vector<Case> all;
  {
    const std::shared_lock lock(context.books_mutex);
    const auto book = context.books.find(call.organisation.id);
    if (book != context.books.end())
      for (const auto& [id, c] : book->second.cases())
        if (c.readers.contains(call.user.id) &&
            (state.empty() || state == cases::kCaseStateNames[static_cast<std::size_t>(c.state)]))
          all.push_back(c);
  }
  std::sort(all.begin(), all.end(),
            [](const Case& a, const Case& b) { return std::tie(b.changed_at, a.id) < std::tie(a.changed_at, b.id); });
  ordered_json j{{"items", ordered_json::array()}, {"next_cursor", nullptr}};
  for (std::size_t i = skip; i < all.size() && i < skip + limit; ++i)
    j["items"].push_back(case_summary(context, call, all[i]));
  if (all.size() > skip + limit) j["next_cursor"] = std::to_string(skip + limit);
  return json_answer(j);
}

io::HttpResponse get_case(Context& context, const Call& call) {
  Reading in(call.query);
  const std::string purpose = in.word("for", {"file"});
  if (!in.is_good()) return invalid(in);
  const auto c = find_case(context, call, call.path.at("caseId"));
  if (!c) return no_case();
  if (auto recorded = record(context, call, {"getCase", "case:" + c->id, purpose, {}, {}}); !recorded)
    return problem(recorded.error());
  return json_answer(case_json(context, call, *c));
}

io::HttpResponse open_case(Context& context, const Call& call) {
  Reading in(call.body, {"title", "alert_ids"});
  Step s;
  s.at = call.now;
  s.by = call.user.id;
  s.organisation = call.organisation.id;
  s.action = StepAction::open;
  s.title = in.text("title", 200, true);
  s.alert_ids = in.texts("alert_ids", limits::kDecisionsAtOnce, 32);
  if (!in.is_good()) return invalid(in);
  auto id = identity::random_id("c-");
  if (!id) return problem(id.error());
  s.case_id = std::move(*id);
  if (auto refused = step(context, call, s)) return std::move(*refused);
  return case_answer(context, call, s.case_id, 201);
}

io::HttpResponse step_case(Context& context, const Call& call) {
  const std::string& case_id = call.path.at("caseId");
  if (!find_case(context, call, case_id)) return no_case();
  Reading in(call.body,
             {"action", "alert_ids", "text", "reason", "assignee", "users", "task_id", "outcome", "other", "title"});
  const auto action = cases::find_step_action(in.text("action", 32, true));
  if (in.is_good() && (!action || *action == StepAction::open)) in.refuse("action", "there is no such action");
  Step s;
  s.at = call.now;
  s.by = call.user.id;
  s.organisation = call.organisation.id;
  s.case_id = case_id;
  s.action = action.value_or(StepAction::note);
  s.alert_ids = in.texts("alert_ids", limits::kDecisionsAtOnce, 32);
  s.text = in.text("text", limits::kCaseTextBytes);
  if (s.action == StepAction::close || s.action == StepAction::reopen) s.text = in.text("reason", limits::kReasonBytes);
  s.users = in.texts("users", 64, 18);
  if (const std::string assignee = in.id("assignee", 'u'); !assignee.empty()) s.users = {assignee};
  s.task_id = in.id("task_id", 't');
  s.outcome = in.text("outcome", 64);
  s.other = in.id("other", 'c');
  s.title = in.text("title", 200);
  if (!in.is_good()) return invalid(in);
  if (s.action == StepAction::add_task || s.action == StepAction::split) {
    auto id = identity::random_id(s.action == StepAction::split ? "c-" : "t-");
    if (!id) return problem(id.error());
    (s.action == StepAction::split ? s.other : s.task_id) = std::move(*id);
  }
  if (auto refused = step(context, call, s)) return std::move(*refused);
  return case_answer(context, call, case_id, 200);
}

}  // namespace quaywatch::api
