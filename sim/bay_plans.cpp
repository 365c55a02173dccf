// Bay plans of the lines: BAPLIE, a day before a ship arrives (what is to be discharged here) and when it leaves (what
// was loaded here). Each line writes its own version: up to 2.x a place is followed by its box, in 3.1 a cell is an
// anchor.
#include <fmt/format.h>

#include <map>

#include "sim/message_parts.h"
#include "sim/outbox.h"
#include "sim/systems.h"

namespace quaywatch::sim {
namespace {

using Segments = std::vector<std::string>;

bool is_edition3(const Dialect& dialect) { return dialect.bay_plan.find(":13B:") != std::string_view::npos; }

Segments box_of_edition2(const World& world, const Box& b, bool arrives, bool verified) {
  Segments out = {fmt::format("LOC+147+{}::5", cell_text(arrives ? b.cell_in : b.cell_out)),
                  fmt::format("MEA+{}++KGM:{}", verified ? "VGM" : "WT", b.declared_kg),
                  fmt::format("LOC+9+{}:139:6", arrives ? port_of_origin(world, b) : kPlace),
                  fmt::format("LOC+11+{}:139:6", arrives ? kPlace : port_of_destination(world, b)),
                  "RFF+BM:1",  // obliged to be there
                  fmt::format("EQD+CN+{}+{}+++{}", b.number, b.size_type, b.full ? 5 : 4)};
  out.push_back(fmt::format("NAD+CA+{}:172:20", world.port().companies[b.line].code));
  return out;
}

Segments box_of_edition3(const World& world, const Box& b, bool arrives) {
  Segments out = {fmt::format("LOC+147+{}:9711:5", cell_text(arrives ? b.cell_in : b.cell_out)),
                  fmt::format("EQD+CN+{}:6346:5+{}:6346:5+++{}", b.number, b.size_type, b.full ? 5 : 4),
                  fmt::format("NAD+CF+{}:LINES:306", world.port().companies[b.line].code),
                  fmt::format("MEA+AAE+{}+KGM:{}", arrives || !b.full ? "AET" : "VGM", b.declared_kg),
                  fmt::format("LOC+9+{}", arrives ? port_of_origin(world, b) : kPlace),
                  fmt::format("LOC+11+{}", arrives ? kPlace : port_of_destination(world, b))};
  if (b.full) out.push_back(fmt::format("RFF+BN:{}", b.booking));
  return out;
}

class BayPlans final : public System {
 public:
  explicit BayPlans(const Deliver& deliver) : out_(deliver, "feeds/lines/baplie", fmt::format("ZZ{}", kTerminal)) {}

  void see(const World& world, const Happening& h) override {
    if (h.act == Act::loaded) add(world, world.box(h.box), false, loaded_[h.call]);
    if (h.act == Act::vessel_departed) {
      write(world, h, false, loaded_[h.call]);
      loaded_.erase(h.call);
    }
    if (h.act != Act::prearrival_declared) return;
    Segments boxes;
    for (const Index box : world.call(h.call).discharge)
      if (const Box& b = world.box(box); b.used && b.call_in == h.call) add(world, b, true, boxes);
    write(world, h, true, boxes);
  }
  void tick(const World&, Timestamp now) override { out_.send(now); }
  void close(const World&, Timestamp until) override { out_.send(until); }

 private:
  static void add(const World& world, const Box& b, bool arrives, Segments& to) {
    const Index ship = arrives ? b.call_in : b.call_out;  // the ship's line writes the plan, whose box it may be
    const Dialect& dialect = dialect_of(world, world.call(ship).line);
    const bool verified = !arrives && b.full && dialect.bay_plan.ends_with("SMDG22");
    for (std::string& segment :
         is_edition3(dialect) ? box_of_edition3(world, b, arrives) : box_of_edition2(world, b, arrives, verified))
      to.push_back(std::move(segment));
  }

  void write(const World& world, const Happening& h, bool arrives, const Segments& boxes) {
    if (boxes.empty()) return;
    const Call& call = world.call(h.call);
    const Dialect& dialect = dialect_of(world, call.line);
    const std::string& line = world.port().companies[call.line].code;
    const std::string& voyage = arrives ? call.voyage_in : call.voyage_out;
    const bool edition3 = is_edition3(dialect);
    Interchange& x = out_.open(line, h.at, dialect.breaks);
    x.begin(dialect.bay_plan);
    x.segment(edition3 ? fmt::format("BGM+659::{}+B{:07}++9", arrives ? "ARRIVAL" : "DEPART", ++plans_)
                       : fmt::format("BGM++B{:07}+9", ++plans_));
    x.segment(fmt::format("DTM+137:{}:203", edi_time(h.at)));
    if (edition3) {
      x.segment(fmt::format("NAD+WZ+{}:LINES:306", line));
      x.segment(fmt::format("TDT+20+{}+++{}:LINES:306++{}:11:{}", voyage, line, call.imo, edi(call.vessel)));
      x.segment(fmt::format("LOC+5+{}", kPlace));
      x.segment("UNS+D");
    } else {
      x.segment(vessel_segment(world, call, voyage));
      x.segment(fmt::format("LOC+5+{}:139:6", kPlace));
    }
    for (const std::string& segment : boxes) x.segment(segment);
    x.end();
  }

  std::map<Index, Segments> loaded_;  // by call: what its departure plan will say
  Outboxes out_;
  std::uint64_t plans_ = 0;
};

}  // namespace

std::unique_ptr<System> bay_plans(const Deliver& deliver, Timestamp) { return std::make_unique<BayPlans>(deliver); }

}  // namespace quaywatch::sim
