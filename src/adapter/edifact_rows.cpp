#include "adapter/edifact_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "adapter/edifact_values.h"
#include "base/limits.h"
#include "base/text.h"

namespace quaywatch::adapter {
namespace {

constexpr std::int64_t kUnknownTimeErrorS = 86'400;  // when an event's own time is missing: a day either way

bool lists(std::string_view words, std::string_view word) {
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (words.substr(0, end) == word) return true;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return false;
}

bool fits_version(const EdifactRow& row, const codec::Message& m) {
  return row.versions.empty() || lists(row.versions, m.release) || lists(row.versions, m.association);
}

// Three letters in one comparison: each segment is held against each row.
std::uint32_t tag_key(std::string_view tag) {
  std::uint32_t key = 0;
  for (const char c : tag.substr(0, 3)) key = key << 8 | static_cast<std::uint8_t>(c);
  return key;
}

struct Candidate {
  std::uint32_t tag;
  const EdifactRow* row;
};

// What header or group has gathered so far.
struct Draft {
  Record fields;
  std::optional<ReadTime> event_time, reported_at;
  std::string facility;
  std::string container;
  std::uint64_t offset = 0;
  bool has_equipment = false;

  void clear() { *this = {}; }
};

class Interpreter {
 public:
  Interpreter(const EdifactAdapter& adapter, const codec::Message& message, EdifactContext& context)
      : shape_(adapter.shape), message_(message), context_(context), values_(message, context) {
    for (const EdifactRow& row : adapter.rows)
      if (fits_version(row, message)) rows_.push_back({tag_key(row.segment), &row});
  }
  std::string_view run();

 private:
  bool begins_group(const codec::Segment& s);
  std::string_view read_bgm(const codec::Segment& s);
  void read(const codec::Segment& s);
  bool fits(const EdifactRow& row, const codec::Segment& s);
  void apply(const EdifactRow& row, const codec::Segment& s);
  void apply_clock(const EdifactRow& row, const codec::Segment& s);
  void apply_container(const codec::Segment& s, At at);
  void apply_facility(const codec::Segment& s, At at);
  void add(const EdifactRow& row, const codec::Segment& s, const Value& value);
  void finish_group(std::uint64_t end);
  void set_clocks(Event& event);
  void check_count(const codec::Segment& s);
  std::string value(const codec::Segment& s, At at) { return values_.text(s, at); }
  // Code values: ASCII by every list, so that no character set comes in.
  std::string_view qualifier(const codec::Segment& s, At at) {
    return trim(s.value(at.element, at.component, scratch_));
  }
  Draft& draft() { return in_group_ ? group_ : header_; }

