// Book: who was told what, and what is still to be told: a projection of the journal (`apply`), built anew at every
// start, and of what stands now (`offer`). It sends nothing and asks no clock.
//
// Invariants: what a receiver has taken is not told again, also after a restart, because its `Attempt` is in the
// journal. What was not taken stays open until it was, or until the alert is withdrawn without having been told. An
// alert is open at most once per recipient, with its latest revision; more than a minute allows go together into one
// message. Nothing is dropped by itself. A request that waits for a second person is told once, and is never revised.
// Not thread-safe.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "telling/configuration.h"
#include "telling/notice.h"
#include "telling/record.h"

namespace quaywatch::telling {

// How it went with an alert: what the interface shows.
struct Story {
  // Oldest first; of a grouped message with the notice of this alert alone, of failures until the next one the last.
  std::vector<Attempt> attempts;
  std::vector<Asked> asked;
  std::optional<Acknowledged> acknowledged;

  bool is_at_its_end() const { return !asked.empty() && asked.back().login.empty(); }
  bool is_asking() const { return !asked.empty() && !acknowledged && !is_at_its_end(); }
};

// How long the next attempt waits after so many that failed in a row.
Duration retry_after(std::uint32_t failures);

class Book {
 public:
  Book(std::vector<OnCall> on_call, std::uint32_t per_minute) : on_call_(std::move(on_call)), per_minute_(per_minute) {}

  void apply(const Attempt& attempt);
  void apply(const Asked& asked);
  void apply(const Acknowledged& acknowledged);

  // What stands of an alert now, for one who may read it; `notice.news` is found here.
  void offer(const Recipient& recipient, Notice notice, Timestamp now);
  // The recipient may not know any more: what is open is not told.
  void drop(const std::string& recipient_id, const std::string& alert_id);
  // A request that waits; nothing happens where it was told or is open.
  void offer(const Recipient& recipient, const Waiting& waiting, Timestamp now);
  void drop(const std::string& recipient_id, const Waiting& waiting);
  void drop_all_but(const std::set<Waiting>& waiting);  // what was decided is not told
  // It was told, is open, or was withheld: with `also_withheld`.
  bool knows(const std::string& recipient_id, const Waiting& waiting, bool also_withheld) const;
  std::vector<Recipient> open_to() const;  // who has something open
  // The recipient is there no longer: also what was tried and not taken is over. How much was open.
  std::size_t drop_all(const std::string& recipient_id);

  // Another list and limit. Clocks that run go on; who failed is tried at once, as for the first time.
  void reconfigure(std::vector<OnCall> on_call, std::uint32_t per_minute);
  // What was last delivered to the recipient, or withheld from it.
  bool knows(const std::string& recipient_id, const std::string& alert_id) const;
  std::vector<Recipient> told_of(const std::string& alert_id) const;
  // Alerts of which somebody was told that they stand.
  std::map<std::string, Notice> standing() const;

  // The next message to each recipient that may be sent now.
  std::vector<Message> due(Timestamp now) const;
  std::size_t open() const;  // notices not yet delivered

  // The place in the list of who must be asked now; its size: the list is at its end. nullopt: nobody.
  std::optional<std::size_t> next_on_call(const std::string& alert_id, Timestamp now) const;
  // When whoever was asked last has had his time; nullopt: no clock runs.
  std::optional<Timestamp> next_at(const std::string& alert_id) const;
  // Alerts for which somebody was asked and nobody has acknowledged.
  const std::set<std::string>& waiting() const { return waiting_; }
  void stop_waiting(const std::string& alert_id) { waiting_.erase(alert_id); }  // it was withdrawn
  void wait_again(const std::string& alert_id);                                // it stands again
  const Story* story(const std::string& alert_id) const;
  const std::vector<OnCall>& on_call() const { return on_call_; }

 private:
  struct Line {
    Notice told;                  // what was delivered last; revision 0: nothing
    Timestamp told_at;
    std::optional<Notice> open;
    Timestamp due_at;
    bool is_withheld = false, was_tried = false;
  };
  struct Request {  // that waits
    bool is_told = false, is_withheld = false, is_open = false;
    Timestamp due_at;
  };
  struct Post {  // of one recipient
    Recipient recipient;
    std::map<std::string, Line> lines;  // by alert
    std::set<std::string> open;         // alerts
    std::map<Waiting, Request> requests;
    std::deque<Timestamp> sent;         // within the last minute
    std::uint32_t failures = 0;         // in a row
    Timestamp retry_at = Timestamp::min();
  };
  void deliver(Post& post, const Attempt& attempt);
  static std::vector<const Line*> due_lines(const Post& post, Timestamp now);
  static std::vector<std::pair<Timestamp, Waiting>> open_requests(const Post& post);  // oldest first
  std::optional<Message> next_message(const Post& post, Timestamp now) const;

  std::vector<OnCall> on_call_;
  std::uint32_t per_minute_;
  std::map<std::string, Post> posts_;     // by recipient id
  std::map<std::string, Story> stories_;  // by alert
  std::set<std::string> waiting_;
};

}  // namespace quaywatch::telling
