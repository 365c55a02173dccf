// The table interpreter of EDIFACT message adapters. An adapter is rows: which component of which segment becomes which
// catalogue field. Dialects (SMDG editions, terminals' habits) differ by rows, never by branches.
//
// A message is read as a header and groups; a group is one piece of equipment and makes one event. A value of a group
// hides the header's value of the same field; lists keep both. What cannot be read leaves its field absent and a
// finding behind; nothing is guessed but the event's time, which falls back to when it was reported (finding
// "event_time_missing", error a day).
// Pure, not thread-safe; one EdifactContext per file.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "adapter/adapter.h"
#include "codec/edifact.h"

namespace quaywatch::adapter {

// Place of a component in a segment; {0, 0} is the tag and stands for "none".
struct At {
  std::uint8_t element = 0, component = 0;
};

enum class Where : std::uint8_t { header, group };

enum class Convert : std::uint8_t {
  text,              // character set to UTF-8, trimmed
  squeezed,          // and without blanks, dots, dashes, slashes: plates
  seal,              // text with at least one digit; else finding seal_without_number ("SI" says only: there is one)
  container_number,  // squeezed and checked by ISO 6346
  size_type,         // checked by ISO 6346
  imo,               // seven digits, checked
  kg,                // decimal; unit in the component before (KGM, TNE, LBR; none: KGM)
  celsius,           // decimal; unit in the component behind (CEL, FAH)
  time,              // C507: value here, format behind; local time of the source to UTC
  full_empty,        // 8169: 5 full, 4 empty
  status,            // 8249: 2 export, 3 import, 6 transhipment...
  dangerous_goods,   // class here, UN number in the element behind: 3/1263
  facility,          // place here, terminal in the element behind: the event's facility SIKOP/KTV
  event_time,        // as time, into the event's own clocks
  reported_at,
};

struct EdifactRow {
  Where where = Where::header;
  std::string_view segment;
  At qualifier_at;
  std::string_view qualifiers;  // values that fit, blank between; empty: any
  At source;
  Convert convert = Convert::text;
  std::optional<FieldId> field;  // none for facility, event_time, reported_at
  Checked checked = Checked::memory;
  std::string_view note;
  std::string_view versions = {};   // directory (95B) or association code (SMDG31) that fit, blank between; empty: all
  std::string_view documents = {};  // message kinds (value at EdifactShape::kind_at) that fit; empty: all
  At also_at = {};                  // a second component that must be one of `also`
  std::string_view also = {};
};

struct EventKind {
  std::string_view code;  // value at kind_at; "*" fits any
  EventType type{};
  Classifier classifier = Classifier::actual;
};

// What differs between messages besides their rows.
struct EdifactShape {
  std::string_view group_segment = "EQD";  // begins a group
  At group_qualifier_at = {};
  std::string_view group_qualifiers = {};
  At kind_at = {1, 0};  // in BGM: what decides the event type
  std::span<const EventKind> kinds;
  bool function_is_operation = false;  // BGM 1225: 5 corrects and 1 voids the events of the same document
};

// State over the messages of one file.
struct EdifactContext {
  Source source;  // feed already set for the message
  Sink& sink;
  std::map<std::string, std::uint64_t, std::less<>> unmapped_tags{};  // at most limits::kUnmappedTags, then "other"
  bool time_zone_told = false;
  std::optional<Timestamp> last_event_time{};
  codec::Segment segment{};  // reused: its tables are large
};

struct EdifactAdapter {
  std::string_view id;       // its folder
  std::string_view message;  // UNH 0065
  EdifactShape shape;
  std::span<const EdifactRow> rows;
};

// Why the message was ignored (static storage), empty when it was used.
std::string_view decode_rows(const EdifactAdapter& adapter, const codec::Message& message, EdifactContext& context);

// One line of the mapping table, as the README of the adapter shows it (Markdown).
std::string mapping_line(const EdifactRow& row);

}  // namespace quaywatch::adapter
