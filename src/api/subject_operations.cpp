#include <algorithm>
#include <mutex>
#include <utility>

#include "api/answer.h"
#include "api/operations.h"
#include "api/parameters.h"
#include "api/subject_gathering.h"
#include "api/subject_pages.h"
#include "base/language.h"
#include "base/limits_server.h"
#include "base/named.h"
#include "base/sha256.h"
#include "base/text.h"

namespace quaywatch::api {
namespace {

using nlohmann::ordered_json;
using legal::RequestAction;
using legal::RequestDecision;
using legal::RequestKind;
using legal::RequestStep;
using legal::SubjectRequest;

constexpr std::size_t kToldApart = 4;  // squeezed bytes: shorter values stand in many words

struct ClassMember {
  const char* member;  // of the body
  PersonalClass personal;
};
constexpr ClassMember kClassMembers[] = {{"accounts", PersonalClass::account},
                                         {"credentials", PersonalClass::credential},
                                         {"persons", PersonalClass::person},
                                         {"plates", PersonalClass::plate}};

io::HttpResponse no_request() {
  return problem(404, "not_found", "there is no such request", "requestId");
}

std::string read_words(Reading& in, const char* name, bool is_needed, std::size_t at_least = 1) {
  return in.text(name, limits::kReasonBytes, is_needed, at_least);
}

// --- opening --------------------------------------------------------------------------------------------------------

// A text that is kept must not hold what the person gave, whatever it is written with.
void refuse_clear(Reading& in, const char* name, const std::string& text, const std::vector<std::string>& clear) {
  const std::string kept = squeeze(text);
  const auto holds = [&](const std::string& value) {
    const std::string wanted = squeeze(value);
    return wanted.size() >= kToldApart && kept.find(wanted) != std::string::npos;
  };
  if (std::any_of(clear.begin(), clear.end(), holds))
    in.refuse(name, "this holds what the person is known by, and is kept in clear; leave it out");
}

// Pseudonyms of what the person gave, which goes no further than this.
std::vector<legal::Identifier> read_identifiers(Context& context, Reading& in, std::vector<std::string>& clear) {
  std::vector<legal::Identifier> out;
  for (const ClassMember& m : kClassMembers) {
    for (const std::string& value :
         in.texts(m.member, limits::kSubjectIdentifiers, limits::kSubjectIdentifierBytes)) {
      const std::string clean(trim(value));
      std::string pseudonym = squeeze(clean).empty() ? clean : context.live->shown(m.personal, clean);
      // Blank, or the word that stands for no value: that is nobody.
      if (pseudonym == clean) in.refuse(m.member, "this is nothing that a person is known by");
      clear.push_back(value);
      out.push_back({m.personal, std::move(pseudonym)});
    }
  }
  if (in.is_good() && (out.empty() || out.size() > limits::kSubjectIdentifiers))
    in.refuse("accounts", "one to eight accounts, credentials, persons or plates are needed");
  return out;
}

RequestKind read_kind(Reading& in) {
  const std::string word = in.word("kind", legal::kRequestKindNames, true);
  return find_named<RequestKind>(legal::kRequestKindNames, word).value_or(RequestKind::access);
}

Timestamp read_received(Reading& in) {
  const auto day = legal::read_day(in.text("received_on", 10, true));
  if (in.is_good() && !day) in.refuse("received_on", "a day is written as 2026-11-03");
  return day.value_or(Timestamp{});
}

RequestStep step_of(const Call& call, const std::string& id, RequestAction action) {
  RequestStep s;
  s.at = call.now;
  s.by = call.user.id;
  s.organisation = call.organisation.id;
  s.request_id = id;
  s.action = action;
  return s;
}

RequestStep read_open(Context& context, const Call& call, Reading& in) {
  RequestStep s = step_of(call, {}, RequestAction::open);
  s.kind = read_kind(in);
  s.received_on = read_received(in);
  s.identity_check = read_words(in, "identity_check", true, limits::kSubjectWordsLeast);
  s.words = read_words(in, "words", false);
  s.right = read_words(in, "right", false);
  std::vector<std::string> clear;
  s.identifiers = read_identifiers(context, in, clear);
  refuse_clear(in, "identity_check", s.identity_check, clear);
  refuse_clear(in, "words", s.words, clear);
  refuse_clear(in, "right", s.right, clear);
  return s;
}

// --- writing --------------------------------------------------------------------------------------------------------

// Writes the step, or says why not.
std::optional<io::HttpResponse> write_step(Context& context, const RequestStep& step) {
  const auto refuse = [&] {
    const std::shared_lock lock(context.books_mutex);
    return context.subject_requests.refuse(step);
  };
  return write_unless(context, refuse, {std::string(legal::kSubjectRequestTopic), step.at, legal::to_text(step)});
}

std::optional<SubjectRequest> find_for(const Context& context, const Call& call, const std::string& id) {
  return find_subject_request(context, call.reader, call.organisation.id, id);
}

io::HttpResponse request_answer(const Context& context, const Call& call, const std::string& id, int status) {
  const auto found = find_for(context, call, id);
  return found ? json_answer(subject_request_json(context, call, *found), status) : no_request();
}

// --- steps ----------------------------------------------------------------------------------------------------------

void read_answer(const Context& context, const Call& call, const SubjectRequest& request, Reading& in,
                 RequestStep& s) {
  const std::string word = in.word("decision", legal::kRequestDecisionNames, true);
  s.given = read_words(in, "given", true);
  s.sha256 = in.text("sha256", 64, false, 64);
  if (!in.is_good()) return;
  s.decision = find_named<RequestDecision>(legal::kRequestDecisionNames, word).value();
  if (request.opened.kind == RequestKind::correction && s.decision != RequestDecision::refused)
    s.receivers = receivers_of(context, call.organisation, request);
}

// What must be answered first stands first, then what was answered.
bool is_before(const SubjectRequest& a, const SubjectRequest& b) {
  if (a.answered.has_value() != b.answered.has_value()) return !a.answered;
  return !a.answered && a.due_on() < b.due_on();
}

void read_tell(Reading& in, RequestStep& s) {
  s.receiver = in.text("receiver", 64, true);
  const auto told = in.flag("told");
  if (in.is_good() && !told) in.refuse("told", "'told' is needed: true, or false and why not");
  s.is_told = told.value_or(false);
}

}  // namespace

io::HttpResponse list_subject_requests(Context& context, const Call& call) {
  Reading in(call.query);
  const std::string state = in.word("state", legal::kRequestStateNames);
  const std::size_t limit = in.count("limit", 1, limits::kPageRows, 100);
  const std::size_t skip = in.count("cursor", 0, 1'000'000'000, 0);
  if (!in.is_good()) return invalid(in);
  std::vector<SubjectRequest> all;
  {
    const std::shared_lock lock(context.books_mutex);
    for (const SubjectRequest* r : context.subject_requests.of(call.organisation.id))
      if (may_see(call.reader, call.organisation.id, *r)) all.push_back(*r);
  }
  const auto overdue =
      std::count_if(all.begin(), all.end(), [&](const SubjectRequest& r) { return r.is_overdue(call.now); });
  if (!state.empty()) std::erase_if(all, [&](const SubjectRequest& r) { return name(r.state()) != state; });
  std::stable_sort(all.begin(), all.end(), is_before);
  ordered_json j{{"items", ordered_json::array()}, {"overdue", overdue}, {"next_cursor", nullptr}};
  for (std::size_t i = skip; i < all.size() && i < skip + limit; ++i)
    j["items"].push_back(subject_request_json(context, call, all[i]));
  if (all.size() > skip + limit) j["next_cursor"] = std::to_string(skip + limit);
  return json_answer(j);
}

io::HttpResponse open_subject_request(Context& context, const Call& call) {
  Reading in(call.body, {"kind", "received_on", "identity_check", "words", "right", "accounts", "credentials",
                         "persons", "plates"});
  RequestStep s = read_open(context, call, in);
  if (!in.is_good()) return invalid(in);
  const auto is_his = [&](const legal::Identifier& i) { return identity::is_own(call.reader, i.pseudonym); };
  if (std::any_of(s.identifiers.begin(), s.identifiers.end(), is_his))
    return problem(403, "forbidden", "what concerns yourself is taken by somebody else");
  auto id = identity::random_id("r-");
  if (!id) return problem(id.error());
  s.request_id = *id;
  if (auto refused = write_step(context, s)) return std::move(*refused);
  return request_answer(context, call, *id, 201);
}

io::HttpResponse get_subject_request(Context& context, const Call& call) {
  return request_answer(context, call, call.path.at("requestId"), 200);
}

io::HttpResponse step_subject_request(Context& context, const Call& call) {
  const auto found = find_for(context, call, call.path.at("requestId"));
  if (!found) return no_request();
  Reading in(call.body, {"action", "words", "decision", "given", "sha256", "receiver", "told"});
  const std::string action = in.word("action", {"extend", "answer", "tell"}, true);
  RequestStep s = step_of(call, found->opened.request_id, RequestAction::extend);
  s.words = read_words(in, "words", true, limits::kSubjectWordsLeast);
  if (in.is_good() && action == "answer") {
    s.action = RequestAction::answer;
    read_answer(context, call, *found, in, s);
  } else if (in.is_good() && action == "tell") {
    s.action = RequestAction::tell;
    read_tell(in, s);
  }
  if (!in.is_good()) return invalid(in);
  if (auto refused = write_step(context, s)) return std::move(*refused);
  return request_answer(context, call, s.request_id, 200);
}

io::HttpResponse read_subject_file(Context& context, const Call& call) {
  const auto found = find_for(context, call, call.path.at("requestId"));
  if (!found) return no_request();
  Reading in(call.body, {"language"});
  const auto language = find_named<Language>(kLanguages, in.word("language", kLanguages, true));
  if (!in.is_good() || !language) return invalid(in);
  auto statements = context.statements();
  if (!statements) return problem(409, "conflict", "site.toml cannot be read as it is now; ask who runs the server");
  const legal::Held held = gather(context, call.organisation, *found, std::move(*statements));
  io::HttpResponse out = json_answer(legal::to_json(legal::subject_file(held, *language)));
  // The disclosure is on record before the file is.
  RequestStep s = step_of(call, found->opened.request_id, RequestAction::read);
  s.sha256 = to_hex(sha256(out.body));
  if (auto refused = write_step(context, s)) return std::move(*refused);
  return out;
}

}  // namespace quaywatch::api
