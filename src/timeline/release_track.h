// The right to collect under one release reference: who was given it, who passed it on, who used it. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/truth.h"
#include "timeline/facts.h"

namespace quaywatch::timeline {

class ReleaseTrack {
 public:
  struct Holding {
    std::string party;
    EventPtr since;
  };
  static constexpr bool is_about(EventType type) {
    return type == EventType::release_issued || type == EventType::release_replaced ||
           type == EventType::release_cancelled || type == EventType::release_transferred ||
           type == EventType::container_gate_out;
  }
  void apply(const EventPtr& event);
  // Facts about `event`, in which the company party.code acts on the box.
  void facts(const Event& event, const Coverage& coverage, Facts& out) const;
  // release.known alone; returns whether the right is in force.
  Truth known_fact(const Event& event, const Coverage& coverage, Facts& out) const;
  // In force at the event, and nobody has collected the box on it by then.
  Truth is_due_out(std::string_view box, const Event& event) const;
  bool ever_held(std::string_view party) const;
  const EventPtr& issued() const { return issued_; }  // null: none is known

  const std::vector<Holding>& chain() const { return chain_; }

 private:
  bool is_in_force() const { return issued_ && !cancelled_; }
  Truth is_in_force(const Event& event) const;
  void hold(std::string_view party, const EventPtr& since);
  void issue(const EventPtr& event);
  void holder_facts(const Event& event, Facts& out) const;
  void ever_held_fact(std::string_view party, const Event& event, const Search& transfer, const Coverage& coverage,
                      Facts& out) const;
  void party_facts(const Event& event, const Coverage& coverage, Facts& out) const;

  EventPtr issued_;  // first release.issued since the last cancellation, or replacement
  EventPtr cancelled_;
  bool was_in_force_ = false;   // before the last of these two
  std::vector<Holding> chain_;  // in order; the last holds the right
  std::vector<EventPtr> uses_;  // gate outs, one per box and occurrence; the latest kMaxUses
};

}  // namespace quaywatch::timeline
