#include "live/trial.h"

namespace quaywatch::live {
namespace {

pipeline::Detection detection(rules::Pack pack, Interval interval, const pipeline::Detection::Permits& permits) {
  return pipeline::Detection(
      std::move(pack), [](const pipeline::Alert&) {},
      [interval](const Event& e) { return interval.holds(e.event_time); }, permits);
}

}  // namespace

Trial::Trial(rules::Pack before, rules::Pack now, Interval interval, const pipeline::Detection::Permits& permits)
    : before_(detection(std::move(before), interval, permits)),
      now_(detection(std::move(now), interval, permits)),
      judges_{{&before_, {}}, {&now_, {}}} {}

}  // namespace quaywatch::live
