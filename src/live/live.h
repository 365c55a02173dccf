// Live: the engine while it serves. One thread (`run`) replays the input log, then takes in what arrives as `import
// --follow` does; another judges: what is durable goes into one Detection, and every changed alert into the log
// `findings`. Others read an immutable `View`, or ask under the engine's lock, which is let go often while much is
// judged; what they decide or look up goes into the input log first and is durable when the call returns.
//
// Invariants: what stands is what `detect` says of the same log (tests/server_test.py); a file whose new version takes
// events back makes the engine replay the log, because a Detection cannot forget. So does a decision that puts other
// rules in force: each version judges what was taken in its time, as in any replay, and what was told and says the same
// is not told again. Nobody who reads waits for the disk, and nobody who writes for the rules, unless he asks for it or
// the backlog is full (live/backlog.h). Files are taken in one at a time, and others write between their entries
// (docs/decisions/0031). Order of locks: that of files, the writers', the engine's, then those of the observer.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/fair_mutex.h"
#include "ingest/feed_health.h"
#include "ingest/follow.h"
#include "live/alert_list.h"
#include "live/backlog.h"
#include "live/findings.h"
#include "live/rows.h"
#include "live/subject_index.h"
#include "live/whereabouts.h"
#include "pipeline/detection.h"
#include "rulebook/deployed_rules.h"

namespace quaywatch::live {

struct LiveOptions {
  std::string data_dir;
  std::vector<rules::RuleFile> rules;  // that ship with the program
  bool only_those = false;             // whatever is deployed: they were named by a person
  ingest::FollowOptions follow;
  // Reads the site's files as they are now; asked at the start and whenever `reload_wanted` says so.
  std::function<Result<ingest::MappingSet>()> read_configuration;
  std::function<bool()> reload_wanted;
};

// What was read of the site's configuration.
struct Configuration {
  Timestamp read_at;
  std::vector<std::string> mapping_files;
  std::string problem;  // why files of later could not be read: those of read_at stay in force; empty: none
  std::shared_ptr<const ingest::MappingSet> mappings = std::make_shared<ingest::MappingSet>();
};

// The rules that judge what is taken in now.
struct RulesInForce {
  rulebook::Version version = 0;
  Timestamp since = Timestamp::min();        // min: since ever
  Digest digest{};                           // of their texts
  std::vector<rules::Refusal> refused;       // what this program cannot use of them, or of earlier versions that judged
  std::string problem;                       // why another version judges than the one that was decided on; empty: none
};

// What stands, as of one moment. Immutable; held as long as somebody reads it. Decisions on rules are those that are
// durable; the rest is of the entries that were judged.
struct View {
  std::shared_ptr<const AlertList> alerts = std::make_shared<AlertList>();
  std::vector<RuleRow> rules;
  std::vector<FeedRow> feeds;
  pipeline::DetectionAccount account;
  std::uint64_t entries = 0;  // of the input log that were judged
  std::shared_ptr<const rulebook::Deployments> deployments = std::make_shared<rulebook::Deployments>();
  RulesInForce in_force;
};

// Empty functions are not called. `text`: by who writes, under the writers' lock; the rest by the thread that judges,
// under none.
struct LiveObserver {
  std::function<void(std::uint64_t sequence, const journal::TextEntry&)> text;  // each of the input log, once, in order
  std::function<void(Findings::Told, const AlertRowPtr&)> alert;                // after the replay
  std::function<void()> feeds;                                                  // the view has news of the port
  std::function<void()> rules;                                                  // something was decided on rules
  std::function<void(const std::string& sentence)> told;
};

struct TimelineQuery {
  Subject subject;  // of personal kinds with the pseudonym
  Timestamp from = Timestamp::min(), until = Timestamp::max();
  Place after{Timestamp::min(), {}};  // of the last event of the page before
  std::size_t limit = 100;
  std::function<bool(const Event&)> may_show;
  std::function<bool(FieldId)> shows;  // of fields and facts; empty: all
};
struct TimelinePage {
  std::vector<EventRow> events;
  std::map<std::pair<std::string, std::string>, std::size_t> lanes;  // all that match, by feed and owner
  bool has_more = false;
};

// Of the port as one reader sees it.
struct MapMoment {
  Timestamp at;
  std::optional<Timestamp> until;  // the latest sighting; nullopt: nothing was seen yet
  Seen seen;
};

struct Happening {
  EventType type{};
  Timestamp event_time;
};

// Where a personal value lies: the record, the field, and a subject that the record is found under (of personal kinds
// with the pseudonym).
struct ValuePlace {
  EventId event;
  FieldId field{};
  Subject subject;
};
// What a pseudonym stands for in one record.
struct ClearValue {
  // erased: its key is destroyed; gone: the record was taken back.
  enum class Fate : std::uint8_t { known, erased, gone };
  Fate fate = Fate::gone;
  std::string text;  // known
};

// Who came for a box, or was announced to, as one record says it. In clear.
struct Lorry {
  EventType type{};
  Timestamp at;
  std::string feed;
  std::string plate, card;  // of the lorry and its driver; empty: not stated, or its key is destroyed
};

// What names a person, as it may be shown.
struct Person {
  PersonalClass personal{};
  std::string pseudonym;
};
struct Naming {
  struct Count {
    std::size_t events = 0;
    Timestamp first, last;
  };
  std::map<std::string, Count> feeds;
  std::vector<EventRow> newest;  // newest first

