#include "cases/case_book.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/limits_server.h"
#include "base/sha256.h"

namespace quaywatch::cases {
namespace {

template <std::size_t N>
bool is_among(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

constexpr const char* kElsewhere = "another organisation has the case";

bool needs_reason(Action action) {
  return action == Action::act || action == Action::dismiss || action == Action::reopen || action == Action::note;
}

// No entry names the decision that a step of a case is: the same entries give the same id.
std::string decision_id(const Case& c, const std::string& alert_id) {
  constexpr std::size_t kDigits = 16;
  return "d-" + to_hex(sha256(fmt::format("{}\n{}\n{}", c.id, c.steps.size(), alert_id))).substr(0, kDigits);
}

void close(Case& c, const Step& s) {
  c.state = CaseState::closed;
  c.outcome = s.outcome;
  answer_offer(c.hops, HopState::withdrawn, s);
}

// Whoever was suspected and is cleared has to hear of it, so that it was said, or why not, is part of the outcome.
std::string refuse_close(const Case& c, const Step& s) {
  if (!is_among(kOutcomes, s.outcome)) return "an outcome is needed";
  if (s.text.empty()) return "a reason is needed";
  const bool is_cleared = s.outcome == kCleared;
  if (is_cleared && (!s.told || s.told_how.empty()))
    return "of whom is cleared it is needed whether he was told, and how and when, or why not";
  if (!is_cleared && (s.told || !s.told_how.empty())) return "only of whom is cleared it is said whether he was told";
  const bool has_giver = std::any_of(c.hops.begin(), c.hops.end(), [&](const Hop& hop) {
    return handed_on_by(c.hops, c.holder, hop.from) != nullptr;
  });
  return s.feedback.empty() || has_giver ? "" : "nobody handed this case on who could hear of it";
}

// Who works on it, and whom he names.
void let_in(Case& c, const Step& s) {
  std::vector<std::string> users;
  if (s.action != StepAction::hand_over) users = s.users;
  if (s.action != StepAction::refuse) users.push_back(s.by);
  for (const std::string& user : users) {
    c.readers.emplace(user, s.organisation);
    note_reader(c.merges, user);
  }
}

}  // namespace

std::string CaseBook::refuse(const Decided& decided) const {
  for (const Decision& d : decided.decisions) {
    const TriageState state = triage(d.alert_id).state;
    if (needs_reason(d.action) && d.reason.empty()) return "a reason is needed";
    if (d.reason.size() > limits::kReasonBytes) return "the reason is too long";
    if (d.action == Action::dismiss && !is_among(kReasonCodes, d.reason_code)) return "a reason_code is needed";
    if (d.action == Action::assign && d.assignee.empty()) return "an assignee is needed";
    if (d.action == Action::dismiss && state == TriageState::dismissed) return "it is dismissed already";
    if (d.action == Action::reopen && state != TriageState::dismissed) return "only a dismissed alert can be reopened";
    if (d.action == Action::undo && undoable_by(decided.by, d.undoes) != d.alert_id)
      return "only the last decision on an alert can be taken back, by who made it";
    if (d.action != Action::add_to_case) continue;
    const Case* c = find(d.case_id);
    if (c == nullptr || c->state != CaseState::open) return "there is no such open case";
    if (c->holder != decided.organisation) return kElsewhere;
    if (c->alert_ids.contains(d.alert_id)) return "the alert is in that case already";
    if (c->alert_ids.size() >= limits::kCaseAlerts) return "the case has too many alerts; open another one";
  }
  return {};
}

void CaseBook::apply(const Decided& decided) {
  for (const Decision& d : decided.decisions) {
    auto& made = decisions_[d.alert_id];
    if (d.action != Action::undo) {
      made.push_back({decided.at, decided.by, d});
      alert_of_[d.id] = d.alert_id;
      if (d.action == Action::add_to_case) decide_place(d.case_id, d.alert_id, true);
      continue;
    }
    for (MadeDecision& m : made) {
      if (m.decision.id != d.undoes) continue;
      m.is_undone = true;
      if (m.decision.action == Action::add_to_case) decide_place(m.decision.case_id, d.alert_id, false);
    }
  }
}

void CaseBook::decide_place(const std::string& case_id, const std::string& alert_id, bool in) {
  const auto at = cases_.find(case_id);
  if (at == cases_.end()) return;
  note_alert(at->second.merges, alert_id, in, at->second.alert_ids.contains(alert_id));
  // Taken back of a case that went into another: it does not come back to it with the others.
  const auto into = cases_.find(at->second.merged_into);
  Merge* merge = in || into == cases_.end() ? nullptr : standing_merge(into->second.merges, case_id);
  if (merge != nullptr) merge->alert_ids.erase(alert_id);
  put_into_case(case_id, alert_id, in);
}

void CaseBook::put_into_case(const std::string& case_id, const std::string& alert_id, bool in) {
  const auto at = cases_.find(case_id);
  if (at == cases_.end()) return;
  if (in) {
    at->second.alert_ids.insert(alert_id);
    cases_of_[alert_id].insert(case_id);
  } else {
    at->second.alert_ids.erase(alert_id);
    cases_of_[alert_id].erase(case_id);
  }
}

Triage CaseBook::triage(const std::string& alert_id) const {
  Triage t;
  for (const MadeDecision& m : decisions(alert_id)) {
    if (m.is_undone || m.decision.action == Action::note) continue;
    t.since = m.at;
    switch (m.decision.action) {
      case Action::take:
        t.state = TriageState::taken;
        t.owner = m.by;
        break;
      case Action::assign:
        t.state = TriageState::taken;
        t.owner = m.decision.assignee;
        break;
      case Action::act:
      case Action::add_to_case:
        if (t.state == TriageState::fresh) t.owner = m.by;
        t.state = TriageState::taken;
        break;
      case Action::dismiss:
        t.state = TriageState::dismissed;
        break;
      case Action::reopen:
        t.state = t.owner.empty() ? TriageState::fresh : TriageState::taken;
        break;
      case Action::note:
      case Action::undo:
        break;
    }
  }
  if (const auto in = cases_of_.find(alert_id); in != cases_of_.end() && !in->second.empty()) {
    if (t.state != TriageState::dismissed) t.state = TriageState::in_case;
    t.case_ids.assign(in->second.begin(), in->second.end());
  }
  return t;
}

const std::vector<MadeDecision>& CaseBook::decisions(const std::string& alert_id) const {
  static const std::vector<MadeDecision> none;
  const auto at = decisions_.find(alert_id);
  return at == decisions_.end() ? none : at->second;
}

const MadeDecision* CaseBook::last_standing(const std::string& alert_id) const {
  const auto& made = decisions(alert_id);
  const auto at = std::find_if(made.rbegin(), made.rend(), [](const MadeDecision& m) { return !m.is_undone; });
  return at == made.rend() ? nullptr : &*at;
}

std::string CaseBook::undoable_by(const std::string& user_id, const std::string& decision_id) const {
  const auto alert = alert_of_.find(decision_id);
  if (alert == alert_of_.end()) return {};
  const MadeDecision* last = last_standing(alert->second);
  if (last == nullptr || last->decision.id != decision_id || last->by != user_id) return {};
  const Case* c = find(last->decision.case_id);
  return c == nullptr || c->holder == c->book ? alert->second : std::string{};  // a case elsewhere stays as it is
}

const Case* CaseBook::find(const std::string& case_id) const {
  const auto at = cases_.find(case_id);
  return at == cases_.end() ? nullptr : &at->second;
}

const Case& CaseBook::end_of(const Case& c) const {
  const Case* end = &c;
  for (std::size_t i = 0; end->state == CaseState::merged && i < cases_.size(); ++i) {
    const Case* into = find(end->merged_into);
    if (into == nullptr) break;
    end = into;
  }
  return *end;
}

const Step* closing(const Case& c) {
  if (c.state != CaseState::closed) return nullptr;
  const auto at = std::find_if(c.steps.rbegin(), c.steps.rend(),
                               [](const Step& s) { return s.action == StepAction::close; });
  return at == c.steps.rend() ? nullptr : &*at;
}

const CaseAttachment* Case::attachment(const std::string& attachment_id) const {
  const auto at = std::find_if(attachments.begin(), attachments.end(),
                               [&](const CaseAttachment& a) { return a.file.id == attachment_id; });
  return at == attachments.end() || at->removal ? nullptr : &*at;
}

std::string CaseBook::refuse(const Step& s) const {
  const Case* c = find(s.case_id);
  if (s.action == StepAction::open) return s.title.empty() ? "a title is needed" : "";
  if (c == nullptr) return "there is no such case";
  if (c->steps.size() >= limits::kCaseSteps) return "the case has too many steps; open another one";
  if (s.text.size() > limits::kCaseTextBytes) return "the text is too long";
  if (c->state == CaseState::merged) return fmt::format("the case went into {}", c->merged_into);
  const bool is_closed = c->state == CaseState::closed;
  if (is_closed && s.action != StepAction::reopen && s.action != StepAction::note)
    return "the case is closed; reopen it first";
  if (is_hop(s.action)) return refuse_hop(c->hops, c->holder, s);
  if (c->holder != s.organisation) return kElsewhere;
  const auto holds_all = [&] {
    return !s.alert_ids.empty() && std::all_of(s.alert_ids.begin(), s.alert_ids.end(),
                                               [&](const std::string& id) { return c->alert_ids.contains(id); });
  };
  switch (s.action) {
    case StepAction::add_alerts:
      if (s.alert_ids.empty()) return "alert_ids are needed";
      return c->alert_ids.size() + s.alert_ids.size() > limits::kCaseAlerts ? "the case would have too many alerts"
                                                                            : "";
    case StepAction::remove_alerts:
      return holds_all() ? "" : "alert_ids of the case are needed";
    case StepAction::note:
    case StepAction::add_task:
      return s.text.empty() ? "a text is needed" : "";
    case StepAction::finish_task: {
      const auto open = [&](const Task& t) { return t.id == s.task_id && !t.is_done; };
      return std::any_of(c->tasks.begin(), c->tasks.end(), open) ? "" : "there is no such open task";
    }
    case StepAction::assign:
    case StepAction::share:
      return s.users.empty() ? "users are needed" : "";
    case StepAction::close:
      return refuse_close(*c, s);
    case StepAction::reopen:
      if (!is_closed) return "the case is open";
      return s.text.empty() ? "a reason is needed" : "";
    case StepAction::merge:
      return refuse_merge(*c, s);
    case StepAction::undo_merge:
      return refuse_undo_merge(*c, s);
    case StepAction::split:
      if (s.title.empty()) return "a title is needed";
      return holds_all() && s.alert_ids.size() < c->alert_ids.size()
                 ? ""
                 : "some alert_ids of the case, not all, are needed";
    case StepAction::attach:
      return c->attachments.size() >= limits::kCaseAttachments ? "the case has too many attachments; open another one"
                                                               : "";
    case StepAction::remove_attachment:
      if (c->attachment(s.attachment_id) == nullptr) return "there is no such attachment";
      return s.text.empty() ? "a reason is needed" : "";
    case StepAction::open:
    case StepAction::hand_over:
    case StepAction::accept:
    case StepAction::refuse:
      break;
  }
  return {};
}

std::string CaseBook::refuse_merge(const Case& c, const Step& s) const {
  const Case* other = find(s.other);
  if (other == nullptr || other == &c || other->state != CaseState::open) return "there is no such other open case";
  if (other->holder != c.holder) return kElsewhere;
  if (open_offer(other->hops) != nullptr) return "the other case is offered to another organisation";
  const std::size_t alerts = c.alert_ids.size() + other->alert_ids.size();
  return alerts > limits::kCaseAlerts ? "the case would have too many alerts" : "";
}

void CaseBook::merge(Case& c, const Step& s) {
  const auto other = cases_.find(s.other);
  if (other == cases_.end()) return;
  Merge kept{s.other, c.steps.size() - 1, {}, other->second.alert_ids, {}, {}, {}, {}};
  for (const std::string& id : kept.alert_ids)
    if (!c.alert_ids.contains(id)) kept.came_alert_ids.insert(id);
  for (const auto& [user, organisation] : other->second.readers) {
    kept.readers.insert(user);
    if (!c.readers.contains(user)) kept.came_readers.insert(user);
  }
  for (const std::string& id : kept.alert_ids) put_into_case(s.other, id, false), put_into_case(c.id, id, true);
  c.readers.insert(other->second.readers.begin(), other->second.readers.end());
  c.tasks.insert(c.tasks.end(), other->second.tasks.begin(), other->second.tasks.end());
  c.attachments.insert(c.attachments.end(), other->second.attachments.begin(), other->second.attachments.end());
  other->second.state = CaseState::merged;
  other->second.merged_into = c.id;
  other->second.changed_at = s.at;
  c.merges.push_back(std::move(kept));
}

std::string CaseBook::refuse_undo_merge(const Case& c, const Step& s) const {
  const auto stands = [&](const Merge& m) { return m.other == s.other && !m.undone; };
  const Case* other = find(s.other);
  if (other == nullptr || std::none_of(c.merges.begin(), c.merges.end(), stands))
    return "that case did not go into this one, or was taken out again";
  return other->holder == c.holder ? "" : "the case was handed over since; what went into it before stays there";
}

// The other kept tasks and attachments of its own; what was done to them here counts there too.
void CaseBook::undo_merge(Case& c, const Step& s) {
  const auto at = cases_.find(s.other);
  Merge* merge = standing_merge(c.merges, s.other);
  if (at == cases_.end() || merge == nullptr) return;
  Case& other = at->second;
  merge->undone = c.steps.size() - 1;
  for (const std::string& id : leaving_alerts(c.merges, *merge)) put_into_case(c.id, id, false);
  for (const std::string& id : merge->alert_ids) put_into_case(other.id, id, true);
  for (const std::string& user : leaving_readers(c.merges, *merge)) c.readers.erase(user);
  for (Task& task : other.tasks)
    task.is_done |= std::any_of(c.tasks.begin(), c.tasks.end(),
                                [&](const Task& t) { return t.id == task.id && t.is_done; });
  std::erase_if(c.tasks, [&](const Task& t) {
    return std::any_of(other.tasks.begin(), other.tasks.end(), [&](const Task& o) { return o.id == t.id; });
  });
  std::erase_if(c.attachments, [&](const CaseAttachment& a) {
    return std::any_of(other.attachments.begin(), other.attachments.end(),
                       [&](const CaseAttachment& o) { return o.file.id == a.file.id; });
  });
  other.state = CaseState::open;
  other.merged_into.clear();
  other.changed_at = s.at;
  other.steps.push_back(s);
}

// After a merge it stands in two cases, and is gone from both.
void CaseBook::remove_attachment(const Step& s) {
  for (auto& [id, c] : cases_)
    for (CaseAttachment& a : c.attachments)
      if (a.file.id == s.attachment_id && !a.removal) a.removal = s;
}

void CaseBook::split(const Case& c, const Step& s) {
  Case part;
  part.id = s.other;
  part.title = s.title;
  part.owner = c.owner;
  part.opened_at = part.changed_at = s.at;
  // Whoever had the case before reads on in what he knew, not in what is made of it.
  for (const auto& [user, organisation] : c.readers)
    if (organisation == s.organisation) part.readers.emplace(user, organisation);
  part.book = c.book;
  part.holder = c.holder;
  part.steps = {s};
  cases_[s.other] = std::move(part);
  for (const std::string& id : s.alert_ids) decide_place(s.case_id, id, false), put_into_case(s.other, id, true);
}

// It is a decision on each alert as well, and told and taken back as one; of a case that another organisation has only
// the step tells.
void CaseBook::add_alerts(const Case& c, const Step& s) {
  for (const std::string& alert_id : s.alert_ids) {
    if (s.organisation == c.book && !c.alert_ids.contains(alert_id)) {
      Decision d;
      d.id = decision_id(c, alert_id);
      d.alert_id = alert_id;
      d.action = Action::add_to_case;
      d.case_id = c.id;
      alert_of_[d.id] = alert_id;
      decisions_[alert_id].push_back({s.at, s.by, std::move(d)});
    }
    decide_place(c.id, alert_id, true);
  }
}

void CaseBook::accept(Case& c, const Step& s) {
  const Hop* hop = open_offer(c.hops);
  if (hop == nullptr) return;
  for (const auto& [user, organisation] : c.readers)
    if (organisation == hop->from) c.hops.back().knew.insert(user);
  if (hop->ends_reading)
    std::erase_if(c.readers, [&](const auto& reader) { return reader.second == hop->from; });
  c.holder = s.organisation;
  c.owner = s.by;
  answer_offer(c.hops, HopState::accepted, s);
}

void CaseBook::apply(const Step& s) {
  if (s.action == StepAction::open) {
    Case& made = cases_[s.case_id];
    made.id = s.case_id;
    made.title = s.title;
    made.owner = s.by;
    made.book = made.holder = s.organisation;
    made.opened_at = s.at;
  }
  const auto at = cases_.find(s.case_id);
  if (at == cases_.end()) return;
  Case& c = at->second;
  c.changed_at = s.at;
  c.steps.push_back(s);
  let_in(c, s);
  switch (s.action) {
    case StepAction::open:
    case StepAction::add_alerts:
      add_alerts(c, s);
      break;
    case StepAction::remove_alerts:
      for (const std::string& id : s.alert_ids) decide_place(c.id, id, false);
      break;
    case StepAction::add_task:
      c.tasks.push_back({s.task_id, s.text, s.users.empty() ? std::string{} : s.users.front(), s.organisation, false,
                         s.at});
      break;
    case StepAction::finish_task:
      for (Task& t : c.tasks)
        if (t.id == s.task_id) t.is_done = true;
      break;
    case StepAction::assign:
      if (!s.users.empty()) c.owner = s.users.front();
      break;
    case StepAction::close:
      close(c, s);
      break;
    case StepAction::reopen:
      c.state = CaseState::open;
      c.outcome.clear();
      break;
    case StepAction::merge:
      merge(c, s);
      break;
    case StepAction::undo_merge:
      undo_merge(c, s);
      break;
    case StepAction::split:
      split(c, s);
      break;
    case StepAction::hand_over:
      offer(c.hops, s);
      break;
    case StepAction::accept:
      accept(c, s);
      break;
    case StepAction::refuse:
      answer_offer(c.hops, HopState::refused, s);
      break;
    case StepAction::attach:
      if (s.attachment) c.attachments.push_back({*s.attachment, s.text, s.by, s.organisation, s.at, {}});
      break;
    case StepAction::remove_attachment:
      remove_attachment(s);
      break;
    case StepAction::note:
    case StepAction::share:
      break;
  }
}

}  // namespace quaywatch::cases
