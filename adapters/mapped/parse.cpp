#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <optional>
#include <span>

#include "adapters/mapped/document.h"
#include "adapters/mapped/feed_keys.h"
#include "adapters/mapped/mapped.h"
#include "adapters/mapped/word_lists.h"
#include "base/limits.h"
#include "base/text.h"
#include "codec/local_time.h"

namespace quaywatch::adapters::mapped {
namespace {

using adapter::Checked;

constexpr std::string_view kTopKeys[] = {
    "feed",      "format",   "files",          "owner",         "facility", "marking",     "time_zone",
    "separator", "encoding", "trim",           "columns",       "covers",   "checked",     "controller",
    "event",     "in_order", "day_in_name",    "provides",      "payload",  "corrects",    "row",
    "kind",      "sheet",    "skip_lines",     "table",         "stream",   "exported_at", "covers_from",
    "replaces",  "arrives",  "clock_offset_s", "plausible_from"};
constexpr std::string_view kRowKeys[] = {"message", "where", "segment",  "at",       "when",    "to",
                                         "form",    "words", "versions", "document", "checked", "note"};
constexpr std::string_view kWhenKeys[] = {"at", "is"};
constexpr std::string_view kKindKeys[] = {"message", "code", "type", "classifier", "note"};
constexpr std::string_view kControllerKeys[] = {"name", "regime", "basis", "purpose", "retention"};
constexpr std::string_view kEventKeys[] = {"type", "when",     "op",       "classifier",   "key",    "time",
                                           "note", "reported", "received", "time_error_s", "fields", "checked",
                                           "each", "repeat",   "clock_offset_s"};
constexpr std::string_view kTypeKeys[] = {"column", "words"};
constexpr std::string_view kTimeKeys[] = {"column", "format", "zone", "then"};
constexpr std::string_view kFieldKeys[] = {"to",    "from",  "join",   "value", "form",    "capture", "group", "lookup",
                                           "split", "words", "format", "zone",  "checked", "note",    "number", "unit"};

class MappingParser : private Document {
 public:
  MappingParser(std::string path, std::span<const std::string_view> described,
                std::span<const std::string_view> messages, const ReadTable& read_table)
      : Document(std::move(path)), described_(described), messages_(messages), read_table_(read_table) {}

  Result<Mapping> run(const toml::table& document) {
    known_keys(document, kTopKeys);
    read_contract(document);
    read_csv(document);
    if (const toml::table* controller = table_at(document, "controller")) read_controller(*controller);
    read_provides(document);
    read_profile(document);
    const toml::array* events = document["event"].as_array();
    if (mapping_.layout == Layout::described) {
      if (document.contains("event"))
        complain(*document.get("event"),
                 fmt::format("records of format = \"{}\" say themselves what they are", mapping_.format));
      if (error()) return tl::unexpected(*error());
      return std::move(mapping_);
    }
    read_tables(*this, document, read_table_);
    clock_offset_s_ = integer(document, "clock_offset_s", 0, kDayS, -kDayS);
    if (events == nullptr || events->empty()) complain(document, "no [[event]]: say which events a row makes");
    if (events != nullptr)
      for (const toml::node& node : *events) {
        const toml::table* event = node.as_table();
        if (event == nullptr) complain(node, "event must be [[event]] tables");
        if (event != nullptr) read_events(*event);
      }
    for (const EventRule& rule : mapping_.events)
      if (std::find(mapping_.provides.begin(), mapping_.provides.end(), rule.type) == mapping_.provides.end())
        mapping_.provides.push_back(rule.type);
    if (error()) return tl::unexpected(*error());
    return std::move(mapping_);
  }

 private:
  // --- the parts of a mapping ------------------------------------------------------------------------------------

