#include "io/mail_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/base64.h"
#include "base/text.h"
#include "io/client_stream.h"

namespace quaywatch::io {
namespace {

constexpr std::size_t kReplyLine = 1024;  // RFC 5321 section 4.5.3.1.5: 512
constexpr int kReplyLines = 100;
constexpr std::size_t kBehindAuth = 9;  // of a line "250-AUTH PLAIN LOGIN"

using Reply = std::vector<std::string>;  // its lines, at least one

// To its last line: one without a dash behind the code (section 4.2).
Result<Reply> read_reply(ClientStream& stream) {
  Reply out;
  for (int i = 0; i < kReplyLines; ++i) {
    auto line = stream.read_line(kReplyLine);
    if (!line) return tl::unexpected(line.error());
    out.push_back(std::move(*line));
    if (out.back().size() < 4 || out.back()[3] != '-') return out;
  }
  return fail(ErrorCode::malformed, "the relay's reply does not end");
}

// Sends the line and expects a reply whose code begins so. `what` is said where it is refused.
Result<Reply> ask(ClientStream& stream, const std::string& line, char expected, std::string_view what) {
  if (!line.empty())
    if (auto sent = stream.write(line + "\r\n"); !sent) return tl::unexpected(sent.error());
  auto reply = read_reply(stream);
  if (!reply) return reply;
  if (!reply->back().starts_with(expected))
    return fail(ErrorCode::io_failure, fmt::format("the relay refuses {}: {}", what, reply->back()));
  return reply;
}

Result<Reply> ask(ClientStream& stream, const std::string& line, char expected) {
  return ask(stream, line, expected, std::string_view(line).substr(0, line.find_first_of(":<. ")));
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

// --- signing in (RFC 4954) ------------------------------------------------------------------------------------------

// The ways that it offers, in upper case: what stands behind AUTH in its answer to EHLO (section 3).
std::string offered_ways(const Reply& greeting) {
  for (const std::string& line : greeting)
    if (line.size() > kBehindAuth && equals_ignore_case(std::string_view(line).substr(4, 5), "AUTH "))
      return to_upper(std::string_view(line).substr(kBehindAuth));
  return {};
}

bool offers(std::string_view ways, std::string_view way) {
  const auto words = split(ways, ' ');
  return std::find(words.begin(), words.end(), way) != words.end();
}

std::string plain_answer(const MailRelay& relay) {
  using namespace std::string_literals;
  return base64("\0"s + relay.user + "\0"s + relay.password);  // RFC 4616 section 2
}

// Never as part of the command: with a long password its line would be longer than a command may be.
Result<void> sign_in(ClientStream& stream, const MailRelay& relay, const Reply& greeting) {
  const std::string ways = offered_ways(greeting);
  const bool is_plain = offers(ways, "PLAIN");
  if (!is_plain && !offers(ways, "LOGIN"))
    return fail(ErrorCode::unsupported,
                fmt::format("the relay lets nobody sign in by PLAIN or LOGIN, it offers {}; check its port: 587 with "
                            "starttls, 465 with tls",
                            ways.empty() ? "nothing" : ways));
  Result<Reply> reply = ask(stream, is_plain ? "AUTH PLAIN" : "AUTH LOGIN", '3', "to let anybody sign in");
  if (reply && !is_plain) reply = ask(stream, base64(relay.user), '3', "the user");
  if (reply) reply = ask(stream, is_plain ? plain_answer(relay) : base64(relay.password), '2', "user or password");
  if (!reply) return tl::unexpected(reply.error());
  return {};
}

// A relay that repeats what it was sent must not put it into our records.
bool tells_password(const MailRelay& relay, std::string_view text) {
  const auto is_in = [&](const std::string& secret) { return text.find(secret) != text.npos; };
  return !relay.password.empty() &&
         (is_in(relay.password) || is_in(base64(relay.password)) || is_in(plain_answer(relay)));
}

// --- the way of a mail ----------------------------------------------------------------------------------------------

Result<ClientStream> connect(const MailRelay& relay, Duration at_most) {
  auto stream = ClientStream::connect(relay.host, relay.port, at_most);
  if (stream && relay.tls == MailTls::from_start)
    if (auto sealed = stream->start_tls(relay.ca_file); !sealed) return tl::unexpected(sealed.error());
  return stream;
}

// To where mails are taken.
Result<void> begin(ClientStream& stream, const MailRelay& relay) {
  const std::string hello = "EHLO [127.0.0.1]";
  if (auto greeted = ask(stream, "", '2', "the connection"); !greeted) return tl::unexpected(greeted.error());
  auto said = ask(stream, hello, '2');
  if (said && relay.tls == MailTls::starttls) {
    if (auto taken = ask(stream, "STARTTLS", '2'); !taken) return tl::unexpected(taken.error());
    if (auto sealed = stream.start_tls(relay.ca_file); !sealed) return sealed;
    said = ask(stream, hello, '2');
  }
  if (!said) return tl::unexpected(said.error());
  return relay.user.empty() ? Result<void>{} : sign_in(stream, relay, *said);
}

Result<void> hand_over(ClientStream& stream, const Mail& mail) {
  for (const auto& [line, expected] : {std::pair(fmt::format("MAIL FROM:<{}>", mail.from), '2'),
                                       std::pair(fmt::format("RCPT TO:<{}>", mail.to), '2'),
                                       std::pair(std::string("DATA"), '3')})
    if (auto taken = ask(stream, line, expected); !taken) return tl::unexpected(taken.error());
  if (auto sent = stream.write(transparent(mail.content)); !sent) return sent;
  if (auto taken = ask(stream, ".", '2', "the mail"); !taken) return tl::unexpected(taken.error());
  // It is taken, whatever becomes of the farewell.
  (void)ask(stream, "QUIT", '2');
  return {};
}

}  // namespace

bool is_mail_address(std::string_view text) {
  const std::size_t at = text.find('@');
  const auto is_allowed = [](char c) { return c > ' ' && c < 127 && c != '<' && c != '>' && c != ',' && c != ';'; };
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() && text.find('@', at + 1) == text.npos &&
         text.size() <= 254 && std::all_of(text.begin(), text.end(), is_allowed);
}

Result<void> send_mail(const MailRelay& relay, const Mail& mail, Duration at_most) {
  if (!relay.user.empty() && relay.tls == MailTls::none)
    return fail(ErrorCode::invalid_argument, "a password goes out over TLS alone");
  auto stream = connect(relay, at_most);
  if (!stream) return tl::unexpected(stream.error());
  auto done = begin(*stream, relay);
  if (done) done = hand_over(*stream, mail);
  if (!done && tells_password(relay, done.error().message))
    return fail(done.error().code, "the relay refuses it, with an answer that holds the password");
  return done;
}

}  // namespace quaywatch::io
