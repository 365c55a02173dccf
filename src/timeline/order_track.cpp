#include "timeline/order_track.h"

#include <algorithm>

#include "timeline/occurrence.h"

namespace quaywatch::timeline {
namespace {

constexpr std::size_t kMaxOrders = 64;  // of one box; a box moves a dozen times a visit
// How far back an order must have been visible before "no order" can be concluded. Orders are issued minutes to a few
// hours ahead; an older one would be found anyway if it is on record.
constexpr Duration kOrderLead = hours(4);

// The order is the one that the move names, or sends the box where it went.
bool fits(const Event& order, const Event& move) {
  const std::string_view ref = move.text(FieldId::order_ref), to = order.text(FieldId::location_to);
  return (!ref.empty() && order.text(FieldId::order_ref) == ref) || to.empty() ||
         to == move.text(FieldId::location_to);
}

// An older order that does not fit says nothing when the orders of the hours before the move are not all here.
bool is_order_lost(const Event& move, const Coverage& coverage, Facts& out) {
  using enum FieldId;
  return !out.none_if_absent({move_order_destination_matches, move_ordered_minutes_ago, move_order_equipment_matches},
                             {{EventType::order_issued}, move.facility, move.event_time - kOrderLead, move.event_time},
                             coverage);
}

}  // namespace

void OrderTrack::apply(const EventPtr& event) {
  if (event->type == EventType::order_issued) {
    if (orders_.size() == kMaxOrders) orders_.erase(orders_.begin());
    orders_.push_back({event, nullptr});
  } else if (event->type == EventType::order_cancelled) {
    const std::string_view ref = event->text(FieldId::order_ref);
    for (Order& o : orders_)
      if (o.issued->text(FieldId::order_ref) == ref && (!o.cancelled || is_surer(*event, *o.cancelled)))
        o.cancelled = event;
  }
}

Truth OrderTrack::stands(const Order& order, const Event& move) {
  return both(before(*order.issued, move), order.cancelled ? !before(*order.cancelled, move) : Truth::yes);
}

const EventPtr* OrderTrack::best_match(const Event& move, bool& order_unknown) const {
  const std::string_view ref = move.text(FieldId::order_ref), to = move.text(FieldId::location_to);
  const EventPtr* best = nullptr;
  int best_rank = 0;
  for (const Order& o : orders_) {
    const Truth is_there = stands(o, move);
    order_unknown |= is_there == Truth::unknown;
    if (is_there != Truth::yes) continue;
    const bool named = !ref.empty() && o.issued->text(FieldId::order_ref) == ref;
    const int rank = named ? 3 : !to.empty() && o.issued->text(FieldId::location_to) == to ? 2 : 1;
    if (rank >= best_rank) {
      best_rank = rank;
      best = &o.issued;
    }
  }
  return best;
}

Truth OrderTrack::covers(const Event& move) const {
  bool order_unknown = false;
  const EventPtr* best = best_match(move, order_unknown);
  if (best != nullptr && fits(**best, move)) return Truth::yes;
  const bool is_open = order_unknown && std::any_of(orders_.begin(), orders_.end(), [&](const Order& o) {
    return fits(*o.issued, move) && stands(o, move) == Truth::unknown;
  });
  return is_open ? Truth::unknown : Truth::no;
}

void OrderTrack::facts(const Event& event, const Coverage& coverage, Facts& out) const {
  if (event.type != EventType::container_moved) return;
  using enum FieldId;
  bool order_unknown = false;
  const EventPtr* match = best_match(event, order_unknown);
  if (match == nullptr)
    for (const auto& [order, cancelled] : orders_) {
      if (event.event_time - order->event_time > kOrderLead) continue;
      out.cite(move_ordered, order);
      out.cite(move_ordered, cancelled);
    }
  if (match == nullptr && order_unknown) return out.unknown(move_ordered, UnknownCause::order);
  if (match == nullptr) {
    out.if_absent(move_ordered, false,
                  {{EventType::order_issued}, event.facility, event.event_time - kOrderLead, event.event_time},
                  coverage);
    return;
  }
  const EventPtr& order = *match;
  out.boolean(move_ordered, true, order);
  out.text(move_order_ref, order->text(order_ref), order);
  if (!fits(*order, event) && is_order_lost(event, coverage, out)) {
    for (const FieldId fact : {move_order_destination_matches, move_ordered_minutes_ago, move_order_equipment_matches})
      out.cite(fact, order);
    return;
  }
  out.minutes(move_ordered_minutes_ago, order, event.event_time);
  const auto agree = [&](FieldId fact, FieldId field) {
    const std::string_view a = order->text(field), b = event.text(field);
    if (!a.empty() && !b.empty()) out.boolean(fact, a == b, order);
  };
  agree(move_order_equipment_matches, equipment_id);
  agree(move_order_destination_matches, location_to);
}

}  // namespace quaywatch::timeline
