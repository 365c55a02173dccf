// Who is announced: the reception's log of visitors, in local time, and the orders of contractors as the maintenance
// office exports them, one row an order.
#include <fmt/format.h>

#include "sim/calendar.h"
#include "sim/exports.h"
#include "sim/systems.h"

namespace quaywatch::sim {
namespace {

std::string minute_text(Timestamp at) { return dashed(local_time(at)).substr(0, 16); }

const Visit* visit_of(const World& world, const Happening& h, Role role) {
  if (h.person == kNone || world.port().people[h.person].role != role) return nullptr;
  const auto visit = world.port().visits.find(h.other);
  return visit == world.port().visits.end() || visit->second.person != h.person ? nullptr : &visit->second;
}

class VisitorLog final : public System {
 public:
  VisitorLog(const Deliver& deliver, Timestamp first)
      : log_(deliver, "feeds/reception/visitors_{day}_{next}.csv",
             "visit;state;changed;from;until;visitor;company;host;purpose;badge\n", 1, first) {}

  void see(const World& world, const Happening& h) override {
    const std::string_view state = h.act == Act::visitor_announced ? "ANNOUNCED"
                                   : h.act == Act::card_issued     ? "ARRIVED"
                                   : h.act == Act::card_revoked    ? "LEFT"
                                                                   : "";
    const Visit* visit = state.empty() ? nullptr : visit_of(world, h, Role::visitor);
    if (visit == nullptr) return;
    const Port& port = world.port();
    const Person& guest = port.people[h.person];
    log_.add(h.at, fmt::format("{};{};{};{};{};{};{};{};{};{}\n", visit->ref, state, dashed(local_time(h.at)),
                               minute_text(visit->from), minute_text(visit->until), guest.number,
                               csv_field(port.companies[guest.company].name, ';'),
                               visit->host == kNone ? "" : port.people[visit->host].number,
                               csv_field(visit->purpose, ';'), h.card));
  }
  void tick(const World&, Timestamp now) override { log_.tick(now); }
  void close(const World&, Timestamp until) override { log_.close(until); }

 private:
  DailyFile log_;
};

class ContractorOrders final : public System {
 public:
  ContractorOrders(const Deliver& deliver, Timestamp first)
      : orders_(deliver, "feeds/maintenance/contractor_orders_{day}.csv",
                "order|opened|company|company_name|worker|area|starts|ends|work\n", 6, first) {}

  void see(const World& world, const Happening& h) override {
    const Visit* visit = h.act == Act::visitor_announced ? visit_of(world, h, Role::contractor) : nullptr;
    if (visit == nullptr) return;
    const Port& port = world.port();
    const Company& firm = port.companies[port.people[h.person].company];
    orders_.add(h.at, fmt::format("{}|{}|{}|{}|{}|{}|{}|{}|{}\n", visit->ref, minute_text(h.at), firm.code, firm.name,
                                  port.people[h.person].number, visit->zone, minute_text(visit->from),
                                  minute_text(visit->until), csv_field(visit->purpose, '|')));
  }
  void tick(const World&, Timestamp now) override { orders_.tick(now); }
  void close(const World&, Timestamp until) override { orders_.close(until); }

 private:
  DailyFile orders_;
};

}  // namespace

std::unique_ptr<System> visitor_log(const Deliver& deliver, Timestamp first) {
  return std::make_unique<VisitorLog>(deliver, first);
}
std::unique_ptr<System> contractor_orders(const Deliver& deliver, Timestamp first) {
  return std::make_unique<ContractorOrders>(deliver, first);
}

}  // namespace quaywatch::sim
