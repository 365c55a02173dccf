#include "ingest/follow.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <type_traits>

#include "ingest/feed_health.h"
#include "ingest/requests.h"
#include "ingest/room.h"
#include "io/clock.h"
#include "io/files.h"
#include "io/folder_watch.h"

namespace quaywatch::ingest {
namespace {

class Follower {
 public:
  Follower(InputLog& log, journal::RawStore& raw, FollowOptions options, const FollowObserver& observer)
      : log_(log), raw_(raw), options_(std::move(options)), observer_(observer), states_(options_.streams.size()) {
    options_.import.intake.is_live = true;
    for (std::size_t i = 0; i < options_.folders.size(); ++i) watches_.emplace_back(options_.settle);
  }

  Result<void> run(const io::StopSignals& stop) {
    std::optional<io::Listener> listener;
    if (!options_.streams.empty()) {
      std::vector<io::ListenAddress> addresses;
      for (const Stream& s : options_.streams) addresses.push_back(s.address);
      options_.listen.stop_descriptor = stop.descriptor();
      auto opened = io::Listener::open(addresses, options_.listen);
      if (!opened) return tl::unexpected(opened.error());
      listener.emplace(std::move(*opened));
    }
    if (observer_.ready) observer_.ready(listener ? listener->addresses() : std::vector<io::ListenAddress>{});
    Result<void> done = has_room() ? poll_folders() : Result<void>{};
    while (done) {
      const bool is_over = listener ? listener->is_finished() : stop.is_raised();
      if (is_over) break;
      // What senders have handed over is bounded, and taken before the end also on a full disk.
      const bool takes = has_room_ || stop.is_raised();
      std::vector<io::Received> received = apart([&] {
        if (listener && takes) return gather(*listener, stop);
        stop.wait(options_.poll);
        return std::vector<io::Received>{};
      });
      if (listener) done = take(std::move(received));
      if (done && !options_.data_dir.empty())
        done = take_requests(log_, options_.data_dir, io::now(), [this](const std::string& s) { tell(s); });
      if (!done || !has_room()) continue;
      if (!stop.is_raised()) done = poll_folders();
      if (done) done = tick();
    }
    return done;
  }

 private:
  struct StreamState {
    std::map<std::string, Timestamp> connected;  // peers, since when
    Timestamp covered_until = Timestamp::min();  // of the statements so far
    Timestamp last_record = Timestamp::min();
  };

  void tell(const std::string& sentence) const {
    if (observer_.told) observer_.told(sentence);
  }

  // What needs no log. All that was noted so far is committed.
  template <typename Work>
  std::invoke_result_t<Work> apart(const Work& work) const {
    if (observer_.apart_begins) observer_.apart_begins();
    auto out = work();
    if (observer_.apart_ends) observer_.apart_ends();
    return out;
  }

  // For the file that is next, or for what streams bring.
  bool has_room() {
    const std::uint64_t feed_bytes = ready_.empty() ? 0 : io::file_size(ready_.front()).value_or(0);
    const auto room = options_.data_dir.empty() ? Result<void>{} : room_for_intake(options_.data_dir, feed_bytes);
    if (room.has_value() != has_room_)
      tell(room ? "there is room on the disk again: intake goes on" : room.error().message);
    return has_room_ = room.has_value();
  }

  ImportOptions options_at(Timestamp now) const {
    ImportOptions out = options_.import;
    out.intake.received_at = now;
    return out;
  }

  // What came, at once where nothing came of late: a steady stream would make a batch of each of its records.
  std::vector<io::Received> gather(io::Listener& listener, const io::StopSignals& stop) {
    std::vector<io::Received> received = listener.wait(options_.poll);
    if (received.empty()) return received;
    const Duration since{io::monotonic_now().us - gathered_at_.us};
    if (since < kGatherFor) {
      stop.wait({kGatherFor.us - since.us});
      for (io::Received& r : listener.wait(Duration{0})) received.push_back(std::move(r));
    }
    gathered_at_ = io::monotonic_now();
    return received;
  }

  // The events that one stream brought are one batch, which the journal knows by a name of its own.
  Result<void> take(std::vector<io::Received> received) {
    std::map<std::size_t, std::string> batches;
    for (io::Received& r : received) {
      StreamState& state = states_[r.address];
      switch (r.kind) {
        case io::Received::Kind::record:
          std::replace(r.bytes.begin(), r.bytes.end(), '\n', ' ');
          batches[r.address] += r.bytes + "\n";
          state.last_record = r.at;
          break;
        case io::Received::Kind::connected:
          state.connected[r.peer] = state.last_record = r.at;
          if (auto noted = note(EventType::feed_connected, r); !noted) return noted;
          break;
        case io::Received::Kind::disconnected:
        case io::Received::Kind::lost: {
          if (auto stated = cover(r.address, r.at); !stated) return stated;
          if (r.kind == io::Received::Kind::disconnected) state.connected.erase(r.peer);
          if (auto noted = note(EventType::feed_lost, r); !noted) return noted;
          break;
        }
      }
    }
    for (const auto& [address, bytes] : batches)
      if (auto taken = take_batch(options_.streams[address].name, bytes); !taken) return taken;
    return {};
  }

