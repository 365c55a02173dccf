// The roster of the terminal: who is planned, who comes instead, who stays longer. A week is decided whole when its
// plan is published, as boxes are (docs/decisions/0008); what the roster system is told of it comes later, or late.
#pragma once

#include "sim/world.h"

namespace quaywatch::sim {

// Publishes the week that begins on the local Monday of `monday`, with the changes that will be told of it.
void plan_week(World& world, Timestamp monday);
// The local midnight on which the week of `at` began.
Timestamp monday_of(Timestamp at);
// Not at night: what would be, is done in the afternoon before.
Timestamp by_day(Timestamp at);
// What the personnel office prints for a duty and its number.
std::string duty_text(Index duty);

// The way of a person through the doors of one duty, with the sessions of the account (people.cpp).
void plan_passages(World& world, Index duty, std::uint32_t desk);
// Visitors and contractors of the day that begins (visits.cpp).
void plan_visits(World& world, Timestamp midnight);
// A contractor at a device, from the notice to the exit; returns the number of the order (visits.cpp).
std::string plan_device_work(World& world, const Device& device, Timestamp from, Timestamp until);

// Passages of one person, each at a reader of a zone: refused at times, behind somebody at times.
class Walk {
 public:
  Walk(World& world, Index person, std::string_view purpose, std::uint64_t number)
      : world_(world), person_(person), random_(world.stream(purpose, number)) {}
  void pass(Timestamp at, std::string_view zone, bool in);
  void stay(Timestamp from, Timestamp until, std::string_view zone);  // in and out
  Random& random() { return random_; }

 private:
  World& world_;
  Index person_;
  Random random_;
};

}  // namespace quaywatch::sim
