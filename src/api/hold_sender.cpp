#include "api/hold_sender.h"

#include <algorithm>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <string>

#include "api/hold_watch.h"
#include "api/teller.h"
#include "base/limits_server.h"

namespace quaywatch::api {
namespace {

using holds::Hold;
using holds::HoldStep;

telling::Parcel parcel_of(const holds::Order& order, const telling::HoldReceiver& to) {
  const telling::Document edi{"application/EDIFACT", order.hold_id + ".edi", holds::cohaor(order)};  // RFC 1767
  const telling::Document csv{"text/csv; charset=utf-8", order.hold_id + ".csv", holds::csv(order)};
  telling::Parcel out{order.hold_id, holds::subject(order, to.language), {}};
  switch (to.form) {
    case telling::HoldForm::cohaor:
      out.documents = {edi};
      break;
    case telling::HoldForm::csv:
      out.documents = {csv};
      break;
    case telling::HoldForm::mail:
      out.documents = {{"text/plain; charset=utf-8", {}, holds::body(order, to.language)}, edi, csv};
      break;
  }
  return out;
}

}  // namespace

Result<void> HoldSender::send(const Hold& hold) const {
  const auto receivers = context_.teller->hold_receivers();
  const auto is_chosen = [&](const telling::HoldReceiver& r) { return r.name == hold.receiver; };
  const auto at = std::find_if(receivers.begin(), receivers.end(), is_chosen);
  if (at == receivers.end()) return fail(ErrorCode::not_found, "telling.toml names this receiver no longer");
  return context_.teller->hand_over(*at, parcel_of(order_of(context_, hold), *at));
}

bool HoldSender::hand_over(const Hold& hold) {
  const Timestamp now = context_.now();
  const bool is_waiting = hold.failed_at && now < *hold.failed_at + telling::retry_after(hold.failures);
  // The outbox first; what cannot be written there goes out all the same.
  const bool is_new = !hold.sent_at && now < hold.requested_at + limits::kTellingRetryFirst;
  if (is_waiting || is_new || now < not_before_) return true;
  const auto done = send(hold);
  HoldStep step{context_.now(), {}, hold.organisation, hold.id, done ? holds::Step::delivered : holds::Step::failed,
                {},             {}, {},                {}};
  if (!done) step.reason = done.error().message.substr(0, limits::kReasonBytes);
  step.attempt = hold.failures + 1;
  // What is not on record would be sent again and again.
  if (!note_hold(context_, step)) not_before_ = context_.now() + limits::kTellingRetryMost;
  return done.has_value();
}

void HoldSender::step() {
  if (!context_.live->is_taking()) return;
  std::vector<Hold> waiting;
  {
    const std::shared_lock lock(context_.books_mutex);
    waiting = context_.holds.to_send(context_.now());
  }
  std::set<std::string> failing;
  for (const Hold& hold : waiting) {
    if (context_.teller->is_stopping()) return;
    if (!failing.contains(hold.receiver) && !hand_over(hold)) failing.insert(hold.receiver);
  }
}

}  // namespace quaywatch::api
