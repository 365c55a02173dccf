// CloudEvents 1.0, JSON event format 1.0.2: single, batch and JSON lines. Our own events come in it: `type` is an event
// type of the catalogue, `data` holds what a line of adapters/canonical holds (README.md).
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>
#include <string>

#include "adapter/format.h"
#include "adapter/json_records.h"
#include "base/text.h"

namespace quaywatch::adapters::cloudevents {
namespace {

using adapter::ignore;
using adapter::JsonRecord;
using adapter::JsonVerdict;
using adapter::reject;
using adapter::Sink;
using adapter::Source;
using adapter::SpanKind;
using codec::JsonNode;
using codec::JsonType;

constexpr std::string_view kOurTypes = "io.quaywatch.";
constexpr std::string_view kRequired[] = {"id", "source", "type"};  // section 2.1, beside specversion

JsonVerdict bad_value(const JsonNode& node, std::string_view wanted) {
  return reject("bad_value", fmt::format("'{}' must be {}, not '{}'", node.key, wanted, node.text.substr(0, 80)));
}

// What `data` says beside fields; a header key of adapters/canonical each.
struct Header {
  Event& event;
  std::string_view key;  // of the happening inside its source
};

template <typename T, std::size_t N>
JsonVerdict read_word(const JsonNode& node, const T (&words)[N], T& out) {
  for (const T word : words)
    if (name(word) == node.text) return out = word, JsonVerdict{};
  std::string known;
  for (const T word : words) known += fmt::format("{}{}", known.empty() ? "" : " ", name(word));
  return bad_value(node, fmt::format("one of {}", known));
}

JsonVerdict read_time(const JsonNode& node, Timestamp& out) {
  const auto t = parse_rfc3339(node.text);
  if (!t) return reject("bad_time", fmt::format("'{}' must be an RFC 3339 time with offset, not '{}'", node.key,
                                                node.text.substr(0, 80)));
  out = *t;
  return {};
}

JsonVerdict read_text(const JsonNode& node, std::string& out) {
  if (node.type != JsonType::text) return bad_value(node, "text in quotes");
  out = node.text;
  return {};
}

struct HeaderKey {
  std::string_view key;
  JsonVerdict (*read)(const JsonNode& node, Header& header);
};
constexpr HeaderKey kHeaderKeys[] = {
    {"op", [](const JsonNode& n, Header& h) {
       return read_word(n, {Op::assert_, Op::correct, Op::void_}, h.event.op);
     }},
    {"classifier", [](const JsonNode& n, Header& h) {
       return read_word(n, {Classifier::actual, Classifier::planned, Classifier::estimated, Classifier::requested},
                        h.event.classifier);
     }},
    {"key", [](const JsonNode& n, Header& h) { return h.key = n.text, JsonVerdict{}; }},
    {"facility", [](const JsonNode& n, Header& h) { return read_text(n, h.event.facility); }},
    {"event_time", [](const JsonNode& n, Header& h) { return read_time(n, h.event.event_time); }},
    {"reported_at", [](const JsonNode& n, Header& h) { return read_time(n, h.event.reported_at); }},
    {"time_error_s", [](const JsonNode& n, Header& h) {
       std::int64_t v = 0;
       const char* const end = n.text.data() + n.text.size();
       const auto parsed = std::from_chars(n.text.data(), end, v);
       if (parsed.ec != std::errc{} || parsed.ptr != end || v < 0) return bad_value(n, "whole seconds, not negative");
       return h.event.time_error_s = v, JsonVerdict{};
     }},
};
// Told by the envelope, by the feed's contract or by us, whatever `data` says.
constexpr std::string_view kPassedOver[] = {"type",   "feed",        "owner",   "marking",
                                            "received_at", "natural_key", "event_id"};

// Texts put together for each event, one after the other.
struct Scratch {
  std::string feed, key, name;
};

class EventDecoder {
 public:
  EventDecoder(const JsonRecord& record, const Source& source, Sink& sink, Scratch& scratch)
      : record_(record), root_(record.root), source_(source), sink_(sink), scratch_(scratch) {}

  JsonVerdict decode() {
    if (JsonVerdict refused = envelope(); !refused.reason.empty()) return refused;
    std::string_view type = root_.text_at("type");
    if (type.starts_with(kOurTypes)) type.remove_prefix(kOurTypes.size());
    const auto ours = find_event_type(type);
    if (!ours)
      return ignore("type_not_mapped", fmt::format("'{}' is no event type of the catalogue; give the events of another "
                                                   "format without this envelope",
                                                   type.substr(0, 80)));
    if (JsonVerdict refused = content(); !refused.reason.empty()) return refused;
    const std::string_view origin = root_.text_at("source");
    scratch_.feed.assign("cloudevents/").append(origin.substr(0, 80));
    auto event = adapter::make_event(*ours, record_, source_, scratch_.feed);
    Header header{*event, root_.text_at("id")};
    if (JsonVerdict refused = read_data(*root_.find("data"), {}, header); !refused.reason.empty()) return refused;
    if (JsonVerdict refused = clocks(*event); !refused.reason.empty()) return refused;
    // With its length, so that source and id cannot be shifted into each other.
    scratch_.key.clear();
    fmt::format_to(std::back_inserter(scratch_.key), "{}|", origin.size());
    scratch_.key.append(origin).append(1, '|').append(header.key);
    event->natural_key = make_natural_key(event->feed, scratch_.key);
    if (!event->fields.has(FieldId::event_source_id))
      adapter::add_json(FieldId::event_source_id, *root_.find("id"), *event, sink_);
    adapter::settle_clocks(*event, source_, record_.offset, sink_);
    sink_.event(std::move(event));
    return {};
  }

