#include "telling/render.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>

#include "base/base64.h"
#include "base/limits_server.h"
#include "base/named.h"
#include "base/sha256.h"
#include "base/text.h"
#include "rules/texts.h"
#include "telling/texts.h"

namespace quaywatch::telling {
namespace {

using nlohmann::ordered_json;

constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
struct Severity {
  int syslog, cef;  // RFC 5424 section 6.2.1; CEF: 0 to 10
};
constexpr Severity kSeverities[] = {{6, 1}, {5, 3}, {4, 5}, {3, 8}, {2, 10}};  // by level, informational first
// By WaitingKind.
constexpr std::array<std::string_view, kWaitingKindNames.size()> kWaitingPages{
    "/rules", "/rules", "/unmaskings", "/unmaskings", "/cases", "/cases"};
constexpr std::size_t kRequestSeverity = 1;  // of kSeverities
constexpr int kLocal0 = 16;
constexpr std::size_t kMailLine = 76;
constexpr std::size_t kPaperLine = 76;  // old printers cut what is longer than 80
constexpr std::string_view kText = "text/plain; charset=utf-8";

std::size_t rank(const Notice& n) {
  return find_named<std::size_t>(texts(Language::en).levels, n.level).value_or(0);
}

std::string_view page_of(const Waiting& w) { return kWaitingPages[static_cast<std::size_t>(w.kind)]; }

const Severity& highest(const Message& m) {
  std::size_t out = m.waiting.empty() ? 0 : kRequestSeverity;
  for (const Notice& n : m.notices) out = std::max(out, rank(n));
  return kSeverities[out];
}

std::map<std::string, std::size_t> count(const Message& m, const std::function<std::string(const Notice&)>& word) {
  std::map<std::string, std::size_t> out;
  for (const Notice& n : m.notices) ++out[word(n)];
  return out;
}

// "2 critical, 5 high"
std::string counts_text(const Message& m, const Texts& t) {
  std::array<std::size_t, std::size(kSeverities)> counts{};
  for (const Notice& n : m.notices) ++counts[rank(n)];
  std::string out;
  for (std::size_t i = counts.size(); i-- > 0;)
    if (counts[i] > 0)
      out += fmt::format("{}{} {}", out.empty() ? "" : ", ", counts[i], (counts[i] == 1 ? t.levels : t.many)[i]);
  return out;
}

// What it is, as a word for programs.
std::string word_of(const Message& m) {
  if (!m.waiting.empty()) return m.is_grouped() ? "requests.grouped" : "request.waiting";
  return m.is_grouped() ? "alerts.grouped" : fmt::format("alert.{}", name(m.notices.front().news));
}

std::map<std::string, std::size_t> count_kinds(const Message& m) {
  std::map<std::string, std::size_t> out;
  for (const Waiting& w : m.waiting) ++out[std::string(name(w.kind))];
  return out;
}

// "agreements: 2, unmaskings: 1"
std::string kinds_text(const Message& m, const Texts& t) {
  std::array<std::size_t, kWaitingKindNames.size()> counts{};
  for (const Waiting& w : m.waiting) ++counts[static_cast<std::size_t>(w.kind)];
  std::string out;
  for (std::size_t i = 0; i < counts.size(); ++i)
    if (counts[i] > 0)
      out += fmt::format("{}{}: {}", out.empty() ? "" : ", ", t.kinds[i], counts[i]);
  return out;
}

std::string waiting_text(const Message& m, const Texts& t) {
  return m.is_grouped() ? fmt::format(fmt::runtime(t.requests), m.waiting.size(), kinds_text(m, t))
                        : std::string(t.waiting[static_cast<std::size_t>(m.waiting.front().kind)]);
}

// One line, whatever a rule's author wrote.
std::string plain(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (static_cast<unsigned char>(c) < ' ' || c == 127) c = ' ';
  return out;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 128; });
}

std::string secret_bytes(std::string_view secret) {
  constexpr std::string_view prefix = "whsec_";
  if (!secret.starts_with(prefix)) return std::string(secret);
  const std::string_view text = secret.substr(prefix.size());
  std::string out(3 * (text.size() / 4) + 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  const auto padding = static_cast<std::size_t>(std::count(text.begin(), text.end(), '='));
  out.resize(size < 0 ? 0 : static_cast<std::size_t>(size) - padding);
  return out;
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out;
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(bytes.data()),
       bytes.size(), out.data(), &size);
  return {reinterpret_cast<const char*>(out.data()), size};
}

ordered_json notice_json(const Notice& n, const std::string& console) {
  ordered_json j{{"alert_id", n.alert_id}, {"revision", n.revision}, {"news", name(n.news)},
                 {"status", n.status},     {"level", n.level},       {"title", n.title},
                 {"facility", n.facility}, {"event_time", format_rfc3339(n.event_time)}};
  if (!console.empty()) j["link"] = fmt::format("{}/watch?alert={}", console, n.alert_id);
  return j;
}

