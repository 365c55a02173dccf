// Announcements of hauliers that send messages, as COPINO (UN/EDIFACT D.95B, SMDG guide) by way of one mailbox, which
// passes on an interchange an hour where anything came; local time to the minute, no line breaks. 171 announces a
// collection, 661 a delivery; a message that withdraws repeats the number with function 1.
#include <fmt/format.h>

#include <optional>

#include "sim/calendar.h"
#include "sim/community.h"
#include "sim/edifact_writer.h"
#include "sim/systems.h"

namespace quaywatch::sim {
namespace {

class CopinoMessages final : public System {
 public:
  explicit CopinoMessages(const Deliver& deliver) : deliver_(deliver) {}

  void see(const World& world, const Happening& h) override {
    const bool fetches = h.act == Act::pickup_announced || h.act == Act::pickup_withdrawn;
    if (!fetches && h.act != Act::delivery_announced) return;
    if (h.company == kNone || h.box == kNone || !sends_messages(world, h.company)) return;
    if (!open_) open_.emplace("ZZMAILBOX", "ZZPCS", h.at, fmt::format("M{:07}", ++interchanges_), false);
    write(world, h, fetches);
  }
  void tick(const World&, Timestamp now) override {
    if (!open_) return;
    deliver_(fmt::format("feeds/pcs/copino_{}_{:06}.edi", stamp_day(local_time(now)), interchanges_), open_->close(),
             now);
    open_.reset();
  }
  void close(const World& world, Timestamp until) override { tick(world, until); }

 private:
  void write(const World& world, const Happening& h, bool fetches) {
    const Box& b = world.box(h.box);
    const std::string haulier = edi(world.port().companies[h.company].code);
    Interchange& x = *open_;
    x.begin("COPINO:D:95B:UN:INT10I");
    x.segment(
        fmt::format("BGM+{}+{}+{}", fetches ? 171 : 661, edi(h.ref), h.act == Act::pickup_withdrawn ? 1 : 9));
    x.segment(fmt::format("DTM+137:{}:203", edi_time(h.at)));
    const int mode = b.mode == Mode::truck ? 3 : b.mode == Mode::rail ? 2 : 8;
    const std::string lorry = h.vehicle == kNone || mode != 3
                                  ? ""
                                  : fmt::format("+++{}:146", edi(world.port().vehicles[h.vehicle].plate));
    x.segment(fmt::format("TDT+1++{}++{}:172:ZZZ{}", mode, haulier, lorry));
    x.segment(fmt::format("LOC+88+{}:139:6+{}:TER:ZZZ", kPlace, kTerminal));
    if (b.due != Timestamp{}) x.segment(fmt::format("DTM+132:{}:203", edi_time(b.due)));
    x.segment(fmt::format("NAD+MS+{}:160:ZZZ", haulier));
    x.segment(fmt::format("EQD+CN+{}+{}:102:5++{}+{}", b.number, b.size_type, fetches ? 3 : 2, b.full ? 5 : 4));
    if (fetches)
      x.segment(fmt::format("RFF+RE:{}", edi(b.release)));
    else
      x.segment(fmt::format("RFF+BN:{}", edi(b.booking)));
    x.segment("CNT+16:1");
    x.end();
  }

  const Deliver& deliver_;
  std::optional<Interchange> open_;
  std::uint32_t interchanges_ = 0;
};

}  // namespace

std::unique_ptr<System> copino_messages(const Deliver& deliver, Timestamp) {
  return std::make_unique<CopinoMessages>(deliver);
}

}  // namespace quaywatch::sim
