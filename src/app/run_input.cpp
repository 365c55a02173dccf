#include "app/run_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "app/print.h"
#include "app/progress.h"
#include "app/reference_files.h"
#include "app/shipped_rules.h"
#include "base/limits.h"
#include "ingest/event_sorter.h"
#include "ingest/input_log.h"
#include "io/clock.h"
#include "io/files.h"

namespace quaywatch::app {

int unusable(const Error& error) {
  const std::string place = error.context.empty() ? "" : error.context + ": ";
  print(stderr, "quaywatch: {}{}\n", one_line(place), one_line(error.message));
  return kUnusable;
}

Result<Site> open_site(std::string_view command, const InputOptions& options) {
  use_site_references();
  auto site = Site::open();
  if (!site || !options.reveal) return site;
  if (auto noted = site->record_reveal(command, options.paths); !noted) return tl::unexpected(noted.error());
  return site;
}

int exit_code(const InputOptions& options, const std::vector<ingest::FileAccount>& files) {
  const bool any = std::any_of(files.begin(), files.end(), [](const auto& f) { return !f.rejected.empty(); });
  return options.strict && any ? kRejected : kDone;
}

Result<rules::Pack> load_pack(const std::string& folder) {
  std::vector<rules::RuleFile> files;
  if (folder.empty()) {
    files = shipped_rules();
  } else {
    const auto paths = io::list_files(folder);
    if (!paths) return tl::unexpected(paths.error());
    for (const std::string& path : *paths) {
      if (!path.ends_with(".yml") && !path.ends_with(".yaml")) continue;
      auto text = io::read_file(path, limits::kRuleFileBytes);
      if (!text) return tl::unexpected(text.error());
      files.push_back({path, std::move(*text)});
    }
    if (files.empty()) return fail(ErrorCode::not_found, fmt::format("no rule file (*.yml) below '{}'", folder));
  }
  auto loaded = rules::Pack::load(files);
  for (const auto& r : loaded.refused) print(stderr, "refused {}:{}: {}\n", r.path, r.line, r.reason);
  if (loaded.pack.rules().empty()) return fail(ErrorCode::malformed, "no rule could be compiled");
  return std::move(loaded.pack);
}

Result<Timestamp> import_time(const InputOptions& options) {
  if (options.now.empty()) return io::now();
  return parse_rfc3339(options.now);
}

namespace {

// What one run gathers before anything is judged.
struct Gathered {
  RunInput run;
  ingest::EventSorter sorter;
  ingest::ObservedCoverage observed;
  std::vector<FeedExpectation> expectations;
  Result<void> sorted;
  Timestamp last_tick;

