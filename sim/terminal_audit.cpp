// The audit table of the terminal operating system: who looked at or changed which box, local time, a file a day.
// What other systems change by interface stands under the interface's user. A look-up from a job list names the job.
#include <fmt/format.h>

#include "sim/calendar.h"
#include "sim/exports.h"
#include "sim/systems.h"

namespace quaywatch::sim {
namespace {

struct Change {
  Act act;
  std::string_view function, column, before, after, interface;
};
constexpr Change kChanges[] = {{Act::selected, "HOLD_ADD", "HOLD_CUSTOMS", "", "C", "IF.CUSTOMS"},
                               {Act::deselected, "HOLD_REMOVE", "HOLD_CUSTOMS", "C", "", "IF.CUSTOMS"},
                               {Act::control_ended, "HOLD_REMOVE", "HOLD_CUSTOMS", "C", "", "IF.CUSTOMS"},
                               {Act::release_issued, "HOLD_REMOVE", "HOLD_LINE", "L", "", "IF.COREOR"},
                               {Act::release_cancelled, "HOLD_ADD", "HOLD_LINE", "", "L", "IF.COREOR"},
                               {Act::resealed, "UNIT_UPDATE", "SEAL", "", "", "IF.CUSTOMS"},
                               {Act::verified_mass_declared, "UNIT_UPDATE", "VGM", "", "", "IF.VERMAS"}};
constexpr std::string_view kLooks[] = {"UNIT_INQUIRY", "UNIT_INQUIRY", "UNIT_INQUIRY", "YARD_SEARCH", "HISTORY_VIEW"};

class TerminalAudit final : public System {
 public:
  TerminalAudit(const Deliver& deliver, Timestamp first)
      : file_(deliver, "feeds/tos/tos_audit_{day}.csv",
              "audit_id|ts|user|org|function|object_type|object_key|column|before|after|terminal_id|job|result\r\n", 2,
              first) {}

  void see(const World& world, const Happening& h) override {
    if (h.box == kNone) return;
    if (h.act == Act::box_located && h.company == world.port().terminal) return look(world, h);
    for (const Change& change : kChanges)
      if (change.act == h.act) update(world, h, change);
  }
  void tick(const World&, Timestamp now) override { file_.tick(now); }
  void close(const World&, Timestamp until) override { file_.close(until); }

 private:
  void add(const World& world, Timestamp at, std::string_view user, std::string_view function, Index box,
           std::string_view rest) {
    file_.add(at, fmt::format("{}|{}|{}|{}|{}|UNIT|{}|{}|OK\r\n", ++entries_, slashed(local_time(at)), user,
                              world.port().companies[world.port().terminal].code, function, world.box(box).number,
                              rest));
  }
  static std::string slashed(const CivilTime& c) {
    std::string out = dotted(c);
    out[2] = out[5] = '/';
    return out;
  }
  void look(const World& world, const Happening& h) {
    const Port& port = world.port();
    const std::string_view user = h.account == kNone ? "UNKNOWN" : std::string_view(port.accounts[h.account].name);
    // Each person has a desk; accounts that several use show up at several.
    const std::string desk = h.person == kNone ? "" : fmt::format("W{:03}", h.person % 1000);
    const std::string job = h.has_task ? fmt::format("J{:07}", ++jobs_) : "";
    add(world, h.at, user, kLooks[entries_ % std::size(kLooks)], h.box, fmt::format("|||{}|{}", desk, job));
  }
  void update(const World& world, const Happening& h, const Change& change) {
    const Box& b = world.box(h.box);
    const std::string weight = h.weight_kg < 0 ? "" : fmt::format("{}", h.weight_kg);
    const bool seal = h.act == Act::resealed, mass = h.act == Act::verified_mass_declared;
    const std::string_view before = seal ? std::string_view(h.seal_before) : change.before;
    const std::string_view after = seal ? std::string_view(b.seal) : mass ? std::string_view(weight) : change.after;
    add(world, h.at, change.interface, change.function, h.box,
        fmt::format("{}|{}|{}|SERVER|", change.column, before, after));
  }

  DailyFile file_;
  std::uint64_t entries_ = 0, jobs_ = 0;
};

}  // namespace

std::unique_ptr<System> terminal_audit(const Deliver& deliver, Timestamp first) {
  return std::make_unique<TerminalAudit>(deliver, first);
}

}  // namespace quaywatch::sim
