// Work orders of one container, and which of them covers a move. The best match is the order that the move itself
// names, else the latest whose destination agrees, else the latest at all; how good the match is, is the rule's to say.
// Pure.
#pragma once

#include <vector>

#include "base/truth.h"
#include "timeline/facts.h"

namespace quaywatch::timeline {

class OrderTrack {
 public:
  static constexpr FieldId kFacts[] = {FieldId::move_ordered, FieldId::move_order_ref,
                                      FieldId::move_ordered_minutes_ago, FieldId::move_order_equipment_matches,
                                      FieldId::move_order_destination_matches};
  static constexpr bool kAppliesUncertain = true;  // an order may lie before the move, though its clock says behind it
  static constexpr bool is_asked(EventType type) {
    return type == EventType::container_moved;
  }
  static constexpr bool is_about(EventType type) {
    return type == EventType::order_issued || type == EventType::order_cancelled;
  }
  void apply(const EventPtr& event);
  void facts(const Event& event, const Coverage& coverage, Facts& out) const;
  // Does an order that stood before the move name it, or send the box where it went?
  Truth covers(const Event& move) const;

 private:
  struct Order {
    EventPtr issued;
    EventPtr cancelled;  // null: stands. Whether that was before a move is for the move's clock to say
  };
  static Truth stands(const Order& order, const Event& move);
  const EventPtr* best_match(const Event& move, bool& order_unknown) const;

  std::vector<Order> orders_;  // by place; the latest kMaxOrders
};

}  // namespace quaywatch::timeline