  void read_contract(const toml::table& t) {
    mapping_.feed = text(t, "feed", true);
    if (mapping_.feed.empty()) complain(t, "'feed' must not be empty");
    read_format(t);
    mapping_.files = texts_at(t, "files");
    mapping_.owner = text(t, "owner");
    mapping_.facility = text(t, "facility");
    mapping_.marking = word<Marking>(t, "marking", Marking::amber,
                                     {{name(Marking::clear), Marking::clear},
                                      {name(Marking::green), Marking::green},
                                      {name(Marking::amber), Marking::amber},
                                      {name(Marking::amber_strict), Marking::amber_strict},
                                      {name(Marking::red), Marking::red}});
    mapping_.time_zone = zone(t, "time_zone");
    mapping_.covers = word<Covers>(t, "covers", Covers::first_to_last,
                                   {{"first_to_last", Covers::first_to_last},
                                    {"whole_days", Covers::whole_days},
                                    {"until_export", Covers::until_export},
                                    {"none", Covers::none}});
    if (mapping_.covers == Covers::whole_days && mapping_.time_zone.empty())
      complain(t, "covers = \"whole_days\" needs time_zone: whose days");
    int groups = 0;
    mapping_.day_in_name = expression(t, "day_in_name", groups);
    if (mapping_.day_in_name && (groups != 1 || mapping_.covers != Covers::whole_days))
      complain(*t.get("day_in_name"),
               "'day_in_name' needs one group around the date (YYYYMMDD) and covers = \"whole_days\"");
    mapping_.in_order = boolean(t, "in_order", false);
    mapping_.checked = checked(t, Checked::memory);
    read_promises(*this, t);
  }

  void read_format(const toml::table& t) {
    static constexpr std::pair<std::string_view, Layout> kRowFormats[] = {{"csv", Layout::csv},
                                                                          {"jsonl", Layout::json_lines},
                                                                          {"syslog", Layout::syslog},
                                                                          {"cef", Layout::cef},
                                                                          {"keyvalue", Layout::key_value}};
    std::vector<std::string_view> known;
    for (const auto& [format, layout] : kRowFormats) known.push_back(format);
    for (const std::string_view id : described_)
      if (std::find(known.begin(), known.end(), id) == known.end()) known.push_back(id);
    mapping_.format = text(t, "format");
    if (!t.contains("format"))
      return complain(t, fmt::format("the key 'format' is missing: one of {}", fmt::join(known, ", ")));
    const auto at = std::find(known.begin(), known.end(), mapping_.format);
    if (at == known.end())
      return complain(*t.get("format"), fmt::format("'format' is '{}'; it must be one of: {}", mapping_.format,
                                                    fmt::join(known, ", ")));
    // Of a format that is both, [[event]] tables read its lines as rows; without them the file is a contract.
    const bool is_described = std::find(described_.begin(), described_.end(), mapping_.format) != described_.end();
    mapping_.layout = Layout::described;
    for (const auto& [format, layout] : kRowFormats)
      if (format == mapping_.format && (!is_described || t.contains("event"))) mapping_.layout = layout;
    read_payload(t);
  }

  void read_payload(const toml::table& t) {
    mapping_.payload = mapping_.layout == Layout::cef         ? Payload::cef
                       : mapping_.layout == Layout::key_value ? Payload::key_value
                                                              : Payload::none;
    const toml::node* node = t.get("payload");
    if (node == nullptr) return;
    if (mapping_.layout != Layout::syslog)
      complain(*node, "'payload' is for format = \"syslog\" with [[event]] tables: what its messages are read as");
    mapping_.payload = word<Payload>(t, "payload", Payload::none,
                                     {{"json", Payload::json},
                                      {"csv", Payload::csv},
                                      {"keyvalue", Payload::key_value},
                                      {"cef", Payload::cef}});
    if (mapping_.payload == Payload::csv && !t.contains("columns"))
      complain(*node, "payload = \"csv\" needs 'columns': the names of the fields of a message");
  }

