// Alerts and events as JSON, in the words of api/openapi.yaml and docs/reference/alerts.md. Pure; thread-safe.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "base/json_text.h"
#include "live/rows.h"

namespace quaywatch::live {

nlohmann::ordered_json summary_json(const AlertRow& alert);
// actions, facts, evidence and what is open; without the summary.
nlohmann::ordered_json detail_json(const AlertRow& alert);
nlohmann::ordered_json fields_json(const std::vector<ShownField>& fields);

// The members of an object that is open. Of evidence that is a search: what was looked for or required, where and when,
// who answered, and what became of it. A search that nobody answered never reads as one that found nothing.
void put_search(JsonText& out, const pipeline::Evidence& search);
void put_event(JsonText& out, const EventRow& event);
// An array.
void put_fields(JsonText& out, const std::vector<ShownField>& fields);

}  // namespace quaywatch::live
