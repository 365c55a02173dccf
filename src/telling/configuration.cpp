#include "telling/configuration.h"

#include <fmt/ranges.h>
#include <toml++/toml.h>

#include <algorithm>
#include <optional>
#include <span>

#include "base/limits_server.h"
#include "base/text.h"
#include "io/files.h"
#include "io/mail_client.h"

namespace quaywatch::telling {
namespace {

using Words = std::span<const std::string_view>;

constexpr std::size_t kFileBytes = 64 * 1024;
constexpr std::array<std::string_view, 6> kRootKeys{"console", "per_minute", "alerts",
                                                    "channel", "on_call",    "hold_receiver"};
constexpr std::array<std::string_view, 4> kFilterKeys{"levels", "statuses", "rules", "facilities"};
constexpr std::array<std::string_view, 21> kChannelKeys{
    "name", "kind", "organisation", "read_by", "only_on_call", "levels", "statuses", "rules", "facilities", "url",
    "secret_file", "ca_file", "relay", "starttls", "tls", "user", "from", "to", "language", "address", "format"};
constexpr std::size_t kSharedKeys = 9;  // the first ones; of the others each kind has its own
constexpr std::array<std::string_view, 3> kWebhookKeys{"url", "secret_file", "ca_file"};
constexpr std::array<std::string_view, 9> kSmtpKeys{"relay",   "starttls", "tls", "user",    "secret_file",
                                                    "ca_file", "from",     "to",  "language"};
constexpr std::array<std::string_view, 2> kSyslogKeys{"address", "format"};
constexpr std::array<std::string_view, 3> kPrinterKeys{"url", "ca_file", "language"};
constexpr std::array<Words, kChannelKindNames.size()> kKeysOfKind{kWebhookKeys, kSmtpKeys, kSyslogKeys, kPrinterKeys};
constexpr std::array<std::string_view, 4> kOnCallKeys{"user", "channel", "to", "escalate_after"};
constexpr std::array<std::string_view, 5> kHoldReceiverKeys{"name", "form", "channel", "to", "facilities"};
constexpr std::array<std::string_view, 5> kLevels{"informational", "low", "medium", "high", "critical"};
constexpr std::array<std::string_view, 2> kStatuses{"provisional", "final"};

// Reads keys of one table; the first fault is kept, what is read after it does not count.
class Table {
 public:
  Table(const toml::table& table, Words known, const std::string& path) : table_(table), path_(path) {
    for (const auto& [key, node] : table) {
      if (std::find(known.begin(), known.end(), key.str()) != known.end()) continue;
      const std::string_view near = nearest(key.str(), known);
      wrong(node,
            fmt::format("unknown key '{}'{}", key.str(), near.empty() ? "" : fmt::format("; nearest: '{}'", near)));
    }
  }

  bool has(std::string_view key) const { return table_.contains(key); }

  std::string text(std::string_view key, bool is_needed = false) {
    const toml::node* node = table_.get(key);
    const auto value = node == nullptr ? std::optional<std::string>{} : node->value<std::string>();
    const bool has_value = value && !trim(*value).empty();
    if ((node != nullptr || is_needed) && !has_value)
      wrong(node == nullptr ? table_ : *node, fmt::format("'{}' is needed, a text", key));
    return has_value ? std::string(trim(*value)) : std::string{};
  }
  bool flag(std::string_view key) {
    const toml::node* node = table_.get(key);
    const auto value = node == nullptr ? std::optional<bool>(false) : node->value<bool>();
    if (!value) wrong(*node, fmt::format("'{}' is true or false", key));
    return value.value_or(false);
  }
  // One of `words`, by its place; the first when nothing is said and that is allowed.
  std::size_t word(std::string_view key, Words words, bool is_needed) {
    const std::string said = text(key, is_needed);
    const auto at = std::find(words.begin(), words.end(), said);
    if (at != words.end()) return static_cast<std::size_t>(at - words.begin());
    if (!said.empty()) refuse(key, fmt::format("'{}' is none of: {}", said, fmt::join(words, ", ")));
    return 0;
  }
  std::vector<std::string> texts(std::string_view key, Words words = {}) {
    std::vector<std::string> out;
    const toml::node* node = table_.get(key);
    if (node == nullptr) return out;
    if (!node->is_array()) wrong(*node, fmt::format("'{}' is a list of texts: [\"...\"]", key));
    if (!node->is_array()) return out;
    for (const toml::node& item : *node->as_array()) {
      const auto value = item.value<std::string>();
      const bool is_known = value && (words.empty() || std::find(words.begin(), words.end(), *value) != words.end());
      if (!is_known && words.empty()) wrong(item, fmt::format("'{}' holds texts", key));
      if (!is_known) wrong(item, fmt::format("'{}' holds {}", key, fmt::join(words, ", ")));
      out.push_back(value.value_or(""));
    }
    return out;
  }
  void refuse(std::string_view key, std::string why) {
    const toml::node* node = table_.get(key);
    wrong(node == nullptr ? table_ : *node, std::move(why));
  }
  const std::optional<Error>& fault() const { return fault_; }

