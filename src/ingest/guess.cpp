#include "ingest/guess.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "adapters/formats.h"
#include "adapters/mapped/time_format.h"
#include "base/text.h"
#include "codec/json_lines.h"
#include "ingest/column_use.h"
#include "ingest/event_choice.h"
#include "ingest/feed_name.h"
#include "ingest/header_words.h"
#include "ingest/mapping_draft.h"
#include "model/catalogue.h"

namespace quaywatch::ingest {
namespace {

using adapters::mapped::TimeFormat;

constexpr std::size_t kReadingsShown = 5;
constexpr std::size_t kWordsShown = 12;  // values without an event type that a question names

std::string text_of(const SampledTable& table, const TimeUse& time, std::size_t row) {
  std::string out;
  for (const std::size_t c : time.columns) {
    const std::string& value = table.columns[c].values[row];
    if (!value.empty()) out += (out.empty() ? "" : " ") + value;
  }
  return out;
}

std::string_view order_words(bool is_day_first) {
  return is_day_first ? "day first" : "month first";
}

// Makes the mapping of a table step by step; each step reads what the steps before it found.
class TableGuess {
 public:
  // `named_days`: YYYYMMDD of the file names that hold one.
  TableGuess(const SampledTable& table, const FeedName& name, std::set<std::string> named_days,
             const GuessOptions& options)
      : table_(table),
        name_(name),
        named_days_(std::move(named_days)),
        options_(options),
        uses_(column_uses(table)),
        times_(time_uses(table, uses_)) {
    guess_.columns.resize(table.columns.size());
  }

  Result<Guess> run() {
    if (times_.empty())
      return fail(ErrorCode::malformed,
                  "no column holds a time in a form that a mapping can read; every event needs one");
    describe_layout();
    decide_day_order();
    collect_fields();
    choose_events();
    place_times();
    if (!draft_.events.empty()) {
      choose_key();
      state_coverage();
    }
    for (std::size_t i = 0; i < uses_.size(); ++i) note_column(i);
    guess_.toml = to_toml(draft_);
    guess_.feed = draft_.feed;
    guess_.format = draft_.format;
    return std::move(guess_);
  }

 private:
  const std::string& name_of(std::size_t column) const { return table_.columns[column].name; }

  void becomes(std::size_t column, std::string_view what, std::string_view why) {
    GuessedColumn& c = guess_.columns[column];
    c.becomes += (c.becomes.empty() ? "" : ", ") + std::string(what);
    if (c.why.empty()) c.why = why;
  }

  void describe_layout() {
    draft_.feed = options_.feed.empty() ? name_.feed : options_.feed;
    draft_.format = table_.is_json ? "jsonl" : "csv";
    draft_.files = {name_.pattern};
    draft_.owner = options_.owner;
    draft_.facility = options_.facility;
    draft_.remarks.push_back("Guessed from the export by 'quaywatch import --preview'. Look at every line once.");
    guess_.layout = "JSON lines";
    if (table_.is_json) return;
    const codec::CsvOptions& csv = table_.csv;
    const bool is_1252 = csv.encoding == codec::Encoding::windows_1252;
    draft_.separator = std::string(1, csv.separator);
    draft_.encoding = is_1252 ? "windows-1252" : "";
    draft_.skip_lines = csv.skip_lines;
    guess_.layout = fmt::format("CSV, separator {}, {}", csv.separator == '\t' ? "tab" : draft_.separator,
                                is_1252 ? "Windows-1252" : "UTF-8");
    if (csv.skip_lines > 0)
      guess_.layout = fmt::format("{}, {} line{} above the header", guess_.layout, csv.skip_lines,
                                  csv.skip_lines == 1 ? "" : "s");
    if (table_.has_header) return;
    guess_.layout = fmt::format("{}, no header row", guess_.layout);
    for (const SampledColumn& c : table_.columns) draft_.columns.push_back(c.name);
  }

