// What was told of an alert and which holds were asked for, as one reader's JSON: what concerns the own organisation.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "api/alert_pages.h"

namespace quaywatch::api {

// Whom nothing was told because he may not know is not named: it would say whom the alert is about.
nlohmann::ordered_json telling_json(const Context& context, const Eyes& eyes, const live::AlertRow& alert);
nlohmann::ordered_json holds_json(const Context& context, const Eyes& eyes, const std::string& alert_id);

}  // namespace quaywatch::api
