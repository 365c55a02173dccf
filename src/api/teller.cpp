#include "api/teller.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "api/visibility.h"
#include "base/limits_server.h"
#include "cases/decision.h"
#include "telling/send.h"

namespace quaywatch::api {
namespace {

using Lock = std::lock_guard<std::mutex>;
using live::AlertRow;
using telling::Notice;
using telling::Outcome;
using telling::Recipient;

bool has(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool passes(const telling::Filter& filter, const AlertRow& alert) {
  const auto is_in = [](const std::vector<std::string>& wanted, std::string_view word) {
    return wanted.empty() || has(wanted, word);
  };
  return is_in(filter.levels, rules::name(alert.rule->level)) &&
         is_in(filter.statuses, pipeline::name(alert.status)) && is_in(filter.rules, alert.rule->id) &&
         is_in(filter.facilities, alert.facility);
}

Notice notice_of(const AlertRow& a) {
  Notice out;
  out.alert_id = a.id;
  out.revision = a.revision;
  out.status = pipeline::name(a.status);
  out.level = rules::name(a.rule->level);
  out.title = a.rule->title;
  out.facility = a.facility;
  out.event_time = a.event_time;
  return out;
}

bool is_withdrawn(const AlertRow& alert) { return alert.status == pipeline::AlertStatus::withdrawn; }

std::string without(std::string text, const std::string& word) {
  if (word.empty()) return text;
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at)) text.erase(at, word.size());
  return text;
}

}  // namespace

Teller::Teller(Context& context, telling::Configuration configuration, Send send, Say say)
    : context_(context),
      configuration_(std::move(configuration)),
      send_(std::move(send)),
      say_(std::move(say)),
      requests_(context),
      book_(configuration_.on_call, configuration_.per_minute),
      hold_receivers_(configuration_.hold_receivers) {}

// --- the journal ----------------------------------------------------------------------------------------------------

std::optional<Teller::Touched> Teller::take(const journal::TextEntry& entry) {
  const Lock lock(book_mutex_);
  if (entry.topic == telling::kBegunTopic)
    if (const std::string whom = telling::read_whom(entry.body); !whom.empty()) begun_.try_emplace(whom, entry.at);
  if (entry.topic == telling::kEndedTopic) {
    const std::string whom = telling::read_whom(entry.body);
    begun_.erase(whom);
    book_.drop_all(whom);
  }
  if (entry.topic == telling::kAttemptTopic || entry.topic == telling::kWaitingToldTopic)
    if (const auto attempt = telling::read_attempt(entry.body, entry.at)) {
      book_.apply(*attempt);
      auto& counter = attempt->outcome == Outcome::delivered ? counters_.delivered
                      : attempt->outcome == Outcome::failed  ? counters_.failed
                                                             : counters_.withheld;
      ++counter;
      Touched out{attempt->message.recipient.organisation, {}};
      for (const Notice& n : attempt->message.notices) out.alert_ids.push_back(n.alert_id);
      return out;
    }
  if (entry.topic == telling::kAskedTopic)
    if (const auto asked = telling::read_asked(entry.body, entry.at)) {
      book_.apply(*asked);
      return Touched{asked->organisation, {asked->alert_id}};
    }
  if (entry.topic == telling::kAcknowledgedTopic)
    if (const auto acknowledged = telling::read_acknowledged(entry.body, entry.at)) {
      book_.apply(*acknowledged);
      return Touched{acknowledged->organisation, {acknowledged->alert_id}};
    }
  return std::nullopt;
}

void Teller::decided(const std::string& alert_id, const std::string& by, const std::string& organisation,
                     Timestamp at) {
  const auto users = context_.directory->users();
  const Lock lock(book_mutex_);
  const bool is_on_call = std::any_of(users.begin(), users.end(), [&](const identity::User& u) {
    const auto is_named = [&](const telling::OnCall& o) { return o.login == u.login; };
    return u.organisation_id == organisation &&
           std::any_of(book_.on_call().begin(), book_.on_call().end(), is_named);
  });
  if (is_on_call) book_.apply(telling::Acknowledged{at, alert_id, by, organisation});
}

