#include "api/observe.h"

#include <mutex>

#include "api/alert_pages.h"
#include "api/answer.h"
#include "api/subject_pages.h"
#include "api/teller.h"
#include "api/unmasking_pages.h"
#include "api/visibility.h"

namespace quaywatch::api {
namespace {

using nlohmann::ordered_json;

bool is_signed_in(const Context& context, const EventHub::Reading& reading) {
  return context.sessions.is_valid(reading.token, context.now());
}

std::optional<std::string> change_text(const Context& context, const EventHub::Reading& reading,
                                       std::string_view kind, const live::AlertRow& alert) {
  if (!is_signed_in(context, reading) || !may_see(reading.reader, alert)) return std::nullopt;
  return dump({{"kind", kind},
               {"alert", alert_summary(context, {reading.reader, reading.organisation_id}, alert)}});
}

// Only the organisation that decided is told.
void tell_triage(Context& context, const std::string& organisation_id, const std::string& alert_id) {
  context.hub.publish("decision", [&context, organisation_id, alert_id](const EventHub::Reading& reading) {
    const auto alert = find_alert(context, reading.reader, alert_id);
    return alert == nullptr || reading.organisation_id != organisation_id
               ? std::nullopt
               : change_text(context, reading, "decision", *alert);
  });
}

void take_decisions(Context& context, std::uint64_t sequence, const cases::Decided& decided) {
  {
    const std::lock_guard lock(context.books_mutex);
    context.books[decided.organisation].apply(decided);
  }
  for (const cases::Decision& d : decided.decisions) {
    context.audit.add({sequence, decided.at, decided.by, decided.organisation, "decideAlert", "alert:" + d.alert_id,
                       std::string(cases::kActionNames[static_cast<std::size_t>(d.action)])});
    const bool is_answer = d.action != cases::Action::note && d.action != cases::Action::undo;
    if (is_answer && context.teller != nullptr)
      context.teller->decided(d.alert_id, decided.by, decided.organisation, decided.at);
    if (context.live != nullptr && context.live->is_ready()) tell_triage(context, decided.organisation, d.alert_id);
  }
}

void take_telling(Context& context, std::uint64_t sequence, const journal::TextEntry& entry) {
  if (context.teller == nullptr) return;
  const auto touched = context.teller->take(entry);
  if (!touched) return;
  if (entry.topic == telling::kAcknowledgedTopic)
    if (const auto done = telling::read_acknowledged(entry.body, entry.at))
      context.audit.add(
          {sequence, done->at, done->by, done->organisation, "acknowledgeAlert", "alert:" + done->alert_id, {}});
  if (context.live == nullptr || !context.live->is_ready()) return;
  for (const std::string& id : touched->alert_ids) tell_triage(context, touched->organisation, id);
}

void take_hold(Context& context, std::uint64_t sequence, const holds::HoldStep& step) {
  std::string alert_id;
  {
    const std::lock_guard lock(context.books_mutex);
    context.holds.apply(step);
    if (const holds::Hold* hold = context.holds.find(step.hold_id)) alert_id = hold->alert_id;
  }
  if (!step.by.empty())
    context.audit.add({sequence, step.at, step.by, step.organisation,
                       step.step == holds::Step::request ? "requestHold" : "answerHold", "alert:" + alert_id,
                       std::string(holds::kStepNames[static_cast<std::size_t>(step.step)])});
  if (context.live != nullptr && context.live->is_ready()) tell_triage(context, step.organisation, alert_id);
}

// Whoever may see it reads the list again; to the person whom it is about nothing happened.
void take_unmasking(Context& context, std::uint64_t sequence, const identity::UnmaskingStep& step) {
  {
    const std::lock_guard lock(context.books_mutex);
    context.unmaskings.apply(step);
  }
  context.audit.add({sequence, step.at, step.by, step.organisation, std::string(operation_of(step.action)),
                     "unmasking:" + step.unmasking_id, std::string(name(step.action))});
  if (context.live == nullptr || !context.live->is_ready()) return;
  context.hub.publish("unmaskings", [&context, id = step.unmasking_id](const EventHub::Reading& reading) {
    const auto unmasking = find_unmasking(context, reading.reader, reading.organisation_id, id);
    return unmasking && is_signed_in(context, reading) ? std::optional<std::string>("{}") : std::nullopt;
  });
}

void take_subject_request(Context& context, std::uint64_t sequence, const legal::RequestStep& step) {
  {
    const std::lock_guard lock(context.books_mutex);
    context.subject_requests.apply(step);
  }
  context.audit.add({sequence, step.at, step.by, step.organisation, std::string(operation_of(step.action)),
                     "request:" + step.request_id, std::string(name(step.action))});
}

void take_step(Context& context, std::uint64_t sequence, const cases::Step& step) {
  {
    const std::lock_guard lock(context.books_mutex);
    context.books[book_of(step)].apply(step);
  }
  context.audit.add({sequence, step.at, step.by, step.organisation, "stepCase", "case:" + step.case_id,
                     std::string(cases::kStepNames[static_cast<std::size_t>(step.action)])});
  if (context.live == nullptr || !context.live->is_ready()) return;
  for (const std::string& id : step.alert_ids) tell_triage(context, book_of(step), id);
}

}  // namespace

live::LiveObserver observer_of(Context& context) {
  live::LiveObserver out;
  out.text = [&context](std::uint64_t sequence, const journal::TextEntry& entry) {
    if (entry.topic == cases::kDecisionTopic)
      if (const auto decided = cases::read_decided(entry.body, entry.at)) take_decisions(context, sequence, *decided);
    if (entry.topic == cases::kStepTopic)
      if (const auto step = cases::read_step(entry.body, entry.at)) take_step(context, sequence, *step);
    if (entry.topic == holds::kHoldTopic)
      if (const auto step = holds::read_hold_step(entry.body, entry.at)) take_hold(context, sequence, *step);
    if (entry.topic == identity::kUnmaskingTopic)
      if (const auto step = identity::read_unmasking_step(entry.body, entry.at))
        take_unmasking(context, sequence, *step);
    if (entry.topic == legal::kSubjectRequestTopic)
      if (const auto step = legal::read_request_step(entry.body, entry.at))
        take_subject_request(context, sequence, *step);
    take_telling(context, sequence, entry);
    if (entry.topic == kUseTopic)
      if (auto use = read_audit(entry.body, sequence, entry.at)) context.audit.add(std::move(*use));
  };
  out.alert = [&context](live::Findings::Told told, const live::AlertRowPtr& alert) {
    if (context.teller != nullptr) context.teller->changed(alert->id);
    context.hub.publish("alert", [&context, told, alert](const EventHub::Reading& reading) {
      return change_text(context, reading, live::name(told), *alert);
    });
  };
  out.feeds = [&context] {
    if (context.teller != nullptr) context.teller->wake();
    context.hub.publish("feeds", [&context](const EventHub::Reading& reading) {
      return is_signed_in(context, reading) ? std::optional<std::string>("{}") : std::nullopt;
    });
  };
  out.rules = [&context] {
    context.hub.publish("rules", [&context](const EventHub::Reading& reading) {
      return is_signed_in(context, reading) ? std::optional<std::string>("{}") : std::nullopt;
    });
  };
  return out;
}

}  // namespace quaywatch::api
