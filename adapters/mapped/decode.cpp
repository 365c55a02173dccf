#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "adapters/mapped/mapped.h"
#include "adapters/mapped/row_clock.h"
#include "adapters/mapped/rows.h"
#include "base/limits.h"
#include "base/text.h"
#include "codec/local_time.h"
#include "model/identifiers.h"
#include "model/reference.h"

namespace quaywatch::adapters::mapped {
namespace {

using adapter::Finding;
using adapter::Sink;
using adapter::Source;
using adapter::SpanKind;

bool contains(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool holds(const Condition& c, const Row& row) {
  const std::string_view value = row.values[c.column];
  return (c.any_of.empty() || contains(c.any_of, value)) && !contains(c.none_of, value) &&
         (!c.match || re2::RE2::PartialMatch(re2::StringPiece(value.data(), value.size()), *c.match));
}

bool applies(const EventRule& rule, const Row& row) {
  return std::all_of(rule.when.begin(), rule.when.end(), [&](const Condition& c) { return holds(c, row); });
}

bool add_integer(Record& fields, FieldId field, std::string_view text) {
  std::int64_t v = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, v);
  return parsed.ec == std::errc{} && parsed.ptr == end && fields.add_integer(field, v);
}

bool add_decimal(Record& fields, const FieldRule& rule, std::string_view text) {
  std::int64_t v = 0;
  if (!parse_decimal(text, v)) return false;
  if (!rule.unit) return fields.add_decimal(rule.field, v);
  const auto converted = convert(*rule.unit, v);
  return converted && fields.add_decimal(rule.field, *converted);
}

// The part of `text` before the first of the separators; `text` becomes what stands behind it.
std::string_view next_part(std::string_view& text, const std::vector<std::string>& separators) {
  std::size_t at = text.size(), size = 0;
  for (const std::string& s : separators) {
    const std::size_t found = text.find(s);
    if (found < at || (found == at && s.size() > size)) {
      at = std::min(found, text.size());
      size = found < text.size() ? s.size() : 0;
    }
  }
  const std::string_view part = text.substr(0, at);
  text.remove_prefix(std::min(at + size, text.size()));
  return part;
}

bool add_boolean(Record& fields, FieldId field, std::string_view text) {
  static constexpr std::string_view kYes[] = {"true", "yes", "y", "1"}, kNo[] = {"false", "no", "n", "0"};
  const auto is = [&](std::string_view word) { return equals_ignore_case(word, text); };
  if (std::any_of(std::begin(kYes), std::end(kYes), is)) return fields.add_boolean(field, true);
  return std::any_of(std::begin(kNo), std::end(kNo), is) && fields.add_boolean(field, false);
}

class FileDecoder {
 public:
  FileDecoder(std::string_view bytes, const Mapping& mapping, const Source& source, Sink& sink)
      : bytes_(bytes),
        mapping_(mapping),
        source_(source),
        sink_(sink),
        rows_(bytes, mapping, source.received_at),
        clock_(mapping, rows_) {}

  void run(std::string_view file_name) {
    if (bytes_.empty()) return;
    if (rows_.refusal()) {
      sink_.span({SpanKind::rejected, 0, bytes_.size(), rows_.refusal()->reason, rows_.refusal()->message});
      return;
    }
    for (const LookupTable& table : mapping_.tables)
      if (table.bad_rows > 0)
        sink_.finding({"bad_table_row", table.name, std::to_string(table.bad_rows), 0,
                       fmt::format("{} rows of table '{}' were left out; the first: {}", table.bad_rows, table.name,
                                   table.first_bad)});
    while (rows_.next(row_)) decode_row();
    if (auto covered = covered_by(mapping_, first_, last_, source_, file_name, stated_)) {
      sink_.coverage(std::move(*covered));
    } else if (mapping_.covers == Covers::until_export) {
      sink_.finding({"no_coverage", "exported_at", std::string(file_name), 0,
                     "the file does not say from when or until when it is complete, or ends before it begins; it "
                     "answers for nothing"});
    }
    if (auto expectation = expectation_of(mapping_, source_)) sink_.expectation(std::move(*expectation));
  }

