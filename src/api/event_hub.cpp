#include "api/event_hub.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/limits_server.h"

namespace quaywatch::api {

using Lock = std::lock_guard<std::mutex>;

void EventHub::send(const Client& client, const Change& change) {
  if (const auto data = change.render(client.reading, change.sequence))
    client.stream->send(fmt::format("{}", change.sequence), change.event, *data);
}

void EventHub::publish(std::string event, Render render) {
  const Lock lock(mutex_);
  history_.push_back({++sequence_, std::move(event), std::move(render)});
  if (history_.size() > limits::kEventStreamHistory) history_.pop_front();
  std::erase_if(clients_, [](const Client& c) { return c.stream->is_closed(); });
  for (const Client& client : clients_) send(client, history_.back());
}

std::shared_ptr<io::EventStream> EventHub::subscribe(Reading reading, std::optional<std::uint64_t> last_seen) {
  const Lock lock(mutex_);
  std::erase_if(clients_, [](const Client& c) { return c.stream->is_closed(); });
  if (clients_.size() >= limits::kEventStreams) return nullptr;
  Client client{std::move(reading), std::make_shared<io::EventStream>()};
  // Sequences begin anew with the program: one from before, or from beyond what is kept, says nothing.
  const bool is_known = last_seen && *last_seen <= sequence_ &&
                        (history_.empty() ? *last_seen == sequence_ : *last_seen + 1 >= history_.front().sequence);
  if (!is_known)
    client.stream->send(fmt::format("{}", sequence_), "resync", fmt::format("{{\"sequence\":{}}}", sequence_));
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

std::uint64_t EventHub::sequence() const {
  const Lock lock(mutex_);
  return sequence_;
}

std::size_t EventHub::clients() const {
  const Lock lock(mutex_);
  return static_cast<std::size_t>(
      std::count_if(clients_.begin(), clients_.end(), [](const Client& c) { return !c.stream->is_closed(); }));
}

}  // namespace quaywatch::api
