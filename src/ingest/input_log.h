// InputLog: the journal's `input` log seen as files and the events they gave (DESIGN section 5, "Re-import is
// idempotent per row"). Layout of its text entries: docs/formats/journal.md, "Taken files".
//
// Invariants
//   - An event is journaled once, however many files state it (again only after a retraction or a crash); it counts
//     while at least one current file states it.
//   - A file is known by its absolute name; a later content under the same name is its next version. What the old
//     version stated and the new one does not is dropped, within the reach that `Replaces` gives; a dropped event that
//     no other current file states is retracted. An appended file therefore goes on, and a rewritten one is a
//     correction.
//   - Nothing counts as taken before `end` was durable; after a crash the file is taken again and changes nothing
//     twice.
// One thread; one writing InputLog per data directory, any number of reading ones.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "ingest/intake.h"
#include "journal/log.h"
#include "model/event.h"

namespace quaywatch::ingest {

// Which events of the old version the new version of a file may drop: all, none, or those of the interval between its
// first and last event, because the rest was merely not exported again.
using adapters::mapped::Replaces;

struct TakenFile {
  std::uint32_t index = 0;  // its place in `files`, and span.file of its events
  std::string name;         // absolute
  Digest content{};
  std::uint64_t bytes = 0;
  Timestamp at;
  std::string feed, format;
  std::uint64_t events = 0;     // that it states
  std::uint64_t repeated = 0;   // of them journaled before, stated by this or another file
  std::uint64_t dropped = 0;    // of its earlier version, no longer stated
  std::uint64_t retracted = 0;  // of them stated by no other file
  std::map<std::string, std::uint64_t> rejected, findings;  // by reason, by code
  bool current = true;  // taken to its end, and no later version under the same name
};

class InputLog {
 public:
  static Result<InputLog> open(const std::string& data_dir, journal::KeyRing& keys);          // to write
  // not_found: none yet. `on_entry` sees how many of how many entries were read; false gives up, with an Error.
  using OnEntry = std::function<bool(std::uint64_t read, std::uint64_t all)>;
  static Result<InputLog> open_reading(const std::string& data_dir, journal::KeyRing& keys,
                                       const OnEntry& on_entry = {});

  const std::vector<TakenFile>& files() const { return files_; }
  // The file of that name and content if it was taken whole and is current: nothing to do. A copy under another file
  // name is read again, because a name may state the day that an empty file covers.
  const TakenFile* find(std::string_view name, const Digest& content) const;
  const TakenFile* current(std::string_view name) const;  // the latest whole version; nullptr: none
  std::uint64_t entries() const { return log_.size(); }
  std::uint64_t standing() const;  // events that count
  bool stands(const EventId& id) const;
  // Texts that were noted and mean nothing here, such as decisions on rules, in order; `files` had begun before each,
  // and so many events of no file were taken.
  struct NotedText {
    std::uint32_t files = 0;
    std::uint64_t noted = 0;
    journal::TextEntry text;
  };
  const std::vector<NotedText>& texts() const { return texts_; }
  const journal::Recovery& recovery() const { return log_.recovery(); }

  // One file at a time: begin, then what it says, then end. Its events carry the index begin gave as span.file, and
  // their size in it, which is never 0.
  Result<std::uint32_t> begin(const std::string& name, const Digest& content, std::uint64_t bytes, Timestamp at);
  Result<void> take(const EventPtr& event);
  Result<void> take(const CoverageStatement& statement);
  Result<void> take(const FeedExpectation& expectation);
  // Durable behind the next commit.
  Result<const TakenFile*> end(const FileAccount& account, Replaces replaces);

  // Events, texts and ticks that belong to no file (what intake says of feeds, connections, configuration, what people
  // look up and decide), also between begin and end. The span of an event has no size. Who watches or replays the log
  // sees what a sealed entry says, where its key is here.
  Result<void> note(const journal::Entry& entry);
  Result<void> commit();
  // Sees each entry once it was appended, before it is durable: for who follows what is taken while it goes on.
  void watch(std::function<void(const journal::Entry&)> on_entry) { on_entry_ = std::move(on_entry); }

  // Entries in the order taken, events only while they count; `file_ends` after those of each file that was taken
  // whole.
  using FileEnds = std::function<void(const TakenFile&)>;
  Result<void> replay(const journal::Log::Visit& visit, const FileEnds& file_ends = {}) const;

 private:
  struct Known {
    std::uint32_t stated_by = 0;  // current files
    Timestamp event_time;
  };
  using Ids = std::vector<EventId>;

  explicit InputLog(journal::Log log) : log_(std::move(log)) {}
  Result<void> load(const OnEntry& on_entry);
  Result<void> load_text(const journal::TextEntry& text);
  void start(TakenFile file);
  Ids dropped_by_new_version(Replaces replaces) const;
  // Settles the file being taken against its earlier version; the same in writing and in loading.
  void settle(const Ids& dropped);
  Result<void> append(const journal::Entry& entry);
  Result<void> append_ids(std::string_view topic, const Ids& ids, Timestamp at);

  journal::Log log_;
  std::vector<TakenFile> files_;
  std::vector<Ids> stated_;  // by file; emptied when a later version took over
  std::unordered_map<std::string, std::uint32_t> current_;  // by name
  std::multimap<Digest, std::uint32_t> by_content_;          // files taken to their end
  boost::unordered_flat_map<EventId, Known, Id128Hash> known_;
  bool open_ = false;  // a file has begun and not ended
  Ids repeats_;        // of the file being taken
  Ids drops_;          // while loading
  std::function<void(const journal::Entry&)> on_entry_;
  std::vector<NotedText> texts_;
  std::uint64_t noted_ = 0;  // events of no file
};

}  // namespace quaywatch::ingest