 private:
  void span(SpanKind kind, std::string_view reason, std::string message) {
    sink_.span({kind, row_.offset, row_.size, reason, std::move(message)});
  }

  void decode_row() {
    switch (row_.state) {
      case RowState::title:
        return span(SpanKind::ignored, "title_line", "a line above the header (skip_lines)");
      case RowState::header:
        return span(SpanKind::accepted, {}, {});
      case RowState::blank:
        return span(SpanKind::ignored, "blank", "blank line");
      case RowState::broken:
        return span(SpanKind::rejected, row_.reason, row_.message);
      case RowState::data:
        break;
    }
    const auto is_wanted = [&](const EventRule& rule) { return applies(rule, row_); };
    if (!row_.reason.empty() && std::any_of(mapping_.events.begin(), mapping_.events.end(), is_wanted))
      return span(SpanKind::rejected, row_.reason, row_.message);  // its payload cannot be read
    findings_.clear();
    see_stated(mapping_.covers_from, stated_.covers_from, true);
    see_stated(mapping_.exported_at, stated_.exported_at, false);
    events_.clear();
    bad_time_.clear();
    for (const EventRule& rule : mapping_.events)
      if (!(rule.each ? add_elements(rule) : add_event(rule))) {
        events_.clear();
        break;
      }
    if (events_.empty() && !bad_time_.empty())
      return span(SpanKind::rejected, bad_time_code_, bad_time_);
    if (events_.empty())
      return span(SpanKind::ignored, "no_event_for_row", "no [[event]] of the mapping applies to this row");
    for (Finding& f : findings_) sink_.finding(std::move(f));
    for (auto& event : events_) emit(std::move(event));
    span(SpanKind::accepted, {}, {});
  }

  // False when the row cannot be used: its time is bad.
  bool add_event(const EventRule& rule) {
    if (!applies(rule, row_)) return true;
    auto event = make_event(rule);
    const bool is_plausible = !event || !mapping_.plausible_from || event->event_time >= *mapping_.plausible_from;
    if (event && is_plausible) {
      events_.push_back(std::move(event));
      return true;
    }
    const TimeRule& time = mapping_.times[rule.time];
    const std::string text = time_text(time, row_);
    std::string message =
        is_plausible ? fmt::format("'{}' in {} is not a time of the form {}", text.substr(0, 80),
                                   column_names(time.columns), time.format.text())
                     : fmt::format("{} lies before {}, where this feed begins: a clock that lost its date?",
                                   format_rfc3339(event->event_time), format_rfc3339(*mapping_.plausible_from));
    bad_time_ = message;
    bad_time_code_ = is_plausible ? "bad_time" : "implausible_time";
    if (rule.is_repeated)
      note(bad_time_code_, "event_time", text, fmt::format("{}; this event is left out", message));
    return rule.is_repeated;
  }

  // The same for every element of the rule's array.
  bool add_elements(const EventRule& rule) {
    const Row row = row_;
    std::optional<std::size_t> last;
    for (const ElementValue& v : row.elements) {
      if (v.array != *rule.each || v.element == last) continue;
      last = v.element;
      row_ = element_row(mapping_, row, v.array, v.element);
      add_event(rule);
    }
    row_ = row;
    return true;
  }

  // Of all rows: the earliest begin, the latest export.
  void see_stated(const std::optional<FileInstant>& rule, std::optional<Timestamp>& kept, bool is_begin) {
    if (!rule || rule->time.columns.empty()) return;
    const auto t = read_time(rule->time.format, rule->time.zone, time_text(rule->time, row_), std::nullopt);
    if (!t) return;
    const Timestamp at =
        t->stated_error_s >= 43'200 ? local_midnight(t->time, rule->time.zone) : t->time;  // a bare date: its begin
    kept = !kept ? at : is_begin ? std::min(*kept, at) : std::max(*kept, at);
  }

