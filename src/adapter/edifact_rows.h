// The table interpreter of EDIFACT message adapters. An adapter is rows: which component of which segment becomes which
// catalogue field. Dialects (SMDG editions, terminals' habits) differ by rows, never by branches; what one sender does
// differently is rows too, from the feed's contract (EdifactProfile).
//
// A message is read as levels: the header, up to two levels between (a consignment, a port call) and the group, which
// makes one event. A segment named by an Anchor begins a level and ends those below it. A value of a lower level hides
// that of a higher one; lists keep both. What cannot be read leaves its field absent and a finding behind; nothing is
// guessed but the event's time, which falls back to when it was reported (finding "event_time_missing", error a day).
// Pure, not thread-safe; one EdifactContext per file.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapter/adapter.h"
#include "codec/edifact.h"

namespace quaywatch::adapter {

// Place of a component in a segment; {0, 0} is the tag and stands for "none".
struct At {
  std::uint8_t element = 0, component = 0;
};

// Where a segment stands, and so what it speaks of. Two of a message's levels are seldom needed.
enum class Where : std::uint8_t { header, part, subpart, group, anywhere };
std::string_view name(Where where);

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
  mode,              // 8067: 1 sea, 2 rail, 3 road...
  vgm_method,        // VERMAS: SM1 weighed, SM2 calculated (SOLAS VI/2)
  coded,             // by the row's own code list
  dangerous_goods,   // class here, UN number in the element behind: 3/1263
  facility,          // place here, terminal in the element behind: the event's facility SIKOP/KTV; a place alone
                     // counts only where the contract names no facility
  port,              // as facility, and a place alone counts: the event may be in another port than the feed's
  event_time,        // as time, into the event's own clocks
  reported_at,
};

struct Code {
  std::string_view code, word;
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
  // Directory (95B) or association code (SMDG31) that fit, blank between; "13B+" is 13B and later, "!13B+" is not;
  // empty: all.
  std::string_view versions = {};
  std::string_view documents = {};  // codes at Anchor::kind_at of the header that fit; empty: all
  At also_at = {};                  // a second component that must be one of `also`
  std::string_view also = {};
  std::span<const Code> codes = {};  // of Convert::coded
};

// A segment that begins a level, or (in the header) only says what the message means.
struct Anchor {
  Where where = Where::group;
  std::string_view segment;
  At qualifier_at = {};
  std::string_view qualifiers = {};
  At kind_at = {};  // what decides the event type; {0, 0}: a level above says it
  std::string_view versions = {};
};

struct EventKind {
  std::string_view code;  // value at kind_at; "*" fits any, also none
  EventType type{};
  Classifier classifier = Classifier::actual;
  std::optional<FieldId> needs = {};  // only where this field has a value,
  std::string_view value = {};        // and where given, this one
};

inline constexpr Anchor kByEquipment[] = {{Where::header, "BGM", {}, "", {1, 0}}, {Where::group, "EQD"}};

// What differs between messages besides their rows.
struct EdifactShape {
  std::span<const Anchor> anchors = kByEquipment;
  std::span<const EventKind> kinds;    // the first that fits
  bool function_is_operation = false;  // BGM 1225: 5 corrects and 1 voids what the same document said before
  bool is_statement = false;           // it happens by being said: the time of the report is its time
  bool needs_equipment = true;         // a group without a container makes no event
  bool whole_message = false;          // a message without any group makes one event
  bool header_trails = false;          // what the header says may stand behind the groups (CUSRES)
};

struct EdifactAdapter {
  std::string_view id;       // its folder
  std::string_view message;  // UNH 0065
  EdifactShape shape;
  std::array<std::span<const EdifactRow>, 8> rows{};  // read in this order; most sets are shared (edifact_segments.h)
};

template <typename Fn>
void each_row(const EdifactAdapter& adapter, Fn&& fn) {
  for (const auto& set : adapter.rows)
    for (const EdifactRow& row : set) fn(row);
}

// What one sender does differently, from the contract of its feed. Immutable once made; the rows and kinds look into
// `texts` and `codes`, so that it is neither copied nor moved.
struct EdifactProfile {
  EdifactProfile() = default;
  EdifactProfile(const EdifactProfile&) = delete;
  EdifactProfile& operator=(const EdifactProfile&) = delete;

  // A row takes the place of the table's rows with the same level, segment and field and a qualifier in common.
  std::vector<std::pair<std::string_view, EdifactRow>> rows;   // by message
  std::vector<std::pair<std::string_view, EventKind>> kinds;  // tried before the table's
  bool corrects_document = false;  // function 5 replaces all that the document said, not only the lines it names
  std::deque<std::string> texts;
  std::deque<std::vector<Code>> codes;
};

struct UnknownCode {
  std::uint64_t count = 0, first = 0;  // offset of the first
};

struct Candidate;
struct MessageTable;
struct TagRules;

// A row that may speak of a segment, and where its value stands in the segment's text.
struct PlacedRow {
  const Candidate* candidate;
  std::uint32_t begin, size;
};

// What is left of the table for segments of one form with one code.
struct KnownCode {
  bool is_set = false;
  std::uint64_t code = 0;  // code_key
  std::vector<PlacedRow> rows;
};

// What is known of all segments of one form (codec::Segment), so that it is looked up once.
struct KnownForm {
  std::uint64_t number = 0;  // of the form
  std::uint32_t tag = 0;     // tag_key
  bool has_rows_alone = false;  // nothing but rows of the table speak of it
  const TagRules* rules = nullptr;
  // Of the code that `rules` ask for, in the segment's text; no size: none.
  std::uint32_t code_begin = 0, code_size = 0;
  std::array<KnownCode, 2> codes;  // that came last
};

// The last hour of a wall clock that was read, as it stands in a C507 of format 203, and when it began: times come by
// the hour.
struct ReadHour {
  std::array<char, 10> digits{};
  std::optional<Timestamp> begin{};
};

// State over the messages of one file.
struct EdifactContext {
  Source source;  // feed already set for the message
  Sink& sink;
  std::map<std::string, std::uint64_t, std::less<>> unmapped_tags{};  // at most limits::kUnmappedTags, then "other"
  // By field (or segment) and value; at most limits::kUnmappedCodes, then "other".
  std::map<std::pair<std::string, std::string>, UnknownCode> unknown_codes{};
  bool time_zone_told = false;
  std::optional<Timestamp> last_event_time{};
  ReadHour hour{};
  codec::Segment segment{};  // reused: its tables are large
  std::shared_ptr<const MessageTable> table{};  // of the message before; most files hold messages that are alike
  std::vector<KnownForm> forms{};  // of `segment`, by the table
};

void count_unknown_code(EdifactContext& context, std::string_view field, std::string_view value, std::uint64_t offset);

// Why the message was ignored (static storage), empty when it was used.
std::string_view decode_rows(const EdifactAdapter& adapter, const codec::Message& message, EdifactContext& context);

// One line of the mapping table, as the README of the adapter shows it (Markdown).
std::string mapping_line(const EdifactRow& row);

}  // namespace quaywatch::adapter
