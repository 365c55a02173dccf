// The depot's list of repairs, in local time without seconds, out in the morning.
#include <fmt/format.h>

#include "sim/calendar.h"
#include "sim/exports.h"
#include "sim/systems.h"

namespace quaywatch::sim {
namespace {

class RepairSystem final : public System {
 public:
  RepairSystem(const Deliver& deliver, Timestamp first)
      : file_(deliver, "feeds/depot/repairs_{day}.csv",
              "estimate|container|type|repaired|damage|workshop\r\n", 6, first) {}

  void see(const World& world, const Happening& h) override {
    if (h.act != Act::repaired) return;
    const Box& b = world.box(h.box);
    file_.add(h.at, fmt::format("{}|{}|{}|{}|{}|{}\r\n", h.ref, b.number, b.size_type,
                                dotted(local_time(h.at)).substr(0, 16), csv_field(h.note, '|'),
                                h.company == kNone ? "" : world.port().companies[h.company].code));
  }
  void tick(const World&, Timestamp now) override { file_.tick(now); }
  void close(const World&, Timestamp until) override { file_.close(until); }

 private:
  DailyFile file_;
};

}  // namespace

std::unique_ptr<System> repair_system(const Deliver& deliver, Timestamp first) {
  return std::make_unique<RepairSystem>(deliver, first);
}

}  // namespace quaywatch::sim
