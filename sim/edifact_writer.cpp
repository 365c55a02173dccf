#include "sim/edifact_writer.h"

#include <fmt/format.h>

#include "sim/calendar.h"

namespace quaywatch::sim {

std::string edi(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '+' || c == ':' || c == '\'' || c == '?') out += '?';
    out += c;
  }
  return out;
}

std::string edi_time(Timestamp at) { return stamp_minute(local_time(at)); }

Interchange::Interchange(std::string_view sender, std::string_view recipient, Timestamp made, std::string reference,
                         bool lines)
    : sender_(sender), recipient_(recipient), reference_(std::move(reference)), made_(made), lines_(lines) {}

std::string Interchange::head(Timestamp made) const {
  const std::string time = edi_time(made);
  return fmt::format("UNB+UNOA:2+{}+{}+{}:{}+{}'{}", edi(sender_), edi(recipient_), time.substr(2, 6), time.substr(8),
                     reference_, lines_ ? "\r\n" : "");
}

void Interchange::segment(std::string_view text) {
  text_ += text;
  text_ += '\'';
  if (lines_) text_ += "\r\n";
  ++segments_;
}

void Interchange::begin(std::string_view type_and_version) {
  segments_ = 0;
  segment(fmt::format("UNH+{}+{}", ++messages_, type_and_version));
}

void Interchange::end() { segment(fmt::format("UNT+{}+{}", segments_ + 1, messages_)); }

std::string Interchange::close() { return close(made_); }

std::string Interchange::close(Timestamp made) {
  segment(fmt::format("UNZ+{}+{}", messages_, reference_));
  return head(made) + text_;
}

}  // namespace quaywatch::sim
