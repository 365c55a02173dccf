// Import manifests, one file per call when its list is closed, semicolons and local time; now and then a second file
// that changes one box.
#include <fmt/format.h>

#include <vector>

#include "sim/calendar.h"
#include "sim/commodities.h"
#include "sim/exports.h"
#include "sim/papers.h"
#include "sim/systems.h"

namespace quaywatch::sim {
namespace {

constexpr std::string_view kHeader =
    "manifest;version;lodged;vessel;imo;voyage;load_port;bill;container;type;full;seals;hs;goods;packages;gross_kg;"
    "shipper;shipper_name;consignee;notify\r\n";

class ManifestSystem final : public System {
 public:
  ManifestSystem(const Deliver& deliver, Timestamp) : deliver_(deliver) {}

  void see(const World& world, const Happening& h) override {
    if (h.act != Act::call_listed) return;
    const Call& call = world.call(h.call);
    std::string text(kHeader);
    for (const Index box : call.discharge) text += row(world, call, box, h.at, 1, 0);
    deliver_(fmt::format("feeds/manifests/manifest_{}_1.csv", call.number), text, h.at);
    Random random = world.stream("manifest", h.call);
    if (call.discharge.empty() || !random.chance(world.figures().value("dirt.one_box_correction_share"))) return;
    const Timestamp at = h.at + minutes(random.between(30, 1'500));
    const auto more_kg = static_cast<std::int32_t>(random.between(2, 30)) * 50;
    changes_.push_back({at, fmt::format("feeds/manifests/manifest_{}_2.csv", call.number),
                        std::string(kHeader) + row(world, call, random.pick(call.discharge), at, 2, more_kg)});
  }
  void tick(const World&, Timestamp now) override {
    std::vector<Change> later;
    for (Change& change : changes_) {
      if (change.at <= now)
        deliver_(change.path, change.bytes, now);
      else
        later.push_back(std::move(change));
    }
    changes_ = std::move(later);
  }
  void close(const World&, Timestamp) override {}

 private:
  struct Change {
    Timestamp at;
    std::string path, bytes;
  };
  static std::string row(const World& world, const Call& call, Index box, Timestamp at, int version, int more_kg) {
    const Box& b = world.box(box);
    const auto& figures = world.figures();
    const std::string head =
        fmt::format("M-{};{};{};{};{};{};{}", call.number, version, dotted(local_time(at)), csv_field(call.vessel, ';'),
                    call.imo, call.voyage_in, figures.shares("box.origin").names[b.origin]);
    if (!b.full)
      return fmt::format("{};;{};{};E;;;EMPTY;0;{};;;;\r\n", head, b.number, b.size_type, b.declared_kg + more_kg);
    const std::string& hs = figures.shares("box.commodity").names[b.commodity];
    const Shipper shipper = shipper_of(world, b);
    const auto& companies = world.port().companies;
    return fmt::format("{};{};{};{};F;{};{};{};{};{};{};{};{};{}\r\n", head, b.bill, b.number, b.size_type,
                       b.second_seal.empty() ? b.seal : b.seal + "/" + b.second_seal, hs, goods_text(hs),
                       packages_of(world, b), b.declared_kg + more_kg, shipper.code, shipper.name,
                       companies[b.trader].code, companies[b.forwarder].code);
  }
  const Deliver& deliver_;
  std::vector<Change> changes_;
};

}  // namespace

std::unique_ptr<System> manifest_system(const Deliver& deliver, Timestamp first) {
  return std::make_unique<ManifestSystem>(deliver, first);
}

}  // namespace quaywatch::sim
