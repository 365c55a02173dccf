#include "api/telling_pages.h"

#include <algorithm>
#include <mutex>

#include "api/teller.h"

namespace quaywatch::api {
namespace {

using nlohmann::ordered_json;
using telling::Outcome;

// Of a recipient's id: the user, where it is one.
ordered_json user_json(const Context& context, const Eyes& eyes, const std::string& recipient) {
  constexpr std::string_view prefix = "user:";
  if (!recipient.starts_with(prefix)) return nullptr;
  return person_json(context, eyes.organisation_id, recipient.substr(prefix.size()));
}

ordered_json attempt_json(const Context& context, const Eyes& eyes, const telling::Attempt& a) {
  const telling::Notice& notice = a.message.notices.front();
  ordered_json j{{"at", format_rfc3339(a.at)},
                 {"channel", a.message.recipient.channel},
                 {"to", user_json(context, eyes, a.message.recipient.id)},
                 {"news", telling::name(notice.news)},
                 {"revision", notice.revision},
                 {"outcome", telling::name(a.outcome)},
                 {"attempt", a.message.attempt}};
  if (!a.detail.empty()) j["detail"] = a.detail;
  return j;
}

ordered_json step_json(const Context& context, const Eyes& eyes, const holds::HoldStep& s) {
  ordered_json j{{"at", format_rfc3339(s.at)}};
  j["by"] = s.by.empty() ? ordered_json(nullptr) : person_json(context, eyes.organisation_id, s.by);
  j["step"] = holds::kStepNames[static_cast<std::size_t>(s.step)];
  if (!s.reason.empty()) j["reason"] = s.reason;
  if (s.attempt > 0) j["attempt"] = s.attempt;
  return j;
}

}  // namespace

ordered_json telling_json(const Context& context, const Eyes& eyes, const live::AlertRow& alert) {
  ordered_json j{{"told", ordered_json::array()}, {"asked", ordered_json::array()}, {"acknowledged", nullptr},
                 {"next_at", nullptr},            {"is_at_its_end", false}};
  const auto story = context.teller == nullptr ? std::nullopt : context.teller->story(alert.id);
  if (!story) return j;
  for (const auto& a : story->attempts)
    if (a.outcome != Outcome::withheld && a.message.recipient.organisation == eyes.organisation_id)
      j["told"].push_back(attempt_json(context, eyes, a));
  bool is_concerned = false;
  for (const auto& a : story->asked) {
    if (a.is_withheld || a.organisation != eyes.organisation_id) continue;
    is_concerned = true;
    j["asked"].push_back(
        {{"at", format_rfc3339(a.at)}, {"who", person_json(context, eyes.organisation_id, a.user_id)}});
  }
  if (story->acknowledged && (is_concerned || story->acknowledged->organisation == eyes.organisation_id)) {
    const auto& done = *story->acknowledged;
    j["acknowledged"] = {{"at", format_rfc3339(done.at)},
                         {"by", person_json(context, eyes.organisation_id, done.by)}};
    if (!story->asked.empty())
      j["acknowledged"]["after_s"] = std::max<std::int64_t>(0, (done.at - story->asked.front().at).whole_seconds());
  }
  if (!is_concerned) return j;
  const bool stands = alert.status != pipeline::AlertStatus::withdrawn;
  j["next_at"] = stands ? time_or_null(context.teller->next_at(alert.id)) : ordered_json(nullptr);
  j["is_at_its_end"] = !story->acknowledged && story->is_at_its_end();
  return j;
}

ordered_json holds_json(const Context& context, const Eyes& eyes, const std::string& alert_id) {
  auto out = ordered_json::array();
  const std::shared_lock lock(context.books_mutex);
  for (const holds::Hold* hold : context.holds.of_alert(alert_id, eyes.organisation_id)) {
    ordered_json j{{"hold_id", hold->id},
                   {"container", hold->container},
                   {"facility", hold->facility},
                   {"state", holds::name(hold->state)},
                   {"requested_at", format_rfc3339(hold->requested_at)},
                   {"sent_at", time_or_null(hold->sent_at)},
                   {"answered_at", time_or_null(hold->answered_at)},
                   {"receiver", hold->receiver.empty() ? ordered_json(nullptr) : ordered_json(hold->receiver)},
                   {"sending", holds::name(hold->sending(context.now()))},
                   {"delivered_at", time_or_null(hold->delivered_at)},
                   {"steps", ordered_json::array()}};
    for (const auto& s : hold->steps) j["steps"].push_back(step_json(context, eyes, s));
    out.push_back(std::move(j));
  }
  return out;
}

}  // namespace quaywatch::api
