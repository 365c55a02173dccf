#include "live/whole_input.h"

#include <algorithm>

#include "io/clock.h"

namespace quaywatch::live {
namespace {

constexpr std::size_t kBlockEvents = 1024;  // taken by one judge before the next: each finds its state in the cache
constexpr std::size_t kExpected = 32;        // of these, told ahead: what they touch fits the nearest caches

tl::unexpected<Error> ended() {
  return fail(ErrorCode::io_failure, "the reading was ended");
}

bool asks_for_feeds(const rules::Pack& pack) {
  const auto is_of_feeds = [](EventType t) { return info(t).name.starts_with("feed."); };
  return std::any_of(pack.rules().begin(), pack.rules().end(), [&](const rules::Rule& r) {
    return std::any_of(r.types.begin(), r.types.end(), is_of_feeds) ||
           std::any_of(r.needs_types.begin(), r.needs_types.end(), is_of_feeds);
  });
}

// What an event is known by, counted and corrected, without anything that only a rule could ask.
Event bare(const Event& e) {
  Event out;
  out.id = e.id;
  out.natural_key = e.natural_key;
  out.type = e.type;
  out.op = e.op;
  out.classifier = e.classifier;
  out.event_time = e.event_time;
  out.reported_at = e.reported_at;
  out.received_at = e.received_at;
  return out;
}

class Judging {
 public:
  Judging(std::span<Judge> judges, const std::function<void(const EventPtr&)>& on_event)
      : judges_(judges), on_event_(on_event) {}

  void begin(std::span<const FeedExpectation> expectations, std::span<const CoverageStatement> coverage) {
    // In the order of time each is added at the end of its row; their order is of no consequence otherwise.
    std::vector<const CoverageStatement*> by_time;
    for (const CoverageStatement& s : coverage) by_time.push_back(&s);
    std::stable_sort(by_time.begin(), by_time.end(), [](const auto* a, const auto* b) { return a->from < b->from; });
    each([&](pipeline::Detection& d) {
      for (const FeedExpectation& e : expectations) d.take(e);
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
      for (std::size_t i = 0; i < block_.size(); ++i) {
        if (i % kExpected == 0) d.expect(std::span(block_).subspan(i, std::min(kExpected, block_.size() - i)));
        const EventPtr& e = block_[i];
        if (e->classifier == Classifier::actual) d.advance(e->event_time);
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

}  // namespace

ingest::FileAccount account_of(const ingest::TakenFile& f) {
  ingest::FileAccount account;
  account.index = f.index;
  account.path = f.name;
  account.feed = f.feed;
  account.format = f.format;
  account.bytes = f.bytes;
  account.events = f.events;
  account.rejected = f.rejected;
  account.findings = f.findings;
  return account;
}

Result<std::vector<ingest::FileAccount>> read_log(const ingest::InputLog& log, const InputVisitor& visitor,
                                                  const OnStep& on_entry) {
  const auto visit = [&](std::uint64_t sequence, const journal::Entry& entry) -> Result<void> {
    if (on_entry && !on_entry(sequence, log.entries())) return ended();
    const auto* e = std::get_if<EventPtr>(&entry);
    if (e != nullptr && !visitor.event(*e)) return ended();
    if (const auto* s = std::get_if<CoverageStatement>(&entry); s && visitor.coverage) visitor.coverage(*s);
    if (const auto* x = std::get_if<FeedExpectation>(&entry); x && visitor.expectation) visitor.expectation(*x);
    if (const auto* t = std::get_if<journal::Tick>(&entry); t && visitor.tick) visitor.tick(t->at);
    return {};
  };
  const auto file_ends = [&](const ingest::TakenFile& f) {
    if (visitor.file_ends) visitor.file_ends(account_of(f), f.repeated, f.at);
  };
  if (auto replayed = log.replay(visit, file_ends); !replayed) return tl::unexpected(replayed.error());
  std::vector<ingest::FileAccount> files;
  for (const ingest::TakenFile& f : log.files()) files.push_back(account_of(f));
  return files;
}

WholeInput::WholeInput(std::span<Judge> judges, Timestamp first_tick, std::function<void(const EventPtr&)> on_event)
    : judges_(judges),
      last_tick_(first_tick),
      on_event_(std::move(on_event)),
      with_health_(std::any_of(judges.begin(), judges.end(),
                               [](const Judge& j) { return asks_for_feeds(j.detection->pack()); })) {
  if (on_event_) return;
  for (const Judge& j : judges) j.detection->begin_sorted();
}

void WholeInput::add(const Event& event) {
  ++events_;
  // Once a sorted run found no room, every further event would sort and write it again.
  if (!sorted_) return;
  const bool is_kept =
      std::any_of(judges_.begin(), judges_.end(), [&](const Judge& j) { return j.detection->keeps(event.type); });
  sorted_ = is_kept ? sorter_.add(event) : sorter_.add(bare(event));  // one expression would copy what is kept
}

InputVisitor WholeInput::visitor() {
  InputVisitor out;
  out.event = [this](const EventPtr& e) {
    observed_.see(*e);
    add(*e);
    if (with_health_) health_.see(*e);
    return static_cast<bool>(sorted_);
  };
  out.coverage = [this](const CoverageStatement& s) {
    observed_.stated(s);
    coverage_.push_back(s);
    if (with_health_) health_.coverage(s);
  };
  out.expectation = [this](const FeedExpectation& e) {
    expectations_.push_back(e);
    if (with_health_) health_.expectation(e);
  };
  out.tick = [this](Timestamp at) { last_tick_ = std::max(last_tick_, at); };
  out.file_ends = [this](const ingest::FileAccount& account, std::uint64_t repeated, Timestamp taken_at) {
    if (with_health_) health_.file(account, repeated, taken_at);
  };
  return out;
}

Result<void> WholeInput::close(Timestamp now) {
  if (with_health_)
    for (const EventPtr& e : health_.events(now)) add(*e);
  return sorted_;
}

Result<void> WholeInput::judge(const OnStep& on_step) {
  for (CoverageStatement& s : observed_.statements()) coverage_.push_back(std::move(s));
  Judging judging(judges_, on_event_);
  judging.begin(expectations_, coverage_);
  std::uint64_t done = 0;
  bool goes_on = true;
  const auto drained = sorter_.drain([&](const EventPtr& e) {
    judging.take(e);
    goes_on = !on_step || on_step(++done, events_);
    return goes_on;
  });
  if (!drained) return drained;
  if (!goes_on) return ended();
  judging.end(last_tick_);
  return {};
}

}  // namespace quaywatch::live
