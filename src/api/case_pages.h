// Cases as one reader's JSON: the alerts that he may see, and of what was written what is not behind a wall.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "api/context.h"

namespace quaywatch::api {

// Need to know: who opened it, has a task in it, was assigned it or let in; and whoever may answer its offer. Nobody
// of whom an alert of it is, whoever lets him in.
bool may_read(const Context& context, const Call& call, const cases::Case& c);
bool is_let_in(const Context& context, const identity::Reader& reader, const cases::Case& c);
bool is_about(const Context& context, const identity::Reader& reader, const cases::Case& c);
// Of whichever organisation.
bool is_case_about(const Context& context, const identity::Reader& reader, const std::string& id);
// Of a case that he may read.
bool may_read(const Context& context, const Call& call, const cases::CaseAttachment& a);
// In whosever book it stands: a case may have been handed over. nullopt: none, or the caller may not read it.
std::optional<cases::Case> find_case(const Context& context, const Call& call, const std::string& id);

// An organisation as others may know it.
nlohmann::ordered_json desk_json(const Context& context, const std::string& organisation_id);
nlohmann::ordered_json case_summary(const Context& context, const Call& call, const cases::Case& c);
nlohmann::ordered_json case_json(const Context& context, const Call& call, const cases::Case& c);

}  // namespace quaywatch::api