  void emit(boost::intrusive_ptr<Event> event) {
    adapter::settle_clocks(*event, source_, row_.offset, sink_);
    first_ = std::min(first_.value_or(event->event_time), event->event_time);
    last_ = std::max(last_.value_or(event->event_time), event->event_time);
    sink_.event(std::move(event));
  }

  // Null when the time of the event cannot be read.
  boost::intrusive_ptr<Event> make_event(const EventRule& rule) {
    const auto time = clock_.read(rule.time, row_);
    if (!time) return nullptr;
    boost::intrusive_ptr<Event> event(new Event);
    event->type = rule.type;
    event->op = rule.op;
    event->classifier = rule.classifier;
    event->marking = mapping_.marking;
    event->feed = mapping_.feed;
    event->owner = mapping_.owner.empty() ? source_.owner : mapping_.owner;
    event->facility = mapping_.facility.empty() ? source_.facility : mapping_.facility;
    event->span = {source_.file, row_.offset, static_cast<std::uint32_t>(row_.size)};
    event->event_time = time->time;
    event->time_error_s = std::max(rule.time_error_s, time->error_s);
    note_doubt(*time, mapping_.times[rule.time]);
    if (rule.clock_offset_s != 0) {
      event->event_time = event->event_time - seconds(rule.clock_offset_s);
      note("clock_offset", "event_time", format_rfc3339(time->time),
           fmt::format("the clock of the source is {} s ahead; the time it stated was corrected", rule.clock_offset_s));
    }
    event->reported_at = other_time(rule.reported);
    event->received_at = other_time(rule.received);
    event->natural_key = natural_key(rule);
    for (const FieldRule& field : rule.fields) add_field(field, *event);
    return event;
  }

  void note(std::string_view code, std::string_view field, std::string_view value, std::string message) {
    findings_.push_back({code, std::string(field), std::string(value), row_.offset, std::move(message)});
  }

  void note_doubt(const RowTime& time, const TimeRule& rule) {
    if (time.doubt == Doubt::none) return;
    const std::string text = time_text(rule, row_);
    if (time.doubt == Doubt::skipped_hour)
      note("skipped_hour", "event_time", text,
           fmt::format("{} does not exist in {}: the clock was put forward; read as if it had not been", text,
                       rule.zone));
    else
      note("repeated_hour", "event_time", text,
           fmt::format("{} happened twice in {}; read as the first time, with an error of an hour", text, rule.zone));
  }

  // A reported or received time that cannot be read is left to settle_clocks.
  Timestamp other_time(std::optional<std::size_t> index) {
    if (!index) return {};
    const auto time = clock_.read(*index, row_);
    const std::string text = time_text(mapping_.times[*index], row_);
    if (!time && !text.empty())
      note("bad_value", column_names(mapping_.times[*index].columns), text,
           fmt::format("'{}' is not a time of the form {}", text.substr(0, 80), mapping_.times[*index].format.text()));
    return time ? time->time : Timestamp{};
  }

  std::string column_names(const std::vector<ColumnId>& columns) const {
    std::string out;
    for (const ColumnId c : columns) out += (out.empty() ? "" : " ") + mapping_.columns[c];
    return out;
  }

  Id128 natural_key(const EventRule& rule) const {
    std::string key;
    bool has_text = false;
    for (const ColumnId c : rule.key) {
      if (!key.empty()) key += '|';
      key += row_.values[c];
      has_text = has_text || !row_.values[c].empty();
    }
    return has_text ? make_natural_key(mapping_.feed, key) : Id128{};
  }

  // --- fields ----------------------------------------------------------------------------------------------------