  // An export writes all its dates in one order: a value above 12 in one column decides for every column.
  void decide_day_order() {
    order_ = options_.day_order;
    const TimeUse* open = nullptr;
    for (const TimeUse& t : times_) {
      if (t.shape.month_first.empty()) continue;
      if (t.shape.proven == DayOrder::unknown) {
        if (open == nullptr) open = &t;
        continue;
      }
      if (order_ == DayOrder::unknown) order_ = t.shape.proven;
      if (order_ != t.shape.proven)
        guess_.missing.push_back(fmt::format(
            "'{}' in '{}' can only be read {}: leave the other option away, or tell the columns apart",
            t.shape.proof, name_of(t.columns.front()), order_words(t.shape.proven == DayOrder::day_first)));
    }
    if (order_ != DayOrder::unknown || open == nullptr) return;
    guess_.missing.push_back(fmt::format("is '{}' read day first or month first? no value is above 12 in both places: "
                                         "--day-first or --month-first",
                                         first_text(*open)));
    add_readings(*open);
  }

  std::string first_text(const TimeUse& time) const {
    for (std::size_t row = 0; row < table_.rows; ++row)
      if (std::string text = text_of(table_, time, row); !text.empty()) return text;
    return {};
  }

  void add_readings(const TimeUse& time) {
    const auto d = TimeFormat::compile(time.shape.format), m = TimeFormat::compile(time.shape.month_first);
    std::optional<Timestamp> last_d, last_m;
    bool d_ascends = true, m_ascends = true;
    for (std::size_t row = 0; row < table_.rows; ++row) {
      const std::string text = text_of(table_, time, row);
      const auto by_day = d->read(text), by_month = m->read(text);
      if (!by_day || !by_month) continue;
      const Timestamp td = from_civil_utc(by_day->civil), tm = from_civil_utc(by_month->civil);
      d_ascends = d_ascends && td >= last_d.value_or(td);
      m_ascends = m_ascends && tm >= last_m.value_or(tm);
      last_d = td, last_m = tm;
      if (guess_.readings.size() < kReadingsShown) guess_.readings.push_back({text, td, tm});
    }
    if (d_ascends != m_ascends)
      guess_.questions.push_back(fmt::format(
          "the rows of the whole file ascend only when read {}: a hint, no proof", order_words(d_ascends)));
  }

  bool is_month_first() const { return order_ == DayOrder::month_first; }
  std::string format_of(const TimeUse& t) const {
    return is_month_first() && !t.shape.month_first.empty() ? t.shape.month_first : t.shape.format;
  }

  void collect_fields() {
    for (const ColumnUse& use : uses_)
      if (!use.field.empty()) fields_.insert(use.field);
  }

  // --- which events ------------------------------------------------------------------------------------------------

  void choose_events() {
    if (!options_.event_type.empty()) return add_event(options_.event_type);
    // One row that tells two instants of different events makes two events.
    std::set<std::string> types;
    for (const TimeUse& t : times_)
      if (!t.type.empty()) types.insert(t.type);
    const auto code = code_column(table_, uses_, fields_);
    const bool rows_tell = code && uses_[code->column].role == "@code";
    if (types.size() > 1 || (types.size() == 1 && !rows_tell)) {
      for (const TimeUse& t : times_)
        if (types.erase(t.type) > 0) add_event(t.type);
      return;
    }
    if (code) return choose_by_code(*code);
    const auto guessed = type_by_fields(name_.feed, fields_);
    if (!guessed) {
      guess_.missing.push_back(
          "what do the rows record? no column of words such as IN and OUT, and the columns fit no event type: "
          "--type EVENT_TYPE (docs/reference/fields.md)");
      return;
    }
    guess_.questions.push_back(fmt::format("every row is taken for {}, by its columns{}; otherwise: --type",
                                           guessed->type, guessed->by_name ? " and the name of the file" : " alone"));
    add_event(guessed->type);
  }

  void add_event(std::string_view type) {
    DraftEvent event;
    event.type = type;
    draft_.events.push_back(std::move(event));
  }

  void choose_by_code(const CodeColumn& code) {
    becomes(code.column, "which event", "its words name event types");
    for (const auto& [type, values] : code.values_of_type) {
      add_event(type);
      draft_.events.back().when.emplace_back(name_of(code.column), values);
    }
    require_success(code.column);
    std::string rest;
    std::size_t shown = 0;
    for (const auto& [value, rows] : code.without_type)
      if (shown++ < kWordsShown) rest += fmt::format("{}{} ({} rows)", rest.empty() ? "" : ", ", value, rows);
    if (!rest.empty())
      guess_.questions.push_back(
          fmt::format("no event is made of rows whose '{}' is {}: add them to a 'when' if they are events",
                      name_of(code.column), rest));
  }

