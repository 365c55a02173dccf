#include "kpi/kpis.h"

#include <algorithm>
#include <set>

#include "base/limits_server.h"

namespace quaywatch::kpi {
namespace {

using cases::Action;
using cases::MadeDecision;

constexpr std::size_t index(Part part) {
  return static_cast<std::size_t>(part);
}

bool is_within(const Question& q, Timestamp t) {
  return q.from <= t && t < q.until;
}

bool is_at(const Question& q, const std::string& facility) {
  return q.facility.empty() || q.facility == facility;
}

void add_row(Table& table, const RowKey& key, std::size_t parts, std::size_t part) {
  table.rows.try_emplace(key, Breakdown(parts)).first->second.add(part);
}

// The value at or below which the share lies.
Duration at_rank(const std::vector<Duration>& sorted, std::size_t percent) {
  return sorted[(sorted.size() * percent + 99) / 100 - 1];
}

Spread spread_of(std::vector<Duration> all) {
  std::sort(all.begin(), all.end());
  if (all.empty()) return {};
  return {all.size(), at_rank(all, 50), at_rank(all, 90)};
}

// What cannot be: an alert that was withdrawn and came back was decided on before it was raised the last time.
void add_time(std::vector<Duration>& to, std::optional<Timestamp> from, std::optional<Timestamp> until) {
  if (from && until && *from <= *until) to.push_back(*until - *from);
}

Review review_of(const std::vector<MadeDecision>& made, std::vector<MadeDecision>::const_iterator dismissal) {
  Review out = Review::waiting;
  for (auto m = dismissal + 1; m != made.end(); ++m) {
    if (m->is_undone) continue;
    if (m->decision.action == Action::reopen) return Review::reopened;
    if (m->decision.action == Action::note && m->by != dismissal->by) out = Review::kept;
  }
  return out;
}

// The last dismissal of an alert that was not taken back, also when the alert was reopened later.
void add_dismissal(Sample& sample, const Question& q, const cases::CaseBook& book, const std::string& alert_id) {
  const auto& made = book.decisions(alert_id);
  const auto last = std::find_if(made.rbegin(), made.rend(), [](const MadeDecision& m) {
    return !m.is_undone && m.decision.action == Action::dismiss;
  });
  if (last == made.rend()) return;
  const auto at = last.base() - 1;
  sample.drawn.push_back(
      {alert_id, at->decision.id, at->decision.reason_code, at->at, review_of(made, at), at->by == q.user_id});
}

// Ids of decisions are drawn at random by the server when it takes them, so nobody chooses what is looked at again.
void draw(Sample& sample) {
  sample.dismissed = sample.drawn.size();
  const std::size_t tenth = (sample.drawn.size() + limits::kReviewedOneIn - 1) / limits::kReviewedOneIn;
  const std::size_t n = std::min(sample.drawn.size(), std::max(limits::kReviewedAtLeast, tenth));
  const auto by_id = [](const DrawnDismissal& a, const DrawnDismissal& b) { return a.decision_id < b.decision_id; };
  std::sort(sample.drawn.begin(), sample.drawn.end(), by_id);
  sample.drawn.resize(n);
}

std::size_t told_of(const cases::Case& cleared) {
  const cases::Step* step = cases::closing(cleared);
  if (step == nullptr || !step->told) return place_of(kToldNames, "not_stated");
  return place_of(kToldNames, *step->told ? "told" : "not_told");
}

void count_cases(Kpis& out, const Question& q, const std::set<std::string>& alerts, const cases::CaseBook& book) {
  for (const auto& [id, c] : book.cases()) {
    const auto is_among = [&](const std::string& alert_id) { return alerts.contains(alert_id); };
    const bool is_there = q.facility.empty() || std::any_of(c.alert_ids.begin(), c.alert_ids.end(), is_among);
    if (!is_there || !c.readers.contains(q.user_id)) continue;
    if (is_within(q, c.opened_at)) out.opened.add(static_cast<std::size_t>(c.state));
    if (c.state != cases::CaseState::closed || !is_within(q, closed_at(c))) continue;
    out.closed.add(place_of(cases::kOutcomes, c.outcome));
    if (c.outcome == cases::kCleared) out.cleared.add(told_of(c));
  }
}

}  // namespace

void add(Kpis& kpis, const Received& alert, const Outcome& outcome) {
  const std::size_t part = index(outcome.part), parts = kPartNames.size();
  kpis.alerts.add(part);
  const std::size_t words = words_of(outcome.part).size();
  Breakdown& detail = kpis.details[part];
  detail.parts.resize(words, 0);
  if (words > 0)
    detail.add(outcome.word);
  else
    ++*detail.total;
  add_row(kpis.by_level, {"", alert.level}, parts, part);
  add_row(kpis.by_rule, {alert.level, alert.rule_id}, parts, part);
  add_row(kpis.by_facility, {"", alert.facility}, parts, part);
  if (outcome.part == Part::dismissed)
    add_row(kpis.dismissals, {alert.level, alert.rule_id}, cases::kReasonCodes.size(), outcome.word);
}

Kpis count(const Question& q, const std::vector<Received>& alerts, const cases::CaseBook& book,
           const std::vector<holds::Hold>& holds) {
  Kpis out;
  for (std::size_t part = 0; part < kPartNames.size(); ++part)
    out.details[part].parts.resize(words_of(static_cast<Part>(part)).size(), 0);
  std::array<std::vector<Duration>, kTimeNames.size()> times;
  std::set<std::string> there;  // alerts of the facility, of any time
  Sample sample;
  for (const Received& alert : alerts) {
    if (!is_at(q, alert.facility)) continue;
    there.insert(alert.alert_id);
    if (!is_within(q, alert.raised_at)) continue;
    const Outcome outcome = outcome_of(book, alert, q.user_id);
    add(out, alert, outcome);
    add_time(times[0], alert.event_time, alert.known_at);
    add_time(times[1], alert.known_at, alert.raised_at);
    add_time(times[2], alert.raised_at, answered_at(book, alert));
    add_time(times[3], alert.raised_at, outcome.at);
    add_dismissal(sample, q, book, alert.alert_id);
  }
  for (const holds::Hold& hold : holds) {
    if (!is_at(q, hold.facility) || !is_within(q, hold.requested_at)) continue;
    out.holds.add(static_cast<std::size_t>(hold.state));
    add_time(times[4], hold.requested_at, hold.answered_at);
  }
  count_cases(out, q, there, book);
  for (std::size_t i = 0; i < times.size(); ++i) out.times[i] = spread_of(std::move(times[i]));
  draw(sample);
  out.sample = std::move(sample);
  return out;
}

}  // namespace quaywatch::kpi
