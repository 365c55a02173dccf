// The site's telling.toml: by which channels alerts leave the console, which of them, and who is on call. Written by
// hand; none, or an empty one: nothing is told. An unknown key is an error that names the nearest
// (docs/reference/telling.md). Values; thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/language.h"
#include "base/result.h"
#include "base/time.h"
#include "io/http_client.h"
#include "io/mail_client.h"

namespace quaywatch::telling {

enum class ChannelKind : std::uint8_t { webhook, smtp, syslog, printer };
inline constexpr std::array<std::string_view, 4> kChannelKindNames{"webhook", "smtp", "syslog", "printer"};
enum class SyslogForm : std::uint8_t { rfc5424, cef };
enum class SyslogTransport : std::uint8_t { udp, tcp };

// Which alerts; an empty list is all.
struct Filter {
  std::vector<std::string> levels{"critical", "high"};
  std::vector<std::string> statuses{"provisional", "final"};
  std::vector<std::string> rules;  // ids
  std::vector<std::string> facilities;

  bool operator==(const Filter&) const = default;
};

struct Channel {
  std::string name;
  ChannelKind kind{};
  std::string organisation;       // name or id: whose eyes read what arrives there
  std::vector<std::string> read_by;  // logins of those who read it; empty: whoever is of the organisation
  bool is_for_on_call_only = false;
  Filter filter;
  io::WebAddress url;             // webhook, printer
  std::string secret_file;        // relative to the site's folder. webhook; empty: not signed. smtp: password of `user`
  std::string secret;             // what is in it; filled in by `read_configuration`
  std::string host;               // smtp: the relay; syslog: the collector
  std::uint16_t port = 0;
  io::MailTls tls{};              // smtp
  std::string user;               // smtp: who signs in; empty: the relay knows this machine. Never without TLS
  std::string ca_file;            // webhook, smtp, printer
  std::string from, to;           // smtp
  Language language{};            // smtp, printer: of its words
  SyslogForm form{};              // syslog
  SyslogTransport transport{};

  bool operator==(const Channel&) const = default;
};

// In the order in which they are asked.
struct OnCall {
  std::string login;
  std::string channel;
  std::string to;  // smtp: the address; empty: that of the channel
  Duration escalate_after = minutes(10);

  bool operator==(const OnCall&) const = default;
};

// In which form a request to hold a box goes out; mail is a text with both of the others.
enum class HoldForm : std::uint8_t { cohaor, csv, mail };
inline constexpr std::array<std::string_view, 3> kHoldFormNames{"cohaor", "csv", "mail"};

// Where such a request goes when an officer wants it sent.
struct HoldReceiver {
  std::string name;
  HoldForm form{};
  std::string channel;  // smtp or webhook
  std::string to;       // smtp: the address; empty: that of the channel
  std::vector<std::string> facilities;  // whose boxes it keeps; empty: all
  Language language{};  // of its channel

  bool keeps(std::string_view facility) const;
  bool operator==(const HoldReceiver&) const = default;
};

struct Configuration {
  std::string console;  // where the console is, such as https://quaywatch.port.example; no slash at its end
  std::uint32_t per_minute = 10;  // messages to one recipient; what is beyond comes together in one
  Filter filter;        // of the on-call list, and of channels that say nothing else
  std::vector<Channel> channels;
  std::vector<OnCall> on_call;
  std::vector<HoldReceiver> hold_receivers;

  bool is_empty() const { return channels.empty(); }
  const Channel* find(std::string_view channel) const;
  const HoldReceiver* find_receiver(std::string_view name) const;
  bool operator==(const Configuration&) const = default;
};

Result<Configuration> parse_configuration(std::string_view toml, const std::string& path);
// SITE/telling.toml with the secrets it names: files of the site that nobody but their owner may read.
Result<Configuration> read_configuration(const std::string& site_folder);

}  // namespace quaywatch::telling