bool Teller::note(std::string_view topic, std::string body, Timestamp at, const std::vector<std::string>& sealed_to) {
  const auto written = context_.live->write([&]() -> Result<std::vector<journal::Entry>> {
    return std::vector{
        journal::sealed_to(sealed_to, at, journal::TextEntry{std::string(topic), at, std::move(body)})};
  });
  return written.has_value();
}

// When and where an alert happened may say which look-up it rests on.
bool Teller::note(const telling::Attempt& attempt) {
  const auto view = context_.live->view();
  std::set<std::string> sealed_to;
  for (const Notice& n : attempt.message.notices)
    if (const auto alert = view->alerts->find(n.alert_id))
      sealed_to.insert(alert->sealed_to.begin(), alert->sealed_to.end());
  return note(telling::topic_of(attempt), telling::to_text(attempt), attempt.at, {sealed_to.begin(), sealed_to.end()});
}

// --- what changed ---------------------------------------------------------------------------------------------------

void Teller::changed(const std::string& alert_id) {
  {
    const Lock lock(changes_mutex_);
    if (changes_.size() < limits::kChangesWaiting)
      changes_.insert(alert_id);
    else
      must_look_at_all_ = true;
    is_woken_ = true;
  }
  woken_.notify_one();
}

void Teller::wake() {
  {
    const Lock lock(changes_mutex_);
    is_woken_ = true;
  }
  woken_.notify_one();
}

void Teller::stop() {
  is_stopping_ = true;
  wake();
}

void Teller::wait(Duration at_most) {
  std::unique_lock lock(changes_mutex_);
  woken_.wait_for(lock, std::chrono::microseconds(at_most.us), [&] { return is_woken_; });
  is_woken_ = false;
}

Teller::Changes Teller::take_changes() {
  const Lock lock(changes_mutex_);
  return {std::exchange(changes_, {}), std::exchange(must_look_at_all_, false)};
}

// --- the configuration ----------------------------------------------------------------------------------------------

void Teller::configure(telling::Configuration configuration) {
  {
    const Lock lock(changes_mutex_);
    next_configuration_ = std::move(configuration);
    is_woken_ = true;
  }
  woken_.notify_one();
}

void Teller::take_configuration() {
  {
    const Lock lock(changes_mutex_);
    const auto next = std::exchange(next_configuration_, std::nullopt);
    if (!next || *next == configuration_) return;
    configuration_ = *next;
    must_look_at_all_ = true;  // who else is to be told, and where to
  }
  std::vector<Recipient> waiting;
  {
    const Lock lock(book_mutex_);
    book_.reconfigure(configuration_.on_call, configuration_.per_minute);
    hold_receivers_ = configuration_.hold_receivers;
    waiting = book_.open_to();
  }
  for (Recipient& recipient : waiting) {
    if (readdress(recipient)) continue;
    std::size_t dropped = 0;
    {
      const Lock lock(book_mutex_);
      dropped = book_.drop_all(recipient.id);
    }
    const auto user = context_.directory->user(recipient.user_id());
    say_(recipient.is_on_call()
             ? fmt::format("telling.toml no longer has '{}' on call; what waited and is not told there: {}",
                           user ? user->login : recipient.id, dropped)
             : fmt::format("telling.toml no longer tells the channel '{}'; what waited and is not told there: {}",
                           recipient.channel, dropped));
  }
  for (const std::string& sentence : unknown()) say_(sentence);
}

// To where the configuration says now; false: it names that recipient no longer.
bool Teller::readdress(Recipient& recipient) const {
  if (!recipient.is_on_call()) {
    const telling::Channel* channel = configuration_.find(recipient.channel);
    return channel != nullptr && !channel->is_for_on_call_only;
  }
  const auto user = context_.directory->user(recipient.user_id());
  const auto is_named = [&](const telling::OnCall& o) { return user && o.login == user->login; };
  const auto on_call = std::find_if(configuration_.on_call.begin(), configuration_.on_call.end(), is_named);
  if (on_call == configuration_.on_call.end()) return false;
  recipient.channel = on_call->channel;
  recipient.to = on_call->to;
  return true;
}

