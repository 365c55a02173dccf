// GS1 EPCIS 2.0 in JSON and JSON-LD, with the words of CBV 2.0 (README.md). What interests is the container: an event
// per container that a record names; records without one are ignored.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "adapter/format.h"
#include "adapter/json_records.h"
#include "base/limits.h"
#include "base/text.h"
#include "model/identifiers.h"
#include "model/reference.h"

namespace quaywatch::adapters::epcis {
namespace {

using adapter::add_json;
using adapter::add_text;
using adapter::ignore;
using adapter::JsonRecord;
using adapter::JsonVerdict;
using adapter::reject;
using adapter::Sink;
using adapter::Source;
using codec::JsonNode;
using codec::JsonType;
using enum EventType;

constexpr std::string_view kFeed = "epcis";  // where the source names none
constexpr std::string_view kRecordPaths[] = {"epcisBody.eventList", "epcisBody.queryResults.resultsBody.eventList",
                                             "resultsBody.eventList", "eventList"};
constexpr std::string_view kEventTypes[] = {"ObjectEvent", "AggregationEvent", "AssociationEvent", "TransactionEvent",
                                            "TransformationEvent"};
constexpr std::string_view kPaths[] = {
    "type",
    "eventID",
    "eventTime",
    "eventTimeZoneOffset",
    "recordTime",
    "errorDeclaration",
    "errorDeclaration.declarationTime",
    "errorDeclaration.reason",
    "action",
    "bizStep",
    "disposition",
    "readPoint.id",
    "bizLocation.id",
    "parentID",
    "epcList",
    "childEPCs",
    "inputEPCList",
    "outputEPCList",
    "quantityList",
    "childQuantityList",
    "inputQuantityList",
    "outputQuantityList",
    "bizTransactionList",
    "sensorElementList",
};
using Members = codec::JsonMembers<kPaths>;
using Known = codec::JsonMembersByLayout<kPaths>;

constexpr Members::Path kLists[] = {"epcList", "childEPCs", "inputEPCList", "outputEPCList"};
constexpr Members::Path kQuantities[] = {"quantityList", "childQuantityList", "inputQuantityList",
                                         "outputQuantityList"};
// What tells events without an eventID apart, beside the codes.
constexpr Members::Path kIdentity[] = {"type", "eventTime", "action", "bizStep", "disposition", "readPoint.id",
                                       "bizLocation.id"};

// Business steps of CBV 2.0 that say what happened to a container. `parent`: only to one that holds what was handled.
struct Step {
  std::string_view word;
  EventType type;
  bool parent;
};
constexpr Step kSteps[] = {
    {"loading", container_loaded, false},       {"unloading", container_discharged, false},
    {"inspecting", container_inspected, false}, {"packing", container_stuffed, true},
    {"unpacking", container_stripped, true},
};

// Measurement types of the GS1 Web Vocabulary, units of UN/ECE Recommendation 20.
struct Reading {
  std::string_view type, unit;
  FieldId field;
};
constexpr Reading kReadings[] = {{"Mass", "KGM", FieldId::container_weight_kg},
                                 {"Temperature", "CEL", FieldId::container_measured_c}};

// The last word of a URI or compact name: urn:epcglobal:cbv:bizstep:loading, cbv:BizStep-loading,
// https://ref.gs1.org/cbv/BizStep-loading, loading.
std::string_view vocabulary_word(std::string_view uri) {
  uri.remove_prefix(uri.find_last_of(":/#") + 1);  // npos + 1 is 0
  for (const std::string_view prefix : {"BizStep-", "Disp-", "BTT-", "MT-"})
    if (uri.starts_with(prefix)) uri.remove_prefix(prefix.size());
  return uri;
}

// The container number that a code ends with. Of urn:epc:id:bic any (CBV 2.0, BIC container code); of other codes, such
// as the serial of a returnable asset (GRAI) or a web address, only one whose check digit is right.
std::optional<std::string_view> container_of(std::string_view epc) {
  constexpr std::string_view kBic = "urn:epc:id:bic:";
  if (epc.starts_with(kBic)) return epc.substr(kBic.size());
  const std::string_view last = epc.substr(epc.find_last_of(":/.") + 1);
  if (check_container_number(last) == IdentifierCheck::good) return last;
  return std::nullopt;
}

struct Code {
  std::string_view epc;
  std::uint64_t offset;
  bool is_parent;
};

class EventDecoder {
 public:
  EventDecoder(const JsonRecord& record, Known& known, const Source& source, Sink& sink)
      : record_(record), root_(known.of(&record.root, record.root.layout)), source_(source), sink_(sink) {}

