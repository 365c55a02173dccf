#include "legal/subject_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/limits_server.h"
#include "base/named.h"
#include "base/text.h"

namespace quaywatch::legal {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr int kMonthsToAnswer = 1, kMonthsExtended = 3;

struct TextKey {
  const char* key;
  std::string RequestStep::* value;
};
constexpr TextKey kTextKeys[] = {
    {"words", &RequestStep::words},   {"identity_check", &RequestStep::identity_check},
    {"right", &RequestStep::right},   {"sha256", &RequestStep::sha256},
    {"given", &RequestStep::given},   {"receiver", &RequestStep::receiver},
};

std::string text(const json& j, const char* key) {
  const auto at = j.find(key);
  return at != j.end() && at->is_string() ? at->get<std::string>() : std::string{};
}

ordered_json open_json(ordered_json j, const RequestStep& s) {
  j["kind"] = name(s.kind);
  j["received_on"] = day_text(s.received_on);
  j["identifiers"] = ordered_json::array();
  for (const Identifier& i : s.identifiers)
    j["identifiers"].push_back(
        {{"class", kPersonalClassNames[static_cast<std::size_t>(i.personal)]}, {"pseudonym", i.pseudonym}});
  return j;
}

ordered_json answer_json(ordered_json j, const RequestStep& s) {
  j["decision"] = name(s.decision);
  if (s.receivers.empty()) return j;
  j["receivers"] = ordered_json::array();
  for (const Receiver& r : s.receivers) j["receivers"].push_back({{"id", r.id}, {"name", r.name}});
  return j;
}

json list(const json& j, const char* key) {
  const auto at = j.find(key);
  return at != j.end() && at->is_array() ? *at : json::array();
}

bool read_open(const json& j, RequestStep& out) {
  const auto kind = find_named<RequestKind>(kRequestKindNames, text(j, "kind"));
  const auto day = read_day(text(j, "received_on"));
  if (!kind || !day) return false;
  out.kind = *kind;
  out.received_on = *day;
  for (const json& each : list(j, "identifiers")) {
    const auto personal = find_named<PersonalClass>(kPersonalClassNames, text(each, "class"));
    if (!personal) return false;
    out.identifiers.push_back({*personal, text(each, "pseudonym")});
  }
  return !out.identifiers.empty();
}

bool read_answer(const json& j, RequestStep& out) {
  const auto decision = find_named<RequestDecision>(kRequestDecisionNames, text(j, "decision"));
  if (!decision) return false;
  out.decision = *decision;
  for (const json& each : list(j, "receivers")) out.receivers.push_back({text(each, "id"), text(each, "name")});
  return true;
}

bool is_reason(std::string_view words) {
  return trim(words).size() >= limits::kSubjectWordsLeast;
}

// Only access is given by a file.
bool needs_file(const SubjectRequest& r, const RequestStep& answer) {
  return r.opened.kind == RequestKind::access && answer.decision != RequestDecision::refused;
}

std::string refuse_extend(const SubjectRequest& r, const RequestStep& step) {
  if (r.extended) return "this was extended already";
  if (!is_reason(step.words)) return "a reason of at least 10 characters is needed";
  return r.is_overdue(step.at) ? "this was due; the person must have been told of an extension within the month" : "";
}

std::string refuse_answer(const SubjectRequest& r, const RequestStep& step) {
  if (!is_reason(step.words)) return "a reason of at least 10 characters is needed";
  if (trim(step.given).empty()) return "how the person was answered is needed";
  if (!needs_file(r, step)) return {};
  const auto is_it = [&](const RequestStep& reading) { return reading.sha256 == step.sha256; };
  const bool was_read = std::any_of(r.readings.begin(), r.readings.end(), is_it);
  return was_read ? "" : "the file that was given must be one that was made for this request";
}

std::string refuse_tell(const SubjectRequest& r, const RequestStep& step) {
  const auto at = std::find_if(r.to_tell.begin(), r.to_tell.end(),
                               [&](const ToTell& t) { return t.receiver.id == step.receiver; });
  if (at == r.to_tell.end()) return "this is no receiver that is to be told";
  if (at->done) return "this receiver is done already";
  return is_reason(step.words) ? "" : "how it was told, or why not, is needed in at least 10 characters";
}

}  // namespace

// --- days -----------------------------------------------------------------------------------------------------------

std::optional<Timestamp> read_day(std::string_view text) {
  if (text.size() != 10) return std::nullopt;
  const auto day = parse_rfc3339(fmt::format("{}T00:00:00Z", text));
  return day ? std::optional(*day) : std::nullopt;
}

std::string day_text(Timestamp day) {
  return format_rfc3339(day).substr(0, 10);
}

Timestamp months_later(Timestamp day, int months) {
  CivilTime c = to_civil_utc(day);
  const int month = c.month - 1 + months;
  c.year += month / 12;
  c.month = month % 12 + 1;
  for (int shorter = 0; shorter < 3 && !is_valid(c); ++shorter) --c.day;  // February
  return from_civil_utc(c);
}

// --- one request ----------------------------------------------------------------------------------------------------

RequestState SubjectRequest::state() const {
  if (!answered) return RequestState::open;
  const bool is_told = std::all_of(to_tell.begin(), to_tell.end(), [](const ToTell& t) { return t.done.has_value(); });
  return is_told ? RequestState::closed : RequestState::telling;
}

Timestamp SubjectRequest::due_on() const {
  return months_later(opened.received_on, extended ? kMonthsExtended : kMonthsToAnswer);
}

bool SubjectRequest::is_overdue(Timestamp now) const {
  return !answered && now >= due_on() + days(1);
}

