// Hands one text to a printer by the Internet Printing Protocol: Print-Job of IPP/1.1 (RFC 8010, RFC 8011 section
// 4.2.1), which every network printer with IPP and every CUPS queue takes. Thread-safe.
#pragma once

#include <string>

#include "base/result.h"
#include "base/time.h"
#include "io/http_client.h"

namespace quaywatch::io {

struct PrintJob {
  WebAddress printer;   // as of parse_printer_address
  std::string ca_file;  // PEM; empty: the system's authorities
  std::string name;     // shown in the queue, to whoever looks there; at most 255 bytes
  std::string text;     // UTF-8; lines end with CR LF
};

// Done: the printer has taken the job. That paper came out it does not say.
Result<void> print_text(const PrintJob& job, Duration at_most);

}  // namespace quaywatch::io
