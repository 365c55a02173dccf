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
    : reference_(std::move(reference)), lines_(lines) {
  const std::string time = edi_time(made);
  segment(fmt::format("UNB+UNOA:2+{}+{}+{}:{}+{}", edi(sender), edi(recipient), time.substr(2, 6), time.substr(8),
                      reference_));
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

std::string Interchange::close() {
  segment(fmt::format("UNZ+{}+{}", messages_, reference_));
  return std::move(text_);
}

}  // namespace quaywatch::sim
