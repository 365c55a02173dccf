// An alert as `detect --format jsonl` printed it, read back: what it claims and on what evidence.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/result.h"
#include "pipeline/alert.h"

namespace quaywatch::app {

// The lines of the file, or the one that "FILE:LINE" names; an error names line and reason.
Result<std::vector<nlohmann::ordered_json>> read_stated_alerts(const std::string& path);

// Ids of the events that the alert cites.
std::vector<EventId> cited_events(const nlohmann::ordered_json& alert);

// The evidence, its events looked up; an error names the first that is missing or malformed.
Result<std::vector<pipeline::Evidence>> evidence_of(const nlohmann::ordered_json& alert,
                                                    const std::function<EventPtr(const EventId&)>& find);

// What `again` says otherwise than `stated`, one sentence each; nothing: the same alert.
std::vector<std::string> differences(const nlohmann::ordered_json& stated, const nlohmann::ordered_json& again);

}  // namespace quaywatch::app
