// An alert told again from its evidence alone (DESIGN section 2, "Every alert decomposes exactly"): only the cited
// events and the cited searches go into a fresh Detection. What it says then is what the evidence proves.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "pipeline/detection.h"

namespace quaywatch::pipeline {

// `pack` should hold the alert's rule alone, at the version that the alert states. Alerts point into the result.
std::unique_ptr<Detection> retell(rules::Pack pack, const std::vector<Evidence>& evidence);

// The standing alert of that id, if there is one.
std::optional<Alert> find_alert(const Detection& detection, const Id128& id);

}  // namespace quaywatch::pipeline