  void event(const Event& e) {
    observed.see(e);
    // Once a sorted run found no room, every further event would sort and write it again.
    if (sorted) sorted = sorter.add(e);
  }
  void coverage(CoverageStatement s) {
    observed.stated(s);
    run.coverage.push_back(std::move(s));
  }
};

Result<void> gather_files(const InputOptions& options, const Site& site, Timestamp now, Gathered& g) {
  Progress progress("reading");
  ingest::IntakeListener listener;
  listener.event = [&](const EventPtr& e) { g.event(*e); };
  listener.coverage = [&](CoverageStatement s) {
    // A file that does not say when it came could not have been known before the time it covers had passed.
    if (s.stated_at.us == 0 || s.stated_at >= now) s.stated_at = std::min(s.until, now);
    g.coverage(std::move(s));
  };
  listener.expectation = [&](const FeedExpectation& e) { g.expectations.push_back(e); };
  listener.tick = [&](Timestamp at) { g.last_tick = std::max(g.last_tick, at); };
  listener.file_begins = [&](const std::string& path, std::size_t i, std::size_t n) { progress.step(i, n, path); };
  ingest::Intake intake(intake_options(options, site, now), std::move(listener));
  if (auto read = intake.read(options.paths); !read) return read;
  g.run.files = intake.files();
  return {};
}

Result<void> gather_log(const Site& site, Gathered& g) {
  const auto log = ingest::InputLog::open_reading(site.folder(), site.keys());
  if (!log && log.error().code == ErrorCode::not_found)
    return fail(ErrorCode::not_found,
                "no file was named and nothing was imported yet; name files, or take them in with 'quaywatch import'",
                site.folder());
  if (!log) return tl::unexpected(log.error());
  g.run.from_log = true;
  for (const ingest::TakenFile& f : log->files()) {
    ingest::FileAccount& account = g.run.files.emplace_back();
    account.path = f.name;
    account.format = f.format;
    account.bytes = f.bytes;
    account.events = f.events;
    account.rejected = f.rejected;
    account.findings = f.findings;
  }
  Progress progress("replaying");
  return log->replay([&](std::uint64_t sequence, const journal::Entry& entry) -> Result<void> {
    progress.step(sequence, log->entries(), "entries");
    if (const auto* e = std::get_if<EventPtr>(&entry)) g.event(**e);
    if (const auto* s = std::get_if<CoverageStatement>(&entry)) g.coverage(*s);
    if (const auto* x = std::get_if<FeedExpectation>(&entry)) g.expectations.push_back(*x);
    if (const auto* t = std::get_if<journal::Tick>(&entry)) g.last_tick = std::max(g.last_tick, t->at);
    return g.sorted;
  });
}

// Coverage and expectations first, then the events in order, then ticks until nothing waits.
Result<void> judge(Gathered& g, pipeline::Detection& detection, const std::function<void(const EventPtr&)>& on_event) {
  for (const FeedExpectation& e : g.expectations) detection.take(e);
  for (CoverageStatement& s : g.observed.statements()) g.run.coverage.push_back(std::move(s));
  // In the order of time each is added at the end of its row; their order is of no consequence otherwise.
  std::vector<const CoverageStatement*> by_time;
  for (const CoverageStatement& s : g.run.coverage) by_time.push_back(&s);
  std::stable_sort(by_time.begin(), by_time.end(), [](const auto* a, const auto* b) { return a->from < b->from; });
  for (const CoverageStatement* s : by_time) detection.take(*s);
  std::uint64_t events = 0, done = 0;
  for (const auto& f : g.run.files) events += f.events;
  Progress judging("judging");
  auto drained = g.sorter.drain([&](const EventPtr& e) {
    detection.advance(e->event_time);
    detection.take(e);
    if (on_event) on_event(e);
    judging.step(++done, events, "events");
  });
  if (!drained) return drained;
  g.run.duplicates = g.sorter.duplicates();
  // The run is over when nothing waits any more: each tick takes a bounded part.
  do detection.tick(g.last_tick);
  while (detection.waiting() > 0);
  return {};
}

}  // namespace

ingest::IntakeOptions intake_options(const InputOptions& options, const Site& site, Timestamp now) {
  ingest::IntakeOptions out;
  out.received_at = now;
  out.time_zone = options.time_zone;
  out.mapping_paths = options.mappings;
  if (const std::string contracts = site.folder() + "/feeds"; io::exists(contracts))
    out.mapping_paths.push_back(contracts);
  const Digest key = site.keys().derive("event id");
  out.id_key.assign(key.begin(), key.end());
  return out;
}

Result<RunInput> run_input(const InputOptions& options, const Site& site, pipeline::Detection& detection,
                           const std::function<void(const EventPtr&)>& on_event) {
  const auto now = import_time(options);
  if (!now) return tl::unexpected(now.error());
  Gathered g;
  g.last_tick = options.paths.empty() && options.now.empty() ? Timestamp::min() : *now;
  auto gathered = options.paths.empty() ? gather_log(site, g) : gather_files(options, site, *now, g);
  if (gathered) gathered = g.sorted;
  if (gathered) gathered = judge(g, detection, on_event);
  if (!gathered) return tl::unexpected(gathered.error());
  return std::move(g.run);
}

}  // namespace quaywatch::app