  void add_field(const FieldRule& rule, Event& event) {
    if (rule.lookup) return add_lookup(rule, event);
    if (rule.from.empty()) return add_part(rule, numbered(rule.constant), event);
    const auto column =
        std::find_if(rule.from.begin(), rule.from.end(), [&](ColumnId c) { return !row_.values[c].empty(); });
    if (column == rule.from.end()) {  // an empty cell has a meaning where the words say so
      if (std::any_of(rule.words.begin(), rule.words.end(), [](const auto& w) { return w.first.empty(); }))
        add_part(rule, {}, event);
      return;
    }
    if (rule.join) return add_value(rule, joined(rule), event);
    add_value(rule, row_.values[*column], event);
    for (const auto& [c, text] : row_.more) {
      if (c != *column) continue;
      if (info(rule.field).is_list)
        add_value(rule, text, event);
      else
        note("many_values", info(rule.field).name, text,
             fmt::format("'{}' holds one value; a further one in '{}' was left out", info(rule.field).name,
                         mapping_.columns[c]));
    }
  }

  // In an element, {n} stands for its number.
  std::string numbered(const std::string& constant) const {
    const std::size_t at = row_.part == 0 ? std::string::npos : constant.find("{n}");
    return at == std::string::npos ? constant : std::string(constant).replace(at, 3, std::to_string(row_.part));
  }

  void add_lookup(const FieldRule& rule, Event& event) {
    const Lookup& lookup = *rule.lookup;
    const LookupTable& table = mapping_.tables[lookup.table];
    const std::string_view key = row_.values[lookup.key];
    if (key.empty()) return;
    const Answer answer = look_up(table, key, lookup.column, event.event_time);
    if (answer.state == LookUp::found && !answer.value.empty()) return add_value(rule, answer.value, event);
    if (lookup.optional) return;
    static constexpr std::string_view kWhy[] = {"has no such value in", "is not in", "is not valid at that time in",
                                                "has another status in"};
    note("unknown_code", info(rule.field).name, key,
         fmt::format("'{}' {} table '{}'; {} is left out", key.substr(0, 80),
                     kWhy[static_cast<std::size_t>(answer.state)], table.name, info(rule.field).name));
  }

  std::string joined(const FieldRule& rule) const {
    std::string out;
    for (const ColumnId c : rule.from)
      if (!row_.values[c].empty()) out += (out.empty() ? "" : *rule.join) + std::string(row_.values[c]);
    return out;
  }

  void add_value(const FieldRule& rule, std::string_view text, Event& event) {
    if (rule.split.empty()) return add_part(rule, text, event);
    while (!text.empty())
      if (const auto part = trim(next_part(text, rule.split)); !part.empty()) add_part(rule, part, event);
  }

  void add_part(const FieldRule& rule, std::string_view text, Event& event) {
    std::string own;
    if (!is_valid_utf8(text)) {
      own = codec::windows_1252_to_utf8(text);
      note("charset", info(rule.field).name, own,
           "not UTF-8; read as Windows-1252 (say encoding = \"windows-1252\" if the whole file is)");
      text = own;
    }
    const std::string_view stated = text;
    if (rule.capture && !capture(rule, text))
      return bad_value(rule, stated, "does not match the expression of the mapping");
    if (text.empty() && rule.words.empty()) return;
    std::string value = apply_form(rule.form, text);
    if (!rule.words.empty()) {
      const auto word =
          std::find_if(rule.words.begin(), rule.words.end(), [&](const auto& w) { return w.first == value; });
      if (word == rule.words.end() && value.empty()) return;
      if (word == rule.words.end()) return bad_value(rule, stated, "is not among the words of the mapping");
      value = word->second;
    }
    if (rule.number.decimal != 0) {
      auto plain = plain_number(rule.number, value);
      if (!plain) return bad_value(rule, stated, "is not a number of the form that the mapping states");
      value = std::move(*plain);
    }
    store(rule, stated, value, event);
  }