bool SubjectRequest::names(std::string_view pseudonym) const {
  return std::any_of(opened.identifiers.begin(), opened.identifiers.end(),
                     [&](const Identifier& i) { return i.pseudonym == pseudonym; });
}

// --- the journal ----------------------------------------------------------------------------------------------------

std::string to_text(const RequestStep& s) {
  ordered_json j{{"by", s.by}, {"organisation", s.organisation}, {"request_id", s.request_id}};
  j["action"] = name(s.action);
  if (s.action == RequestAction::open) j = open_json(std::move(j), s);
  if (s.action == RequestAction::answer) j = answer_json(std::move(j), s);
  if (s.action == RequestAction::tell) j["told"] = s.is_told;
  for (const TextKey& k : kTextKeys)
    if (const std::string& value = s.*k.value; !value.empty()) j[k.key] = value;
  return j.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::optional<RequestStep> read_request_step(std::string_view bytes, Timestamp at) {
  const json j = json::parse(bytes, nullptr, false);
  if (!j.is_object() || text(j, "request_id").empty()) return std::nullopt;
  const auto action = find_named<RequestAction>(kRequestActionNames, text(j, "action"));
  if (!action) return std::nullopt;
  RequestStep out;
  out.at = at;
  out.by = text(j, "by");
  out.organisation = text(j, "organisation");
  out.request_id = text(j, "request_id");
  out.action = *action;
  for (const TextKey& k : kTextKeys) out.*k.value = text(j, k.key);
  if (*action == RequestAction::open && !read_open(j, out)) return std::nullopt;
  if (*action == RequestAction::answer && !read_answer(j, out)) return std::nullopt;
  const auto told = j.find("told");
  out.is_told = told != j.end() && told->is_boolean() && told->get<bool>();
  return out;
}

// --- the book -------------------------------------------------------------------------------------------------------

void RequestBook::apply(const RequestStep& step) {
  const auto at = requests_.find(step.request_id);
  if (step.action == RequestAction::open) {
    if (at != requests_.end()) return;
    SubjectRequest& made = requests_[step.request_id];
    made.number = ++numbers_[step.organisation];
    made.opened = step;
    return;
  }
  if (at == requests_.end() || at->second.opened.organisation != step.organisation) return;
  SubjectRequest& r = at->second;
  switch (step.action) {
    case RequestAction::open:
      return;
    case RequestAction::extend:
      if (!r.extended && !r.answered) r.extended = step;
      return;
    case RequestAction::read:
      r.readings.push_back(step);
      return;
    case RequestAction::answer:
      if (r.answered) return;
      r.answered = step;
      for (const Receiver& receiver : step.receivers) r.to_tell.push_back({receiver, std::nullopt});
      return;
    case RequestAction::tell:
      for (ToTell& t : r.to_tell)
        if (t.receiver.id == step.receiver && !t.done) t.done = step;
  }
}

std::string RequestBook::refuse_open(const RequestStep& step) const {
  if (find(step.request_id) != nullptr) return "this request stands already";
  if (step.identifiers.empty()) return "what the person is known by is needed";
  if (!is_reason(step.identity_check)) return "how the person was checked is needed in at least 10 characters";
  if (step.received_on > step.at) return "the request cannot have come later than now";
  if (step.kind != RequestKind::access && !is_reason(step.words))
    return "what the person says is needed in at least 10 characters";
  if (step.kind == RequestKind::correction && trim(step.right).empty()) return "what is right is needed";
  const auto all = of(step.organisation);
  const auto open = std::count_if(all.begin(), all.end(), [](const auto* r) { return !r->answered; });
  return static_cast<std::size_t>(open) < limits::kSubjectRequestsOpen
             ? ""
             : "too many requests of your organisation are open; answer those first";
}

std::string RequestBook::refuse(const RequestStep& step) const {
  for (const TextKey& k : kTextKeys)
    if ((step.*k.value).size() > limits::kReasonBytes) return fmt::format("{} is too long", k.key);
  if (step.action == RequestAction::open) return refuse_open(step);
  const SubjectRequest* r = find(step.request_id);
  if (r == nullptr || r->opened.organisation != step.organisation) return "there is no such request";
  if (step.action == RequestAction::tell) return refuse_tell(*r, step);
  if (step.action == RequestAction::read) {
    const bool is_refused = r->answered && r->answered->decision == RequestDecision::refused;
    if (is_refused) return "this was refused; nothing is given";
    return r->readings.size() < limits::kSubjectReadings ? "" : "this was read too often; open a new request";
  }
  if (r->answered) return "this was answered already";
  return step.action == RequestAction::extend ? refuse_extend(*r, step) : refuse_answer(*r, step);
}

const SubjectRequest* RequestBook::find(const std::string& request_id) const {
  const auto at = requests_.find(request_id);
  return at == requests_.end() ? nullptr : &at->second;
}

std::vector<const SubjectRequest*> RequestBook::of(const std::string& organisation) const {
  std::vector<const SubjectRequest*> out;
  for (const auto& [id, r] : requests_)
    if (r.opened.organisation == organisation) out.push_back(&r);
  std::sort(out.begin(), out.end(), [](const auto* a, const auto* b) { return b->number < a->number; });
  return out;
}

std::vector<const SubjectRequest*> RequestBook::corrections_of(const std::string& organisation,
                                                               std::string_view pseudonym) const {
  auto out = of(organisation);
  std::erase_if(out, [&](const auto* r) {
    return r->opened.kind != RequestKind::correction || !r->names(pseudonym);
  });
  std::reverse(out.begin(), out.end());
  return out;
}

}  // namespace quaywatch::legal
