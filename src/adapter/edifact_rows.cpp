#include "adapter/edifact_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <bitset>
#include <utility>
#include <vector>

#include "adapter/edifact_table.h"
#include "adapter/edifact_values.h"
#include "base/limits.h"
#include "base/text.h"

namespace quaywatch::adapter {
namespace {

constexpr std::size_t kTextSlack = 16;  // bytes that an event's text may be longer than the last one's for free
constexpr std::int64_t kUnknownTimeErrorS = 86'400;  // when an event's own time is missing: a day either way

// What a level has gathered so far.
struct Draft {
  Record fields;
  std::bitset<kFieldCount> present;  // of fields
  std::optional<ReadTime> event_time, reported_at;
  std::string facility, container;
  std::string kind;  // value at an anchor's kind_at
  std::uint64_t offset = 0;
  bool has_equipment = false;

  // Keeps what it has allocated.
  void clear() {
    fields.clear();
    present.reset();
    event_time.reset();
    reported_at.reset();
    facility.clear();
    container.clear();
    kind.clear();
    offset = 0;
    has_equipment = false;
  }
};

constexpr std::uint32_t kBgm = tag_key("BGM"), kCnt = tag_key("CNT"), kUnh = tag_key("UNH"), kUnt = tag_key("UNT"),
                        kUns = tag_key("UNS");
constexpr std::size_t kLevels = static_cast<std::size_t>(Where::group) + 1;

const MessageTable& table_of(const EdifactAdapter& adapter, const codec::Message& message, EdifactContext& context) {
  const EdifactProfile* profile = context.source.edifact;
  if (context.table == nullptr || !context.table->is_for(adapter, message, profile)) {
    context.table = std::make_shared<const MessageTable>(table_for(adapter, message, profile));
    context.forms.clear();
    context.forms.resize(codec::Segment::kForms);
  }
  return *context.table;
}

class Interpreter {
 public:
  Interpreter(const EdifactAdapter& adapter, const codec::Message& message, EdifactContext& context)
      : shape_(adapter.shape),
        message_(message),
        context_(context),
        values_(message, context),
        table_(table_of(adapter, message, context)),
        standing_(levels_from(Where::header)) {}
  std::string_view run();

 private:
  struct Qualifier {
    int element = -1, component = -1;  // where it was read in the segment at hand; -1: not yet
    std::uint64_t key = 0;
    std::string_view code;
  };

  bool begin_levels(const TagRules& rules, const codec::Segment& s);
  void begin(Where where, const codec::Segment& s);
  const EventKind* find_kind(std::string_view code, const Record* fields) const;
  void read_bgm(const codec::Segment& s);
  void know(KnownForm& form, const codec::Segment& s);
  const std::vector<PlacedRow>& rows_of(KnownForm& form, const codec::Segment& s);
  void know_code(KnownForm& form, std::uint64_t code, const codec::Segment& s);
  bool read_specially(const KnownForm& form, const codec::Segment& s);
  bool read_rows(KnownForm& form, const codec::Segment& s);
  void count_unmapped(std::string_view tag);
  bool fits(const Candidate& candidate, const codec::Segment& s);
  std::uint8_t levels_from(Where first) const;
  std::string_view apply(const EdifactRow& row, const codec::Segment& s, std::string_view stated);
  void apply_clock(const EdifactRow& row, const codec::Segment& s, std::string_view stated);
  void apply_container(const codec::Segment& s, std::string_view as_stated);
  void apply_facility(const EdifactRow& row, const codec::Segment& s, std::string_view stated);
  void add_text(const EdifactRow& row, const codec::Segment& s, std::string_view text);
  void add(const EdifactRow& row, const codec::Segment& s, const Value& value);
  void finish_group(std::uint64_t end);
  void tell(std::uint64_t end);
  void gather(Record& fields);
  bool corrects_document() const {
    return shape_.function_is_operation && context_.source.edifact != nullptr &&
           context_.source.edifact->corrects_document;
  }
  void void_document();
  void set_event(Event& event, const EventKind& kind, Op op, std::uint64_t end);
  std::optional<ReadTime> report_time();
  void set_clocks(Event& event);
  void check_count(const codec::Segment& s);
  std::string_view value(const codec::Segment& s, At at) { return values_.text(s, at); }
  // Code values: ASCII by every list, so that no character set comes in. Most rows of a segment ask for the same.
  const Qualifier& qualifier(const codec::Segment& s, At at) {
    if (qualifier_.element != at.element || qualifier_.component != at.component) {
      qualifier_.code = trimmed(s.value(at.element, at.component, scratch_));
      qualifier_.key = code_key(qualifier_.code);
      qualifier_.element = at.element;
      qualifier_.component = at.component;
    }
    return qualifier_;
  }
  Draft& level(Where where) { return levels_[static_cast<std::size_t>(where)]; }
  // Of the lowest level that has one.
  template <typename T>
  const T* lowest(T Draft::* member) const {
    for (std::size_t i = kLevels; i-- > 0;)
      if (is_set(levels_[i].*member)) return &(levels_[i].*member);
    return nullptr;
  }
  static bool is_set(const std::string& s) { return !s.empty(); }
  static bool is_set(const std::optional<ReadTime>& t) { return t.has_value(); }
  static bool is_set(bool b) { return b; }

