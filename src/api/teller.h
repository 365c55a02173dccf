// Teller: brings what stands to those who are to be told, through their walls, and runs the clock of the on-call list.
// Requests that wait for a second person go to whoever may answer them, by the same channels (docs/decisions/0017).
// `step` does one round; a thread of the program calls it. Detection only leaves the id of what changed (`changed`) and
// never waits for a receiver: what cannot be held is found again by looking at everything. Another configuration is
// left in the same way and taken up by the next round, whose thread alone reads it.
//
// Everything done is an entry of the journal: an attempt behind it (so it may be repeated after a crash, with the same
// message id), the asking of a person before it. Lock order: the engine's (Live), then that of the book. Thread-safe,
// but `step` belongs to one thread.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "api/context.h"
#include "api/waiting.h"
#include "telling/book.h"
#include "telling/configuration.h"
#include "telling/parcel.h"

namespace quaywatch::api {

class Teller {
 public:
  using Send = std::function<Result<void>(const telling::Channel&, const std::string& console, const telling::Message&,
                                          Timestamp now)>;
  using Say = std::function<void(const std::string& sentence)>;
  Teller(Context& context, telling::Configuration configuration, Send send, Say say);

  // What an entry concerns: whose, and which alerts.
  struct Touched {
    std::string organisation;
    std::vector<std::string> alert_ids;
  };
  std::optional<Touched> take(const journal::TextEntry& entry);  // of the input log, in its order
  // A decision on the alert is an answer too, when somebody of that organisation is on call.
  void decided(const std::string& alert_id, const std::string& by, const std::string& organisation, Timestamp at);
  void changed(const std::string& alert_id);
  // What waits for whom it names no longer is dropped, which is said. Nothing happens where it is the one in force.
  void configure(telling::Configuration configuration);

  // Where requests to hold may be sent, by the configuration.
  std::vector<telling::HoldReceiver> hold_receivers() const;
  // Hands it to one of them, and waits for it; an Error names no address.
  Result<void> hand_over(const telling::HoldReceiver& receiver, const telling::Parcel& parcel);

  // Organisations and users that the configuration names and nobody knows, as sentences. Not while `step` runs.
  std::vector<std::string> unknown() const;

  void step();
  void stop();  // the round under way ends with the message that it is sending
  bool is_stopping() const { return is_stopping_; }
  // Until something changed, `wake` was called, or at most so long.
  void wait(Duration at_most);
  void wake();

  struct Counters {
    std::uint64_t delivered = 0, failed = 0, withheld = 0;  // messages, since the start of the journal
    std::size_t open = 0;                                   // notices to be delivered
    std::size_t waiting = 0;                                // alerts asked about and not acknowledged
  };
  Counters counters() const;
  // A copy: the book goes on.
  std::optional<telling::Story> story(const std::string& alert_id) const;
  std::optional<Timestamp> next_at(const std::string& alert_id) const;  // when the next on call is asked

 private:
  struct Changes {
    std::set<std::string> alert_ids;
    bool all = false;
  };
  Changes take_changes();
  void take_configuration();
  bool readdress(telling::Recipient& recipient) const;
  void begin();
  void look(const std::string& alert_id, const live::View& view);
  void offer_channels(const live::AlertRow& alert, const telling::Notice& notice);
  void withhold(const telling::Recipient& recipient, std::vector<telling::Notice> notices,
                std::vector<telling::Waiting> waiting = {});
  void offer_on_call(const live::AlertRow& alert, const telling::Notice& notice);
  void ask(const live::AlertRow& alert);
  void withdraw(const std::string& alert_id);
  bool may_still_tell(const telling::Message& message, const live::View& view);
  // Requests that wait (teller_requests.cpp).
  void look_at_requests();
  void look(const WaitingRequest& request, const telling::Recipient& recipient, const std::string& begun_as);
  Concern concern_of(const WaitingRequest& request, const telling::Recipient& recipient) const;
  bool may_still_ask(const telling::Message& message);
  void deliver(const telling::Message& message);
  std::optional<identity::Organisation> organisation_of(const telling::Channel& channel) const;
  // Who reads what arrives there.
  std::vector<identity::User> readers_of(const telling::Channel& channel,
                                         const identity::Organisation& organisation) const;
  bool may_tell(const telling::Channel& channel, const identity::Organisation& organisation,
                const live::AlertRow& alert) const;
  std::optional<telling::Recipient> recipient_of(const telling::OnCall& on_call, const live::AlertRow& alert) const;
  bool is_news(const live::AlertRow& alert, const std::string& to_whom) const;
  bool note(std::string_view topic, std::string body, Timestamp at, const std::vector<std::string>& sealed_to = {});
  bool note(const telling::Attempt& attempt);

  Context& context_;
  telling::Configuration configuration_;  // of the thread that calls `step`; changed under changes_mutex_
  const Send send_;
  const Say say_;
  WaitingRequests requests_;
  mutable std::mutex book_mutex_;
  telling::Book book_;
  std::vector<telling::HoldReceiver> hold_receivers_;  // of the configuration
  std::map<std::string, Timestamp> begun_;  // by channel:NAME or on_call
  Counters counters_;

  std::mutex changes_mutex_;
  std::condition_variable woken_;
  std::set<std::string> changes_;
  std::optional<telling::Configuration> next_configuration_;
  std::atomic<bool> is_stopping_ = false;
  bool must_look_at_all_ = true;
  bool is_woken_ = false;
};

}  // namespace quaywatch::api
