// The plan of the port: whatever its systems name has a place on it.
#include "sim/geometry.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "sim/port.h"
#include "sim/testing.h"

namespace quaywatch::sim {
namespace {

TEST(Geometry, NamesWhatTheSystemsName) {
  for (const std::string& name : shipped_figures().sizes()) {
    const Size& size = *shipped_figures().size(name);
    const std::string plan = port_geometry(size);
    EXPECT_EQ(plan, port_geometry(size));
    const auto has = [&](std::string_view what, std::string_view code) {
      return plan.find(fmt::format("\"{}\":\"{}\"", what, code)) != std::string::npos;
    };
    const Port port = make_port(shipped_figures(), size, 1, *parse_rfc3339("2026-10-20T00:00:00Z"));
    for (const Device& d : port.devices) {
      const bool is_alias = plan.find(fmt::format("\"aliases\":[\"{}\"]", d.zone)) != std::string::npos;
      EXPECT_TRUE(has("code", d.zone) || is_alias) << name << ": " << d.zone;
      const bool is_drawn = d.kind == DeviceKind::camera || d.kind == DeviceKind::gate_portal;
      EXPECT_TRUE(!is_drawn || has("code", d.id)) << name << ": " << d.id;
    }
    for (std::uint32_t berth = 1; berth <= size.berths; ++berth)
      EXPECT_TRUE(has("code", fmt::format("{}-{}", kTerminal, berth))) << name;
    const Slot last{static_cast<std::uint16_t>(size.yard_blocks), 1, 1, 1};
    EXPECT_TRUE(has("code", slot_text(last).substr(0, 3))) << name;
  }
}

}  // namespace
}  // namespace quaywatch::sim
