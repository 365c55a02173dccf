#include "api/alert_pages.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "api/case_pages.h"
#include "api/outcomes.h"
#include "api/telling_pages.h"
#include "api/visibility.h"
#include "base/limits_server.h"
#include "base/text.h"
#include "live/alert_json.h"
#include "rules/texts.h"

namespace quaywatch::api {
namespace {

using nlohmann::ordered_json;
using live::AlertRow;
using live::AlertRowPtr;

struct Filter {
  std::set<std::string> states, levels, statuses;
  std::string rule_id, owner, words, facility, outcome;
  std::optional<Timestamp> raised_from, raised_until;
};

bool passes(const std::set<std::string>& wanted, std::string_view word) {
  return wanted.empty() || wanted.contains(std::string(word));
}

bool holds_words(const AlertRow& alert, const std::string& words) {
  if (words.empty() || rules::holds_words(alert.rule->title, words)) return true;
  const std::string squeezed = squeeze(words);
  return !squeezed.empty() && std::any_of(alert.subjects.begin(), alert.subjects.end(), [&](const auto& s) {
    return squeeze(s.value).find(squeezed) != std::string::npos;
  });
}

bool is_newer(const AlertRow& a, const AlertRow& b) {
  return std::pair(b.event_time, std::string_view(a.id)) < std::pair(a.event_time, std::string_view(b.id));
}

bool is_more_urgent(const AlertRow& a, const AlertRow& b) {
  if (a.rule->level != b.rule->level) return a.rule->level > b.rule->level;
  const Timestamp until_a = a.act_before.value_or(Timestamp::max()), until_b = b.act_before.value_or(Timestamp::max());
  return until_a != until_b ? until_a < until_b : is_newer(a, b);
}

std::set<std::string> set_of(std::vector<std::string> words) {
  return {std::make_move_iterator(words.begin()), std::make_move_iterator(words.end())};
}

template <std::size_t N>
void check_words(Reading& in, const char* name, const std::set<std::string>& words,
                 const std::array<std::string_view, N>& known) {
  for (const std::string& word : words)
    if (std::find(known.begin(), known.end(), word) == known.end())
      in.refuse(name, fmt::format("there is no '{}'", word));
}

constexpr std::array<std::string_view, 5> kLevels{"informational", "low", "medium", "high", "critical"};
constexpr std::array<std::string_view, 3> kStatuses{"provisional", "final", "withdrawn"};

Filter read_filter(Reading& in, const Eyes& eyes) {
  Filter f;
  f.states = set_of(in.texts("state", 8, 32));
  check_words(in, "state", f.states, cases::kTriageStateNames);
  f.levels = set_of(in.texts("level", 8, 32));
  check_words(in, "level", f.levels, kLevels);
  f.statuses = set_of(in.texts("status", 8, 32));
  check_words(in, "status", f.statuses, kStatuses);
  f.rule_id = in.text("rule_id", 64, false, 0);
  f.owner = in.text("owner", 64, false, 0);
  if (f.owner == "me") f.owner = eyes.reader.user_id;
  f.words = in.text("q", 200, false, 0);
  f.facility = in.text("facility", 64, false, 0);
  f.outcome = in.text("outcome", 64, false, 0);
  if (!f.outcome.empty() && !is_outcome(f.outcome)) in.refuse("outcome", fmt::format("there is no '{}'", f.outcome));
  f.raised_from = in.time("raised_from");
  f.raised_until = in.time("raised_until");
  return f;
}

// What neither depends on what people did, nor is counted beside the page.
bool is_wanted(const Filter& f, const AlertRow& alert) {
  const bool is_in_time = alert.raised_at >= f.raised_from.value_or(Timestamp::min()) &&
                          alert.raised_at < f.raised_until.value_or(Timestamp::max());
  return is_in_time && passes(f.statuses, pipeline::name(alert.status)) &&
         (f.rule_id.empty() || f.rule_id == alert.rule->id) && (f.facility.empty() || f.facility == alert.facility) &&
         holds_words(alert, f.words);
}

bool is_owned(const Filter& f, const cases::Triage& t) {
  return f.owner.empty() || (f.owner == "none" ? t.owner.empty() : t.owner == f.owner);
}

const cases::CaseBook* book_of(const Context& context, const std::string& organisation_id) {
  const auto at = context.books.find(organisation_id);
  return at == context.books.end() ? nullptr : &at->second;
}

kpi::Outcome outcome_of(const Eyes& eyes, const cases::CaseBook* book, const AlertRow& alert) {
  static const cases::CaseBook none;
  return kpi::outcome_of(book == nullptr ? none : *book, received(alert), eyes.reader.user_id);
}

bool has_outcome(const Filter& f, const Eyes& eyes, const cases::CaseBook* book, const AlertRow& alert) {
  return f.outcome.empty() || is_of(outcome_of(eyes, book, alert), f.outcome);
}

// Leaves the first `limit` of those behind `after`, in order. -> whether more follow. Only these are put in order: a
// queue of 100,000 is asked for page by page.
bool keep_page(std::vector<AlertRowPtr>& rows, bool (*before)(const AlertRow&, const AlertRow&), const AlertRow* after,
               std::size_t limit) {
  if (after != nullptr) std::erase_if(rows, [&](const AlertRowPtr& row) { return !before(*after, *row); });
  const auto in_order = [&](const AlertRowPtr& a, const AlertRowPtr& b) { return before(*a, *b); };
  const bool is_more = rows.size() > limit;
  if (is_more) {
    std::nth_element(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(limit), rows.end(), in_order);
    rows.resize(limit);
  }
  std::sort(rows.begin(), rows.end(), in_order);
  return is_more;
}

// Cases that the reader was not let into stay unknown to him.
ordered_json triage_json(const Context& context, const Eyes& eyes, const cases::CaseBook* book,
                         const cases::Triage& t) {
  ordered_json j{{"state", cases::kTriageStateNames[static_cast<std::size_t>(t.state)]}};
  j["owner"] = t.owner.empty() ? ordered_json(nullptr) : person_json(context, eyes.organisation_id, t.owner);
  j["since"] = t.since ? ordered_json(format_rfc3339(*t.since)) : ordered_json(nullptr);
  j["case_ids"] = ordered_json::array();
  for (const std::string& id : t.case_ids)
    if (const cases::Case* c = book->find(id); c != nullptr && is_let_in(context, eyes.reader, *c))
      j["case_ids"].push_back(id);
  return j;
}

ordered_json decision_json(const Context& context, const Eyes& eyes, const cases::CaseBook& book,
                           const cases::MadeDecision& m) {
  const cases::Decision& d = m.decision;
  ordered_json j{{"decision_id", d.id}, {"at", format_rfc3339(m.at)}};
  j["by"] = person_json(context, eyes.organisation_id, m.by);
  j["action"] = cases::kActionNames[static_cast<std::size_t>(d.action)];
  j["revision"] = d.revision;
  if (!d.reason.empty()) j["reason"] = d.reason;
  if (!d.reason_code.empty()) j["reason_code"] = d.reason_code;
  if (!d.assignee.empty()) j["assignee"] = person_json(context, eyes.organisation_id, d.assignee);
  if (!d.case_id.empty()) j["case_id"] = d.case_id;
  j["undone"] = m.is_undone;
  j["can_undo"] = !book.undoable_by(eyes.reader.user_id, d.id).empty();
  return j;
}

// Rules that judge events of the types that the alert rests on and could not.
ordered_json not_evaluated_json(const live::View& view, const Eyes& eyes, const AlertRow& alert) {
  std::set<EventType> types;
  for (const auto& e : alert.evidence)
    if (e.event) types.insert(e.event->type);
  auto out = ordered_json::array();
  const bool may_count = may_see_all(eyes.reader, view.feeds);
  for (const live::RuleRow& row : view.rules) {
    const auto concerns = [&](EventType t) { return types.contains(t); };
    if (!may_see(eyes.reader, *row.rule) || std::none_of(row.rule->types.begin(), row.rule->types.end(), concerns))
      continue;
    for (const auto& [cause, events] : row.not_evaluated)
      out.push_back({{"rule_id", row.rule->id},
                     {"title", row.rule->title},
                     {"cause", name(cause)},
                     {"sentence", live::sentence(cause)},
                     {"events", may_count ? ordered_json(events) : ordered_json(nullptr)}});
  }
  return out;
}

}  // namespace

live::AlertRowPtr find_alert(const Context& context, const identity::Reader& reader, const std::string& alert_id) {
  auto alert = context.live->view()->alerts->find(alert_id);
  return alert != nullptr && may_see(reader, *alert) ? alert : nullptr;
}

cases::Triage triage_of(const Context& context, const std::string& organisation_id, const std::string& alert_id) {
  const std::shared_lock lock(context.books_mutex);
  const cases::CaseBook* book = book_of(context, organisation_id);
  return book == nullptr ? cases::Triage{} : book->triage(alert_id);
}

ordered_json alert_summary(const Context& context, const Eyes& eyes, const AlertRow& alert) {
  ordered_json j = live::summary_json(alert);
  j["facility"] = alert.facility;
  j["raised_at"] = format_rfc3339(alert.raised_at);
  const std::shared_lock lock(context.books_mutex);
  const cases::CaseBook* book = book_of(context, eyes.organisation_id);
  j["triage"] = triage_json(context, eyes, book, book == nullptr ? cases::Triage{} : book->triage(alert.id));
  j["outcome"] = word(outcome_of(eyes, book, alert));
  return j;
}

ordered_json alert_detail(const Context& context, const Eyes& eyes, const AlertRow& alert) {
  AlertRow shown = alert;
  shown.facts = visible(eyes.reader, alert.facts);
  for (auto& e : shown.evidence)
    if (e.event) e.event->fields = visible(eyes.reader, e.event->fields);
  ordered_json j{{"summary", alert_summary(context, eyes, alert)}};
  ordered_json more = live::detail_json(shown);
  for (auto& [key, value] : more.items()) j[key] = std::move(value);
  j["not_evaluated"] = not_evaluated_json(*context.live->view(), eyes, alert);
  j["telling"] = telling_json(context, eyes, alert);
  j["holds"] = holds_json(context, eyes, alert.id);
  j["decisions"] = ordered_json::array();
  const std::shared_lock lock(context.books_mutex);
  if (const cases::CaseBook* book = book_of(context, eyes.organisation_id))
    for (const auto& m : book->decisions(alert.id))
      j["decisions"].push_back(decision_json(context, eyes, *book, m));
  return j;
}

ordered_json alert_page(const Context& context, const Eyes& eyes, Reading& in) {
  const Filter filter = read_filter(in, eyes);
  const bool is_urgent = in.word("sort", {"newest", "urgent"}) == "urgent";
  const std::size_t limit = in.count("limit", 1, limits::kPageRows, 100);
  const std::string cursor = in.text("cursor", 200, false, 0);
  const auto view = context.live->view();
  const AlertRowPtr after = view->alerts->find(cursor);
  if (!cursor.empty() && after == nullptr) in.refuse("cursor", "this is no cursor of this list");
  if (!in.is_good()) return {};
  std::map<std::string, std::uint64_t> by_state, by_level;
  for (const auto& word : cases::kTriageStateNames) by_state[std::string(word)] = 0;
  for (const auto& word : kLevels) by_level[std::string(word)] = 0;
  std::vector<AlertRowPtr> rows;
  {
    const std::shared_lock lock(context.books_mutex);
    const cases::CaseBook* book = book_of(context, eyes.organisation_id);
    for (const AlertRowPtr& row : *view->alerts) {
      if (!may_see(eyes.reader, *row) || !is_wanted(filter, *row) || !has_outcome(filter, eyes, book, *row)) continue;
      const cases::Triage t = book == nullptr ? cases::Triage{} : book->triage(row->id);
      if (!is_owned(filter, t)) continue;
      const std::string state(cases::kTriageStateNames[static_cast<std::size_t>(t.state)]);
      const std::string level(rules::name(row->rule->level));
      const bool has_state = passes(filter.states, state), has_level = passes(filter.levels, level);
      if (has_level) ++by_state[state];
      if (has_state) ++by_level[level];
      if (has_state && has_level) rows.push_back(row);
    }
  }
  ordered_json j{{"items", ordered_json::array()}};
  j["counts"] = {{"all", rows.size()}, {"by_state", by_state}, {"by_level", by_level}};
  const bool is_more = keep_page(rows, is_urgent ? is_more_urgent : is_newer, after.get(), limit);
  for (const AlertRowPtr& row : rows) j["items"].push_back(alert_summary(context, eyes, *row));
  j["next_cursor"] = is_more ? ordered_json(rows.back()->id) : ordered_json(nullptr);
  return j;
}

}  // namespace quaywatch::api
