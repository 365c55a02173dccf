// Export declarations, lodged with customs by forwarders before the box is at the gate: commas, UTC. Where the
// forwarder knows, they say when the box was stuffed and under which seal; cars are listed by their identification
// numbers, and typed by hand.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

#include "sim/calendar.h"
#include "sim/commodities.h"
#include "sim/exports.h"
#include "sim/papers.h"
#include "sim/systems.h"

namespace quaywatch::sim {
namespace {

std::string utc(Timestamp at) { return dashed(to_civil_utc(at)); }

std::string company_text(const World& world, Index company) {
  return company == kNone ? "" : world.port().companies[company].code;
}

class ExportDeclarations final : public System {
 public:
  ExportDeclarations(const Deliver& deliver, Timestamp first)
      : file_(deliver, "feeds/customs/export_declarations_{day}.csv",
              "mrn,lodged_utc,container,booking,exporter,declarant,hs,goods,packages,gross_kg,value_eur,stuffed_utc,"
              "seal,destination,vins\n",
              4, first) {}

  void see(const World& world, const Happening& h) override {
    if (h.act == Act::sealed && h.company == world.box(h.box).trader) stuffed_[h.box] = h.at;
    if (h.act == Act::export_declared) declare(world, h);
    if (h.act == Act::gate_entered) stuffed_.erase(h.box);
  }
  void tick(const World&, Timestamp now) override { file_.tick(now); }
  void close(const World&, Timestamp until) override { file_.close(until); }

 private:
  void declare(const World& world, const Happening& h) {
    const Box& b = world.box(h.box);
    Random random = world.stream("export declaration", ++number_);
    const std::string vins = h.note.empty() ? typed(world, cars_of(world, b), random) : h.note;
    const auto& figures = world.figures();
    const std::string hs = vins.empty() ? figures.shares("box.commodity").names[b.commodity] : "870323";
    const auto stuffed = stuffed_.find(h.box);
    file_.add(h.at, fmt::format("{:02}ZZ{:014},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n",
                                local_time(h.at).year % 100, number_, utc(h.at), b.number, b.booking,
                                company_text(world, b.trader), company_text(world, h.company), hs,
                                csv_field(vins.empty() ? goods_text(hs) : "used cars", ','),
                                vins.empty() ? packages_of(world, b) : 1 + static_cast<std::int64_t>(vins.size() / 18),
                                b.declared_kg, random.between(20, 900) * 100,
                                stuffed == stuffed_.end() ? "" : utc(stuffed->second), h.seal,
                                figures.shares("box.destination").names[b.destination], vins));
  }
  static std::string typed(const World& world, std::vector<std::string> vins, Random& random) {
    for (std::string& vin : vins)
      if (random.chance(world.figures().value("dirt.typo_share"))) vin[4 + random.below(13)] = '7';
    return fmt::format("{}", fmt::join(vins, " "));
  }
  DailyFile file_;
  std::map<Index, Timestamp> stuffed_;
  std::uint64_t number_ = 0;
};

}  // namespace

std::unique_ptr<System> export_declarations(const Deliver& deliver, Timestamp first) {
  return std::make_unique<ExportDeclarations>(deliver, first);
}

}  // namespace quaywatch::sim
