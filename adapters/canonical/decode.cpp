#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "adapters/canonical/canonical.h"
#include "base/limits.h"
#include "base/text.h"
#include "codec/json_plain.h"
#include "model/identifiers.h"

namespace quaywatch::adapters::canonical {
namespace {

using codec::JsonKind;
using codec::JsonMember;

struct Refusal {
  std::string_view reason;
  std::string message;
};
using Refused = std::optional<Refusal>;

Refused bad_value(const JsonMember& m, std::string_view wanted) {
  return Refusal{"bad_value", fmt::format("'{}' must be {}, not '{}'", m.path, wanted, m.text.substr(0, 80))};
}

// --- readers of one value -----------------------------------------------------------------------------------------

Refused read(const JsonMember& m, std::string& out) {
  if (m.kind != JsonKind::text) return bad_value(m, "text in quotes");
  out = m.text;
  return {};
}

Refused read(const JsonMember& m, Timestamp& out) {
  const auto t = m.kind == JsonKind::text ? parse_rfc3339(m.text) : fail(ErrorCode::malformed, "");
  if (!t)
    return Refusal{"bad_time",
                   fmt::format("'{}' must be an RFC 3339 time with offset such as \"2026-10-23T17:52:14Z\", not '{}'",
                               m.path, m.text.substr(0, 80))};
  out = *t;
  return {};
}

Refused read(const JsonMember& m, std::int64_t& out) {
  const char* const end = m.text.data() + m.text.size();
  const auto parsed = std::from_chars(m.text.data(), end, out);
  if (m.kind != JsonKind::number || parsed.ec != std::errc{} || parsed.ptr != end)
    return bad_value(m, "a whole number");
  return {};
}

template <typename E>
Refused read_word(const JsonMember& m, std::span<const E> words, E& out) {
  std::string wanted = "one of";
  for (const E e : words) {
    if (m.kind == JsonKind::text && m.text == name(e)) {
      out = e;
      return {};
    }
    wanted += fmt::format(" {}", name(e));
  }
  return bad_value(m, wanted);
}

Refused read(const JsonMember& m, Op& out) {
  static constexpr Op kAll[] = {Op::assert_, Op::correct, Op::void_};
  return read_word<Op>(m, kAll, out);
}

Refused read(const JsonMember& m, Classifier& out) {
  static constexpr Classifier kAll[] = {Classifier::actual, Classifier::planned, Classifier::estimated,
                                        Classifier::requested};
  return read_word<Classifier>(m, kAll, out);
}

Refused read(const JsonMember& m, Marking& out) {
  static constexpr Marking kAll[] = {Marking::clear, Marking::green, Marking::amber, Marking::amber_strict,
                                     Marking::red};
  return read_word<Marking>(m, kAll, out);
}

Refused read(const JsonMember& m, Id128& out) {
  if (m.kind != JsonKind::text || !Id128::parse(m.text, out)) return bad_value(m, "32 hexadecimal digits");
  return {};
}

Refused read(const JsonMember& m, Duration& out) {
  const auto d = m.kind == JsonKind::text ? parse_timespan(m.text) : fail(ErrorCode::malformed, "");
  if (!d) return bad_value(m, "a timespan such as \"6h\"");
  out = *d;
  return {};
}

Refused unknown_type(std::string_view word) {
  const auto near = nearest_event_type(word);
  return Refusal{"unknown_type", near.empty() ? fmt::format("there is no event type '{}'", word.substr(0, 80))
                                              : fmt::format("there is no event type '{}'; the nearest is '{}'",
                                                            word.substr(0, 80), near)};
}

// `out` comes with a guess, such as the type of the line before.
Refused read(const JsonMember& m, EventType& out) {
  if (m.kind == JsonKind::text && m.text == info(out).name) return {};
  if (m.kind != JsonKind::text) return bad_value(m, "an event type in quotes");
  const auto type = find_event_type(m.text);
  if (!type) return unknown_type(m.text);
  out = *type;
  return {};
}

Refused read(const JsonMember& m, std::vector<EventType>& out) {
  EventType type{};
  if (auto refused = read(m, type)) return refused;
  out.push_back(type);
  return {};
}

// --- the four kinds of line -----------------------------------------------------------------------------------------

struct EventLine {
  boost::intrusive_ptr<Event> event{new Event};
  std::string key;
};

template <typename T>
struct KeyRow {
  std::string_view name;
  Refused (*set)(T& line, const JsonMember& m);
  bool required = false;
  bool is_list = false;
};

constexpr KeyRow<EventLine> kEventKeys[] = {
    {"type", [](EventLine& l, const JsonMember& m) { return read(m, l.event->type); }, true},
    {"op", [](EventLine& l, const JsonMember& m) { return read(m, l.event->op); }},
    {"key", [](EventLine& l, const JsonMember& m) { return read(m, l.key); }},
    {"natural_key", [](EventLine& l, const JsonMember& m) { return read(m, l.event->natural_key); }},
    {"classifier", [](EventLine& l, const JsonMember& m) { return read(m, l.event->classifier); }},
    {"facility", [](EventLine& l, const JsonMember& m) { return read(m, l.event->facility); }},
    {"owner", [](EventLine& l, const JsonMember& m) { return read(m, l.event->owner); }},
    {"feed", [](EventLine& l, const JsonMember& m) { return read(m, l.event->feed); }},
    {"marking", [](EventLine& l, const JsonMember& m) { return read(m, l.event->marking); }},
    {"event_time", [](EventLine& l, const JsonMember& m) { return read(m, l.event->event_time); }, true},
    {"reported_at", [](EventLine& l, const JsonMember& m) { return read(m, l.event->reported_at); }},
    {"received_at", [](EventLine& l, const JsonMember& m) { return read(m, l.event->received_at); }},
    {"time_error_s", [](EventLine& l, const JsonMember& m) { return read(m, l.event->time_error_s); }},
    {"event_id", [](EventLine&, const JsonMember&) { return Refused{}; }},  // derived again from the content
};
constexpr KeyRow<CoverageStatement> kCoverageKeys[] = {
    {"type", [](CoverageStatement&, const JsonMember&) { return Refused{}; }, true},
    {"feed", [](CoverageStatement& c, const JsonMember& m) { return read(m, c.feed); }},
    {"facility", [](CoverageStatement& c, const JsonMember& m) { return read(m, c.facility); }},
    {"types", [](CoverageStatement& c, const JsonMember& m) { return read(m, c.types); }, true, true},
    {"from", [](CoverageStatement& c, const JsonMember& m) { return read(m, c.from); }, true},
    {"until", [](CoverageStatement& c, const JsonMember& m) { return read(m, c.until); }, true},
    {"stated_at", [](CoverageStatement& c, const JsonMember& m) { return read(m, c.stated_at); }},
};
constexpr KeyRow<FeedExpectation> kExpectationKeys[] = {
    {"type", [](FeedExpectation&, const JsonMember&) { return Refused{}; }, true},
    {"feed", [](FeedExpectation& e, const JsonMember& m) { return read(m, e.feed); }},
    {"facility", [](FeedExpectation& e, const JsonMember& m) { return read(m, e.facility); }},
    {"types", [](FeedExpectation& e, const JsonMember& m) { return read(m, e.types); }, true, true},
    {"lateness", [](FeedExpectation& e, const JsonMember& m) { return read(m, e.lateness); }, true},
    {"stated_at", [](FeedExpectation& e, const JsonMember& m) { return read(m, e.stated_at); }, true},
};
constexpr KeyRow<Timestamp> kTickKeys[] = {
    {"type", [](Timestamp&, const JsonMember&) { return Refused{}; }, true},
    {"at", [](Timestamp& t, const JsonMember& m) { return read(m, t); }, true},
};

// --- keys -----------------------------------------------------------------------------------------------------------

// Position of a key: in kEventKeys, or a field of the catalogue. One hash instead of a search per key and line.
struct KeyTarget {
  bool is_header = false;
  std::uint16_t index = 0;
};

using KeyTargets = std::unordered_map<std::string_view, KeyTarget>;

const KeyTargets& event_key_targets() {
  static const auto targets = [] {
    KeyTargets out;
    for (std::uint16_t i = 0; i < kFieldCount; ++i) out[info(static_cast<FieldId>(i)).name] = {false, i};
    for (std::uint16_t i = 0; i < std::size(kEventKeys); ++i) out[kEventKeys[i].name] = {true, i};
    return out;
  }();
  return targets;
}

// The keys of a feed's lines stand in the same order: each place remembers its key, which is compared before any key is
// looked up.
class KeyPlaces {
 public:
  using Known = KeyTargets::value_type;

