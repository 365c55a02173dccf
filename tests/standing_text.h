// What stands, in text: everything of an alert or of an open question that must not depend on how its inputs came.
// Two runs gave the same exactly when these texts are equal.
#pragma once

#include <fmt/format.h>

#include <string>

#include "pipeline/detection.h"

namespace quaywatch::tests {

inline std::string text_of(const pipeline::Evidence& e) {
  std::string out = e.event
                        ? fmt::format("  by {}", e.event->id.hex())
                        : fmt::format("  {} {} at '{}' from {} to {}", name(e.cover), info(e.searched).name, e.facility,
                                      format_rfc3339(e.from), format_rfc3339(e.until));
  for (const auto& feed : e.feeds)
    out += fmt::format(" {}@{} {}", feed.feed, feed.facility, format_rfc3339(feed.known_at));
  for (const FieldId f : e.facts) out += fmt::format(" {}", info(f).name);
  return out + '\n';
}

inline std::string text_of(const pipeline::Alert& a) {
  std::string out = fmt::format("{} {} {} from {} to {}, {} matches, knowable {}\n", a.id.hex(), name(a.status),
                                a.rule->title, format_rfc3339(a.event_time), format_rfc3339(a.last_event_time),
                                a.matches, format_rfc3339(a.knowable_at));
  for (const auto& f : a.facts) out += fmt::format("  fact {} = {}\n", info(f.field).name, f.text);
  for (const auto& s : a.subjects)
    out += fmt::format("  {} {} = {}\n", name(s.role), info(s.value.field).name, s.value.text);
  for (const FieldId f : a.missing_inputs) out += fmt::format("  open {}\n", info(f).name);
  if (a.exception) out += fmt::format("  covered by the exception '{}'\n", a.rule->exceptions[*a.exception].reason);
  for (const auto& e : a.evidence) out += text_of(e);
  return out;
}

inline std::string text_of(const pipeline::NotEvaluated& n) {
  return fmt::format("{} not evaluated on {} events: {}, first {}\n", n.rule->title, n.events, name(n.cause),
                     n.first ? n.first->id.hex() : "-");
}

// A revision as it was announced: what stands, and the history of its number.
inline std::string revision_text(const pipeline::Alert& a) {
  return fmt::format("revision {} superseded by {} {}", a.revision, a.superseded_by.hex(), text_of(a));
}

}  // namespace quaywatch::tests
