// What customs tell by message, hourly where there is anything: answers to the community as CUSRES (held for a
// control, released), and orders to the terminal as COHAOR (bring to the scanner, open, seal again). Local time to
// the minute.
#include <fmt/format.h>

#include <optional>
#include <set>

#include "sim/calendar.h"
#include "sim/edifact_writer.h"
#include "sim/systems.h"

namespace quaywatch::sim {
namespace {

// One interchange an hour, to one receiver.
class Hourly {
 public:
  Hourly(const Deliver& deliver, std::string stem, std::string receiver)
      : deliver_(deliver), stem_(std::move(stem)), receiver_(std::move(receiver)) {}
  Interchange& open(Timestamp at) {
    if (open_) return *open_;
    return open_.emplace("ZZCUSTOMS", receiver_, at, fmt::format("C{}{:06}", receiver_.substr(2), ++interchanges_));
  }
  std::string next_document(char kind) { return fmt::format("{}{:08}", kind, ++documents_); }
  void hand_out(Timestamp now) {
    if (!open_) return;
    // The number keeps apart the two files of an hour that the clock repeats.
    const std::string made = stamp_minute(local_time(now));
    deliver_(fmt::format("feeds/customs_messages/{}_{}_{}.edi", stem_, made, interchanges_), open_->close(), now);
    open_.reset();
  }

 private:
  const Deliver& deliver_;
  std::string stem_, receiver_;
  std::optional<Interchange> open_;
  std::uint32_t interchanges_ = 0, documents_ = 0;
};

void equipment(Interchange& x, const Box& b) {
  x.segment(fmt::format("EQD+CN+{}+{}:102:5++3+{}", b.number, b.size_type, b.full ? 5 : 4));
}

class CustomsAnswers final : public System {
 public:
  explicit CustomsAnswers(const Deliver& deliver) : out_(deliver, "cusres", "ZZPCS") {}

  void see(const World& world, const Happening& h) override {
    // The community hears once that a box is held, not why, and not before the control is ordered.
    const bool held = h.act == Act::control_ordered && held_.insert(h.ref).second;
    if (!held && h.act != Act::customs_cleared) return;
    if (!held) held_.erase(h.ref);
    const Box& b = world.box(h.box);
    Interchange& x = out_.open(h.at);
    x.begin("CUSRES:D:96B:UN");
    x.segment(fmt::format("BGM+961+{}+9", out_.next_document('R')));
    x.segment(fmt::format("DTM+137:{}:203", edi_time(h.at)));
    x.segment(held ? "GIS+7" : "GIS+4");
    if (!b.bill.empty()) x.segment(fmt::format("RFF+BM:{}", b.bill));
    if (held) x.segment("FTX+AHN+++HELD FOR CONTROL");
    equipment(x, b);
    x.end();
  }
  void tick(const World&, Timestamp now) override { out_.hand_out(now); }
  void close(const World&, Timestamp until) override { out_.hand_out(until); }

 private:
  Hourly out_;
  std::set<std::string> held_;  // controls of boxes that are not released yet
};

class CustomsOrders final : public System {
 public:
  explicit CustomsOrders(const Deliver& deliver) : out_(deliver, "cohaor", "ZZT1") {}

  void see(const World& world, const Happening& h) override {
    if (h.act != Act::control_ordered || h.note == "PAPERS") return;
    const Box& b = world.box(h.box);
    Interchange& x = out_.open(h.at);
    x.begin("COHAOR:D:95B:UN:ITG12");
    x.segment(fmt::format("BGM+127+{}+9", out_.next_document('H')));
    x.segment(fmt::format("DTM+137:{}:203", edi_time(h.at)));
    x.segment(fmt::format("RFF+ATX:{}", edi(h.ref)));
    x.segment("NAD+MS+CUSTOMS");
    equipment(x, b);
    x.segment(fmt::format("LOC+165+{}:139:6+{}:TER:ZZZ", kPlace, kTerminal));
    x.segment(fmt::format("HAN+{}", h.note.empty() ? "INSPECT" : edi(h.note)));
    if (h.note == "INSPECT") x.segment("HAN+RESEAL");
    x.segment("CNT+16:1");
    x.end();
  }
  void tick(const World&, Timestamp now) override { out_.hand_out(now); }
  void close(const World&, Timestamp until) override { out_.hand_out(until); }

 private:
  Hourly out_;
};

}  // namespace

std::unique_ptr<System> customs_answers(const Deliver& deliver, Timestamp) {
  return std::make_unique<CustomsAnswers>(deliver);
}
std::unique_ptr<System> customs_orders(const Deliver& deliver, Timestamp) {
  return std::make_unique<CustomsOrders>(deliver);
}

}  // namespace quaywatch::sim
