// Requests of data subjects as one reader's JSON, and who may know of them: those of the own organisation, but for whom
// a request is about.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "api/context.h"

namespace quaywatch::api {

// operationId of api/openapi.yaml
std::string_view operation_of(legal::RequestAction action);

bool may_see(const identity::Reader& reader, const std::string& organisation_id, const legal::SubjectRequest& request);
// A copy: the book goes on. nullopt: there is none, or the reader may not know.
std::optional<legal::SubjectRequest> find_subject_request(const Context& context, const identity::Reader& reader,
                                                          const std::string& organisation_id, const std::string& id);
nlohmann::ordered_json subject_request_json(const Context& context, const Call& call,
                                            const legal::SubjectRequest& request);
// What a timeline says of its subject: corrections that were asked for, oldest first.
nlohmann::ordered_json subject_notes_json(const Context& context, const std::string& organisation_id,
                                          std::string_view pseudonym);

}  // namespace quaywatch::api
