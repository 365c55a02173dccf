// UN/EDIFACT text: segments of elements of components, released where a separator is meant (ISO 9735:1988, clause 4),
// in messages, in interchanges. Written from the standard, apart from the reader.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/time.h"

namespace quaywatch::sim {

// A component with its separators released.
std::string edi(std::string_view text);
// Local time without offset, format 203 (yyyymmddhhmm).
std::string edi_time(Timestamp at);

class Interchange {
 public:
  Interchange(std::string_view sender, std::string_view recipient, Timestamp made, std::string reference,
              bool lines = true);  // lines: a line break behind each segment
  void begin(std::string_view type_and_version);  // UNH; "CODECO:D:95B:UN:ITG14"
  void segment(std::string_view text);            // without its terminator, components already released
  void end();                                     // UNT
  std::size_t messages() const { return messages_; }
  std::string close();                            // UNZ; the whole text
  std::string close(Timestamp made);              // the same, made ready then and not when it was begun

 private:
  std::string head(Timestamp made) const;
  std::string text_, sender_, recipient_, reference_;
  Timestamp made_;
  bool lines_;
  std::size_t messages_ = 0, segments_ = 0;
};

}  // namespace quaywatch::sim
