// Release orders of the agents: COREOR (UN/EDIFACT D.95B) to the port community system, an interchange an hour.
// Function 9 issues, 5 replaces, 1 cancels; the right is the forwarder's who is named.
#include <fmt/format.h>

#include "sim/message_parts.h"
#include "sim/outbox.h"
#include "sim/systems.h"

namespace quaywatch::sim {
namespace {

constexpr Duration kValid = days(21);

int function_of(Act act) {
  return act == Act::release_issued ? 9 : act == Act::release_replaced ? 5 : act == Act::release_cancelled ? 1 : 0;
}

class ReleaseMessages final : public System {
 public:
  explicit ReleaseMessages(const Deliver& deliver) : out_(deliver, "feeds/agents/coreor", "ZZPCS") {}

  void see(const World& world, const Happening& h) override {
    const int function = function_of(h.act);
    if (function == 0) return;
    const Box& b = world.box(h.box);
    const Index agent = h.company == kNone ? b.agent : h.company;
    Interchange& x = out_.open(world.port().companies[agent].code, h.at, agent % 2 == 0);
    x.begin("COREOR:D:95B:UN:ITG12");
    x.segment(fmt::format("BGM+129+R{:08}+{}", ++orders_, function));
    x.segment(fmt::format("DTM+137:{}:203", edi_time(h.at)));
    x.segment(fmt::format("RFF+BM:{}", b.bill));
    if (b.call_in != kNone) {
      const Call& call = world.call(b.call_in);
      x.segment(vessel_segment(world, call, call.voyage_in));
    }
    x.segment(here_segment(11));
    x.segment(party_segment(world, "MS", agent));
    x.segment(party_segment(world, "CF", b.line));
    if (const Index holder = h.other == kNone ? b.holder : h.other; holder != kNone)
      x.segment(party_segment(world, "FW", holder));
    x.segment(party_segment(world, "CN", b.trader));
    x.segment(box_segment(b));
    x.segment(fmt::format("RFF+RE:{}", b.release));
    if (function != 1) x.segment(fmt::format("DTM+36:{}:203", edi_time(h.at + kValid)));
    x.segment(fmt::format("MEA+AAE+G+KGM:{}", b.declared_kg));
    x.segment(fmt::format("FTX+AAA+++HS {}", world.figures().shares("box.commodity").names[b.commodity]));
    x.segment("CNT+16:1");
    x.end();
  }
  void tick(const World&, Timestamp now) override { out_.send(now); }
  void close(const World&, Timestamp until) override { out_.send(until); }

 private:
  Outboxes out_;
  std::uint64_t orders_ = 0;
};

}  // namespace

std::unique_ptr<System> release_messages(const Deliver& deliver, Timestamp) {
  return std::make_unique<ReleaseMessages>(deliver);
}

}  // namespace quaywatch::sim