  void read_csv(const toml::table& t) {
    static constexpr std::string_view kCsvOnly[] = {"separator", "encoding", "trim", "columns", "skip_lines", "sheet"};
    if (mapping_.layout != Layout::csv && mapping_.payload != Payload::csv) {
      const bool has_separator = mapping_.payload == Payload::key_value;
      for (const std::string_view key : kCsvOnly)
        if (const toml::node* node = has_separator && key == "separator" ? nullptr : t.get(key))
          complain(*node, fmt::format("'{}' has no meaning for format = \"{}\"", key, text(t, "format")));
      if (!has_separator) return;
    }
    mapping_.csv = csv_form(t);
    mapping_.sheet = text(t, "sheet");
    mapping_.csv.trim = boolean(t, "trim", true);
    mapping_.csv.skip_lines = static_cast<std::size_t>(integer(t, "skip_lines", 0, limits::kTitleLines));
    mapping_.header = texts_at(t, "columns");
  }

  // The time of an EDIFACT message names no offset, and a gate that reports entries answers for exits too.
  void read_provides(const toml::table& t) {
    const toml::node* node = t.get("provides");
    if (mapping_.layout != Layout::described) {
      if (node != nullptr)
        complain(*node, "'provides' is for formats that describe themselves; here the [[event]] tables say it");
      return;
    }
    if (mapping_.time_zone.empty() && mapping_.format == "edifact")
      complain(t, "format = \"edifact\" needs time_zone: the messages state no offset");
    if (mapping_.covers == Covers::whole_days && node == nullptr)
      complain(t, "covers = \"whole_days\" needs 'provides': the event types that the feed answers for");
    for (const std::string& type : texts_at(t, "provides")) {
      const auto found = find_event_type(type);
      if (found) mapping_.provides.push_back(*found);
      if (!found) complain(*node, unknown_name("event type", type, nearest_event_type(type)));
    }
  }

  // --- what one EDIFACT sender does differently ------------------------------------------------------------------

  void read_profile(const toml::table& document) {
    if (mapping_.format != "edifact") {
      for (const std::string_view key : {"corrects", "row", "kind"})
        if (const toml::node* node = document.get(key))
          complain(*node, fmt::format("'{}' is for format = \"edifact\"", key));
      return;
    }
    auto profile = std::make_shared<adapter::EdifactProfile>();
    profile->corrects_document = word<bool>(document, "corrects", false, {{"lines", false}, {"document", true}});
    each_table(document, "row", [&](const toml::table& t) { read_row(t, *profile); });
    each_table(document, "kind", [&](const toml::table& t) { read_kind(t, *profile); });
    if (profile->rows.size() + profile->kinds.size() > limits::kProfileRows)
      complain(document, fmt::format("a contract may have {} [[row]] and [[kind]] tables", limits::kProfileRows));
    if (profile->corrects_document || !profile->rows.empty() || !profile->kinds.empty())
      mapping_.edifact = std::move(profile);
  }

  template <typename Fn>
  void each_table(const toml::table& document, std::string_view key, Fn&& fn) {
    const toml::node* node = document.get(key);
    if (node == nullptr) return;
    if (!node->is_array()) return complain(*node, fmt::format("{} must be [[{}]] tables", key, key));
    for (const toml::node& element : *node->as_array()) {
      if (!element.is_table()) complain(element, fmt::format("{} must be [[{}]] tables", key, key));
      if (element.is_table()) fn(*element.as_table());
    }
  }

  static std::string_view keep(adapter::EdifactProfile& profile, std::string text) {
    return profile.texts.emplace_back(std::move(text));
  }

  std::string_view message(const toml::table& t, adapter::EdifactProfile& profile) {
    std::string type = text(t, "message", true);
    if (!messages_.empty() && std::find(messages_.begin(), messages_.end(), type) == messages_.end() &&
        t.contains("message"))
      complain(*t.get("message"),
               fmt::format("there is no message '{}' here; it must be one of: {}", type, fmt::join(messages_, ", ")));
    return keep(profile, std::move(type));
  }

  // "8.0": the first component of the eighth element behind the tag.
  adapter::At place(const toml::table& t) {
    const std::string at = text(t, "at", true);
    const auto number = [](std::string_view digits) {
      int n = digits.empty() || digits.size() > 2 ? -1 : 0;
      for (const char c : digits) n = n < 0 || !is_ascii_digit(c) ? -1 : n * 10 + (c - '0');
      return n;
    };
    const std::size_t dot = std::min(at.find('.'), at.size());
    const int element = number(std::string_view(at).substr(0, dot));
    const int component = dot == at.size() ? -1 : number(std::string_view(at).substr(dot + 1));
    if ((element < 1 || component < 0) && t.contains("at"))
      complain(*t.get("at"), fmt::format("'at' is '{}'; write element.component, such as \"8.0\"", at));
    return {static_cast<std::uint8_t>(std::max(element, 0)), static_cast<std::uint8_t>(std::max(component, 0))};
  }

