#include "io/mail_client.h"

#include <fmt/format.h>

#include <algorithm>

#include "io/client_stream.h"

namespace quaywatch::io {
namespace {

constexpr std::size_t kReplyLine = 1024;  // RFC 5321 section 4.5.3.1.5: 512
constexpr int kReplyLines = 100;

// The last line of a reply (section 4.2): one without a dash behind its code.
Result<std::string> read_reply(ClientStream& stream) {
  for (int i = 0; i < kReplyLines; ++i) {
    auto line = stream.read_line(kReplyLine);
    if (!line || line->size() < 4 || (*line)[3] != '-') return line;
  }
  return fail(ErrorCode::malformed, "the relay's reply does not end");
}

// Sends the line and expects a reply whose code begins so.
Result<void> ask(ClientStream& stream, const std::string& line, char expected) {
  if (!line.empty())
    if (auto sent = stream.write(line + "\r\n"); !sent) return sent;
  const auto reply = read_reply(stream);
  if (!reply) return tl::unexpected(reply.error());
  if (reply->empty() || reply->front() != expected)
    return fail(ErrorCode::io_failure,
                fmt::format("the relay refuses {}: {}", line.substr(0, line.find_first_of(":<. ")), *reply));
  return {};
}

// Lines end with CR LF, and a dot that begins one is doubled (section 4.5.2).
std::string transparent(std::string_view content) {
  std::string out;
  for (std::size_t at = 0; at < content.size();) {
    const std::size_t end = std::min(content.find('\n', at), content.size());
    std::string_view line = content.substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with('.')) out += '.';
    out.append(line).append("\r\n");
    at = end + 1;
  }
  return out;
}

}  // namespace

bool is_mail_address(std::string_view text) {
  const std::size_t at = text.find('@');
  const auto is_allowed = [](char c) { return c > ' ' && c < 127 && c != '<' && c != '>' && c != ',' && c != ';'; };
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() && text.find('@', at + 1) == text.npos &&
         text.size() <= 254 && std::all_of(text.begin(), text.end(), is_allowed);
}

Result<void> send_mail(const Mail& mail, Duration at_most) {
  auto stream = ClientStream::connect(mail.relay_host, mail.relay_port, at_most);
  if (!stream) return tl::unexpected(stream.error());
  if (auto greeted = ask(*stream, "", '2'); !greeted) return greeted;
  const std::string hello = "EHLO [127.0.0.1]";
  if (auto said = ask(*stream, hello, '2'); !said) return said;
  if (mail.needs_tls) {
    if (auto taken = ask(*stream, "STARTTLS", '2'); !taken) return taken;
    if (auto sealed = stream->start_tls(mail.ca_file); !sealed) return sealed;
    if (auto said = ask(*stream, hello, '2'); !said) return said;
  }
  if (auto taken = ask(*stream, fmt::format("MAIL FROM:<{}>", mail.from), '2'); !taken) return taken;
  if (auto taken = ask(*stream, fmt::format("RCPT TO:<{}>", mail.to), '2'); !taken) return taken;
  if (auto taken = ask(*stream, "DATA", '3'); !taken) return taken;
  if (auto sent = stream->write(transparent(mail.content)); !sent) return sent;
  if (auto taken = ask(*stream, ".", '2'); !taken) return taken;
  // It is taken, whatever becomes of the farewell.
  if (auto bye = ask(*stream, "QUIT", '2'); !bye) return {};
  return {};
}

}  // namespace quaywatch::io
