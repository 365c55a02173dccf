#include "app/run_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "app/print.h"
#include "app/progress.h"
#include "app/shipped_rules.h"
#include "base/limits.h"
#include "ingest/event_sorter.h"
#include "io/clock.h"
#include "io/files.h"

namespace quaywatch::app {

int unusable(const Error& error) {
  const std::string place = error.context.empty() ? "" : error.context + ": ";
  print(stderr, "quaywatch: {}{}\n", one_line(place), one_line(error.message));
  return kUnusable;
}

Result<Site> open_site(std::string_view command, const InputOptions& options) {
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

Result<RunInput> run_input(const InputOptions& options, pipeline::Detection& detection,
                           const std::function<void(const EventPtr&)>& on_event) {
  const auto now = import_time(options);
  if (!now) return tl::unexpected(now.error());
  RunInput run;
  ingest::EventSorter sorter;
  ingest::ObservedCoverage observed;
  Result<void> sorted;
  Timestamp last_tick = *now;
  Progress progress("reading");
  ingest::IntakeListener listener;
  listener.event = [&](const EventPtr& e) {
    observed.see(*e);
    // Once a sorted run found no room, every further event would sort and write it again.
    if (sorted) sorted = sorter.add(*e);
  };
  listener.coverage = [&](CoverageStatement s) {
    observed.stated(s);
    // A file that does not say when it came could not have been known before the time it covers had passed.
    if (s.stated_at.us == 0 || s.stated_at >= *now) s.stated_at = std::min(s.until, *now);
    run.coverage.push_back(std::move(s));
  };
  listener.expectation = [&](const FeedExpectation& e) { detection.take(e); };
  listener.tick = [&](Timestamp at) { last_tick = std::max(last_tick, at); };
  listener.file_begins = [&](const std::string& path, std::size_t i, std::size_t n) { progress.step(i, n, path); };
  ingest::Intake intake({*now, options.time_zone, options.mappings}, std::move(listener));
  if (auto read = intake.read(options.paths); !read) return tl::unexpected(read.error());
  if (!sorted) return tl::unexpected(sorted.error());
  run.files = intake.files();
  for (CoverageStatement& s : observed.statements()) run.coverage.push_back(std::move(s));
  // In the order of time each is added at the end of its row; their order is of no consequence otherwise.
  std::vector<const CoverageStatement*> by_time;
  for (const CoverageStatement& s : run.coverage) by_time.push_back(&s);
  std::stable_sort(by_time.begin(), by_time.end(), [](const auto* a, const auto* b) { return a->from < b->from; });
  for (const CoverageStatement* s : by_time) detection.take(*s);
  std::uint64_t events = 0, done = 0;
  for (const auto& f : run.files) events += f.events;
  Progress judging("judging");
  auto drained = sorter.drain([&](const EventPtr& e) {
    detection.advance(e->event_time);
    detection.take(e);
    if (on_event) on_event(e);
    judging.step(++done, events, "events");
  });
  if (!drained) return tl::unexpected(drained.error());
  run.duplicates = sorter.duplicates();
  // The run is over when nothing waits any more: each tick takes a bounded part.
  do detection.tick(last_tick);
  while (detection.waiting() > 0);
  return run;
}

}  // namespace quaywatch::app
