#include "adapter/json_records.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/limits.h"
#include "base/text.h"
#include "model/identifiers.h"
#include "model/reference.h"

namespace quaywatch::adapter {
namespace {

using codec::JsonNode;
using codec::JsonType;

constexpr std::size_t kQuoted = 80;  // bytes of a value quoted in a finding
constexpr std::size_t kFields = 16, kTextBytes = 128;  // of nearly every event: one allocation each

void note(std::string_view code, FieldId field, std::string_view value, std::uint64_t offset, std::string message,
          Sink& sink) {
  sink.finding(
      {code, std::string(info(field).name), std::string(value.substr(0, kQuoted)), offset, std::move(message)});
}

void unreadable(FieldId field, const JsonNode& node, std::string_view wanted, Sink& sink) {
  note("bad_value", field, node.text, node.offset,
       fmt::format("{} must be {}, not '{}'; left out", info(field).name, wanted, node.text.substr(0, kQuoted)), sink);
}

// A good one is in normal form: nothing but upper-case letters and digits.
bool has_one_form(IdentifierRule rule) {
  return rule == IdentifierRule::iso6346 || rule == IdentifierRule::iso6346_size_type || rule == IdentifierRule::imo ||
         rule == IdentifierRule::mmsi;
}

bool is_squeezed(FieldId field, IdentifierRule rule) {
  return field == FieldId::vehicle_plate || rule == IdentifierRule::vin || has_one_form(rule);
}

// Codes of reference tables are left to intake, which checks them for every format.
void check(FieldId field, IdentifierRule rule, std::string_view text, std::uint64_t offset, Sink& sink) {
  if (reference_of(rule) != nullptr) return;
  const IdentifierCheck result = check_identifier(rule, text);
  if (result == IdentifierCheck::good) return;
  note(name(result), field, text, offset,
       fmt::format("{} '{}' is {}; kept as stated", info(field).name, text.substr(0, kQuoted), name(result)), sink);
}

// True when the value was readable; whether it had room is `added`.
bool add_typed(FieldId field, const JsonNode& node, Record& fields, bool& added) {
  switch (info(field).kind) {
    case Kind::integer: {
      std::int64_t v = 0;
      const char* const end = node.text.data() + node.text.size();
      const auto parsed = std::from_chars(node.text.data(), end, v);
      if (parsed.ec != std::errc{} || parsed.ptr != end) return false;
      added = fields.add_integer(field, v);
      return true;
    }
    case Kind::decimal: {
      std::int64_t v = 0;
      if (!parse_decimal(node.text, v)) return false;
      added = fields.add_decimal(field, v);
      return true;
    }
    case Kind::boolean:
      if (node.type != JsonType::boolean) return false;
      added = fields.add_boolean(field, node.text == "true");
      return true;
    case Kind::time: {
      const auto t = parse_rfc3339(node.text);
      if (!t) return false;
      added = fields.add_time(field, *t);
      return true;
    }
    default:
      return false;
  }
}

std::string_view wanted(Kind kind) {
  switch (kind) {
    case Kind::integer: return "a whole number";
    case Kind::decimal: return "a number";
    case Kind::boolean: return "true or false";
    case Kind::time: return "an RFC 3339 time with offset";
    default: return "text";
  }
}

void no_room(FieldId field, std::string_view value, std::uint64_t offset, Sink& sink) {
  note("event_too_large", field, value, offset,
       fmt::format("at most {} values and {} bytes of text fit into one event; this one is left out",
                   limits::kEventCells, limits::kEventTextBytes),
       sink);
}

// `text` is in normal form; `stored` is what the event gets of it.
void add_checked(FieldId field, IdentifierRule rule, std::string_view text, std::string_view stored,
                 std::uint64_t offset, Event& event, Sink& sink) {
  if (!event.fields.add_text(field, stored)) return no_room(field, text, offset, sink);
  if (rule != IdentifierRule::none) check(field, rule, text, offset, sink);
}

// Not expanded: its strings would cost every text that needs none.
[[gnu::noinline]] void add_squeezed(FieldId field, IdentifierRule rule, std::string_view text, std::uint64_t offset,
                                    Event& event, Sink& sink) {
  const std::string normal = squeeze(text);
  if (!normal.empty()) text = normal;
  // The check is about what was stated: letters that no VIN has are folded behind it.
  const std::string folded = rule == IdentifierRule::vin ? canonical_vin(text) : std::string();
  add_checked(field, rule, text, folded.empty() ? text : folded, offset, event, sink);
}

void add_identifier(FieldId field, IdentifierRule rule, std::string_view text, std::uint64_t offset, Event& event,
                    Sink& sink) {
  if (has_one_form(rule) && check_identifier(rule, text) == IdentifierCheck::good) {
    if (!event.fields.add_text(field, text)) no_room(field, text, offset, sink);
    return;
  }
  const bool is_normal = !is_squeezed(field, rule) || std::all_of(text.begin(), text.end(), is_ascii_upper_or_digit);
  if (!is_normal || rule == IdentifierRule::vin) return add_squeezed(field, rule, text, offset, event, sink);
  add_checked(field, rule, text, text, offset, event, sink);
}

[[gnu::noinline]] void add_elements(FieldId field, const JsonNode& array, Event& event, Sink& sink) {
  for (const JsonNode& element : array) {
    if (!info(field).is_list && event.fields.has(field)) {
      note("repeated_value", field, element.text, element.offset,
           fmt::format("{} holds one value; the first counts", info(field).name), sink);
      return;
    }
    if (element.type == JsonType::array) return unreadable(field, element, wanted(info(field).kind), sink);
    add_json(field, element, event, sink);
  }
}

// Not expanded, like what follows: their calls would cost every text that needs none.
[[gnu::noinline]] void add_any_text(FieldId field, std::string_view text, std::uint64_t offset, Event& event,
                                    Sink& sink) {
  if (!text.empty() && (text.front() <= ' ' || text.back() <= ' ')) text = trim(text);
  if (text.empty()) return;
  const IdentifierRule rule = info(field).identifier;
  if (rule != IdentifierRule::none || field == FieldId::vehicle_plate)
    return add_identifier(field, rule, text, offset, event, sink);
  if (!event.fields.add_text(field, text)) no_room(field, text, offset, sink);
}

// Of another kind than text, or none that fits.
[[gnu::noinline]] void add_other(FieldId field, const JsonNode& node, Event& event, Sink& sink) {
  if (node.type == JsonType::null) return;
  if (node.type == JsonType::array) return add_elements(field, node, event, sink);
  bool added = true;
  if (node.type == JsonType::object || !add_typed(field, node, event.fields, added))
    return unreadable(field, node, wanted(info(field).kind), sink);
  if (!added) no_room(field, node.text, node.offset, sink);
}

// What nearly every value is: text of no rule, in normal form.
inline bool add_plain(FieldId field, std::string_view text, Event& event) {
  return !text.empty() && text.front() > ' ' && text.back() > ' ' && info(field).identifier == IdentifierRule::none &&
         field != FieldId::vehicle_plate && event.fields.add_short_text(field, text);
}

}  // namespace

JsonVerdict reject(std::string_view reason, std::string message) {
  return {SpanKind::rejected, reason, std::move(message)};
}

JsonVerdict ignore(std::string_view reason, std::string message) {
  return {SpanKind::ignored, reason, std::move(message)};
}

void decode_json_records(std::string_view bytes, Sink& sink, std::span<const std::string_view> record_paths,
                         const std::function<JsonVerdict(const JsonRecord&)>& decode) {
  codec::JsonTreeReader reader;
  // Held until the next piece: only then is it known whether there is any record at all.
  bool only_envelope = true;
  std::uint64_t envelope = 0;
  const auto piece = [&](const codec::JsonPiece& p) {
    if (p.kind == codec::JsonPieceKind::envelope && only_envelope) return void(envelope = p.offset + p.size);
    if (only_envelope && envelope > 0) sink.span({SpanKind::accepted, 0, envelope, {}, {}});
    only_envelope = false;
    if (p.kind == codec::JsonPieceKind::envelope) return sink.span({SpanKind::accepted, p.offset, p.size, {}, {}});
    if (p.kind == codec::JsonPieceKind::broken)
      return sink.span({SpanKind::rejected, p.offset, p.size, p.reason, std::string(p.message)});
    const auto root = p.root != nullptr ? p.root : reader.read(bytes, p.offset, p.value_size);
    JsonVerdict verdict = root ? decode({**root, p.offset, static_cast<std::uint32_t>(p.value_size), p.headings})
                               : reject(root.error().reason, root.error().message);
    sink.span({verdict.kind, p.offset, p.size, verdict.reason, std::move(verdict.message)});
  };
  if (!codec::walk_json(bytes, record_paths, reader, piece))
    sink.finding({"truncated", {}, {}, bytes.size(),
                  "the file ends inside a document: records behind this may be missing; ask for it again"});
  if (only_envelope && envelope > 0)
    sink.span({SpanKind::ignored, 0, envelope, "no_records", "the file holds no record"});
}

boost::intrusive_ptr<Event> make_event(EventType type, const JsonRecord& record, const Source& source,
                                       std::string_view feed) {
  boost::intrusive_ptr<Event> event(new Event);
  event->type = type;
  event->feed = source.feed.empty() ? feed : std::string_view(source.feed);
  event->owner = source.owner;
  event->facility = source.facility;
  event->marking = source.marking;
  event->span = {source.file, record.offset, record.size};
  event->fields.reserve(kFields, kTextBytes);
  return event;
}

void add_text(FieldId field, std::string_view text, std::uint64_t offset, Event& event, Sink& sink) {
  if (!add_plain(field, text, event)) add_any_text(field, text, offset, event, sink);
}

void add_json(FieldId field, const JsonNode& node, Event& event, Sink& sink) {
  const bool is_scalar = node.type != JsonType::null && node.type != JsonType::array && node.type != JsonType::object;
  if (!is_scalar || info(field).kind != Kind::text) return add_other(field, node, event, sink);
  if (!add_plain(field, node.text, event)) add_any_text(field, node.text, node.offset, event, sink);
}

bool read_time(const JsonNode* node, std::string_view path, Timestamp& out, JsonVerdict& verdict) {
  if (node == nullptr) {
    verdict = reject("missing_key", fmt::format("the key '{}' is missing", path));
    return false;
  }
  const auto t = parse_rfc3339(node->text);
  if (t) {
    out = *t;
    return true;
  }
  verdict = reject("bad_time", fmt::format("'{}' must be an RFC 3339 time with offset, not '{}'", path,
                                           node->text.substr(0, kQuoted)));
  return false;
}

void read_optional_time(const JsonNode* node, std::string_view path, Timestamp& out, Sink& sink) {
  if (node == nullptr) return;
  const auto t = parse_rfc3339(node->text);
  if (t) {
    out = *t;
    return;
  }
  sink.finding({"bad_value", std::string(path), std::string(node->text.substr(0, kQuoted)), node->offset,
                fmt::format("'{}' must be an RFC 3339 time with offset, not '{}'; left out", path,
                            node->text.substr(0, kQuoted))});
}

}  // namespace quaywatch::adapter
