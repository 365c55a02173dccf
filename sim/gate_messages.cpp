// Gate moves of the terminal and the depot as CODECO (UN/EDIFACT D.95B, SMDG guide), one interchange an hour where
// anything passed; local time to the minute. 34 is a gate-in report, 36 a gate-out report.
#include <fmt/format.h>

#include <optional>

#include "sim/calendar.h"
#include "sim/edifact_writer.h"
#include "sim/systems.h"

namespace quaywatch::sim {
namespace {

class GateMessages final : public System {
 public:
  GateMessages(const Deliver& deliver, std::string_view facility, std::string folder)
      : deliver_(deliver), facility_(facility), folder_(std::move(folder)) {}

  void see(const World& world, const Happening& h) override {
    const bool depot = h.act == Act::depot_entered || h.act == Act::depot_left;
    const bool gate = (h.act == Act::gate_entered || h.act == Act::gate_left) && h.carries;
    if (facility_ == kDepot ? !depot : !gate) return;
    const bool in = h.act == Act::depot_entered || h.act == Act::gate_entered;
    const Box& b = world.box(h.box);
    if (!open_) {
      open_.emplace(fmt::format("ZZ{}", facility_), "ZZPCS", h.at, fmt::format("{}{:06}", facility_, ++interchanges_));
    }
    Interchange& x = *open_;
    x.begin("CODECO:D:95B:UN:ITG14");
    x.segment(fmt::format("BGM+{}+{}{:08}+9", in ? 34 : 36, facility_, ++messages_));
    x.segment(fmt::format("NAD+CF+{}:160:ZZZ", world.port().companies[b.line].code));
    const bool full = b.full && !depot;
    const int status = b.trade == Trade::export_trade ? 2 : b.trade == Trade::import ? 3 : 6;
    x.segment(fmt::format("EQD+CN+{}+{}:102:5++{}+{}", b.number, b.size_type, status, full ? 5 : 4));
    if (b.trade == Trade::export_trade) x.segment(fmt::format("RFF+BN:{}", b.booking));
    if (b.trade == Trade::import && full) x.segment(fmt::format("RFF+BM:{}", b.bill));
    if (!b.release.empty() && b.release_valid && full && !in) x.segment(fmt::format("RFF+RE:{}", b.release));
    x.segment(fmt::format("DTM+7:{}:203", edi_time(h.at)));
    x.segment(fmt::format("LOC+165+{}:139:6+{}:TER:ZZZ", kPlace, facility_));
    if (full) x.segment(fmt::format("MEA+AAE+G+KGM:{}", b.tare_kg + b.cargo_kg));
    if (full && !h.seal.empty()) x.segment(fmt::format("SEL+{}+CA", edi(h.seal)));
    const int mode = depot || b.mode == Mode::truck ? 3 : b.mode == Mode::rail ? 2 : 8;
    const std::string plate = h.vehicle == kNone || mode != 3 ? "" : world.port().vehicles[h.vehicle].plate;
    x.segment(fmt::format("TDT+1++{}++{}:172:ZZZ+++{}:146", mode,
                          h.company == kNone ? "" : world.port().companies[h.company].code, edi(plate)));
    x.segment("CNT+16:1");
    x.end();
  }
  void tick(const World&, Timestamp now) override {
    if (!open_) return;
    deliver_(fmt::format("feeds/{}/codeco_{}_{}.edi", folder_, facility_, stamp_minute(local_time(now))),
             open_->close(), now);
    open_.reset();
  }
  void close(const World& world, Timestamp until) override { tick(world, until); }

 private:
  const Deliver& deliver_;
  std::string_view facility_;
  std::string folder_;
  std::optional<Interchange> open_;
  std::uint32_t interchanges_ = 0, messages_ = 0;
};

}  // namespace

std::unique_ptr<System> gate_messages(const Deliver& deliver, Timestamp) {
  return std::make_unique<GateMessages>(deliver, kTerminal, "terminal");
}
std::unique_ptr<System> depot_messages(const Deliver& deliver, Timestamp) {
  return std::make_unique<GateMessages>(deliver, kDepot, "depot");
}

}  // namespace quaywatch::sim
