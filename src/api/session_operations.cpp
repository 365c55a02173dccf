#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "api/answer.h"
#include "api/operations.h"
#include "api/parameters.h"
#include "api/words_json.h"
#include "base/limits_server.h"
#include "base/text.h"

namespace quaywatch::api {
namespace {

using nlohmann::ordered_json;

ordered_json session_json(const Context& context, const identity::User& user, const identity::Session& session) {
  const auto organisation = context.directory->organisation(user.organisation_id);
  ordered_json j;
  j["user"] = {{"id", user.id}, {"login", user.login}, {"name", user.name}};
  j["roles"] = role_names(user.roles);
  j["organisation"] = organisation_json(organisation.value_or(identity::Organisation{}));
  j["must_change_password"] = user.must_change_password;
  j["totp_enrolled"] = user.is_totp_enrolled;
  j["must_enrol_totp"] = must_enrol_totp(context, user);
  j["csrf_token"] = session.csrf_token;
  j["idle_expires_at"] = format_rfc3339(identity::idle_end(session));
  j["expires_at"] = format_rfc3339(identity::absolute_end(session));
  return j;
}

std::string cookie_text(const io::HttpRequest& request, const std::string& token, std::int64_t seconds) {
  return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age={}{}", session_cookie(request), token, seconds,
                     request.is_secure ? "; Secure" : "");
}

void end_session(Context& context, const std::string& token) {
  context.sessions.end(token);
  context.hub.drop_unless([&](const EventHub::Reading& r) { return r.token != token; });
}

void drop_ended(Context& context, const Call& call) {
  context.hub.drop_unless([&](const EventHub::Reading& r) { return context.sessions.is_valid(r.token, call.now); });
}

// After a change of what one signs in with.
void end_other_sessions(Context& context, const Call& call) {
  context.sessions.end_all_of(call.user.id, call.token);
  drop_ended(context, call);
}

// As done by the user of the attempt, who has no session yet.
Result<void> record_sign_in(Context& context, const Call& call, const identity::User& user,
                            const identity::Organisation& organisation, std::string detail) {
  const Call known{call.http, call.now, {}, {}, {}, {}, {}, user, organisation, reader_of(user, organisation)};
  return record(context, known, {"signIn", {}, std::move(detail), {}, {}});
}

// Why an attempt with password and code lets nobody in; nullopt: it does.
std::optional<io::HttpResponse> refuse(const identity::SignIn& done, Timestamp now) {
  using enum identity::SignIn::Outcome;
  if (done.outcome == locked) {
    io::HttpResponse answer = problem(429, "locked", "too many wrong attempts; try again later");
    answer.headers.emplace_back("Retry-After", fmt::format("{}", (done.locked_until - now).whole_seconds() + 1));
    return answer;
  }
  if (done.outcome == totp_required) return problem(401, "totp_required", "give the code of the second factor as totp");
  if (done.outcome == run_out)
    return problem(401, "one_time_password_ran_out",
                   "this one-time password ran out; ask an administrator for another, or make one on the machine: "
                   "quaywatch reset-password LOGIN");
  if (done.outcome == wrong) return problem(401, "wrong_credentials", "login, password or code are wrong");
  return std::nullopt;
}

// Whoever finds an open session must not do with it what ends or replaces others. nullopt: it is the user.
std::optional<io::HttpResponse> refuse_again(Context& context, const Call& call, const char* operation,
                                             const std::string& password, const std::string& totp) {
  const identity::SignIn done = context.directory->sign_in(call.user.login, password, totp, call.now);
  if (done.outcome == identity::SignIn::Outcome::wrong) {
    [[maybe_unused]] const auto recorded = record(context, call, {operation, {}, "refused", {}, {}});
    return problem(400, "invalid", "the password, or the code of the present second factor, is wrong", "password");
  }
  return refuse(done, call.now);
}

// What the client says it is, bounded and as text.
std::string client_of(const io::HttpRequest& request) {
  constexpr std::size_t kMost = 200;
  const std::string_view named = request.header("user-agent").substr(0, kMost);
  return is_valid_utf8(named) ? std::string(named) : std::string();
}

ordered_json own_sessions_json(const Context& context, const Call& call) {
  ordered_json j{{"items", ordered_json::array()}};
  for (const identity::OwnSession& own : context.sessions.list_of(call.user.id, call.token, call.now))
    j["items"].push_back({{"session_id", own.id},
                          {"is_current", own.is_current},
                          {"client", own.session.client},
                          {"begun_at", format_rfc3339(own.session.begun)},
                          {"last_used_at", format_rfc3339(own.session.last_used)}});
  return j;
}

// The session as it is after a change of the user.
io::HttpResponse session_answer(Context& context, const Call& call) {
  const auto user = context.directory->user(call.user.id);
  return json_answer(session_json(context, user.value_or(call.user), call.session));
}

}  // namespace

