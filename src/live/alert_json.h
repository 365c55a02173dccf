// Alerts and events as JSON, in the words of api/openapi.yaml and docs/reference/alerts.md. Pure; thread-safe.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "live/rows.h"

namespace quaywatch::live {

nlohmann::ordered_json summary_json(const AlertRow& alert);
// actions, facts, evidence and what is open; without the summary.
nlohmann::ordered_json detail_json(const AlertRow& alert);
// Of evidence that is a search: what was looked for or required, where and when, who answered, and what became of it. A
// search that nobody answered never reads as one that found nothing.
nlohmann::ordered_json search_json(const pipeline::Evidence& search);
nlohmann::ordered_json event_json(const EventRow& event);
nlohmann::ordered_json fields_json(const std::vector<ShownField>& fields);

}  // namespace quaywatch::live
