#include "api/case_steps.h"

#include <mutex>

#include "api/alert_pages.h"
#include "api/answer.h"
#include "api/case_pages.h"

namespace quaywatch::api {
namespace {

using cases::Case;
using cases::Step;
using cases::StepAction;

// Somebody who may act for the organisation.
bool is_of(const Context& context, const std::string& user_id, const std::string& organisation_id) {
  const auto user = context.directory->user(user_id);
  return user && !user->is_disabled && user->organisation_id == organisation_id;
}

// An alert of the case, or one that comes into it with the step, is about him.
bool may_not_know(const Context& context, const std::string& user_id, const Step& s) {
  const auto user = context.directory->user(user_id);
  const auto organisation = context.directory->organisation(user->organisation_id);
  const identity::Reader reader = reader_of(*user, *organisation);
  Case c;
  c.alert_ids = {s.alert_ids.begin(), s.alert_ids.end()};
  if (is_about(context, reader, c)) return true;
  const std::shared_lock lock(context.books_mutex);
  const auto book = context.books.find(cases::book_of(s));
  const Case* known = book == context.books.end() ? nullptr : book->second.find(s.case_id);
  return known != nullptr && is_about(context, reader, *known);
}

}  // namespace

Step step_of(const Call& call, const Case& c, StepAction action) {
  Step s;
  s.at = call.now;
  s.by = call.user.id;
  s.organisation = call.organisation.id;
  if (c.book != call.organisation.id) s.book = c.book;
  s.case_id = c.id;
  s.action = action;
  return s;
}

io::HttpResponse no_case() {
  return problem(404, "not_found", "there is no such case, or you were not let into it", "caseId");
}

std::string refuse_step(const Context& context, const Call& call, const Step& s) {
  const std::shared_lock lock(context.books_mutex);
  const auto book = context.books.find(cases::book_of(s));
  if (book == context.books.end()) return cases::CaseBook{}.refuse(s);
  const bool is_of_two = s.action == StepAction::merge || s.action == StepAction::undo_merge;
  const Case* other = is_of_two ? book->second.find(s.other) : nullptr;
  if (other != nullptr && !is_let_in(context, call.reader, *other))
    return s.action == StepAction::merge ? "there is no such other open case" : "you were not let into the other case";
  return book->second.refuse(s);
}

std::optional<io::HttpResponse> step(Context& context, const Call& call, const Step& s) {
  for (const std::string& id : s.alert_ids)
    if (find_alert(context, call.reader, id) == nullptr)
      return problem(404, "not_found", "there is no such alert", "alert_ids");
  if (!s.to.empty() && !context.directory->organisation(s.to))
    return problem(400, "invalid", "there is no such organisation", "organisation_id");
  const bool is_out = s.action == StepAction::hand_over;
  const std::string& organisation = is_out ? s.to : call.organisation.id;
  const char* const field = is_out ? "assignee" : "users";
  for (const std::string& id : s.users) {
    if (!is_of(context, id, organisation))
      return problem(400, "invalid",
                     is_out ? "this is nobody of that organisation" : "this is nobody of your organisation", field);
    if (may_not_know(context, id, s)) return problem(400, "invalid", "this user cannot be let into this case", field);
  }
  return write_unless(context, [&] { return refuse_step(context, call, s); },
                      {std::string(cases::kStepTopic), call.now, cases::to_text(s)});
}

io::HttpResponse case_answer(Context& context, const Call& call, const std::string& id, int status) {
  const auto c = find_case(context, call, id);
  return c ? json_answer(case_json(context, call, *c), status) : no_case();
}

}  // namespace quaywatch::api
