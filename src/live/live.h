// Live: the engine while it serves. One thread (`run`) replays the input log, then takes in what arrives as `import
// --follow` does; what is taken goes into one Detection at once, and every changed alert into the log `findings`.
// Others read an immutable `View`, or ask under the engine's lock; what they decide or look up goes into the input log
// first and is durable when the call returns.
//
// Invariants: what stands is what `detect` says of the same log (tests/server_test.py); a file whose new version takes
// events back makes the engine replay the log, because a Detection cannot forget. Order of locks: the engine's, then
// those of the observer.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "ingest/feed_health.h"
#include "ingest/follow.h"
#include "live/findings.h"
#include "live/rows.h"
#include "live/subject_index.h"
#include "pipeline/detection.h"

namespace quaywatch::live {

struct LiveOptions {
  std::string data_dir;
  std::vector<rules::RuleFile> rules;
  ingest::FollowOptions follow;
};

// What stands, as of one moment. Immutable; held as long as somebody reads it.
struct View {
  std::vector<AlertRowPtr> alerts;  // also withdrawn ones that were told; newest event first, then by id
  std::map<std::string, AlertRowPtr, std::less<>> by_id;
  std::vector<RuleRow> rules;
  std::vector<FeedRow> feeds;
  pipeline::DetectionAccount account;
  std::uint64_t entries = 0;  // of the input log
};

// Called by the engine, under its lock. Empty functions are not called.
struct LiveObserver {
  std::function<void(std::uint64_t sequence, const journal::TextEntry&)> text;  // each of the input log, once, in order
  std::function<void(Findings::Told, const AlertRowPtr&)> alert;                // after the replay
  std::function<void()> feeds;                                                  // something was taken in
  std::function<void(const std::string& sentence)> told;
};

struct TimelineQuery {
  Subject subject;  // of personal kinds with the pseudonym
  Timestamp from = Timestamp::min(), until = Timestamp::max();
  Place after{Timestamp::min(), {}};  // of the last event of the page before
  std::size_t limit = 100;
  std::function<bool(const Event&)> may_show;
};
struct TimelinePage {
  std::vector<EventRow> events;
  std::map<std::pair<std::string, std::string>, std::size_t> lanes;  // all that match, by feed and owner
  bool has_more = false;
};

struct Happening {
  EventType type{};
  Timestamp event_time;
};

struct RejectRow {
  std::string file;
  std::uint64_t offset = 0, size = 0;
  std::string reason, message, bytes;
};

class Live {
 public:
  static Result<std::unique_ptr<Live>> open(LiveOptions options, journal::KeyRing& keys, LiveObserver observer);

  // Until the signal, or the Error that keeps the journal from being written.
  Result<void> run(const io::StopSignals& stop);
  bool is_ready() const { return ready_; }      // the log was replayed: there is something to read
  bool is_taking() const { return ready_ && !failed_; }  // and it takes new entries

  std::shared_ptr<const View> view() const;

  // Under the engine's lock: `make` checks and gives the entries; they are durable, and the observer has seen them,
  // when this returns. An Error of `make` is returned and nothing is written.
  Result<void> write(const std::function<Result<std::vector<journal::Entry>>()>& make);
  // What arrived by HTTP, as if it were a file of that name.
  Result<ingest::ImportReport> take_in(const std::string& name, std::string_view bytes, Timestamp now);
  Result<ingest::ImportReport> retry_rejects(const std::vector<std::string>& names, Timestamp now);

  TimelinePage timeline(const TimelineQuery& query);
  // The latest event about the subject that counts and that nothing took back; nullopt: none.
  std::optional<Happening> latest(const Subject& subject, const std::function<bool(const Event&)>& counts);
  std::vector<SubjectIndex::Hit> search(std::string_view query, std::size_t at_most,
                                        const std::function<bool(const Event&)>& may_show);
  std::vector<ingest::TakenFile> rejected_files(const std::vector<std::string>& names);
  // In their order from `skip` on.
  Result<std::vector<RejectRow>> rejects(const std::vector<ingest::TakenFile>& files, std::size_t skip,
                                         std::size_t at_most, Timestamp now);
  // The key of event ids (ingest::IntakeOptions::id_key).
  const std::string& id_key() const { return options_.follow.import.intake.id_key; }
  std::string shown(PersonalClass personal, std::string_view text);

 private:
  Live(LiveOptions options, journal::KeyRing& keys, LiveObserver observer, ingest::InputLog log, Findings findings);
  Result<void> replay(bool is_first);
  Result<void> absorb();
  void take_events(std::vector<EventPtr> events);
  void see(const Event& event);
  void take_observed_coverage();
  Result<void> publish();
  void note_revision(const pipeline::Alert& alert);
  std::shared_ptr<const rules::Rule> rule_of(const pipeline::Alert& alert) const;
  ingest::ImportOptions options_at(Timestamp now) const;
  Result<ingest::ImportReport> after_import(Result<ingest::ImportReport> report);
  std::vector<RuleRow> rule_rows() const;
  std::vector<FeedRow> feed_rows(Timestamp now) const;

  const LiveOptions options_;
  const LiveObserver observer_;
  journal::KeyRing& keys_;
  mutable std::mutex mutex_;       // the engine's lock: all that follows, but the view
  ingest::InputLog log_;
  journal::RawStore raw_;
  Findings findings_;
  std::unique_ptr<pipeline::Detection> detection_;
  std::vector<std::shared_ptr<const rules::Rule>> rules_;  // by index of the pack
  std::vector<std::shared_ptr<const std::string>> texts_;
  ingest::ObservedCoverage observed_;
  std::map<std::pair<std::string, std::string>, CoverageStatement> observed_taken_;
  ingest::FeedHealth health_;
  struct Source {
    std::set<std::string> owners;
    std::set<EventType> types;
  };
  std::map<std::string, Source> sources_;  // by feed
  SubjectIndex index_;
  std::vector<journal::Entry> appended_;   // since the last absorb
  std::vector<ingest::TakenFile> ended_;   // likewise
  std::uint64_t next_sequence_ = 0;
  bool must_replay_ = false;
  Timestamp last_tick_ = Timestamp::min();
  std::map<Id128, pipeline::Alert> changed_;  // since the last publish
  std::map<std::string, AlertRowPtr, std::less<>> rows_;
  std::atomic<bool> ready_ = false, failed_ = false;

  mutable std::mutex view_mutex_;
  std::shared_ptr<const View> view_ = std::make_shared<View>();
};

}  // namespace quaywatch::live