// What was raised before a channel or the list was there is not told to it: the console shows it. One that was gone
// begins anew when it comes back.
void Teller::begin() {
  std::set<std::string> named;
  for (const telling::Channel& channel : configuration_.channels)
    if (!channel.is_for_on_call_only) named.insert("channel:" + channel.name);
  if (!configuration_.on_call.empty()) named.emplace(telling::kOnCall);
  std::vector<std::string> begun, ended;
  {
    const Lock lock(book_mutex_);
    for (const std::string& whom : named)
      if (!begun_.contains(whom)) begun.push_back(whom);
    for (const auto& [whom, at] : begun_)
      if (!named.contains(whom)) ended.push_back(whom);
  }
  for (const std::string& whom : ended) note(telling::kEndedTopic, telling::whom_text(whom), context_.now());
  for (const std::string& whom : begun) note(telling::kBegunTopic, telling::whom_text(whom), context_.now());
}

// --- a round --------------------------------------------------------------------------------------------------------

void Teller::step() {
  take_configuration();
  if (context_.live == nullptr || !context_.live->is_taking()) return;
  begin();
  Changes changes = take_changes();
  const auto view = context_.live->view();  // behind the changes: it holds them
  if (changes.all) {
    for (const auto& row : *view->alerts) changes.alert_ids.insert(row->id);
    const Lock lock(book_mutex_);
    for (const auto& [id, notice] : book_.standing()) changes.alert_ids.insert(id);
  }
  for (const std::string& id : changes.alert_ids) look(id, *view);
  look_at_requests();
  std::set<std::string> waiting;
  std::vector<telling::Message> due;
  {
    const Lock lock(book_mutex_);
    waiting = book_.waiting();
  }
  for (const std::string& id : waiting)
    if (const auto alert = view->alerts->find(id)) ask(*alert);
  {
    const Lock lock(book_mutex_);
    due = book_.due(context_.now());
  }
  for (const telling::Message& message : due)
    if (!is_stopping_ && may_still_tell(message, *view)) deliver(message);
}

std::vector<std::string> Teller::unknown() const {
  std::vector<std::string> out;
  for (const telling::Channel& channel : configuration_.channels)
    if (!organisation_of(channel))
      out.push_back(fmt::format("telling.toml: channel '{}' is of the organisation '{}', which does not exist: nothing "
                                "is told there. Create it, or correct the name",
                                channel.name, channel.organisation));
  const auto users = context_.directory->users();
  for (const telling::OnCall& on_call : configuration_.on_call)
    if (std::none_of(users.begin(), users.end(), [&](const auto& u) { return u.login == on_call.login; }))
      out.push_back(fmt::format("telling.toml: '{}' is on call and no user: the next one is asked. Create the user, or "
                                "correct the login",
                                on_call.login));
  return out;
}

// --- who is told ----------------------------------------------------------------------------------------------------

bool Teller::is_news(const AlertRow& alert, const std::string& to_whom) const {
  const Lock lock(book_mutex_);
  const auto begun = begun_.find(to_whom);
  return begun != begun_.end() && alert.raised_at >= begun->second && !is_withdrawn(alert) && !alert.exception;
}

void Teller::look(const std::string& alert_id, const live::View& view) {
  const auto row = view.alerts->find(alert_id);
  if (row == nullptr) return withdraw(alert_id);
  const AlertRow& alert = *row;
  const Notice notice = notice_of(alert);
  offer_channels(alert, notice);
  offer_on_call(alert, notice);
  const bool is_asked_about = is_news(alert, std::string(telling::kOnCall)) && passes(configuration_.filter, alert);
  {
    const Lock lock(book_mutex_);
    if (is_withdrawn(alert)) book_.stop_waiting(alert_id);
    if (is_asked_about) book_.wait_again(alert_id);
  }
  if (is_asked_about) ask(alert);
}

std::optional<identity::Organisation> Teller::organisation_of(const telling::Channel& channel) const {
  for (auto& o : context_.directory->organisations())
    if (o.id == channel.organisation || o.name == channel.organisation) return std::move(o);
  return std::nullopt;
}

// As a reader of its organisation; and nobody who reads there may be who the alert is about.
bool Teller::may_tell(const telling::Channel& channel, const identity::Organisation& organisation,
                      const AlertRow& alert) const {
  if (!may_see(reader_of({}, organisation), alert)) return false;
  const auto readers = readers_of(channel, organisation);
  return std::all_of(readers.begin(), readers.end(), [&](const identity::User& user) {
    return may_see(reader_of(user, organisation), alert);
  });
}

