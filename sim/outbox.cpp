#include "sim/outbox.h"

#include <fmt/format.h>

#include "sim/calendar.h"

namespace quaywatch::sim {

Outbox::Outbox(const Deliver& deliver, std::string stem, std::string sender, std::string receiver,
               std::string reference, bool breaks)
    : deliver_(&deliver),
      stem_(std::move(stem)),
      sender_(std::move(sender)),
      receiver_(std::move(receiver)),
      reference_(std::move(reference)),
      breaks_(breaks) {}

Interchange& Outbox::open(Timestamp at) {
  if (!open_) open_.emplace(sender_, receiver_, at, fmt::format("{}{:06}", reference_, sent_ + 1), breaks_);
  return *open_;
}

void Outbox::send(Timestamp at) {
  if (!open_) return;
  (*deliver_)(fmt::format("{}_{}_{:06}.edi", stem_, stamp_minute(local_time(at)), ++sent_), open_->close(at), at);
  open_.reset();
}

Interchange& Outboxes::open(const std::string& sender, Timestamp at, bool breaks) {
  auto place = of_.find(sender);
  if (place == of_.end())
    place = of_.emplace(sender, Outbox(*deliver_, stem_ + "_" + sender, sender, receiver_, "I", breaks)).first;
  return place->second.open(at);
}

void Outboxes::send(Timestamp at) {
  for (auto& [sender, outbox] : of_) outbox.send(at);
}

}  // namespace quaywatch::sim
