#include <algorithm>
#include <mutex>

#include "api/alert_pages.h"
#include "api/answer.h"
#include "api/hold_watch.h"
#include "api/operations.h"
#include "api/teller.h"
#include "base/limits_server.h"

namespace quaywatch::api {
namespace {

using holds::HoldStep;

io::HttpResponse no_alert() {
  return problem(404, "not_found", "there is no such alert", "alertId");
}

io::HttpResponse alert_answer(Context& context, const Call& call, const std::string& alert_id, int status) {
  const auto alert = find_alert(context, call.reader, alert_id);
  return alert == nullptr ? no_alert() : json_answer(alert_detail(context, eyes(call), *alert), status);
}

// The boxes that the alert names, those it is about first.
std::vector<std::string> containers_of(const live::AlertRow& alert) {
  std::vector<std::string> out, others;
  for (const live::SubjectRow& s : alert.subjects)
    if (info(s.field).subject == SubjectKind::container)
      (s.role == pipeline::SubjectRole::about ? out : others).push_back(s.value);
  out.insert(out.end(), others.begin(), others.end());
  return out;
}

std::vector<telling::HoldReceiver> receivers_for(const Context& context, const live::AlertRow& alert) {
  auto out = context.teller == nullptr ? std::vector<telling::HoldReceiver>{} : context.teller->hold_receivers();
  std::erase_if(out, [&](const telling::HoldReceiver& r) { return !r.keeps(alert.facility); });
  return out;
}

std::optional<holds::Hold> find_hold(const Context& context, const Call& call, const std::string& id) {
  const std::shared_lock lock(context.books_mutex);
  const holds::Hold* hold = context.holds.find(id);
  return hold != nullptr && hold->organisation == call.organisation.id ? std::optional(*hold) : std::nullopt;
}

}  // namespace

io::HttpResponse acknowledge_alert(Context& context, const Call& call) {
  const std::string& alert_id = call.path.at("alertId");
  if (find_alert(context, call.reader, alert_id) == nullptr) return no_alert();
  const auto refuse = [&]() -> std::string {
    const auto story = context.teller == nullptr ? std::nullopt : context.teller->story(alert_id);
    const auto is_ours = [&](const telling::Asked& a) { return a.organisation == call.organisation.id; };
    if (!story || std::none_of(story->asked.begin(), story->asked.end(), is_ours))
      return "nobody of your organisation was asked about this alert";
    return story->acknowledged ? "it is acknowledged already" : "";
  };
  const telling::Acknowledged done{call.now, alert_id, call.user.id, call.organisation.id};
  if (auto refused =
          write_unless(context, refuse, {std::string(telling::kAcknowledgedTopic), call.now, telling::to_text(done)}))
    return std::move(*refused);
  return alert_answer(context, call, alert_id, 200);
}

io::HttpResponse list_hold_receivers(Context& context, const Call& call) {
  const auto alert = find_alert(context, call.reader, call.path.at("alertId"));
  if (alert == nullptr) return no_alert();
  auto items = nlohmann::ordered_json::array();
  for (const telling::HoldReceiver& r : receivers_for(context, *alert))
    items.push_back({{"name", r.name}, {"form", telling::kHoldFormNames[static_cast<std::size_t>(r.form)]}});
  return json_answer({{"items", std::move(items)}});
}

io::HttpResponse request_hold(Context& context, const Call& call) {
  Reading in(call.body, {"reason", "container", "receiver"});
  HoldStep step{call.now, call.user.id, call.organisation.id, {}, holds::Step::request, {}, {}, {}, {}};
  step.reason = in.text("reason", limits::kReasonBytes, true);
  step.container = in.text("container", 16);
  step.receiver = in.text("receiver", limits::kHoldReceiverBytes);
  if (!in.is_good()) return invalid(in);
  step.alert_id = call.path.at("alertId");
  const auto alert = find_alert(context, call.reader, step.alert_id);
  if (alert == nullptr) return no_alert();
  const auto containers = containers_of(*alert);
  if (step.container.empty() && !containers.empty()) step.container = containers.front();
  if (std::find(containers.begin(), containers.end(), step.container) == containers.end())
    return problem(409, "conflict",
                   containers.empty() ? "this alert names no container that could be held"
                                      : "this alert does not name that container");
  step.facility = alert->facility;
  const auto receivers = receivers_for(context, *alert);
  const auto is_chosen = [&](const telling::HoldReceiver& r) { return r.name == step.receiver; };
  if (!step.receiver.empty() && std::none_of(receivers.begin(), receivers.end(), is_chosen))
    return problem(409, "conflict", "the site names no such receiver for boxes of this facility", "receiver");
  auto id = identity::random_id("h-");
  if (!id) return problem(id.error());
  step.hold_id = std::move(*id);
  if (auto refused = write_hold_step(context, step)) return std::move(*refused);
  const auto hold = find_hold(context, call, step.hold_id);
  // What the disk refuses now is written by a later round; until then sent_at is null.
  if (hold) (void)put_into_outbox(context, *hold);
  if (context.teller != nullptr) context.teller->wake();
  return alert_answer(context, call, step.alert_id, 201);
}

io::HttpResponse answer_hold(Context& context, const Call& call) {
  const std::string& id = call.path.at("holdId");
  const auto hold = find_hold(context, call, id);
  if (!hold || find_alert(context, call.reader, hold->alert_id) == nullptr)
    return problem(404, "not_found", "there is no such hold", "holdId");
  if (auto refused = write_hold_answer(context, call, id)) return std::move(*refused);
  return alert_answer(context, call, hold->alert_id, 200);
}

}  // namespace quaywatch::api