  std::size_t all() const;  // events
};

struct RejectRow {
  std::string file;
  std::uint64_t offset = 0, size = 0;
  std::string reason, message;
  std::string bytes;  // the first of the record; none where it may name persons
};

class Live {
 public:
  static Result<std::unique_ptr<Live>> open(LiveOptions options, journal::KeyRing& keys, LiveObserver observer);

  // Before `run`: the texts of the log, and more of them to begin with, durable on return.
  const std::vector<ingest::InputLog::NotedText>& texts() const { return log_.texts(); }
  Result<void> begin_with(const std::vector<journal::TextEntry>& texts);
  // Until the signal, or the Error that keeps the journal from being written.
  Result<void> run(const io::StopSignals& stop);
  bool is_ready() const { return ready_; }      // the log was replayed: there is something to read
  bool is_taking() const { return ready_ && !failed_; }  // and it takes new entries

  Result<void> room() const;  // on the disk, for more input (ingest/room.h)

  std::shared_ptr<const View> view() const;
  const LiveOptions& options() const { return options_; }
  Configuration configuration() const;
  std::uint64_t waiting() const { return backlog_.waiting(); }  // entries that are durable and not judged

  // Under the writers' lock: `make` checks and gives the entries; they are durable, and the observer has seen their
  // texts, when this returns. After a decision on rules all is judged, too. An Error of `make` is returned and nothing
  // is written.
  Result<void> write(const std::function<Result<std::vector<journal::Entry>>()>& make);
  // The same for entries that rest on nothing, such as look-ups: those of several callers wait for the disk once.
  Result<void> note(std::vector<journal::Entry> entries);
  // What arrived by HTTP, as if it were a file of that name; durable when this returns, and with `until_judged` judged.
  Result<ingest::ImportReport> take_in(const std::string& name, std::string_view bytes, Timestamp now,
                                       bool until_judged);
  // Judged when this returns.
  Result<ingest::ImportReport> retry_rejects(const std::vector<std::string>& names, Timestamp now);

  TimelinePage timeline(const TimelineQuery& query);
  // At `at`; without it at the latest sighting. Nothing is known of before `until` less limits::kMapReach.
  MapMoment map_at(std::optional<Timestamp> at, const std::function<bool(const Event&)>& may_show);
  // The latest event about the subject that counts and that nothing took back; nullopt: none.
  std::optional<Happening> latest(const Subject& subject, const std::function<bool(const Event&)>& counts);
  std::vector<SubjectIndex::Hit> search(std::string_view query, std::size_t at_most,
                                        const std::function<bool(const Event&)>& may_show);
  // Events that name one of these, each once: all are counted, the newest are rows.
  Naming naming(const std::vector<Person>& persons, std::size_t at_most,
                const std::function<bool(const Event&)>& may_show);
  std::vector<ingest::TakenFile> rejected_files(const std::vector<std::string>& names);
  // In their order from `skip` on.
  Result<std::vector<RejectRow>> rejects(const std::vector<ingest::TakenFile>& files, std::size_t skip,
                                         std::size_t at_most, Timestamp now);
  // The key of event ids (ingest::IntakeOptions::id_key).
  const std::string& id_key() const { return options_.follow.import.intake.id_key; }
  // What is sealed to the organisation is sealed with it. An Error: it could not be made.
  Result<journal::KeyRing::Held> organisation_key(const std::string& organisation) {
    return keys_.organisation_key(organisation);
  }
  // Whose look-ups count as unknown.
  std::vector<journal::KeyRing::Missing> missing_organisation_keys() const { return keys_.missing_organisation_keys(); }
  std::string shown(PersonalClass personal, std::string_view text);
  // The latest record of these subjects that shows the pseudonym in a field that passes; nullopt: none.
  using MayShow = std::function<bool(const Event&, FieldId)>;
  std::optional<ValuePlace> find_value(const std::vector<Subject>& subjects, std::string_view pseudonym,
                                       const MayShow& may_show);
  // By these two alone a personal value leaves the engine in clear: for who has it on record that he may see it.
  // Lorries newest first, each pair of plate and card once, at most `at_most`.
  std::vector<Lorry> lorries(const std::vector<Subject>& subjects, Timestamp from, std::size_t at_most,
                             const MayShow& may_show);
  ClearValue clear_value(const ValuePlace& place, std::string_view pseudonym, const MayShow& may_show);

