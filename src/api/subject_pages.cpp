#include "api/subject_pages.h"

#include <algorithm>
#include <mutex>

namespace quaywatch::api {
namespace {

using nlohmann::ordered_json;
using legal::RequestAction;
using legal::RequestDecision;
using legal::RequestStep;
using legal::SubjectRequest;

ordered_json done_json(const Context& context, const Call& call, const RequestStep& s) {
  return {{"by", person_json(context, call.organisation.id, s.by)}, {"at", format_rfc3339(s.at)}};
}

ordered_json said_json(const Context& context, const Call& call, const std::optional<RequestStep>& s) {
  if (!s) return nullptr;
  ordered_json j = done_json(context, call, *s);
  j["words"] = s->words;
  if (s->action == RequestAction::answer) {
    j["decision"] = name(s->decision);
    j["given"] = s->given;
    j["sha256"] = s->sha256.empty() ? ordered_json(nullptr) : ordered_json(s->sha256);
  }
  if (s->action == RequestAction::tell) j["told"] = s->is_told;
  return j;
}

std::string_view note_state(const SubjectRequest& r) {
  if (!r.answered) return "disputed";
  return r.answered->decision == RequestDecision::refused ? "kept" : "corrected";
}

}  // namespace

std::string_view operation_of(RequestAction action) {
  if (action == RequestAction::open) return "openSubjectRequest";
  return action == RequestAction::read ? "readSubjectFile" : "stepSubjectRequest";
}

bool may_see(const identity::Reader& reader, const std::string& organisation_id, const SubjectRequest& r) {
  const auto& known = r.opened.identifiers;
  return r.opened.organisation == organisation_id &&
         std::none_of(known.begin(), known.end(), [&](const auto& i) { return identity::is_own(reader, i.pseudonym); });
}

std::optional<SubjectRequest> find_subject_request(const Context& context, const identity::Reader& reader,
                                                   const std::string& organisation_id, const std::string& id) {
  const std::shared_lock lock(context.books_mutex);
  const SubjectRequest* r = context.subject_requests.find(id);
  return r != nullptr && may_see(reader, organisation_id, *r) ? std::optional(*r) : std::nullopt;
}

ordered_json subject_request_json(const Context& context, const Call& call, const SubjectRequest& r) {
  ordered_json j{{"request_id", r.opened.request_id}, {"number", r.number}, {"kind", name(r.opened.kind)}};
  j["identifiers"] = ordered_json::array();
  for (const legal::Identifier& i : r.opened.identifiers)
    j["identifiers"].push_back({{"class", legal::kPersonalClassNames[static_cast<std::size_t>(i.personal)]},
                                {"pseudonym", i.pseudonym}});
  j["state"] = name(r.state());
  j["received_on"] = legal::day_text(r.opened.received_on);
  j["due_on"] = legal::day_text(r.due_on());
  j["overdue"] = r.is_overdue(call.now);
  j["identity_check"] = r.opened.identity_check;
  j["words"] = r.opened.words;
  j["right"] = r.opened.right;
  j["opened"] = done_json(context, call, r.opened);
  j["extended"] = said_json(context, call, r.extended);
  j["answered"] = said_json(context, call, r.answered);
  for (const char* key : {"files", "receivers"}) j[key] = ordered_json::array();
  for (const RequestStep& s : r.readings) {
    j["files"].push_back(done_json(context, call, s));
    j["files"].back()["sha256"] = s.sha256;
  }
  for (const legal::ToTell& t : r.to_tell)
    j["receivers"].push_back(
        {{"id", t.receiver.id}, {"name", t.receiver.name}, {"done", said_json(context, call, t.done)}});
  return j;
}

ordered_json subject_notes_json(const Context& context, const std::string& organisation_id,
                                std::string_view pseudonym) {
  auto out = ordered_json::array();
  const std::shared_lock lock(context.books_mutex);
  for (const SubjectRequest* r : context.subject_requests.corrections_of(organisation_id, pseudonym))
    out.push_back({{"request_number", r->number},
                   {"state", note_state(*r)},
                   {"since", format_rfc3339(r->answered ? r->answered->at : r->opened.at)},
                   {"words", r->opened.words},
                   {"right", r->opened.right}});
  return out;
}

}  // namespace quaywatch::api
