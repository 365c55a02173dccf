#include "ingest/importer.h"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "base/limits.h"
#include "base/text.h"

namespace quaywatch::ingest {
namespace {

std::string absolute(const std::string& path) {
  std::error_code failed;
  const auto whole = std::filesystem::absolute(path, failed);
  return failed ? path : whole.lexically_normal().string();
}

// Writes files into the log. The first error of the log ends it; what comes after is without effect.
class Writing {
 public:
  Writing(InputLog& log, journal::RawStore& raw, const ImportOptions& options)
      : log_(log), raw_(raw), options_(options) {}

  // False: it was taken before, or nothing is written any more.
  bool begin(const std::string& name, const Digest& content, std::uint64_t bytes) {
    if (failed_) return false;
    if (!options_.again && log_.find(name, content) != nullptr) {
      report_.known.push_back(name);
      return false;
    }
    name_ = name;
    content_ = content;
    const auto begun = log_.begin(name, content, bytes, options_.intake.received_at);
    if (!begun) return fail(begun.error());
    index_ = *begun;
    return true;
  }
  std::uint32_t index() const { return index_; }

  void take(const EventPtr& e) { next(), keep(log_.take(e)); }
  void take(const CoverageStatement& s) { next(), keep(log_.take(s)); }
  void take(const FeedExpectation& e) { next(), keep(log_.take(e)); }
  void take(const journal::Tick& t) { next(), keep(log_.note(t)); }
  void take(const journal::TextEntry& t) { next(), keep(log_.note(t)); }
  void take(const journal::SealedTo& s) { next(), keep(log_.note(s)); }

  // `bytes` are kept where something was rejected; `replaces` is what its mapping says of a new version.
  void end(const FileAccount& account, std::string_view bytes, Replaces replaces) {
    if (failed_) return;
    // Kept before the log says so: a crash leaves a spare copy, never a reject without its bytes.
    if (account.rejected.empty()) {
      keep(raw_.remove(content_));
    } else if (auto kept = raw_.put(content_, bytes); !kept) {
      if (kept.error().code != ErrorCode::limit_exceeded) return keep(kept);
      report_.not_kept.push_back(account.path);
    }
    const TakenFile* before = log_.current(name_);
    // The same bytes read by another mapping: nothing of the first reading stands.
    const bool is_same = before != nullptr && before->content == content_;
    if (before != nullptr && !is_same) keep(raw_.remove(before->content));
    const auto ended = log_.end(account, is_same ? Replaces::all : replaces);
    if (!ended) return keep(tl::unexpected(ended.error()));
    report_.taken.push_back(**ended);
  }
  void commit() {
    if (!failed_) keep(log_.commit());
  }

  void keep(Result<void> done) {
    if (!done && !failed_) failed_ = done.error();
  }
  bool fail(const Error& error) {
    if (!failed_) failed_ = error;
    return false;
  }
  bool has_failed() const { return failed_.has_value(); }

  Result<ImportReport> finish() {
    if (!failed_) keep(log_.note(journal::Tick{options_.intake.received_at}));
    commit();
    if (failed_) return tl::unexpected(*failed_);
    return std::move(report_);
  }

 private:
  void next() {
    if (!failed_ && options_.between && ++entries_ % kEntriesAtOnce == 0) keep(options_.between());
  }

  InputLog& log_;
  journal::RawStore& raw_;
  const ImportOptions& options_;
  std::uint64_t entries_ = 0;
  ImportReport report_;
  std::optional<Error> failed_;
  std::string name_;
  Digest content_{};
  std::uint32_t index_ = 0;
};

Replaces replaces(const Intake& intake, const FileAccount& account) {
  const auto* mapping = intake.mapping_for(account.path);
  return mapping != nullptr ? mapping->replaces : Replaces::interval;
}

// Wires one Intake to the log; decoding runs on after an error of it.
class Taking {
 public:
  Taking(InputLog& log, journal::RawStore& raw, const ImportOptions& options, const ImportProgress& progress)
      : raw_(raw), writing_(log, raw, options), intake_(intake_options(log, options), listener(progress)) {}

  Result<ImportReport> read(const std::vector<std::string>& paths) {
    if (auto read = intake_.read(paths); !read) writing_.fail(read.error());
    return writing_.finish();
  }
  Result<ImportReport> read_kept(const std::vector<TakenFile>& files) {
    if (!load()) return writing_.finish();
    for (const TakenFile& file : files) {
      const auto bytes = raw_.get(file.content);
      if (!bytes) return tl::unexpected(bytes.error());
      intake_.read_bytes(file.name, *bytes);
    }
    return writing_.finish();
  }