  JsonVerdict decode() {
    const std::string_view type = root_.text("type");
    if (type.empty()) return reject("missing_key", "the key 'type' is missing");
    if (std::find(std::begin(kEventTypes), std::end(kEventTypes), type) == std::end(kEventTypes))
      return ignore("type_not_mapped", fmt::format("'{}' is no event of EPCIS 2.0", type.substr(0, 80)));
    JsonVerdict verdict;
    Timestamp happened, reported;
    if (!event_time(happened, verdict)) return verdict;
    adapter::read_optional_time(root_.find("recordTime"), "recordTime", reported, sink_);
    adapter::read_optional_time(root_.find("errorDeclaration.declarationTime"), "errorDeclaration.declarationTime",
                                reported, sink_);
    if (reported.us == 0) reported = created();
    collect();
    if (containers_.empty()) return ignore("no_container", "the event names no container");
    if (containers_.size() > limits::kRecordContainers) {
      const Code& first = containers_[limits::kRecordContainers];
      sink_.finding({"too_many_containers", "container.number", std::string(first.epc.substr(0, 80)), first.offset,
                     fmt::format("{} containers; {} of one record are read, this one and those behind it are not",
                                 containers_.size(), limits::kRecordContainers)});
    }
    const Id128 key = make_natural_key(source_.feed.empty() ? kFeed : std::string_view(source_.feed), identity());
    containers_.resize(std::min(containers_.size(), limits::kRecordContainers), {});
    for (const Code& container : containers_) emit(container, key, happened, reported);
    return {};
  }

 private:
  // eventTime has an offset or, as some senders have it, none: then eventTimeZoneOffset is that of the same clock.
  bool event_time(Timestamp& out, JsonVerdict& verdict) {
    const std::string_view stated = root_.text("eventTime");
    if (!stated.empty() && !parse_rfc3339(stated))
      if (const auto joined = parse_rfc3339(fmt::format("{}{}", stated, root_.text("eventTimeZoneOffset"))))
        return out = *joined, true;
    return adapter::read_time(root_.find("eventTime"), "eventTime", out, verdict);
  }

  // When the document was made: the latest that the record can have been known.
  Timestamp created() const {
    for (const codec::JsonHeading& h : record_.headings)
      if (h.key == "creationDate") return parse_rfc3339(h.text).value_or(Timestamp{});
    return {};
  }

  void take(const JsonNode& node, bool is_parent) {
    if (node.type != JsonType::text) return;
    const Code code{node.text, node.offset, is_parent};
    (container_of(node.text) ? containers_ : others_).push_back(code);
  }

  void collect() {
    if (const JsonNode* one = root_.find("parentID")) take(*one, true);
    for (const Members::Path path : kLists)
      if (const JsonNode* list = root_.find(path); list != nullptr && list->type == JsonType::array)
        for (const JsonNode& one : *list) take(one, false);
    for (const Members::Path path : kQuantities)
      if (const JsonNode* list = root_.find(path); list != nullptr && list->type == JsonType::array)
        for (const JsonNode& one : *list)
          if (const JsonNode* epc_class = one.find("epcClass"))
            others_.push_back({epc_class->text, epc_class->offset, false});
  }

  EventType type_of(const Code& container) const {
    const std::string_view step = vocabulary_word(root_.text("bizStep"));
    // Where the record takes things out of, or looks at, what a container holds, the parent alone is meant.
    for (const Step& s : kSteps)
      if (s.word == step && (!s.parent || container.is_parent)) return s.type;
    return container_status_reported;
  }

  void emit(const Code& container, const Id128& key, Timestamp happened, Timestamp reported) {
    auto event = adapter::make_event(type_of(container), record_, source_, kFeed);
    event->event_time = happened;
    event->reported_at = reported;
    event->op = root_.find("errorDeclaration") != nullptr ? Op::void_ : Op::assert_;
    event->natural_key = key;
    add_text(FieldId::container_number, *container_of(container.epc), container.offset, *event, sink_);
    add_fields(*event);
    const bool by_sensor = vocabulary_word(root_.text("bizStep")) == "sensor_reporting";
    if (by_sensor && event->fields.has(FieldId::container_weight_kg)) event->type = container_weighed;
    adapter::settle_clocks(*event, source_, record_.offset, sink_);
    sink_.event(std::move(event));
  }

  // EPCIS 2.0 section 7.4.1.4: an error is declared by sending the event again, with the same eventID or, where it has
  // none, the same content.
  std::string identity() const {
    if (const std::string_view id = root_.text("eventID"); !id.empty()) return std::string(id);
    std::string out;
    for (const Members::Path path : kIdentity) out += fmt::format("{}|", root_.text(path));
    for (const std::vector<Code>* codes : {&containers_, &others_})
      for (const Code& c : *codes) out += fmt::format("{}|", c.epc);
    return out;
  }

  void add(FieldId field, Members::Path path, Event& event) {
    if (const JsonNode* node = root_.find(path); node != nullptr && !event.fields.has(field))
      add_json(field, *node, event, sink_);
  }
  void add_word(FieldId field, Members::Path path, Event& event) {
    if (const JsonNode* node = root_.find(path))
      add_text(field, vocabulary_word(node->text), node->offset, event, sink_);
  }

