#include "ingest/event_sorter.h"

#include <algorithm>
#include <queue>

#include "base/limits.h"
#include "io/environment.h"
#include "journal/entry.h"

namespace quaywatch::ingest {
namespace {

bool in_order(const EventPtr& a, const EventPtr& b) {
  return place(*a) < place(*b);
}

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

Result<void> EventSorter::spill() {
  std::sort(buffer_.begin(), buffer_.end(), in_order);
  auto run = io::TemporaryFile::create(io::environment("TMPDIR").value_or("/tmp"));
  if (!run) return tl::unexpected(run.error());
  std::string bytes;
  for (const EventPtr& e : buffer_) {
    bytes.clear();
    journal::encode_event(*e, bytes);
    if (auto written = run->append(bytes); !written) return written;
  }
  runs_.push_back(std::move(*run));
  buffer_.clear();
  return {};
}

Result<void> EventSorter::add(EventPtr event) {
  buffer_.push_back(std::move(event));
  if (buffer_.size() < limits::kSortRunEvents) return {};
  return spill();
}

Result<void> EventSorter::drain(const std::function<void(const EventPtr&)>& fn) {
  EventId last;
  bool any = false;
  const auto hand_over = [&](const EventPtr& e) {
    if (any && e->id == last) return ++duplicates_, void();
    any = true;
    last = e->id;
    fn(e);
  };
  if (runs_.empty()) {
    std::sort(buffer_.begin(), buffer_.end(), in_order);
    for (const EventPtr& e : buffer_) hand_over(e);
    buffer_.clear();
    return {};
  }
  if (auto spilt = spill(); !spilt) return spilt;
  std::vector<RunReader> readers;
  for (io::TemporaryFile& run : runs_) {
    auto file = run.map();
    if (!file) return tl::unexpected(file.error());
    readers.emplace_back(std::move(*file));
  }
  runs_.clear();
  const auto later = [&](std::size_t a, std::size_t b) { return in_order(readers[b].head(), readers[a].head()); };
  std::priority_queue<std::size_t, std::vector<std::size_t>, decltype(later)> next(later);
  const auto refill = [&](std::size_t i) -> Result<void> {
    const auto more = readers[i].advance();
    if (!more) return tl::unexpected(more.error());
    if (*more) next.push(i);
    return {};
  };
  for (std::size_t i = 0; i < readers.size(); ++i)
    if (auto r = refill(i); !r) return r;
  while (!next.empty()) {
    const std::size_t i = next.top();
    next.pop();
    hand_over(readers[i].head());
    if (auto r = refill(i); !r) return r;
  }
  return {};
}

}  // namespace quaywatch::ingest
