// Order and identity of happenings under clock error (DESIGN sections 5 and 6a). Pure.
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "base/truth.h"
#include "model/event.h"

namespace quaywatch::timeline {

// "a happened before b": yes or no only when the error intervals do not touch, else unknown. The one order relation of
// every order fact.
Truth before(const Event& a, const Event& b);

// How far two clock errors together are followed: twice the repeated hour of autumn.
inline constexpr Duration kErrorReach = hours(2);

// Of two records that say one thing, as two cancellations do: is `a` the surer to lie before whatever comes later?
bool is_surer(const Event& a, const Event& b);

// Two reports of one happening: same type and facility from different feeds, within the catalogue's same_within widened
// by both errors; or from one feed at the same instant (a record sent again). A plan reports no happening. The subject
// is the caller's.
bool same_occurrence(const Event& a, const Event& b);

// What brings a container into a facility, by sea or land, and what takes it out.
constexpr bool is_entry(EventType t) {
  return t == EventType::container_discharged || t == EventType::container_gate_in;
}
constexpr bool is_exit(EventType t) { return t == EventType::container_loaded || t == EventType::container_gate_out; }

// Records made with the box in sight. Orders, releases and look-ups say nothing about the box itself.
constexpr bool is_about_the_box(EventType t) {
  using enum EventType;
  return is_entry(t) || is_exit(t) || t == container_stowed || t == container_moved || t == container_sealed ||
         t == container_inspected || t == container_weighed;
}

// Appends to a list that keeps the latest `most` (> 0).
template <typename T>
void keep_latest(std::vector<T>& list, T value, std::size_t most) {
  if (list.size() == most) list.erase(list.begin());
  list.push_back(std::move(value));
}

// Facilities as stated: the same, or one of them is the whole site of the other ("SIKOP" of "SIKOP/KTV") or not stated.
bool may_be_same_place(std::string_view a, std::string_view b);

}  // namespace quaywatch::timeline
