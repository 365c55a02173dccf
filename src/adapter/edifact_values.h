// Values of EDIFACT components as catalogue values, one conversion each (Convert). Used by edifact_rows.cpp alone.
// A value that cannot be read is absent, and a finding names segment, value and place.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "adapter/edifact_rows.h"
#include "base/text.h"
#include "model/identifiers.h"

namespace quaywatch::adapter {

struct ReadTime {
  Timestamp time;
  std::int64_t error_s = 0;
  bool operator==(const ReadTime&) const = default;
};

// As trim; most values of the wire have nothing to take off.
inline std::string_view trimmed(std::string_view s) {
  return s.empty() || (s.front() > ' ' && s.back() > ' ') ? s : trim(s);
}

inline Value as_text(std::string_view text) {
  Value v;
  if (text.empty()) return v;
  v.kind = Kind::text;
  v.text = text;
  return v;
}

class EdifactValues {
 public:
  EdifactValues(const codec::Message& message, EdifactContext& context)
      : message_(message), context_(context), is_ascii_(codec::is_ascii(message.bytes)) {}

  // Of a row of kg, celsius or time, of which `stated` is the text; absent when there is none.
  Value number(const EdifactRow& row, const codec::Segment& s, std::string_view stated);
  // The same of a row of any other conversion but those that are the interpreter's own. Valid until the next call of
  // word or text; empty when there is none.
  std::string_view word(const EdifactRow& row, const codec::Segment& s, std::string_view stated);
  // UTF-8, trimmed; a view into the segment wherever it stands there as it is. Valid until the next call.
  std::string_view text(const codec::Segment& s, At at) { return text(s, s.raw(at.element, at.component)); }
  std::string_view text(const codec::Segment& s, std::string_view raw) {
    const std::string_view bytes = trimmed(s.unfolded(raw, scratch_));
    return is_ascii_ ? bytes : converted(s, bytes);
  }
  std::string_view squeezed(std::string_view text);  // valid as long as the text, or until the next call
  // What text() gave, valid beyond its next call; of one at a time.
  std::string_view kept(const codec::Segment& s, std::string_view text) {
    const std::string_view whole = s.text();
    const std::less<const char*> before;
    if (!before(text.data(), whole.data()) && !before(whole.data() + whole.size(), text.data())) return text;
    held_ = text;
    return held_;
  }
  // C507 at `at`, of which `value` is the text: the format code stands in the component behind.
  std::optional<ReadTime> time(const codec::Segment& s, At at, std::string_view value, bool keeps_order);
  // By the zone of the source. `keeps_order`: in a repeated hour the file's order speaks for a reading.
  ReadTime to_utc(const codec::DtmValue& local, std::uint64_t offset, bool keeps_order);
  void finding(std::string_view code, std::string_view field, std::string_view value, const codec::Segment& s,
               std::string message);

 private:
  std::string_view converted(const codec::Segment& s, std::string_view bytes);
  void know_hour(std::string_view stated, CivilTime local);
  Value decimal(const EdifactRow& row, const codec::Segment& s, std::string_view stated);
  std::string_view coded(const EdifactRow& row, std::span<const Code> codes, const codec::Segment& s,
                         std::string_view code);
  std::string_view seal(const EdifactRow& row, const codec::Segment& s, std::string_view stated);
  std::string_view identifier(const EdifactRow& row, const codec::Segment& s, std::string_view stated);

  const codec::Message& message_;
  EdifactContext& context_;
  const bool is_ascii_;  // the whole message: then no value has to be converted
  std::string scratch_, converted_, held_;
};

}  // namespace quaywatch::adapter
