#include "api/answer.h"

#include <nlohmann/json.hpp>

#include "api/parameters.h"

namespace quaywatch::api {
namespace {

using nlohmann::ordered_json;

std::string_view title(int status) {
  switch (status) {
    case 400:
      return "The request cannot be used";
    case 401:
      return "Not signed in";
    case 403:
      return "Not allowed";
    case 404:
      return "Not found";
    case 405:
      return "Not a method of this address";
    case 409:
      return "Not possible as things stand";
    case 410:
      return "Not there any more";
    case 413:
      return "Too large";
    case 415:
      return "Not a type of body that is taken here";
    case 429:
      return "Too many requests";
    case 431:
      return "The headers are too large";
    case 503:
      return "Not now";
    default:
      return "The server failed";
  }
}

// Scripts and styles from here alone, no frames: what a feed smuggles into a text can do nothing.
// The reason may name files.
constexpr std::string_view kNotRecorded =
    "nothing was recorded: the server has no free space on its disk, the disk fails, or it is being stopped. Send it "
    "again later; who runs the server finds the reason in its log";
constexpr std::string_view kContentPolicy =
    "default-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'";

}  // namespace

io::HttpResponse json_answer(const ordered_json& body, int status) {
  return json_text_answer(dump(body), status);
}

io::HttpResponse json_text_answer(std::string body, int status) {
  io::HttpResponse answer;
  answer.status = status;
  answer.content_type = "application/json";
  answer.headers.emplace_back("Cache-Control", "no-store");
  answer.body = std::move(body);
  return answer;
}

std::string dump(const ordered_json& body) {
  return body.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

io::HttpResponse problem(int status, std::string_view code, std::string_view detail, std::string_view field) {
  ordered_json body{{"type", "about:blank"}, {"title", title(status)}, {"status", status}, {"code", code},
                    {"detail", detail}};
  if (!field.empty()) body["field"] = field;
  io::HttpResponse answer = json_answer(body, status);
  answer.content_type = "application/problem+json";
  return answer;
}

io::HttpResponse invalid(const Reading& in) {
  return problem(400, "invalid", in.why(), in.field());
}

io::HttpResponse problem(const Error& error) {
  switch (error.code) {
    case ErrorCode::not_found:
      return problem(404, "not_found", error.message, error.context);
    case ErrorCode::invalid_argument:
    case ErrorCode::malformed:
    case ErrorCode::unsupported:
      return problem(400, "invalid", error.message, error.context);
    case ErrorCode::limit_exceeded:
      return problem(413, "too_large", error.message, error.context);
    case ErrorCode::io_failure: {
      io::HttpResponse out = problem(503, "journal_full", kNotRecorded);
      out.reason = error.message;
      return out;
    }
    case ErrorCode::unreadable:
    case ErrorCode::corrupt:
      break;
  }
  return problem(500, "internal", error.message);
}

io::HttpResponse refusal(int status, bool is_secure) {
  io::HttpResponse answer =
      status == 413   ? problem(413, "too_large", "the body is larger than this address takes; send it in parts")
      : status == 431 ? problem(431, "too_large", "the headers are larger than 16 KiB")
                      : problem(400, "invalid", "this is not HTTP/1.1 as RFC 9112 writes it");
  harden(answer, is_secure);
  return answer;
}

void harden(io::HttpResponse& answer, bool is_secure) {
  const auto add = [&](const char* name, std::string_view value) { answer.headers.emplace_back(name, value); };
  add("X-Content-Type-Options", "nosniff");
  add("Referrer-Policy", "no-referrer");
  add("Content-Security-Policy", kContentPolicy);
  add("Cross-Origin-Opener-Policy", "same-origin");
  add("Cross-Origin-Resource-Policy", "same-origin");
  if (is_secure) add("Strict-Transport-Security", "max-age=31536000");
}

}  // namespace quaywatch::api
