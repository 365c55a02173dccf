// Deployments: rules in force, agreements on staff data, who decided on them (DESIGN sections 6, 6a "Deployment", 7).
// Every step is a text entry of the input log, `rules.*` (docs/formats/journal.md, "Rules"); the state is a function of
// these entries in their order, and each step is judged at its place by the same table, when it is written and when it
// is replayed. A step that the table refuses changes nothing and is kept in the history with its reason.
//
// People are told apart by their pseudonyms: an entry is stored in clear. Reads no clock, no file. Not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/sha256.h"
#include "base/time.h"
#include "journal/entry.h"
#include "model/event.h"
#include "rulebook/agreement.h"
#include "rules/rule.h"

namespace quaywatch::rulebook {

// 0: the rules that ship with the program. Others are numbered as they were proposed, from 1.
using Version = std::uint32_t;

inline constexpr Duration kAloneWait = hours(24);               // before one who has no second person may deploy
inline constexpr std::size_t kProposalBytes = 8 * 1024 * 1024;  // texts of one proposal; a journal blob holds 16 MiB
inline constexpr std::size_t kReasonBytes = 2000;

// Who may approve, refuse and roll back, as the site's configuration says it.
struct Approvers {
  std::set<std::string> people;  // pseudonyms
  std::string outside_reviewer;  // whom to tell when there was no second person; empty: nobody is named
  bool operator==(const Approvers&) const = default;
};

// Of any order of the files and whatever they are called.
Digest pack_digest(const std::vector<rules::RuleFile>& files);

struct Proposal {
  Version version = 0;
  Timestamp at;
  std::string by, reason, backtest;  // backtest: one sentence; may be empty
  std::vector<rules::RuleFile> files;
  Digest digest{};
  enum class State : std::uint8_t { open, deployed, refused } state = State::open;
};

// DO NOT CHANGE THE WORDS of name(): they stand in the journal.
enum class Step : std::uint8_t {
  approvers,
  proposed,
  deployed,
  refused,
  rolled_back,
  agreed,
  agreement_confirmed,
  agreement_ended,
};
std::string_view name(Step step);  // rules.proposed and so on

enum class Refusal : std::uint8_t {
  none,
  no_reason,
  unknown_version,
  already_decided,
  nothing_new,
  not_an_approver,
  same_person,
  no_outside_reviewer,
  too_early,
  nothing_to_roll_back,
  never_in_force,
  in_force_already,
  no_agreement,       // what is recorded is none
  unknown_agreement,
  not_shorter,        // an agreement can only end earlier
  repeated,  // this request stands in the journal already
};
// What is wrong and what to do, as a sentence.
std::string_view sentence(Refusal refusal);
std::string_view word(Refusal refusal);  // same_person and so on: a stable word for other programs

// A step that somebody wants. `request` makes two requests of one content two, and one that is noted twice one.
struct Request {
  Step step{};
  std::string request, by, reason;
  Version version = 0;  // deployed, refused, rolled_back; agreement_*: number of the agreement
  Proposal proposal;    // proposed: files, digest, backtest
  Approvers approvers;  // approvers
  Agreement agreement;  // agreed: reference, parties, rules, from, until; agreement_ended: until
};

// As it went into the journal.
struct Decision {
  Request request;  // of a proposal without its files
  Timestamp at;
  Refusal refusal = Refusal::none;
  std::string review;  // who must be told of it: there was no second person; empty: nobody
};

// Since when a version judges.
struct InForce {
  Version version = 0;
  Timestamp at = Timestamp::min();
  std::uint32_t files = 0;  // of the input log that had begun before it
  std::uint64_t noted = 0;  // events of no file, such as look-ups, before it
};

// Where an entry lies in the input log.
struct JournalPlace {
  std::uint32_t files = 0;
  std::uint64_t noted = 0;
};

class Deployments {
 public:
  Deployments();

  // What would become of the request at that instant.
  Decision judge(const Request& request, Timestamp at) const;
  // Its entry; `decision` as judge() gave it.
  static journal::TextEntry entry(const Decision& decision);
  // One text entry of the input log, in order. Topics of others are passed over. corrupt: an entry that this program
  // cannot have written.
  Result<void> apply(const journal::TextEntry& text, JournalPlace place);
  static bool is_step(const journal::TextEntry& text);

  const Approvers& approvers() const { return approvers_; }
  const std::vector<Proposal>& proposals() const { return proposals_; }  // version n at n - 1
  const std::vector<Decision>& history() const { return history_; }
  const std::vector<InForce>& in_force() const { return in_force_; }  // oldest first; never empty
  const std::vector<Agreement>& agreements() const { return agreements_; }  // number n at n - 1
  // A rule on staff data may judge what happened then.
  bool permits(const std::string& rule_id, Timestamp event_time) const;
  Version current() const { return in_force_.back().version; }
  // What a roll-back without a version goes to; none: the shipped rules are in force.
  std::optional<Version> before_current() const;

 private:
  Refusal refusal(const Request& request, Timestamp at, std::string& review) const;
  Refusal refusal_of_approval(const Proposal& proposal, const Request& request, Timestamp at,
                              std::string& review) const;
  Refusal refusal_of_roll_back(const Request& request) const;
  Refusal refusal_of_agreement(const Request& request, std::string& review) const;
  void take_agreement(const Decision& decision);
  const Proposal* find(Version version) const;
  bool was_in_force(Version version) const;
  void take(const Decision& decision, JournalPlace place);

  Approvers approvers_;
  Timestamp approvers_since_ = Timestamp::min();
  std::vector<Proposal> proposals_;
  std::vector<Agreement> agreements_;
  std::vector<Decision> history_;
  std::vector<InForce> in_force_;
  std::set<std::string> requests_;
};

// What requests become, each after those before it, at that instant.
struct Judged {
  Decision decision;                        // of the last
  Deployments deployments;                  // with those that were not refused, which have no place yet
  std::vector<journal::TextEntry> entries;  // to be written, in order; a refused request gives none
};
Result<Judged> judge(Deployments deployments, const std::vector<Request>& requests, Timestamp at);

}  // namespace quaywatch::rulebook
