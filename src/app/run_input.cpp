#include "app/run_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "app/print.h"
#include "app/progress.h"
#include "app/read_input.h"
#include "app/reference_files.h"
#include "app/shipped_rules.h"
#include "base/limits.h"
#include "ingest/event_sorter.h"
#include "ingest/feed_health.h"
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

Result<std::vector<rules::RuleFile>> read_rule_files(const std::string& folder) {
  std::vector<rules::RuleFile> files;
  const auto paths = io::list_files(folder);
  if (!paths) return tl::unexpected(paths.error());
  for (const std::string& path : *paths) {
    if (!path.ends_with(".yml") && !path.ends_with(".yaml")) continue;
    auto text = io::read_file(path, limits::kRuleFileBytes);
    if (!text) return tl::unexpected(text.error());
    files.push_back({path, std::move(*text)});
  }
  if (files.empty()) return fail(ErrorCode::not_found, fmt::format("no rule file (*.yml) below '{}'", folder));
  return files;
}

Result<std::vector<rules::RuleFile>> read_rules(const std::string& folder) {
  if (folder.empty()) return shipped_rules();
  return read_rule_files(folder);
}

Result<rules::Pack> load_pack(const std::string& folder) {
  auto files = read_rules(folder);
  if (!files) return tl::unexpected(files.error());
  auto loaded = rules::Pack::load(*files);
  for (const auto& r : loaded.refused) print(stderr, "refused {}:{}: {}\n", r.path, r.line, r.reason);
  if (loaded.pack.rules().empty()) return fail(ErrorCode::malformed, "no rule could be compiled");
  return std::move(loaded.pack);
}

namespace {

bool asks_for_feeds(const rules::Pack& pack) {
  const auto is_of_feeds = [](EventType t) { return info(t).name.starts_with("feed."); };
  return std::any_of(pack.rules().begin(), pack.rules().end(), [&](const rules::Rule& r) {
    return std::any_of(r.types.begin(), r.types.end(), is_of_feeds) ||
           std::any_of(r.needs_types.begin(), r.needs_types.end(), is_of_feeds);
  });
}

// What one run gathers before anything is judged.
struct Gathered {
  RunInput run;
  ingest::EventSorter sorter;
  ingest::ObservedCoverage observed;
  std::vector<FeedExpectation> expectations;
  Result<void> sorted;
  Timestamp last_tick;

  void event(const Event& e) {
    // Once a sorted run found no room, every further event would sort and write it again.
    if (sorted) sorted = sorter.add(e);
  }
  void coverage(const CoverageStatement& s) {
    observed.stated(s);
    run.coverage.push_back(s);
  }
};

Result<void> gather(const InputOptions& options, const Site& site, const ingest::InputLog* log, Timestamp now,
                    bool with_health, Gathered& g) {
  ingest::FeedHealth health;
  InputVisitor visitor;
  visitor.event = [&](const EventPtr& e) {
    g.observed.see(*e);
    g.event(*e);
    if (with_health) health.see(*e);
    return static_cast<bool>(g.sorted);
  };
  visitor.coverage = [&](const CoverageStatement& s) {
    g.coverage(s);
    if (with_health) health.coverage(s);
  };
  visitor.expectation = [&](const FeedExpectation& e) {
    g.expectations.push_back(e);
    if (with_health) health.expectation(e);
  };
  visitor.tick = [&](Timestamp at) { g.last_tick = std::max(g.last_tick, at); };
  visitor.file_ends = [&](const ingest::FileAccount& account, std::uint64_t repeated, Timestamp taken_at) {
    if (with_health) health.file(account, repeated, taken_at);
  };
  auto files = read_input(options, site, now, visitor, log);
  if (!files) return tl::unexpected(files.error());
  if (with_health)
    for (const EventPtr& e : health.events(now)) g.event(*e);
  g.run.files = std::move(*files);
  g.run.from_log = options.paths.empty();
  return g.sorted;
}

constexpr std::size_t kBlockEvents = 1024;  // taken by one judge before the next: each finds its state in the cache

// Coverage and expectations first, then the events in order, then ticks until nothing waits.
class Judging {
 public:
  Judging(std::span<Judge> judges, const std::function<void(const EventPtr&)>& on_event)
      : judges_(judges), on_event_(on_event) {}

