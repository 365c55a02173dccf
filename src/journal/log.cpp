#include "journal/log.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <utility>

#include "base/text.h"
#include "io/files.h"

namespace quaywatch::journal {
namespace {

constexpr std::string_view kVersionWords = "quaywatch journal ";
constexpr std::uint32_t kLogVersion = 1;
constexpr std::size_t kNameBytes = 24;
constexpr unsigned kFileMode = 0600;

bool is_log_name(std::string_view name) {
  return !name.empty() && name.size() <= kNameBytes &&
         std::all_of(name.begin(), name.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

}  // namespace

Result<Log> Log::named(const std::string& data_dir, const std::string& name, KeyRing& keys) {
  if (!is_log_name(name))
    return fail(ErrorCode::invalid_argument,
                fmt::format("'{}' cannot name a log: use 1 to {} lower-case letters, such as input", name, kNameBytes));
  Log log;
  log.folder_ = data_dir + "/" + name;
  log.blob_folder_ = data_dir + "/blobs";
  log.name_ = name;
  log.tag_ = log_tag(name);
  log.keys_ = &keys;
  return log;
}

Result<Log> Log::open(const std::string& data_dir, const std::string& name, KeyRing& keys,
                      std::uint64_t segment_bytes) {
  auto log = named(data_dir, name, keys);
  if (!log) return log;
  log->segment_bytes_ = segment_bytes;
  Result<void> done = io::create_folders(log->folder_, 0700);
  if (done) {
    auto lock = io::FileLock::acquire(log->folder_ + "/.lock");
    if (!lock) return tl::unexpected(std::move(lock.error()));
    log->lock_ = std::move(*lock);
    done = log->check_version();
  }
  if (done) done = log->list_segments();
  if (done) done = log->recover(Access::write);
  if (!done) return tl::unexpected(std::move(done.error()));
  return log;
}

Result<Log> Log::open_reading(const std::string& data_dir, const std::string& name, KeyRing& keys) {
  auto log = named(data_dir, name, keys);
  if (!log) return log;
  if (!io::exists(log->folder_ + "/.version"))
    return fail(ErrorCode::not_found, fmt::format("there is no log at '{}'", log->folder_), log->folder_);
  Result<void> done = log->check_version();
  if (done) done = log->list_segments();
  if (done) done = log->recover(Access::read);
  if (!done) return tl::unexpected(std::move(done.error()));
  log->broken_ = Error{ErrorCode::invalid_argument, "the log was opened for reading", log->folder_};
  return log;
}

Result<void> Log::check_version() const {
  const std::string path = folder_ + "/.version";
  if (!io::exists(path))
    return io::write_file_atomic(path, fmt::format("{}{}\n", kVersionWords, kLogVersion), kFileMode);
  auto text = io::read_file(path, 256);
  if (!text) return tl::unexpected(std::move(text.error()));
  std::string_view digits = trim(*text);
  std::uint32_t version = 0;
  if (digits.starts_with(kVersionWords)) digits.remove_prefix(kVersionWords.size());
  const auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), version);
  if (ec != std::errc() || end != digits.data() + digits.size() || version == 0)
    return fail(ErrorCode::corrupt, fmt::format("{} does not say a journal version; restore it from the backup", path),
                path);
  if (version > kLogVersion)
    return fail(ErrorCode::unsupported,
                fmt::format("{} says journal format {}, this program reads up to {}; use the newer program", path,
                            version, kLogVersion),
                path);
  return {};
}

Result<void> Log::list_segments() {
  auto paths = io::list_files(folder_);
  if (!paths) return tl::unexpected(std::move(paths.error()));
  for (const std::string& path : *paths) {
    SegmentFile segment{0, path};
    if (parse_segment_file_name(std::filesystem::path(path).filename().string(), segment.first))
      segments_.push_back(segment);
  }
  return {};
}

Result<void> Log::recover(Access access) {
  if (segments_.empty()) return {};
  const SegmentFile& segment = segments_.back();
  auto file = io::map_file(segment.path);
  if (!file) return tl::unexpected(std::move(file.error()));
  // A header is written whole or not at all: a bad one is rot, and cutting here would lose acknowledged entries.
  auto header = decode_segment_header(file->view(), segment.path);
  if (!header) return tl::unexpected(std::move(header.error()));
  if (header->first() != segment.first || header->log != name_)
    return fail(ErrorCode::corrupt, fmt::format("{} holds log {} from entry {}; its name says otherwise", segment.path,
                                                header->log, header->first()));
  CompactRange range = header->before;
  std::size_t offset = header->bytes;
  while (offset < file->size()) {
    auto frame = decode_frame(file->view(), offset);
    if (frame && frame->sequence != range.size())
      frame = fail(ErrorCode::corrupt,
                   fmt::format("a frame says entry {} where {} belongs", frame->sequence, range.size()));
    if (!frame) {
      recovery_.reason = frame.error().message;
      break;
    }
    range.append(frame->leaf);
    offset += frame->bytes;
  }
  appended_ = durable_ = range;
  found_bytes_ = offset;
  recovery_.entries = range.size();
  if (access == Access::read) return {};  // a torn tail may be what the writer is writing
  Result<void> done;
  if (offset < file->size()) done = cut_tail(segment, file->view(), offset);
  if (done) done = continue_segment(segment, header->key);
  if (!done) broken_ = std::move(done.error());  // a full or read-only disk: what is there can still be read
  return {};
}

Result<std::vector<Log::Part>> Log::parts() const {
  std::vector<Part> out{{folder_ + "/.version", 0}};
  for (const SegmentFile& segment : segments_) out.push_back({segment.path, 0});
  for (Part& part : out) {
    const auto size = io::file_size(part.path);
    if (!size) return tl::unexpected(size.error());
    part.bytes = *size;
  }
  if (!segments_.empty()) out.back().bytes = found_bytes_;
  return out;
}

Result<void> Log::cut_tail(const SegmentFile& segment, std::string_view file, std::size_t offset) {
  recovery_.cut_from = segment.path;
  recovery_.cut_bytes = file.size() - offset;
  const std::string kept = fmt::format("{}.cut-{}", segment.path, offset);
  if (auto written = io::write_file_atomic(kept, file.substr(offset), kFileMode); !written) return written;
  recovery_.kept_in = kept;
  auto tail = io::AppendFile::open(segment.path, kFileMode);
  if (!tail) return tl::unexpected(std::move(tail.error()));
  if (auto cut = tail->truncate(offset); !cut) return cut;
  return tail->sync();
}

Result<void> Log::continue_segment(const SegmentFile& segment, const KeyId& id) {
  auto key = keys_->segment_key(id);
  if (!key && key.error().code == ErrorCode::not_found) return {};  // destroyed: the next append starts a new segment
  if (!key) return tl::unexpected(std::move(key.error()));
  auto file = io::AppendFile::open(segment.path, kFileMode);
  if (!file) return tl::unexpected(std::move(file.error()));
  segment_key_ = *key;
  reserved_ = file->size();
  file_ = std::move(*file);
  return {};
}

Result<void> Log::start_segment() {
  if (file_) {
    if (auto written = write_batch(); !written) return written;
    if (auto synced = file_->sync(); !synced) return synced;  // recovery looks at the last segment only
    file_.reset();
  }
  auto id = keys_->make_segment_key();
  if (!id) return tl::unexpected(std::move(id.error()));
  SegmentHeader header;
  header.log = name_;
  header.key = *id;
  header.before = appended_;
  std::string bytes;
  encode_segment_header(header, bytes);
  SegmentFile segment{header.first(), folder_ + "/" + segment_file_name(header.first())};
  // Reached when a segment that held no entry lost its key: its place is taken by the new one.
  if (!segments_.empty() && segments_.back().first == segment.first) segments_.pop_back();
  if (auto written = io::write_file_atomic(segment.path, bytes, kFileMode); !written) return written;
  segments_.push_back(segment);
  return continue_segment(segments_.back(), *id);
}

tl::unexpected<Error> Log::refuse(Error error) {
  error.message = fmt::format("log {}: {}; nothing more is taken until the log is opened again", name_, error.message);
  broken_ = error;
  batch_.clear();
  appended_ = durable_;
  return tl::unexpected(std::move(error));
}

Result<std::uint64_t> Log::append(const Entry& entry) {
  if (broken_) return tl::unexpected(*broken_);
  if (!file_ || file_->size() + batch_.size() >= segment_bytes_)
    if (auto started = start_segment(); !started) return refuse(std::move(started.error()));
  const std::uint64_t sequence = appended_.size();
  Sealer sealer(*keys_, {tag_, sequence});
  entry_.clear();
  auto sealed = seal_entry(entry, sealer, entry_);
  if (sealed && entry_.size() > limits::kJournalEntryBytes) sealed = to_blob(kind_of(entry), entry_);
  if (!sealed) return tl::unexpected(std::move(sealed.error()));  // nothing was written: the log stays good
  const Digest leaf = entry_leaf(make_salt(segment_key_, {tag_, sequence}, kEntrySalt), entry_);
  encode_frame(sequence, leaf, entry_, sealer.ciphertexts(), batch_);
  appended_.append(leaf);
  if (batch_.size() >= limits::kJournalBatchBytes)
    if (auto written = write_batch(); !written) return refuse(std::move(written.error()));
  return sequence;
}

Result<void> Log::write_batch() {
  if (batch_.empty()) return {};
  // Keys before entries, always: an entry that survives a crash without its keys would hold values unknown for ever,
  // and the feed's repetition of it would be taken for a duplicate.
  if (auto synced = keys_->sync(); !synced) return synced;
  if (const std::uint64_t end = file_->size() + batch_.size(); end > reserved_) {
    reserved_ = std::max(end, std::min(end + limits::kJournalReserveBytes, segment_bytes_));
    if (auto space = file_->reserve(reserved_); !space) return space;
  }
  auto written = file_->append(batch_);
  batch_.clear();
  return written;
}

Result<Position> Log::commit() {
  if (broken_) return tl::unexpected(*broken_);
  if (appended_.size() == durable_.size()) return durable();
  auto done = write_batch();
  if (done) done = file_->sync();
  if (!done) return refuse(std::move(done.error()));
  durable_ = appended_;
  return durable();
}

Result<void> Log::to_blob(EntryKind kind, std::string& entry) const {
  if (entry.size() > limits::kJournalBlobBytes)
    return fail(ErrorCode::limit_exceeded,
                fmt::format("an entry of {} bytes exceeds the {} of a blob; split what it says", entry.size(),
                            limits::kJournalBlobBytes));
  const BlobReference blob{kind, entry.size(), sha256(entry)};
  if (auto made = io::create_folders(blob_folder_, 0700); !made) return made;
  const std::string path = blob_folder_ + "/" + to_hex(blob.hash);
  if (!io::exists(path))
    if (auto written = io::write_file_atomic(path, entry, kFileMode); !written) return written;
  entry.clear();
  encode_blob_reference(blob, entry);
  return {};
}

Result<Entry> Log::read_entry(const Frame& frame, Opener& opener) const {
  BlobReference blob;
  std::string bytes;
  std::string_view sealed = frame.entry;
  if (read_blob_reference(frame.entry, blob)) {
    const std::string path = blob_folder_ + "/" + to_hex(blob.hash);
    auto read = io::read_file(path, limits::kJournalBlobBytes);
    if (!read) return tl::unexpected(std::move(read.error()));
    if (read->size() != blob.size || sha256(*read) != blob.hash)
      return fail(ErrorCode::corrupt, fmt::format("{} is not what its name says; restore it from the backup", path),
                  path);
    bytes = std::move(*read);
    sealed = bytes;
  }
  auto entry = open_entry(sealed, opener);
  if (!entry) entry.error().message = fmt::format("log {} entry {}: {}", name_, frame.sequence, entry.error().message);
  return entry;
}

Result<void> Log::walk(std::uint64_t from, const FrameVisit& visit) const {
  if (from >= durable_.size()) return {};
  if (from < first())
    return fail(ErrorCode::not_found,
                fmt::format("log {} begins at entry {}; earlier segments were removed when nothing in them was due",
                            name_, first()));
  bool go_on = true;
  for (std::size_t i = 0; i < segments_.size() && go_on; ++i) {
    const bool ends_before = i + 1 < segments_.size() && segments_[i + 1].first <= from;
    if (ends_before) continue;
    if (auto walked = walk_segment(i, from, visit, go_on); !walked) return walked;
  }
  return {};
}

Result<void> Log::walk_segment(std::size_t index, std::uint64_t from, const FrameVisit& visit, bool& go_on) const {
  const SegmentFile& segment = segments_[index];
  auto file = io::map_file(segment.path);
  if (!file) return tl::unexpected(std::move(file.error()));
  auto header = decode_segment_header(file->view(), segment.path);
  if (!header) return tl::unexpected(std::move(header.error()));
  const std::uint64_t next = index + 1 < segments_.size() ? segments_[index + 1].first : durable_.size();
  const std::uint64_t end = std::min(next, durable_.size());
  std::size_t offset = header->bytes;
  for (std::uint64_t sequence = segment.first; sequence < end && go_on; ++sequence) {
    auto frame = decode_frame(file->view(), offset);
    if (!frame || frame->sequence != sequence)
      return fail(
          ErrorCode::corrupt,
          fmt::format("{} byte {}: {} where entry {} belongs; restore the file from the backup", segment.path, offset,
                      frame ? fmt::format("entry {}", frame->sequence) : frame.error().message, sequence),
          segment.path);
    offset += frame->bytes;
    if (sequence < from) continue;
    auto visited = visit(*header, *frame);
    if (!visited) return tl::unexpected(std::move(visited.error()));
    go_on = *visited;
  }
  return {};
}

Result<void> Log::replay(std::uint64_t from, const Visit& visit, Personal personal) const {
  return walk(from, [&](const SegmentHeader&, const Frame& frame) -> Result<bool> {
    Opener opener(*keys_, {tag_, frame.sequence}, frame.ciphertexts, personal);
    auto entry = read_entry(frame, opener);
    if (!entry) return tl::unexpected(std::move(entry.error()));
    if (auto visited = visit(frame.sequence, *entry); !visited) return tl::unexpected(std::move(visited.error()));
    return true;
  });
}

Result<Verified> Log::verify() const {
  Verified out;
  CompactRange range;
  std::optional<KeyId> current;
  Result<Key> key;
  const auto visit = [&](const SegmentHeader& header, const Frame& frame) -> Result<bool> {
    if (!current || *current != header.key) {
      const bool is_first = !current;
      current = header.key;
      key = keys_->segment_key(header.key);
      if (!key && key.error().code != ErrorCode::not_found) return tl::unexpected(key.error());
      if (is_first) range = header.before;  // earlier segments may be gone
      if (range != header.before)
        return fail(
            ErrorCode::corrupt,
            fmt::format("log {}: the tree before entry {} is not the one its segment states", name_, frame.sequence));
    }
    if (!key) {
      ++out.bare;
    } else if (entry_leaf(make_salt(*key, {tag_, frame.sequence}, kEntrySalt), frame.entry) != frame.leaf) {
      return fail(ErrorCode::corrupt, fmt::format("log {}: entry {} does not hash to its leaf", name_, frame.sequence));
    }
    Opener opener(*keys_, {tag_, frame.sequence}, frame.ciphertexts);
    auto entry = read_entry(frame, opener);
    if (!entry) return tl::unexpected(std::move(entry.error()));
    out.erased_values += opener.erased();
    out.closed += opener.is_closed();
    range.append(frame.leaf);
    return true;
  };
  if (auto walked = walk(first(), visit); !walked) return tl::unexpected(std::move(walked.error()));
  if (durable_.size() > 0 && range != durable_ && durable_.size() > first())
    return fail(ErrorCode::corrupt, fmt::format("log {}: the entries do not hash to the root in memory", name_));
  out.position = durable();
  return out;
}

Result<Digest> Log::root_at(std::uint64_t size) const {
  if (size > durable_.size())
    return fail(ErrorCode::invalid_argument,
                fmt::format("log {} has {} entries, not {}", name_, durable_.size(), size));
  if (size == durable_.size()) return durable_.root();
  CompactRange range;
  bool is_started = false;
  // From the last segment that begins at or before `size`: its header already sums up everything earlier.
  std::uint64_t start = first();
  for (const SegmentFile& segment : segments_)
    if (segment.first <= size) start = segment.first;
  if (size < start)
    return fail(ErrorCode::not_found,
                fmt::format("log {} begins at entry {}; no root before it is kept", name_, start));
  auto walked = walk(start, [&](const SegmentHeader& header, const Frame& frame) -> Result<bool> {
    if (!std::exchange(is_started, true)) range = header.before;
    if (range.size() < size) range.append(frame.leaf);
    return range.size() < size;
  });
  if (!walked) return tl::unexpected(std::move(walked.error()));
  return range.root();
}

}  // namespace quaywatch::journal
