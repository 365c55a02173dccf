// Answers: JSON, or a problem object (RFC 9457) with a stable word and a sentence. Pure; thread-safe.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "base/result.h"
#include "io/http_server.h"

namespace quaywatch::api {

class Reading;

io::HttpResponse json_answer(const nlohmann::ordered_json& body, int status = 200);
io::HttpResponse json_text_answer(std::string body, int status = 200);
// On one line; what is not UTF-8 is replaced.
std::string dump(const nlohmann::ordered_json& body);
// `code` is one of those that the schema Problem lists.
io::HttpResponse problem(int status, std::string_view code, std::string_view detail, std::string_view field = {});
// What a request says wrongly.
io::HttpResponse invalid(const Reading& in);
// not_found 404; invalid_argument and malformed 400; limit_exceeded 413; what the disk refuses 503.
io::HttpResponse problem(const Error& error);
// What the server itself refuses, before there is a request.
io::HttpResponse refusal(int status, bool is_secure);
// Headers that every answer carries.
void harden(io::HttpResponse& answer, bool is_secure);

}  // namespace quaywatch::api