  // A result that is not always good: only what succeeded happened.
  void require_success(std::size_t code) {
    for (std::size_t i = 0; i < table_.columns.size(); ++i) {
      if (i == code || uses_[i].role != "@result") continue;
      std::vector<std::string> good;
      const auto values = distinct_values(table_.columns[i], 40);
      for (const auto& [value, rows] : values)
        if (sense_of(value) == "ok") good.push_back(value);
      if (good.empty()) continue;
      becomes(i, "condition", "only what succeeded happened");
      add_refused(i, good);
      if (good.size() < values.size())
        guess_.questions.push_back(
            fmt::format("rows whose '{}' is not {} make no event but a refusal where there is one", name_of(i),
                        fmt::join(good, ", ")));
    }
  }

  void add_refused(std::size_t result, const std::vector<std::string>& good) {
    std::vector<std::string> bad;
    for (const std::string& word : good) bad.push_back("!" + word);
    std::vector<DraftEvent> refused;
    for (DraftEvent& e : draft_.events) {
      if (const auto type = refused_type(e.type); !type.empty()) {
        refused.push_back(e);
        refused.back().type = type;
        refused.back().when.emplace_back(name_of(result), bad);
      }
      e.when.emplace_back(name_of(result), good);
    }
    draft_.events.insert(draft_.events.end(), refused.begin(), refused.end());
  }

  // --- times -------------------------------------------------------------------------------------------------------

  DraftTime draft_time(const TimeUse& t) {
    DraftTime out;
    for (const std::size_t c : t.columns) out.columns.push_back(name_of(c));
    out.format = format_of(t);
    const auto compiled = TimeFormat::compile(out.format);
    if (!compiled || !compiled->needs_zone()) return out;
    if (t.is_utc)
      out.zone = "UTC";
    else
      needs_zone_ = true;
    return out;
  }

  void use_time(const TimeUse& t, std::string_view what) {
    for (const std::size_t c : t.columns)
      becomes(c, what, fmt::format("values read {}{}", format_of(t), t.is_utc ? ", header says UTC" : ""));
  }

  // The time that is the event's own: of its type by the header, else the first whose header says time and no more.
  const TimeUse* own_time(std::string_view type) const {
    const auto first = [&](auto&& wanted) {
      const auto at = std::find_if(times_.begin(), times_.end(), wanted);
      return at == times_.end() ? nullptr : &*at;
    };
    if (const TimeUse* t = first([&](const TimeUse& u) { return u.type == type; })) return t;
    if (const TimeUse* t = first([](const TimeUse& u) { return u.role == "@time"; })) return t;
    if (const TimeUse* t = first([](const TimeUse& u) { return u.role.empty() || u.role == "@key"; })) return t;
    return first([](const TimeUse& u) { return u.role.starts_with('@'); });
  }

  void place_times() {
    std::set<const TimeUse*> used;
    for (DraftEvent& event : draft_.events) {
      const TimeUse* own = own_time(event.type);
      if (own == nullptr) own = &times_.front();
      event.time = draft_time(*own);
      if (used.insert(own).second)
        use_time(*own, draft_.events.size() > 1 && own->type == event.type ? fmt::format("time of {}", event.type)
                                                                           : "time of the event");
      add_condition(event, *own);
    }
    for (const TimeUse& t : times_)
      if (!used.contains(&t)) place_other_time(t);
    if (const auto unclear = std::count_if(times_.begin(), times_.end(), [](const auto& t) { return t.role.empty(); });
        used.size() == 1 && times_.size() > 1 && (*used.begin())->role.empty() && unclear > 1)
      guess_.questions.push_back(fmt::format("several columns hold a time; '{}' is taken for the time of the event",
                                             name_of((*used.begin())->columns.front())));
    for (DraftEvent& event : draft_.events) add_fields(event);
    state_zone();
  }

