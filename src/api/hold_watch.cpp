#include "api/hold_watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <optional>

#include "api/answer.h"
#include "api/parameters.h"
#include "api/teller.h"
#include "api/visibility.h"
#include "base/limits_server.h"
#include "holds/request.h"
#include "io/files.h"

namespace quaywatch::api {
namespace {

using holds::Hold;
using holds::HoldStep;

// When the box left, if it did since what the alert tells of and before it was answered, and did not come back until
// then. An earlier visit, or the loading at another port, does not count.
std::optional<live::Happening> left_before_answer(Context& context, const Hold& hold) {
  const auto organisation = context.directory->organisation(hold.organisation);
  if (!organisation) return std::nullopt;
  const identity::Reader reader = reader_of({}, *organisation);
  const auto view = context.live->view();
  const auto alert = view->alerts->find(hold.alert_id);
  const Timestamp since = alert == nullptr ? hold.requested_at : alert->event_time;
  const Timestamp until = hold.answered_at.value_or(Timestamp::max());
  const auto last = context.live->latest({SubjectKind::container, hold.container}, [&](const Event& e) {
    const bool is_move = e.type == EventType::container_gate_in || e.type == EventType::container_gate_out ||
                         e.type == EventType::container_loaded || e.type == EventType::container_discharged;
    const bool is_then = e.event_time >= since && e.event_time <= until;
    return is_move && is_then && e.classifier == Classifier::actual && may_see(reader, e);
  });
  const bool has_left =
      last && (last->type == EventType::container_gate_out || last->type == EventType::container_loaded);
  return has_left ? last : std::nullopt;
}

}  // namespace

holds::Order order_of(const Context& context, const Hold& hold) {
  const auto organisation = context.directory->organisation(hold.organisation);
  return {hold.id, hold.container, hold.facility, organisation ? organisation->name : "Quaywatch", hold.requested_at};
}

Result<void> note_hold(Context& context, const HoldStep& step) {
  return context.live->write([&]() -> Result<std::vector<journal::Entry>> {
    const std::shared_lock lock(context.books_mutex);
    if (const std::string why = context.holds.refuse(step); !why.empty()) return fail(ErrorCode::invalid_argument, why);
    return std::vector<journal::Entry>{
        journal::TextEntry{std::string(holds::kHoldTopic), step.at, holds::to_text(step)}};
  });
}

std::optional<io::HttpResponse> write_hold_step(Context& context, const holds::HoldStep& step) {
  const auto written = note_hold(context, step);
  if (written) return std::nullopt;
  const Error& e = written.error();
  return e.code == ErrorCode::invalid_argument ? problem(409, "conflict", e.message) : problem(e);
}

std::optional<io::HttpResponse> write_hold_answer(Context& context, const Call& call, const std::string& id) {
  Reading in(call.body, {"answer", "reason"});
  const std::string answer = in.text("answer", 16, true);
  const std::string reason = in.text("reason", limits::kReasonBytes, true);
  if (in.is_good() && answer != "held" && answer != "refused") in.refuse("answer", "it is held or refused");
  if (!in.is_good()) return invalid(in);
  const holds::HoldStep step{call.now,    call.user.id, call.organisation.id,
                      id,          answer == "held" ? holds::Step::answer : holds::Step::refuse,
                      reason,      {},           {},
                      {}};
  if (auto refused = write_hold_step(context, step)) return refused;
  if (context.teller != nullptr) context.teller->wake();
  return std::nullopt;
}

Result<void> put_into_outbox(Context& context, const Hold& hold) {
  const holds::Order order = order_of(context, hold);
  if (auto made = io::create_folders(context.outbox, 0700); !made) return made;
  const std::pair<const char*, std::string> files[] = {
      {".csv", holds::csv(order)}, {".txt", holds::mail_text(order, Language::en)}, {".edi", holds::cohaor(order)}};
  for (const auto& [ending, bytes] : files)
    if (auto written = io::write_file_atomic(context.outbox + "/" + hold.id + ending, bytes, 0600); !written)
      return written;
  return note_hold(context, {context.now(), {}, hold.organisation, hold.id, holds::Step::sent, {}, {}, {}, {}});
}

void HoldWatch::follow(const Hold& hold) {
  // What the disk refuses is tried again with the next round; the hold says that it was not sent.
  if (!hold.sent_at && !put_into_outbox(context_, hold)) {
    is_unsent_ = true;
    return;
  }
  const auto left = left_before_answer(context_, hold);
  if (!left) return;
  const std::string reason = fmt::format("{} at {}: the box had left before the answer", info(left->type).name,
                                         format_rfc3339(left->event_time));
  // Refused when somebody was faster: the next round sees that.
  (void)note_hold(context_,
                  {context_.now(), {}, hold.organisation, hold.id, holds::Step::too_late, reason, {}, {}, {}});
}

void HoldWatch::step() {
  if (!context_.live->is_taking()) return;
  auto view = context_.live->view();
  std::vector<Hold> open;
  {
    const std::shared_lock lock(context_.books_mutex);
    const bool is_as_before = view == seen_ && context_.holds.steps() == steps_ && !is_unsent_;
    if (is_as_before) return;
    steps_ = context_.holds.steps();
    open = context_.holds.open(context_.now());
  }
  seen_ = std::move(view);
  is_unsent_ = false;
  for (const Hold& hold : open) follow(hold);
}

}  // namespace quaywatch::api