 private:
  Live(LiveOptions options, journal::KeyRing& keys, LiveObserver observer, ingest::InputLog log, Findings findings,
       std::shared_ptr<ingest::KeptMappings> kept);

  // Writing (live.cpp), under the writers' lock.
  Result<void> reload();
  void take_decisions();
  Result<void> commit();
  void note_all();
  Backlog::Position hand_over(std::vector<ingest::TakenFile> ended = {});
  // `take` takes files in, under both locks, with what to call between their entries.
  using Take = std::function<Result<ingest::ImportReport>(std::function<Result<void>()> between)>;
  Result<ingest::ImportReport> bring(bool until_judged, const Take& take);
  Result<void> let_others_write(std::unique_lock<FairMutex>& writers, const std::function<void()>& wait_for_room);
  ingest::ImportOptions options_at(Timestamp now) const;

  // Judging (judging.cpp). `judge` is the thread; what it calls is under the engine's lock, but for `publish`.
  struct Draft;
  Result<void> begin();
  void judge(const std::stop_token& stop);
  Result<void> judge_some();
  Result<void> replay(bool is_first);  // under both locks
  Result<void> load_rules();
  template <typename F>
  void each_detection(F&& fn) {
    for (pipeline::Detection* d : judging_->detections()) fn(*d);
  }
  void absorb(Written part);
  void take_event(const EventPtr& event);
  void take_events(std::vector<EventPtr> events);
  void see(const Event& event);
  void take_observed_coverage(bool is_tick);
  Draft draft();
  Result<void> publish(Draft draft);
  Result<void> withdraw_what_is_gone(const Draft& draft, std::vector<std::pair<Findings::Told, AlertRowPtr>>& told);
  void note_revision(const pipeline::Alert& alert);
  std::shared_ptr<const rules::Rule> rule_of(const pipeline::Alert& alert) const;
  std::vector<RuleRow> count_rules() const;
  std::vector<FeedRow> feed_rows(Timestamp now) const;

  const LiveOptions options_;
  const LiveObserver observer_;
  journal::KeyRing& keys_;
  std::atomic<bool> ready_ = false, failed_ = false;

  FairMutex filing_;   // of who takes in a file, from its begin to its end
  FairMutex writing_;  // the writers' lock: of what follows
  ingest::InputLog log_;
  journal::RawStore raw_;
  std::shared_ptr<ingest::KeptMappings> kept_;  // shared with the options of `follow`
  std::size_t texts_seen_ = 0;                  // of the log, by deployments_
  std::size_t files_seen_ = 0;                  // of the log, by file_names_
  std::uint64_t next_sequence_ = 0;             // of the log, by the observer
  Written written_;                             // not handed over yet

  struct Noting {
    std::vector<journal::Entry> entries;
    Result<void> done;
    bool is_over = false;
  };
  std::mutex noting_mutex_;  // of what follows
  std::condition_variable noted_;
  std::vector<Noting*> noting_;  // not written yet
  bool is_noting_ = false;       // one writes for all

  Backlog backlog_;

  mutable FairMutex mutex_;  // the engine's lock: of what follows
  std::optional<rulebook::DeployedRules> judging_;
  std::shared_ptr<const rulebook::Deployments> usable_;  // the latest whose rules compile
  RulesInForce in_force_;
  std::map<const rules::Rule*, std::shared_ptr<const rules::Rule>> rules_;  // of all packs
  std::vector<std::shared_ptr<const std::string>> texts_;                   // by index of the current pack
  std::vector<std::vector<std::string>> needs_;                             // likewise
  std::vector<std::string> file_names_;                                     // by index
  ingest::ObservedCoverage observed_;
  std::map<std::pair<std::string, std::string>, CoverageStatement> observed_taken_;
  ingest::FeedHealth health_;
  struct Source {
    std::set<std::string> owners;
    std::set<EventType> types;
    std::set<FieldId> personal;
  };
  std::map<std::string, Source> sources_;  // by feed
  SubjectIndex index_;
  Whereabouts whereabouts_;
  bool has_news_ = false;                           // of the port, since the last draft
  bool has_decisions_ = false;                      // on rules, since then
  bool was_replayed_ = false;                       // since then
  std::map<Id128, pipeline::Alert> changed_;        // since then
  std::uint64_t entries_ = 0;                       // absorbed
  Timestamp last_tick_ = Timestamp::min();

  // Of the thread that judges alone.
  Findings findings_;
  std::shared_ptr<const AlertList> alerts_ = std::make_shared<AlertList>();
  Duration published_at_{0};  // of the monotonic clock

  mutable std::mutex view_mutex_;  // of what follows
  Configuration configuration_;
  std::shared_ptr<const rulebook::Deployments> deployments_;  // written by writers alone
  std::shared_ptr<const View> view_ = std::make_shared<View>();
};

}  // namespace quaywatch::live
