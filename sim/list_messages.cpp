// What the lines order the terminal to discharge and to load: COPRAR, the discharge list when the call is listed, the
// load list at its closing a day before arrival. Directory and document codes are the line's own.
#include <fmt/format.h>

#include "sim/message_parts.h"
#include "sim/outbox.h"
#include "sim/systems.h"

namespace quaywatch::sim {
namespace {

struct List {
  Index call = kNone;
  bool off = false;  // discharge, not load
  std::uint64_t number = 0;
};

struct Correction {  // of one box, sent hours after its list
  List list;
  Index box = kNone;
  Timestamp due;
};

class ListMessages final : public System {
 public:
  explicit ListMessages(const Deliver& deliver) : out_(deliver, "feeds/lines/coprar", fmt::format("ZZ{}", kTerminal)) {}

  void see(const World& world, const Happening& h) override {
    if (h.act == Act::call_listed) send_list(world, {h.call, true, ++lists_}, h.at);
    if (h.act == Act::prearrival_declared) send_list(world, {h.call, false, ++lists_}, h.at);
  }
  void tick(const World& world, Timestamp now) override {
    for (const Correction& c : corrections_)
      if (c.due <= now && is_on(world.box(c.box), c.list)) write(world, c.list, {c.box}, true, now);
    std::erase_if(corrections_, [&](const Correction& c) { return c.due <= now; });
    out_.send(now);
  }
  void close(const World&, Timestamp until) override { out_.send(until); }

 private:
  static bool is_on(const Box& b, const List& list) {
    return b.used && (list.off ? b.call_in : b.call_out) == list.call;
  }

  void send_list(const World& world, const List& list, Timestamp at) {
    const Call& call = world.call(list.call);
    std::vector<Index> boxes;
    for (const Index box : list.off ? call.discharge : call.load)
      if (is_on(world.box(box), list)) boxes.push_back(box);
    write(world, list, boxes, false, at);
    Random random = world.stream("list corrections", list.number);
    if (!boxes.empty() && random.chance(world.figures().value("dirt.one_box_correction_share")))
      corrections_.push_back({list, random.pick(boxes), at + minutes(random.between(90, 600))});
  }

  // A correction repeats the number of its list, with one box and function 5: the box has no cell yet.
  void write(const World& world, const List& list, const std::vector<Index>& boxes, bool corrects, Timestamp at) {
    const Call& call = world.call(list.call);
    const Dialect& dialect = dialect_of(world, call.line);
    Interchange& x = out_.open(world.port().companies[call.line].code, at, dialect.breaks);
    x.begin(dialect.list);
    x.segment(fmt::format("BGM+{}+L{:07}+{}", list.off ? dialect.discharge_list : dialect.load_list, list.number,
                          corrects ? 5 : 9));
    x.segment(fmt::format("DTM+137:{}:203", edi_time(at)));
    x.segment(vessel_segment(world, call, list.off ? call.voyage_in : call.voyage_out));
    x.segment(here_segment(list.off ? 11 : 9));
    x.segment(party_segment(world, "CA", call.line));
    for (const Index box : boxes) write_box(x, world, world.box(box), list.off, corrects);
    x.segment(fmt::format("CNT+16:{}", boxes.size()));
    x.end();
  }

  static void write_box(Interchange& x, const World& world, const Box& b, bool off, bool corrects) {
    x.segment(box_segment(b));
    if (b.full) x.segment(fmt::format("RFF+{}", off ? "BM:" + b.bill : "BN:" + b.booking));
    x.segment(off ? fmt::format("LOC+9+{}:139:6", port_of_origin(world, b))
                  : fmt::format("LOC+11+{}:139:6", port_of_destination(world, b)));
    if (!corrects) x.segment(fmt::format("LOC+147+{}::5", cell_text(off ? b.cell_in : b.cell_out)));
    x.segment(fmt::format("MEA+AAE+G+KGM:{}", b.declared_kg));
    // Seals of exports are not known before the box has come.
    for (const std::string* seal : {&b.seal, &b.second_seal})
      if (off && !seal->empty()) x.segment(fmt::format("SEL+{}+CA", edi(*seal)));
    x.segment(party_segment(world, "CF", b.line));
  }

  std::vector<Correction> corrections_;
  Outboxes out_;
  std::uint64_t lists_ = 0;
};

}  // namespace

std::unique_ptr<System> list_messages(const Deliver& deliver, Timestamp) {
  return std::make_unique<ListMessages>(deliver);
}

}  // namespace quaywatch::sim
