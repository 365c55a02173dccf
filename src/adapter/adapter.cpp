#include "adapter/adapter.h"

#include <algorithm>

#include <fmt/format.h>

namespace quaywatch::adapter {

std::string_view name(SpanKind kind) {
  switch (kind) {
    case SpanKind::accepted: return "accepted";
    case SpanKind::rejected: return "rejected";
    case SpanKind::ignored: return "ignored";
  }
  return "rejected";
}

std::string_view name(Checked checked) {
  switch (checked) {
    case Checked::real_file: return "real file";
    case Checked::standard: return "standard";
    case Checked::secondary: return "secondary";
    case Checked::memory: return "memory";
  }
  return "memory";
}

void settle_clocks(Event& event, const Source& source, std::uint64_t offset, Sink& sink) {
  if (event.reported_at.us == 0) event.reported_at = event.event_time;
  if (event.received_at.us == 0)
    event.received_at = std::min(source.received_at, std::max(event.event_time, event.reported_at));
  // Plans, estimates and requests speak of the future by nature; only what is said to have happened cannot.
  if (event.classifier != Classifier::actual || event.event_time <= event.received_at) return;
  const Duration ahead = event.event_time - event.received_at;
  sink.finding({"future", "event_time", format_rfc3339(event.event_time), offset,
                fmt::format("{} is dated {} after it was taken in; placed at {} with that as its error",
                            info(event.type).name, format_timespan(seconds(ahead.whole_seconds())),
                            format_rfc3339(event.received_at))});
  event.time_error_s = std::max(event.time_error_s, ahead.whole_seconds());
  event.event_time = event.received_at;
}

}  // namespace quaywatch::adapter
