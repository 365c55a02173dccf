// The office that makes cards: its journal of a day, handed out the next morning, local time. Badges of visitors are
// not in it: they lie at the reception.
#include <fmt/format.h>

#include "sim/calendar.h"
#include "sim/exports.h"
#include "sim/systems.h"

namespace quaywatch::sim {
namespace {

std::string_view word_of(const Happening& h) {
  const bool day_card = h.note == "day card";
  switch (h.act) {
    case Act::card_issued: return day_card ? "LENT" : "NEW";
    case Act::card_replaced: return "REPLACED";
    case Act::card_revoked: return day_card ? "RETURNED" : "BLOCKED";
    default: return {};
  }
}

class CardRegister final : public System {
 public:
  CardRegister(const Deliver& deliver, Timestamp first)
      : journal_(deliver, "feeds/cards/card_register_{day}.csv",
                 "entry,at,what,card,issue,old_card,holder,class,company,remark\r\n", 5, first) {}

  void see(const World& world, const Happening& h) override {
    const std::string_view what = word_of(h);
    if (what.empty() || h.person == kNone) return;
    const Person& p = world.port().people[h.person];
    if (p.role == Role::visitor) return;
    // A card for the day counts as none of the holder's own.
    const std::string number = what == "NEW" || what == "REPLACED" ? fmt::format("{}", p.issue) : "";
    journal_.add(h.at, fmt::format("K{:06},{},{},{},{},{},{},{},{},{}\r\n", ++entries_, dashed(local_time(h.at)), what,
                                   h.card, number, h.card_before, p.number,
                                   p.role == Role::contractor ? "CONTRACTOR" : "STAFF",
                                   csv_field(world.port().companies[p.company].name, ','), csv_field(h.note, ',')));
  }
  void tick(const World&, Timestamp now) override { journal_.tick(now); }
  void close(const World&, Timestamp until) override { journal_.close(until); }

 private:
  DailyFile journal_;
  std::uint32_t entries_ = 0;
};

}  // namespace

std::unique_ptr<System> card_register(const Deliver& deliver, Timestamp first) {
  return std::make_unique<CardRegister>(deliver, first);
}

}  // namespace quaywatch::sim
