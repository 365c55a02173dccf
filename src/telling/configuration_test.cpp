#include "telling/configuration.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "io/files.h"

namespace quaywatch::telling {
namespace {

constexpr std::string_view kWhole = R"(
console = "https://quaywatch.port.example/"
per_minute = 5
[alerts]
levels = ["critical"]
[[channel]]
name = "desk"
kind = "webhook"
organisation = "Harbour police"
url = "https://desk.example:8443/hooks?a=1"
secret_file = "telling/desk.secret"
[[channel]]
name = "relay"
kind = "smtp"
organisation = "Harbour police"
relay = "127.0.0.1:25"
from = "quaywatch@port.example"
only_on_call = true
[[channel]]
name = "siem"
kind = "syslog"
organisation = "Site"
address = "tcp:[::1]:5514"
format = "cef"
levels = ["high", "critical"]
[[on_call]]
user = "desk1"
channel = "relay"
to = "desk1@port.example"
escalate_after = "15m"
[[hold_receiver]]
name = "Yard office"
form = "mail"
channel = "relay"
to = "yard@terminal.example"
facilities = ["SIKOP/KTV"]
)";

std::string why(std::string_view toml) {
  const auto read = parse_configuration(toml, "telling.toml");
  return read ? std::string{} : read.error().context + ": " + read.error().message;
}

TEST(Configuration, IsReadWhole) {
  const auto c = parse_configuration(kWhole, "telling.toml");
  ASSERT_TRUE(c) << c.error().context << c.error().message;
  EXPECT_EQ(c->console, "https://quaywatch.port.example");
  EXPECT_EQ(c->per_minute, 5u);
  ASSERT_EQ(c->channels.size(), 3u);
  EXPECT_EQ(c->channels[0].url.port, 8443);
  EXPECT_EQ(c->channels[0].url.target, "/hooks?a=1");
  EXPECT_EQ(c->channels[0].filter.levels, (std::vector<std::string>{"critical"})) << "of [alerts]";
  EXPECT_TRUE(c->channels[1].is_for_on_call_only);
  EXPECT_EQ(c->channels[2].host, "::1");
  EXPECT_EQ(c->channels[2].port, 5514);
  EXPECT_EQ(c->channels[2].form, SyslogForm::cef);
  EXPECT_EQ(c->channels[2].filter.levels.size(), 2u);
  ASSERT_EQ(c->on_call.size(), 1u);
  EXPECT_EQ(c->on_call[0].escalate_after, minutes(15));
  const HoldReceiver* yard = c->find_receiver("Yard office");
  ASSERT_NE(yard, nullptr);
  EXPECT_EQ(yard->form, HoldForm::mail);
  EXPECT_TRUE(yard->keeps("SIKOP/KTV"));
  EXPECT_FALSE(yard->keeps("HRPLE/QXT"));
  EXPECT_TRUE(HoldReceiver{}.keeps("HRPLE/QXT"));
}

TEST(Configuration, NothingIsToldWithoutOne) {
  const auto c = parse_configuration("", "telling.toml");
  ASSERT_TRUE(c);
  EXPECT_TRUE(c->is_empty());
  EXPECT_EQ(c->filter.levels, (std::vector<std::string>{"critical", "high"}));
}

TEST(Configuration, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(why("per_minut = 3"), "telling.toml:1: unknown key 'per_minut'; nearest: 'per_minute'");
  EXPECT_EQ(why("[[channel]]\nname = \"a\"\nkind = \"fax\""),
            "telling.toml:3: 'fax' is none of: webhook, smtp, syslog, printer");
  EXPECT_EQ(why("[[on_call]]\nuser = \"a\"\nchannel = \"none\""), "telling.toml:3: there is no channel 'none'");
  EXPECT_NE(why("[[channel]]\nname=\"a\"\nkind=\"webhook\"\norganisation=\"o\"\nurl=\"ftp://x\"").find("is no address"),
            std::string::npos);
  EXPECT_NE(why("[alerts]\nlevels = [\"urgent\"]").find("'levels' holds informational"), std::string::npos);
  EXPECT_NE(why("x = ").find("not valid TOML"), std::string::npos);
}

TEST(Configuration, AReceiverOfHoldsHasAWayThatSuitsItsForm) {
  const std::string channels = std::string(kWhole.substr(0, kWhole.find("[[hold_receiver]]")));
  const auto receiver = [&](const std::string& rest) {
    return why(channels + "[[hold_receiver]]\nname = \"Yard office\"\n" + rest);
  };
  EXPECT_EQ(receiver("form = \"csv\"\nchannel = \"desk\""), "");
  for (const auto& [rest, words] :
       {std::pair("form = \"mail\"\nchannel = \"desk\"", "a mail goes by smtp; a webhook takes cohaor or csv"),
        {"form = \"csv\"\nchannel = \"siem\"", "a request to hold goes by smtp or webhook"},
        {"form = \"csv\"\nchannel = \"relay\"", "'to' is needed: the channel has none"},
        {"form = \"csv\"\nchannel = \"none\"", "there is no channel 'none'"},
        {"channel = \"desk\"", "'form' is needed, a text"},
        {"form = \"csv\"\nchannel = \"desk\"\n[[hold_receiver]]\nname = \"Yard office\"\nform = \"csv\"\n"
         "channel = \"desk\"",
         "there are two hold receivers 'Yard office'"}})
    EXPECT_NE(receiver(rest).find(words), std::string::npos) << receiver(rest);
}

constexpr std::string_view kMail =
    "[[channel]]\nname = \"a\"\nkind = \"smtp\"\norganisation = \"o\"\nrelay = \"mail.example:465\"\n"
    "from = \"q@port.example\"\nto = \"d@port.example\"\n";

TEST(Configuration, APasswordGoesOutOverTlsAlone) {
  const std::string user = "user = \"quaywatch\"\nsecret_file = \"relay.secret\"\n";
  EXPECT_EQ(why(std::string(kMail) + user), "telling.toml:8: a password goes out over TLS alone: 'starttls = true' "
                                            "(as on port 587) or 'tls = true' (465)");
  EXPECT_EQ(why(std::string(kMail) + user + "starttls = true\ntls = true"),
            "telling.toml:11: 'tls' and 'starttls' are two ways: TLS from the start, or asked for");
  for (const char* half : {"user = \"quaywatch\"\ntls = true", "secret_file = \"relay.secret\"\ntls = true"})
    EXPECT_NE(why(std::string(kMail) + half).find("'user' and 'secret_file' belong together"), std::string::npos);
  for (const auto& [key, tls] : {std::pair("tls", io::MailTls::from_start), {"starttls", io::MailTls::starttls}}) {
    const auto c = parse_configuration(std::string(kMail) + user + key + " = true", "telling.toml");
    ASSERT_TRUE(c) << c.error().message;
    EXPECT_EQ(c->channels[0].tls, tls);
    EXPECT_EQ(c->channels[0].user, "quaywatch");
  }
}

TEST(Configuration, APrinterHasAnAddressAndALanguage) {
  const std::string printer = "[[channel]]\nname = \"gate\"\nkind = \"printer\"\norganisation = \"o\"\n";
  const auto c = parse_configuration(printer + "url = \"ipp://printer.example/ipp/print\"\nlanguage = \"es\"", "t");
  ASSERT_TRUE(c) << c.error().message;
  EXPECT_EQ(c->channels[0].url, (io::WebAddress{false, "printer.example", 631, "/ipp/print"}));
  EXPECT_EQ(c->channels[0].language, Language::es);
  EXPECT_EQ(why(printer + "url = \"http://p.example\""),
            "telling.toml:5: 'http://p.example' is no printer: write ipp://HOST/ipp/print or ipps://HOST:PORT/PATH");
  EXPECT_EQ(why(printer + "url = \"ipp://p.example\"\nto = \"a@b.example\""),
            "telling.toml:6: 'to' is no key of the kind printer, which has: url, ca_file, language");
  EXPECT_EQ(why(printer + "url = \"ipp://p.example\"\n[[hold_receiver]]\nname = \"Yard\"\nform = \"csv\"\n"
                          "channel = \"gate\""),
            "telling.toml:9: a request to hold goes by smtp or webhook");
}

TEST(Configuration, WhatAKindDoesNotKnowIsNotPassedOver) {
  EXPECT_EQ(why("[[channel]]\nname=\"a\"\nkind=\"syslog\"\norganisation=\"o\"\naddress=\"tcp:a:1\"\ntls=true"),
            "telling.toml:6: 'tls' is no key of the kind syslog, which has: address, format");
}

TEST(Configuration, ARelaysPasswordMayBeShortAndIsOneLine) {
  const std::string folder = std::filesystem::temp_directory_path() / "telling_password_test";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  ASSERT_TRUE(io::write_file_atomic(folder + "/telling.toml", std::string(kMail) + "user = \"quaywatch\"\ntls = true\n"
                                                              "secret_file = \"relay.secret\"\n"));
  for (const auto& [text, password] : {std::pair("pass word\n", "pass word"), {"\n", ""}, {"one\ntwo\n", ""}}) {
    ASSERT_TRUE(io::write_file_atomic(folder + "/relay.secret", text, 0600));
    const auto read = read_configuration(folder);
    EXPECT_EQ(read ? read->channels[0].secret : "", password);
    EXPECT_EQ(read ? "" : read.error().message.substr(read.error().message.find("must")),
              read ? "" : "must hold the password alone, in one line");
  }
  std::filesystem::remove_all(folder);
}

TEST(Configuration, ASecretThatOthersMayReadIsRefused) {
  const std::string folder = std::filesystem::temp_directory_path() / "telling_secret_test";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder + "/telling");
  ASSERT_TRUE(io::write_file_atomic(folder + "/telling.toml", kWhole));
  ASSERT_TRUE(io::write_file_atomic(folder + "/telling/desk.secret", "0123456789abcdef0123\n", 0640));
  const auto refused = read_configuration(folder);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("chmod 600"), std::string::npos);
  ASSERT_TRUE(io::write_file_atomic(folder + "/telling/desk.secret", "0123456789abcdef0123\n", 0600));
  const auto read = read_configuration(folder);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->channels[0].secret, "0123456789abcdef0123");
  ASSERT_TRUE(io::write_file_atomic(folder + "/telling/desk.secret", "short", 0600));
  EXPECT_FALSE(read_configuration(folder));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace quaywatch::telling
