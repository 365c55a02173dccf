#include "ingest/input_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/limits.h"
#include "base/text.h"

namespace quaywatch::ingest {
namespace {

using journal::Entry;
using journal::TextEntry;

// DO NOT CHANGE THESE WORDS: they stand in the journal.
constexpr std::string_view kBegin = "file.begin", kRepeats = "file.repeats", kDrops = "file.drops",
                           kTaken = "file.taken";
constexpr std::size_t kIdDigits = 32;
constexpr std::size_t kIdsPerEntry = 1024;  // 32 KiB: below the size at which an entry becomes a blob of its own

std::string begin_text(const TakenFile& file) {
  return nlohmann::ordered_json{{"name", file.name}, {"sha256", to_hex(file.content)}, {"bytes", file.bytes}}.dump(
      -1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string taken_text(const TakenFile& file) {
  const nlohmann::ordered_json text{{"feed", file.feed},         {"format", file.format},   {"events", file.events},
                                    {"repeated", file.repeated}, {"dropped", file.dropped}, {"rejected", file.rejected},
                                    {"findings", file.findings}};
  return text.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::vector<EventId> sorted(std::vector<EventId> ids) {
  std::sort(ids.begin(), ids.end());
  return ids;
}

bool is_of_file(const Event& event) {
  return event.span.size > 0;
}

tl::unexpected<Error> damaged(std::string_view topic) {
  return fail(ErrorCode::corrupt, fmt::format("an entry '{}' of the input log is not of the form this program writes; "
                                              "restore the data directory from the backup",
                                              topic));
}

}  // namespace

Result<InputLog> InputLog::open(const std::string& data_dir, journal::KeyRing& keys) {
  auto log = journal::Log::open(data_dir, "input", keys);
  if (!log) return tl::unexpected(log.error());
  InputLog input(std::move(*log));
  if (auto loaded = input.load({}); !loaded) return tl::unexpected(loaded.error());
  return input;
}

Result<InputLog> InputLog::open_reading(const std::string& data_dir, journal::KeyRing& keys, const OnEntry& on_entry) {
  auto log = journal::Log::open_reading(data_dir, "input", keys);
  if (!log) return tl::unexpected(log.error());
  InputLog input(std::move(*log));
  if (auto loaded = input.load(on_entry); !loaded) return tl::unexpected(loaded.error());
  return input;
}

// Which events stand is told by their ids: no personal value is opened for it.
Result<void> InputLog::load(const OnEntry& on_entry) {
  const auto take = [&](std::uint64_t sequence, const Entry& written) -> Result<void> {
    const Entry& entry = content_of(written);
    if (on_entry && !on_entry(sequence, entries())) return fail(ErrorCode::io_failure, "the reading was ended");
    if (const auto* text = std::get_if<TextEntry>(&entry)) return load_text(*text);
    const auto* event = std::get_if<EventPtr>(&entry);
    if (event == nullptr) return {};
    Known& known = known_[(*event)->id];
    known.event_time = (*event)->event_time;
    if (is_of_file(**event) && open_) stated_.back().push_back((*event)->id);
    if (!is_of_file(**event) || !open_) ++known.stated_by;
    noted_ += !is_of_file(**event);
    return {};
  };
  const auto loaded = log_.replay(log_.first(), take, journal::Personal::closed);
  // A file that a crash cut off is not taken: its events wait for the file to be read again.
  open_ = false;
  return loaded;
}

Result<void> InputLog::load_text(const TextEntry& text) {
  if (text.topic != kBegin && text.topic != kRepeats && text.topic != kDrops && text.topic != kTaken) {
    texts_.push_back({static_cast<std::uint32_t>(files_.size()), noted_, text});
    return {};
  }
  if (text.topic == kRepeats || text.topic == kDrops) {
    Ids& ids = text.topic == kDrops ? drops_ : stated_.back();
    if (!open_ || text.body.size() % kIdDigits != 0) return damaged(text.topic);
    for (std::size_t at = 0; at < text.body.size(); at += kIdDigits)
      if (!Id128::parse(std::string_view(text.body).substr(at, kIdDigits), ids.emplace_back()))
        return damaged(text.topic);
    return {};
  }
  const nlohmann::json body = nlohmann::json::parse(text.body, nullptr, false);
  if (!body.is_object()) return damaged(text.topic);
  if (text.topic == kBegin) {
    TakenFile file;
    file.name = body.value("name", "");
    file.bytes = body.value("bytes", std::uint64_t{0});
    file.at = text.at;
    if (!parse_hex(body.value("sha256", ""), file.content)) return damaged(text.topic);
    start(std::move(file));
    return {};
  }
  if (!open_) return damaged(text.topic);
  TakenFile& file = files_.back();
  file.feed = body.value("feed", "");
  file.format = body.value("format", "");
  file.events = body.value("events", std::uint64_t{0});
  file.repeated = body.value("repeated", std::uint64_t{0});
  file.rejected = body.value("rejected", file.rejected);
  file.findings = body.value("findings", file.findings);
  settle(std::exchange(drops_, {}));
  return {};
}

void InputLog::start(TakenFile file) {
  file.current = false;  // until it is complete
  file.index = static_cast<std::uint32_t>(files_.size());
  files_.push_back(std::move(file));
  stated_.emplace_back();
  repeats_.clear();
  drops_.clear();
  open_ = true;
}

const TakenFile* InputLog::find(std::string_view name, const Digest& content) const {
  const auto [first, last] = by_content_.equal_range(content);
  for (auto at = first; at != last; ++at) {
    const TakenFile& file = files_[at->second];
    if (file.current && file_name(file.name) == file_name(name)) return &file;
  }
  return nullptr;
}

const TakenFile* InputLog::current(std::string_view name) const {
  const auto at = current_.find(std::string(name));
  return at == current_.end() ? nullptr : &files_[at->second];
}

bool InputLog::stands(const EventId& id) const {
  const auto at = known_.find(id);
  return at != known_.end() && at->second.stated_by > 0;
}

std::uint64_t InputLog::standing() const {
  return static_cast<std::uint64_t>(
      std::count_if(known_.begin(), known_.end(), [](const auto& k) { return k.second.stated_by > 0; }));
}

Result<void> InputLog::append(const Entry& whole) {
  if (auto written = log_.append(whole); !written) return tl::unexpected(written.error());
  const Entry& entry = content_of(whole);
  if (const auto* event = std::get_if<EventPtr>(&entry)) noted_ += !is_of_file(**event);
  if (on_entry_) on_entry_(entry);
  return {};
}

Result<std::uint32_t> InputLog::begin(const std::string& name, const Digest& content, std::uint64_t bytes,
                                      Timestamp at) {
  TakenFile file;
  file.name = name;
  file.content = content;
  file.bytes = bytes;
  file.at = at;
  if (auto written = append(TextEntry{std::string(kBegin), at, begin_text(file)}); !written)
    return tl::unexpected(written.error());
  start(std::move(file));
  return files_.back().index;
}

Result<void> InputLog::take(const EventPtr& event) {
  auto [at, is_new] = known_.try_emplace(event->id);
  // Journaled again when it was retracted meanwhile: the later word counts.
  if (!is_new && at->second.stated_by > 0) {
    ++files_.back().repeated;
    repeats_.push_back(event->id);
    return {};
  }
  at->second.event_time = event->event_time;
  stated_.back().push_back(event->id);
  if (auto written = append(event); !written) return tl::unexpected(written.error());
  return {};
}

Result<void> InputLog::take(const CoverageStatement& statement) {
  return note(statement);
}

Result<void> InputLog::take(const FeedExpectation& expectation) {
  return note(expectation);
}

Result<void> InputLog::note(const Entry& whole) {
  if (auto written = append(whole); !written) return tl::unexpected(written.error());
  const Entry& entry = content_of(whole);
  if (const auto* event = std::get_if<EventPtr>(&entry)) {
    Known& known = known_[(*event)->id];
    known.event_time = (*event)->event_time;
    ++known.stated_by;
  }
  if (const auto* text = std::get_if<TextEntry>(&entry))
    texts_.push_back({static_cast<std::uint32_t>(files_.size()), noted_, *text});
  return {};
}

Result<void> InputLog::commit() {
  if (auto done = log_.commit(); !done) return tl::unexpected(done.error());
  return {};
}

InputLog::Ids InputLog::dropped_by_new_version(Replaces replaces) const {
  Ids out;
  const auto before = current_.find(files_.back().name);
  if (before == current_.end() || replaces == Replaces::none) return out;
  const Ids now = sorted(stated_.back());
  Timestamp first = Timestamp::max(), last = Timestamp::min();
  for (const EventId& id : now) {
    const Timestamp time = known_.find(id)->second.event_time;
    first = std::min(first, time);
    last = std::max(last, time);
  }
  for (const EventId& id : stated_[before->second]) {
    const Timestamp time = known_.find(id)->second.event_time;
    const bool in_reach = replaces == Replaces::all || (time >= first && time <= last);
    if (in_reach && !std::binary_search(now.begin(), now.end(), id)) out.push_back(id);
  }
  return out;
}

void InputLog::settle(const Ids& dropped) {
  const auto self = static_cast<std::uint32_t>(files_.size() - 1);
  TakenFile& file = files_[self];
  Ids& ids = stated_[self];
  for (const EventId& id : ids) ++known_[id].stated_by;
  if (const auto before = current_.find(file.name); before != current_.end()) {
    Ids old = std::exchange(stated_[before->second], {});
    files_[before->second].current = false;
    const Ids gone = sorted(dropped), now = sorted(ids);
    const auto holds = [](const Ids& among, const EventId& id) {
      return std::binary_search(among.begin(), among.end(), id);
    };
    for (const EventId& id : old) {
      const bool is_out_of_reach = !holds(now, id) && !holds(gone, id);
      if (is_out_of_reach) ids.push_back(id);  // stays as it was, and stays this file's
      if (!is_out_of_reach && --known_[id].stated_by == 0) ++file.retracted;
    }
    file.dropped = dropped.size();
  }
  ids.shrink_to_fit();
  file.current = true;
  by_content_.emplace(file.content, self);
  current_[file.name] = self;
  open_ = false;
}

Result<void> InputLog::append_ids(std::string_view topic, const Ids& ids, Timestamp at) {
  for (std::size_t begin = 0; begin < ids.size(); begin += kIdsPerEntry) {
    std::string body;
    for (std::size_t i = begin; i < std::min(ids.size(), begin + kIdsPerEntry); ++i) body += ids[i].hex();
    if (auto written = append(TextEntry{std::string(topic), at, std::move(body)}); !written)
      return tl::unexpected(written.error());
  }
  return {};
}

Result<const TakenFile*> InputLog::end(const FileAccount& account, Replaces replaces) {
  TakenFile& file = files_.back();
  file.feed = account.feed;
  file.format = account.format;
  file.events = account.events;
  file.rejected = account.rejected;
  file.findings = account.findings;
  if (auto written = append_ids(kRepeats, repeats_, file.at); !written) return tl::unexpected(written.error());
  stated_.back().insert(stated_.back().end(), repeats_.begin(), repeats_.end());
  const Ids dropped = dropped_by_new_version(replaces);
  file.dropped = dropped.size();
  if (auto written = append_ids(kDrops, dropped, file.at); !written) return tl::unexpected(written.error());
  if (auto written = append(TextEntry{std::string(kTaken), file.at, taken_text(file)}); !written)
    return tl::unexpected(written.error());
  settle(dropped);
  repeats_.clear();
  return &file;
}

Result<void> InputLog::replay(const journal::Log::Visit& visit, const FileEnds& file_ends) const {
  std::size_t begun = 0;
  return log_.replay(log_.first(), [&](std::uint64_t sequence, const Entry& written) -> Result<void> {
    const Entry& entry = content_of(written);
    if (const auto* event = std::get_if<EventPtr>(&entry); event != nullptr && !stands((*event)->id)) return {};
    const auto* text = std::get_if<TextEntry>(&entry);
    begun += text != nullptr && text->topic == kBegin;
    if (text != nullptr && text->topic == kTaken && file_ends) file_ends(files_[begun - 1]);
    return visit(sequence, entry);
  });
}

}  // namespace quaywatch::ingest
