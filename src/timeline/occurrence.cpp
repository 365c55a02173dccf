#include "timeline/occurrence.h"

#include <utility>

namespace quaywatch::timeline {

Truth before(const Event& a, const Event& b) {
  const Duration error_a = seconds(a.time_error_s), error_b = seconds(b.time_error_s);
  if (error_a.us == 0 && error_b.us == 0) return truth(place(a) < place(b));
  if (a.event_time + error_a < b.event_time - error_b) return Truth::yes;
  if (b.event_time + error_b < a.event_time - error_a) return Truth::no;
  return Truth::unknown;
}

bool is_surer(const Event& a, const Event& b) {
  const auto surely_past = [](const Event& e) {
    return std::pair(e.event_time + seconds(e.time_error_s), e.time_error_s);
  };
  return surely_past(a) < surely_past(b);
}

bool same_occurrence(const Event& a, const Event& b) {
  const std::int64_t within_s = info(a.type).same_within_s;
  if (within_s == 0 || a.type != b.type || a.facility != b.facility || a.classifier != b.classifier) return false;
  // One feed that names one instant twice has sent its record again, with a plate or a correction filled in.
  if (a.feed == b.feed) return a.event_time == b.event_time;
  const Duration apart = a.event_time < b.event_time ? b.event_time - a.event_time : a.event_time - b.event_time;
  return apart <= seconds(within_s + a.time_error_s + b.time_error_s);
}

bool may_be_same_place(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  return b.starts_with(a) && (a.empty() || a.size() == b.size() || b[a.size()] == '/');
}

}  // namespace quaywatch::timeline
