// The audit trail of the port community system: one JSON object per line, UTC with milliseconds, a file a day. Every
// action of a company on its pages or by message, with what it was done to. A job list is known to it; an agency's
// tickets are not.
#include <fmt/format.h>

#include "sim/calendar.h"
#include "sim/exports.h"
#include "sim/systems.h"

namespace quaywatch::sim {
namespace {

struct Function {
  Act act;
  std::string_view name, object;
};
constexpr Function kFunctions[] = {{Act::release_issued, "RELEASE_CREATE", "RELEASE"},
                                   {Act::release_replaced, "RELEASE_REPLACE", "RELEASE"},
                                   {Act::release_cancelled, "RELEASE_CANCEL", "RELEASE"},
                                   {Act::release_transferred, "RELEASE_TRANSFER", "RELEASE"},
                                   {Act::release_viewed, "RELEASE_VIEW", "RELEASE"},
                                   {Act::box_located, "UNIT_LOCATE", "UNIT"},
                                   {Act::pickup_announced, "PICKUP_ANNOUNCE", "PICKUP"},
                                   {Act::pickup_refused, "PICKUP_ANNOUNCE", "PICKUP"},
                                   {Act::pickup_withdrawn, "PICKUP_WITHDRAW", "PICKUP"},
                                   {Act::delivery_announced, "DELIVERY_ANNOUNCE", "DELIVERY"},
                                   {Act::appointment_made, "APPT_BOOK", "APPOINTMENT"},
                                   {Act::appointment_changed, "APPT_AMEND", "APPOINTMENT"}};

std::string window_text(Timestamp due) { return due == Timestamp{} ? "" : stamp_utc_ms(due).substr(0, 16) + "Z"; }

class CommunityAudit final : public System {
 public:
  CommunityAudit(const Deliver& deliver, Timestamp first)
      : file_(deliver, "feeds/pcs/pcs_audit_{day}.jsonl", "", 1, first) {}

  void see(const World& world, const Happening& h) override {
    if (h.box == kNone || h.company == world.port().terminal) return;
    for (const Function& function : kFunctions)
      if (function.act == h.act) return write(world, h, function);
  }
  void tick(const World&, Timestamp now) override { file_.tick(now); }
  void close(const World&, Timestamp until) override { file_.close(until); }

 private:
  void write(const World& world, const Happening& h, const Function& function) {
    const Port& port = world.port();
    const Box& b = world.box(h.box);
    const Timestamp at = h.at + Duration{static_cast<std::int64_t>(++entries_ * 617 % 1000) * 1000};
    const bool look = h.act == Act::release_viewed || h.act == Act::box_located;
    // Agencies work in their own customer system: what they open here is on no job list.
    const bool listed =
        look && h.has_task && h.company != kNone && port.companies[h.company].kind != CompanyKind::agent;
    const bool refused = h.act == Act::pickup_refused;
    const bool passed = h.act == Act::release_transferred;
    const bool dated = h.act == Act::appointment_made || h.act == Act::appointment_changed;
    const std::string key = function.object == "RELEASE" ? b.release : function.object == "UNIT" ? b.number : h.ref;
    std::string row = fmt::format(R"({{"id":"A{:08}","ts":"{}","fn":"{}","result":{})", entries_, stamp_utc_ms(at),
                                  function.name, refused ? R"("DENIED")" : R"("OK")");
    if (refused) row += fmt::format(R"(,"reason":{})", json_text(h.note.empty() ? "WRONG_CODE" : h.note));
    row += fmt::format(R"(,"actor":{{"user":{},"org":{}}})",
                       json_text(h.account == kNone ? "" : port.accounts[h.account].name),
                       json_text(code_of(port, h.company)));
    row += fmt::format(R"(,"object":{{"type":"{}","key":{},"container":{},"release":{}}})", function.object,
                       json_text(key), json_text(b.number), json_text(b.release));
    if (look) row += fmt::format(R"(,"task":{})", json_text(listed ? fmt::format("JB{:07}", ++jobs_) : ""));
    if (passed)
      row += fmt::format(R"(,"change":{{"before":{},"after":{}}})", json_text(code_of(port, h.company)),
                         json_text(code_of(port, h.other)));
    if (dated)
      row += fmt::format(R"(,"change":{{"before":{},"after":{}}},"plate":{})", json_text(window_text(h.due_before)),
                         json_text(window_text(h.due)),
                         json_text(h.vehicle == kNone ? "" : port.vehicles[h.vehicle].plate));
    file_.add(h.at, at, row + "}\n");
  }

  DailyFile file_;
  std::uint64_t entries_ = 0, jobs_ = 0;
};

}  // namespace

std::unique_ptr<System> community_audit(const Deliver& deliver, Timestamp first) {
  return std::make_unique<CommunityAudit>(deliver, first);
}

}  // namespace quaywatch::sim
