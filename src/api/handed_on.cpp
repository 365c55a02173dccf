#include "api/handed_on.h"

#include "api/answer.h"
#include "api/case_pages.h"

namespace quaywatch::api {

using cases::Case;

std::optional<HandedOn> handed_on(const Context& context, const identity::Reader& reader,
                                  const std::string& organisation_id, const cases::CaseBook& book, const Case& c) {
  const cases::Hop* hop = cases::handed_on_by(c.hops, c.holder, organisation_id);
  if (hop == nullptr || !hop->knew.contains(reader.user_id)) return std::nullopt;
  const Case& end = book.end_of(c);
  if (is_about(context, reader, c) || is_about(context, reader, end)) return std::nullopt;
  HandedOn out;
  out.case_id = c.id;
  out.title = c.title;
  out.to = hop->to;
  out.at = out.changed_at = *hop->answered_at;
  out.may_open = is_let_in(context, reader, c);
  const cases::Step* step = cases::closing(end);
  if (step == nullptr) return out;
  out.closed_at = out.changed_at = step->at;
  out.outcome_group = cases::group_of(step->outcome);
  // Of a case that went into another the sentence may be for others.
  if (&end == &c) out.feedback = step->feedback;
  return out;
}

nlohmann::ordered_json handed_on_json(const Context& context, const HandedOn& known) {
  nlohmann::ordered_json j{{"case_id", known.case_id}, {"title", known.title}};
  j["to"] = desk_json(context, known.to);
  j["at"] = format_rfc3339(known.at);
  j["may_open"] = known.may_open;
  j["closed_at"] = time_or_null(known.closed_at);
  if (known.closed_at) j["outcome_group"] = known.outcome_group;
  if (!known.feedback.empty()) j["feedback"] = known.feedback;
  return j;
}

}  // namespace quaywatch::api