 private:
  JsonVerdict envelope() const {
    const std::string_view version = root_.text_at("specversion");
    if (version.empty()) return reject("missing_key", "the key 'specversion' is missing");
    if (version != "1.0")
      return reject("version_not_read", fmt::format("specversion '{}' is not read; send 1.0", version.substr(0, 80)));
    for (const std::string_view key : kRequired)
      if (root_.text_at(key).empty())
        return reject("missing_key", fmt::format("the key '{}' is missing or no text", key));
    return {};
  }

  JsonVerdict content() const {
    if (root_.find("data_base64") != nullptr)
      return reject("data_base64", "'data_base64' holds bytes; send JSON in 'data'");
    const std::string_view stated = root_.text_at("datacontenttype");
    if (stated.empty() || stated == "application/json") return has_data();
    const std::string media = to_lower(trim(stated.substr(0, stated.find(';'))));
    if (!media.empty() && media != "application/json" && media != "text/json" && !media.ends_with("+json"))
      return reject("datacontenttype", fmt::format("'datacontenttype' is '{}'; send application/json", media));
    return has_data();
  }

  JsonVerdict has_data() const {
    const JsonNode* data = root_.find("data");
    if (data == nullptr) return reject("missing_key", "the key 'data' is missing");
    if (data->type != JsonType::object) return reject("bad_value", "'data' must be an object");
    return {};
  }

  // Keys are names of the catalogue, written whole ("container.number") or nested ("container": {"number": ...}).
  JsonVerdict read_data(const JsonNode& object, std::string_view prefix, Header& header) {
    for (const JsonNode& node : object) {
      if (node.type == JsonType::null) continue;
      JsonVerdict refused;
      if (node.type == JsonType::object) {
        refused = read_data(node, fmt::format("{}{}.", prefix, node.key), header);
      } else {
        refused = read_member(node, scratch_.name.assign(prefix).append(node.key), header);
      }
      if (!refused.reason.empty()) return refused;
    }
    return {};
  }

  JsonVerdict read_member(const JsonNode& node, std::string_view key, Header& header) {
    for (const HeaderKey& h : kHeaderKeys)
      if (h.key == key) return h.read(node, header);
    if (std::find(std::begin(kPassedOver), std::end(kPassedOver), key) != std::end(kPassedOver)) return {};
    const auto field = find_field(key);
    if (!field) {
      const auto near = nearest_field(key);
      return reject("unknown_key", near.empty() ? fmt::format("unknown key '{}' in 'data'", key.substr(0, 80))
                                                : fmt::format("unknown key '{}' in 'data'; the nearest is '{}'",
                                                              key.substr(0, 80), near));
    }
    if (info(*field).is_fact || key.starts_with("event.type") || key == "event.facility" || key == "event.feed" ||
        key == "event.classifier")
      return reject("fact_stated", fmt::format("'{}' is not for records to state", key));
    if (!info(*field).is_list && header.event.fields.has(*field))
      return reject("repeated_key", fmt::format("'{}' holds one value and stands here more than once", key));
    adapter::add_json(*field, node, header.event, sink_);
    return {};
  }

  // `time` is when the source made the event (section 3.1.2): the report; and the happening where data tells no other.
  JsonVerdict clocks(Event& event) const {
    Timestamp time;
    if (const JsonNode* node = root_.find("time"))
      if (JsonVerdict refused = read_time(*node, time); !refused.reason.empty()) return refused;
    if (event.reported_at.us == 0) event.reported_at = time;
    if (event.event_time.us == 0) event.event_time = time;
    if (event.event_time.us == 0)
      return reject("missing_key", "neither 'time' nor 'event_time' in 'data' says when it happened");
    return {};
  }

  const JsonRecord& record_;
  const JsonNode& root_;
  const Source& source_;
  Sink& sink_;
  Scratch& scratch_;
};

int recognises(std::string_view head) {
  if (!head.starts_with('{') && !head.starts_with('[')) return 0;
  return head.find("\"specversion\"") != std::string_view::npos ? 95 : 0;
}

void decode(std::string_view bytes, const Source& source, Sink& sink) {
  Scratch scratch;
  adapter::decode_json_records(bytes, sink, {}, [&](const JsonRecord& record) {
    return EventDecoder(record, source, sink, scratch).decode();
  });
}

}  // namespace

extern const adapter::FormatAdapter kFormat;
const adapter::FormatAdapter kFormat{"cloudevents", recognises, decode};

}  // namespace quaywatch::adapters::cloudevents
