// Syslog lines as they are: every line is log.recorded. What a program's text means is for a mapping file to say
// (adapters/mapped, format = "syslog" with [[event]] tables).
#include <fmt/format.h>

#include "adapter/format.h"
#include "adapter/log_record.h"
#include "base/text.h"

namespace quaywatch::adapters::syslog {
namespace {

void decode(std::string_view bytes, const adapter::Source& source, adapter::Sink& sink) {
  adapter::LogRecords records(source, "syslog", sink);
  codec::SyslogMessage message;
  records.each_line(bytes, [&](std::string_view text) {
    if (const auto refused = codec::read_syslog(text, message))
      return records.reject(refused->reason,
                            fmt::format("{} (byte {} of the line)", refused->message, refused->offset));
    if (message.time)
      if (const auto instant = records.instant(*message.time)) records.set_event_time(*instant);
    records.add_header(message);
    records.add_text(FieldId::log_message, message.message);
    records.accept(EventType::log_recorded);
  });
}

int recognises(std::string_view head) {
  codec::SyslogMessage message;
  const std::string_view line = head.substr(0, head.find('\n'));
  if (codec::read_syslog(line, message)) return 0;
  // A priority alone could be a tag of some markup; a time alone the first column of a report.
  return message.priority >= 0 ? (message.time || message.version > 0 ? 90 : 50) : message.app.empty() ? 30 : 60;
}

}  // namespace

extern const adapter::FormatAdapter kFormat;
const adapter::FormatAdapter kFormat{"syslog", recognises, decode};

}  // namespace quaywatch::adapters::syslog