  // Null: no such key.
  const Known* find(std::size_t place, std::string_view key) {
    const Known*& last = last_[place % last_.size()];
    if (last != nullptr && last->first == key) return last;
    const auto it = event_key_targets().find(key);
    return it == event_key_targets().end() ? nullptr : last = &*it;
  }
  // Reads a key and its colon; null: not plain, or no such key.
  const Known* read(std::size_t place, codec::PlainCursor& in) {
    const Known* const last = last_[place % last_.size()];
    if (last != nullptr && in.take_key(last->first)) return last;
    std::string_view key;
    return in.text(key) && in.take(':') ? find(place, key) : nullptr;
  }

 private:
  std::array<const Known*, 32> last_{};
};

Refused unknown_key(std::string_view key, std::span<const std::string_view> known) {
  const auto near = nearest(key, known);
  return Refusal{"unknown_key", near.empty()
                                    ? fmt::format("unknown key '{}'", key.substr(0, 80))
                                    : fmt::format("unknown key '{}'; the nearest is '{}'", key.substr(0, 80), near)};
}

Refused repeated_key(std::string_view key) {
  return Refusal{"repeated_key", fmt::format("'{}' holds one value and stands here more than once", key)};
}

// Sets one header key; `seen` has a bit for every row met so far.
template <typename T>
Refused set_key(const KeyRow<T>& row, std::uint32_t bit, std::uint32_t& seen, const JsonMember& m, T& line) {
  if (m.kind == JsonKind::null) return {};
  if ((seen & bit) != 0 && !row.is_list) return repeated_key(row.name);
  seen |= bit;
  return row.set(line, m);
}

template <typename T, std::size_t N>
constexpr std::uint32_t required_bits(const KeyRow<T> (&rows)[N]) {
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < N; ++i) bits |= rows[i].required ? 1U << i : 0U;
  return bits;
}

template <const auto& rows>
Refused missing_key(std::uint32_t seen) {
  constexpr std::uint32_t kRequired = required_bits(rows);
  if ((seen & kRequired) == kRequired) return {};
  return Refusal{"missing_key",
                 fmt::format("the key '{}' is missing", rows[std::countr_zero(kRequired & ~seen)].name)};
}

template <const auto& rows, typename T>
Refused read_control(std::span<const JsonMember> members, T& line) {
  std::uint32_t seen = 0;
  for (const JsonMember& m : members) {
    std::size_t i = 0;
    while (i < std::size(rows) && rows[i].name != m.path) ++i;
    if (i == std::size(rows)) {
      std::vector<std::string_view> known;
      for (const auto& row : rows) known.push_back(row.name);
      return unknown_key(m.path, known);
    }
    if (auto refused = set_key(rows[i], 1U << i, seen, m, line)) return refused;
  }
  return missing_key<rows>(seen);
}

Refused unknown_event_key(std::string_view key) {
  std::vector<std::string_view> known;
  for (const auto& row : kEventKeys) known.push_back(row.name);
  for (std::uint16_t i = 0; i < kFieldCount; ++i) known.push_back(info(static_cast<FieldId>(i)).name);
  return unknown_key(key, known);
}

// --- fields ---------------------------------------------------------------------------------------------------------

Refused add_typed(FieldId field, Kind kind, const JsonMember& m, Record& fields, bool& added) {
  switch (kind) {
    case Kind::integer: {
      std::int64_t v = 0;
      if (auto refused = read(m, v)) return refused;
      added = fields.add_integer(field, v);
      return {};
    }
    case Kind::decimal: {
      std::int64_t v = 0;
      if (m.kind != JsonKind::number || !parse_decimal(m.text, v)) return bad_value(m, "a number");
      added = fields.add_decimal(field, v);
      return {};
    }
    case Kind::boolean:
      if (m.kind != JsonKind::boolean) return bad_value(m, "true or false");
      added = fields.add_boolean(field, m.text == "true");
      return {};
    case Kind::time: {
      Timestamp t;
      if (auto refused = read(m, t)) return refused;
      added = fields.add_time(field, t);
      return {};
    }
    default:
      if (m.kind != JsonKind::text) return bad_value(m, "text in quotes");
      // Dots and look-alike letters are put into these numbers on purpose.
      added = fields.add_text(field, field == FieldId::goods_vin ? canonical_vin(m.text) : m.text);
      return {};
  }
}

// event.type and its kin name the header for rules; event.reason and event.source_id are fields of the record.
bool is_header_key(std::string_view field) {
  return field.starts_with("event.") &&
         std::any_of(std::begin(kEventKeys), std::end(kEventKeys),
                     [&](const auto& row) { return row.name == field.substr(6); });
}

Refused set_field(FieldId field, const JsonMember& m, Record& fields) {
  const FieldInfo& row = info(field);
  if (row.is_fact)
    return Refusal{"fact_stated",
                   fmt::format("'{}' is a fact that timelines compute; a record cannot state it", row.name)};
  if (is_header_key(row.name))
    return Refusal{"unknown_key", fmt::format("'{}' is how rules name the header key '{}'; write that one", row.name,
                                              row.name.substr(6))};
  if (m.kind == JsonKind::null) return {};
  if (!row.is_list && fields.has(field)) return repeated_key(row.name);
  bool added = true;
  if (auto refused = add_typed(field, row.kind, m, fields, added)) return refused;
  if (added) return {};
  return Refusal{"event_too_large", fmt::format("at most {} values and {} bytes of text fit into one event",
                                                limits::kEventCells, limits::kEventTextBytes)};
}

Refused set_member(KeyTarget target, const JsonMember& m, std::uint32_t& seen, EventLine& line) {
  if (target.is_header) return set_key(kEventKeys[target.index], 1U << target.index, seen, m, line);
  return set_field(static_cast<FieldId>(target.index), m, line.event->fields);
}

Refused finish(std::uint32_t seen, const EventLine& line) {
  if (line.event->time_error_s < 0) return Refusal{"bad_value", "'time_error_s' must not be negative"};
  return missing_key<kEventKeys>(seen);
}

Refused read_event(std::span<const JsonMember> members, KeyPlaces& places, EventLine& line) {
  std::uint32_t seen = 0;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const KeyPlaces::Known* const known = places.find(i, members[i].path);
    if (known == nullptr) return unknown_event_key(members[i].path);
    if (auto refused = set_member(known->second, members[i], seen, line)) return refused;
  }
  return finish(seen, line);
}

