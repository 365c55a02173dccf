// Papers of exports: the lines' order to the depot to hand out an empty for a booking (COPARN), and the shippers'
// verified gross mass (VERMAS, SMDG 1.0) as the forwarder sends it.
#include <fmt/format.h>

#include "sim/message_parts.h"
#include "sim/outbox.h"
#include "sim/systems.h"

namespace quaywatch::sim {
namespace {

class EmptyOrders final : public System {
 public:
  explicit EmptyOrders(const Deliver& deliver) : out_(deliver, "feeds/lines/coparn", fmt::format("ZZ{}", kDepot)) {}

  void see(const World& world, const Happening& h) override {
    if (h.act != Act::booking_made) return;
    const Box& b = world.box(h.box);
    const Dialect& dialect = dialect_of(world, b.line);
    Interchange& x = out_.open(world.port().companies[b.line].code, h.at, dialect.breaks);
    x.begin(dialect.order);
    x.segment(fmt::format("BGM+129+E{:08}+9", ++orders_));
    x.segment(fmt::format("DTM+137:{}:203", edi_time(h.at)));
    x.segment(fmt::format("DTM+36:{}:203", edi_time(h.at + days(14))));
    x.segment(fmt::format("RFF+BN:{}", b.booking));
    if (b.call_out != kNone) {
      const Call& call = world.call(b.call_out);
      x.segment(vessel_segment(world, call, call.voyage_out));
      x.segment(fmt::format("LOC+9+{}:139:6", kPlace));
    }
    x.segment(party_segment(world, "MS", h.company == kNone ? b.agent : h.company));
    x.segment(party_segment(world, "CF", b.line));
    x.segment(party_segment(world, "FW", b.forwarder));
    x.segment(fmt::format("EQD+CN+{}+{}:102:5++2+4", dialect.names_empties ? b.number : "", b.size_type));
    x.segment(fmt::format("LOC+98+{}:139:6+{}:DEP:ZZZ", kPlace, kDepot));
    x.segment(fmt::format("LOC+11+{}:139:6", port_of_destination(world, b)));
    x.segment("CNT+16:1");
    x.end();
  }
  void tick(const World&, Timestamp now) override { out_.send(now); }
  void close(const World&, Timestamp until) override { out_.send(until); }

 private:
  Outboxes out_;
  std::uint64_t orders_ = 0;
};

class MassMessages final : public System {
 public:
  explicit MassMessages(const Deliver& deliver)
      : out_(deliver, "feeds/shippers/vermas_ZZVGM", "ZZVGM", fmt::format("ZZ{}", kTerminal), "W") {}

  void see(const World& world, const Happening& h) override {
    if (h.act != Act::verified_mass_declared) return;
    const Box& b = world.box(h.box);
    Random random = world.stream("verified mass", ++declared_);
    const bool weighed = random.chance(world.figures().value("vgm.weighed_share"));
    Interchange& x = out_.open(h.at);
    x.begin("VERMAS:D:16A:UN:SMDG10");
    x.segment(fmt::format("BGM+749+V{:08}+9", declared_));
    x.segment(fmt::format("DTM+137:{}:203", edi_time(h.at)));
    x.segment(party_segment(world, "MS", h.company == kNone ? b.forwarder : h.company));
    x.segment(fmt::format("EQD+CN+{}+{}:6346:306", b.number, b.size_type));
    x.segment(fmt::format("RFF+BN:{}", b.booking));
    x.segment(fmt::format("MEA+AAE+VGM+KGM:{}", h.weight_kg));
    x.segment(fmt::format("DTM+798:{}:203", edi_time(h.at - minutes(random.between(5, 90)))));
    x.segment(fmt::format("DOC+{}:VGM:306", weighed ? "SM1" : "SM2"));
    x.segment(fmt::format("NAD+SPC+{}:160:ZZZ", world.port().companies[b.trader].code));
    x.end();
  }
  void tick(const World&, Timestamp now) override { out_.send(now); }
  void close(const World&, Timestamp until) override { out_.send(until); }

 private:
  Outbox out_;
  std::uint64_t declared_ = 0;
};

}  // namespace

std::unique_ptr<System> empty_orders(const Deliver& deliver, Timestamp) {
  return std::make_unique<EmptyOrders>(deliver);
}
std::unique_ptr<System> mass_messages(const Deliver& deliver, Timestamp) {
  return std::make_unique<MassMessages>(deliver);
}

}  // namespace quaywatch::sim
