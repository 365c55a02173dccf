// Two scales: the weighbridge at the gate (tickets in local time to the minute, some corrected) and the load cells of
// the quay cranes (UTC, in steps of a hundred kilograms).
#include <fmt/format.h>

#include "sim/calendar.h"
#include "sim/exports.h"
#include "sim/flows.h"
#include "sim/systems.h"

namespace quaywatch::sim {
namespace {

std::int32_t in_steps(std::int32_t kg, std::int32_t step) { return (kg + step / 2) / step * step; }

class Weighbridge final : public System {
 public:
  Weighbridge(const Deliver& deliver, Timestamp first)
      : file_(deliver, "feeds/gate/weighbridge_{day}.csv",
              "ticket;weighed_at;changed_at;status;scale;plate;container;vehicle_kg;lorry_kg;container_kg;tare_kg;"
              "operator\r\n",
              1, first) {}

  void see(const World& world, const Happening& h) override {
    if (h.act != Act::weighed || h.vehicle == kNone) return;
    Random random = world.stream("weighbridge", ++tickets_);
    Ticket ticket;
    ticket.lorry_kg = lorry_tare_kg(world, h.vehicle);
    ticket.vehicle_kg = in_steps(ticket.lorry_kg + h.weight_kg, 20);
    ticket.plate = world.port().vehicles[h.vehicle].plate;
    if (h.carries) ticket.container = world.box(h.box).number;
    ticket.tare_kg = world.box(h.box).tare_kg;
    const Index clerk = on_duty(world.port(), Role::gate_clerk, h.at, 0);
    if (clerk != kNone) ticket.clerk = world.port().people[clerk].number;
    if (!random.chance(world.figures().value("dirt.typo_share"))) return add(world, h, h.at, "OK", ticket);
    // The clerk left an old lorry's tare in the form, and mends the ticket later.
    Ticket wrong = ticket;
    wrong.lorry_kg += static_cast<std::int32_t>(random.between(20, 120)) * 20;
    add(world, h, h.at, "OK", wrong);
    add(world, h, h.at + minutes(random.between(5, 90)), "CORRECTED", ticket);
  }
  void tick(const World&, Timestamp now) override { file_.tick(now); }
  void close(const World&, Timestamp until) override { file_.close(until); }

 private:
  struct Ticket {
    std::string plate, container, clerk;
    std::int32_t vehicle_kg = 0, lorry_kg = 0, tare_kg = 0;
  };
  void add(const World& world, const Happening& h, Timestamp changed, std::string_view status, const Ticket& t) {
    const std::string weighed_at = dotted(local_time(h.at)).substr(0, 16);
    const std::string scale = h.device == kNone ? "" : world.port().devices[h.device].id;
    file_.add(changed, fmt::format("W{:07};{};{};{};{};{};{};{};{};{};{};{}\r\n", tickets_, weighed_at,
                                   dotted(local_time(changed)), status, scale, t.plate, t.container, t.vehicle_kg,
                                   t.lorry_kg, t.container.empty() ? "" : fmt::format("{}", t.vehicle_kg - t.lorry_kg),
                                   t.container.empty() ? "" : fmt::format("{}", t.tare_kg), t.clerk));
  }
  DailyFile file_;
  std::uint64_t tickets_ = 0;
};

class CraneWeights final : public System {
 public:
  CraneWeights(const Deliver& deliver, Timestamp first)
      : file_(deliver, "feeds/quay/crane_weights_{day}.csv", "utc,crane,move,container,load_t\n", 4, first) {}

  void see(const World& world, const Happening& h) override {
    if (h.act != Act::discharged && h.act != Act::loaded) return;
    const std::int32_t kg = in_steps(h.weight_kg, 100);
    file_.add(h.at, fmt::format("{},{},{},{},{}.{}\n", dashed(to_civil_utc(h.at)),
                                h.machine == kNone ? "" : world.port().machines[h.machine].id,
                                h.act == Act::discharged ? "DSCH" : "LOAD", world.box(h.box).number, kg / 1000,
                                kg / 100 % 10));
  }
  void tick(const World&, Timestamp now) override { file_.tick(now); }
  void close(const World&, Timestamp until) override { file_.close(until); }

 private:
  DailyFile file_;
};

}  // namespace

std::unique_ptr<System> weighbridge_system(const Deliver& deliver, Timestamp first) {
  return std::make_unique<Weighbridge>(deliver, first);
}
std::unique_ptr<System> crane_weights(const Deliver& deliver, Timestamp first) {
  return std::make_unique<CraneWeights>(deliver, first);
}

}  // namespace quaywatch::sim