io::HttpResponse sign_in(Context& context, const Call& call) {
  Reading in(call.body, {"login", "password", "totp"});
  const std::string login = in.text("login", 64, true), password = in.text("password", 256, true);
  const std::string totp = in.text("totp", 6, false, 6);
  if (!in.is_good()) return invalid(in);
  if (!context.live->is_ready())
    return problem(503, "not_ready", "the journal is being read; try again in a moment");
  const identity::SignIn done = context.directory->sign_in(login, password, totp, call.now);
  const auto user = context.directory->user(done.user_id);
  const auto organisation = user ? context.directory->organisation(user->organisation_id) : std::nullopt;
  const bool is_known = user && organisation;
  // At most as many as lock the account, so nobody fills the journal with them.
  if (done.outcome == identity::SignIn::Outcome::wrong && is_known)
    [[maybe_unused]] const auto recorded = record_sign_in(context, call, *user, *organisation, "refused");
  if (auto refused = refuse(done, call.now)) return std::move(*refused);
  if (!is_known) return problem(401, "wrong_credentials", "login, password or code are wrong");
  if (auto recorded = record_sign_in(context, call, *user, *organisation, {}); !recorded)
    return problem(recorded.error());
  const auto token = context.sessions.begin(user->id, call.now, client_of(call.http));
  if (!token) return problem(token.error());
  if (!call.token.empty()) end_session(context, call.token);  // the browser forgets it with the new cookie
  const auto session = context.sessions.use(*token, call.now);
  if (!session) return problem(500, "internal", "the session could not be begun");
  io::HttpResponse answer = json_answer(session_json(context, *user, *session));
  answer.headers.emplace_back(
      "Set-Cookie", cookie_text(call.http, *token, limits::kSessionAbsolute.whole_seconds()));
  return answer;
}

io::HttpResponse get_session(Context& context, const Call& call) {
  return session_answer(context, call);
}

io::HttpResponse sign_out(Context& context, const Call& call) {
  end_session(context, call.token);
  if (auto recorded = record(context, call, {"signOut", {}, {}, {}, {}}); !recorded) return problem(recorded.error());
  io::HttpResponse answer;
  answer.status = 204;
  answer.headers.emplace_back("Set-Cookie", cookie_text(call.http, "", 0));
  return answer;
}

io::HttpResponse change_password(Context& context, const Call& call) {
  Reading in(call.body, {"current", "new"});
  const std::string current = in.text("current", 256, true), wanted = in.text("new", 256, true, 12);
  if (!in.is_good()) return invalid(in);
  const auto is_refused = context.is_refused_password(wanted);
  if (!is_refused) return problem(500, "internal", is_refused.error().message);
  if (*is_refused)
    return problem(400, "invalid", "this password is on the site's list of those that are tried first; take another",
                   "new");
  if (auto changed = context.directory->set_password(call.user.id, current, wanted, call.now); !changed)
    return problem(changed.error());
  end_other_sessions(context, call);
  if (auto recorded = record(context, call, {"changePassword", {}, {}, {}, {}}); !recorded)
    return problem(recorded.error());
  return session_answer(context, call);
}

io::HttpResponse start_totp(Context& context, const Call& call) {
  Reading in(call.body, {"password", "totp"});
  const std::string password = in.text("password", 256, true), totp = in.text("totp", 6, false, 6);
  if (!in.is_good()) return invalid(in);
  if (auto refused = refuse_again(context, call, "startTotp", password, totp)) return std::move(*refused);
  const auto secret = context.directory->start_totp(call.user.id);
  if (!secret) return problem(secret.error());
  return json_answer({{"secret", *secret},
                      {"uri", fmt::format("otpauth://totp/Quaywatch:{}?secret={}&issuer=Quaywatch", call.user.login,
                                          *secret)}});
}

io::HttpResponse confirm_totp(Context& context, const Call& call) {
  Reading in(call.body, {"code"});
  const std::string code = in.text("code", 6, true, 6);
  if (!in.is_good()) return invalid(in);
  if (auto confirmed = context.directory->confirm_totp(call.user.id, code, call.now); !confirmed)
    return problem(confirmed.error());
  end_other_sessions(context, call);
  if (auto recorded = record(context, call, {"confirmTotp", {}, {}, {}, {}}); !recorded)
    return problem(recorded.error());
  return session_answer(context, call);
}

io::HttpResponse list_sessions(Context& context, const Call& call) {
  return json_answer(own_sessions_json(context, call));
}

io::HttpResponse end_sessions(Context& context, const Call& call) {
  Reading in(call.body, {"session_ids", "password", "totp"});
  const std::vector<std::string> ids = in.texts("session_ids", limits::kSessionsPerUser, 18, true);
  const std::string password = in.text("password", 256, true), totp = in.text("totp", 6, false, 6);
  if (!std::all_of(ids.begin(), ids.end(), [](const std::string& id) { return is_id(id, 's'); }))
    in.refuse("session_ids", "'session_ids' are such as listSessions gives");
  if (!in.is_good()) return invalid(in);
  if (auto refused = refuse_again(context, call, "endSessions", password, totp)) return std::move(*refused);
  const std::size_t ended = context.sessions.end_of(call.user.id, ids, call.token);
  drop_ended(context, call);
  if (auto recorded = record(context, call, {"endSessions", {}, fmt::format("{}", ended), {}, {}}); !recorded)
    return problem(recorded.error());
  return json_answer(own_sessions_json(context, call));
}

}  // namespace quaywatch::api
