#include "api/unmasking_pages.h"

#include <mutex>

#include "api/alert_pages.h"
#include "api/case_pages.h"
#include "api/visibility.h"

namespace quaywatch::api {
namespace {

using nlohmann::ordered_json;
using identity::Role;
using identity::Unmasking;
using identity::UnmaskingAction;
using identity::UnmaskingStep;

ordered_json said_json(const Context& context, const Call& call, const UnmaskingStep& s) {
  ordered_json j{{"by", person_json(context, call.organisation.id, s.by)}, {"at", format_rfc3339(s.at)}};
  j["action"] = name(s.action);
  j["reason"] = s.reason;
  return j;
}

ordered_json text_or_null(const std::string& text) {
  return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

// By this alone an auditor sees no alert, and nobody a case that he was not let into.
ordered_json alert_title(const Context& context, const Call& call, const Unmasking& u) {
  if (!call.user.has(Role::officer)) return nullptr;
  const auto alert = find_alert(context, call.reader, u.ground().alert_id);
  return alert == nullptr ? ordered_json(nullptr) : ordered_json(alert->rule->title);
}

}  // namespace

std::string_view operation_of(UnmaskingAction action) {
  switch (action) {
    case UnmaskingAction::ask:
      return "requestUnmasking";
    case UnmaskingAction::break_glass:
      return "breakGlass";
    case UnmaskingAction::approve:
    case UnmaskingAction::refuse:
      return "decideUnmasking";
    case UnmaskingAction::find_justified:
    case UnmaskingAction::find_unjustified:
      return "reviewBrokenGlass";
    case UnmaskingAction::read:
      return "readUnmasked";
  }
  return "";
}

bool may_see(const Context& context, const identity::Reader& reader, const std::string& organisation_id,
             const Unmasking& u) {
  if (u.organisation != organisation_id || identity::is_own(reader, u.ground().pseudonym)) return false;
  const auto alert = context.live->view()->alerts->find(u.ground().alert_id);
  if (alert != nullptr) return may_see(reader, *alert);
  // Nothing tells any more whom the alert was about: those who saw it, and who reads the record of it all.
  const auto user = context.directory->user(reader.user_id);
  const bool is_party = u.begun.by == reader.user_id || (u.decided && u.decided->by == reader.user_id);
  return is_party || (user && user->has(Role::auditor));
}

std::optional<Unmasking> find_unmasking(const Context& context, const identity::Reader& reader,
                                        const std::string& organisation_id, const std::string& id) {
  std::optional<Unmasking> out;
  {
    const std::shared_lock lock(context.books_mutex);
    if (const Unmasking* u = context.unmaskings.find(id)) out = *u;
  }
  return out && may_see(context, reader, organisation_id, *out) ? out : std::nullopt;
}

UnmaskingRights rights_of(const Call& call, const Unmasking& u) {
  const bool is_officer = call.user.has(Role::officer);
  const bool may_answer = u.waits(call.now) && u.begun.by != call.user.id;
  return {may_answer && !u.is_broken() && is_officer,
          may_answer && u.is_broken() && (is_officer || call.user.has(Role::auditor)),
          is_officer && u.may_read(call.user.id, call.now)};
}

ordered_json unmasking_json(const Context& context, const Call& call, const Unmasking& u) {
  ordered_json j{{"unmasking_id", u.id}, {"pseudonym", u.ground().pseudonym}, {"field", u.ground().field}};
  j["alert_id"] = u.ground().alert_id;
  j["alert_title"] = alert_title(context, call, u);
  const std::string& case_id = u.ground().case_id;
  j["case_id"] = text_or_null(find_case(context, call, case_id) ? case_id : std::string{});
  j["state"] = name(u.state(call.now));
  j["begun"] = said_json(context, call, u.begun);
  j["decided"] = u.decided ? said_json(context, call, *u.decided) : ordered_json(nullptr);
  j["due_at"] = format_rfc3339(u.due_at());
  j["outside_reviewer"] = text_or_null(u.ground().outside_reviewer);
  j["readable_until"] = time_or_null(u.readable_until());
  j["readings"] = ordered_json::array();
  for (const UnmaskingStep& s : u.readings)
    j["readings"].push_back({{"by", person_json(context, call.organisation.id, s.by)}, {"at", format_rfc3339(s.at)}});
  const UnmaskingRights rights = rights_of(call, u);
  j["can"] = {{"decide", rights.decide}, {"review", rights.review}, {"read", rights.read}};
  return j;
}

}  // namespace quaywatch::api
