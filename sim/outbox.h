// Interchanges of one sender to one receiver: gathered and sent off in the sender's own rhythm, each in a file of its
// own, named by sender, local minute and running number, so that no two ever share a name.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "sim/edifact_writer.h"
#include "sim/exports.h"

namespace quaywatch::sim {

class Outbox {
 public:
  // stem: "feeds/terminal/codeco_T1"; `reference` begins the control reference of each interchange.
  // breaks: a line break behind each segment.
  Outbox(const Deliver& deliver, std::string stem, std::string sender, std::string receiver, std::string reference,
         bool breaks = true);
  Interchange& open(Timestamp at);  // the one in hand; a new one when there is none
  void send(Timestamp at);          // what is in hand, if anything

 private:
  const Deliver* deliver_;
  std::string stem_, sender_, receiver_, reference_;
  bool breaks_;
  std::optional<Interchange> open_;
  std::uint32_t sent_ = 0;
};

// One outbox for each of many senders of the same kind of message, in a common folder.
class Outboxes {
 public:
  Outboxes(const Deliver& deliver, std::string stem, std::string receiver)
      : deliver_(&deliver), stem_(std::move(stem)), receiver_(std::move(receiver)) {}
  Interchange& open(const std::string& sender, Timestamp at, bool breaks = true);
  void send(Timestamp at);

 private:
  const Deliver* deliver_;
  std::string stem_, receiver_;
  std::map<std::string, Outbox> of_;
};

}  // namespace quaywatch::sim