  std::string_view words_of(const toml::table& t, std::string_view key, adapter::EdifactProfile& profile) {
    return keep(profile, fmt::format("{}", fmt::join(texts_at(t, key), " ")));
  }

  void read_row(const toml::table& t, adapter::EdifactProfile& profile) {
    using adapter::Where;
    known_keys(t, kRowKeys);
    adapter::EdifactRow row;
    const std::string_view type = message(t, profile);
    row.where = word<Where>(t, "where", Where::group,
                            {{name(Where::header), Where::header},
                             {name(Where::part), Where::part},
                             {name(Where::subpart), Where::subpart},
                             {name(Where::group), Where::group},
                             {name(Where::anywhere), Where::anywhere}});
    row.segment = keep(profile, text(t, "segment", true));
    if (row.segment.size() != 3 && t.contains("segment"))
      complain(*t.get("segment"), "a segment tag has three letters");
    row.source = place(t);
    read_conditions(t, row, profile);
    row.versions = words_of(t, "versions", profile);
    row.documents = words_of(t, "document", profile);
    row.checked = checked(t, mapping_.checked);
    row.note = keep(profile, text(t, "note"));
    if (const toml::table* words = table_at(t, "words")) {
      auto& codes = profile.codes.emplace_back();
      for (const auto& [theirs, ours] : *words)
        codes.push_back({keep(profile, std::string(theirs.str())), keep(profile, text(*words, theirs.str()))});
      row.codes = codes;
    }
    read_row_target(t, row);
    profile.rows.emplace_back(type, row);
  }

  // One condition, or two of which both must hold.
  void read_conditions(const toml::table& t, adapter::EdifactRow& row, adapter::EdifactProfile& profile) {
    const toml::node* node = t.get("when");
    if (node == nullptr) return;
    std::vector<const toml::table*> conditions;
    if (node->is_table()) conditions.push_back(node->as_table());
    if (node->is_array())
      for (const toml::node& element : *node->as_array()) conditions.push_back(element.as_table());
    if (conditions.empty() || conditions.size() > 2 || std::count(conditions.begin(), conditions.end(), nullptr) > 0)
      return complain(*node, "'when' must be { at = \"1.0\", is = \"146\" }, or an array of two such tables");
    for (const toml::table* condition : conditions) {
      known_keys(*condition, kWhenKeys);
      if (!condition->contains("is")) complain(*condition, "the key 'is' is missing: the codes that fit");
      const bool is_first = condition == conditions.front();
      (is_first ? row.qualifier_at : row.also_at) = place(*condition);
      (is_first ? row.qualifiers : row.also) = words_of(*condition, "is", profile);
    }
  }