 private:
  static IntakeOptions intake_options(const InputLog& log, const ImportOptions& options) {
    IntakeOptions out = options.intake;
    out.first_file = static_cast<std::uint32_t>(log.files().size());
    return out;
  }

  IntakeListener listener(const ImportProgress& progress) {
    IntakeListener l;
    l.file_begins = progress;
    l.wanted = [this](const std::string& name, std::string_view bytes) {
      bytes_ = bytes;
      return !writing_.has_failed() && writing_.begin(absolute(name), sha256(bytes), bytes.size());
    };
    l.event = [this](const EventPtr& e) { writing_.take(e); };
    l.coverage = [this](const CoverageStatement& s) { writing_.take(s); };
    l.expectation = [this](const FeedExpectation& e) { writing_.take(e); };
    l.tick = [this](Timestamp at) { writing_.take(journal::Tick{at}); };
    l.file_ends = [this](const FileAccount& account) {
      writing_.end(account, bytes_, replaces(intake_, account));
      writing_.commit();  // what follows may take long
    };
    return l;
  }

  bool load() {  // the mappings
    if (auto loaded = intake_.read({}); !loaded) return writing_.fail(loaded.error());
    return true;
  }

  journal::RawStore& raw_;
  Writing writing_;
  std::string_view bytes_;  // of the file that is read
  Intake intake_;
};

}  // namespace

Result<ImportReport> import_files(InputLog& log, journal::RawStore& raw, const std::vector<std::string>& paths,
                                  const ImportOptions& options, const ImportProgress& progress) {
  return Taking(log, raw, options, progress).read(paths);
}

Result<Arrival> read_arrival(const std::string& name, std::string_view bytes, const ImportOptions& options) {
  Arrival out;
  std::string_view of_file;
  const Intake* reading = nullptr;
  const auto keep = [&](auto entry) { out.files.back().entries.emplace_back(std::move(entry)); };
  IntakeListener l;
  l.wanted = [&](const std::string& path, std::string_view of) {
    of_file = of;
    out.files.push_back({absolute(path), sha256(of), of.size(), {}, {}, {}, {}});
    return true;
  };
  l.event = keep;
  l.coverage = keep;
  l.expectation = keep;
  l.tick = [&](Timestamp at) { keep(journal::Tick{at}); };
  l.file_ends = [&](const FileAccount& account) {
    Arrival::File& file = out.files.back();
    file.account = account;
    if (!account.rejected.empty()) file.rejected_in = of_file;
    file.replaces = replaces(*reading, account);
  };
  Intake intake(options.intake, std::move(l));
  reading = &intake;
  if (auto loaded = intake.load_mappings_of({}); !loaded) return tl::unexpected(loaded.error());
  intake.read_bytes(name, bytes);
  return out;
}

Result<ImportReport> take_arrival(InputLog& log, journal::RawStore& raw, Arrival arrival,
                                  const ImportOptions& options) {
  Writing writing(log, raw, options);
  for (Arrival::File& file : arrival.files) {
    if (!writing.begin(file.name, file.content, file.size)) continue;
    for (journal::Entry& each : file.entries) {
      const journal::Entry entry = std::move(each);  // whoever judges it counts its references, too
      // Nobody else has seen it yet.
      if (const auto* e = std::get_if<EventPtr>(&entry)) const_cast<Event&>(**e).span.file = writing.index();
      std::visit([&](const auto& what) { writing.take(what); }, entry);
    }
    writing.end(file.account, file.rejected_in, file.replaces);
  }
  return writing.finish();
}

std::vector<TakenFile> chosen_rejects(const InputLog& log, const journal::RawStore& raw,
                                      const std::vector<std::string>& names) {
  const auto is_named = [&](const TakenFile& file) {
    return names.empty() || std::any_of(names.begin(), names.end(), [&](const std::string& n) {
             return n == file_name(file.name) || absolute(n) == file.name;
           });
  };
  std::vector<TakenFile> out;
  for (const TakenFile& file : log.files())
    if (file.current && !file.rejected.empty() && is_named(file) && raw.has(file.content)) out.push_back(file);
  return out;
}

Result<ImportReport> retry_rejects(InputLog& log, journal::RawStore& raw, const std::vector<std::string>& names,
                                   const ImportOptions& options) {
  ImportOptions anew = options;
  anew.again = true;
  return Taking(log, raw, anew, {}).read_kept(chosen_rejects(log, raw, names));
}

}  // namespace quaywatch::ingest
