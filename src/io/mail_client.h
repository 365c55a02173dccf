// Hands one mail to a relay by SMTP (RFC 5321), after STARTTLS (RFC 3207) where that is wanted. The relay answers for
// what follows. No authentication: the relay knows this machine. Thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace quaywatch::io {

struct Mail {
  std::string relay_host;
  std::uint16_t relay_port = 25;
  bool needs_tls = false;  // without STARTTLS nothing is sent
  std::string ca_file;     // PEM; empty: the system's authorities
  std::string from, to;    // addresses alone, without name or angle brackets
  std::string content;     // header and body, lines end with LF or CR LF
};

// local@domain in printable ASCII: what may stand between the angle brackets of an SMTP command.
bool is_mail_address(std::string_view text);
// Done: the relay has taken it (reply 250 to the end of DATA).
Result<void> send_mail(const Mail& mail, Duration at_most);

}  // namespace quaywatch::io