  // A row without the time of an event (a total, a step that is still to come) is no such event.
  void add_condition(DraftEvent& event, const TimeUse& own) {
    std::size_t without = 0;
    for (std::size_t row = 0; row < table_.rows; ++row) without += text_of(table_, own, row).empty() ? 1 : 0;
    if (without == 0) return;
    event.when.emplace_back(name_of(own.columns.front()), std::vector<std::string>{"!"});
    const std::string question =
        fmt::format("rows without '{}' ({}) make no event of it", name_of(own.columns.front()), without);
    if (guess_.questions.empty() || guess_.questions.back() != question) guess_.questions.push_back(question);
  }

  void place_other_time(const TimeUse& t) {
    const auto field = find_field(t.role);
    if (field && t.columns.size() == 1) {
      DraftField f;
      f.to = t.role;
      f.from = {name_of(t.columns.front())};
      f.time = draft_time(t);
      time_fields_.push_back(std::move(f));
      return use_time(t, t.role);
    }
    const bool is_reported = t.role == "@reported", is_received = t.role == "@received";
    for (DraftEvent& event : draft_.events) {
      if (is_reported && event.reported.columns.empty()) event.reported = draft_time(t);
      if (is_received && event.received.columns.empty()) event.received = draft_time(t);
      // Later steps of the same row, in the same form: they can decide an hour that the clock shows twice.
      const bool is_later = t.role == "@then" && draft_.events.size() == 1 && t.columns.size() == 1 &&
                            event.time.columns.size() == 1 && format_of(t) == event.time.format && !t.is_utc;
      if (is_later) event.time.then.push_back(name_of(t.columns.front()));
      if (is_later) use_time(t, "a later time of the row");
    }
    if (is_reported) use_time(t, "when it was reported");
    if (is_received) use_time(t, "when it was received");
    for (const std::size_t c : t.columns)
      if (guess_.columns[c].becomes.empty() && guess_.columns[c].why.empty())
        guess_.columns[c].why = fmt::format("a time ({}) that the header does not place", format_of(t));
  }

  void state_zone() {
    draft_.time_zone = options_.time_zone;
    const bool all_utc = std::all_of(times_.begin(), times_.end(), [](const auto& t) { return t.is_utc; });
    if (draft_.time_zone.empty() && !needs_zone_ && all_utc) draft_.time_zone = "UTC";
    if (!needs_zone_ || !draft_.time_zone.empty()) return;
    draft_.time_zone = "UTC";
    guess_.is_zone_assumed = true;
    guess_.missing.push_back(
        "whose clock is it? the times state no offset: --time-zone ZONE, such as Europe/Ljubljana, or UTC");
  }

  // --- fields ------------------------------------------------------------------------------------------------------

  void add_fields(DraftEvent& event) {
    const auto refined = refinements(event.type);
    for (std::size_t i = 0; i < uses_.size(); ++i) {
      const std::string& what = uses_[i].field.empty() ? uses_[i].role : uses_[i].field;
      const auto r = std::find_if(refined.begin(), refined.end(), [&](const auto& x) { return x.recognised == what; });
      const bool is_empty = uses_[i].field.empty() && distinct_values(table_.columns[i], table_.rows).empty();
      if (is_empty || is_time(i)) continue;
      if (r != refined.end()) add_field(event, r->becomes, i);
      if (!uses_[i].field.empty() && (r == refined.end() || r->is_added)) add_field(event, uses_[i].field, i);
      if (uses_[i].field.empty() && r == refined.end()) add_direction(event, i);
    }
    event.fields.insert(event.fields.end(), time_fields_.begin(), time_fields_.end());
  }

  bool is_time(std::size_t column) const {
    return std::any_of(times_.begin(), times_.end(), [&](const TimeUse& t) {
      return std::find(t.columns.begin(), t.columns.end(), column) != t.columns.end();
    });
  }

