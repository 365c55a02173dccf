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

// Wires one Intake to the log. The first error of the log ends the taking; decoding runs on without effect.
class Taking {
 public:
  Taking(InputLog& log, journal::RawStore& raw, const ImportOptions& options, const ImportProgress& progress)
      : log_(log), raw_(raw), options_(options), intake_(intake_options(log, options), listener(progress)) {}

  Result<ImportReport> read(const std::vector<std::string>& paths) {
    if (auto read = intake_.read(paths); !read) failed_ = failed_ ? failed_ : std::optional(read.error());
    return finish();
  }
  Result<ImportReport> read_bytes(const std::string& name, std::string_view bytes) {
    if (load()) intake_.read_bytes(name, bytes);
    return finish();
  }
  Result<ImportReport> read_kept(const std::vector<TakenFile>& files) {
    if (!load()) return finish();
    for (const TakenFile& file : files) {
      const auto bytes = raw_.get(file.content);
      if (!bytes) return tl::unexpected(bytes.error());
      intake_.read_bytes(file.name, *bytes);
    }
    return finish();
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
    l.wanted = [this](const std::string& name, std::string_view bytes) { return begin(absolute(name), bytes); };
    l.event = [this](const EventPtr& e) { keep(log_.take(e)); };
    l.coverage = [this](const CoverageStatement& s) { keep(log_.take(s)); };
    l.expectation = [this](const FeedExpectation& e) { keep(log_.take(e)); };
    l.tick = [this](Timestamp at) { keep(log_.note(journal::Tick{at})); };
    l.file_ends = [this](const FileAccount& account) { end(account); };
    return l;
  }

  bool load() {  // the mappings
    if (auto loaded = intake_.read({}); !loaded) failed_ = loaded.error();
    return !failed_;
  }

  void keep(Result<void> done) {
    if (!done && !failed_) failed_ = done.error();
  }

  bool begin(const std::string& name, std::string_view bytes) {
    if (failed_) return false;
    content_ = sha256(bytes);
    if (!options_.again && log_.find(name, content_) != nullptr) {
      report_.known.push_back(name);
      return false;
    }
    bytes_ = bytes;
    name_ = name;
    const auto begun = log_.begin(name, content_, bytes.size(), options_.intake.received_at);
    if (!begun) failed_ = begun.error();
    return begun.has_value();
  }

  void end(const FileAccount& account) {
    if (failed_) return;
    // Kept before the log says so: a crash leaves a spare copy, never a reject without its bytes.
    if (account.rejected.empty()) {
      keep(raw_.remove(content_));
    } else if (auto kept = raw_.put(content_, bytes_); !kept) {
      if (kept.error().code != ErrorCode::limit_exceeded) return keep(kept);
      report_.not_kept.push_back(account.path);
    }
    const TakenFile* before = log_.current(name_);
    // The same bytes read by another mapping: nothing of the first reading stands.
    const bool is_same = before != nullptr && before->content == content_;
    if (before != nullptr && !is_same) keep(raw_.remove(before->content));
    const auto* mapping = intake_.mapping_for(account.path);
    const Replaces replaces = is_same ? Replaces::all : mapping != nullptr ? mapping->replaces : Replaces::interval;
    const auto ended = log_.end(account, replaces);
    if (!ended) return keep(tl::unexpected(ended.error()));
    report_.taken.push_back(**ended);
  }

  Result<ImportReport> finish() {
    if (!failed_) keep(log_.note(journal::Tick{options_.intake.received_at}));
    if (!failed_) keep(log_.commit());
    if (failed_) return tl::unexpected(*failed_);
    return std::move(report_);
  }

  InputLog& log_;
  journal::RawStore& raw_;
  const ImportOptions& options_;
  ImportReport report_;
  std::optional<Error> failed_;
  std::string name_;
  Digest content_{};
  std::string_view bytes_;
  Intake intake_;
};

}  // namespace

Result<ImportReport> import_files(InputLog& log, journal::RawStore& raw, const std::vector<std::string>& paths,
                                  const ImportOptions& options, const ImportProgress& progress) {
  return Taking(log, raw, options, progress).read(paths);
}

Result<ImportReport> import_received(InputLog& log, journal::RawStore& raw, const std::string& name,
                                     std::string_view bytes, const ImportOptions& options) {
  return Taking(log, raw, options, {}).read_bytes(name, bytes);
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
