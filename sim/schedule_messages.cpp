// Schedules of the lines: IFTSAI (UN/EDIFACT D.99B) to the port authority, one message for each call when it is
// planned, when its delay is known, and when it has come and gone.
#include <fmt/format.h>

#include "sim/message_parts.h"
#include "sim/outbox.h"
#include "sim/systems.h"

namespace quaywatch::sim {
namespace {

// DTM 2005 of arrival and departure.
struct Stage {
  int arrival, departure;
};
constexpr Stage kScheduled{232, 189}, kEstimated{132, 133}, kActual{178, 186};

class ScheduleMessages final : public System {
 public:
  explicit ScheduleMessages(const Deliver& deliver) : out_(deliver, "feeds/lines/iftsai", "ZZPORT") {}

  void see(const World& world, const Happening& h) override {
    if (h.call == kNone) return;
    const Call& call = world.call(h.call);
    const Duration stay = call.departed - call.arrived;
    if (h.act == Act::call_scheduled)
      write(world, h, call.estimate == call.eta ? kScheduled : kEstimated, call.estimate, call.estimate + stay);
    if (h.act == Act::vessel_arrived) write(world, h, kActual, h.at, {});
    if (h.act == Act::vessel_departed) write(world, h, kActual, {}, h.at);
  }
  void tick(const World&, Timestamp now) override { out_.send(now); }
  void close(const World&, Timestamp until) override { out_.send(until); }

 private:
  void write(const World& world, const Happening& h, const Stage& stage, Timestamp arrival, Timestamp departure) {
    const Call& call = world.call(h.call);
    const std::string& line = world.port().companies[call.line].code;
    Interchange& x = out_.open(line, h.at, dialect_of(world, call.line).breaks);
    x.begin("IFTSAI:D:99B:UN");
    x.segment(fmt::format("BGM+TS2+S{:07}+9", ++messages_));
    x.segment(fmt::format("DTM+137:{}:203", edi_time(h.at)));
    x.segment(fmt::format("TDT+20+{}+1++{}:172+++{}:146:11:{}", call.voyage_in, line, call.imo, edi(call.vessel)));
    x.segment(fmt::format("RFF+SSX:{}", call.number));
    x.segment(fmt::format("LOC+9+{}:139:6+{}:BER:ZZZ", kPlace, kTerminal));
    if (arrival != Timestamp{}) x.segment(fmt::format("DTM+{}:{}:203", stage.arrival, edi_time(arrival)));
    if (departure != Timestamp{}) x.segment(fmt::format("DTM+{}:{}:203", stage.departure, edi_time(departure)));
    x.end();
  }

  Outboxes out_;
  std::uint64_t messages_ = 0;
};

}  // namespace

std::unique_ptr<System> schedule_messages(const Deliver& deliver, Timestamp) {
  return std::make_unique<ScheduleMessages>(deliver);
}

}  // namespace quaywatch::sim