  void add_field(DraftEvent& event, std::string_view field, std::size_t column) {
    const auto same =
        std::find_if(event.fields.begin(), event.fields.end(), [&](const auto& f) { return f.to == field; });
    const bool is_new_use = guess_.columns[column].becomes.find(field) == std::string::npos;
    if (is_new_use) becomes(column, field, uses_[column].why);
    if (same != event.fields.end()) {  // what a person typed stands before what the machine read
      const bool is_first = is_override(name_of(column));
      same->from.insert(is_first ? same->from.begin() : same->from.end(), name_of(column));
      return;
    }
    DraftField f;
    f.to = field;
    f.from = {name_of(column)};
    const auto id = find_field(field);
    if (id && info(*id).is_list) f.split = splitter(column);
    if (field == "container.full_empty") f.words = words_for(column, "full", "empty");
    event.fields.push_back(std::move(f));
  }

  // The mark between several values of one cell; 0: cells hold one.
  char splitter(std::size_t column) const {
    for (const char mark : {'/', ',', ';', '|', '+'})
      for (const std::string& v : table_.columns[column].values) {
        const auto parts = split(v, mark);
        const bool all_long = std::all_of(parts.begin(), parts.end(), [](auto p) { return trim(p).size() >= 4; });
        if (parts.size() > 1 && all_long) return mark;
      }
    return 0;
  }

  // Their words for two of ours; none when a value is neither.
  std::vector<std::pair<std::string, std::string>> words_for(std::size_t column, std::string_view a,
                                                             std::string_view b) const {
    std::vector<std::pair<std::string, std::string>> out;
    for (const auto& [value, rows] : distinct_values(table_.columns[column], 8)) {
      const std::string_view sense = sense_of(value);
      if (sense != a && sense != b) return {};
      out.emplace_back(value, std::string(sense));
    }
    return out;
  }

  // At a door, in and out are no events of their own.
  void add_direction(DraftEvent& event, std::size_t column) {
    auto words = words_for(column, "in", "out");
    if (!event.type.starts_with("access.") || words.empty()) return;
    add_field(event, "access.direction", column);
    guess_.columns[column].why = "its words are in and out";
    event.fields.back().words = std::move(words);
  }

  // --- key, order, coverage ----------------------------------------------------------------------------------------

  void choose_key() {
    for (std::size_t i = 0; i < uses_.size(); ++i) {
      const bool is_party = draft_.events.front().type == "party.registered" && uses_[i].role == "@code_word";
      const bool may_be = (uses_[i].role == "@key" || uses_[i].field.ends_with(".ref") || is_party) && !is_time(i);
      const auto& values = table_.columns[i].values;
      const std::set<std::string> different(values.begin(), values.end());
      if (!may_be || table_.rows < 2 || different.size() != table_.rows || different.contains("")) continue;
      for (DraftEvent& e : draft_.events) e.key = {name_of(i)};
      return becomes(i, "key", fmt::format("{} different values in {} rows", different.size(), table_.rows));
    }
  }

  struct Course {
    std::set<std::string> days;  // on which rows lie, YYYYMMDD
    std::size_t falls = 0;       // rows earlier than the row before
    Duration deepest;
  };

  // Of every time that is an event's own: the order of rows is one statement for all of them.
  Course course() const {
    std::set<const TimeUse*> own;
    for (const DraftEvent& e : draft_.events)
      if (const TimeUse* t = own_time(e.type)) own.insert(t);
    Course out;
    for (const TimeUse* t : own) add_course(*t, out);
    return out;
  }

  void add_course(const TimeUse& time, Course& out) const {
    const auto format = TimeFormat::compile(format_of(time));
    std::optional<Timestamp> last;
    for (std::size_t row = 0; format && row < table_.rows; ++row) {
      const auto t = format->read(text_of(table_, time, row));
      if (!t) continue;
      const CivilTime c = t->instant ? to_civil_utc(*t->instant) : t->civil;
      const Timestamp at = from_civil_utc(c);
      if (last && at < *last) {
        ++out.falls;
        out.deepest = std::max(out.deepest, *last - at);
      }
      last = at;
      out.days.insert(fmt::format("{:04}{:02}{:02}", c.year, c.month, c.day));
    }
  }

