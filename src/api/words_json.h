// Users and organisations as JSON, in the words of api/openapi.yaml. Pure; thread-safe.
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "identity/words.h"

namespace quaywatch::api {

inline nlohmann::ordered_json role_names(const std::vector<identity::Role>& roles) {
  auto out = nlohmann::ordered_json::array();
  for (const identity::Role role : roles) out.push_back(identity::name(role));
  return out;
}

inline nlohmann::ordered_json organisation_json(const identity::Organisation& o) {
  return {{"id", o.id}, {"name", o.name}, {"kind", identity::name(o.kind)}, {"owners", o.owners}};
}

}  // namespace quaywatch::api