// The same in one pass over a plain line without arrays and objects. False: read the line again, with all care; what
// stands in `line` is void.
bool read_plain_event(codec::PlainCursor in, KeyPlaces& places, EventLine& line) {
  std::uint32_t seen = 0;
  JsonMember member;
  if (!in.take('{')) return false;
  for (std::size_t i = 0; i == 0 || in.take(','); ++i) {
    const KeyPlaces::Known* const known = i < limits::kCsvColumns ? places.read(i, in) : nullptr;
    if (known == nullptr || !in.value(member.kind, member.text)) return false;
    member.path = known->first;
    if (set_member(known->second, member, seen, line)) return false;
  }
  return in.take('}') && in.is_done() && !finish(seen, line);
}

// --- lines ----------------------------------------------------------------------------------------------------------

class LineDecoder {
 public:
  LineDecoder(std::string_view bytes, const adapter::Source& source, adapter::Sink& sink)
      : bytes_(bytes), source_(source), sink_(sink) {}

  void run() {
    std::size_t offset = 0;
    while (const auto line = codec::line_at(bytes_, offset)) {
      decode(*line);
      offset += line->size;
    }
  }

 private:
  void decode(const codec::Line& line) {
    // A byte-order mark (EF BB BF) before the first line belongs to its span.
    const std::size_t mark = line.offset == 0 && line.text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    if (trim(line.text.substr(mark)).empty()) {
      sink_.span({adapter::SpanKind::ignored, line.offset, line.size, "blank", "blank line"});
      return;
    }
    if (plain_event(mark, line)) return sink_.span({adapter::SpanKind::accepted, line.offset, line.size, {}, {}});
    const auto members = reader_.read(bytes_, line.offset + mark, line.text.size() - mark);
    Refused refused = members ? dispatch(*members, line) : Refusal{members.error().reason, members.error().message};
    if (refused) {
      sink_.span({adapter::SpanKind::rejected, line.offset, line.size, refused->reason, std::move(refused->message)});
    } else {
      sink_.span({adapter::SpanKind::accepted, line.offset, line.size, {}, {}});
    }
  }

