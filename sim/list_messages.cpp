// What the lines order the terminal to discharge and to load: COPRAR, the discharge list when the call is listed, the
// load list at its closing a day before arrival. Directory and document codes are the line's own.
#include <fmt/format.h>

#include "sim/message_parts.h"
#include "sim/outbox.h"
#include "sim/systems.h"

namespace quaywatch::sim {
namespace {

class ListMessages final : public System {
 public:
  explicit ListMessages(const Deliver& deliver) : out_(deliver, "feeds/lines/coprar", fmt::format("ZZ{}", kTerminal)) {}

  void see(const World& world, const Happening& h) override {
    if (h.act == Act::call_listed) write(world, h, true);
    if (h.act == Act::prearrival_declared) write(world, h, false);
  }
  void tick(const World&, Timestamp now) override { out_.send(now); }
  void close(const World&, Timestamp until) override { out_.send(until); }

 private:
  void write(const World& world, const Happening& h, bool off) {
    const Call& call = world.call(h.call);
    const Dialect& dialect = dialect_of(world, call.line);
    Interchange& x = out_.open(world.port().companies[call.line].code, h.at, dialect.breaks);
    x.begin(dialect.list);
    x.segment(fmt::format("BGM+{}+L{:07}+9", off ? dialect.discharge_list : dialect.load_list, ++lists_));
    x.segment(fmt::format("DTM+137:{}:203", edi_time(h.at)));
    x.segment(vessel_segment(world, call, off ? call.voyage_in : call.voyage_out));
    x.segment(here_segment(off ? 11 : 9));
    x.segment(party_segment(world, "CA", call.line));
    std::size_t count = 0;
    for (const Index box : off ? call.discharge : call.load) {
      const Box& b = world.box(box);
      if (!b.used || (off ? b.call_in : b.call_out) != h.call) continue;
      ++count;
      x.segment(box_segment(b));
      if (b.full) x.segment(fmt::format("RFF+{}", off ? "BM:" + b.bill : "BN:" + b.booking));
      x.segment(off ? fmt::format("LOC+9+{}:139:6", port_of_origin(world, b))
                    : fmt::format("LOC+11+{}:139:6", port_of_destination(world, b)));
      x.segment(fmt::format("LOC+147+{}::5", cell_text(off ? b.cell_in : b.cell_out)));
      x.segment(fmt::format("MEA+AAE+G+KGM:{}", b.declared_kg));
      // Seals of exports are not known before the box has come.
      for (const std::string* seal : {&b.seal, &b.second_seal})
        if (off && !seal->empty()) x.segment(fmt::format("SEL+{}+CA", edi(*seal)));
      x.segment(party_segment(world, "CF", b.line));
    }
    x.segment(fmt::format("CNT+16:{}", count));
    x.end();
  }

  Outboxes out_;
  std::uint64_t lists_ = 0;
};

}  // namespace

std::unique_ptr<System> list_messages(const Deliver& deliver, Timestamp) {
  return std::make_unique<ListMessages>(deliver);
}

}  // namespace quaywatch::sim
