// Hands one mail to a relay by SMTP (RFC 5321), over TLS where that is wanted: after STARTTLS (RFC 3207) or from the
// start (RFC 8314). With a user it signs in (RFC 4954), by PLAIN (RFC 4616) or else LOGIN, whichever the relay offers;
// a password goes out over TLS alone and stands in no Error. The relay answers for what follows. Thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace quaywatch::io {

// starttls, from_start: without it nothing is sent.
enum class MailTls : std::uint8_t { none, starttls, from_start };

struct MailRelay {
  std::string host;
  std::uint16_t port = 25;
  MailTls tls{};
  std::string ca_file;  // PEM; empty: the system's authorities
  std::string user, password;  // empty: the relay knows this machine
};

struct Mail {
  std::string from, to;  // addresses alone, without name or angle brackets
  std::string content;   // header and body, lines end with LF or CR LF
};

// local@domain in printable ASCII: what may stand between the angle brackets of an SMTP command.
bool is_mail_address(std::string_view text);
// Done: the relay has taken it (reply 250 to the end of DATA).
Result<void> send_mail(const MailRelay& relay, const Mail& mail, Duration at_most);

}  // namespace quaywatch::io
