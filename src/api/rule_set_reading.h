// The documents of a set of rules in a request, and why a set cannot be used. Thread-safe.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "api/parameters.h"
#include "io/http_server.h"
#include "rules/rule.h"

namespace quaywatch::api {

// The member `files`; what is wrong with it is kept by `in`.
std::vector<rules::RuleFile> read_files(Reading& in, const nlohmann::json& body);
// With rule, place and reason; nullopt: it compiles.
std::optional<io::HttpResponse> refuse_unless_it_compiles(const std::vector<rules::RuleFile>& files);
// To whom a wall hides a rule that the set changes.
io::HttpResponse hidden_rules();

}  // namespace quaywatch::api
