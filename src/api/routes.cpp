#include "api/routes.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>

#include "api/answer.h"
#include "api/operations.h"
#include "api/parameters.h"
#include "base/limits_server.h"
#include "base/text.h"
#include "identity/secrets.h"

namespace quaywatch::api {
namespace {

constexpr std::size_t kFirstBytes = 16;  // what media_type_of looks at

constexpr Route kRoutes[] = {
    {"getHealth", "GET", "/health", kAnyone, Body::none, get_health},
    {"getReadiness", "GET", "/ready", kAnyone, Body::none, get_readiness},
    {"getMetrics", "GET", "/metrics", kAdministrator | kAuditor | kLoopback, Body::none, get_metrics},
    {"getOpenApi", "GET", "/api/openapi.json", kAnyone, Body::none, get_open_api},
    {"getService", "GET", "/api/service", kAdministrator | kOfficer | kAuditor, Body::none, get_service},
    {"signIn", "POST", "/api/session", kAnyone, Body::json, sign_in},
    {"getSession", "GET", "/api/session", kEverybody, Body::none, get_session, After::sign_in},
    {"signOut", "DELETE", "/api/session", kEverybody, Body::none, sign_out, After::sign_in},
    {"changePassword", "PUT", "/api/session/password", kEverybody, Body::json, change_password, After::sign_in},
    {"startTotp", "POST", "/api/session/totp", kEverybody, Body::json, start_totp, After::password},
    {"confirmTotp", "PUT", "/api/session/totp", kEverybody, Body::json, confirm_totp, After::password},
    {"listSessions", "GET", "/api/sessions", kEverybody, Body::none, list_sessions},
    {"endSessions", "POST", "/api/sessions/ending", kEverybody, Body::json, end_sessions},
    {"listAlerts", "GET", "/api/alerts", kReaders, Body::none, list_alerts},
    {"decideAlerts", "POST", "/api/alerts/decisions", kOfficer, Body::json, decide_alerts},
    {"getAlert", "GET", "/api/alerts/{alertId}", kReaders, Body::none, get_alert},
    {"decideAlert", "POST", "/api/alerts/{alertId}/decisions", kOfficer, Body::json, decide_alert},
    {"undoDecision", "POST", "/api/decisions/{decisionId}/undo", kOfficer, Body::none, undo_decision},
    {"undoDecisions", "POST", "/api/alerts/decisions/undo", kOfficer, Body::json, undo_decisions},
    {"acknowledgeAlert", "POST", "/api/alerts/{alertId}/acknowledgement", kOfficer, Body::none, acknowledge_alert},
    {"listHoldReceivers", "GET", "/api/alerts/{alertId}/hold-receivers", kOfficer, Body::none, list_hold_receivers},
    {"requestHold", "POST", "/api/alerts/{alertId}/holds", kOfficer, Body::json, request_hold},
    {"listGateHolds", "GET", "/api/gate/holds", kGate, Body::none, list_gate_holds},
    {"readGateHold", "POST", "/api/gate/holds/{holdId}/readings", kGate, Body::none, read_gate_hold},
    {"answerGateHold", "POST", "/api/gate/holds/{holdId}/answer", kGate, Body::json, answer_gate_hold},
    {"answerHold", "POST", "/api/holds/{holdId}/answer", kOfficer, Body::json, answer_hold},
    {"streamEvents", "GET", "/api/events", kReaders, Body::none, stream_events},
    {"getTimeline", "GET", "/api/timelines/{kind}/{key}", kReaders, Body::none, get_timeline},
    {"searchSubjects", "GET", "/api/search", kReaders, Body::none, search_subjects},
    {"getMap", "GET", "/api/map", kReaders, Body::none, get_map},
    {"getMapState", "GET", "/api/map/state", kReaders, Body::none, get_map_state},
    {"getMapFeature", "GET", "/api/map/features/{featureId}", kReaders, Body::none, get_map_feature},
    {"listFeeds", "GET", "/api/feeds", kReaders | kAuditor, Body::none, list_feeds},
    {"listRejects", "GET", "/api/feeds/rejects", kOfficer, Body::none, list_rejects},
    {"retryRejects", "POST", "/api/feeds/rejects/retry", kOfficer, Body::json, retry_rejects},
    {"takeEvents", "POST", "/api/intake/events", kFeeder | kOfficer, Body::events, take_events},
    {"getCoverage", "GET", "/api/coverage", kReaders | kAuditor, Body::none, get_coverage},
    {"listRules", "GET", "/api/rules", kReaders | kAuditor, Body::none, list_rules},
    {"getRule", "GET", "/api/rules/{ruleId}", kReaders | kAuditor, Body::none, get_rule},
    {"listRuleSets", "GET", "/api/rule-sets", kReaders | kAuditor, Body::none, list_rule_sets},
    {"proposeRuleSet", "POST", "/api/rule-sets", kOfficer, Body::large, propose_rule_set},
    {"checkRuleSet", "POST", "/api/rule-sets/checks", kOfficer, Body::large, check_rule_set},
    {"startBacktest", "POST", "/api/rule-sets/backtests", kOfficer, Body::large, start_backtest},
    {"getBacktest", "GET", "/api/rule-sets/backtests/{backtestId}", kOfficer, Body::none, get_backtest},
    {"cancelBacktest", "DELETE", "/api/rule-sets/backtests/{backtestId}", kOfficer, Body::none, cancel_backtest},
    {"getRuleSet", "GET", "/api/rule-sets/{version}", kReaders | kAuditor, Body::none, get_rule_set},
    {"decideRuleSet", "POST", "/api/rule-sets/{version}/decisions", kOfficer, Body::json, decide_rule_set},
    {"recordAgreement", "POST", "/api/agreements", kOfficer, Body::json, record_agreement},
    {"decideAgreement", "POST", "/api/agreements/{number}/decisions", kOfficer, Body::json, decide_agreement},
    {"getKpis", "GET", "/api/kpis", kReaders | kAuditor, Body::none, get_kpis},
    {"getLegalDocument", "GET", "/api/legal/{document}", kReaders | kAuditor, Body::none, get_legal_document},
    {"listSubjectRequests", "GET", "/api/subject-requests", kAuditor, Body::none, list_subject_requests},
    {"openSubjectRequest", "POST", "/api/subject-requests", kAuditor, Body::json, open_subject_request},
    {"getSubjectRequest", "GET", "/api/subject-requests/{requestId}", kAuditor, Body::none, get_subject_request},
    {"stepSubjectRequest", "POST", "/api/subject-requests/{requestId}/steps", kAuditor, Body::json,
     step_subject_request},
    {"readSubjectFile", "POST", "/api/subject-requests/{requestId}/files", kAuditor, Body::json, read_subject_file},
    {"listCases", "GET", "/api/cases", kReaders, Body::none, list_cases},
    {"openCase", "POST", "/api/cases", kOfficer, Body::json, open_case},
    {"getCase", "GET", "/api/cases/{caseId}", kReaders, Body::none, get_case},
    {"stepCase", "POST", "/api/cases/{caseId}/steps", kOfficer, Body::json, step_case},
    {"addAttachment", "POST", "/api/cases/{caseId}/attachments", kOfficer, Body::file, add_attachment},
    {"getAttachment", "GET", "/api/cases/{caseId}/attachments/{attachmentId}", kReaders, Body::none, get_attachment},
    {"removeAttachment", "POST", "/api/cases/{caseId}/attachments/{attachmentId}/removal", kOfficer, Body::json,
     remove_attachment},
    {"listUnmaskings", "GET", "/api/unmaskings", kOfficer | kAuditor, Body::none, list_unmaskings},
    {"requestUnmasking", "POST", "/api/unmaskings", kOfficer, Body::json, request_unmasking},
    {"breakGlass", "POST", "/api/broken-glass", kOfficer, Body::json, break_glass},
    {"decideUnmasking", "POST", "/api/unmaskings/{unmaskingId}/decision", kOfficer, Body::json, decide_unmasking},
    {"reviewBrokenGlass", "POST", "/api/unmaskings/{unmaskingId}/review", kOfficer | kAuditor, Body::json,
     review_broken_glass},
    {"readUnmasked", "POST", "/api/unmaskings/{unmaskingId}/readings", kOfficer, Body::none, read_unmasked},
    {"listHandedOn", "GET", "/api/handed-on", kReaders, Body::none, list_handed_on},
    {"listDesks", "GET", "/api/desks", kReaders, Body::none, list_desks},
    {"listColleagues", "GET", "/api/colleagues", kReaders, Body::none, list_colleagues},
    {"listUsers", "GET", "/api/users", kAdministrator, Body::none, list_users},
    {"createUser", "POST", "/api/users", kAdministrator, Body::json, create_user},
    {"changeUser", "PATCH", "/api/users/{userId}", kAdministrator, Body::json, change_user},
    {"listOrganisations", "GET", "/api/organisations", kAdministrator, Body::none, list_organisations},
    {"createOrganisation", "POST", "/api/organisations", kAdministrator, Body::json, create_organisation},
    {"changeOrganisation", "PATCH", "/api/organisations/{organisationId}", kAdministrator, Body::json,
     change_organisation},
    {"listAudit", "GET", "/api/audit", kAuditor, Body::none, list_audit},
};

// The parameters when the path is the template's; nullopt: it is not.
std::optional<std::map<std::string, std::string>> match(std::string_view path_template, std::string_view path) {
  const auto wanted = split(path_template, '/'), given = split(path, '/');
  if (wanted.size() != given.size()) return std::nullopt;
  std::map<std::string, std::string> out;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const bool is_parameter = wanted[i].starts_with('{');
    if (!is_parameter && wanted[i] != given[i]) return std::nullopt;
    if (!is_parameter) continue;
    const auto value = percent_decoded(given[i]);
    if (!value || value->empty()) return std::nullopt;
    out[std::string(wanted[i].substr(1, wanted[i].size() - 2))] = *value;
  }
  return out;
}

std::string_view media_type(const io::HttpRequest& request) {
  const std::string_view type = request.header("content-type");
  return trim(type.substr(0, type.find(';')));
}

// Who calls; a call without a user when there is no valid session.
void find_caller(Context& context, Call& call) {
  call.token = cookie(call.http.header("cookie"), session_cookie(call.http));
  if (call.token.empty()) return;
  const auto session = context.sessions.use(call.token, call.now);
  if (!session) return;
  const auto user = context.directory->user(session->user_id);
  const auto organisation = user ? context.directory->organisation(user->organisation_id) : std::nullopt;
  if (!user || user->is_disabled || !organisation) return;
  call.session = *session;
  call.user = *user;
  call.organisation = *organisation;
  call.reader = reader_of(*user, *organisation);
}

// A program on this machine, or one that knows the token. A proxy here connects from this machine for everybody.
bool is_watcher(const Context& context, const io::HttpRequest& http) {
  if (!context.metrics_token.empty())
    return identity::equal_in_constant_time(http.header("authorization"), "Bearer " + context.metrics_token);
  constexpr std::string_view kOfProxies[] = {"forwarded", "x-forwarded-for", "x-real-ip", "via"};
  const auto is_passed_on = [&](std::string_view name) { return !http.header(name).empty(); };
  return http.is_loopback && !context.is_behind_proxy &&
         std::none_of(std::begin(kOfProxies), std::end(kOfProxies), is_passed_on);
}

// Why the caller may not; nullopt: he may.
std::optional<io::HttpResponse> refuse(const Context& context, const Route& route, const Call& call) {
  if ((route.access & kAnyone) != 0) return std::nullopt;
  if ((route.access & kLoopback) != 0 && is_watcher(context, call.http)) return std::nullopt;
  if (call.user.id.empty()) return problem(401, "not_signed_in", "sign in first: POST /api/session");
  if (route.needs_csrf() && call.http.header("x-csrf-token") != call.session.csrf_token)
    return problem(403, "csrf", "the header X-CSRF-Token must hold the csrf_token of the session");
  if (call.user.must_change_password && route.after > After::sign_in)
    return problem(403, "must_change_password", "change the one-time password first: PUT /api/session/password");
  if (must_enrol_totp(context, call.user) && route.after > After::password)
    return problem(403, "must_enrol_totp", "set up a second factor first: POST /api/session/totp");
  if ((route.access & identity::bits(call.user.roles)) == 0)
    return problem(403, "forbidden", "none of your roles may do this; ask an administrator of your organisation");
  return std::nullopt;
}

// Reads the JSON body; a page of another site can send forms and plain text, never JSON.
std::optional<io::HttpResponse> take_body(const Route& route, Call& call) {
  if (route.body != Body::json && route.body != Body::large) return std::nullopt;
  if (media_type(call.http) != "application/json")
    return problem(415, "wrong_type", "the body is JSON, with Content-Type: application/json");
  std::size_t depth = 0;
  bool is_too_deep = false;
  const auto watch = [&](int level, nlohmann::json::parse_event_t, nlohmann::json&) {
    depth = std::max(depth, static_cast<std::size_t>(std::max(level, 0)));
    is_too_deep |= depth > limits::kJsonBodyDepth;
    return !is_too_deep;
  };
  call.body = nlohmann::json::parse(call.http.body, watch, false);
  if (call.body.is_discarded() || is_too_deep)
    return problem(400, "invalid",
                   fmt::format("the body is no JSON document of at most {} levels", limits::kJsonBodyDepth));
  return std::nullopt;
}

// Machines that deliver are held back by the journal, what watches from here not at all. Behind a proxy all come from
// one address.
bool is_throttled(const Context& context, const Route& route, const Call& call) {
  if (route.body == Body::events) return false;
  if ((route.access & kAnyone) != 0)
    return route.method != "GET" && !(context.is_behind_proxy && call.http.is_loopback);
  return !call.user.id.empty();
}

std::optional<io::HttpResponse> throttle(Context& context, const Route& route, const Call& call) {
  if (!is_throttled(context, route, call)) return std::nullopt;
  const bool is_anyone = (route.access & kAnyone) != 0;
  const auto [wait, is_first] = is_anyone ? context.sign_ins.take(io::network_of(call.http.peer), call.now)
                                          : context.requests.take(call.user.id, call.now);
  if (wait.us == 0) return std::nullopt;
  const Use use{std::string(route.operation), {}, "too many requests", {}, {}};
  if (is_first && !is_anyone && context.live->is_ready())
    [[maybe_unused]] const auto recorded = record(context, call, use);
  const std::int64_t seconds = (wait.us + 999'999) / 1'000'000;
  auto out = problem(429, "too_many_requests",
                     is_anyone ? fmt::format("too many sign-ins from this address; try again in {} s", seconds)
                               : fmt::format("too many requests of this user; try again in {} s", seconds));
  out.headers.emplace_back("Retry-After", std::to_string(seconds));
  return out;
}

// Finds who calls. Why he may not; nullopt: he may.
std::optional<io::HttpResponse> admit(Context& context, const Route& route, Call& call) {
  find_caller(context, call);
  if (auto refused = throttle(context, route, call)) return refused;
  if (auto refused = refuse(context, route, call)) {
    // Who asks for what he may not do is on record.
    const Use use{std::string(route.operation), {}, "refused", {}, {}};
    if (refused->status == 403 && context.live->is_ready())
      [[maybe_unused]] const auto recorded = record(context, call, use);
    return refused;
  }
  const bool needs_engine = (route.access & (kAnyone | kLoopback)) == 0;
  if (needs_engine && !context.live->is_ready())
    return problem(503, "not_ready", "the journal is being read; try again in a moment");
  return std::nullopt;
}

io::HttpResponse answer_route(Context& context, const Route& route, Call& call) {
  if (auto refused = admit(context, route, call)) return std::move(*refused);
  if (auto refused = take_body(route, call)) return std::move(*refused);
  return route.run(context, call);
}

Call call_of(const io::HttpRequest& request, Timestamp now, std::map<std::string, std::string> parameters,
             const Target& target) {
  return {request, now, std::move(parameters), target.query, nlohmann::json(nlohmann::json::value_t::discarded),
          {},      {},  {},                    {},           {}};
}

// The path of a route whose body is a file. Throws what its operation throws.
void begin_reception(Context& context, const Route& route, Call& call, io::HttpReception& out) {
  if ((out.refusal = admit(context, route, call))) return;
  auto upload = begin_attachment(context, call);
  if (!upload) {
    out.refusal = std::move(upload.error());
    return;
  }
  out.take = [upload = *upload](std::string_view block) -> std::optional<io::HttpResponse> {
    if (upload->first_bytes.size() < kFirstBytes)
      upload->first_bytes.append(block.substr(0, kFirstBytes - upload->first_bytes.size()));
    if (upload->writer.append(block)) return std::nullopt;
    return problem(503, "journal_full", "the disk of the server is full or fails; nothing of the file was kept");
  };
  out.finish = [&context, upload = *upload](const io::HttpRequest& request) {
    return answer(context, request, context.now(), upload);
  };
}

}  // namespace

std::span<const Route> routes() {
  return kRoutes;
}

bool is_of_interface(std::string_view path) {
  return path == "/health" || path == "/ready" || path == "/metrics" || path == "/api" || path.starts_with("/api/");
}

std::size_t body_limit(const io::HttpRequest& request) {
  const std::string_view path = std::string_view(request.target).substr(0, request.target.find('?'));
  const bool is_large = std::any_of(std::begin(kRoutes), std::end(kRoutes), [&](const Route& route) {
    return (route.body == Body::large || route.body == Body::events) && route.method == request.method &&
           route.path == path;
  });
  return is_large && !request.header("cookie").empty() ? limits::kHttpIntakeBytes : limits::kHttpBodyBytes;
}

std::optional<io::HttpReception> receive(Context& context, const io::HttpRequest& request, Timestamp now) {
  const auto target = parse_target(request.target);
  if (!target) return std::nullopt;
  for (const Route& route : kRoutes) {
    if (route.body != Body::file || route.method != request.method) continue;
    auto parameters = match(route.path, target->path);
    if (!parameters) continue;
    Call call = call_of(request, now, std::move(*parameters), *target);
    io::HttpReception out{limits::kAttachmentBytes};
    try {
      begin_reception(context, route, call, out);
    } catch (const std::exception& e) {
      out.refusal = problem(500, "internal", fmt::format("{}: {}", route.operation, e.what()));
    }
    return out;
  }
  return std::nullopt;
}

io::HttpResponse answer(Context& context, const io::HttpRequest& request, Timestamp now,
                        std::shared_ptr<Upload> upload) {
  const auto target = parse_target(request.target);
  if (!target) return problem(400, "invalid", "the address holds bytes that no address of this server has");
  std::string allowed;
  for (const Route& route : kRoutes) {
    auto parameters = match(route.path, target->path);
    if (!parameters) continue;
    if (route.method != request.method) {
      allowed += (allowed.empty() ? "" : ", ") + std::string(route.method);
      continue;
    }
    Call call = call_of(request, now, std::move(*parameters), *target);
    call.upload = std::move(upload);
    try {
      return answer_route(context, route, call);
    } catch (const std::exception& e) {
      return problem(500, "internal", fmt::format("{}: {}", route.operation, e.what()));
    }
  }
  if (allowed.empty()) return problem(404, "not_found", "there is no such address; GET /api/openapi.json names all");
  io::HttpResponse out = problem(405, "invalid", fmt::format("this address takes {}", allowed));
  out.headers.emplace_back("Allow", allowed);
  return out;
}

}  // namespace quaywatch::api