  void read_row_target(const toml::table& t, adapter::EdifactRow& row) {
    using adapter::Convert;
    const std::string to = text(t, "to", true);
    constexpr std::pair<std::string_view, Convert> kOwn[] = {{"event.facility", Convert::facility},
                                                             {"event.time", Convert::event_time},
                                                             {"event.reported", Convert::reported_at}};
    for (const auto& [own, convert] : kOwn)
      if (own == to) return void(row.convert = convert);
    FieldRule rule;
    read_target(t, rule);
    const FieldInfo& field = info(rule.field);
    row.field = rule.field;
    const Convert usual = !row.codes.empty()                        ? Convert::coded
                          : field.kind == Kind::time                ? Convert::time
                          : field.kind == Kind::decimal             ? Convert::kg
                          : rule.field == FieldId::container_number ? Convert::container_number
                          : field.personal == PersonalClass::plate  ? Convert::squeezed
                                                                    : Convert::text;
    row.convert = word<Convert>(t, "form", usual,
                                {{"as_is", Convert::text},
                                 {"squeezed", Convert::squeezed},
                                 {"seal", Convert::seal},
                                 {"container_number", Convert::container_number},
                                 {"size_type", Convert::size_type},
                                 {"imo", Convert::imo},
                                 {"kg", Convert::kg},
                                 {"celsius", Convert::celsius},
                                 {"time", Convert::time},
                                 {"coded", Convert::coded},
                                 {"dangerous_goods", Convert::dangerous_goods}});
    const bool is_number = row.convert == Convert::kg || row.convert == Convert::celsius;
    const Kind made = row.convert == Convert::time ? Kind::time : is_number ? Kind::decimal : Kind::text;
    const bool other_box = row.convert == Convert::container_number && rule.field != FieldId::container_number;
    if ((made != field.kind || other_box) && t.contains("to"))
      complain(*t.get("to"), fmt::format("'{}' does not take what 'form' makes", to));
    if ((row.convert == Convert::coded) == row.codes.empty())
      complain(t, "'words' and form = \"coded\" belong together");
  }

  void read_kind(const toml::table& t, adapter::EdifactProfile& profile) {
    known_keys(t, kKindKeys);
    const std::string_view type = message(t, profile);
    adapter::EventKind kind;
    kind.code = keep(profile, text(t, "code", true));
    const std::string event = text(t, "type", true);
    const auto found = find_event_type(event);
    if (found) kind.type = *found;
    if (!found && t.contains("type"))
      complain(*t.get("type"), unknown_name("event type", event, nearest_event_type(event)));
    kind.classifier = classifier(t);
    profile.kinds.emplace_back(type, kind);
  }

  void read_controller(const toml::table& t) {
    known_keys(t, kControllerKeys);
    mapping_.controller = {text(t, "name"), text(t, "regime"), text(t, "basis"), text(t, "purpose"),
                           text(t, "retention")};
  }

  std::optional<std::size_t> read_time(const toml::table& event, std::string_view key) {
    const toml::table* t = table_at(event, key);
    if (t == nullptr) return std::nullopt;
    known_keys(*t, kTimeKeys);
    TimeRule rule{columns_at(*t, "column"), time_format(*t), {}, columns_at(*t, "then")};
    if (rule.columns.empty()) complain(*t, fmt::format("'{}' names no column", key));
    rule.zone = zone_for(rule.format, *t);
    const auto same = [&](const TimeRule& r) {
      return r.columns == rule.columns && r.format.text() == rule.format.text() && r.zone == rule.zone &&
             r.then == rule.then;
    };
    const auto it = std::find_if(mapping_.times.begin(), mapping_.times.end(), same);
    if (it != mapping_.times.end()) return static_cast<std::size_t>(it - mapping_.times.begin());
    mapping_.times.push_back(std::move(rule));
    return mapping_.times.size() - 1;
  }

  EventType event_type(const toml::node& at, const std::string& type) {
    const auto found = find_event_type(type);
    if (!found) complain(at, unknown_name("event type", type, nearest_event_type(type)));
    return found.value_or(EventType{});
  }

  // One rule, or as many as `repeat` says, for the type or for each type that a column can name.
  void read_events(const toml::table& t) {
    const toml::node* type = t.get("type");
    if (type == nullptr) return complain(t, "the key 'type' is missing");
    if (!type->is_table()) return read_repeated(t, event_type(*type, text(t, "type")), nullptr);
    const toml::table& by = *type->as_table();
    known_keys(by, kTypeKeys);
    const toml::table* words = table_at(by, "words");
    if (!by.contains("column") || words == nullptr || words->empty())
      return complain(*type, "'type' is an event type, or { column = ..., words = { THEIRS = \"event.type\" } }");
    std::vector<std::pair<EventType, std::vector<std::string>>> types;
    for (const auto& [theirs, node] : *words) {
      const EventType ours = event_type(node, text(*words, theirs.str()));
      auto at = std::find_if(types.begin(), types.end(), [&](const auto& x) { return x.first == ours; });
      if (at == types.end()) at = types.insert(at, {ours, {}});
      at->second.emplace_back(theirs.str());
    }
    for (const auto& [ours, theirs] : types) read_repeated(t, ours, &theirs);
  }