  Refused dispatch(std::span<const JsonMember> members, const codec::Line& at) {
    std::string_view type;
    for (const JsonMember& m : members)
      if (m.path == "type" && m.kind == JsonKind::text) type = m.text;
    if (type == "clock.tick") return tick(members);
    if (type == "feed.coverage") return coverage(members);
    if (type == "feed.expected") return expectation(members);
    return event(members, at);
  }

  bool plain_event(std::size_t mark, const codec::Line& at) {
    if (at.text.size() > limits::kCsvRowBytes) return false;
    EventLine line = new_event(at);
    if (!read_plain_event({bytes_, at.offset + mark, at.text.size() - mark}, places_, line)) return false;
    emit(std::move(line), at);
    return true;
  }

  Refused event(std::span<const JsonMember> members, const codec::Line& at) {
    EventLine line = new_event(at);
    if (auto refused = read_event(members, places_, line)) return refused;
    emit(std::move(line), at);
    return {};
  }

  EventLine new_event(const codec::Line& at) const {
    EventLine line;
    Event& e = *line.event;
    e.feed = source_.feed;
    e.owner = source_.owner;
    e.facility = source_.facility;
    e.marking = source_.marking;
    e.type = last_type_;
    e.span = {source_.file, at.offset, static_cast<std::uint32_t>(at.size)};
    return line;
  }