  void begin(const Gathered& g) {
    // In the order of time each is added at the end of its row; their order is of no consequence otherwise.
    std::vector<const CoverageStatement*> by_time;
    for (const CoverageStatement& s : g.run.coverage) by_time.push_back(&s);
    std::stable_sort(by_time.begin(), by_time.end(), [](const auto* a, const auto* b) { return a->from < b->from; });
    each([&](pipeline::Detection& d) {
      for (const FeedExpectation& e : g.expectations) d.take(e);
      for (const CoverageStatement* s : by_time) d.take(*s);
    });
  }
  void take(const EventPtr& e) {
    block_.push_back(e);
    if (block_.size() == kBlockEvents) take_block();
  }
  // The run is over when nothing waits any more: each tick takes a bounded part.
  void end(Timestamp last_tick) {
    take_block();
    each([&](pipeline::Detection& d) {
      do d.tick(last_tick);
      while (d.waiting() > 0);
    });
  }

 private:
  template <typename F>
  void each(F&& fn) {
    for (Judge& judge : judges_) {
      const Duration began = io::monotonic_now();
      fn(*judge.detection);
      judge.spent = judge.spent + Duration{io::monotonic_now().us - began.us};
    }
  }
  void take_block() {
    each([&](pipeline::Detection& d) {
      for (const EventPtr& e : block_) {
        d.advance(e->event_time);
        d.take(e);
        if (on_event_ && &d == judges_.front().detection) on_event_(e);
      }
    });
    block_.clear();
  }

  std::span<Judge> judges_;
  const std::function<void(const EventPtr&)>& on_event_;
  std::vector<EventPtr> block_;
};

Result<void> judge(Gathered& g, std::span<Judge> judges, const std::function<void(const EventPtr&)>& on_event) {
  for (CoverageStatement& s : g.observed.statements()) g.run.coverage.push_back(std::move(s));
  Judging judging(judges, on_event);
  judging.begin(g);
  std::uint64_t events = 0, done = 0;
  for (const auto& f : g.run.files) events += f.events;
  Progress progress("judging");
  auto drained = g.sorter.drain([&](const EventPtr& e) {
    judging.take(e);
    progress.step(++done, events, "events");
  });
  if (!drained) return drained;
  g.run.duplicates = g.sorter.duplicates();
  judging.end(g.last_tick);
  return {};
}

}  // namespace

Result<RunInput> run_input(const InputOptions& options, const Site& site, std::span<Judge> judges,
                           const std::function<void(const EventPtr&)>& on_event, const ingest::InputLog* log) {
  const auto now = import_time(options);
  if (!now) return tl::unexpected(now.error());
  Gathered g;
  g.last_tick = options.paths.empty() && options.now.empty() ? Timestamp::min() : *now;
  const bool with_health = std::any_of(judges.begin(), judges.end(),
                                       [](const Judge& j) { return asks_for_feeds(j.detection->pack()); });
  auto gathered = gather(options, site, log, *now, with_health, g);
  if (gathered) gathered = judge(g, judges, on_event);
  if (!gathered) return tl::unexpected(gathered.error());
  return std::move(g.run);
}

Result<RunInput> run_input(const InputOptions& options, const Site& site, pipeline::Detection& detection,
                           const std::function<void(const EventPtr&)>& on_event, const ingest::InputLog* log) {
  Judge judge{&detection, {}};
  return run_input(options, site, std::span(&judge, 1), on_event, log);
}

}  // namespace quaywatch::app
