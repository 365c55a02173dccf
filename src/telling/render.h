// A message in the forms in which it leaves: CloudEvents 1.0 (JSON event format, structured mode), signed after the
// Standard Webhooks specification 1.0.0; mail (RFC 5322); a sheet of paper; syslog (RFC 5424) in words or as
// CEF. Pure; thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "telling/configuration.h"
#include "telling/notice.h"
#include "telling/parcel.h"

namespace quaywatch::telling {

// Where it is in the console: the alert, or of several the queue; of requests the page that lists them. Empty: the
// configuration names no console.
std::string link(const std::string& console, const Message& message);

std::string cloud_event(const Message& message, const std::string& console);
// Of a body: its type, webhook-id, webhook-timestamp and, with a secret, webhook-signature. A secret that begins with
// whsec_ is base64.
std::vector<std::pair<std::string, std::string>> webhook_headers(std::string_view id, std::string_view content_type,
                                                                 std::string_view secret, Timestamp now,
                                                                 std::string_view body);
// Header and body. Files of a parcel arrive byte by byte as they are.
std::string mail_text(const Message& message, const std::string& console, const std::string& from,
                      const std::string& to, Language language);
std::string mail_text(const Parcel& parcel, const std::string& from, const std::string& to, Timestamp now);
// Lines of at most 76 characters that end with CR LF.
std::string paper_text(const Message& message, const std::string& console, Language language);
std::string syslog_line(const Message& message, const std::string& console, SyslogForm form);

}  // namespace quaywatch::telling
