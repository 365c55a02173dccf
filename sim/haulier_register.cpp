// The port's register of those who may announce collections, with their fleets: all of them on the first day, then
// what changed each day. A change states the whole entry anew under the next version, large fleets on several sheets.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "sim/calendar.h"
#include "sim/exports.h"
#include "sim/systems.h"

namespace quaywatch::sim {
namespace {

constexpr std::size_t kPlates = 50;  // on one sheet of an entry

class HaulierRegister final : public System {
 public:
  HaulierRegister(const Deliver& deliver, Timestamp first)
      : file_(deliver, "feeds/port/haulier_register_{day}.csv",
              "code;name;kind;state;sheet;version;registered_on;changed_at;plates\n", 4, first),
        first_(first) {}

  void see(const World& world, const Happening& h) override {
    if ((h.act != Act::party_registered && h.act != Act::party_changed) || h.company == kNone) return;
    begin(world);
    enter(world, h.company, h.at);
  }
  void tick(const World& world, Timestamp now) override {
    begin(world);
    file_.tick(now);
  }
  void close(const World&, Timestamp until) override { file_.close(until); }

 private:
  void begin(const World& world) {
    if (begun_) return;
    begun_ = true;
    for (Index company = 0; company < world.port().companies.size(); ++company)
      if (world.port().companies[company].registered < first_) enter(world, company, first_);
  }

  void enter(const World& world, Index company, Timestamp at) {
    const Company& c = world.port().companies[company];
    if (c.kind != CompanyKind::haulier && c.kind != CompanyKind::forwarder) return;
    std::vector<std::string_view> plates;
    for (const Index vehicle : c.vehicles) plates.push_back(world.port().vehicles[vehicle].plate);
    for (std::size_t sheet = 0; sheet == 0 || sheet * kPlates < plates.size(); ++sheet) {
      const std::size_t begin = sheet * kPlates, end = std::min(plates.size(), begin + kPlates);
      file_.add(at, fmt::format("{};{};{};ACTIVE;{};{};{};{};{}\n", c.code, c.name,
                                c.kind == CompanyKind::haulier ? "HAULIER" : "FORWARDER", sheet + 1,
                                ++versions_[{company, sheet}], dashed(local_time(c.registered)).substr(0, 10),
                                dashed(local_time(at)), fmt::join(plates.data() + begin, plates.data() + end, "/")));
    }
  }

  DailyFile file_;
  Timestamp first_;
  std::map<std::pair<Index, std::size_t>, int> versions_;
  bool begun_ = false;
};

}  // namespace

std::unique_ptr<System> haulier_register(const Deliver& deliver, Timestamp first) {
  return std::make_unique<HaulierRegister>(deliver, first);
}

}  // namespace quaywatch::sim
