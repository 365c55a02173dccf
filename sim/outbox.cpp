#include "sim/outbox.h"

#include <fmt/format.h>

#include "sim/calendar.h"

namespace quaywatch::sim {

Outbox::Outbox(const Deliver& deliver, std::string stem, std::string sender, std::string receiver,
               std::string reference)
    : deliver_(&deliver),
      stem_(std::move(stem)),
      sender_(std::move(sender)),
      receiver_(std::move(receiver)),
      reference_(std::move(reference)) {}

Interchange& Outbox::open(Timestamp at) {
  if (!open_) open_.emplace(sender_, receiver_, at, fmt::format("{}{:06}", reference_, sent_ + 1));
  return *open_;
}

void Outbox::send(Timestamp at) {
  if (!open_) return;
  (*deliver_)(fmt::format("{}_{}_{:06}.edi", stem_, stamp_minute(local_time(at)), ++sent_), open_->close(), at);
  open_.reset();
}

}  // namespace quaywatch::sim
