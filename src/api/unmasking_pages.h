// Unmaskings as one reader's JSON, and what stands before them: only the own organisation, never whom the pseudonym or
// the alert is about, and nobody before whom a wall hides the alert. The clear value is not among it.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "api/context.h"

namespace quaywatch::api {

// operationId of api/openapi.yaml
std::string_view operation_of(identity::UnmaskingAction action);

bool may_see(const Context& context, const identity::Reader& reader, const std::string& organisation_id,
             const identity::Unmasking& unmasking);
// A copy: the book goes on. nullopt: there is none, or the reader may not know.
std::optional<identity::Unmasking> find_unmasking(const Context& context, const identity::Reader& reader,
                                                  const std::string& organisation_id, const std::string& id);

// What the caller can do with it now.
struct UnmaskingRights {
  bool decide = false, review = false, read = false;
};
UnmaskingRights rights_of(const Call& call, const identity::Unmasking& unmasking);

nlohmann::ordered_json unmasking_json(const Context& context, const Call& call, const identity::Unmasking& unmasking);

}  // namespace quaywatch::api