  // `words`: those of the column of `type` that lead to this type; null: the type is fixed.
  void read_repeated(const toml::table& t, EventType type, const std::vector<std::string>* words) {
    const toml::node* repeat = t.get("repeat");
    const std::int64_t times = integer(t, "repeat", 1, limits::kMappingRepeats);
    if (repeat != nullptr && times < 1) complain(*repeat, "'repeat' must be 1 or more");
    if (repeat != nullptr && t.contains("each"))
      complain(*repeat, "'repeat' is for numbered columns and 'each' for an array; an event has one of them");
    for (std::int64_t n = 1; n <= times && !error(); ++n) {
      repetition_ = repeat == nullptr ? 0 : n;
      EventRule rule = read_event(t, type);
      if (words != nullptr) {
        const auto columns = columns_at(*t["type"].as_table(), "column");
        if (columns.size() != 1) complain(*t.get("type"), "'column' must name one column");
        if (columns.size() == 1) rule.when.push_back({columns[0], *words, {}, {}});
      }
      mapping_.events.push_back(std::move(rule));
    }
    repetition_ = 0;
  }

  void read_each(const toml::table& t, EventRule& rule) {
    const toml::node* each = t.get("each");
    rule.is_repeated = repetition_ > 0 || each != nullptr;
    if (each == nullptr) return;
    const std::string path = text(t, "each");
    if (mapping_.layout != Layout::json_lines || path.empty())
      return complain(*each, "'each' names an array of JSON lines; numbered columns take 'repeat'");
    auto at = std::find(mapping_.arrays.begin(), mapping_.arrays.end(), path);
    if (at == mapping_.arrays.end()) at = mapping_.arrays.insert(at, path);
    rule.each = static_cast<std::size_t>(at - mapping_.arrays.begin());
  }

  EventRule read_event(const toml::table& t, EventType type) {
    known_keys(t, kEventKeys);
    EventRule rule;
    rule.type = type;
    rule.op = word<Op>(t, "op", Op::assert_, {{"assert", Op::assert_}, {"correct", Op::correct}, {"void", Op::void_}});
    rule.classifier = classifier(t);
    read_each(t, rule);
    if (const toml::table* when = table_at(t, "when")) read_when(*when, rule);
    rule.key = columns_at(t, "key");
    if (rule.op != Op::assert_ && rule.key.empty())
      complain(t, "op correct and void need 'key': the columns that name what they act on");
    if (!t.contains("time")) complain(t, "the key 'time' is missing");
    rule.time = read_time(t, "time").value_or(0);
    rule.reported = read_time(t, "reported");
    rule.received = read_time(t, "received");
    rule.time_error_s = integer(t, "time_error_s", 0, 30 * kDayS);
    rule.clock_offset_s = integer(t, "clock_offset_s", clock_offset_s_, kDayS, -kDayS);
    rule.checked = checked(t, mapping_.checked);
    const toml::array* fields = t["fields"].as_array();
    if (fields == nullptr) complain(t, "the key 'fields' is missing: an array of { to = ..., from = ... }");
    if (fields != nullptr)
      for (const toml::node& node : *fields) {
        if (!node.is_table()) complain(node, "each of 'fields' must be a table { to = ..., from = ... }");
        if (node.is_table()) rule.fields.push_back(read_field(*node.as_table(), rule));
      }
    return rule;
  }

  void read_when(const toml::table& when, EventRule& rule) {
    for (const auto& [key, node] : when) {
      Condition condition;
      condition.column = column(std::string(key.str()), node);
      if (const toml::table* listed = node.as_table()) {
        read_listed(*listed, rule, condition);
        rule.when.push_back(std::move(condition));
        continue;
      }
      sort_words(texts(node, key.str()), condition.any_of, condition.none_of);
      rule.when.push_back(std::move(condition));
    }
  }

