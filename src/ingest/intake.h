// Intake: turns the files a person names into sealed events and coverage, and keeps the account of every byte.
// One Intake per run. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "adapter/adapter.h"
#include "adapters/mapped/mapped.h"
#include "base/result.h"
#include "io/files.h"

namespace quaywatch::ingest {

// What became of one file. accepted + rejected + ignored = bytes, always.
struct FileAccount {
  std::uint32_t index = 0;  // span.file of its events
  std::string path;
  std::string feed;    // of its last event; empty when it has none
  std::string format;  // edifact, edifact:<feed>, jsonl, mapped:<feed>, packed (it could not be unpacked), unknown
  bool may_name_persons = true;  // false: of all fields that it is read for none is personal
  std::string unpacked_from;  // not empty: bytes and offsets count in text unpacked or converted from this
  std::uint64_t bytes = 0;
  std::uint64_t accepted_bytes = 0, rejected_bytes = 0, ignored_bytes = 0;
  std::uint64_t events = 0;
  std::map<std::string, std::uint64_t> rejected;  // spans by reason
  std::map<std::string, std::uint64_t> ignored;
  std::map<std::string, std::uint64_t> findings;  // by code
};

// Whose a file is: of its records, else of the mapping that `format` names; empty: nobody's.
std::string feed_of_file(std::string_view feed, std::string_view format);

// "bad_time 2, column_count 1": a count by word as people read it.
std::string counts_text(const std::map<std::string, std::uint64_t>& counts);

// The mapping files of a run, read. Immutable once shared.
struct MappingSet {
  std::vector<adapters::mapped::Mapping> mappings;  // in the order of their files
  std::vector<std::string> files;
  std::set<std::string> tables;  // files that mappings look things up in: no feeds
};
// Every mapping file (*.toml) among the named files and folders.
Result<MappingSet> read_mappings(const std::vector<std::string>& paths);

// What a process that runs on goes by until it reads the files anew. One thread.
struct KeptMappings {
  std::shared_ptr<const MappingSet> now = std::make_shared<MappingSet>();
};

struct IntakeOptions {
  Timestamp received_at;                   // the import's instant
  std::string time_zone;                   // for records without an offset, where no mapping says
  std::vector<std::string> mapping_paths;  // files or folders besides those found next to the data
  // The records arrive now: received_at is the import's instant, whatever the file says. Otherwise they are history,
  // and each could have been known as soon as it was reported.
  bool is_live = false;
  std::string id_key;                      // of event ids and natural keys; empty: none (tests, benchmarks)
  std::uint32_t first_file = 0;            // span.file of the first file: where a longer table of files goes on
  std::shared_ptr<const KeptMappings> kept;  // instead of all mapping files, also those beside the data
};

struct Unpacked;

// Whoever wants more than the account listens here. Empty functions are not called.
struct IntakeListener {
  std::function<void(EventPtr)> event;
  std::function<void(const FileAccount&, const adapter::SpanReport&, std::string_view bytes)> span;
  std::function<void(const FileAccount&, const adapter::Finding&)> finding;
  std::function<void(const CoverageStatement&)> coverage;
  std::function<void(const FeedExpectation&)> expectation;
  std::function<void(Timestamp)> tick;
  std::function<void(const std::string& path, std::size_t index, std::size_t count)> file_begins;
  // Before a file is decoded, with its whole content; false leaves it out of the run and its accounts.
  std::function<bool(const std::string& name, std::string_view bytes)> wanted;
  std::function<void(const FileAccount&)> file_ends;
};

class Intake {
 public:
  Intake(IntakeOptions options, IntakeListener listener);

  // Every path: a file, a folder (all files below it, sorted) or "-" for standard input. Mapping files (*.toml) found
  // on the way describe the CSV and JSON files of the run; the tables they name are read beside them. Archives,
  // workbooks and UTF-16 text are unpacked first (unpacked.h). An unreadable path is an Error and ends the run.
  Result<void> read(const std::vector<std::string>& paths);

  // Bytes that lie in no file: what arrived on a connection. `name` chooses the mapping as a file name does.
  void read_bytes(const std::string& name, std::string_view bytes) { unpack(name, bytes, nullptr); }

  const std::vector<FileAccount>& files() const { return files_; }
  // Of the mapping files among the paths and options, without reading any feed.
  Result<void> load_mappings_of(const std::vector<std::string>& paths);
  const std::vector<adapters::mapped::Mapping>& mappings() const { return found_.mappings; }
  // A mapping that lies in no file yet; it is asked before those found by read().
  void use(adapters::mapped::Mapping mapping) { found_.mappings.push_back(std::move(mapping)); }
  // The mapping that claims a file name; nullptr: none does.
  const adapters::mapped::Mapping* mapping_for(std::string_view path) const;

 private:
  class FileSink;
  void decode_as(const std::string& path, std::string_view bytes, FileAccount& account, FileSink& sink);
  Result<void> read_one(const std::string& path);
  void unpack(const std::string& path, std::string_view bytes, io::MappedFile* file);
  void decode(const std::string& path, std::string_view bytes, io::MappedFile* file,
              const Unpacked* unpacked = nullptr);
  void decode_contracted(std::string_view bytes, const adapters::mapped::Mapping& contract, adapter::Source source,
                      FileAccount& account, FileSink& sink);

  IntakeOptions options_;
  IntakeListener listener_;
  MappingSet found_;
  std::shared_ptr<const MappingSet> kept_ = std::make_shared<MappingSet>();
  std::vector<FileAccount> files_;
};

// Coverage that files without a contract give: each feed answers, at each facility it speaks of, from its first to its
// last event for the family of types it delivers (DESIGN section 6a, "Files"). Feeds that state their own coverage
// are left alone.
class ObservedCoverage {
 public:
  void see(const Event& event);
  void stated(const CoverageStatement& statement);
  std::vector<CoverageStatement> statements() const;

 private:
  struct Seen {
    std::vector<bool> types = std::vector<bool>(kEventTypeCount);
    Timestamp from = Timestamp::max(), until = Timestamp::min(), received_at = Timestamp::min();
  };
  std::map<std::pair<std::string, std::string>, Seen> seen_;  // feed, facility
  std::map<std::string, bool> stated_;
};

}  // namespace quaywatch::ingest