  void state_coverage() {
    const Course found = course();
    // One step back of less than an hour is the end of summer time, which such an order decides.
    draft_.in_order = needs_zone_ && table_.rows > 2 && found.falls <= 1 && found.deepest <= hours(1);
    if (draft_.in_order && found.falls == 1)
      guess_.questions.push_back(
          "in_order = true: the rows ascend but for one step back within an hour, as at the end of "
          "summer time");
    const std::string& type = draft_.events.front().type;
    if (type == "party.registered" || type == "pickup.completed") draft_.covers = "none";  // a register is no journal
    if (!draft_.covers.empty()) return;
    if (name_.day.empty() || draft_.time_zone.empty()) return;
    const bool all_in_name = std::all_of(found.days.begin(), found.days.end(),
                                         [&](const std::string& d) { return named_days_.contains(d); });
    if (found.days.empty() || !all_in_name) return;
    draft_.covers = "whole_days";
    draft_.day_in_name = name_.day_in_name;
    guess_.questions.push_back(
        "covers = \"whole_days\": is every record of a day in the file of that day? if not, delete 'covers' and "
        "'day_in_name'");
  }

  void note_column(std::size_t i) {
    GuessedColumn& c = guess_.columns[i];
    c.column = name_of(i);
    if (c.why.empty()) c.why = uses_[i].why;
  }

  const SampledTable& table_;
  const FeedName& name_;
  const std::set<std::string> named_days_;
  const GuessOptions& options_;
  std::vector<ColumnUse> uses_;
  std::vector<TimeUse> times_;
  std::set<std::string> fields_;
  std::vector<DraftField> time_fields_;
  DayOrder order_ = DayOrder::unknown;
  bool needs_zone_ = false;
  MappingDraft draft_;
  Guess guess_;
};

// The format describes its records itself; only the contract is missing.
Guess contract(const FeedName& name, std::string_view format, const GuessOptions& options) {
  MappingDraft draft;
  draft.feed = options.feed.empty() ? name.feed : options.feed;
  draft.format = format;
  draft.files = {name.pattern};
  draft.owner = options.owner;
  draft.facility = options.facility;
  draft.time_zone = options.time_zone;
  draft.remarks = {"The contract of a feed whose format describes itself, guessed by 'quaywatch import --preview'."};
  Guess out;
  if (draft.time_zone.empty() && format == "edifact") {
    draft.time_zone = "UTC";
    out.is_zone_assumed = true;
    out.missing.push_back(
        "whose clock is it? the messages state no offset: --time-zone ZONE, such as Europe/Ljubljana");
  }
  out.toml = to_toml(draft);
  out.feed = draft.feed;
  out.format = format;
  out.layout = fmt::format("{}, which describes itself; the file below is its contract", format);
  return out;
}

// Our own lines name an event type of the catalogue.
bool is_canonical(std::string_view bytes) {
  const auto line = codec::line_at(bytes, bytes.starts_with("\xEF\xBB\xBF") ? 3 : 0);
  if (!line) return false;
  codec::JsonLineReader reader;
  const auto members = reader.read(bytes, line->offset, line->text.size());
  if (!members) return false;
  return std::any_of(members->begin(), members->end(), [](const codec::JsonMember& m) {
    return m.path == "type" && (find_event_type(m.text) || m.text.starts_with("feed."));
  });
}

}  // namespace

Result<Guess> guess_mapping(std::span<const Sample> samples, const GuessOptions& options) {
  if (!options.event_type.empty() && !find_event_type(options.event_type))
    return fail(ErrorCode::invalid_argument,
                fmt::format("there is no event type '{}'; the nearest is '{}'", options.event_type,
                            nearest_event_type(options.event_type)));
  const FeedName name = feed_name(samples.front().name);
  const adapter::FormatAdapter* format = adapters::recognise_format(samples.front().bytes);
  if (format != nullptr && format->id != "canonical") return contract(name, format->id, options);
  if (format != nullptr && is_canonical(samples.front().bytes)) {
    Guess out;
    out.format = "canonical";
    out.layout = "Quaywatch's own JSON lines, which need no mapping";
    return out;
  }
  const auto table = read_table(samples);
  if (!table) return tl::unexpected(table.error());
  std::set<std::string> named_days;
  for (const Sample& s : samples)
    if (std::string day = feed_name(s.name).day; !day.empty()) named_days.insert(std::move(day));
  return TableGuess(*table, name, std::move(named_days), options).run();
}

}  // namespace quaywatch::ingest
