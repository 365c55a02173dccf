#include "api/event_hub.h"

#include <algorithm>

#include "base/limits_server.h"

namespace quaywatch::api {

constexpr std::string_view kPurpose = "event";

using Lock = std::lock_guard<std::mutex>;

std::string EventHub::id_of(std::uint64_t sequence) const {
  return numbers_.lock(kPurpose, sequence);
}

void EventHub::send(const Client& client, const Change& change) const {
  if (const auto data = change.render(client.reading)) client.stream->send(id_of(change.sequence), change.event, *data);
}

void EventHub::publish(std::string event, Render render) {
  const Lock lock(mutex_);
  history_.push_back({++sequence_, std::move(event), std::move(render)});
  if (history_.size() > limits::kEventStreamHistory) history_.pop_front();
  std::erase_if(clients_, [](const Client& c) { return c.stream->is_closed(); });
  for (const Client& client : clients_) send(client, history_.back());
}

bool EventHub::is_kept(std::uint64_t last_seen) const {
  if (last_seen >= sequence_) return last_seen == sequence_;
  return !history_.empty() && last_seen + 1 >= history_.front().sequence;
}

std::shared_ptr<io::EventStream> EventHub::subscribe(Reading reading, std::string_view last_id) {
  const Lock lock(mutex_);
  std::erase_if(clients_, [](const Client& c) { return c.stream->is_closed(); });
  if (clients_.size() >= limits::kEventStreams) return nullptr;
  Client client{std::move(reading), std::make_shared<io::EventStream>()};
  // Sequences and the key begin anew with the program: an id from before it, or from beyond what is kept, says nothing.
  const auto last_seen = numbers_.unlock(kPurpose, last_id);
  if (!last_seen || !is_kept(*last_seen))
    client.stream->send(id_of(sequence_), "resync", "{}");
  else
    for (const Change& change : history_)
      if (change.sequence > *last_seen) send(client, change);
  clients_.push_back(client);
  return client.stream;
}

void EventHub::drop_unless(const std::function<bool(const Reading&)>& is_valid) {
  const Lock lock(mutex_);
  for (const Client& client : clients_)
    if (!is_valid(client.reading)) client.stream->close();
}

void EventHub::close_all() {
  const Lock lock(mutex_);
  for (const Client& client : clients_) client.stream->close();
  clients_.clear();
}

std::size_t EventHub::clients() const {
  const Lock lock(mutex_);
  return static_cast<std::size_t>(
      std::count_if(clients_.begin(), clients_.end(), [](const Client& c) { return !c.stream->is_closed(); }));
}

}  // namespace quaywatch::api
