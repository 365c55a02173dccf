#include <algorithm>
#include <mutex>
#include <utility>

#include "api/alert_pages.h"
#include "api/answer.h"
#include "api/case_pages.h"
#include "api/operations.h"
#include "api/routes.h"
#include "api/unmasking_pages.h"
#include "api/visibility.h"
#include "base/limits_server.h"

namespace quaywatch::api {
namespace {

using nlohmann::ordered_json;
using identity::Unmasking;
using identity::UnmaskingAction;
using identity::UnmaskingGround;
using identity::UnmaskingStep;

io::HttpResponse no_unmasking() {
  return problem(404, "not_found", "there is no such unmasking", "unmaskingId");
}

std::string read_reason(Reading& in) {
  return in.text("reason", limits::kReasonBytes, true, limits::kUnmaskingReasonLeast);
}

// --- the ground -----------------------------------------------------------------------------------------------------

// Preferably by what is not personal: the record is found then even when the key of the value is destroyed.
Subject found_under(const live::EventRow& row) {
  Subject out;
  for (const live::ShownField& f : row.fields) {
    const FieldInfo& field = info(f.field);
    if (field.subject == SubjectKind::none || f.unknown != UnknownCause::none || f.text.empty()) continue;
    if (out.kind == SubjectKind::none || field.personal == PersonalClass::none) out = {field.subject, f.text};
    if (field.personal == PersonalClass::none) break;
  }
  return out;
}

// Where the value of a pseudonym lies that the alert shows this reader: in its records, or, where the alert was named,
// in those of its box or release; nullopt: the alert is no ground to see it.
std::optional<live::ValuePlace> place_of(Context& context, const Call& call, const live::AlertRow& alert,
                                         const std::string& pseudonym, bool is_named) {
  for (const live::EvidenceRow& e : alert.evidence) {
    if (!e.event) continue;
    for (const live::ShownField& f : visible(call.reader, e.event->fields))
      if (info(f.field).personal != PersonalClass::none && f.text == pseudonym)
        return live::ValuePlace{e.event->id, f.field, found_under(*e.event)};
  }
  std::vector<Subject> subjects;
  for (const live::SubjectRow& s : alert.subjects) {
    const SubjectKind kind = info(s.field).subject;
    const bool is_box = kind == SubjectKind::container || kind == SubjectKind::release;
    if (s.value == pseudonym || (is_box && is_named)) subjects.push_back({kind, s.value});
  }
  return context.live->find_value(subjects, pseudonym, [&](const Event& e, FieldId field) {
    return may_see(call.reader, e) && identity::may_see(call.reader, field);
  });
}

// What was asked for, on an alert, or on the first alert of a case that shows it. The first thing that is wrong is in
// `in`, or nullopt: there is no such ground.
std::optional<UnmaskingGround> read_ground(Context& context, const Call& call, Reading& in) {
  UnmaskingGround ground;
  ground.pseudonym = in.text("pseudonym", 64, true);
  ground.alert_id = in.text("alert_id", 32);
  ground.case_id = in.id("case_id", 'c');
  if (in.is_good() && ground.alert_id.empty() && ground.case_id.empty())
    in.refuse("alert_id", "an alert or a case is needed, as the ground");
  if (!in.is_good() || identity::is_own(call.reader, ground.pseudonym)) return std::nullopt;
  std::vector<std::string> alert_ids{ground.alert_id};
  if (!ground.case_id.empty()) {
    const auto found = find_case(context, call, ground.case_id);
    if (!found || (!ground.alert_id.empty() && !found->alert_ids.contains(ground.alert_id))) return std::nullopt;
    if (ground.alert_id.empty()) alert_ids = std::vector(found->alert_ids.begin(), found->alert_ids.end());
  }
  for (const std::string& id : alert_ids) {
    const auto alert = find_alert(context, call.reader, id);
    // Of a case with a thousand alerts not every box is walked through.
    const bool is_named = !ground.alert_id.empty();
    const auto place = alert == nullptr ? std::nullopt : place_of(context, call, *alert, ground.pseudonym, is_named);
    if (!place) continue;
    ground.alert_id = id;
    ground.event_id = place->event.hex();
    ground.field = info(place->field).name;
    ground.subject = std::string(name(place->subject.kind)) + ":" + place->subject.key;
    return ground;
  }
  return std::nullopt;
}

std::optional<live::ValuePlace> read_place(const UnmaskingGround& ground) {
  live::ValuePlace out;
  const auto colon = ground.subject.find(':');
  const auto kind = find_subject_kind(std::string_view(ground.subject).substr(0, colon));
  const auto field = find_field(ground.field);
  if (colon == std::string::npos || !kind || !field || !Id128::parse(ground.event_id, out.event)) return std::nullopt;
  out.field = *field;
  out.subject = {*kind, ground.subject.substr(colon + 1)};
  return out;
}

// --- the second person ----------------------------------------------------------------------------------------------

// Somebody else of the organisation who has one of the roles, may see the alert, and whom it does not concern.
bool has_second_person(const Context& context, const Call& call, const UnmaskingGround& ground, std::uint8_t roles) {
  const auto users = context.directory->users();
  return std::any_of(users.begin(), users.end(), [&](const identity::User& u) {
    if (u.organisation_id != call.organisation.id || u.id == call.user.id || u.is_disabled) return false;
    const identity::Reader reader = reader_of(u, call.organisation);
    return (identity::bits(u.roles) & roles) != 0 && !identity::is_own(reader, ground.pseudonym) &&
           find_alert(context, reader, ground.alert_id) != nullptr;
  });
}

// --- writing --------------------------------------------------------------------------------------------------------

// Writes the step, or says why not.
std::optional<io::HttpResponse> write_step(Context& context, const UnmaskingStep& step) {
  const auto refuse = [&] {
    const std::shared_lock lock(context.books_mutex);
    return context.unmaskings.refuse(step);
  };
  return write_unless(context, refuse, {std::string(identity::kUnmaskingTopic), step.at, identity::to_text(step)});
}

UnmaskingStep step_of(const Call& call, const std::string& id, UnmaskingAction action, std::string reason) {
  return {call.now, call.user.id, call.organisation.id, id, action, std::move(reason), {}};
}

std::optional<Unmasking> find_for(const Context& context, const Call& call) {
  return find_unmasking(context, call.reader, call.organisation.id, call.path.at("unmaskingId"));
}

io::HttpResponse unmasking_answer(const Context& context, const Call& call, const std::string& id, int status) {
  const auto found = find_unmasking(context, call.reader, call.organisation.id, id);
  return found ? json_answer(unmasking_json(context, call, *found), status) : no_unmasking();
}

io::HttpResponse begin(Context& context, const Call& call, UnmaskingAction action) {
  Reading in(call.body, {"pseudonym", "alert_id", "case_id", "reason"});
  std::string reason = read_reason(in);
  auto ground = read_ground(context, call, in);
  if (!in.is_good()) return invalid(in);
  if (!ground)
    return problem(404, "not_found", "no alert that you may see there shows this pseudonym, itself or by its box",
                   "pseudonym");
  const bool is_question = action == UnmaskingAction::ask;
  const std::uint8_t seconds = is_question ? kOfficer : kOfficer | kAuditor;
  if (!has_second_person(context, call, *ground, seconds)) {
    if (is_question)
      return problem(409, "no_second_person",
                     "nobody else of your organisation may decide this; it needs a second officer whom it does not "
                     "concern");
    const auto approvers = context.approvers();
    if (!approvers || approvers->outside_reviewer.empty())
      return problem(409, "no_second_person",
                     "nobody could review this: it needs a second officer or an auditor whom it does not concern, or "
                     "an outside_reviewer under [rules] in site.toml");
    ground->outside_reviewer = approvers->outside_reviewer;
  }
  auto id = identity::random_id("m-");
  if (!id) return problem(id.error());
  UnmaskingStep step = step_of(call, *id, action, std::move(reason));
  step.ground = std::move(*ground);
  if (auto refused = write_step(context, step)) return std::move(*refused);
  return unmasking_answer(context, call, *id, 201);
}

// The answer of a second person.
io::HttpResponse answer_as_second(Context& context, const Call& call, const char* member,
                                  const std::pair<std::string_view, UnmaskingAction> (&words)[2]) {
  const auto found = find_for(context, call);
  if (!found) return no_unmasking();
  Reading in(call.body, {member, "reason"});
  const std::string word = in.word(member, {words[0].first, words[1].first}, true);
  std::string reason = read_reason(in);
  if (!in.is_good()) return invalid(in);
  if (found->begun.by == call.user.id)
    return problem(403, "forbidden", "a second person must do this, not the one who asked");
  const UnmaskingAction action = word == words[0].first ? words[0].second : words[1].second;
  if (auto refused = write_step(context, step_of(call, found->id, action, std::move(reason))))
    return std::move(*refused);
  return unmasking_answer(context, call, found->id, 200);
}

}  // namespace

io::HttpResponse list_unmaskings(Context& context, const Call& call) {
  Reading in(call.query);
  const std::string show = in.word("show", {"to_decide", "mine", "all"});
  const Timestamp from = in.time("from").value_or(Timestamp::min());
  const Timestamp until = in.time("until").value_or(Timestamp::max());
  const std::size_t limit = in.count("limit", 1, limits::kPageRows, 100);
  const std::size_t skip = in.count("cursor", 0, 1'000'000'000, 0);
  if (!in.is_good()) return invalid(in);
  std::vector<Unmasking> all;
  {
    const std::shared_lock lock(context.books_mutex);
    for (const Unmasking* u : context.unmaskings.of(call.organisation.id)) all.push_back(*u);
  }
  std::size_t to_decide = 0;
  const auto is_unwanted = [&](const Unmasking& u) {
    if (!may_see(context, call.reader, call.organisation.id, u)) return true;
    const UnmaskingRights rights = rights_of(call, u);
    const bool waits_for_him = rights.decide || rights.review;
    const bool is_his = u.begun.by == call.user.id || (u.decided && u.decided->by == call.user.id);
    to_decide += waits_for_him ? 1 : 0;
    const bool is_in_time = u.begun.at >= from && u.begun.at < until;
    return !is_in_time || (show == "to_decide" && !waits_for_him) || (show == "mine" && !is_his);
  };
  std::erase_if(all, is_unwanted);
  ordered_json j{{"items", ordered_json::array()}, {"to_decide", to_decide}, {"next_cursor", nullptr}};
  for (std::size_t i = skip; i < all.size() && i < skip + limit; ++i)
    j["items"].push_back(unmasking_json(context, call, all[i]));
  if (all.size() > skip + limit) j["next_cursor"] = std::to_string(skip + limit);
  return json_answer(j);
}

io::HttpResponse request_unmasking(Context& context, const Call& call) {
  return begin(context, call, UnmaskingAction::ask);
}

io::HttpResponse break_glass(Context& context, const Call& call) {
  return begin(context, call, UnmaskingAction::break_glass);
}

io::HttpResponse decide_unmasking(Context& context, const Call& call) {
  return answer_as_second(context, call, "decision",
                          {{"approve", UnmaskingAction::approve}, {"refuse", UnmaskingAction::refuse}});
}

io::HttpResponse review_broken_glass(Context& context, const Call& call) {
  return answer_as_second(
      context, call, "verdict",
      {{"justified", UnmaskingAction::find_justified}, {"unjustified", UnmaskingAction::find_unjustified}});
}

io::HttpResponse read_unmasked(Context& context, const Call& call) {
  const auto found = find_for(context, call);
  if (!found) return no_unmasking();
  const auto place = read_place(found->ground());
  if (!place) return problem(409, "conflict", "this program does not know the field that holds it");
  // The disclosure is on record before the value is.
  if (auto refused = write_step(context, step_of(call, found->id, UnmaskingAction::read, {})))
    return std::move(*refused);
  const live::ClearValue value = context.live->clear_value(
      *place, found->ground().pseudonym, [&](const Event& e, FieldId field) {
        return may_see(call.reader, e) && identity::may_see(call.reader, field);
      });
  using Fate = live::ClearValue::Fate;
  ordered_json j{{"value", nullptr}, {"unknown", nullptr}};
  if (value.fate == Fate::known) j["value"] = value.text;
  if (value.fate == Fate::erased) j["unknown"] = "key_destroyed";
  if (value.fate == Fate::gone) j["unknown"] = "taken_back";
  const auto now = find_for(context, call);
  j["unmasking"] = unmasking_json(context, call, now ? *now : *found);
  return json_answer(j);
}

}  // namespace quaywatch::api
