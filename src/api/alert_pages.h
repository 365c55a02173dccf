// Alerts with what people made of them, as one reader's JSON; and the queue's filters and order.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "api/context.h"
#include "api/parameters.h"

namespace quaywatch::api {

// Whose eyes, and whose decisions: those of the own organisation.
struct Eyes {
  const identity::Reader& reader;
  const std::string& organisation_id;
};
inline Eyes eyes(const Call& call) { return {call.reader, call.organisation.id}; }

nlohmann::ordered_json alert_summary(const Context& context, const Eyes& eyes, const live::AlertRow& alert);
nlohmann::ordered_json alert_detail(const Context& context, const Eyes& eyes, const live::AlertRow& alert);
// nullptr: there is none, or the reader may not know.
live::AlertRowPtr find_alert(const Context& context, const identity::Reader& reader, const std::string& alert_id);
cases::Triage triage_of(const Context& context, const std::string& organisation_id, const std::string& alert_id);

// A page of the queue; `in` tells what is wrong with the query.
nlohmann::ordered_json alert_page(const Context& context, const Eyes& eyes, Reading& in);

}  // namespace quaywatch::api