ordered_json waiting_json(const Message& m, const std::string& console) {
  ordered_json j;
  if (m.is_grouped()) {
    j["count"] = m.waiting.size();
    j["by_kind"] = count_kinds(m);
  } else {
    j["kind"] = name(m.waiting.front().kind);
  }
  if (const std::string where = link(console, m); !where.empty()) j["link"] = where;
  return j;
}

std::string rule_title(const Notice& n, const Texts& t) { return plain(rules::text_in(t.language, n.title)); }

std::string_view news_of(const Notice& n, const Texts& t) { return t.news[static_cast<std::size_t>(n.news)]; }

// What it is, in one line.
std::string title_of(const Message& m, const Texts& t) {
  if (!m.waiting.empty()) return waiting_text(m, t);
  if (m.is_grouped()) return fmt::format(fmt::runtime(t.alerts), m.notices.size(), counts_text(m, t));
  const Notice& n = m.notices.front();
  return fmt::format("{}{}: {}", n.news == News::raised ? "" : fmt::format("{}: ", news_of(n, t)), t.levels[rank(n)],
                     rule_title(n, t));
}

std::string notice_line(const Notice& n, const Texts& t) {
  const auto status = find_named<std::size_t>(texts(Language::en).statuses, n.status);
  return fmt::format("{} {} ({}) {} {} {}: {}", news_of(n, t), t.levels[rank(n)],
                     status ? t.statuses[*status] : n.status, n.facility.empty() ? "-" : plain(n.facility),
                     format_rfc3339(n.event_time), n.alert_id, rule_title(n, t));
}

std::string body_of(const Message& m, const std::string& console, const Texts& t) {
  const std::string where = link(console, m);
  const std::string place = where.empty() ? where : "\n" + where + "\n";
  if (!m.waiting.empty()) return fmt::format("{}\n{}\n{}\n", waiting_text(m, t), place, t.is_in_console);
  std::string out;
  if (m.is_grouped()) out += fmt::format(fmt::runtime(t.came), m.notices.size(), counts_text(m, t)) + "\n\n";
  for (std::size_t i = 0; i < std::min(m.notices.size(), limits::kToldListed); ++i)
    out += notice_line(m.notices[i], t) + "\n";
  if (m.notices.size() > limits::kToldListed)
    out += fmt::format(fmt::runtime(t.more), m.notices.size() - limits::kToldListed) + "\n";
  return fmt::format("{}{}\n{}\n", out, place, t.rests_in_console);
}

// RFC 5322 section 3.3.
std::string mail_date(Timestamp at) {
  const CivilTime c = to_civil_utc(at);
  const std::int64_t day = days_from_civil(c.year, c.month, c.day) + 4;  // the epoch was a Thursday
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000", kDays[static_cast<std::size_t>((day % 7 + 7) % 7)],
                     c.day, kMonths[static_cast<std::size_t>(c.month - 1)], c.year, c.hour, c.minute, c.second);
}

// All of it but what says what follows.
std::string mail_head(const std::string& id, const std::string& subject, const std::string& from, const std::string& to,
                      Timestamp at) {
  std::string out = fmt::format("Date: {}\nFrom: {}\nTo: {}\nMessage-ID: <{}@{}>\n", mail_date(at), from, to, id,
                                from.substr(from.find('@') + 1));
  out += fmt::format("Subject: {}\n", is_ascii(subject) ? subject : fmt::format("=?utf-8?B?{}?=", base64(subject)));
  return out + "Auto-Submitted: auto-generated\nMIME-Version: 1.0\n";
}

// A document as a part of a mail, or as all of it.
std::string mail_part(const Document& d) {
  std::string out = fmt::format("Content-Type: {}\n", d.content_type);
  if (!d.file_name.empty()) out += fmt::format("Content-Disposition: attachment; filename=\"{}\"\n", d.file_name);
  if (d.file_name.empty() && is_ascii(d.bytes)) return out + "Content-Transfer-Encoding: 7bit\n\n" + d.bytes;
  out += "Content-Transfer-Encoding: base64\n\n";
  const std::string coded = base64(d.bytes);
  for (std::size_t at = 0; at < coded.size(); at += kMailLine) out += coded.substr(at, kMailLine) + "\n";
  return out;
}

std::size_t count_characters(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](unsigned char c) { return (c & 0xc0) != 0x80; }));
}

// A word that is longer than a line has one of its own: a link must stay whole.
std::string wrapped(std::string_view line) {
  std::string out;
  std::size_t used = 0;
  for (const std::string_view word : split(line, ' ')) {
    const std::size_t size = count_characters(word);
    const bool is_next = used > 0 && used + 1 + size > kPaperLine;
    if (used > 0) out += is_next ? "\r\n" : " ";
    used = is_next || used == 0 ? size : used + 1 + size;
    out += word;
  }
  return out + "\r\n";
}

