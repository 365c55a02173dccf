#include "ingest/event_sorter.h"

#include <algorithm>
#include <queue>
#include <tuple>

#include "base/limits.h"
#include "io/environment.h"
#include "journal/entry.h"

namespace quaywatch::ingest {
namespace {

// Reads one sorted run back, event by event, and gives memory back behind itself.
class RunReader {
 public:
  explicit RunReader(io::MappedFile file) : file_(std::move(file)) {}

  Result<bool> advance() {
    const std::string_view rest = file_.view().substr(at_);
    if (rest.empty()) return false;
    std::size_t used = 0;
    auto event = journal::decode_event(rest, used);
    if (!event) return tl::unexpected(event.error());
    head_ = std::move(*event);
    at_ += used;
    file_.forget_before(at_);
    return true;
  }
  const EventPtr& head() const { return head_; }

 private:
  io::MappedFile file_;
  std::size_t at_ = 0;
  EventPtr head_;
};

}  // namespace

bool EventSorter::is_before(const Slot& a, const Slot& b) {
  return std::tie(a.place, a.received_at) < std::tie(b.place, b.received_at);
}

void EventSorter::sort_slots() {
  if (is_sorted_) return;
  std::sort(slots_.begin(), slots_.end(), is_before);
}

Result<void> EventSorter::spill() {
  sort_slots();
  auto run = io::TemporaryFile::create(io::environment("TMPDIR").value_or("/tmp"));
  if (!run) return tl::unexpected(run.error());
  Result<void> written;
  if (is_sorted_) written = run->append(bytes_);  // as nearly every file comes
  for (std::size_t i = 0; i < slots_.size() && !is_sorted_ && written; ++i) written = run->append(encoded(slots_[i]));
  if (!written) return written;
  runs_.push_back(std::move(*run));
  slots_.clear();
  bytes_.clear();
  is_sorted_ = true;
  return {};
}

// A run that grows by doubling would be copied as often as it is written.
void EventSorter::make_room() {
  constexpr std::size_t kMany = 4096;
  if (slots_.size() != kMany || slots_.capacity() >= limits::kSortRunEvents) return;
  bytes_.reserve(bytes_.size() / kMany * (limits::kSortRunEvents + limits::kSortRunEvents / 8));
  slots_.reserve(limits::kSortRunEvents);
}

Result<void> EventSorter::add(const Event& event) {
  make_room();
  const std::size_t at = bytes_.size();
  journal::encode_event(event, bytes_);
  slots_.push_back({place(event), event.received_at, at, static_cast<std::uint32_t>(bytes_.size() - at)});
  is_sorted_ = is_sorted_ && (slots_.size() < 2 || !is_before(slots_.back(), slots_[slots_.size() - 2]));
  if (slots_.size() < limits::kSortRunEvents) return {};
  return spill();
}

Result<void> EventSorter::drain(const Take& fn) {
  EventId last;
  bool any = false;
  const auto once = [&](const EventPtr& e) {
    if (any && e->id == last) return ++duplicates_, true;
    any = true;
    last = e->id;
    return fn(e);
  };
  return runs_.empty() ? drain_memory(once) : drain_runs(once);
}

Result<void> EventSorter::drain_memory(const Take& fn) {
  sort_slots();
  for (const Slot& slot : slots_) {
    std::size_t used = 0;
    const auto event = journal::decode_event(encoded(slot), used);
    if (!event) return tl::unexpected(event.error());
    if (!fn(*event)) break;
  }
  slots_.clear();
  bytes_.clear();
  is_sorted_ = true;
  return {};
}

Result<void> EventSorter::drain_runs(const Take& fn) {
  if (auto spilt = spill(); !spilt) return spilt;
  bytes_.shrink_to_fit();
  std::vector<RunReader> readers;
  for (io::TemporaryFile& run : runs_) {
    auto file = run.map();
    if (!file) return tl::unexpected(file.error());
    readers.emplace_back(std::move(*file));
  }
  runs_.clear();
  const auto later = [&](std::size_t a, std::size_t b) {
    const Event &x = *readers[a].head(), &y = *readers[b].head();
    return std::tuple(place(y), y.received_at) < std::tuple(place(x), x.received_at);
  };
  std::priority_queue<std::size_t, std::vector<std::size_t>, decltype(later)> next(later);
  for (std::size_t i = 0; i < readers.size(); ++i) {
    const auto any = readers[i].advance();
    if (!any) return tl::unexpected(any.error());
    if (*any) next.push(i);
  }
  while (!next.empty()) {
    const std::size_t i = next.top();
    next.pop();
    // Files are in order for the most part: one run goes on for long before another has its turn.
    for (bool is_next = true; is_next;) {
      if (!fn(readers[i].head())) return {};
      const auto more = readers[i].advance();
      if (!more) return tl::unexpected(more.error());
      if (!*more) break;
      is_next = next.empty() || !later(i, next.top());
      if (!is_next) next.push(i);
    }
  }
  return {};
}

}  // namespace quaywatch::ingest