  Result<void> take_batch(const std::string& name, const std::string& bytes) {
    const Timestamp now = io::now();
    ImportOptions options = options_at(now);
    options.again = true;  // equal bytes that arrive again are not the same delivery
    if (auto& kept = options.intake.kept) kept = std::make_shared<KeptMappings>(*kept);  // others may read them anew
    const std::string as_file = fmt::format("/stream/{}-{}/{}", format_rfc3339(now), ++batch_, name);
    auto arrival = apart([&] { return read_arrival(as_file, bytes, options); });
    if (!arrival) return tl::unexpected(arrival.error());
    const auto report = take_arrival(log_, raw_, std::move(*arrival), options);
    if (!report) return tl::unexpected(report.error());
    if (observer_.imported) observer_.imported(*report);
    return {};
  }

  Result<void> note(EventType type, const io::Received& r) {
    const std::string& name = options_.streams[r.address].name;
    boost::intrusive_ptr<Event> e(new Event);
    e->type = type;
    e->feed = std::string(kHealthFeed);
    e->event_time = e->reported_at = e->received_at = r.at;
    const std::string detail =
        r.message.empty() ? r.peer : fmt::format("{}{}{}", r.peer, r.peer.empty() ? "" : ": ", r.message);
    e->fields.reserve(2, name.size() + detail.size());
    e->fields.add_text(FieldId::feed_name, name);
    e->fields.add_text(FieldId::feed_detail, detail);
    if (r.kind == io::Received::Kind::lost)
      e->fields.add_integer(FieldId::feed_count, static_cast<std::int64_t>(r.count));
    e->id = event_id(content_digest(*e, options_.import.intake.id_key), 0);
    tell(fmt::format("{} {} {}", info(type).name, name, detail));
    if (auto noted = log_.note(EventPtr(std::move(e))); !noted) return noted;
    return log_.commit();
  }

  // A stream answers for the time in which a sender was connected and not silent for too long.
  Result<void> cover(std::size_t address, Timestamp now) {
    StreamState& state = states_[address];
    const auto* mapping = contracts_ ? contracts_->mapping_for(options_.streams[address].name) : nullptr;
    if (state.connected.empty() || mapping == nullptr || mapping->provides.empty()) return {};
    Timestamp since = now;
    for (const auto& [peer, at] : state.connected) since = std::min(since, at);
    const Timestamp from = std::max(since, state.covered_until);
    const bool is_own = mapping->arrival && mapping->arrival->silent_after;
    const Duration silent_after = is_own ? *mapping->arrival->silent_after : options_.silent_after;
    const Timestamp until = std::min(now, state.last_record + silent_after);
    if (until <= from) return {};
    state.covered_until = until;
    return log_.take(CoverageStatement{mapping->feed, mapping->facility, mapping->provides, from, until, now});
  }

  Result<void> tick() {
    const Timestamp now = io::now();
    if (now < next_tick_) return {};
    next_tick_ = now + kTickEvery;
    for (std::size_t i = 0; i < states_.size(); ++i)
      if (auto stated = cover(i, now); !stated) return stated;
    if (auto noted = log_.note(journal::Tick{now}); !noted) return noted;
    return log_.commit();
  }

  Result<void> poll_folders() {
    if (auto loaded = load_contracts(); !loaded) return loaded;
    for (std::size_t i = 0; i < watches_.size(); ++i) {
      const auto listing = apart([&] { return io::scan_folder(options_.folders[i]); });
      if (!listing) {  // a network drive may come back
        if (std::exchange(unreachable_[i], true) == false) tell(listing.error().message);
        continue;
      }
      unreachable_[i] = false;
      for (const io::FolderChange& change : watches_[i].take(*listing, io::monotonic_now())) {
        if (change.kind == io::FolderChange::Kind::unreadable) tell(change.message);
        if (change.kind == io::FolderChange::Kind::ready) ready_.push_back(change.path);
      }
    }
    // One by one: a file that vanished between the poll and now must not keep the others out.
    for (; !ready_.empty(); ready_.pop_front()) {
      const std::string& path = ready_.front();
      if (!has_room()) return {};
      const auto report = import_files(log_, raw_, {path}, options_at(io::now()));
      if (!report && report.error().code != ErrorCode::unreadable && report.error().code != ErrorCode::not_found)
        return tl::unexpected(report.error());
      if (!report) tell(report.error().message);
      if (report && observer_.imported) observer_.imported(*report);
    }
    return {};
  }

  // What the streams' mappings promise; read once, or when what is kept of them is read anew. The batches take their
  // mappings themselves.
  Result<void> load_contracts() {
    const auto& kept = options_.import.intake.kept;
    if (contracts_ && (!kept || kept->now == contracts_are_)) return {};
    if (kept) contracts_are_ = kept->now;
    contracts_.emplace(options_.import.intake, IntakeListener{});
    return contracts_->load_mappings_of({});
  }

  InputLog& log_;
  journal::RawStore& raw_;
  FollowOptions options_;
  const FollowObserver& observer_;
  std::vector<io::FolderWatch> watches_;
  std::map<std::size_t, bool> unreachable_;
  std::vector<StreamState> states_;
  std::optional<Intake> contracts_;
  std::shared_ptr<const MappingSet> contracts_are_;
  Timestamp next_tick_ = Timestamp::min();
  Duration gathered_at_{-kGatherFor.us};  // of the monotonic clock
  bool has_room_ = true;
  std::deque<std::string> ready_;  // files that wait for room
  std::uint64_t batch_ = 0;
};

}  // namespace

Result<void> follow(InputLog& log, journal::RawStore& raw, FollowOptions options, const io::StopSignals& stop,
                    const FollowObserver& observer) {
  return Follower(log, raw, std::move(options), observer).run(stop);
}

}  // namespace quaywatch::ingest