  void emit(EventLine line, const codec::Line& at) {
    Event& e = *line.event;
    last_type_ = e.type;
    if (!line.key.empty()) e.natural_key = make_natural_key(e.feed, line.key);
    adapter::settle_clocks(e, source_, at.offset, sink_);
    sink_.event(std::move(line.event));
  }

  Refused tick(std::span<const JsonMember> members) {
    Timestamp at;
    if (auto refused = read_control<kTickKeys>(members, at)) return refused;
    sink_.tick(at);
    return {};
  }

  Refused coverage(std::span<const JsonMember> members) {
    CoverageStatement statement{source_.feed, {}, {}, {}, {}, source_.received_at};
    if (auto refused = read_control<kCoverageKeys>(members, statement)) return refused;
    if (statement.until < statement.from) return Refusal{"bad_value", "'until' lies before 'from'"};
    sink_.coverage(std::move(statement));
    return {};
  }

  Refused expectation(std::span<const JsonMember> members) {
    FeedExpectation statement{source_.feed, {}, {}, {}, {}};
    if (auto refused = read_control<kExpectationKeys>(members, statement)) return refused;
    sink_.expectation(std::move(statement));
    return {};
  }

  std::string_view bytes_;
  const adapter::Source& source_;
  adapter::Sink& sink_;
  codec::JsonLineReader reader_;
  KeyPlaces places_;
  EventType last_type_{};
};

}  // namespace

void decode_canonical(std::string_view bytes, const adapter::Source& source, adapter::Sink& sink) {
  LineDecoder(bytes, source, sink).run();
}

}  // namespace quaywatch::adapters::canonical