  const EdifactShape& shape_;
  const codec::Message& message_;
  EdifactContext& context_;
  EdifactValues values_;
  std::vector<Candidate> rows_;
  std::string kind_, document_, function_, scratch_;
  const EventKind* event_kind_ = nullptr;
  Draft header_, group_;
  bool in_group_ = false;
  std::uint64_t groups_ = 0;
};

std::string_view Interpreter::run() {
  codec::SegmentReader reader = message_.reader();
  codec::Segment& s = context_.segment;
  std::uint64_t end = message_.offset;
  while (reader.next(s)) {
    const std::string_view tag = s.tag();
    if (s.fault() != codec::SegmentFault::none || tag == "UNH" || tag == "UNT" || tag == "UNS") continue;
    if (tag == "BGM")
      if (const std::string_view ignored = read_bgm(s); !ignored.empty()) return ignored;
    if (begins_group(s)) {
      finish_group(s.offset());
      in_group_ = true;
      ++groups_;
      group_.clear();
      group_.offset = s.offset();
    }
    read(s);
    end = s.end();
  }
  finish_group(end);
  return {};
}

bool Interpreter::begins_group(const codec::Segment& s) {
  if (s.tag() != shape_.group_segment) return false;
  return shape_.group_qualifiers.empty() || lists(shape_.group_qualifiers, qualifier(s, shape_.group_qualifier_at));
}

std::string_view Interpreter::read_bgm(const codec::Segment& s) {
  kind_ = value(s, shape_.kind_at);
  document_ = value(s, {2, 0});
  function_ = value(s, {3, 0});
  for (const EventKind& kind : shape_.kinds)
    if (event_kind_ == nullptr && (kind.code == "*" || kind.code == kind_)) event_kind_ = &kind;
  if (event_kind_ != nullptr) return {};
  values_.finding(
      "bgm_not_mapped", "BGM", kind_, s,
      fmt::format("{} with '{}' in BGM means nothing here; its containers are not used", message_.type, kind_));
  return "bgm_not_mapped";
}

bool Interpreter::fits(const EdifactRow& row, const codec::Segment& s) {
  if (row.where != (in_group_ ? Where::group : Where::header)) return false;
  if (!row.documents.empty() && !lists(row.documents, kind_)) return false;
  if (!row.qualifiers.empty() && !lists(row.qualifiers, qualifier(s, row.qualifier_at))) return false;
  return row.also.empty() || lists(row.also, qualifier(s, row.also_at));
}

void Interpreter::read(const codec::Segment& s) {
  bool known = s.tag() == "BGM";
  if (s.tag() == "EQD" && qualifier(s, {1, 0}) == "CN") draft().has_equipment = true;
  if (s.tag() == "CNT" && qualifier(s, {1, 0}) == "16") {
    check_count(s);
    known = true;
  }
  if (s.has_dropped_elements())
    values_.finding("too_many_elements", s.tag(), "", s,
                    fmt::format("elements behind the {}th are not read", limits::kSegmentElements));
  const std::uint32_t tag = tag_key(s.tag());
  for (const Candidate& candidate : rows_) {
    if (candidate.tag != tag || !fits(*candidate.row, s)) continue;
    known = true;
    apply(*candidate.row, s);
  }
  if (known) return;
  auto& tags = context_.unmapped_tags;
  const auto at = tags.find(s.tag());
  if (at != tags.end()) {
    ++at->second;
  } else {
    ++tags[tags.size() < limits::kUnmappedTags ? std::string(s.tag()) : "other"];
  }
}

void Interpreter::apply(const EdifactRow& row, const codec::Segment& s) {
  switch (row.convert) {
    case Convert::event_time:
    case Convert::reported_at:
      return apply_clock(row, s);
    case Convert::facility:
      return apply_facility(s, row.source);
    case Convert::container_number:
      return apply_container(s, row.source);
    default:
      break;
  }
  if (row.field) add(row, s, values_.read(row, s));
}

void Interpreter::add(const EdifactRow& row, const codec::Segment& s, const Value& v) {
  if (v.is_absent()) return;
  Record& fields = draft().fields;
  const Value before = fields.get(*row.field);
  if (!before.is_absent() && !info(*row.field).is_list) {
    if (to_text(before) != to_text(v))
      values_.finding("value_repeated", info(*row.field).name, to_text(v), s,
                      fmt::format("{} was '{}' already; the first is kept", info(*row.field).name, to_text(before)));
    return;
  }
  if (!fields.add(*row.field, v))
    values_.finding("event_too_large", info(*row.field).name, "", s,
                    "the record has more values than one event may hold");
}

void Interpreter::apply_clock(const EdifactRow& row, const codec::Segment& s) {
  const bool is_event = row.convert == Convert::event_time;
  const auto t = values_.time(s, row.source, is_event);
  if (!t) return;
  (is_event ? draft().event_time : draft().reported_at) = t;
}

void Interpreter::apply_container(const codec::Segment& s, At at) {
  const std::string as_stated = value(s, at);
  const std::string number = squeeze(as_stated);
  if (number.empty()) {
    values_.finding("container_id_blank", "container.number", "", s,
                    "a container without number; the event is kept without it");
    return;
  }
  const IdentifierCheck check = check_container_number(number);
  if (check == IdentifierCheck::malformed) {
    values_.finding(
        "container_id_malformed", "container.number", as_stated, s,
        fmt::format("'{}' is no ISO 6346 number; the event is kept without it", as_stated.substr(0, kFindingBytes)));
    return;
  }
  if (check != IdentifierCheck::good) {
    const auto digit = container_check_digit(std::string_view(number).substr(0, 10));
    values_.finding(
        name(check), "container.number", as_stated, s,
        check == IdentifierCheck::check_digit
            ? fmt::format("{}: the check digit should be {}", display_container_number(number), digit.value_or(0))
            : fmt::format("{}: the fourth letter is no equipment category", display_container_number(number)));
  }
  draft().container = number;
  draft().fields.add_text(FieldId::container_number, number);
}

void Interpreter::apply_facility(const codec::Segment& s, At at) {
  const std::string place = value(s, at);
  const std::string terminal = value(s, {static_cast<std::uint8_t>(at.element + 1), 0});
  if (place.empty()) return;
  // A place alone says less than what the feed's contract says.
  if (terminal.empty() && !context_.source.facility.empty()) return;
  draft().facility = terminal.empty() ? place : fmt::format("{}/{}", place, terminal);
}

void Interpreter::check_count(const codec::Segment& s) {
  const std::string stated = value(s, {1, 1});
  if (stated != fmt::format("{}", groups_))
    values_.finding("count_mismatch", "CNT", stated, s,
                    fmt::format("CNT states {} pieces of equipment, counted {}", stated, groups_));
}

void Interpreter::set_clocks(Event& event) {
  const auto& prepared = message_.interchange->prepared;
  auto reported = group_.reported_at ? group_.reported_at : header_.reported_at;
  if (!reported && prepared) reported = values_.to_utc({*prepared, 0}, group_.offset, false);
  auto time = group_.event_time ? group_.event_time : header_.event_time;
  if (!time) {
    time = ReadTime{reported ? reported->time : context_.source.received_at, kUnknownTimeErrorS};
    context_.sink.finding({"event_time_missing", "event_time", format_rfc3339(time->time), group_.offset,
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
  if (!group_.has_equipment || event_kind_ == nullptr) {
    context_.sink.finding({"group_without_equipment", std::string(shape_.group_segment), "", group_.offset,
                           "no container here (empty place, chassis), or no BGM before it; no event is made of it"});
    return;
  }
  boost::intrusive_ptr<Event> event(new Event);
  event->type = event_kind_->type;
  event->classifier = event_kind_->classifier;
  if (shape_.function_is_operation)
    event->op = function_ == "5" ? Op::correct : function_ == "1" ? Op::void_ : Op::assert_;
  event->marking = context_.source.marking;
  event->feed = context_.source.feed;
  event->owner = context_.source.owner;
  event->facility = !group_.facility.empty()    ? group_.facility
                    : !header_.facility.empty() ? header_.facility
                                                : context_.source.facility;
  event->span = {context_.source.file, group_.offset, static_cast<std::uint32_t>(end - group_.offset)};
  const std::string document =
      document_.empty() ? fmt::format("{}/{}", message_.interchange->reference, message_.reference) : document_;
  event->natural_key = make_natural_key(
      event->feed,
      fmt::format("{}|{}", document, group_.container.empty() ? fmt::format("line {}", groups_) : group_.container));
  event->fields = std::move(group_.fields);
  bool whole = true;
  header_.fields.each([&](FieldId field, const Value& v) {
    if (info(field).is_list || !event->fields.has(field)) whole = event->fields.add(field, v) && whole;
  });
  if (!whole)
    context_.sink.finding(
        {"event_too_large", "", "", group_.offset, "the record has more values than one event may hold"});
  set_clocks(*event);
  settle_clocks(*event, context_.source, group_.offset, context_.sink);
  context_.sink.event(std::move(event));
}

}  // namespace

std::string_view decode_rows(const EdifactAdapter& adapter, const codec::Message& message, EdifactContext& context) {
  return Interpreter(adapter, message, context).run();
}

std::string mapping_line(const EdifactRow& row) {
  const auto target = [&]() -> std::string_view {
    if (row.field) return info(*row.field).name;
    if (row.convert == Convert::facility) return "(facility)";
    return row.convert == Convert::event_time ? "(event time)" : "(reported at)";
  };
  std::string conditions;
  if (!row.versions.empty()) conditions += fmt::format("; only {}", row.versions);
  if (!row.documents.empty()) conditions += fmt::format("; only BGM {}", row.documents);
  if (!row.also.empty())
    conditions += fmt::format("; only where {}.{} is {}", row.also_at.element, row.also_at.component, row.also);
  return fmt::format("| {} {}{}{} | {}.{} | `{}` | {}{} | {} |", row.where == Where::header ? "header" : "group",
                     row.segment, row.qualifiers.empty() ? "" : "+", row.qualifiers, row.source.element,
                     row.source.component, target(), row.note, conditions, name(row.checked));
}

}  // namespace quaywatch::adapter
