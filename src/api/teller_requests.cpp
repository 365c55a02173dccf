// Teller: requests that wait for a second person.
#include <algorithm>
#include <set>

#include "api/teller.h"

namespace quaywatch::api {
namespace {

using Lock = std::lock_guard<std::mutex>;
using telling::Recipient;

}  // namespace

// Everybody on call who may answer is told at once, and no clock runs: a request waits for days, an alert does not.
void Teller::look_at_requests() {
  if (configuration_.is_empty()) return;
  const auto requests = requests_.at(context_.now());
  {
    std::set<telling::Waiting> waiting;
    for (const WaitingRequest& r : requests) waiting.insert(r.what);
    const Lock lock(book_mutex_);
    book_.drop_all_but(waiting);
  }
  if (requests.empty()) return;
  const auto users = context_.directory->users();
  for (const WaitingRequest& request : requests) {
    for (const telling::Channel& channel : configuration_.channels)
      if (const auto organisation = channel.is_for_on_call_only ? std::nullopt : organisation_of(channel))
        look(request, {"channel:" + channel.name, channel.name, {}, organisation->id}, "channel:" + channel.name);
    for (const telling::OnCall& on_call : configuration_.on_call)
      for (const identity::User& user : users)
        if (user.login == on_call.login)
          look(request, {"user:" + user.id, on_call.channel, on_call.to, user.organisation_id},
               std::string(telling::kOnCall));
  }
}

void Teller::look(const WaitingRequest& request, const Recipient& recipient, const std::string& begun_as) {
  bool was_withheld = false;
  {
    const Lock lock(book_mutex_);
    const auto begun = begun_.find(begun_as);
    if (begun == begun_.end() || request.since < begun->second) return;
    if (book_.knows(recipient.id, request.what, false)) return;
    was_withheld = book_.knows(recipient.id, request.what, true);
  }
  const Concern concern = concern_of(request, recipient);
  if (concern == Concern::must_not_know && !was_withheld) withhold(recipient, {}, {request.what});
  if (concern != Concern::may_answer) return;
  const Lock lock(book_mutex_);
  book_.offer(recipient, request.what, context_.now());
}

// Of a channel: somebody who reads there may answer, and nobody who reads there must not know.
Concern Teller::concern_of(const WaitingRequest& request, const Recipient& recipient) const {
  const auto organisation = context_.directory->organisation(recipient.organisation);
  if (!organisation) return Concern::none;
  if (recipient.is_on_call()) {
    const auto user = context_.directory->user(recipient.user_id());
    return user ? request.concern(*user, *organisation) : Concern::none;
  }
  const telling::Channel* channel = configuration_.find(recipient.channel);
  if (channel == nullptr) return Concern::none;
  bool may_answer = false, must_not_know = false;
  for (const identity::User& user : readers_of(*channel, *organisation)) {
    const Concern concern = request.concern(user, *organisation);
    may_answer |= concern == Concern::may_answer;
    must_not_know |= concern == Concern::must_not_know;
  }
  return !may_answer ? Concern::none : must_not_know ? Concern::must_not_know : Concern::may_answer;
}

// It may have been answered since, or who reads there may be others.
bool Teller::may_still_ask(const telling::Message& message) {
  const auto requests = requests_.at(context_.now());
  bool may = true;
  for (const telling::Waiting& waiting : message.waiting) {
    const auto at = std::find_if(requests.begin(), requests.end(),
                                 [&](const WaitingRequest& r) { return r.what == waiting; });
    const Concern concern = at == requests.end() ? Concern::none : concern_of(*at, message.recipient);
    if (concern == Concern::may_answer) continue;
    may = false;
    {
      const Lock lock(book_mutex_);
      book_.drop(message.recipient.id, waiting);
    }
    if (concern == Concern::must_not_know) withhold(message.recipient, {}, {waiting});
  }
  return may;
}

}  // namespace quaywatch::api
