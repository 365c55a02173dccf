// Gate moves of the terminal, the depot and the inland terminal as CODECO (UN/EDIFACT D.95B, SMDG guide), one
// interchange an hour where anything passed; local time to the minute. 34 is a gate-in report, 36 a gate-out report.
#include <fmt/format.h>

#include <algorithm>

#include "sim/outbox.h"
#include "sim/systems.h"

namespace quaywatch::sim {
namespace {

struct Gate {
  std::string_view facility;
  Act in, out;
};
constexpr Gate kGates[] = {{kTerminal, Act::gate_entered, Act::gate_left},
                           {kDepot, Act::depot_entered, Act::depot_left},
                           {kInland, Act::inland_entered, Act::inland_left}};

class GateMessages final : public System {
 public:
  GateMessages(const Deliver& deliver, std::string_view facility, std::string_view folder)
      : facility_(facility),
        out_(deliver, fmt::format("feeds/{}/codeco_{}", folder, facility), fmt::format("ZZ{}", facility), "ZZPCS",
             std::string(facility)) {}

  void see(const World& world, const Happening& h) override {
    const Gate* gate = std::find_if(std::begin(kGates), std::end(kGates), [&](const Gate& g) {
      return g.facility == facility_ && (h.act == g.in || h.act == g.out);
    });
    if (gate == std::end(kGates) || (facility_ == kTerminal && !h.carries)) return;
    const bool in = h.act == gate->in, depot = facility_ == kDepot;
    const Box& b = world.box(h.box);
    Interchange& x = out_.open(h.at);
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
    // Lorries serve the depot, and the inland terminal on its land side.
    const bool truck = depot || b.mode == Mode::truck || (facility_ == kInland && in == (b.trade != Trade::import));
    const int mode = truck ? 3 : b.mode == Mode::rail ? 2 : 8;
    const std::string plate = h.vehicle == kNone || mode != 3 ? "" : world.port().vehicles[h.vehicle].plate;
    x.segment(fmt::format("TDT+1++{}++{}:172:ZZZ+++{}:146", mode,
                          h.company == kNone ? "" : world.port().companies[h.company].code, edi(plate)));
    x.segment("CNT+16:1");
    x.end();
  }
  void tick(const World&, Timestamp now) override { out_.send(now); }
  void close(const World&, Timestamp until) override { out_.send(until); }

 private:
  std::string_view facility_;
  Outbox out_;
  std::uint32_t messages_ = 0;
};

}  // namespace

std::unique_ptr<System> gate_messages(const Deliver& deliver, Timestamp) {
  return std::make_unique<GateMessages>(deliver, kTerminal, "terminal");
}
std::unique_ptr<System> depot_messages(const Deliver& deliver, Timestamp) {
  return std::make_unique<GateMessages>(deliver, kDepot, "depot");
}

std::unique_ptr<System> inland_messages(const Deliver& deliver, Timestamp) {
  return std::make_unique<GateMessages>(deliver, kInland, "inland");
}

}  // namespace quaywatch::sim