  const EdifactShape& shape_;
  const codec::Message& message_;
  EdifactContext& context_;
  EdifactValues values_;
  const MessageTable& table_;
  std::string document_, function_, scratch_, key_;
  Qualifier qualifier_;
  Draft levels_[kLevels];
  // A segment speaks of the level it stands in, and of those that it begins.
  Where current_ = Where::header;
  std::uint8_t standing_;            // level_bit of each that rows may speak of where a segment begins none
  std::uint8_t levels_at_hand_ = 0;  // the same of the segment at hand
  Draft* target_ = &levels_[0];  // of the row at hand
  std::vector<std::pair<Draft, std::uint64_t>> held_;  // groups and their ends, where the header trails
  std::optional<ReadTime> prepared_;  // the interchange, once an event asked for it
  bool in_group_ = false, document_voided_ = false;
  std::uint64_t groups_ = 0;
  std::size_t last_cells_ = 0, last_bytes_ = 0;  // of the last event: the next one will be about as large
};

std::string_view Interpreter::run() {
  codec::SegmentReader reader = message_.reader();
  codec::Segment& s = context_.segment;
  std::uint64_t end = message_.offset;
  KnownForm formless;
  while (reader.next(s)) {
    if (s.fault() != codec::SegmentFault::none) continue;
    const std::uint64_t number = s.form_number();
    KnownForm& form = number == 0 ? formless : context_.forms[s.form()];
    if (number == 0 || form.number != number) [[unlikely]] know(form, s);
    qualifier_.element = -1;
    levels_at_hand_ = standing_;
    bool known = false;
    if (!form.has_rows_alone) {
      if (form.tag == kUnh || form.tag == kUnt || form.tag == kUns) continue;
      if (form.tag == kBgm) read_bgm(s);
      if (form.rules != nullptr && !begin_levels(*form.rules, s)) return "bgm_not_mapped";
      known = read_specially(form, s);
    }
    if (form.rules != nullptr) known |= read_rows(form, s);
    if (!known) count_unmapped(s.tag());
    end = s.end();
  }
  if (groups_ == 0 && shape_.whole_message) {
    in_group_ = true;
    level(Where::group).offset = message_.offset;
    groups_ = 1;
  }
  finish_group(end);
  void_document();
  for (auto& [group, group_end] : held_) {
    level(Where::group) = std::move(group);
    tell(group_end);
  }
  return {};
}

// Keeps what its codes have allocated: where forms change all the time it is done all the time.
void Interpreter::know(KnownForm& form, const codec::Segment& s) {
  form.number = s.form_number();
  form.tag = tag_key(s.tag());
  form.rules = table_.find(form.tag);
  form.has_rows_alone = form.number != 0 && form.rules != nullptr && form.rules->anchors.empty() && form.tag != kBgm &&
                        form.tag != kCnt;
  form.code_size = 0;
  for (KnownCode& known : form.codes) known.is_set = false;
  if (form.rules == nullptr || form.rules->choices.empty()) return;
  const At at = form.rules->qualifier_at;
  const std::string_view code = s.raw(at.element, at.component);
  if (code.empty()) return;
  form.code_begin = static_cast<std::uint32_t>(code.data() - s.text().data());
  form.code_size = static_cast<std::uint32_t>(code.size());
}

// Of the rows that the table has for segments of this form, those that its code leaves.
inline const std::vector<PlacedRow>& Interpreter::rows_of(KnownForm& form, const codec::Segment& s) {
  std::uint64_t code = 0;
  if (form.code_size != 0) {
    const std::string_view raw(s.text().data() + form.code_begin, form.code_size);
    code = s.is_folded() ? qualifier(s, form.rules->qualifier_at).key : code_key(trimmed(raw));
  }
  for (const KnownCode& known : form.codes)
    if (known.is_set && known.code == code) return known.rows;
  know_code(form, code, s);
  return form.codes[0].rows;
}

void Interpreter::know_code(KnownForm& form, std::uint64_t code, const codec::Segment& s) {
  std::swap(form.codes[0], form.codes[1]);
  KnownCode& known = form.codes[0];
  known.is_set = true;
  known.code = code;
  known.rows.clear();
  for (const Candidate& candidate : form.rules->rows_for(code)) {
    const std::string_view raw = s.raw(candidate.row->source.element, candidate.row->source.component);
    const auto begin = raw.empty() ? 0 : raw.data() - s.text().data();
    known.rows.push_back({&candidate, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(raw.size())});
  }
}

// False when the header says that the message means nothing here.
bool Interpreter::begin_levels(const TagRules& rules, const codec::Segment& s) {
  std::optional<Where> first;
  for (const Anchor* anchor : rules.anchors) {
    if (!anchor->qualifiers.empty() && !lists(anchor->qualifiers, qualifier(s, anchor->qualifier_at).code)) continue;
    if (anchor->where != Where::header) {
      begin(anchor->where, s);
      if (!first) first = anchor->where;
    }
    if (anchor->kind_at.element == 0) continue;
    const std::string_view kind = value(s, anchor->kind_at);
    const bool known = find_kind(kind, nullptr) != nullptr;
    if (!known) count_unknown_code(context_, s.tag(), kind, s.offset());
    if (!known && anchor->where == Where::header) return false;
    Draft& draft = level(anchor->where);
    if (draft.kind.empty()) draft.kind = kind;
  }
  if (first) levels_at_hand_ = levels_from(*first);
  return true;
}

void Interpreter::begin(Where where, const codec::Segment& s) {
  finish_group(s.offset());
  for (std::size_t i = static_cast<std::size_t>(where); i < kLevels; ++i) levels_[i].clear();
  level(where).offset = s.offset();
  current_ = where;
  standing_ = levels_from(where);
  in_group_ = where == Where::group;
  if (in_group_) level(where).fields.reserve(last_cells_, last_bytes_ + kTextSlack);
  groups_ += in_group_ ? 1 : 0;
}

// By code alone where there are no fields yet.
const EventKind* Interpreter::find_kind(std::string_view code, const Record* fields) const {
  for (const EventKind* kind : table_.kinds) {
    if (kind->code != "*" && kind->code != code) continue;
    if (fields == nullptr || !kind->needs) return kind;
    const Value v = fields->get(*kind->needs);
    if (!v.is_absent() && (kind->value.empty() || v.text == kind->value)) return kind;
  }
  return nullptr;
}

void Interpreter::read_bgm(const codec::Segment& s) {
  document_ = value(s, {2, 0});
  function_ = value(s, {3, 0});
}

bool Interpreter::fits(const Candidate& candidate, const codec::Segment& s) {
  if ((candidate.level & levels_at_hand_) == 0) return false;
  if (candidate.only_level) return true;
  const EdifactRow& row = *candidate.row;
  const auto fit = [&](const CodeSet& codes, At at) {
    if (codes.any()) return true;
    const Qualifier& stated = qualifier(s, at);
    return codes.holds(stated.key, stated.code);
  };
  if (!row.documents.empty() && !lists(row.documents, level(Where::header).kind)) return false;
  return fit(candidate.qualifiers, row.qualifier_at) && fit(candidate.also, row.also_at);
}

// Of rows: the levels that the segment begins or stands in, `anywhere`, and the header where it trails.
std::uint8_t Interpreter::levels_from(Where first) const {
  const auto from_first = 0U - level_bit(first);
  const auto to_current = level_bit(current_) * 2U - 1;
  const unsigned trailing = shape_.header_trails ? level_bit(Where::header) : 0U;
  return static_cast<std::uint8_t>((from_first & to_current) | trailing | level_bit(Where::anywhere));
}

// What the table does not say of it; true: the tag is known here.
bool Interpreter::read_specially(const KnownForm& form, const codec::Segment& s) {
  bool known = form.tag == kBgm;
  if (form.tag == kCnt && qualifier(s, {1, 0}).code == "16") {
    check_count(s);
    known = true;
  }
  if (s.has_dropped_elements())
    values_.finding("too_many_elements", s.tag(), "", s,
                    fmt::format("elements behind the {}th are not read", limits::kSegmentElements));
  return known;
}

// True where a row fits.
inline bool Interpreter::read_rows(KnownForm& form, const codec::Segment& s) {
  bool known = false;
  for (const PlacedRow& placed : rows_of(form, s)) {
    if (!fits(*placed.candidate, s)) continue;
    known = true;
    const EdifactRow& row = *placed.candidate->row;
    target_ = &level(row.where == Where::anywhere ? current_ : row.where);
    const std::string_view stated = values_.text(s, {s.text().data() + placed.begin, placed.size});
    add_text(row, s, row.convert == Convert::text ? stated : apply(row, s, stated));
  }
  return known;
}

void Interpreter::count_unmapped(std::string_view tag) {
  auto& tags = context_.unmapped_tags;
  const auto at = tags.find(tag);
  if (at != tags.end()) {
    ++at->second;
  } else {
    ++tags[tags.size() < limits::kUnmappedTags ? std::string(tag) : "other"];
  }
}

// What is left to be added as text.
std::string_view Interpreter::apply(const EdifactRow& row, const codec::Segment& s, std::string_view stated) {
  switch (row.convert) {
    case Convert::event_time:
    case Convert::reported_at:
      return apply_clock(row, s, stated), std::string_view();
    case Convert::facility:
    case Convert::port:
      return apply_facility(row, s, stated), std::string_view();
    case Convert::container_number:
      return apply_container(s, stated), std::string_view();
    case Convert::kg:
    case Convert::celsius:
    case Convert::time:
      if (row.field) add(row, s, values_.number(row, s, stated));
      return {};
    default:
      return row.field ? values_.word(row, s, stated) : std::string_view();
  }
}

// Expanded: what nearly every row does.
[[gnu::always_inline]] inline void Interpreter::add_text(const EdifactRow& row, const codec::Segment& s,
                                                         std::string_view text) {
  if (text.empty() || !row.field) return;
  auto present = target_->present[static_cast<std::size_t>(*row.field)];
  if (present || !target_->fields.add_text(*row.field, text)) [[unlikely]] return add(row, s, as_text(text));
  present = true;
}

void Interpreter::add(const EdifactRow& row, const codec::Segment& s, const Value& v) {
  if (v.is_absent()) return;
  Record& fields = target_->fields;
  const auto field = static_cast<std::size_t>(*row.field);
  if (target_->present.test(field) && !info(*row.field).is_list) {
    const Value before = fields.get(*row.field);
    if (to_text(before) != to_text(v))
      values_.finding("value_repeated", info(*row.field).name, to_text(v), s,
                      fmt::format("{} was '{}' already; the first is kept", info(*row.field).name, to_text(before)));
    return;
  }
  if (fields.add(*row.field, v))
    target_->present.set(field);
  else
    values_.finding("event_too_large", info(*row.field).name, "", s,
                    "the record has more values than one event may hold");
}

void Interpreter::apply_clock(const EdifactRow& row, const codec::Segment& s, std::string_view stated) {
  const bool is_event = row.convert == Convert::event_time;
  const auto t = values_.time(s, row.source, stated, is_event);
  if (!t) return;
  (is_event ? target_->event_time : target_->reported_at) = t;
}

void Interpreter::apply_container(const codec::Segment& s, std::string_view as_stated) {
  target_->has_equipment = true;
  IdentifierCheck check = check_container_number(as_stated);
  std::string_view number = as_stated;
  if (check != IdentifierCheck::good) {
    number = values_.squeezed(as_stated);
    check = check_container_number(number);
  }
  if (number.empty()) {
    values_.finding("container_id_blank", "container.number", "", s,
                    "a container without number; the event is kept without it");
    return;
  }
  if (check == IdentifierCheck::malformed) {
    values_.finding(
        "container_id_malformed", "container.number", as_stated, s,
        fmt::format("'{}' is no ISO 6346 number; the event is kept without it", as_stated.substr(0, kFindingBytes)));
    return;
  }
  if (check != IdentifierCheck::good) {
    const auto digit = container_check_digit(number.substr(0, 10));
    values_.finding(
        name(check), "container.number", as_stated, s,
        check == IdentifierCheck::check_digit
            ? fmt::format("{}: the check digit should be {}", display_container_number(number), digit.value_or(0))
            : fmt::format("{}: the fourth letter is no equipment category", display_container_number(number)));
  }
  if (!target_->container.empty() && target_->container != number)
    return values_.finding("value_repeated", "container.number", as_stated, s,
                           fmt::format("container.number was '{}' already; the first is kept", target_->container));
  if (target_->container.empty()) {
    target_->fields.add_text(FieldId::container_number, number);
    target_->present.set(static_cast<std::size_t>(FieldId::container_number));
  }
  target_->container = number;
}

void Interpreter::apply_facility(const EdifactRow& row, const codec::Segment& s, std::string_view stated) {
  const std::string_view place = values_.kept(s, stated);
  const std::string_view terminal = value(s, {static_cast<std::uint8_t>(row.source.element + 1), 0});
  if (place.empty()) return;
  if (terminal.empty() && row.convert == Convert::facility && !context_.source.facility.empty()) return;
  target_->facility = place;
  if (!terminal.empty()) target_->facility.append(1, '/').append(terminal);
}

void Interpreter::check_count(const codec::Segment& s) {
  const std::string_view stated = value(s, {1, 1});
  if (stated != fmt::format("{}", groups_))
    values_.finding("count_mismatch", "CNT", stated, s,
                    fmt::format("CNT states {} pieces of equipment, counted {}", stated, groups_));
}

std::optional<ReadTime> Interpreter::report_time() {
  if (const auto* stated = lowest(&Draft::reported_at)) return *stated;
  const auto& prepared = message_.interchange->prepared;
  if (prepared && !prepared_) prepared_ = values_.to_utc({*prepared, 60}, message_.offset, false);
  return prepared_;
}

void Interpreter::set_clocks(Event& event) {
  using Time = std::optional<ReadTime>;
  const Time reported = report_time();
  const Draft& group = level(Where::group);
  const Time* happened = lowest(&Draft::event_time);
  Time time = happened == nullptr ? Time{} : *happened;
  if (!time && shape_.is_statement) time = reported;
  if (!time) {
    time = ReadTime{reported ? reported->time : context_.source.received_at, kUnknownTimeErrorS};
    context_.sink.finding({"event_time_missing", "event_time", format_rfc3339(time->time), group.offset,
                           reported ? "the record has no readable time; placed at the time of its report"
                                    : "neither record nor envelope has a readable time; placed at the time of import"});
  }
  event.event_time = time->time;
  event.time_error_s = time->error_s;
  if (reported) event.reported_at = reported->time;
  context_.last_event_time = event.event_time;
}

void Interpreter::finish_group(std::uint64_t end) {
  if (!in_group_) return;
  in_group_ = false;
  void_document();
  if (shape_.header_trails && held_.size() < limits::kHeldGroups)
    return held_.emplace_back(std::move(level(Where::group)), end), void();
  tell(end);
}

// The values of all levels: those of the group leave it. One of a lower level hides that of a higher one; lists keep
// both.
void Interpreter::gather(Record& fields) {
  Draft& group = level(Where::group);
  constexpr Where kAbove[] = {Where::subpart, Where::part, Where::header};
  fields = std::move(group.fields);
  bool whole = true;
  for (const Where where : kAbove) {
    const Draft& above = level(where);
    if (above.fields.empty()) continue;
    if ((group.present & above.present).none() && fields.append(above.fields)) {
      group.present |= above.present;
      continue;
    }
    above.fields.each([&](FieldId field, const Value& v) {
      const auto number = static_cast<std::size_t>(field);
      if (group.present.test(number) && !info(field).is_list) return;
      group.present.set(number, fields.add(field, v) || group.present.test(number));
      whole = whole && group.present.test(number);
    });
  }
  if (!whole)
    context_.sink.finding(
        {"event_too_large", "", "", group.offset, "the record has more values than one event may hold"});
  last_cells_ = fields.size();
  last_bytes_ = fields.text_bytes();
}

// Makes the event of the group.
void Interpreter::tell(std::uint64_t end) {
  Draft& group = level(Where::group);
  if (shape_.needs_equipment && lowest(&Draft::has_equipment) == nullptr) {
    context_.sink.finding({"group_without_equipment", message_.type, "", group.offset,
                           "no container here (empty place, chassis); no event is made of it"});
    return;
  }
  boost::intrusive_ptr<Event> event(new Event);
  gather(event->fields);
  const std::string* code = lowest(&Draft::kind);
  const EventKind* kind = find_kind(code == nullptr ? "" : *code, &event->fields);
  if (kind == nullptr) {
    context_.sink.finding({"kind_missing", message_.type, code == nullptr ? "" : *code, group.offset,
                           "nothing known says what happened (BGM, status or action); no event is made of it"});
    return;
  }
  const Op op = !shape_.function_is_operation ? Op::assert_
                : function_ == "1"            ? Op::void_
                : function_ == "5"            ? Op::correct
                                              : Op::assert_;
  // What the whole document said before is void already.
  set_event(*event, *kind, op == Op::correct && document_voided_ ? Op::assert_ : op, end);
  set_clocks(*event);
  settle_clocks(*event, context_.source, group.offset, context_.sink);
  context_.sink.event(std::move(event));
}

void Interpreter::set_event(Event& event, const EventKind& kind, Op op, std::uint64_t end) {
  const Draft& group = level(Where::group);
  event.type = kind.type;
  event.classifier = kind.classifier;
  event.op = op;
  event.marking = context_.source.marking;
  event.feed = context_.source.feed;
  event.owner = context_.source.owner;
  const std::string* facility = lowest(&Draft::facility);
  event.facility = facility == nullptr ? context_.source.facility : *facility;
  event.span = {context_.source.file, group.offset, static_cast<std::uint32_t>(end - group.offset)};
  key_ = document_;
  if (key_.empty()) key_.append(message_.interchange->reference).append(1, '/').append(message_.reference);
  if (!corrects_document()) {
    const std::string* container = lowest(&Draft::container);
    key_ += '|';
    key_ += container == nullptr ? fmt::format("line {}", groups_) : *container;
    if (!group.kind.empty()) key_.append(1, '|').append(group.kind);  // several statuses of one box
  }
  event.natural_key = make_natural_key(event.feed, key_);
}

// Where the contract says that a correction replaces the whole document, all its lines have one key, and one void takes
// back what was said of them before. It lies a microsecond before the lines of the correction, which stand.
void Interpreter::void_document() {
  if (!corrects_document() || document_voided_ || (function_ != "5" && function_ != "1")) return;
  const Draft& header = level(Where::header);
  const EventKind* kind = find_kind(header.kind, nullptr);
  if (kind == nullptr || document_.empty()) return;
  document_voided_ = true;
  boost::intrusive_ptr<Event> event(new Event);
  set_event(*event, *kind, Op::void_, message_.offset);
  event->fields = header.fields;
  event->span = {context_.source.file, message_.offset, static_cast<std::uint32_t>(message_.bytes.size())};
  const auto reported = report_time();
  event->event_time = (reported ? reported->time : context_.source.received_at) - Duration{1};
  settle_clocks(*event, context_.source, message_.offset, context_.sink);
  context_.sink.event(std::move(event));
}

}  // namespace

std::string_view decode_rows(const EdifactAdapter& adapter, const codec::Message& message, EdifactContext& context) {
  return Interpreter(adapter, message, context).run();
}

void count_unknown_code(EdifactContext& context, std::string_view field, std::string_view value, std::uint64_t offset) {
  auto& codes = context.unknown_codes;
  std::pair<std::string, std::string> key(field, value.substr(0, kFindingBytes));
  if (codes.size() >= limits::kUnmappedCodes && !codes.contains(key)) key = {"other", ""};
  const auto [at, is_new] = codes.try_emplace(std::move(key));
  if (is_new) at->second.first = offset;
  ++at->second.count;
}

}  // namespace quaywatch::adapter
