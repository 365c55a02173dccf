// One feed of CSV rows, JSON or log lines, described by a mapping file (TOML; reference in README.md of this folder)
// instead of code. For a feed whose format describes itself (EDIFACT messages and others), the same file holds only the
// contract: whose records these are, their clock, and what they cover.
//
// A Mapping is immutable once parsed and holds everything checked: names of event types, fields, zones, formats and
// expressions are known to be good, so decoding can only meet bad data. decode_mapped is pure and total: every byte
// lies in one span, a bad value costs itself (finding bad_value), a bad time costs its row (bad_time; of several alike
// events of one row, only its event), a missing column
// costs the file (unknown_column). Threads: share a Mapping freely; one decode per thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapter/adapter.h"
#include "adapter/edifact_rows.h"
#include "adapters/mapped/lookup.h"
#include "adapters/mapped/numbers.h"
#include "adapters/mapped/time_format.h"
#include "base/result.h"
#include "codec/csv.h"
#include "model/event.h"

namespace re2 {
class RE2;
}

namespace quaywatch::adapters::mapped {

using ColumnId = std::uint16_t;  // index into Mapping::columns
using Expression = std::shared_ptr<const re2::RE2>;

// described: the format says itself what it holds
enum class Layout : std::uint8_t { csv, json_lines, syslog, cef, key_value, described };
enum class Payload : std::uint8_t { none, json, csv, key_value, cef };  // what the message of a log line is read as
enum class Covers : std::uint8_t { first_to_last, whole_days, until_export, none };
enum class Replaces : std::uint8_t { interval, all, none };  // of what an earlier file of the same name stated
enum class Target : std::uint8_t { field, facility, classifier };

// The column equals one of `any_of` (when there are any), none of `none_of`, and holds a `match` (when there is one).
struct Condition {
  ColumnId column = 0;
  std::vector<std::string> any_of, none_of;
  Expression match;
};

struct TimeRule {
  std::vector<ColumnId> columns;  // joined by one blank
  TimeFormat format;
  std::string zone;            // IANA name; empty when the values name their offset
  std::vector<ColumnId> then;  // columns of the same row and form with later times: they can decide a repeated hour
};

struct Lookup {  // a value of a reference table instead of the row
  std::size_t table = 0;   // index into Mapping::tables
  ColumnId key = 0;        // of the row
  std::size_t column = 0;  // of the table
  bool optional = false;   // a key that is not there is no finding
};

struct FieldRule {
  Target target = Target::field;
  FieldId field{};
  std::vector<ColumnId> from;       // the first that is not empty counts: an override column stands first
  std::optional<std::string> join;  // instead: all that are not empty, with this between them
  std::string constant;             // when `from` is empty; of an element, {n} is its number from 1
  std::optional<Lookup> lookup;     // likewise
  Form form = Form::as_is;
  Expression capture;
  int group = 1;
  std::vector<std::string> split;  // the texts between values of one cell
  NumberForm number;
  std::optional<Unit> unit;
  std::vector<std::pair<std::string, std::string>> words;  // the feed's word, ours; a word not listed is a bad value
  std::optional<TimeRule> time;                            // of a field of kind time
  adapter::Checked checked{};
};

struct EventRule {
  EventType type{};
  Op op = Op::assert_;
  Classifier classifier = Classifier::actual;
  std::vector<Condition> when;  // all must hold
  std::vector<ColumnId> key;
  std::size_t time = 0;  // index into Mapping::times
  std::optional<std::size_t> reported, received;
  std::optional<std::size_t> each;  // one event per element of this array: index into Mapping::arrays
  bool is_repeated = false;         // one of several alike in a row: a bad time costs this event, not the row
  std::int64_t time_error_s = 0;   // the least error; the time's own may be larger
  std::int64_t clock_offset_s = 0;  // by how much the source's clock is ahead: taken off the event's time
  std::vector<FieldRule> fields;
  adapter::Checked checked{};
};

// An instant that a file states about itself: in its name, in a column of its rows, or fixed in the mapping.
struct FileInstant {
  Expression name;  // its group 1 is the text
  TimeRule time;    // its columns are empty when `name` or `fixed` says it
  std::optional<Timestamp> fixed;
};

struct Arrival {  // when a feed is expected to deliver; kept as data
  std::optional<Duration> by, every;   // a batch: at this time of the local day, each day, week or month
  std::optional<Duration> lateness;    // the latest after an event that it is there
  std::optional<Duration> silent_after;  // a stream: a gap this long is silence
};

struct Controller {  // of the feed contract (DESIGN section 5): kept and shown
  std::string name, regime, basis, purpose, retention;
};

struct Mapping {
  std::string path;
  std::string feed, owner, facility, time_zone;
  Marking marking = Marking::amber;
  Layout layout = Layout::csv;
  Payload payload = Payload::none;
  std::string format;  // of a described layout: the id of its adapter, such as edifact
  std::vector<std::string> files;  // glob patterns of file names
  codec::CsvOptions csv;  // of the file, or of the payload; key_value: separator, blank when 0
  std::vector<std::string> header;  // column names of a CSV file that has no header row, or of a CSV payload
  Covers covers = Covers::first_to_last;
  Expression day_in_name;  // its group 1 is the day, %Y%m%d, that a file with this name covers
  std::optional<FileInstant> exported_at;  // with until_export: the end; its earliest reading counts
  std::optional<FileInstant> covers_from;  // the begin; without it the first event
  Replaces replaces = Replaces::interval;
  std::optional<Arrival> arrival;
  std::optional<Timestamp> plausible_from;  // an event dated before is no event of this feed: implausible_time
  std::string sheet;                        // of a workbook; empty: the first
  std::vector<LookupTable> tables;
  bool in_order = false;   // rows stand in the order of happening: decides a repeated hour
  adapter::Checked checked{};
  Controller controller;
  std::vector<std::string> columns;  // every column or key path that is read
  std::vector<std::string> arrays;   // key paths of the arrays whose elements make events
  std::vector<TimeRule> times;       // distinct ones of all events
  std::vector<EventRule> events;     // none for a described layout
  std::shared_ptr<const adapter::EdifactProfile> edifact;  // what the sender does differently; null: nothing
  std::vector<EventType>
      provides;  // what the feed answers for: the types of `events`, or as stated for a described layout
};

// `path` names the file in errors: "unknown key 'seperator'; the nearest is 'separator'", context "tos.toml:7".
// `described`: ids of the formats that need no rows of a mapping, only a contract; `messages`: EDIFACT message types
// that a profile may speak of, none: any.
inline constexpr std::string_view kDescribedFormats[] = {"edifact"};
// Gives the content of a reference table, named as the mapping names it. Absent: a mapping with [[table]] is refused.
using ReadTable = std::function<Result<std::string>(const std::string& file)>;
Result<Mapping> parse_mapping(std::string_view toml, std::string path,
                              std::span<const std::string_view> described = kDescribedFormats,
                              std::span<const std::string_view> messages = {}, const ReadTable& read_table = {});

// True when one of the mapping's patterns (* and ?) fits the file name, given without folders.
bool matches(const Mapping& mapping, std::string_view file_name);

// Of all that its rows become, what names persons. Empty for a described layout, which has no rows of its own.
std::set<FieldId> personal_fields(const Mapping& mapping);

// The instants that columns of a file's rows stated; the earliest begin, the latest export.
struct StatedInstants {
  std::optional<Timestamp> covers_from, exported_at;
};

// What a file answers for by its contract, given its first and last event; nullopt when the contract promises nothing.
std::optional<CoverageStatement> covered_by(const Mapping& mapping, std::optional<Timestamp> first,
                                            std::optional<Timestamp> last, const adapter::Source& source,
                                            std::string_view file_name, const StatedInstants& stated = {});

// The expectation that `arrives` or `stream` states; nullopt when the mapping states none. Its lateness is what the
// mapping says, else a period and the hour of arrival, else the gap that is silence.
std::optional<FeedExpectation> expectation_of(const Mapping& mapping, const adapter::Source& source);

// Of every layout but `described`, which goes to its own adapter. `file_name` matters only to a mapping with
// `day_in_name`.
void decode_mapped(std::string_view bytes, const Mapping& mapping, const adapter::Source& source, adapter::Sink& sink,
                   std::string_view file_name = {});

}  // namespace quaywatch::adapters::mapped
