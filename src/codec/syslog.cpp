#include "codec/syslog.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/limits.h"
#include "base/text.h"

namespace quaywatch::codec {
namespace {

using Refused = std::optional<LogRefusal>;

constexpr int kPriorityMax = 191;  // 8 * 23 + 7
constexpr std::string_view kBom = "\xEF\xBB\xBF";

class Reader {
 public:
  Reader(std::string_view text, SyslogMessage& out) : all_(text), rest_(text), out_(out) {}

  Refused run() {
    if (rest_.starts_with('<'))
      if (auto refused = priority()) return refused;
    return is_5424() ? rfc5424() : bsd();
  }

 private:
  std::size_t at() const { return all_.size() - rest_.size(); }
  LogRefusal refuse(std::string_view reason, std::string message) const { return {reason, at(), std::move(message)}; }

  // The text up to the next blank, and the blank.
  std::string_view token() {
    const std::string_view t = rest_.substr(0, rest_.find(' '));
    rest_.remove_prefix(std::min(t.size() + 1, rest_.size()));
    return t;
  }
  void skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size())); }

  Refused priority() {
    std::size_t n = 1;
    int v = 0;
    for (; n < rest_.size() && n <= 3 && is_ascii_digit(rest_[n]); ++n) v = v * 10 + (rest_[n] - '0');
    if (n == 1 || n == rest_.size() || rest_[n] != '>' || v > kPriorityMax)
      return refuse("bad_priority",
                    fmt::format("a priority is <0> to <{}>, not '{}'", kPriorityMax, rest_.substr(0, 8)));
    out_.priority = v;
    rest_.remove_prefix(n + 1);
    return {};
  }

  // A version, a blank and what can begin a time of RFC 5424: nothing that BSD senders put there.
  bool is_5424() const {
    std::size_t n = 0;
    while (n < rest_.size() && n < 3 && is_ascii_digit(rest_[n])) ++n;
    if (out_.priority < 0 || n == 0 || rest_.front() == '0' || rest_.substr(n, 1) != " ") return false;
    const std::string_view time = rest_.substr(n + 1);
    return time.starts_with("- ") || (time.size() > 4 && is_ascii_digit(time[0]) && time[4] == '-');
  }

  // --- RFC 5424 section 6 ----------------------------------------------------------------------------------------

  Refused rfc5424() {
    const std::string_view version = token();
    if (version != "1")
      return LogRefusal{"unknown_version", at() - version.size() - 1,
                        fmt::format("syslog version '{}' is not known; RFC 5424 is version 1", version)};
    out_.version = 1;
    if (auto refused = timestamp()) return refused;
    for (std::string_view* field : {&out_.host, &out_.app, &out_.procid, &out_.msgid}) {
      *field = token();
      if (*field == "-") *field = {};
    }
    if (auto refused = structured_data()) return refused;
    if (rest_.starts_with(' ')) rest_.remove_prefix(1);
    if (rest_.starts_with(kBom)) rest_.remove_prefix(kBom.size());
    out_.message = rest_;
    return {};
  }

  Refused timestamp() {
    if (rest_.starts_with("- ")) {
      token();
      return {};
    }
    out_.time = take_log_time(rest_);  // devices leave the offset out: then the zone is the source's
    if (!out_.time || !rest_.starts_with(' '))
      return refuse("bad_time", fmt::format("the time must be '-' or of the form 2026-10-23T19:52:14.5+02:00, not '{}'",
                                            rest_.substr(0, 40)));
    token();
    return {};
  }

  Refused structured_data() {
    if (rest_.starts_with("-")) {
      rest_.remove_prefix(1);
      if (rest_.empty() || rest_.front() == ' ') return {};
      return refuse("bad_structured_data", "structured data '-' must end with a blank");
    }
    if (!rest_.starts_with('['))
      return refuse("bad_structured_data",
                    fmt::format("structured data must be '-' or begin with '[', not '{}'", rest_.substr(0, 40)));
    while (rest_.starts_with('['))
      if (auto refused = element()) return refused;
    return {};
  }

  Refused element() {
    rest_.remove_prefix(1);
    const std::string_view id = rest_.substr(0, rest_.find_first_of(" ]=\""));
    rest_.remove_prefix(id.size());
    if (id.empty()) return refuse("bad_structured_data", "an element of structured data has no name");
    for (;;) {
      skip_blanks();
      if (rest_.starts_with(']')) break;
      if (auto refused = param(id)) return refused;
    }
    rest_.remove_prefix(1);
    return {};
  }

  Refused param(std::string_view id) {
    const std::string_view name = rest_.substr(0, rest_.find_first_of("=] \""));
    rest_.remove_prefix(name.size());
    if (name.empty() || !rest_.starts_with("=\""))
      return refuse("bad_structured_data",
                    fmt::format("in element '{}' a parameter must be name=\"value\" and the element end with ']'",
                                id.substr(0, 40)));
    if (out_.params.size() == limits::kCsvColumns)
      return refuse("too_many_members", fmt::format("structured data has more than {} values", limits::kCsvColumns));
    rest_.remove_prefix(2);
    const auto text = value();
    if (!text)
      return refuse("bad_structured_data", fmt::format("the value of '{}' has no closing quote", name.substr(0, 40)));
    out_.params.push_back({id, name, *text});
    return {};
  }

  // Up to the closing quote, which is taken too. RFC 5424 section 6.3.3: \" \\ \] are escapes, any other \ is itself.
  std::optional<std::string_view> value() {
    std::string* own = nullptr;
    std::size_t start = 0;
    for (std::size_t i = 0; i < rest_.size(); ++i) {
      if (rest_[i] == '"') {
        std::string_view plain = rest_.substr(start, i - start);
        rest_.remove_prefix(i + 1);
        if (own == nullptr) return plain;
        own->append(plain);
        return *own;
      }
      if (rest_[i] != '\\' || i + 1 == rest_.size() || std::string_view("\"\\]").find(rest_[i + 1]) == rest_.npos)
        continue;
      if (own == nullptr) own = &out_.unescaped.emplace_back();
      own->append(rest_.substr(start, i - start));
      start = ++i;
    }
    return std::nullopt;
  }

  // --- BSD (RFC 3164 section 4) ----------------------------------------------------------------------------------

  Refused bsd() {
    const std::string_view content = rest_;
    sequence_number();
    skip_blanks();
    out_.time = take_log_time(rest_);
    if (!out_.time) host_before_time();
    if (!out_.time) {
      if (out_.priority < 0)
        return refuse("no_header", "neither a priority <34> nor a time begins the line: not syslog");
      rest_ = content;  // RFC 3164 section 4.3.3: all of it is content
      out_.message = rest_;
      return {};
    }
    if (rest_.starts_with(':')) rest_.remove_prefix(1);
    skip_blanks();
    if (out_.host.empty() && !begins_with_tag()) out_.host = token();
    skip_blanks();
    tag();
    out_.message = rest_;
    return {};
  }

  // Cisco IOS: "<189>45: *Oct 23 19:52:14.120: %SYS-5-CONFIG_I: ..."
  void sequence_number() {
    const std::size_t n = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
    if (n > 0 && rest_.substr(n).starts_with(": ")) rest_.remove_prefix(n + 2);
  }

  // Cisco NX-OS: "<190>sw01: 2026 Oct 23 19:52:14 UTC: %AUTHPRIV-6-SYSTEM_MSG: ..."
  void host_before_time() {
    const std::size_t n = rest_.find(": ");
    if (out_.priority < 0 || n == rest_.npos || n == 0 || rest_.substr(0, n).find(' ') != rest_.npos) return;
    std::string_view behind = rest_.substr(n + 2);
    out_.time = take_log_time(behind);
    if (!out_.time) return;
    out_.host = rest_.substr(0, n);
    rest_ = behind;
  }

  // Size of "sshd[4711]:" or "%SYS-5-CONFIG_I:" at the start; 0 where no tag stands. A name alone is not a tag: the
  // line may be a host and free text.
  std::size_t tag_size(std::size_t& name) const {
    name = std::min(rest_.find_first_of(" :[<|\"="), rest_.size());
    std::size_t end = name;
    if (name == 0) return 0;
    if (rest_.substr(end).starts_with('[')) {
      end = rest_.find_first_of(" ]", end);
      if (end == rest_.npos || rest_[end] != ']') return 0;
      ++end;
      if (!rest_.substr(end).starts_with(':')) return end == rest_.size() || rest_[end] == ' ' ? end : 0;
    }
    if (!rest_.substr(end).starts_with(':')) return 0;
    ++end;
    return end == rest_.size() || rest_[end] == ' ' ? end : 0;
  }

  bool begins_with_tag() const {
    std::size_t name = 0;
    return tag_size(name) > 0;
  }

  void tag() {
    std::size_t name = 0;
    const std::size_t size = tag_size(name);
    if (size == 0) return;
    out_.app = rest_.substr(0, name);
    const std::size_t close = rest_.substr(0, size).rfind(']');
    if (rest_[name] == '[' && close != rest_.npos) out_.procid = rest_.substr(name + 1, close - name - 1);
    rest_.remove_prefix(size);
    if (rest_.starts_with(' ')) rest_.remove_prefix(1);
  }

  std::string_view all_, rest_;
  SyslogMessage& out_;
};

}  // namespace

void SyslogMessage::clear() {
  priority = -1;
  version = 0;
  time.reset();
  host = app = procid = msgid = message = {};
  params.clear();
  unescaped.clear();
}

std::optional<LogRefusal> read_syslog(std::string_view text, SyslogMessage& out) {
  out.clear();
  if (text.size() > limits::kCsvRowBytes)
    return LogRefusal{"message_too_long", 0,
                      fmt::format("the line has {} bytes; at most {} are read", text.size(), limits::kCsvRowBytes)};
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == '\0')) text.remove_suffix(1);
  return Reader(text, out).run();
}

}  // namespace quaywatch::codec
