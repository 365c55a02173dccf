// Routes: the table of every operation: method, path, who may use it. The same as api/openapi.yaml says
// (routes_test.cpp). `answer` is the way of every request: find the route, the session, the right, the CSRF token, then
// the operation. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "api/context.h"

namespace quaywatch::api {

// Who may use an operation: roles as bits, and two that are no roles.
enum Access : std::uint8_t {
  kAdministrator = 1 << static_cast<int>(identity::Role::administrator),
  kOfficer = 1 << static_cast<int>(identity::Role::officer),
  kViewer = 1 << static_cast<int>(identity::Role::viewer),
  kAuditor = 1 << static_cast<int>(identity::Role::auditor),
  kFeeder = 1 << static_cast<int>(identity::Role::feeder),
  kGate = 1 << static_cast<int>(identity::Role::gate),
  kAnyone = 1 << 6,    // without a session
  kLoopback = 1 << 7,  // without a session: from this machine itself, or with the token for it
};
inline constexpr std::uint8_t kEverybody = kAdministrator | kOfficer | kViewer | kAuditor | kFeeder | kGate;
inline constexpr std::uint8_t kReaders = kOfficer | kViewer;

// large: json, of more than limits::kHttpBodyBytes.
enum class Body : std::uint8_t { none, json, large, events, file };
// What must be behind the user: nothing but signing in, a password of his own, or also the second factor that the site
// demands of him.
enum class After : std::uint8_t { sign_in, password, second_factor };

using Operation = io::HttpResponse (*)(Context&, const Call&);
struct Route {
  std::string_view operation;  // operationId
  std::string_view method, path;  // {name} is a parameter
  std::uint8_t access = 0;
  Body body = Body::none;
  Operation run = nullptr;
  After after = After::second_factor;

  bool needs_csrf() const { return method != "GET" && (access & kAnyone) == 0; }
};

std::span<const Route> routes();

io::HttpResponse answer(Context& context, const io::HttpRequest& request, Timestamp now,
                        std::shared_ptr<Upload> upload = {});
// Of a request whose headers are known: who takes its body while it comes, or why nobody does. What allows it is asked
// again when the body is whole. nullopt: the request goes to `answer` with its body.
std::optional<io::HttpReception> receive(Context& context, const io::HttpRequest& request, Timestamp now);
// Of the body of a request whose headers are known.
std::size_t body_limit(const io::HttpRequest& request);
// Whether this path is an operation's, not a file of the console.
bool is_of_interface(std::string_view path);

}  // namespace quaywatch::api
