// The interface as JSON: what api/openapi.yaml says, for clients and for the test that compares it with the routes.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/result.h"

namespace quaywatch::api {

// YAML 1.2 core schema, as far as the file uses it: plain scalars are null, true, false, integers or text.
Result<nlohmann::ordered_json> json_of_yaml(const std::string& yaml);
const nlohmann::ordered_json& interface();

}  // namespace quaywatch::api
