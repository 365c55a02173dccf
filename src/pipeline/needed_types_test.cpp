#include "pipeline/needed_types.h"

#include <gtest/gtest.h>

namespace quaywatch::pipeline {
namespace {

using Names = std::vector<std::string>;

constexpr std::string_view kRule = R"(title: Box leaves without an order
id: 00000000-0000-4000-8000-000000000001
status: experimental
logsource: {product: port, category: container}
detection:
  leaves: {event.type: [container.gate_out, container.loaded]}
  unordered: {move.ordered: false}
  condition: leaves and unordered
falsepositives: [A mistake.]
level: low
quaywatch:
  direction: [inbound]
  requires: [container.sealed]
  group_by: [container.number]
  subjects: {about: [container.number]}
  actions: [Look at it.]
  legal: {purpose: none, not_for: anything}
)";

TEST(NeededTypes, AreThoseOfTheRuleOfWhatItRequiresAndOfItsFacts) {
  const auto loaded = rules::Pack::load({{"order/rule.yml", std::string(kRule)}});
  ASSERT_EQ(loaded.pack.rules().size(), 1u);
  const Names needed = {"container.loaded|container.gate_out", "container.sealed", "order.issued"};
  EXPECT_EQ(needed_types(loaded.pack, 0), needed);
}

TEST(NeededTypes, OfSeveralOneIsEnough) {
  const Names needed = {"container.gate_out|container.loaded", "order.issued"};
  EXPECT_EQ(lacking(needed, {"container.loaded"}), Names{"order.issued"});
  EXPECT_EQ(lacking(needed, {"container.moved"}), needed);
  EXPECT_EQ(lacking(needed, {"container.gate_out", "order.issued"}), Names{});
}

}  // namespace
}  // namespace quaywatch::pipeline
