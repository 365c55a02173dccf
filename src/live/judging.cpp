// Live: judging what was written, and telling what stands then.
#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "ingest/event_sorter.h"
#include "io/clock.h"
#include "live/live.h"
#include "live/whole_input.h"
#include "pipeline/needed_types.h"

namespace quaywatch::live {
namespace {

// What readers wait for at most: a few milliseconds of judging. Where much waits for the rules, larger parts get
// through it sooner.
constexpr std::size_t kJudgedAtOnce = 64, kJudgedAtOnceMost = 512, kPartsOfBacklog = 16;
constexpr Duration kPublishEvery{100'000};  // while there is more to be judged

// What a replay gathers before anything is judged, so that every search knows what is covered.
struct Gathered {
  ingest::EventSorter sorter;
  std::vector<CoverageStatement> coverage;
  std::vector<FeedExpectation> expectations;
  Timestamp last_tick = Timestamp::min();
};

bool says_something_of_the_port(const journal::Entry& entry) {
  const auto* e = std::get_if<EventPtr>(&entry);
  return e != nullptr ? (*e)->feed != ingest::kLookupFeed : !std::holds_alternative<journal::TextEntry>(entry);
}

}  // namespace

// What the engine's lock gives of a view, and what the disk is to have of it before anybody sees it.
struct Live::Draft {
  Timestamp now;
  std::shared_ptr<View> view;
  std::vector<AlertRow> changed;
  bool was_replayed = false;
  std::set<std::string> standing;  // after a replay
  bool has_decisions = false, has_news = false;
};

// --- input ----------------------------------------------------------------------------------------------------------

// The rules that the decisions so far put in force. Where none of them can be used the ones before go on.
Result<void> Live::load_rules() {
  std::shared_ptr<const rulebook::Deployments> deployments;
  {
    const std::lock_guard lock(view_mutex_);
    deployments = deployments_;
  }
  const auto on_revision = [this](const pipeline::Alert& a) { note_revision(a); };
  const auto permits = rulebook::permits_of(*deployments, rulebook::Over::journal);
  const auto load = [&](const rulebook::Deployments& of) -> Result<rulebook::DeployedRules> {
    if (!options_.only_those)
      return rulebook::DeployedRules::of(of, options_.rules, rulebook::Over::journal, on_revision, permits);
    return rulebook::DeployedRules::of(rules::Pack::load(options_.rules).pack, on_revision, permits);
  };
  auto loaded = load(*deployments);
  in_force_ = {};
  if (loaded) {
    usable_ = deployments;
  } else {
    in_force_.problem = loaded.error().message;
    // At the start there is nothing that could go on.
    if (usable_ == deployments || !ready_) return tl::unexpected(loaded.error());
    if (observer_.told) observer_.told(fmt::format("{}; the rules before go on", in_force_.problem));
    loaded = load(*usable_);
    if (!loaded) return tl::unexpected(loaded.error());
  }
  judging_.emplace(std::move(*loaded));
  if (!options_.only_those) {
    in_force_.version = usable_->current();
    in_force_.since = usable_->in_force().back().at;
  }
  const auto& files = rulebook::files_of(*usable_, options_.rules, in_force_.version);
  in_force_.digest = rulebook::pack_digest(files);
  in_force_.refused = judging_->refused();
  if (observer_.told && (has_decisions_ || !ready_))
    for (const rules::Refusal& r : in_force_.refused)
      observer_.told(fmt::format("refused {}:{}: {}", r.path, r.line, r.reason));
  rules_.clear();
  texts_.clear();
  needs_.clear();
  each_detection([&](pipeline::Detection& d) {
    for (const rules::Rule& rule : d.pack().rules()) rules_[&rule] = std::make_shared<const rules::Rule>(rule);
  });
  for (const rules::Rule& rule : judging_->current().pack().rules()) {
    const auto file =
        std::find_if(files.begin(), files.end(), [&](const rules::RuleFile& f) { return f.path == rule.path; });
    texts_.push_back(std::make_shared<const std::string>(file == files.end() ? std::string{} : file->text));
  }
  const rules::Pack& pack = judging_->current().pack();
  for (std::size_t i = 0; i < pack.rules().size(); ++i) needs_.push_back(pipeline::needed_types(pack, i));
  return {};
}

Result<void> Live::replay(bool is_first) {
  if (!is_first)
    if (auto loaded = load_rules(); !loaded) return loaded;
  was_replayed_ = !is_first;
  has_news_ = true;
  entries_ = log_.entries();
  file_names_.clear();
  for (const ingest::TakenFile& f : log_.files()) file_names_.push_back(f.name);
  changed_.clear();
  index_.clear();
  whereabouts_.clear();
  observed_ = {};
  observed_taken_.clear();
  health_ = {};
  sources_.clear();
  Gathered g;
  const auto visit = [&](std::uint64_t sequence, const journal::Entry& entry) -> Result<void> {
    if (const auto* e = std::get_if<EventPtr>(&entry)) {
      see(**e);
      return g.sorter.add(**e);
    }
    if (const auto* s = std::get_if<CoverageStatement>(&entry)) {
      observed_.stated(*s);
      health_.coverage(*s);
      g.coverage.push_back(*s);
    }
    if (const auto* x = std::get_if<FeedExpectation>(&entry)) {
      health_.expectation(*x);
      g.expectations.push_back(*x);
    }
    if (const auto* t = std::get_if<journal::Tick>(&entry)) g.last_tick = std::max(g.last_tick, t->at);
    const auto* text = std::get_if<journal::TextEntry>(&entry);
    if (text != nullptr && is_first && observer_.text) observer_.text(sequence, *text);
    return {};
  };
  const auto file_ends = [&](const ingest::TakenFile& f) { health_.file(account_of(f), f.repeated, f.at); };
  if (auto replayed = log_.replay(visit, file_ends); !replayed) return replayed;
  for (const FeedExpectation& x : g.expectations) each_detection([&](auto& d) { d.take(x); });
  // In the order of time each is added at the end of its row.
  std::stable_sort(g.coverage.begin(), g.coverage.end(), [](const auto& a, const auto& b) { return a.from < b.from; });
  each_detection([&](auto& d) { d.take(g.coverage); });
  take_observed_coverage(true);
  auto drained = g.sorter.drain([&](const EventPtr& e) {
    take_event(e);
    return true;
  });
  if (!drained) return drained;
  last_tick_ = g.last_tick;
  each_detection([&](pipeline::Detection& d) {
    do d.tick(last_tick_);
    while (d.waiting() > 0);
  });
  return {};
}

void Live::see(const Event& event) {
  observed_.see(event);
  if (event.feed == ingest::kLookupFeed) return;
  health_.see(event);
  Source& source = sources_[event.feed];
  source.owners.insert(event.owner);
  source.types.insert(event.type);
  event.fields.each([&](FieldId field, const Value&) {
    if (info(field).personal != PersonalClass::none) source.personal.insert(field);
  });
}

// Where a feed states no coverage, what came of it shows what it covers; only what it covers since is stated anew. A
// steady stream is told of as often as one that states it, or each of its records would make old questions be asked.
void Live::take_observed_coverage(bool is_tick) {
  std::vector<CoverageStatement> grown;
  for (CoverageStatement& s : observed_.statements()) {
    auto& taken = observed_taken_[{s.feed, s.facility}];
    const bool goes_on = s.from == taken.from && s.types == taken.types;
    if (goes_on && s.until - taken.until < (is_tick ? Duration{1} : ingest::kTickEvery)) continue;
    grown.push_back(s);
    if (goes_on) grown.back().from = taken.until;
    taken = std::move(s);
  }
  if (!grown.empty()) each_detection([&](auto& d) { d.take(grown); });
}

void Live::take_event(const EventPtr& e) {
  each_detection([&](pipeline::Detection& d) {
    // What happened at the port last, not the clock, moves what is forgotten: a quiet port keeps its history. A plan
    // does not: one with a mistyped year would leave nothing to judge by.
    if (e->feed != ingest::kLookupFeed && e->classifier == Classifier::actual) d.advance(e->event_time);
    d.take(e);
  });
  index_.add(e);
  whereabouts_.add(e);
}

void Live::take_events(std::vector<EventPtr> events) {
  std::sort(events.begin(), events.end(), [](const EventPtr& a, const EventPtr& b) { return place(*a) < place(*b); });
  for (const EventPtr& e : events) take_event(e);
}

// What one part leaves is what it would be, had no more arrived yet: parts are as good as batches of that size.
void Live::absorb(Written part) {
  entries_ += part.entries.size();
  std::move(part.file_names.begin(), part.file_names.end(), std::back_inserter(file_names_));
  has_decisions_ |= part.has_decisions;
  std::vector<EventPtr> events;
  std::vector<CoverageStatement> stated;
  bool is_tick = false, is_news = false;
  for (const journal::Entry& entry : part.entries) {
    is_news |= says_something_of_the_port(entry);
    if (const auto* e = std::get_if<EventPtr>(&entry)) {
      see(**e);
      events.push_back(*e);
    }
    if (const auto* s = std::get_if<CoverageStatement>(&entry)) {
      observed_.stated(*s);
      health_.coverage(*s);
      stated.push_back(*s);
    }
    if (const auto* x = std::get_if<FeedExpectation>(&entry)) {
      health_.expectation(*x);
      each_detection([&](auto& d) { d.take(*x); });
    }
    if (const auto* t = std::get_if<journal::Tick>(&entry)) is_tick = true, last_tick_ = std::max(last_tick_, t->at);
  }
  for (const ingest::TakenFile& f : part.ended) health_.file(account_of(f), f.repeated, f.at);
  if (!stated.empty()) each_detection([&](auto& d) { d.take(stated); });
  if (is_news) take_observed_coverage(is_tick);
  take_events(std::move(events));
  if (is_news) each_detection([&](auto& d) { d.tick(last_tick_); });
  has_news_ |= is_news || !part.ended.empty();
}

// --- output ---------------------------------------------------------------------------------------------------------

void Live::note_revision(const pipeline::Alert& alert) {
  changed_.insert_or_assign(alert.id, alert);
}

std::shared_ptr<const rules::Rule> Live::rule_of(const pipeline::Alert& alert) const {
  return rules_.at(alert.rule);
}

Live::Draft Live::draft() {
  Draft out;
  out.now = io::now();
  out.was_replayed = std::exchange(was_replayed_, false);
  out.has_decisions = std::exchange(has_decisions_, false);
  out.has_news = std::exchange(has_news_, false);
  if (out.was_replayed)
    for (const pipeline::Alert& a : judging_->standing()) out.standing.insert(a.id.hex());
  const RowMaker maker{file_names_, keys_};
  for (auto& [id, revision] : std::exchange(changed_, {})) {
    // What one version says no more may stand by the word of another.
    const auto stands = judging_->told(revision);
    pipeline::Alert alert = stands.value_or(revision);
    if (!stands) alert.status = pipeline::AlertStatus::withdrawn;
    out.changed.push_back(maker.alert(alert, rule_of(alert)));
  }
  out.view = std::make_shared<View>();
  out.view->rules = count_rules();
  out.view->feeds = feed_rows(std::max(out.now, last_tick_));
  out.view->account = judging_->current().account();
  out.view->entries = entries_;
  out.view->in_force = in_force_;
  return out;
}

// After a replay: what was shown and stands no more, because its events were taken back or its rule is another.
Result<void> Live::withdraw_what_is_gone(const Draft& draft,
                                         std::vector<std::pair<Findings::Told, AlertRowPtr>>& told) {
  if (!draft.was_replayed) return {};
  std::vector<AlertRowPtr> withdrawn;
  for (const AlertRowPtr& row : *alerts_) {
    if (row->status == pipeline::AlertStatus::withdrawn || draft.standing.contains(row->id)) continue;
    AlertRow gone = *row;
    gone.status = pipeline::AlertStatus::withdrawn;
    const auto what = findings_.tell(gone, draft.now);
    if (!what) return tl::unexpected(what.error());
    withdrawn.push_back(std::make_shared<const AlertRow>(std::move(gone)));
    if (*what != Findings::Told::nothing) told.emplace_back(*what, withdrawn.back());
  }
  if (!withdrawn.empty()) alerts_ = std::make_shared<const AlertList>(*alerts_, std::move(withdrawn));
  return {};
}

Result<void> Live::publish(Draft draft) {
  std::vector<std::pair<Findings::Told, AlertRowPtr>> told;
  if (auto withdrawn = withdraw_what_is_gone(draft, told); !withdrawn) return withdrawn;
  std::vector<AlertRowPtr> changed;
  for (AlertRow& row : draft.changed) {
    const auto what = findings_.tell(row, draft.now);
    if (!what) return tl::unexpected(what.error());
    if (row.revision == 0) continue;  // came and went before anybody was told
    changed.push_back(std::make_shared<const AlertRow>(std::move(row)));
    if (*what != Findings::Told::nothing) told.emplace_back(*what, changed.back());
  }
  if (!changed.empty()) alerts_ = std::make_shared<const AlertList>(*alerts_, std::move(changed));
  if (auto done = findings_.commit(); !done) return done;
  draft.view->alerts = alerts_;
  {
    const std::lock_guard lock(view_mutex_);
    draft.view->deployments = deployments_;
    view_ = std::move(draft.view);
  }
  published_at_ = io::monotonic_now();
  if (!ready_) return {};
  for (const auto& [what, row] : told)
    if (observer_.alert) observer_.alert(what, row);
  if (draft.has_news && observer_.feeds) observer_.feeds();
  if (draft.has_decisions && observer_.rules) observer_.rules();
  return {};
}

std::vector<RuleRow> Live::count_rules() const {
  std::vector<RuleRow> out;
  const pipeline::Detection& current = judging_->current();
  const auto& rules = current.pack().rules();
  const auto asked = current.asked(), off = current.off();
  for (std::size_t i = 0; i < rules.size(); ++i)
    out.push_back({rules_.at(&rules[i]), texts_[i], asked[i], {}, off[i], needs_[i]});
  for (const auto& row : current.counted_not_evaluated())
    out[static_cast<std::size_t>(row.rule - rules.data())].not_evaluated[row.cause] += row.events;
  return out;
}

std::vector<FeedRow> Live::feed_rows(Timestamp now) const {
  std::map<std::string, FeedRow> rows;
  for (const auto& [feed, s] : health_.summaries()) {
    FeedRow& row = rows[feed];
    row.feed = feed;
    row.files = s.files, row.events = s.events, row.repeated = s.repeated;
    row.rejected = s.rejected, row.unknown_codes = s.unknown_codes;
    row.lateness = s.lateness;
    row.covered = s.covered;
    if (const auto at = sources_.find(feed); at != sources_.end())
      row.owners = at->second.owners, row.types = at->second.types, row.personal = at->second.personal;
    if (s.first <= s.last) row.first = s.first, row.last = s.last;
    if (s.last_received > Timestamp::min()) row.last_received = s.last_received;
    if (s.last_actual > Timestamp::min()) row.last_actual = s.last_actual;
  }
  const RowMaker maker{file_names_, keys_};
  for (const EventPtr& e : health_.events(now)) {
    const std::string feed(e->text(FieldId::feed_name));
    if (const auto at = rows.find(feed); at != rows.end()) at->second.health.push_back(maker.event(*e));
  }
  std::vector<FeedRow> out;
  for (auto& [feed, row] : rows) out.push_back(std::move(row));
  return out;
}

// --- the thread -----------------------------------------------------------------------------------------------------

// Under the writers' lock, before anything is written by others.
Result<void> Live::begin() {
  std::vector<std::string> standing;
  Draft first;
  {
    const std::lock_guard lock(mutex_);
    if (auto replayed = replay(true); !replayed) return replayed;
    for (const auto& alert : judging_->standing()) standing.push_back(alert.id.hex());
    first = draft();
  }
  std::sort(standing.begin(), standing.end());
  if (auto withdrawn = findings_.withdraw_all_but(standing, io::now()); !withdrawn) return withdrawn;
  if (auto published = publish(std::move(first)); !published) return published;
  next_sequence_ = log_.entries();
  files_seen_ = log_.files().size();
  log_.watch([this](const journal::Entry& entry) { written_.entries.push_back(entry); });
  ready_ = true;
  return {};
}

void Live::judge(const std::stop_token& stop) {
  Result<void> done;
  while (done && backlog_.wait(stop)) done = judge_some();
  if (!done) {
    failed_ = true;
    if (observer_.told)
      observer_.told(fmt::format("{}; nothing more is judged until the next start", done.error().message));
  }
  backlog_.close(done);
}

Result<void> Live::judge_some() {
  if (backlog_.must_replay()) {
    const std::lock_guard files(filing_);
    const std::lock_guard writers(writing_);
    const std::lock_guard lock(mutex_);
    has_decisions_ |= backlog_.drop();
    if (auto replayed = replay(false); !replayed) return replayed;
  } else {
    Written part = backlog_.take(std::clamp<std::size_t>(static_cast<std::size_t>(backlog_.waiting()) / kPartsOfBacklog,
                                                         kJudgedAtOnce, kJudgedAtOnceMost));
    const std::lock_guard lock(mutex_);
    absorb(std::move(part));
  }
  if (!backlog_.is_empty() && io::monotonic_now().us - published_at_.us < kPublishEvery.us) return {};
  std::optional<Draft> news;
  {
    // Most writes are look-ups: what they change is told, but no view of everything is made for each.
    const std::lock_guard lock(mutex_);
    if (has_news_ || has_decisions_ || !changed_.empty()) news = draft();
  }
  if (news)
    if (auto published = publish(std::move(*news)); !published) return published;
  backlog_.judged();
  return {};
}

}  // namespace quaywatch::live
