#include "telling/send.h"

#include <fmt/format.h>

#include <utility>

#include "base/limits_server.h"
#include "io/client_stream.h"
#include "io/http_client.h"
#include "io/mail_client.h"
#include "io/print_client.h"
#include "telling/render.h"

namespace quaywatch::telling {
namespace {

constexpr std::size_t kJobName = 64;  // of an id

Result<void> post(const Channel& channel, std::string_view id, std::string_view content_type, std::string body,
                  Timestamp now) {
  io::Posting posting{channel.url, {}, std::move(body), channel.ca_file};
  posting.headers = webhook_headers(id, content_type, channel.secret, now, posting.body);
  const auto status = io::http_post(posting, limits::kTellingTimeout);
  if (!status) return tl::unexpected(status.error());
  if (*status / 100 == 2) return {};
  return fail(ErrorCode::io_failure, fmt::format("the webhook answered {}", *status));
}

Result<void> mail(const Channel& channel, const std::string& to, std::string content) {
  return io::send_mail({channel.host, channel.port, channel.tls, channel.ca_file, channel.user, channel.secret},
                       {channel.from, to, std::move(content)}, limits::kTellingTimeout);
}

Result<void> log(const Channel& channel, const std::string& console, const Message& message) {
  const std::string line = syslog_line(message, console, channel.form);
  if (channel.transport == SyslogTransport::udp) return io::send_datagram(channel.host, channel.port, line);
  auto stream = io::ClientStream::connect(channel.host, channel.port, limits::kTellingTimeout);
  if (!stream) return tl::unexpected(stream.error());
  return stream->write(fmt::format("{} {}", line.size(), line));  // octet counting, RFC 6587 section 3.4.1
}

Result<void> print(const Channel& channel, const std::string& console, const Message& message) {
  // Whoever stands at the printer reads its queue: a name that tells nothing.
  return io::print_text({channel.url, channel.ca_file, "Quaywatch " + message.id.substr(0, kJobName),
                         paper_text(message, console, channel.language)},
                        limits::kTellingTimeout);
}

}  // namespace

Result<void> send(const Channel& channel, const std::string& console, const Message& message, Timestamp now) {
  const std::string& to = message.recipient.to.empty() ? channel.to : message.recipient.to;
  switch (channel.kind) {
    case ChannelKind::webhook:
      return post(channel, message.id, "application/cloudevents+json", cloud_event(message, console), now);
    case ChannelKind::smtp:
      return mail(channel, to, mail_text(message, console, channel.from, to, channel.language));
    case ChannelKind::syslog:
      return log(channel, console, message);
    case ChannelKind::printer:
      return print(channel, console, message);
  }
  return fail(ErrorCode::unsupported, "there is no such kind of channel");
}

Result<void> send_parcel(const Channel& channel, const std::string& to, const Parcel& parcel, Timestamp now) {
  const Document& first = parcel.documents.front();
  if (channel.kind == ChannelKind::webhook) return post(channel, parcel.id, first.content_type, first.bytes, now);
  if (channel.kind != ChannelKind::smtp) return fail(ErrorCode::unsupported, "such a channel takes no requests");
  const std::string& address = to.empty() ? channel.to : to;
  return mail(channel, address, mail_text(parcel, channel.from, address, now));
}

}  // namespace quaywatch::telling
