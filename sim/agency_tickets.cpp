// The customer systems of the shipping agencies: one export each and day, the minute in local time. Container numbers
// are typed by hand, by some with blanks and a dash, and sometimes wrong.
#include <fmt/format.h>

#include <map>

#include "sim/calendar.h"
#include "sim/exports.h"
#include "sim/systems.h"

namespace quaywatch::sim {
namespace {

constexpr std::string_view kChannels[] = {"PHONE", "MAIL", "PORTAL", "CHAT"};

// As a person types it: one digit in the wrong place now and then.
std::string typed(const World& world, const std::string& number, Random& random) {
  std::string out = number;
  if (random.chance(world.figures().value("dirt.typo_share")) && out.size() == 11)
    std::swap(out[4 + random.below(5)], out[9]);
  if (random.chance(0.3) && out.size() == 11) out = out.substr(0, 4) + " " + out.substr(4, 6) + "-" + out.substr(10);
  return out;
}

class AgencyTickets final : public System {
 public:
  AgencyTickets(const Deliver& deliver, Timestamp first) : deliver_(deliver), first_(first) {}

  void see(const World& world, const Happening& h) override {
    const Port& port = world.port();
    if (h.act != Act::ticket_opened || h.company == kNone || port.companies[h.company].kind != CompanyKind::agent)
      return;
    open(world);
    Random random = world.stream("agency ticket", ++tickets_);
    const std::string minute = dotted(local_time(h.at)).substr(0, 16);
    const std::string box = h.box == kNone ? "" : typed(world, world.box(h.box).number, random);
    files_.at(h.company)
        .add(h.at, fmt::format("{};{};{};{};{};{}\r\n", h.ref, minute,
                               h.account == kNone ? "" : port.accounts[h.account].name, port.companies[h.company].code,
                               kChannels[random.below(4)], box));
  }
  void tick(const World& world, Timestamp now) override {
    open(world);
    for (auto& [agency, file] : files_) file.tick(now);
  }
  void close(const World&, Timestamp until) override {
    for (auto& [agency, file] : files_) file.close(until);
  }

 private:
  void open(const World& world) {
    for (const Index agency : world.port().of_kind[static_cast<std::size_t>(CompanyKind::agent)])
      files_.try_emplace(agency, deliver_,
                         fmt::format("feeds/agencies/tickets_{}_{{day}}.csv", world.port().companies[agency].code),
                         "ticket;opened_local;agent_user;agency;channel;container\r\n", 3, first_);
  }

  const Deliver& deliver_;
  Timestamp first_;
  std::map<Index, DailyFile> files_;
  std::uint64_t tickets_ = 0;
};

}  // namespace

std::unique_ptr<System> agency_tickets(const Deliver& deliver, Timestamp first) {
  return std::make_unique<AgencyTickets>(deliver, first);
}

}  // namespace quaywatch::sim