std::string escaped(std::string_view text, std::string_view special) {
  std::string out;
  for (const char c : plain(text)) {
    if (special.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string cef(const Message& m, const std::string& console) {
  const bool is_alert = m.waiting.empty() && !m.is_grouped();
  const std::string title = is_alert ? m.notices.front().title : title_of(m, texts(Language::en));
  std::string out =
      fmt::format("CEF:0|Quaywatch|Quaywatch|1|{}|{}|{}|", word_of(m), escaped(title, "\\|"), highest(m).cef);
  out += fmt::format("rt={} cnt={}", m.made_at.us / 1000, m.notices.size() + m.waiting.size());
  if (is_alert) {
    const Notice& n = m.notices.front();
    out += fmt::format(" externalId={} start={} cs1Label=facility cs1={} cs2Label=status cs2={} cs3Label=level cs3={}",
                       n.alert_id, n.event_time.us / 1000, escaped(n.facility, "\\="), n.status, n.level);
  }
  if (const std::string where = link(console, m); !where.empty()) out += " request=" + escaped(where, "\\=");
  return out;
}

}  // namespace

std::string link(const std::string& console, const Message& message) {
  if (console.empty()) return {};
  if (!message.waiting.empty()) {
    const std::string_view page = page_of(message.waiting.front());
    const auto is_there = [&](const Waiting& w) { return page_of(w) == page; };
    const bool is_one_page = std::all_of(message.waiting.begin(), message.waiting.end(), is_there);
    return is_one_page ? console + std::string(page) : console;
  }
  return message.is_grouped() ? console + "/watch"
                              : fmt::format("{}/watch?alert={}", console, message.notices.front().alert_id);
}

std::string cloud_event(const Message& m, const std::string& console) {
  ordered_json j{{"specversion", "1.0"}, {"id", m.id}};
  j["source"] = console.empty() ? "urn:quaywatch" : console;
  j["type"] = "org.quaywatch." + word_of(m);
  if (m.waiting.empty() && !m.is_grouped()) j["subject"] = m.notices.front().alert_id;
  j["time"] = format_rfc3339(m.made_at);
  j["datacontenttype"] = "application/json";
  if (!m.waiting.empty()) {
    j["data"] = waiting_json(m, console);
  } else if (!m.is_grouped()) {
    j["data"] = notice_json(m.notices.front(), console);
  } else {
    j["data"] = {{"count", m.notices.size()}};
    j["data"]["by_level"] = count(m, [](const Notice& n) { return n.level; });
    j["data"]["by_news"] = count(m, [](const Notice& n) { return std::string(name(n.news)); });
    j["data"]["alerts"] = ordered_json::array();
    for (const Notice& n : m.notices) j["data"]["alerts"].push_back(notice_json(n, console));
  }
  return j.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::vector<std::pair<std::string, std::string>> webhook_headers(std::string_view id, std::string_view content_type,
                                                                 std::string_view secret, Timestamp now,
                                                                 std::string_view body) {
  const std::string at = std::to_string(now.us / 1'000'000);
  std::vector<std::pair<std::string, std::string>> out{
      {"Content-Type", std::string(content_type)}, {"webhook-id", std::string(id)}, {"webhook-timestamp", at}};
  if (secret.empty()) return out;
  const std::string mac = hmac_sha256(secret_bytes(secret), fmt::format("{}.{}.{}", id, at, body));
  out.emplace_back("webhook-signature", "v1," + base64(mac));
  return out;
}

std::string mail_text(const Message& m, const std::string& console, const std::string& from, const std::string& to,
                      Language language) {
  const Texts& t = texts(language);
  return mail_head(m.id, "[Quaywatch] " + title_of(m, t), from, to, m.made_at) +
         mail_part({std::string(kText), {}, body_of(m, console, t)});
}

std::string mail_text(const Parcel& p, const std::string& from, const std::string& to, Timestamp now) {
  std::string out = mail_head(p.id, p.subject, from, to, now);
  if (p.documents.size() == 1) return out + mail_part(p.documents.front());
  const std::string boundary = "=_" + p.id;  // no line of a part begins so: words of ours, or base64
  out += fmt::format("Content-Type: multipart/mixed; boundary=\"{}\"\n\n", boundary);
  for (const Document& d : p.documents) out += fmt::format("--{}\n{}\n", boundary, mail_part(d));
  return out + fmt::format("--{}--\n", boundary);
}

std::string paper_text(const Message& m, const std::string& console, Language language) {
  const Texts& t = texts(language);
  std::string text = fmt::format("Quaywatch {}\n\n{}\n\n{}", format_rfc3339(m.made_at), title_of(m, t),
                                 body_of(m, console, t));
  text.pop_back();  // the line end, of which `wrapped` makes its own
  std::string out;
  for (const std::string_view line : split(text, '\n')) out += wrapped(line);
  return out;
}

std::string syslog_line(const Message& m, const std::string& console, SyslogForm form) {
  const int priority = kLocal0 * 8 + highest(m).syslog;
  std::string text = cef(m, console);
  if (form == SyslogForm::rfc5424) {
    const bool is_alert = m.waiting.empty() && !m.is_grouped();
    text = is_alert ? notice_line(m.notices.front(), texts(Language::en)) : title_of(m, texts(Language::en));
    if (const std::string where = link(console, m); !where.empty()) text += " " + where;
  }
  return fmt::format("<{}>1 {} - quaywatch - {} - {}", priority, format_rfc3339(m.made_at), word_of(m), text);
}

}  // namespace quaywatch::telling
