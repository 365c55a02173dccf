// What who is on duty at a gate sees: the boxes to be kept, and in clear the lorries that come for them
// (docs/decisions/0035-at-the-gate.md).
#include <algorithm>
#include <iterator>
#include <mutex>
#include <set>

#include "api/alert_pages.h"
#include "api/answer.h"
#include "api/hold_watch.h"
#include "api/operations.h"
#include "api/visibility.h"
#include "base/limits_server.h"

namespace quaywatch::api {
namespace {

using holds::Hold;
using nlohmann::ordered_json;

constexpr Duration kLorriesReach = days(7);
constexpr std::size_t kLorries = 20;

// Not those from alerts about the reader, nor where nothing tells any more whom the alert was about.
std::vector<Hold> holds_at_gate(const Context& context, const Call& call) {
  std::vector<Hold> out;
  {
    const std::shared_lock lock(context.books_mutex);
    out = context.holds.at_gate(call.organisation.id, call.now);
  }
  std::erase_if(out, [&](const Hold& hold) { return find_alert(context, call.reader, hold.alert_id) == nullptr; });
  return out;
}

std::optional<Hold> find_at_gate(const Context& context, const Call& call) {
  const auto holds = holds_at_gate(context, call);
  const auto at = std::find_if(holds.begin(), holds.end(),
                               [&](const Hold& hold) { return hold.id == call.path.at("holdId"); });
  return at == holds.end() ? std::nullopt : std::optional(*at);
}

io::HttpResponse no_hold() {
  return problem(404, "not_found", "there is no such box to look out for (any more)", "holdId");
}

ordered_json gate_hold_json(const Hold& hold) {
  return {{"hold_id", hold.id},
          {"container", hold.container},
          {"facility", hold.facility},
          {"state", holds::name(hold.state)},
          {"requested_at", format_rfc3339(hold.requested_at)},
          {"answered_at", time_or_null(hold.answered_at)},
          {"until", format_rfc3339(hold.at_gate_until())}};
}

// By the records of the box, and of the releases that the alert names with it: a lorry may be announced for one of them
// alone.
std::vector<live::Lorry> lorries_for(Context& context, const Call& call, const Hold& hold,
                                     const live::AlertRow& alert) {
  std::vector<Subject> subjects{{SubjectKind::container, hold.container}};
  for (const live::SubjectRow& s : alert.subjects)
    if (info(s.field).subject == SubjectKind::release) subjects.push_back({SubjectKind::release, s.value});
  const auto may_show = [&](const Event& e, FieldId field) {
    return may_see(call.reader, e) && identity::may_see(call.reader, field);
  };
  return context.live->lorries(subjects, alert.event_time - kLorriesReach, kLorries, may_show);
}

// The disclosure, for the record: an entry for the box and one for each whom it names.
Result<std::vector<journal::Entry>> disclosure_of(Context& context, const Call& call, const Hold& hold,
                                                  const std::vector<live::Lorry>& lorries) {
  const Subject box{SubjectKind::container, hold.container};
  auto out = entries_of(context, call, {"readGateHold", "container:" + box.key, hold.id, {box}, "hold " + hold.id});
  std::set<std::string> shown;
  for (const live::Lorry& lorry : lorries) {
    if (!lorry.plate.empty()) shown.insert("vehicle:" + context.live->shown(PersonalClass::plate, lorry.plate));
    if (!lorry.card.empty()) shown.insert("credential:" + context.live->shown(PersonalClass::credential, lorry.card));
  }
  for (const std::string& subject : shown) {
    if (!out) break;
    auto more = entries_of(context, call, {"readGateHold", subject, hold.id, {}, {}});
    if (!more) return more;
    std::move(more->begin(), more->end(), std::back_inserter(*out));
  }
  return out;
}

ordered_json text_or_null(const std::string& text) {
  return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

}  // namespace

io::HttpResponse list_gate_holds(Context& context, const Call& call) {
  ordered_json j{{"items", ordered_json::array()}};
  for (const Hold& hold : holds_at_gate(context, call)) j["items"].push_back(gate_hold_json(hold));
  return json_answer(j);
}

io::HttpResponse read_gate_hold(Context& context, const Call& call) {
  const auto hold = find_at_gate(context, call);
  const auto alert = hold ? find_alert(context, call.reader, hold->alert_id) : nullptr;
  if (alert == nullptr) return no_hold();
  const auto lorries = lorries_for(context, call, *hold, *alert);
  auto disclosure = disclosure_of(context, call, *hold, lorries);
  if (!disclosure) return problem(disclosure.error());
  if (auto recorded = context.live->note(std::move(*disclosure)); !recorded) return problem(recorded.error());
  ordered_json j{{"hold", gate_hold_json(*hold)}, {"lorries", ordered_json::array()}};
  for (const live::Lorry& lorry : lorries)
    j["lorries"].push_back({{"type", info(lorry.type).name},
                            {"at", format_rfc3339(lorry.at)},
                            {"feed", lorry.feed},
                            {"plate", text_or_null(lorry.plate)},
                            {"card", text_or_null(lorry.card)}});
  return json_answer(j);
}

io::HttpResponse answer_gate_hold(Context& context, const Call& call) {
  const auto hold = find_at_gate(context, call);
  if (!hold) return no_hold();
  if (auto refused = write_hold_answer(context, call, hold->id)) return std::move(*refused);
  const std::shared_lock lock(context.books_mutex);
  const Hold* now = context.holds.find(hold->id);
  return json_answer(gate_hold_json(now == nullptr ? *hold : *now));
}

}  // namespace quaywatch::api
