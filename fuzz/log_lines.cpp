// One log line in every form that log records have: syslog, CEF, pairs.
#include "codec/cef.h"
#include "codec/syslog.h"
#include "fuzz/fuzz.h"

namespace {

using namespace quaywatch::codec;
using quaywatch::fuzz::require;

void check(const std::optional<LogRefusal>& refusal, std::size_t size) {
  require(!refusal || (!refusal->reason.empty() && refusal->offset <= size && !refusal->message.empty()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = quaywatch::fuzz::text_of(data, size);
  SyslogMessage message;
  check(read_syslog(text, message), size);

  LogPairs pairs;
  for (const char separator : {' ', ';', '\t'}) check(read_log_pairs(text, separator, pairs), size);

  const std::size_t at = find_cef(text);
  if (at == std::string_view::npos) return 0;
  require(at < size);
  CefRecord record;
  check(read_cef(text.substr(at), record), size - at);
  for (const LogPair& pair : record.extension.pairs) record.label(pair.key);
  return 0;
}
