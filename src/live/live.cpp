#include "live/live.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <string_view>
#include <tuple>

#include "base/limits_server.h"
#include "ingest/event_sorter.h"
#include "ingest/room.h"
#include "io/clock.h"
#include "journal/pseudonym.h"
#include "live/decisions.h"
#include "live/whole_input.h"

namespace quaywatch::live {
namespace {

constexpr std::string_view kReading = "the journal is being read; try again in a moment";
// What others wait for at most while much is taken in: some ten milliseconds of judging.
constexpr std::size_t kAbsorbedAtOnce = 256;

// What a replay gathers before anything is judged, so that every search knows what is covered.
struct Gathered {
  ingest::EventSorter sorter;
  std::vector<CoverageStatement> coverage;
  std::vector<FeedExpectation> expectations;
  Timestamp last_tick = Timestamp::min();
};

std::optional<FieldId> field_showing(const journal::KeyRing& keys, const Event& event, std::string_view pseudonym,
                                     const Live::MayShow& may_show) {
  std::optional<FieldId> out;
  event.fields.each([&](FieldId field, const Value& v) {
    const PersonalClass personal = info(field).personal;
    const bool shows = personal != PersonalClass::none && v.kind == Kind::text &&
                       journal::shown_text(keys, personal, v.text) == pseudonym;
    if (shows && !out && may_show(event, field)) out = field;
  });
  return out;
}

bool says_something_of_the_port(const journal::Entry& entry) {
  const auto* e = std::get_if<EventPtr>(&entry);
  return e != nullptr ? (*e)->feed != ingest::kLookupFeed : !std::holds_alternative<journal::TextEntry>(entry);
}

}  // namespace

Live::Live(LiveOptions options, journal::KeyRing& keys, LiveObserver observer, ingest::InputLog log, Findings findings,
           std::shared_ptr<ingest::KeptMappings> kept)
    : options_(std::move(options)),
      observer_(std::move(observer)),
      keys_(keys),
      log_(std::move(log)),
      raw_(options_.data_dir, keys),
      findings_(std::move(findings)),
      index_(keys),
      whereabouts_(keys),
      kept_(std::move(kept)) {}

Result<std::unique_ptr<Live>> Live::open(LiveOptions options, journal::KeyRing& keys, LiveObserver observer) {
  auto log = ingest::InputLog::open(options.data_dir, keys);
  if (!log) return tl::unexpected(log.error());
  auto findings = Findings::open(options.data_dir, keys);
  if (!findings) return tl::unexpected(findings.error());
  auto kept = std::make_shared<ingest::KeptMappings>();
  if (options.read_configuration) options.follow.import.intake.kept = kept;
  std::unique_ptr<Live> live(new Live(std::move(options), keys, std::move(observer), std::move(*log),
                                      std::move(*findings), std::move(kept)));
  if (auto read = live->reload(); !read) return tl::unexpected(read.error());
  auto deployments = deployments_of(live->log_);
  if (!deployments) return tl::unexpected(deployments.error());
  live->deployments_ = std::make_shared<const rulebook::Deployments>(std::move(*deployments));
  live->texts_seen_ = live->log_.texts().size();
  if (auto loaded = live->load_rules(); !loaded) return tl::unexpected(loaded.error());
  return live;
}

// What cannot be read changes nothing, and is told.
Result<void> Live::reload() {
  if (!options_.read_configuration) return {};
  auto read = options_.read_configuration();
  const auto mappings = read ? std::make_shared<const ingest::MappingSet>(std::move(*read)) : nullptr;
  std::string told;
  {
    const std::lock_guard lock(view_mutex_);
    if (mappings) {
      configuration_ = {io::now(), mappings->files, {}, mappings};
      told = fmt::format("read the configuration: {} mapping files", mappings->files.size());
    } else {
      const Error& e = read.error();
      configuration_.problem = e.context.empty() ? e.message : e.context + ": " + e.message;
      told = "the configuration stays as it was: " + configuration_.problem;
    }
  }
  if (ready_ && observer_.told) observer_.told(told);
  if (!mappings) return tl::unexpected(read.error());
  kept_->now = mappings;
  return {};
}

Configuration Live::configuration() const {
  const std::lock_guard lock(view_mutex_);
  return configuration_;
}

// --- input ----------------------------------------------------------------------------------------------------------

// The rules that the decisions so far put in force. Where none of them can be used the ones before go on.
Result<void> Live::load_rules() {
  const auto on_revision = [this](const pipeline::Alert& a) { note_revision(a); };
  const auto permits = rulebook::permits_of(*deployments_, rulebook::Over::journal);
  const auto load = [&](const rulebook::Deployments& deployments) -> Result<rulebook::DeployedRules> {
    if (!options_.only_those)
      return rulebook::DeployedRules::of(deployments, options_.rules, rulebook::Over::journal, on_revision, permits);
    return rulebook::DeployedRules::of(rules::Pack::load(options_.rules).pack, on_revision, permits);
  };
  auto loaded = load(*deployments_);
  in_force_ = {};
  if (loaded) {
    usable_ = deployments_;
  } else {
    in_force_.problem = loaded.error().message;
    // At the start there is nothing that could go on.
    if (usable_ == deployments_ || !ready_) return tl::unexpected(loaded.error());
    if (observer_.told) observer_.told(in_force_.problem + "; the rules before go on");
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
  each_detection([&](pipeline::Detection& d) {
    for (const rules::Rule& rule : d.pack().rules()) rules_[&rule] = std::make_shared<const rules::Rule>(rule);
  });
  for (const rules::Rule& rule : judging_->current().pack().rules()) {
    const auto file =
        std::find_if(files.begin(), files.end(), [&](const rules::RuleFile& f) { return f.path == rule.path; });
    texts_.push_back(std::make_shared<const std::string>(file == files.end() ? std::string{} : file->text));
  }
  return {};
}

// What was decided on rules since the last time. An entry that no program of ours wrote changes nothing here; the next
// start is refused for it.
void Live::take_decisions() {
  const auto& texts = log_.texts();
  if (texts_seen_ == texts.size()) return;
  std::optional<rulebook::Deployments> now;
  for (; texts_seen_ < texts.size(); ++texts_seen_) {
    const auto& noted = texts[texts_seen_];
    if (!rulebook::Deployments::is_step(noted.text)) continue;
    if (!now) now.emplace(*deployments_);
    if (auto applied = now->apply(noted.text, {noted.files, noted.noted}); !applied && observer_.told)
      observer_.told(applied.error().message);
  }
  if (!now) return;
  must_replay_ |= !options_.only_those && now->in_force().size() != deployments_->in_force().size();
  must_replay_ |= now->agreements() != deployments_->agreements();
  deployments_ = std::make_shared<const rulebook::Deployments>(std::move(*now));
  has_decisions_ = true;
}

Result<void> Live::replay(bool is_first) {
  if (!is_first)
    if (auto loaded = load_rules(); !loaded) return loaded;
  was_replayed_ = !is_first;
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

// What was appended since the last time goes into the engine.
Result<void> Live::absorb() {
  while (!appended_.empty() || !ended_.empty() || must_replay_)
    if (auto done = absorb_part(); !done) return done;
  // Most writes are look-ups: what they change is told, but no view of everything is made for each.
  return has_news_ || has_decisions_ || !changed_.empty() ? publish() : Result<void>{};
}

// The same for what may be much. In between others read, and what they write is absorbed here.
Result<void> Live::absorb_letting_others_in() {
  ++absorbing_;
  Result<void> done;
  while (done && appended_.size() > kAbsorbedAtOnce) {
    done = absorb_part();
    mutex_.unlock();
    mutex_.lock();
  }
  --absorbing_;
  return done ? absorb() : done;
}

// What one part leaves is what it would be, had no more arrived yet: parts are as good as batches of that size.
Result<void> Live::absorb_part() {
  take_decisions();
  const auto text_of = [&](std::uint64_t sequence, const journal::Entry& entry) {
    if (const auto* text = std::get_if<journal::TextEntry>(&entry); text != nullptr && observer_.text)
      observer_.text(sequence, *text);
  };
  if (std::exchange(must_replay_, false)) {
    for (const journal::Entry& entry : appended_) text_of(next_sequence_++, entry);
    appended_.clear();
    ended_.clear();
    has_news_ = true;
    return replay(false);
  }
  std::vector<EventPtr> events;
  std::vector<CoverageStatement> stated;
  bool is_tick = false, is_news = false;
  for (std::size_t n = 0; n < kAbsorbedAtOnce && !appended_.empty(); ++n) {
    const journal::Entry entry = std::move(appended_.front());
    appended_.pop_front();
    text_of(next_sequence_++, entry);
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
  if (appended_.empty())
    for (const ingest::TakenFile& f : std::exchange(ended_, {})) health_.file(account_of(f), f.repeated, f.at);
  if (!stated.empty()) each_detection([&](auto& d) { d.take(stated); });
  if (is_news) take_observed_coverage(is_tick);
  take_events(std::move(events));
  if (is_news) each_detection([&](auto& d) { d.tick(last_tick_); });
  has_news_ |= is_news;
  return {};
}

// --- output ---------------------------------------------------------------------------------------------------------

void Live::note_revision(const pipeline::Alert& alert) {
  changed_.insert_or_assign(alert.id, alert);
}

std::shared_ptr<const rules::Rule> Live::rule_of(const pipeline::Alert& alert) const {
  return rules_.at(alert.rule);
}

// After a replay: what was shown and stands no more, because its events were taken back or its rule is another.
Result<void> Live::withdraw_what_is_gone(std::vector<std::pair<Findings::Told, AlertRowPtr>>& told, Timestamp now) {
  if (!std::exchange(was_replayed_, false)) return {};
  std::set<std::string> standing;
  for (const pipeline::Alert& a : judging_->standing()) standing.insert(a.id.hex());
  std::vector<AlertRowPtr> withdrawn;
  for (const AlertRowPtr& row : *alerts_) {
    if (row->status == pipeline::AlertStatus::withdrawn || standing.contains(row->id)) continue;
    AlertRow gone = *row;
    gone.status = pipeline::AlertStatus::withdrawn;
    const auto what = findings_.tell(gone, now);
    if (!what) return tl::unexpected(what.error());
    withdrawn.push_back(std::make_shared<const AlertRow>(std::move(gone)));
    if (*what != Findings::Told::nothing) told.emplace_back(*what, withdrawn.back());
  }
  if (!withdrawn.empty()) alerts_ = std::make_shared<const AlertList>(*alerts_, std::move(withdrawn));
  return {};
}

Result<void> Live::publish() {
  has_news_ = false;
  const Timestamp now = io::now();
  const RowMaker maker{log_.files(), keys_};
  std::vector<std::pair<Findings::Told, AlertRowPtr>> told;
  if (auto withdrawn = withdraw_what_is_gone(told, now); !withdrawn) return withdrawn;
  std::vector<AlertRowPtr> changed;
  for (auto& [id, revision] : std::exchange(changed_, {})) {
    // What one version says no more may stand by the word of another.
    const auto stands = judging_->told(revision);
    pipeline::Alert alert = stands.value_or(revision);
    if (!stands) alert.status = pipeline::AlertStatus::withdrawn;
    AlertRow row = maker.alert(alert, rule_of(alert));
    const auto what = findings_.tell(row, now);
    if (!what) return tl::unexpected(what.error());
    if (row.revision == 0) continue;  // came and went before anybody was told
    changed.push_back(std::make_shared<const AlertRow>(std::move(row)));
    if (*what != Findings::Told::nothing) told.emplace_back(*what, changed.back());
  }
  if (!changed.empty()) alerts_ = std::make_shared<const AlertList>(*alerts_, std::move(changed));
  if (auto done = findings_.commit(); !done) return done;
  auto view = std::make_shared<View>();
  view->alerts = alerts_;
  view->rules = count_rules();
  view->feeds = feed_rows(std::max(now, last_tick_));
  view->account = judging_->current().account();
  view->entries = log_.entries();
  view->deployments = deployments_;
  view->in_force = in_force_;
  {
    const std::lock_guard lock(view_mutex_);
    view_ = std::move(view);
  }
  const bool has_decisions = std::exchange(has_decisions_, false);
  if (!ready_) return {};
  for (const auto& [what, row] : told)
    if (observer_.alert) observer_.alert(what, row);
  if (has_decisions && observer_.rules) observer_.rules();
  return {};
}

std::vector<RuleRow> Live::count_rules() const {
  std::vector<RuleRow> out;
  const pipeline::Detection& current = judging_->current();
  const auto& rules = current.pack().rules();
  const auto asked = current.asked(), off = current.off();
  for (std::size_t i = 0; i < rules.size(); ++i) out.push_back({rules_.at(&rules[i]), texts_[i], asked[i], {}, off[i]});
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
    row.covered = s.covered;
    if (const auto at = sources_.find(feed); at != sources_.end())
      row.owners = at->second.owners, row.types = at->second.types, row.personal = at->second.personal;
    if (s.first <= s.last) row.first = s.first, row.last = s.last;
    if (s.last_received > Timestamp::min()) row.last_received = s.last_received;
    if (s.last_actual > Timestamp::min()) row.last_actual = s.last_actual;
  }
  const RowMaker maker{log_.files(), keys_};
  for (const EventPtr& e : health_.events(now)) {
    const std::string feed(e->text(FieldId::feed_name));
    if (const auto at = rows.find(feed); at != rows.end()) at->second.health.push_back(maker.event(*e));
  }
  std::vector<FeedRow> out;
  for (auto& [feed, row] : rows) out.push_back(std::move(row));
  return out;
}

Result<void> Live::room() const {
  return ingest::room_for_intake(options_.data_dir);
}

std::shared_ptr<const View> Live::view() const {
  const std::lock_guard lock(view_mutex_);
  return view_;
}

// --- running --------------------------------------------------------------------------------------------------------

Result<void> Live::begin_with(const std::vector<journal::TextEntry>& texts) {
  if (texts.empty()) return {};  // a log that takes nothing more can still be read
  for (const journal::TextEntry& text : texts)
    if (auto noted = log_.note(text); !noted) return noted;
  return log_.commit();
}

Result<void> Live::run(const io::StopSignals& stop) {
  std::unique_lock lock(mutex_);
  if (auto replayed = replay(true); !replayed) return replayed;
  std::vector<std::string> standing;
  for (const auto& alert : judging_->standing()) standing.push_back(alert.id.hex());
  std::sort(standing.begin(), standing.end());
  if (auto withdrawn = findings_.withdraw_all_but(standing, io::now()); !withdrawn) return withdrawn;
  if (auto published = publish(); !published) return published;
  next_sequence_ = log_.entries();
  log_.watch([this](const journal::Entry& entry) { appended_.push_back(entry); });
  ready_ = true;

  Result<void> failed;
  ingest::FollowObserver observer;
  observer.told = observer_.told;
  observer.imported = [&](const ingest::ImportReport& report) {
    if (auto done = after_import(report); !done && failed) failed = tl::unexpected(done.error());
    if (observer_.feeds) observer_.feeds();
  };
  observer.wait_begins = [&] {
    if (auto done = absorb(); !done && failed) failed = done;
    lock.unlock();
  };
  observer.wait_ends = [&] {
    lock.lock();
    if (options_.reload_wanted && options_.reload_wanted()) std::ignore = reload();
  };
  auto done = ingest::follow(log_, raw_, options_.follow, stop, observer);
  // Reading goes on when nothing can be written any more.
  if (failed) failed = done;
  failed_ = !failed;
  return failed;
}

Result<ingest::ImportReport> Live::after_import(Result<ingest::ImportReport> report) {
  if (!report) return report;
  for (const ingest::TakenFile& f : report->taken) {
    must_replay_ |= f.retracted > 0;
    ended_.push_back(f);
  }
  if (auto done = absorb_letting_others_in(); !done) return tl::unexpected(done.error());
  return report;
}

ingest::ImportOptions Live::options_at(Timestamp now) const {
  ingest::ImportOptions out = options_.follow.import;
  out.intake.received_at = now;
  out.intake.is_live = true;
  return out;
}

Result<void> Live::write(const std::function<Result<std::vector<journal::Entry>>()>& make) {
  const std::lock_guard lock(mutex_);
  if (!ready_) return fail(ErrorCode::io_failure, std::string(kReading));
  auto entries = make();
  if (!entries) return tl::unexpected(entries.error());
  for (const journal::Entry& entry : *entries)
    if (auto noted = log_.note(entry); !noted) return noted;
  if (auto done = log_.commit(); !done) return done;
  return absorb();
}

// Whoever gets the engine's lock first writes for all who wait for it.
Result<void> Live::note(std::vector<journal::Entry> entries) {
  Noting mine{std::move(entries), {}, false};
  {
    const std::lock_guard waiting(noting_mutex_);
    noting_.push_back(&mine);
  }
  const std::lock_guard lock(mutex_);
  if (mine.is_over) return mine.done;
  std::vector<Noting*> all;
  {
    const std::lock_guard waiting(noting_mutex_);
    all.swap(noting_);
  }
  Result<void> done;
  if (!ready_) done = fail(ErrorCode::io_failure, std::string(kReading));
  for (const Noting* noting : all)
    for (const journal::Entry& entry : noting->entries)
      if (done) done = log_.note(entry);
  if (done) done = log_.commit();
  if (done && absorbing_ == 0) done = absorb();
  for (Noting* noting : all) {
    noting->entries.clear();  // here, while no other thread counts the references to their events
    noting->done = done;
    noting->is_over = true;
  }
  return done;
}

Result<ingest::ImportReport> Live::take_in(const std::string& name, std::string_view bytes, Timestamp now) {
  const std::lock_guard lock(mutex_);
  if (!ready_) return fail(ErrorCode::io_failure, std::string(kReading));
  if (auto room = ingest::room_for_intake(options_.data_dir, bytes.size()); !room)
    return tl::unexpected(room.error());
  ingest::ImportOptions options = options_at(now);
  options.again = true;  // equal bytes that arrive again are not the same delivery
  return after_import(ingest::import_received(log_, raw_, name, bytes, options));
}

Result<ingest::ImportReport> Live::retry_rejects(const std::vector<std::string>& names, Timestamp now) {
  const std::lock_guard lock(mutex_);
  if (!ready_) return fail(ErrorCode::io_failure, std::string(kReading));
  if (auto has = room(); !has) return tl::unexpected(has.error());
  // Whoever asks for this has mended a mapping.
  if (auto read = reload(); !read) return tl::unexpected(read.error());
  return after_import(ingest::retry_rejects(log_, raw_, names, options_at(now)));
}

// --- reading --------------------------------------------------------------------------------------------------------

TimelinePage Live::timeline(const TimelineQuery& query) {
  const std::lock_guard lock(mutex_);
  TimelinePage page;
  if (!ready_) return page;
  const RowMaker maker{log_.files(), keys_};
  timeline::Facts facts;
  for (const EventPtr& e : index_.events(query.subject)) {
    if (e->event_time < query.from || e->event_time > query.until || !query.may_show(*e)) continue;
    ++page.lanes[{e->feed, e->owner}];
    if (place(*e) <= query.after) continue;
    if (page.events.size() == query.limit) {
      page.has_more = true;
      continue;
    }
    EventRow row = maker.event(*e);
    if (judging_->current().timelines().holds(*e)) {
      judging_->current().facts(e, facts);
      row.facts = maker.fields(facts.values);
      // A fact tells what the records behind it say.
      for (const timeline::Citation& c : facts.citations)
        if (c.event && !query.may_show(*c.event))
          std::erase_if(row.facts, [&c](const ShownField& f) { return f.field == c.fact; });
    }
    page.events.push_back(std::move(row));
  }
  return page;
}

MapMoment Live::map_at(std::optional<Timestamp> at, const std::function<bool(const Event&)>& may_show) {
  const std::lock_guard lock(mutex_);
  MapMoment out{at.value_or(Timestamp::min()), {}, {}};
  if (!ready_) return out;
  const Shows shows = [&](const EventPtr& e) { return may_show(*e) && judging_->current().stands(e); };
  out.until = whereabouts_.latest(shows);
  if (!at && out.until) out.at = *out.until;
  if (out.until && out.at >= *out.until - limits::kMapReach) out.seen = whereabouts_.at(out.at, shows);
  return out;
}

std::optional<Happening> Live::latest(const Subject& subject, const std::function<bool(const Event&)>& counts) {
  const std::lock_guard lock(mutex_);
  if (!ready_) return std::nullopt;
  const std::vector<EventPtr> events = index_.events(subject);
  const auto stands = [&](const EventPtr& e) { return counts(*e) && judging_->current().timelines().holds(*e); };
  const auto at = std::find_if(events.rbegin(), events.rend(), stands);
  return at == events.rend() ? std::nullopt : std::optional(Happening{(*at)->type, (*at)->event_time});
}

std::vector<SubjectIndex::Hit> Live::search(std::string_view query, std::size_t at_most,
                                            const std::function<bool(const Event&)>& may_show) {
  const std::lock_guard lock(mutex_);
  return index_.search(query, at_most, may_show);
}

std::size_t Naming::all() const {
  std::size_t out = 0;
  for (const auto& [feed, count] : feeds) out += count.events;
  return out;
}

// Others come in between: the events are held meanwhile, and nothing counts who holds them.
Naming Live::naming(const std::vector<Person>& persons, std::size_t at_most,
                    const std::function<bool(const Event&)>& may_show) {
  const std::lock_guard lock(mutex_);
  Naming out;
  std::vector<EventPtr> events;
  for (const Person& p : persons) {
    auto more = index_.naming(p.personal, p.pseudonym);
    events.insert(events.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  std::erase_if(events, [&](const EventPtr& e) { return !may_show(*e); });
  std::sort(events.begin(), events.end(), [](const EventPtr& a, const EventPtr& b) { return place(*b) < place(*a); });
  events.erase(std::unique(events.begin(), events.end(),
                           [](const EventPtr& a, const EventPtr& b) { return a->id == b->id; }),
               events.end());
  for (const EventPtr& e : events) {
    Naming::Count& count = out.feeds[e->feed];
    if (count.events++ == 0) count.last = e->event_time;
    count.first = e->event_time;
  }
  for (std::size_t i = 0; i < events.size() && i < at_most; ++i) {
    out.newest.push_back(RowMaker{log_.files(), keys_}.event(*events[i]));
    if (i % kAbsorbedAtOnce != kAbsorbedAtOnce - 1) continue;
    mutex_.unlock();
    mutex_.lock();
  }
  return out;
}

std::vector<ingest::TakenFile> Live::rejected_files(const std::vector<std::string>& names) {
  const std::lock_guard lock(mutex_);
  return ingest::chosen_rejects(log_, raw_, names);
}

Result<std::vector<RejectRow>> Live::rejects(const std::vector<ingest::TakenFile>& files, std::size_t skip,
                                             std::size_t at_most, Timestamp now) {
  const std::lock_guard lock(mutex_);
  std::vector<RejectRow> out;
  std::size_t seen = 0;
  const ingest::TakenFile* file = nullptr;
  ingest::IntakeListener listener;
  listener.span = [&](const ingest::FileAccount&, const adapter::SpanReport& s, std::string_view bytes) {
    if (s.kind != adapter::SpanKind::rejected || seen++ < skip || out.size() >= at_most) return;
    out.push_back({file->name, s.offset, s.size, std::string(s.reason), std::string(s.message),
                   std::string(bytes.substr(0, limits::kShownRejectBytes))});
  };
  ingest::Intake intake(options_at(now).intake, std::move(listener));
  if (auto loaded = intake.load_mappings_of({}); !loaded) return tl::unexpected(loaded.error());
  for (const ingest::TakenFile& f : files) {
    if (out.size() >= at_most) break;
    const auto bytes = raw_.get(f.content);
    if (!bytes) return tl::unexpected(bytes.error());
    file = &f;
    intake.read_bytes(f.name, *bytes);
  }
  return out;
}

std::string Live::shown(PersonalClass personal, std::string_view text) {
  const std::lock_guard lock(mutex_);
  return journal::shown_text(keys_, personal, text);
}

std::optional<ValuePlace> Live::find_value(const std::vector<Subject>& subjects, std::string_view pseudonym,
                                           const MayShow& may_show) {
  const std::lock_guard lock(mutex_);
  for (const Subject& subject : subjects) {
    const std::vector<EventPtr> events = index_.events(subject);
    for (auto e = events.rbegin(); e != events.rend(); ++e)
      if (const auto field = field_showing(keys_, **e, pseudonym, may_show))
        return ValuePlace{(*e)->id, *field, subject};
  }
  return std::nullopt;
}

ClearValue Live::clear_value(const ValuePlace& place, std::string_view pseudonym, const MayShow& may_show) {
  const std::lock_guard lock(mutex_);
  const std::vector<EventPtr> events = index_.events(place.subject);
  const auto at = std::find_if(events.begin(), events.end(), [&](const EventPtr& e) { return e->id == place.event; });
  // A record that was found under the value alone is not found without its key.
  ClearValue out{log_.stands(place.event) ? ClearValue::Fate::erased : ClearValue::Fate::gone, {}};
  if (at == events.end() || !may_show(**at, place.field)) return out;
  (*at)->fields.each(place.field, [&](const Value& v) {
    if (v.kind == Kind::text && journal::shown_text(keys_, info(place.field).personal, v.text) == pseudonym)
      out = {ClearValue::Fate::known, std::string(v.text)};
  });
  return out;
}

}  // namespace quaywatch::live