  // { words = "bacnet_access" }: the words of the list that stand for the type of this event. { match = "^Failed " }:
  // an expression that the text must hold.
  void read_listed(const toml::table& t, const EventRule& rule, Condition& condition) {
    static constexpr std::string_view kKeys[] = {"match", "words"};
    known_keys(t, kKeys);
    int groups = 0;
    condition.match = expression(t, "match", groups);
    if (!t.contains("words")) {
      if (!condition.match) complain(t, "a condition in braces needs 'match' or 'words'");
      return;
    }
    for (const ListedWord& word : word_list(t))
      if (word.type == rule.type) condition.any_of.push_back(word.theirs);
    if (condition.any_of.empty())
      complain(t, fmt::format("'{}' has no word for {}", text(t, "words"), info(rule.type).name));
  }

  std::span<const ListedWord> word_list(const toml::table& t) {
    const std::string name = text(t, "words", true);
    const auto words = find_word_list(name);
    if (words.empty() && t.contains("words"))
      complain(*t.get("words"), fmt::format("there is no word list '{}'; it must be one of: {}", name,
                                            fmt::join(word_list_names(), ", ")));
    return words;
  }

  void read_words(const toml::table& t, FieldRule& rule) {
    const toml::node* node = t.get("words");
    if (node != nullptr && node->is_string()) {
      for (const ListedWord& word : word_list(t)) rule.words.emplace_back(word.theirs, word.ours);
      return;
    }
    if (const toml::table* words = table_at(t, "words"))
      for (const auto& [theirs, ours] : *words)
        rule.words.emplace_back(std::string(theirs.str()), text(*words, theirs.str()));
  }

  FieldRule read_field(const toml::table& t, const EventRule& event) {
    known_keys(t, kFieldKeys);
    FieldRule rule;
    read_target(t, rule);
    rule.from = columns_at(t, "from");
    if (t.contains("join")) rule.join = text(t, "join");
    rule.constant = numbered(text(t, "value"));
    read_lookup(*this, t, rule);
    if ((rule.from.empty() ? 0 : 1) + (rule.constant.empty() ? 0 : 1) + (t.contains("lookup") ? 1 : 0) != 1)
      complain(t, "a field needs either 'from' (columns), 'value' (a constant) or 'lookup' (a table)");
    const FieldInfo& field = info(rule.field);
    // Numbers of boxes, ships and plates are compared in squeezed form everywhere; a place or a code list is not.
    const bool squeezed = rule.target == Target::field &&
                          (field.identifier == IdentifierRule::iso6346 || field.identifier == IdentifierRule::imo ||
                           field.identifier == IdentifierRule::mmsi ||
                           field.identifier == IdentifierRule::vin || field.personal == PersonalClass::plate);
    rule.form = form(t, squeezed ? Form::squeeze : Form::as_is);
    int groups = 0;
    rule.capture = expression(t, "capture", groups);
    rule.group = static_cast<int>(integer(t, "group", std::min(groups, 1), 99));
    if (rule.capture && rule.group > groups)
      complain(t, fmt::format("'group' is {} but 'capture' has {} groups", rule.group, groups));
    read_split(t, field, rule);
    read_words(t, rule);
    read_number(t, field, rule);
    read_field_time(t, field, rule);
    rule.checked = checked(t, event.checked);
    return rule;
  }

  void read_target(const toml::table& t, FieldRule& rule) {
    const std::string to = text(t, "to", true);
    if (to == "event.facility") rule.target = Target::facility;
    if (to == "event.classifier") rule.target = Target::classifier;
    const auto field = find_field(to);
    const toml::node& at = t.contains("to") ? *t.get("to") : static_cast<const toml::node&>(t);
    if (!field) {
      complain(at, unknown_name("field", to, nearest_field(to)));
      return;
    }
    rule.field = *field;
    if (info(*field).is_fact)
      complain(at, fmt::format("'{}' is a fact that timelines compute; a feed cannot state it", to));
    if (rule.target == Target::field && (to == "event.type" || to == "event.feed"))
      complain(at, fmt::format("'{}' is set by the mapping itself", to));
  }

