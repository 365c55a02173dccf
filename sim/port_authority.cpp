// The port authority: the list of calls every morning, and the pre-arrival security declarations of the ships (SOLAS
// XI-2/9.2.1) with their last ten calls, as the single window hands them on every hour.
#include <fmt/format.h>

#include "sim/calendar.h"
#include "sim/exports.h"
#include "sim/systems.h"
#include "sim/voyages.h"

namespace quaywatch::sim {
namespace {

std::string local_minute(Timestamp at) { return dashed(local_time(at)).substr(0, 16); }
std::string utc_time(Timestamp at) { return format_rfc3339(at).substr(0, 16) + ":00Z"; }
std::string utc_day(Timestamp at) { return format_rfc3339(at).substr(0, 10); }

class CallList final : public System {
 public:
  explicit CallList(const Deliver& deliver) : deliver_(deliver) {}
  void see(const World&, const Happening&) override {}
  void tick(const World& world, Timestamp now) override {
    if (local_time(now).hour == 5) write(world, now);
  }
  void close(const World&, Timestamp) override {}

 private:
  void write(const World& world, Timestamp now) {
    std::string text =
        "call;ship;imo;flag;voyage;line;agent;port;berth;arrival_planned;arrival_estimated;arrival_actual;"
        "departure_planned;departure_estimated;departure_actual;as_of\r\n";
    for (const Call& call : world.port().calls) {
      if (call.departed < now - days(2) || call.estimate > now + days(10)) continue;
      const Ship ship = ship_of(world, call);
      const Duration stay = call.departed - call.arrived;
      const bool arrived = call.arrived <= now, departed = call.departed <= now;
      // The berth is given when the delay is known.
      text += fmt::format("{};{};{};{};{};{};{};{};{};{};{};{};{};{};{};{}\r\n", call.number, call.vessel, call.imo,
                          ship.flag, call.voyage_in, world.port().companies[call.line].code,
                          world.port().companies[call.agent].code, kPlace,
                          call.told <= now || arrived ? fmt::format("{}-{}", kTerminal, call.berth) : "",
                          local_minute(call.eta), arrived ? "" : local_minute(call.estimate),
                          arrived ? local_minute(call.arrived) : "", local_minute(call.eta + stay),
                          departed ? "" : local_minute((arrived ? call.arrived : call.estimate) + stay),
                          departed ? local_minute(call.departed) : "", local_minute(now));
    }
    deliver_(fmt::format("feeds/authority/ship_calls_{}.csv", stamp_day(local_time(now))), text, now);
  }
  const Deliver& deliver_;
};

class Declarations final : public System {
 public:
  explicit Declarations(const Deliver& deliver) : deliver_(deliver) {}

  void see(const World& world, const Happening& h) override {
    if (h.act != Act::prearrival_declared) return;
    const Call& call = world.call(h.call);
    const Ship ship = ship_of(world, call);
    rows_ += fmt::format("PSI-{},{},{},{},{},{},container ship,{},{},{},{},{},{},yes,{},yes,1,none,containers",
                         call.number, utc_time(h.at), call.imo, csv_field(call.vessel, ','), ship.registry, ship.flag,
                         ship.gross_tonnage, csv_field(world.port().companies[call.line].name, ','),
                         world.port().companies[call.agent].code, kPlace, utc_time(call.estimate), kTerminal,
                         ship.issuer);
    for (const PortCall& last : last_calls(world, call))
      rows_ += fmt::format(",{},{},{},{}-0001,{},", last.port, utc_day(last.arrived), utc_day(last.departed), last.port,
                           last.security_level);
    rows_ += '\n';
  }
  void tick(const World&, Timestamp now) override {
    if (rows_.empty()) return;
    std::string header =
        "declaration,declared_at,imo,ship,registry,flag,type,gross_tonnage,company,agent,port,eta,port_facility,"
        "issc_valid,issc_issuer,ssp_on_board,security_level,ship_to_ship,cargo";
    for (std::size_t n = 1; n <= kLastCalls; ++n)
      for (const char* what : {"port", "arrived", "departed", "facility", "security_level", "measures"})
        header += fmt::format(",call{}_{}", n, what);
    deliver_(fmt::format("feeds/authority/security_declarations_{}.csv", stamp_hour(now)), header + "\n" + rows_, now);
    rows_.clear();
  }
  void close(const World& world, Timestamp until) override { tick(world, until); }

 private:
  // In UTC, so that the hour that comes twice has two names.
  static std::string stamp_hour(Timestamp now) { return stamp_minute(to_civil_utc(now)) + "Z"; }
  const Deliver& deliver_;
  std::string rows_;
};

}  // namespace

std::unique_ptr<System> call_list(const Deliver& deliver, Timestamp) { return std::make_unique<CallList>(deliver); }
std::unique_ptr<System> security_declarations(const Deliver& deliver, Timestamp) {
  return std::make_unique<Declarations>(deliver);
}

}  // namespace quaywatch::sim
