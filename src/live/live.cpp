#include "live/live.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "base/limits_server.h"
#include "ingest/room.h"
#include "io/clock.h"
#include "live/decisions.h"

namespace quaywatch::live {
namespace {

constexpr Duration kRoomAskedEvery{50'000};  // of the backlog; a stop ends the asking
constexpr std::size_t kHandedOverAtOnce = 16'384;  // entries of a file
constexpr std::string_view kReading = "the journal is being read; try again in a moment";

}  // namespace

Live::Live(LiveOptions options, journal::KeyRing& keys, LiveObserver observer, ingest::InputLog log, Findings findings,
           std::shared_ptr<ingest::KeptMappings> kept)
    : options_(std::move(options)),
      observer_(std::move(observer)),
      keys_(keys),
      log_(std::move(log)),
      raw_(options_.data_dir, keys),
      kept_(std::move(kept)),
      index_(keys),
      whereabouts_(keys),
      findings_(std::move(findings)) {}

Result<std::unique_ptr<Live>> Live::open(LiveOptions options, journal::KeyRing& keys, LiveObserver observer) {
  auto log = ingest::InputLog::open(options.data_dir, keys);
  if (!log) return tl::unexpected(log.error());
  auto findings = Findings::open(options.data_dir, keys);
  if (!findings) return tl::unexpected(findings.error());
  auto kept = std::make_shared<ingest::KeptMappings>();
  if (options.read_configuration) options.follow.import.intake.kept = kept;
  std::unique_ptr<Live> live(new Live(std::move(options), keys, std::move(observer), std::move(*log),
                                      std::move(*findings), std::move(kept)));
  if (auto read = live->reload(); !read) return tl::unexpected(read.error());
  auto deployments = deployments_of(live->log_);
  if (!deployments) return tl::unexpected(deployments.error());
  live->deployments_ = std::make_shared<const rulebook::Deployments>(std::move(*deployments));
  live->usable_ = live->deployments_;
  live->texts_seen_ = live->log_.texts().size();
  if (auto loaded = live->load_rules(); !loaded) return tl::unexpected(loaded.error());
  return live;
}

// What cannot be read changes nothing, and is told.
Result<void> Live::reload() {
  if (!options_.read_configuration) return {};
  auto read = options_.read_configuration();
  const auto mappings = read ? std::make_shared<const ingest::MappingSet>(std::move(*read)) : nullptr;
  std::string told;
  {
    const std::lock_guard lock(view_mutex_);
    if (mappings) {
      configuration_ = {io::now(), mappings->files, {}, mappings};
      told = fmt::format("read the configuration: {} mapping files", mappings->files.size());
    } else {
      const Error& e = read.error();
      configuration_.problem = e.context.empty() ? e.message : e.context + ": " + e.message;
      told = fmt::format("the configuration stays as it was: {}", configuration_.problem);
    }
  }
  if (ready_ && observer_.told) observer_.told(told);
  if (!mappings) return tl::unexpected(read.error());
  kept_->now = mappings;
  return {};
}

Configuration Live::configuration() const {
  const std::lock_guard lock(view_mutex_);
  return configuration_;
}

std::shared_ptr<const View> Live::view() const {
  const std::lock_guard lock(view_mutex_);
  return view_;
}

Result<void> Live::room() const {
  return ingest::room_for_intake(options_.data_dir);
}

Result<void> Live::begin_with(const std::vector<journal::TextEntry>& texts) {
  if (texts.empty()) return {};  // a log that takes nothing more can still be read
  for (const journal::TextEntry& text : texts)
    if (auto noted = log_.note(text); !noted) return noted;
  return log_.commit();
}

Result<void> Live::run(const io::StopSignals& stop) {
  std::unique_lock files(filing_);
  std::unique_lock writers(writing_);
  if (auto begun = begin(); !begun) return begun;
  std::jthread judging([this](const std::stop_token& stopping) { judge(stopping); });

  const auto wait_for_room = [&] {
    while (!backlog_.has_room() && !stop.wait(kRoomAskedEvery)) continue;
  };
  ingest::FollowOptions options = options_.follow;
  options.import.between = [&] { return let_others_write(writers, wait_for_room); };
  ingest::FollowObserver observer;
  observer.told = observer_.told;
  const auto let_go = [&] {
    writers.unlock();
    files.unlock();
  };
  const auto take_again = [&] {
    files.lock();
    writers.lock();
  };
  observer.imported = [&](const ingest::ImportReport& report) {
    hand_over(report.taken);
    let_go();
    wait_for_room();
    take_again();
  };
  observer.apart_begins = [&] {
    hand_over();
    let_go();
  };
  observer.apart_ends = [&] {
    take_again();
    if (options_.reload_wanted && options_.reload_wanted()) std::ignore = reload();
  };
  const auto followed = ingest::follow(log_, raw_, std::move(options), stop, observer);
  // Reading goes on when nothing can be written any more.
  if (!followed) failed_ = true;
  let_go();
  judging.request_stop();
  judging.join();
  return followed ? backlog_.why_closed() : followed;
}

// --- writing --------------------------------------------------------------------------------------------------------

// What was decided on rules since the last time. An entry that no program of ours wrote changes nothing here; the next
// start is refused for it.
void Live::take_decisions() {
  const auto& texts = log_.texts();
  if (texts_seen_ == texts.size()) return;
  const auto before = deployments_;
  std::optional<rulebook::Deployments> now;
  for (; texts_seen_ < texts.size(); ++texts_seen_) {
    const auto& noted = texts[texts_seen_];
    if (!rulebook::Deployments::is_step(noted.text)) continue;
    if (!now) now.emplace(*before);
    if (auto applied = now->apply(noted.text, {noted.files, noted.noted}); !applied && observer_.told)
      observer_.told(applied.error().message);
  }
  if (!now) return;
  written_.must_replay |= !options_.only_those && now->in_force().size() != before->in_force().size();
  written_.must_replay |= now->agreements() != before->agreements();
  written_.has_decisions = true;
  const std::lock_guard lock(view_mutex_);
  deployments_ = std::make_shared<const rulebook::Deployments>(std::move(*now));
  auto view = std::make_shared<View>(*view_);
  view->deployments = deployments_;
  view_ = std::move(view);
}

// What does not become durable nobody sees.
Result<void> Live::commit() {
  auto done = log_.commit();
  if (!done) written_ = {};
  return done;
}

// What is durable now. Nobody else refers to an event of it any more.
Backlog::Position Live::hand_over(std::vector<ingest::TakenFile> ended) {
  take_decisions();
  for (const journal::Entry& entry : written_.entries) {
    const std::uint64_t sequence = next_sequence_++;
    if (const auto* text = std::get_if<journal::TextEntry>(&entry); text != nullptr && observer_.text)
      observer_.text(sequence, *text);
  }
  for (; files_seen_ < log_.files().size(); ++files_seen_)
    written_.file_names.push_back(log_.files()[files_seen_].name);
  for (const ingest::TakenFile& f : ended) written_.must_replay |= f.retracted > 0;
  written_.ended = std::move(ended);
  return backlog_.hand_over(std::exchange(written_, {}));
}

// In the midst of a file. Much is handed over, so that the rules keep up and memory holds it; of little it is enough
// that whoever waits gets his turn.
Result<void> Live::let_others_write(std::unique_lock<FairMutex>& writers, const std::function<void()>& wait_for_room) {
  const bool is_much = written_.entries.size() >= kHandedOverAtOnce;
  if (!is_much && !writing_.is_wanted()) return {};
  if (is_much) {
    if (auto done = commit(); !done) return done;
    hand_over();
  }
  writers.unlock();
  if (is_much) wait_for_room();
  writers.lock();
  return {};
}

ingest::ImportOptions Live::options_at(Timestamp now) const {
  ingest::ImportOptions out = options_.follow.import;
  out.intake.received_at = now;
  out.intake.is_live = true;
  return out;
}

Result<void> Live::write(const std::function<Result<std::vector<journal::Entry>>()>& make) {
  std::unique_lock lock(writing_);
  if (!ready_) return fail(ErrorCode::io_failure, std::string(kReading));
  auto entries = make();
  if (!entries) return tl::unexpected(entries.error());
  for (const journal::Entry& entry : *entries)
    if (auto noted = log_.note(entry); !noted) return noted;
  if (auto done = commit(); !done) return done;
  entries->clear();
  const auto before = deployments_;
  const Backlog::Position written = hand_over();
  const bool is_of_rules = deployments_ != before;
  lock.unlock();
  return is_of_rules ? backlog_.wait_until(written) : Result<void>{};
}

// One of those who wait writes for all, and they wait for the disk together.
Result<void> Live::note(std::vector<journal::Entry> entries) {
  Noting mine{std::move(entries), {}, false};
  std::unique_lock waiting(noting_mutex_);
  noting_.push_back(&mine);
  noted_.wait(waiting, [&] { return mine.is_over || !is_noting_; });
  if (mine.is_over) return mine.done;
  is_noting_ = true;
  waiting.unlock();
  note_all();
  return mine.done;
}

void Live::note_all() {
  std::unique_lock writers(writing_);
  std::unique_lock waiting(noting_mutex_);
  const std::vector<Noting*> all = std::exchange(noting_, {});
  waiting.unlock();
  Result<void> done;
  if (!ready_) done = fail(ErrorCode::io_failure, std::string(kReading));
  for (const Noting* noting : all)
    for (const journal::Entry& entry : noting->entries)
      if (done) done = log_.note(entry);
  if (done) done = commit();
  for (Noting* noting : all) noting->entries.clear();
  if (done) hand_over();
  writers.unlock();
  waiting.lock();
  is_noting_ = false;
  for (Noting* noting : all) noting->done = done, noting->is_over = true;
  noted_.notify_all();
}

Result<ingest::ImportReport> Live::bring(bool until_judged, const Take& take) {
  std::unique_lock files(filing_);
  std::unique_lock writers(writing_);
  if (!ready_) return fail(ErrorCode::io_failure, std::string(kReading));
  auto report = take([&] { return let_others_write(writers, [this] { backlog_.wait_for_room(); }); });
  if (!report) return report;
  const Backlog::Position written = hand_over(report->taken);
  writers.unlock();
  files.unlock();
  if (until_judged)
    if (auto judged = backlog_.wait_until(written); !judged) return tl::unexpected(judged.error());
  return report;
}

Result<ingest::ImportReport> Live::take_in(const std::string& name, std::string_view bytes, Timestamp now,
                                           bool until_judged) {
  if (auto room = ingest::room_for_intake(options_.data_dir, bytes.size()); !room) return tl::unexpected(room.error());
  ingest::ImportOptions options = options_at(now);
  options.again = true;  // equal bytes that arrive again are not the same delivery
  if (options.intake.kept)
    options.intake.kept = std::make_shared<ingest::KeptMappings>(ingest::KeptMappings{configuration().mappings});
  auto arrival = ingest::read_arrival(name, bytes, options);
  if (!arrival) return tl::unexpected(arrival.error());
  backlog_.wait_for_room();
  return bring(until_judged, [&](std::function<Result<void>()> between) {
    options.between = std::move(between);
    return ingest::take_arrival(log_, raw_, std::move(*arrival), options);
  });
}

Result<ingest::ImportReport> Live::retry_rejects(const std::vector<std::string>& names, Timestamp now) {
  return bring(true, [&](std::function<Result<void>()> between) -> Result<ingest::ImportReport> {
    if (auto has = room(); !has) return tl::unexpected(has.error());
    // Whoever asks for this has mended a mapping.
    if (auto read = reload(); !read) return tl::unexpected(read.error());
    ingest::ImportOptions options = options_at(now);
    options.between = std::move(between);
    return ingest::retry_rejects(log_, raw_, names, options);
  });
}

std::vector<ingest::TakenFile> Live::rejected_files(const std::vector<std::string>& names) {
  const std::lock_guard lock(writing_);
  return ingest::chosen_rejects(log_, raw_, names);
}

Result<std::vector<RejectRow>> Live::rejects(const std::vector<ingest::TakenFile>& files, std::size_t skip,
                                             std::size_t at_most, Timestamp now) {
  const std::lock_guard lock(writing_);
  std::vector<RejectRow> out;
  std::size_t seen = 0;
  const ingest::TakenFile* file = nullptr;
  ingest::IntakeListener listener;
  listener.span = [&](const ingest::FileAccount& account, const adapter::SpanReport& s, std::string_view bytes) {
    if (s.kind != adapter::SpanKind::rejected || seen++ < skip || out.size() >= at_most) return;
    const std::size_t shown = account.may_name_persons ? 0 : std::min<std::size_t>(s.size, limits::kShownRejectBytes);
    out.push_back({file->name, s.offset, s.size, std::string(s.reason), std::string(s.message),
                   std::string(bytes.substr(s.offset, shown))});
  };
  ingest::Intake intake(options_at(now).intake, std::move(listener));
  if (auto loaded = intake.load_mappings_of({}); !loaded) return tl::unexpected(loaded.error());
  for (const ingest::TakenFile& f : files) {
    if (out.size() >= at_most) break;
    const auto bytes = raw_.get(f.content);
    if (!bytes) return tl::unexpected(bytes.error());
    file = &f;
    intake.read_bytes(f.name, *bytes);
  }
  return out;
}

}  // namespace quaywatch::live
