// CaseBook: what stands of alerts and cases after all decisions and steps so far: a projection of the journal, built
// anew at every start. `refuse` says what could not be done; `apply` does what the journal says. An alert may lie in
// several cases. A case stays in the book of the organisation that opened it; only the one that has it works on it
// (hand_over.h). Not thread-safe.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cases/hand_over.h"
#include "cases/merge.h"

namespace quaywatch::cases {

enum class TriageState : std::uint8_t { fresh, taken, dismissed, in_case };
inline constexpr std::array<std::string_view, 4> kTriageStateNames{"new", "taken", "dismissed", "in_case"};

struct Triage {
  TriageState state = TriageState::fresh;
  std::string owner;  // user id; empty: nobody
  std::optional<Timestamp> since;
  std::vector<std::string> case_ids;
};

struct MadeDecision {
  Timestamp at;
  std::string by;
  Decision decision;
  bool is_undone = false;
};

enum class CaseState : std::uint8_t { open, closed, merged };
inline constexpr std::array<std::string_view, 3> kCaseStateNames{"open", "closed", "merged"};

struct Task {
  std::string id, text, assignee;
  std::string organisation;  // that set it
  bool is_done = false;
  Timestamp at;
};

struct CaseAttachment {
  Attachment file;
  std::string description;
  std::string by, organisation;  // who put it there
  Timestamp at;
  std::optional<Step> removal;  // since then it has a name, a size and a hash, and no content
};

struct Case {
  std::string id, title, owner, outcome, merged_into;
  CaseState state = CaseState::open;
  Timestamp opened_at, changed_at;
  std::set<std::string> alert_ids;
  // Who opened it, got a task, accepted it or was let in, and of which organisation.
  std::map<std::string, std::string> readers;
  std::string book, holder;  // the organisation in whose book it stands, and the one that has it now
  std::vector<Hop> hops;
  std::vector<Merge> merges;  // of cases that went into this one, oldest first
  std::vector<Task> tasks;
  std::vector<CaseAttachment> attachments;
  std::vector<Step> steps;

  const CaseAttachment* attachment(const std::string& attachment_id) const;  // nullptr: none, or it was removed
};
const Step* closing(const Case& c);  // the step that closed it; nullptr: it is not closed

class CaseBook {
 public:
  void apply(const Decided& decided);
  void apply(const Step& step);

  // A sentence that says why not; empty: it can be done now. Whether alerts and users exist is for the caller to know.
  std::string refuse(const Decided& decided) const;
  std::string refuse(const Step& step) const;

  Triage triage(const std::string& alert_id) const;
  const std::vector<MadeDecision>& decisions(const std::string& alert_id) const;  // oldest first, without undos
  const MadeDecision* last_standing(const std::string& alert_id) const;  // null: nothing was decided that stands
  // The alert of a decision that stands, is the last of its alert, and was made by this user; empty: none.
  std::string undoable_by(const std::string& user_id, const std::string& decision_id) const;
  const Case* find(const std::string& case_id) const;
  const Case& end_of(const Case& c) const;  // itself, or the case into which it went in the end
  const std::map<std::string, Case>& cases() const { return cases_; }

 private:
  std::string refuse_merge(const Case& c, const Step& step) const;
  std::string refuse_undo_merge(const Case& c, const Step& step) const;
  void add_alerts(const Case& c, const Step& step);
  void merge(Case& c, const Step& step);
  void undo_merge(Case& c, const Step& step);
  void split(const Case& c, const Step& step);
  static void accept(Case& c, const Step& step);
  void remove_attachment(const Step& step);
  // Because somebody wants this alert there, or not.
  void decide_place(const std::string& case_id, const std::string& alert_id, bool in);
  void put_into_case(const std::string& case_id, const std::string& alert_id, bool in);

  std::map<std::string, std::vector<MadeDecision>> decisions_;     // by alert
  std::map<std::string, std::string> alert_of_;                    // by decision
  std::map<std::string, std::set<std::string>> cases_of_;          // by alert
  std::map<std::string, Case> cases_;
};

}  // namespace quaywatch::cases