  static bool capture(const FieldRule& rule, std::string_view& text) {
    std::vector<re2::StringPiece> groups(static_cast<std::size_t>(rule.group) + 1);
    const re2::StringPiece whole(text.data(), text.size());
    if (!rule.capture->Match(whole, 0, whole.size(), re2::RE2::UNANCHORED, groups.data(),
                             static_cast<int>(groups.size())))
      return false;
    text = {groups.back().data(), groups.back().size()};
    return true;
  }

  void bad_value(const FieldRule& rule, std::string_view value, std::string_view why) {
    note("bad_value", info(rule.field).name, value,
         fmt::format("'{}' {}; {} is left out", value.substr(0, 80), why, info(rule.field).name));
  }

  void store(const FieldRule& rule, std::string_view stated, const std::string& value, Event& event) {
    if (rule.target == Target::facility) {
      event.facility = value;
      return;
    }
    if (rule.target == Target::classifier) {
      for (const Classifier c :
           {Classifier::actual, Classifier::planned, Classifier::estimated, Classifier::requested}) {
        if (name(c) != value) continue;
        event.classifier = c;
        return;
      }
      return bad_value(rule, stated, "is not actual, planned, estimated or requested");
    }
    Record& fields = event.fields;
    switch (info(rule.field).kind) {
      case Kind::integer:
        if (!add_integer(fields, rule.field, value)) bad_value(rule, stated, "is not a whole number");
        return;
      case Kind::decimal:
        if (!add_decimal(fields, rule, value)) bad_value(rule, stated, "is not a number");
        return;
      case Kind::boolean:
        if (!add_boolean(fields, rule.field, value)) bad_value(rule, stated, "is neither true nor false");
        return;
      case Kind::time: {
        const auto t = read_time(rule.time->format, rule.time->zone, value, std::nullopt);
        if (!t || !fields.add_time(rule.field, t->time))
          bad_value(rule, stated, "is not a time of the form that the mapping states");
        return;
      }
      default:
        break;
    }
    // The check below is about what was stated: letters that no VIN has are folded for the event alone.
    const bool is_vin = info(rule.field).identifier == IdentifierRule::vin;
    if (!fields.add_text(rule.field, is_vin ? canonical_vin(value) : value))
      return bad_value(rule, stated, "does not fit: the event is full");
    note_identifier(rule, value);
  }

  void note_identifier(const FieldRule& rule, std::string_view value) {
    const FieldInfo& field = info(rule.field);
    if (reference_of(field.identifier) != nullptr) return;  // intake asks the table, once per code
    const IdentifierCheck check = check_identifier(field.identifier, value);
    if (check == IdentifierCheck::good) return;
    const bool digit = check == IdentifierCheck::check_digit;
    note(digit ? "check_digit" : "bad_identifier", field.name, value,
         digit ? fmt::format("the check digit of {} '{}' is wrong; kept as stated", field.name, value.substr(0, 80))
               : fmt::format("{} '{}' is {}; kept as stated", field.name, value.substr(0, 80), name(check)));
  }

  std::string_view bytes_;
  const Mapping& mapping_;
  const Source& source_;
  Sink& sink_;
  RowSource rows_;
  RowClock clock_;
  Row row_;
  std::vector<Finding> findings_;  // of the present row; dropped when it is rejected
  std::vector<boost::intrusive_ptr<Event>> events_;  // of the present row
  std::string bad_time_;                             // why the present row is rejected when it makes no event
  std::string_view bad_time_code_;  // bad_time or implausible_time
  std::optional<Timestamp> first_, last_;
  StatedInstants stated_;
};

}  // namespace

void decode_mapped(std::string_view bytes, const Mapping& mapping, const adapter::Source& source, adapter::Sink& sink,
                   std::string_view file_name) {
  FileDecoder(bytes, mapping, source, sink).run(file_name);
}

}  // namespace quaywatch::adapters::mapped