std::vector<identity::User> Teller::readers_of(const telling::Channel& channel,
                                               const identity::Organisation& organisation) const {
  std::vector<identity::User> out = context_.directory->users();
  std::erase_if(out, [&](const identity::User& user) {
    return channel.read_by.empty() ? user.organisation_id != organisation.id : !has(channel.read_by, user.login);
  });
  return out;
}

void Teller::offer_channels(const AlertRow& alert, const Notice& notice) {
  for (const telling::Channel& channel : configuration_.channels) {
    const auto organisation = channel.is_for_on_call_only ? std::nullopt : organisation_of(channel);
    if (!organisation) continue;
    const Recipient recipient{"channel:" + channel.name, channel.name, {}, organisation->id};
    bool was_told = false, is_known = false;
    {
      const Lock lock(book_mutex_);
      const auto told = book_.told_of(alert.id);
      was_told = std::any_of(told.begin(), told.end(), [&](const Recipient& r) { return r.id == recipient.id; });
      is_known = book_.knows(recipient.id, alert.id);
    }
    if (!was_told && !(is_news(alert, recipient.id) && passes(channel.filter, alert))) continue;
    const bool may = may_tell(channel, *organisation, alert);
    if (may) {
      const Lock lock(book_mutex_);
      book_.offer(recipient, notice, context_.now());
    } else if (!is_known) {
      withhold(recipient, {notice});
    }
  }
}

void Teller::withhold(const Recipient& recipient, std::vector<Notice> notices, std::vector<telling::Waiting> waiting) {
  const Timestamp now = context_.now();
  const telling::Message message{{}, recipient, std::move(notices), now, 1, std::move(waiting)};
  const telling::Attempt attempt{now, message, Outcome::withheld, {}};
  note(attempt);
}

std::optional<Recipient> Teller::recipient_of(const telling::OnCall& on_call, const AlertRow& alert) const {
  for (const identity::User& user : context_.directory->users()) {
    if (user.login != on_call.login || user.is_disabled || !user.has(identity::Role::officer)) continue;
    const auto organisation = context_.directory->organisation(user.organisation_id);
    if (!organisation || !may_see(reader_of(user, *organisation), alert)) return std::nullopt;
    return Recipient{"user:" + user.id, on_call.channel, on_call.to, user.organisation_id};
  }
  return std::nullopt;
}

// Who was asked is told how it goes on.
void Teller::offer_on_call(const AlertRow& alert, const Notice& notice) {
  const auto told = story(alert.id);
  if (!told) return;
  for (const telling::OnCall& on_call : configuration_.on_call) {
    const bool was_asked = std::any_of(told->asked.begin(), told->asked.end(), [&](const telling::Asked& a) {
      return a.login == on_call.login && !a.is_withheld;
    });
    const auto recipient = was_asked ? recipient_of(on_call, alert) : std::nullopt;
    if (!recipient) continue;
    const Lock lock(book_mutex_);
    book_.offer(*recipient, notice, context_.now());
  }
}

// Asks who is next, and past those who may not know, until somebody was asked or the list is at its end.
void Teller::ask(const AlertRow& alert) {
  for (std::size_t i = 0; i <= configuration_.on_call.size(); ++i) {
    const Timestamp now = context_.now();
    std::optional<std::size_t> next;
    {
      const Lock lock(book_mutex_);
      next = book_.next_on_call(alert.id, now);
    }
    if (!next) return;
    telling::Asked asked{now, alert.id, {}, {}, {}};
    std::optional<Recipient> recipient;
    if (*next < configuration_.on_call.size()) {
      const telling::OnCall& on_call = configuration_.on_call[*next];
      recipient = recipient_of(on_call, alert);
      asked.login = on_call.login;
      asked.is_withheld = !recipient;
      if (recipient) asked.user_id = recipient->user_id(), asked.organisation = recipient->organisation;
    }
    if (!note(telling::kAskedTopic, telling::to_text(asked), now)) return;
    if (!recipient) continue;
    const Lock lock(book_mutex_);
    return book_.offer(*recipient, notice_of(alert), now);
  }
}