  void read_split(const toml::table& t, const FieldInfo& field, FieldRule& rule) {
    const toml::node* node = t.get("split");
    if (node == nullptr) return;
    rule.split = texts(*node, "split");
    if (rule.split.empty() || std::any_of(rule.split.begin(), rule.split.end(), [](auto& s) { return s.empty(); }))
      complain(*node, "'split' must be the text that stands between values, or several such texts");
    if (!field.is_list)
      complain(*node, fmt::format("'{}' holds one value; only a list field can be split", field.name));
  }

  void read_number(const toml::table& t, const FieldInfo& field, FieldRule& rule) {
    const bool is_number =
        rule.target == Target::field && (field.kind == Kind::integer || field.kind == Kind::decimal);
    for (const std::string_view key : {"number", "unit"})
      if (const toml::node* node = t.get(key); node != nullptr && !is_number)
        complain(*node, fmt::format("'{}' belongs to fields that hold a number; '{}' does not", key, field.name));
    if (const toml::node* node = t.get("number")) {
      const auto form = number_form(text(t, "number"));
      if (!form)
        complain(*node, fmt::format("'number' is '{}'; it must be one of: {}", text(t, "number"), kNumberForms));
      rule.number = form.value_or(NumberForm{});
    }
    if (const toml::node* node = t.get("unit")) {
      rule.unit = find_unit(text(t, "unit"), field.unit);
      if (!rule.unit || field.kind != Kind::decimal)
        complain(*node, fmt::format("'{}' is no unit that becomes {} of '{}'", text(t, "unit"),
                                    field.unit.empty() ? "the unit" : field.unit, field.name));
    }
    if (field.kind != Kind::boolean || rule.target != Target::field) return;
    for (const auto& [theirs, ours] : rule.words)
      if (ours != "true" && ours != "false")
        complain(*t.get("words"), fmt::format("'{}' becomes '{}'; '{}' is true or false", theirs, ours, field.name));
  }

  void read_field_time(const toml::table& t, const FieldInfo& field, FieldRule& rule) {
    const bool is_time = rule.target == Target::field && field.kind == Kind::time;
    if (!is_time) {
      for (const std::string_view key : {"format", "zone"})
        if (const toml::node* node = t.get(key))
          complain(*node, fmt::format("'{}' belongs to fields that hold a time; '{}' does not", key, field.name));
      return;
    }
    TimeFormat format = time_format(t);
    std::string own_zone = zone_for(format, t);
    rule.time = TimeRule{{}, std::move(format), std::move(own_zone), {}};
  }

  std::span<const std::string_view> described_, messages_;
  const ReadTable& read_table_;
  std::int64_t clock_offset_s_ = 0;  // of events that state none
};

bool glob(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, mark = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

}  // namespace

Result<Mapping> parse_mapping(std::string_view toml, std::string path, std::span<const std::string_view> described,
                              std::span<const std::string_view> messages, const ReadTable& read_table) {
  if (toml.size() > limits::kMappingFileBytes)
    return fail(
        ErrorCode::limit_exceeded,
        fmt::format("a mapping file may have {} bytes; this one has {}", limits::kMappingFileBytes, toml.size()),
        std::move(path));
  try {
    const toml::table document = toml::parse(toml, path);
    return MappingParser(std::move(path), described, messages, read_table).run(document);
  } catch (const toml::parse_error& e) {  // Debian's library is built to throw; it ends here
    return fail(ErrorCode::malformed, fmt::format("not valid TOML: {}", e.description()),
                fmt::format("{}:{}", path, e.source().begin.line));
  }
}

bool matches(const Mapping& mapping, std::string_view file_name) {
  return std::any_of(mapping.files.begin(), mapping.files.end(),
                     [&](const std::string& pattern) { return glob(pattern, file_name); });
}

std::set<FieldId> personal_fields(const Mapping& mapping) {
  std::set<FieldId> out;
  for (const EventRule& event : mapping.events)
    for (const FieldRule& field : event.fields)
      if (field.target == Target::field && info(field.field).personal != PersonalClass::none) out.insert(field.field);
  return out;
}

}  // namespace quaywatch::adapters::mapped
