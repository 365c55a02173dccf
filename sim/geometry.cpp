#include "sim/geometry.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sim/happening.h"
#include "sim/port.h"

namespace quaywatch::sim {
namespace {

constexpr double kLongitude = 13.0, kLatitude = 45.0;  // of the west end of the quay
constexpr double kMetresPerDegree = 111'320;           // along a meridian, near enough for a plan

struct Rectangle {  // metres: x along the quay, y inland
  double x = 0, y = 0, width = 0, depth = 0;
};

std::string position(double x, double y) {
  const double narrower = std::cos(kLatitude * std::numbers::pi / 180);
  return fmt::format("[{:.6f},{:.6f}]", kLongitude + x / (kMetresPerDegree * narrower),
                     kLatitude + y / kMetresPerDegree);
}
std::string area(const Rectangle& r) {
  const double right = r.x + r.width, top = r.y + r.depth;
  return fmt::format(R"({{"type":"Polygon","coordinates":[[{},{},{},{},{}]]}})", position(r.x, r.y),
                     position(right, r.y), position(right, top), position(r.x, top), position(r.x, r.y));
}
std::string point(double x, double y) {
  return fmt::format(R"({{"type":"Point","coordinates":{}}})", position(x, y));
}

class Plan {
 public:
  void add(std::string_view kind, std::string_view code, std::string_view name, const std::string& geometry,
           std::string_view more = "") {
    add_at(fmt::format("{}/{}", kPlace, kTerminal), kind, code, name, geometry, more);
  }
  void add_at(std::string_view facility, std::string_view kind, std::string_view code, std::string_view name,
              const std::string& geometry, std::string_view more = "") {
    if (!text_.empty()) text_ += ",\n";
    text_ += fmt::format(
        R"({{"type":"Feature","properties":{{"kind":"{}","code":"{}","name":"{}","facility":"{}"{}}},"geometry":{}}})",
        kind, code, name, facility, more, geometry);
  }
  std::string text() const { return fmt::format("{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}\n", text_); }

 private:
  std::string text_;
};

// Blocks in rows parallel to the quay.
struct Stacks {
  static constexpr double kWide = 120, kDeep = 40, kApart = 20, kApron = 90;
  std::uint32_t blocks = 0, columns = 1;
  double quay = 0;

  Stacks(const Size& size, double length)
      : blocks(size.yard_blocks),
        columns(std::max(1U, static_cast<std::uint32_t>(length / (kWide + kApart)))),
        quay(length) {}
  Rectangle all() const { return {0, kApron, quay, (blocks + columns - 1) / columns * (kDeep + kApart) + kApart}; }
  Rectangle block(std::uint32_t i) const {
    return {i % columns * (kWide + kApart) + kApart / 2, kApron + i / columns * (kDeep + kApart) + kApart / 2, kWide,
            kDeep};
  }
};

void add_blocks(Plan& plan, const Stacks& yard) {
  for (std::uint32_t i = 0; i < yard.blocks; ++i) {
    const Rectangle r = yard.block(i);
    const std::string code = slot_text({static_cast<std::uint16_t>(i + 1), 1, 1, 1}).substr(0, 3);
    plan.add("block", code, "Block " + code, area(r), fmt::format(R"(,"aliases":["BLOCK{:02}"])", i + 1));
    plan.add("camera", fmt::format("CAM{:03}", i + 1), "Camera of " + code, point(r.x, r.y), R"(,"owner":"terminal")");
  }
}

void add_berths(Plan& plan, const Size& size, double quay) {
  for (std::uint32_t berth = 1; berth <= size.berths; ++berth)
    plan.add("berth", fmt::format("{}-{}", kTerminal, berth), fmt::format("Berth {}", berth),
             fmt::format(R"({{"type":"LineString","coordinates":[{},{}]}})",
                         position((berth - 1) * quay / size.berths + 8, 0),
                         position(berth * quay / size.berths - 8, 0)));
}

}  // namespace

std::string port_geometry(const Size& size) {
  constexpr double kBerth = 300, kReefers = 70, kLane = 14;
  const double lanes = (size.gate_lanes + 1) * kLane;
  const double quay = std::max(size.berths * kBerth, lanes + 420), width = quay + kReefers + 20;
  const Stacks yard(size, quay);
  const Rectangle stacks = yard.all();
  const double back = stacks.y + stacks.depth + 20, fence = back + 125, road = fence + 70;
  const Rectangle port{-70, 0, width + 110, road};
  Plan plan;
  plan.add_at(kPlace, "ground", "", "Port area", area(port));
  plan.add_at(kPlace, "zone", "PORT", "Port", area(port));
  plan.add("zone", "TERMINAL", "Terminal", area({-25, 0, width + 25, fence}));
  plan.add("zone", "QUAY", "Quay", area({0, 0, quay, stacks.y - 10}));
  plan.add("zone", "YARD", "Yard", area(stacks));
  plan.add("zone", "REEFER", "Reefer racks", area({quay + 10, stacks.y, kReefers, stacks.depth}));
  plan.add("zone", "GATE", "Gate", area({0, back, lanes, 100}));
  double x = lanes + 20;
  for (const auto& [code, name] : {std::pair{"GATEHOUSE", "Gatehouse"}, {"OFFICE", "Offices"},
                                   {"SERVER", "Server room"}, {"CUSTOMS", "Customs"}}) {
    plan.add("zone", code, name, area({x, back + 20, 80, 60}));
    x += 100;
  }
  add_blocks(plan, yard);
  add_berths(plan, size, quay);
  for (std::uint32_t lane = 1; lane <= size.gate_lanes; ++lane)
    plan.add("gate", fmt::format("GP{:02}", lane), fmt::format("Lane {}", lane), point(lane * kLane, back + 70));
  plan.add_at(kPlace, "gate", "OG1", "Outer gate, in", point(60, road));
  plan.add_at(kPlace, "gate", "OG2", "Outer gate, out", point(90, road));
  return plan.text();
}

}  // namespace quaywatch::sim