// Told once, and today's rules or data do not give it any more, not even as withdrawn.
void Teller::withdraw(const std::string& alert_id) {
  const Lock lock(book_mutex_);
  book_.stop_waiting(alert_id);
  const auto standing = book_.standing();
  const auto at = standing.find(alert_id);
  if (at == standing.end()) return;
  Notice notice = at->second;
  notice.status = pipeline::name(pipeline::AlertStatus::withdrawn);
  ++notice.revision;
  for (Recipient& recipient : book_.told_of(alert_id))
    if (readdress(recipient)) book_.offer(recipient, notice, context_.now());
}

// --- sending --------------------------------------------------------------------------------------------------------

// Between offer and sending a receiver may have been away for a day: who reads there, and whose accounts are whose, may
// have changed since. What must not be told is taken out, and the next round makes the message anew.
bool Teller::may_still_tell(const telling::Message& message, const live::View& view) {
  if (!message.waiting.empty()) return may_still_ask(message);
  const Recipient& recipient = message.recipient;
  const auto may_know = [&](const AlertRow& alert) {
    if (recipient.is_on_call())
      return std::any_of(configuration_.on_call.begin(), configuration_.on_call.end(), [&](const auto& on_call) {
        const auto now = recipient_of(on_call, alert);
        return now && now->id == recipient.id;
      });
    const telling::Channel* channel = configuration_.find(recipient.channel);
    const auto organisation = channel == nullptr ? std::nullopt : organisation_of(*channel);
    return organisation && may_tell(*channel, *organisation, alert);
  };
  bool may = true;
  for (const Notice& n : message.notices) {
    const auto alert = view.alerts->find(n.alert_id);
    if (alert == nullptr || may_know(*alert)) continue;  // not there: only its withdrawal is told
    may = false;
    {
      const Lock lock(book_mutex_);
      book_.drop(recipient.id, n.alert_id);
    }
    withhold(recipient, {n});
  }
  return may;
}

void Teller::deliver(const telling::Message& message) {
  const telling::Channel* channel = configuration_.find(message.recipient.channel);
  if (channel == nullptr) return;
  const auto sent = send_(*channel, configuration_.console, message, context_.now());
  telling::Attempt attempt{context_.now(), message, sent ? Outcome::delivered : Outcome::failed, {}};
  if (!sent) {
    const std::string& to = message.recipient.to.empty() ? channel->to : message.recipient.to;
    attempt.detail = without(sent.error().message, to);
    if (message.attempt == 1) say_(fmt::format("channel '{}': {}; it is tried again", channel->name, attempt.detail));
  }
  // What is not on record would be sent again and again: the next round waits as after a failure.
  if (note(attempt)) return;
  attempt.outcome = Outcome::failed;
  const Lock lock(book_mutex_);
  book_.apply(attempt);
}

Result<void> Teller::hand_over(const telling::HoldReceiver& receiver, const telling::Parcel& parcel) {
  std::optional<telling::Channel> channel;
  {
    const Lock lock(changes_mutex_);
    if (const telling::Channel* named = configuration_.find(receiver.channel)) channel = *named;
  }
  if (!channel) return fail(ErrorCode::not_found, "telling.toml names this channel no longer");
  const auto sent = telling::send_parcel(*channel, receiver.to, parcel, context_.now());
  if (sent) return {};
  const std::string& to = receiver.to.empty() ? channel->to : receiver.to;
  return fail(sent.error().code, without(sent.error().message, to));
}

// --- reading --------------------------------------------------------------------------------------------------------

Teller::Counters Teller::counters() const {
  const Lock lock(book_mutex_);
  Counters out = counters_;
  out.open = book_.open();
  out.waiting = book_.waiting().size();
  return out;
}

std::vector<telling::HoldReceiver> Teller::hold_receivers() const {
  const Lock lock(book_mutex_);
  return hold_receivers_;
}

std::optional<telling::Story> Teller::story(const std::string& alert_id) const {
  const Lock lock(book_mutex_);
  const telling::Story* found = book_.story(alert_id);
  return found == nullptr ? std::nullopt : std::optional(*found);
}

std::optional<Timestamp> Teller::next_at(const std::string& alert_id) const {
  const Lock lock(book_mutex_);
  return book_.next_at(alert_id);
}

}  // namespace quaywatch::api
