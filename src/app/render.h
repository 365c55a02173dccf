// Alerts and findings for people (table) and programs (JSON lines). Field names of the JSON are stable:
// docs/reference/alerts.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/site.h"
#include "ingest/intake.h"
#include "live/rows.h"
#include "pipeline/detection.h"

namespace quaywatch::app {

// `held_group`: the name of the group whose budget holds it; empty: shown.
std::string alert_json(const pipeline::Alert& alert, const std::vector<ingest::FileAccount>& files,
                       const Display& display, std::string_view held_group = {});
std::string alert_text(const pipeline::Alert& alert, const std::vector<ingest::FileAccount>& files,
                       const Display& display);
// One line: when, about whom, the facts.
std::string alert_line(const pipeline::Alert& alert, const Display& display);

std::string_view level_text(rules::Level level);  // "HIGH"
std::string files_text(std::uint64_t n);
std::string events_text(std::uint64_t n);

// The account of a run: files, bytes by fate, rejects by reason, findings by code.
// What the journal holds, when a run read it instead of files.
std::string log_text(const std::vector<ingest::FileAccount>& files);
std::string intake_text(const std::vector<ingest::FileAccount>& files);
// Rules that could not be judged, why and how often; empty when all could.
std::string not_evaluated_text(const std::vector<pipeline::NotEvaluated>& rows);
// Rules on staff data that were off, and how to turn them on; empty when none was.
std::string off_text(const pipeline::Detection& detection);

using live::sentence;

// "path/to/file" of an event's record; empty when the run does not know it.
std::string file_of(const Event& event, const std::vector<ingest::FileAccount>& files);

}  // namespace quaywatch::app