 private:
  void wrong(const toml::node& node, std::string message) {
    if (!fault_)
      fault_ = Error{ErrorCode::malformed, std::move(message), fmt::format("{}:{}", path_, node.source().begin.line)};
  }
  const toml::table& table_;
  const std::string& path_;
  std::optional<Error> fault_;
};

void read_filter(Table& in, Filter& out) {
  if (in.has("levels")) out.levels = in.texts("levels", kLevels);
  if (in.has("statuses")) out.statuses = in.texts("statuses", kStatuses);
  if (in.has("rules")) out.rules = in.texts("rules");
  if (in.has("facilities")) out.facilities = in.texts("facilities");
}

// HOST:PORT as an address without a path.
void read_host(Table& in, std::string_view key, std::string_view text, Channel& out) {
  const auto address = io::parse_web_address("http://" + std::string(text));
  if (!address || address->target != "/") return in.refuse(key, fmt::format("'{}' is not HOST:PORT", text));
  out.host = address->host;
  out.port = address->port;
}

void read_webhook(Table& in, Channel& out) {
  const auto url = io::parse_web_address(in.text("url", true));
  if (!url) return in.refuse("url", url.error().message);
  out.url = *url;
  out.secret_file = in.text("secret_file");
}

// Whom the relay lets in, and how the password gets there.
void read_sign_in(Table& in, Channel& out) {
  const bool is_sealed = in.flag("tls"), is_upgraded = in.flag("starttls");
  if (is_sealed && is_upgraded) in.refuse("tls", "'tls' and 'starttls' are two ways: TLS from the start, or asked for");
  out.tls = is_sealed ? io::MailTls::from_start : is_upgraded ? io::MailTls::starttls : io::MailTls::none;
  out.user = in.text("user");
  out.secret_file = in.text("secret_file");
  if (out.user.empty() != out.secret_file.empty())
    in.refuse(out.user.empty() ? "secret_file" : "user",
              "'user' and 'secret_file' belong together: who signs in at the relay, and the file with the password");
  if (!out.user.empty() && out.tls == io::MailTls::none)
    in.refuse("user", "a password goes out over TLS alone: 'starttls = true' (as on port 587) or 'tls = true' (465)");
}

void read_smtp(Table& in, Channel& out) {
  read_host(in, "relay", in.text("relay", true), out);
  read_sign_in(in, out);
  out.from = in.text("from", true);
  out.to = in.text("to", !out.is_for_on_call_only);
  out.language = static_cast<Language>(in.word("language", kLanguages, false));
  if (!io::is_mail_address(out.from)) in.refuse("from", "'from' is an address alone: quaywatch@port.example");
  if (!out.to.empty() && !io::is_mail_address(out.to)) in.refuse("to", "'to' is one address alone");
}

void read_syslog(Table& in, Channel& out) {
  const std::string address = in.text("address", true);
  const bool is_udp = address.starts_with("udp:");
  if (!is_udp && !address.starts_with("tcp:"))
    return in.refuse("address", "'address' is udp:HOST:PORT or tcp:HOST:PORT");
  out.transport = is_udp ? SyslogTransport::udp : SyslogTransport::tcp;
  read_host(in, "address", std::string_view(address).substr(4), out);
  constexpr std::array<std::string_view, 2> forms{"rfc5424", "cef"};
  out.form = static_cast<SyslogForm>(in.word("format", forms, false));
}

void read_printer(Table& in, Channel& out) {
  const auto url = io::parse_printer_address(in.text("url", true));
  if (!url) return in.refuse("url", url.error().message);
  out.url = *url;
  out.language = static_cast<Language>(in.word("language", kLanguages, false));
}

// What would be without effect: who writes tls believes that it is there.
void check_keys_of_kind(Table& in, ChannelKind kind) {
  const auto at = static_cast<std::size_t>(kind);
  for (const std::string_view key : Words(kChannelKeys).subspan(kSharedKeys))
    if (in.has(key) && std::find(kKeysOfKind[at].begin(), kKeysOfKind[at].end(), key) == kKeysOfKind[at].end())
      in.refuse(key, fmt::format("'{}' is no key of the kind {}, which has: {}", key, kChannelKindNames[at],
                                 fmt::join(kKeysOfKind[at], ", ")));
}

Result<Channel> read_channel(const toml::table& table, const Configuration& all, const std::string& path) {
  Table in(table, kChannelKeys, path);
  Channel out;
  out.name = in.text("name", true);
  out.kind = static_cast<ChannelKind>(in.word("kind", kChannelKindNames, true));
  check_keys_of_kind(in, out.kind);
  out.organisation = in.text("organisation", true);
  out.read_by = in.texts("read_by");
  out.is_for_on_call_only = in.flag("only_on_call");
  out.filter = all.filter;
  read_filter(in, out.filter);
  out.ca_file = in.text("ca_file");
  if (all.find(out.name) != nullptr) in.refuse("name", fmt::format("there are two channels '{}'", out.name));
  if (out.kind == ChannelKind::webhook) read_webhook(in, out);
  if (out.kind == ChannelKind::smtp) read_smtp(in, out);
  if (out.kind == ChannelKind::syslog) read_syslog(in, out);
  if (out.kind == ChannelKind::printer) read_printer(in, out);
  if (in.fault()) return tl::unexpected(*in.fault());
  return out;
}

// The channel of a row, and the address behind it where the channel has none.
const Channel* read_way(Table& in, const Configuration& all, std::string& name, std::string& to) {
  name = in.text("channel", true);
  to = in.text("to");
  const Channel* channel = all.find(name);
  if (channel == nullptr) in.refuse("channel", fmt::format("there is no channel '{}'", name));
  const bool is_mail = channel != nullptr && channel->kind == ChannelKind::smtp;
  if (!to.empty() && !(is_mail && io::is_mail_address(to)))
    in.refuse("to", "'to' is one address alone, and of an smtp channel only");
  if (is_mail && to.empty() && channel->to.empty()) in.refuse("to", "'to' is needed: the channel has none");
  return channel;
}

Result<OnCall> read_on_call(const toml::table& table, const Configuration& all, const std::string& path) {
  Table in(table, kOnCallKeys, path);
  OnCall out;
  out.login = in.text("user", true);
  read_way(in, all, out.channel, out.to);
  if (in.has("escalate_after")) {
    const auto after = parse_timespan(in.text("escalate_after"));
    if (!after || *after < seconds(1)) in.refuse("escalate_after", "'escalate_after' is a time such as \"10m\"");
    out.escalate_after = after.value_or(out.escalate_after);
  }
  const auto is_named = [&](const OnCall& o) { return o.login == out.login; };
  if (std::any_of(all.on_call.begin(), all.on_call.end(), is_named))
    in.refuse("user", fmt::format("'{}' is on call twice", out.login));
  if (in.fault()) return tl::unexpected(*in.fault());
  return out;
}

Result<HoldReceiver> read_hold_receiver(const toml::table& table, const Configuration& all, const std::string& path) {
  Table in(table, kHoldReceiverKeys, path);
  HoldReceiver out;
  out.name = in.text("name", true);
  out.form = static_cast<HoldForm>(in.word("form", kHoldFormNames, true));
  out.facilities = in.texts("facilities");
  const Channel* channel = read_way(in, all, out.channel, out.to);
  if (channel != nullptr) out.language = channel->language;
  if (channel != nullptr && channel->kind != ChannelKind::smtp && channel->kind != ChannelKind::webhook)
    in.refuse("channel", "a request to hold goes by smtp or webhook");
  if (channel != nullptr && channel->kind == ChannelKind::webhook && out.form == HoldForm::mail)
    in.refuse("form", "a mail goes by smtp; a webhook takes cohaor or csv");
  if (out.name.size() > limits::kHoldReceiverBytes)
    in.refuse("name", fmt::format("'name' has more than {} bytes", limits::kHoldReceiverBytes));
  if (all.find_receiver(out.name) != nullptr)
    in.refuse("name", fmt::format("there are two hold receivers '{}'", out.name));
  if (in.fault()) return tl::unexpected(*in.fault());
  return out;
}

// Each table of `[[key]]`, read with what was read before.
template <typename Row>
Result<void> each(const toml::table& root, std::string_view key, const std::string& path, std::vector<Row>& rows,
                  Result<Row> (*read)(const toml::table&, const Configuration&, const std::string& path),
                  const Configuration& all) {
  const toml::node* node = root.get(key);
  if (node == nullptr) return {};
  const auto wrong = [&](const toml::node& at) {
    return fail(ErrorCode::malformed, fmt::format("'{}' is a list of tables: [[{}]]", key, key),
                fmt::format("{}:{}", path, at.source().begin.line));
  };
  if (!node->is_array()) return wrong(*node);
  for (const toml::node& item : *node->as_array()) {
    if (!item.is_table()) return wrong(item);
    auto row = read(*item.as_table(), all, path);
    if (!row) return tl::unexpected(row.error());
    rows.push_back(std::move(*row));
  }
  return {};
}

Result<void> read_root(const toml::table& root, const std::string& path, Configuration& out) {
  Table in(root, kRootKeys, path);
  out.console = in.text("console");
  while (out.console.ends_with('/')) out.console.pop_back();
  if (!out.console.empty() && !io::parse_web_address(out.console))
    in.refuse("console", "'console' is the address of the console: https://HOST");
  if (const toml::node* node = root.get("per_minute")) {
    const auto value = node->value<std::int64_t>();
    if (!value || *value < 1 || *value > limits::kToldPerMinute)
      in.refuse("per_minute", fmt::format("'per_minute' is a number from 1 to {}", limits::kToldPerMinute));
    else
      out.per_minute = static_cast<std::uint32_t>(*value);
  }
  const toml::table none;
  const toml::node* alerts = root.get("alerts");
  if (alerts != nullptr && !alerts->is_table()) in.refuse("alerts", "'alerts' is a table: [alerts]");
  const toml::table& filter = alerts != nullptr && alerts->is_table() ? *alerts->as_table() : none;
  Table of_alerts(filter, kFilterKeys, path);
  read_filter(of_alerts, out.filter);
  for (const Table* table : {&in, &of_alerts})
    if (table->fault()) return tl::unexpected(*table->fault());
  // In this order: the others name channels.
  if (auto read = each(root, "channel", path, out.channels, read_channel, out); !read) return read;
  if (auto read = each(root, "on_call", path, out.on_call, read_on_call, out); !read) return read;
  return each(root, "hold_receiver", path, out.hold_receivers, read_hold_receiver, out);
}

// A password is what the relay says that it is; what signs webhooks is made by the site.
Result<void> check_secret(const Channel& channel, const std::string& path) {
  const auto is_control = [](unsigned char c) { return c < ' ' || c == 127; };
  const bool is_one_line = std::none_of(channel.secret.begin(), channel.secret.end(), is_control);
  if (channel.kind == ChannelKind::smtp && (channel.secret.empty() || !is_one_line))
    return fail(ErrorCode::invalid_argument, fmt::format("'{}' must hold the password alone, in one line", path));
  if (channel.kind == ChannelKind::webhook && channel.secret.size() < limits::kSecretBytesMin)
    return fail(ErrorCode::invalid_argument,
                fmt::format("the secret '{}' has fewer than {} characters; do: openssl rand -hex 32 > FILE", path,
                            limits::kSecretBytesMin));
  return {};
}

Result<void> load_secret(const std::string& site_folder, Channel& channel) {
  if (channel.secret_file.empty()) return {};
  const bool is_absolute = channel.secret_file.starts_with('/');
  const std::string path = is_absolute ? channel.secret_file : site_folder + "/" + channel.secret_file;
  const auto is_private = io::is_private(path);
  if (!is_private) return tl::unexpected(is_private.error());
  if (!*is_private)
    return fail(ErrorCode::unreadable, fmt::format("others may read the secret '{}'; do: chmod 600 {}", path, path));
  const auto text = io::read_file(path, limits::kSecretBytes);
  if (!text) return tl::unexpected(text.error());
  channel.secret = trim(*text);
  return check_secret(channel, path);
}

}  // namespace

const Channel* Configuration::find(std::string_view channel) const {
  const auto at = std::find_if(channels.begin(), channels.end(), [&](const Channel& c) { return c.name == channel; });
  return at == channels.end() ? nullptr : &*at;
}

const HoldReceiver* Configuration::find_receiver(std::string_view receiver) const {
  const auto is_named = [&](const HoldReceiver& r) { return r.name == receiver; };
  const auto at = std::find_if(hold_receivers.begin(), hold_receivers.end(), is_named);
  return at == hold_receivers.end() ? nullptr : &*at;
}

bool HoldReceiver::keeps(std::string_view facility) const {
  return facilities.empty() || std::find(facilities.begin(), facilities.end(), facility) != facilities.end();
}

Result<Configuration> parse_configuration(std::string_view toml, const std::string& path) {
  Configuration out;
  try {
    const toml::table root = toml::parse(toml, path);
    if (auto read = read_root(root, path, out); !read) return tl::unexpected(read.error());
    return out;
  } catch (const toml::parse_error& e) {  // Debian's library is built to throw; it ends here
    return fail(ErrorCode::malformed, fmt::format("not valid TOML: {}", e.description()),
                fmt::format("{}:{}", path, e.source().begin.line));
  }
}

Result<Configuration> read_configuration(const std::string& site_folder) {
  const std::string path = site_folder + "/telling.toml";
  if (!io::exists(path)) return Configuration{};
  const auto text = io::read_file(path, kFileBytes);
  if (!text) return tl::unexpected(text.error());
  auto out = parse_configuration(*text, path);
  if (!out) return out;
  for (Channel& channel : out->channels)
    if (auto loaded = load_secret(site_folder, channel); !loaded) return tl::unexpected(loaded.error());
  return out;
}

}  // namespace quaywatch::telling