  void add_fields(Event& event) {
    add(FieldId::event_source_id, "eventID", event);
    add_word(FieldId::event_reason, "errorDeclaration.reason", event);
    if (root_.find("disposition") != nullptr)
      add_word(FieldId::transport_status, "disposition", event);
    else
      add_word(FieldId::transport_status, "bizStep", event);
    if (vocabulary_word(root_.text("disposition")) == "damaged")
      add_word(FieldId::container_damage, "disposition", event);
    add(FieldId::location_to, "bizLocation.id", event);
    add(FieldId::device_id, "readPoint.id", event);
    add_place("readPoint.id", event);
    add_place("bizLocation.id", event);
    add_transactions(event);
    add_readings(event);
    for (const Code& other : others_) {
      if (event.fields.size() + 1 >= limits::kEventCells) {
        sink_.finding({"event_too_large", "object.epc", std::string(other.epc.substr(0, 80)), other.offset,
                       fmt::format("{} codes; at most {} values fit into one event, the rest are left out",
                                   others_.size(), limits::kEventCells)});
        return;
      }
      add_text(FieldId::object_epc, other.epc, other.offset, event, sink_);
    }
  }

  // Places are URIs of the sender's own, geo: (RFC 5870), or end with a UN/LOCODE and say so.
  void add_place(Members::Path path, Event& event) {
    const JsonNode* node = root_.find(path);
    if (node == nullptr) return;
    const std::string_view uri = node->text;
    const std::string_view last = uri.substr(uri.find_last_of(":/") + 1);
    if (to_lower(uri).find("locode") != std::string::npos && unlocode_exists(last) &&
        !event.fields.has(FieldId::location_code))
      return add_text(FieldId::location_code, last, node->offset, event, sink_);
    if (!uri.starts_with("geo:") || event.fields.has(FieldId::position_latitude)) return;
    const auto parts = split(last.substr(0, last.find(';')), ',');
    std::int64_t latitude = 0, longitude = 0;
    if (parts.size() < 2 || !parse_decimal(parts[0], latitude) || !parse_decimal(parts[1], longitude)) return;
    event.fields.add_decimal(FieldId::position_latitude, latitude);
    event.fields.add_decimal(FieldId::position_longitude, longitude);
  }

  void add_transactions(Event& event) {
    const JsonNode* list = root_.find("bizTransactionList");
    if (list == nullptr || list->type != JsonType::array) return;
    for (const JsonNode& one : *list) {
      const JsonNode* ref = one.find("bizTransaction");
      if (ref == nullptr) continue;
      const std::string_view type = vocabulary_word(one.text_at("type"));
      const FieldId field = type == "bol" ? FieldId::bill_ref : FieldId::document_ref;
      if (event.fields.has(field)) continue;
      add_json(field, *ref, event, sink_);
      if (field == FieldId::document_ref) add_text(FieldId::document_type, type, ref->offset, event, sink_);
    }
  }

  // The first value of each measurement type.
  void add_readings(Event& event) {
    const JsonNode* elements = root_.find("sensorElementList");
    if (elements == nullptr || elements->type != JsonType::array) return;
    for (const JsonNode& element : *elements) {
      const JsonNode* reports = element.find("sensorReport");
      if (reports == nullptr || reports->type != JsonType::array) continue;
      for (const JsonNode& report : *reports) add_reading(report, event);
    }
  }

  void add_reading(const JsonNode& report, Event& event) {
    const std::string_view type = vocabulary_word(report.text_at("type"));
    const JsonNode* value = report.find("value");
    for (const Reading& r : kReadings) {
      if (value == nullptr || r.type != type || event.fields.has(r.field)) continue;
      const std::string_view unit = report.text_at("uom");
      if (unit == r.unit) return add_json(r.field, *value, event, sink_);
      sink_.finding({"unit_unknown", std::string(info(r.field).name), std::string(unit.substr(0, 80)), value->offset,
                     fmt::format("{} is read in {}, not in '{}'; left out", type, r.unit, unit.substr(0, 80))});
    }
  }

  const JsonRecord& record_;
  const Members& root_;
  const Source& source_;
  Sink& sink_;
  std::vector<Code> containers_, others_;
};

int recognises(std::string_view head) {
  if (!head.starts_with('{') && !head.starts_with('[')) return 0;
  const auto holds = [&](std::string_view key) { return head.find(key) != std::string_view::npos; };
  if (holds("\"specversion\"")) return 0;
  if (holds("\"EPCISDocument\"") || holds("\"EPCISQueryDocument\"") || holds("\"epcisBody\"")) return 95;
  if (!holds("\"eventTime\"")) return 0;
  const bool is_event = std::any_of(std::begin(kEventTypes), std::end(kEventTypes),
                                    [&](std::string_view type) { return holds(fmt::format("\"{}\"", type)); });
  return is_event ? 90 : 0;
}

void decode(std::string_view bytes, const Source& source, Sink& sink) {
  Known known;
  adapter::decode_json_records(bytes, sink, kRecordPaths, [&](const JsonRecord& record) {
    return EventDecoder(record, known, source, sink).decode();
  });
}

}  // namespace

extern const adapter::FormatAdapter kFormat;
const adapter::FormatAdapter kFormat{"epcis", recognises, decode};

}  // namespace quaywatch::adapters::epcis
