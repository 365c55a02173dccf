// The terminal operating system's yard: work orders, handed out at night in local time with a byte-order mark, and
// every executed move as the position system saw it, in UTC.
#include <fmt/format.h>

#include "sim/calendar.h"
#include "sim/exports.h"
#include "sim/systems.h"

namespace quaywatch::sim {
namespace {

std::string place_text(const Slot& slot, Move move, bool from) {
  if (slot.block != 0) return slot_text(slot);
  constexpr std::string_view kOutside[] = {"QUAY", "LANE", "QUAY", "RAIL", "BARGE", "CONTROL", "AREA"};
  return std::string(from && move == Move::to_yard ? "TRANSFER" : kOutside[static_cast<std::size_t>(move)]);
}

class YardSystem final : public System {
 public:
  YardSystem(const Deliver& deliver, Timestamp first)
      : orders_(deliver, "feeds/tos/yard_orders_{day}.csv",
                "\xEF\xBB\xBForder;kind;container;from;to;issued;issued_by;reason\r\n", 2, first),
        moves_(deliver, "feeds/positions/yard_moves_{day}.csv",
               "utc,equipment,operator,container,from,to,order\n", 1, first) {}

  void see(const World& world, const Happening& h) override {
    if (h.act != Act::move_ordered && h.act != Act::moved) return;
    const std::string& number = world.box(h.box).number;
    const std::string from = place_text(h.from, h.move, true), to = place_text(h.to, h.move, false);
    if (h.act == Act::move_ordered)
      return orders_.add(h.at, fmt::format("{};{};{};{};{};{};{};{}\r\n", h.ref, move_name(h.move), number, from, to,
                                           dotted(local_time(h.at)), "TOSPLAN", h.note));
    const auto& port = world.port();
    moves_.add(h.at, fmt::format("{},{},{},{},{},{},{}\n", dashed(to_civil_utc(h.at)),
                                 h.machine == kNone ? "" : port.machines[h.machine].id,
                                 h.person == kNone ? "" : port.people[h.person].number, number, from, to, h.ref));
  }
  void tick(const World&, Timestamp now) override {
    orders_.tick(now);
    moves_.tick(now);
  }
  void close(const World&, Timestamp until) override {
    orders_.close(until);
    moves_.close(until);
  }

 private:
  DailyFile orders_, moves_;
};

}  // namespace

std::unique_ptr<System> yard_system(const Deliver& deliver, Timestamp first) {
  return std::make_unique<YardSystem>(deliver, first);
}

}  // namespace quaywatch::sim
