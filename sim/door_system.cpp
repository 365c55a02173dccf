// Door sensors of the one line whose boxes carry them: lines of JSON with epoch milliseconds, a file a day; what
// happens where there is no coverage is sent hours later.
#include <fmt/format.h>

#include "sim/exports.h"
#include "sim/flows.h"
#include "sim/systems.h"

namespace quaywatch::sim {
namespace {

struct Position {  // millionths of a degree
  std::int64_t latitude = 0, longitude = 0;
};
// The invented port lies in open water, so that no real place is meant.
constexpr Position kQuay{45'210'000, 13'080'000};

std::string degrees(std::int64_t millionths) {
  return fmt::format("{}.{:06}", millionths / 1'000'000, millionths % 1'000'000);
}

class DoorSystem final : public System {
 public:
  DoorSystem(const Deliver& deliver, Timestamp first)
      : file_(deliver, "feeds/smart_boxes/door_sensors_{day}.jsonl", "", 5, first) {}

  void see(const World& world, const Happening& h) override {
    if (h.act != Act::door_opened && h.act != Act::box_opened) return;
    const Box& b = world.box(h.box);
    if (!is_smart(world, b)) return;
    Random random = world.stream("door sensor", ++rows_);
    const bool inside = h.place != "CONSIGNEE";
    Position at = kQuay;
    if (!inside) {
      Random premises = world.stream("premises", b.trader);
      at = {46'000'000 + premises.between(0, 2'400'000), 10'500'000 + premises.between(0, 5'000'000)};
    }
    at.latitude += random.between(-2'000, 2'000);
    at.longitude += random.between(-3'000, 3'000);
    const bool covered = random.chance(0.7);
    const Timestamp sent = h.at + (covered ? seconds(random.between(3, 90)) : minutes(random.between(5, 360)));
    file_.add(sent, fmt::format(R"({{"id":"D{:07}","container":"{}","event":"DOOR_OPEN","at_ms":{},"sent_ms":{},)"
                                R"("fence":{},"position":{{"lat":{},"lon":{},"error_m":{}}}}})"
                                "\n",
                                rows_, b.number, h.at.us / 1000, sent.us / 1000, inside ? R"("ZZQAY/T1")" : "null",
                                degrees(at.latitude), degrees(at.longitude), random.between(4, 60)));
  }
  void tick(const World&, Timestamp now) override { file_.tick(now); }
  void close(const World&, Timestamp until) override { file_.close(until); }

 private:
  DailyFile file_;
  std::uint64_t rows_ = 0;
};

}  // namespace

std::unique_ptr<System> door_system(const Deliver& deliver, Timestamp first) {
  return std::make_unique<DoorSystem>(deliver, first);
}

}  // namespace quaywatch::sim
