// What the terminal reports of the quay: COARRI (UN/EDIFACT D.95B), per call and hour one message of the boxes
// discharged and one of those loaded. Checkers read the seals; the mass is the declared one, the crane's stays in the
// crane.
#include <fmt/format.h>

#include <map>

#include "sim/message_parts.h"
#include "sim/outbox.h"
#include "sim/systems.h"

namespace quaywatch::sim {
namespace {

class QuayMessages final : public System {
 public:
  explicit QuayMessages(const Deliver& deliver)
      : out_(deliver, fmt::format("feeds/terminal/coarri_{}", kTerminal), fmt::format("ZZ{}", kTerminal), "ZZLINES",
             "Q") {}

  void see(const World& world, const Happening& h) override {
    if (h.act != Act::discharged && h.act != Act::loaded) return;
    const bool off = h.act == Act::discharged;
    const Box& b = world.box(h.box);
    Random random = world.stream("seals read at the quay", ++boxes_);
    Batch& batch = batches_[{h.call, off}];
    ++batch.boxes;
    const auto line = [&](std::string segment) { batch.segments.push_back(std::move(segment)); };
    line(box_segment(b));
    if (b.full) line(fmt::format("RFF+{}", off ? "BM:" + b.bill : "BN:" + b.booking));
    line(fmt::format("DTM+203:{}:203", edi_time(h.at)));
    line(off ? fmt::format("LOC+9+{}:139:6", port_of_origin(world, b))
             : fmt::format("LOC+11+{}:139:6", port_of_destination(world, b)));
    line(fmt::format("LOC+147+{}::5", cell_text(off ? b.cell_in : b.cell_out)));
    line(fmt::format("MEA+AAE+EGW+KGM:{}", b.declared_kg));
    for (const std::string* seal : {&h.seal, &b.second_seal}) {
      const std::string read = seal_as_read(world, *seal, random);
      if (!b.full || read.empty()) break;  // who does not read the one does not read the other
      line(fmt::format("SEL+{}+CA", edi(read)));
    }
  }

  void tick(const World& world, Timestamp now) override {
    for (const auto& [of, batch] : batches_) write(world, of.first, of.second, batch, now);
    batches_.clear();
    out_.send(now);
  }
  void close(const World& world, Timestamp until) override { tick(world, until); }

 private:
  struct Batch {
    std::vector<std::string> segments;
    std::size_t boxes = 0;
  };
  void write(const World& world, Index call_index, bool off, const Batch& batch, Timestamp now) {
    const Call& call = world.call(call_index);
    Interchange& x = out_.open(now);
    x.begin("COARRI:D:95B:UN:ITG13");
    x.segment(fmt::format("BGM+{}+{}A{:07}+9", off ? 44 : 46, kTerminal, ++messages_));
    x.segment(fmt::format("DTM+137:{}:203", edi_time(now)));
    x.segment(vessel_segment(world, call, off ? call.voyage_in : call.voyage_out));
    x.segment(here_segment(off ? 11 : 9));
    x.segment(party_segment(world, "CF", call.line));
    for (const std::string& segment : batch.segments) x.segment(segment);
    x.segment(fmt::format("CNT+16:{}", batch.boxes));
    x.end();
  }

  std::map<std::pair<Index, bool>, Batch> batches_;  // of an hour, by call and direction
  Outbox out_;
  std::uint64_t boxes_ = 0, messages_ = 0;
};

}  // namespace

std::unique_ptr<System> quay_messages(const Deliver& deliver, Timestamp) {
  return std::make_unique<QuayMessages>(deliver);
}

}  // namespace quaywatch::sim
