#include <algorithm>
#include <charconv>
#include <tuple>

#include "api/answer.h"
#include "api/alert_pages.h"
#include "api/case_pages.h"
#include "api/case_steps.h"
#include "api/handed_on.h"
#include "api/operations.h"
#include "base/limits_server.h"

namespace quaywatch::api {
namespace {

using nlohmann::ordered_json;
using cases::Case;
using cases::Step;
using cases::StepAction;

io::HttpResponse nothing() {
  io::HttpResponse answer;
  answer.status = 204;
  return answer;
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
    const auto is_wanted = [&](const Case& c) {
      return state.empty() || state == cases::kCaseStateNames[static_cast<std::size_t>(c.state)];
    };
    for (const auto& [organisation, book] : context.books)
      for (const auto& [id, c] : book.cases())
        if (may_read(context, call, c) && is_wanted(c)) all.push_back(c);
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
  const auto found = find_case(context, call, case_id);
  if (!found) return no_case();
  Reading in(call.body, {"action", "alert_ids", "text", "reason", "assignee", "users", "task_id", "outcome", "other",
                         "title", "organisation_id", "ends_reading", "feedback", "told", "told_how"});
  const auto action = cases::find_step_action(in.text("action", 32, true));
  // These have operations of their own.
  const bool is_elsewhere = action == StepAction::open || action == StepAction::attach ||
                            action == StepAction::remove_attachment;
  if (in.is_good() && (!action || is_elsewhere)) in.refuse("action", "there is no such action");
  Step s = step_of(call, *found, action.value_or(StepAction::note));
  s.alert_ids = in.texts("alert_ids", limits::kDecisionsAtOnce, 32);
  s.text = in.text("text", limits::kCaseTextBytes);
  std::string reason = in.text("reason", limits::kReasonBytes);
  if (s.action == StepAction::close || s.action == StepAction::reopen || cases::is_hop(s.action))
    s.text = std::move(reason);
  s.users = in.texts("users", 64, 18);
  if (const std::string assignee = in.id("assignee", 'u'); !assignee.empty()) s.users = {assignee};
  s.task_id = in.id("task_id", 't');
  s.outcome = in.word("outcome", cases::kOutcomes);
  s.other = in.id("other", 'c');
  s.title = in.text("title", 200);
  const bool is_offer = s.action == StepAction::hand_over;
  std::string to = in.id("organisation_id", 'o', is_offer);
  const bool ends_reading = in.flag("ends_reading").value_or(false);
  if (is_offer) s.to = std::move(to), s.ends_reading = ends_reading;
  std::string feedback = in.text("feedback", limits::kReasonBytes);
  std::string told_how = in.text("told_how", limits::kReasonBytes);
  const auto told = in.flag("told");
  if (s.action == StepAction::close) s.feedback = std::move(feedback), s.told = told, s.told_how = std::move(told_how);
  if (!in.is_good()) return invalid(in);
  if (s.action == StepAction::add_task || s.action == StepAction::split) {
    auto id = identity::random_id(s.action == StepAction::split ? "c-" : "t-");
    if (!id) return problem(id.error());
    (s.action == StepAction::split ? s.other : s.task_id) = std::move(*id);
  }
  if (auto refused = step(context, call, s)) return std::move(*refused);
  // Whoever refuses a case may not read it any more.
  if (s.action == StepAction::refuse && !find_case(context, call, case_id)) return nothing();
  return case_answer(context, call, case_id, 200);
}

// For those who read the case when it was given away, also where it is theirs to read no more.
io::HttpResponse list_handed_on(Context& context, const Call& call) {
  Reading in(call.query);
  const std::size_t limit = in.count("limit", 1, limits::kPageRows, 100);
  const std::size_t skip = in.count("cursor", 0, 1'000'000'000, 0);
  if (!in.is_good()) return invalid(in);
  std::vector<HandedOn> all;
  {
    const std::shared_lock lock(context.books_mutex);
    for (const auto& [organisation, book] : context.books)
      for (const auto& [id, c] : book.cases())
        if (auto known = handed_on(context, call.reader, call.organisation.id, book, c))
          all.push_back(std::move(*known));
  }
  std::sort(all.begin(), all.end(), [](const HandedOn& a, const HandedOn& b) {
    return std::tie(b.changed_at, a.case_id) < std::tie(a.changed_at, b.case_id);
  });
  ordered_json j{{"items", ordered_json::array()}, {"next_cursor", nullptr}};
  for (std::size_t i = skip; i < all.size() && i < skip + limit; ++i)
    j["items"].push_back(handed_on_json(context, all[i]));
  if (all.size() > skip + limit) j["next_cursor"] = std::to_string(skip + limit);
  return json_answer(j);
}

io::HttpResponse list_desks(Context& context, const Call& call) {
  const auto users = context.directory->users();
  const auto has_officer = [&](const identity::Organisation& o) {
    return std::any_of(users.begin(), users.end(), [&](const identity::User& u) {
      return u.organisation_id == o.id && u.has(identity::Role::officer) && !u.is_disabled;
    });
  };
  ordered_json j{{"items", ordered_json::array()}};
  for (const identity::Organisation& o : context.directory->organisations())
    if (o.id != call.organisation.id && has_officer(o)) j["items"].push_back(desk_json(context, o.id));
  return json_answer(j);
}

}  // namespace quaywatch::api
