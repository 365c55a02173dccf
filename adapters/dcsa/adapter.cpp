// DCSA Track & Trace events, versions 2.2 and 3 (README.md). Both have the same codes; 3 parts an event into `metadata`
// and `payload` and renames some keys, so that a row is a path from the part, and renamed keys are rows of their own.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "adapter/format.h"
#include "adapter/json_records.h"
#include "base/limits.h"
#include "base/text.h"

namespace quaywatch::adapters::dcsa {
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

// The two parts of version 3.
constexpr std::string_view kPartPaths[] = {"metadata", "payload"};
// What is read of the part with the particulars of the message: the event itself in 2.2, `metadata` in 3.
constexpr std::string_view kMetadataPaths[] = {"eventID", "eventType", "eventCreatedDateTime", "retractedEventID",
                                               "publisher.carrierCode"};
// And of the part with the business values: the event itself in 2.2, `payload` in 3.
constexpr std::string_view kPayloadPaths[] = {
    "eventDateTime",
    "eventClassifierCode",
    "eventTypeCode",
    "equipmentEventTypeCode",
    "transportEventTypeCode",
    "shipmentEventTypeCode",
    "reeferEventTypeCode",
    "iotEventTypeCode",
    "iotEventCode",
    "documentTypeCode",
    "shipmentInformationTypeCode",
    "documentReference",
    "documentID",
    "documentReferences",
    "relatedDocumentReferences",
    "references",
    "seals",
    "equipmentReference",
    "ISOEquipmentCode",
    "emptyIndicatorCode",
    "isTransshipmentMove",
    "reason",
    "changeRemark",
    "vesselScheduleChangeRemark",
    "delayReasonCode",
    "setpoints.temperature",
    "setpoints.temperatureUnit",
    "measurements.temperature",
    "measurements.temperatureUnit",
    "geoLocation.latitude",
    "geoLocation.longitude",
    "eventLocation.UNLocationCode",
    "eventLocation.facilityCode",
    "eventLocation.latitude",
    "eventLocation.longitude",
    "location.UNLocationCode",
    "location.facilityCode",
    "location.latitude",
    "location.longitude",
    "transportCallID",
    "transportCall.transportCallReference",
    "transportCall.transportCallID",
    "transportCall.portVisitReference",
    "transportCall.modeOfTransport",
    "transportCall.licencePlate",
    "transportCall.importVoyageNumber",
    "transportCall.exportVoyageNumber",
    "transportCall.carrierImportVoyageNumber",
    "transportCall.carrierExportVoyageNumber",
    "transportCall.carrierVoyageNumber",
    "transportCall.UNLocationCode",
    "transportCall.facilityCode",
    "transportCall.latitude",
    "transportCall.longitude",
    "transportCall.location.UNLocationCode",
    "transportCall.location.facilityCode",
    "transportCall.location.latitude",
    "transportCall.location.longitude",
    "transportCall.vessel.vesselIMONumber",
    "transportCall.vessel.vesselName",
    "transportCall.vessel.name",
    "transportCall.vessel.vesselCallSignNumber",
    "transportCall.vessel.callSign",
    "transportCall.vessel.vesselFlag",
    "transportCall.vessel.flag",
    "transportCall.vessel.vesselOperatorCarrierCode",
    "transportCall.vessel.operatorCarrierCode",
    "transportCall.barge.vesselIMONumber",
    "transportCall.barge.name",
    "transportCall.barge.callSign",
};
using Metadata = codec::JsonMembers<kMetadataPaths>;
using Payload = codec::JsonMembers<kPayloadPaths>;
using JsonRow = adapter::JsonRow<kPayloadPaths>;

// An object that holds events in one of these is an envelope some carriers put around the list.
constexpr std::string_view kRecordPaths[] = {"events"};

struct Kind {
  std::string_view event_type;  // eventType
  Payload::Path code;           // where its code stands
  EventType retraction;         // stands for a retracted event, whose own type the retraction does not say
};
constexpr Kind kKinds[] = {
    {"EQUIPMENT", "equipmentEventTypeCode", container_status_reported},
    {"TRANSPORT", "transportEventTypeCode", vessel_arrived},
    {"SHIPMENT", "shipmentEventTypeCode", document_changed},
    {"REEFER", "reeferEventTypeCode", container_status_reported},
    {"IOT", "iotEventTypeCode", container_status_reported},
};

struct Code {
  std::string_view event_type, code;
  EventType type;
};
constexpr Code kCodes[] = {
    {"EQUIPMENT", "LOAD", container_loaded},
    {"EQUIPMENT", "DISC", container_discharged},
    {"EQUIPMENT", "GTIN", container_gate_in},
    {"EQUIPMENT", "GTOT", container_gate_out},
    {"EQUIPMENT", "STUF", container_stuffed},
    {"EQUIPMENT", "STRP", container_stripped},
    {"EQUIPMENT", "PICK", container_picked_up},
    {"EQUIPMENT", "DROP", container_dropped_off},
    {"EQUIPMENT", "INSP", container_inspected},
    {"EQUIPMENT", "RSEA", container_sealed},
    {"EQUIPMENT", "RMVD", seal_removed},
    {"EQUIPMENT", "AVPU", container_status_reported},
    {"EQUIPMENT", "AVDO", container_status_reported},
    {"EQUIPMENT", "CUSS", inspection_ordered},
    {"EQUIPMENT", "CUSI", inspection_ordered},
    {"EQUIPMENT", "CUSR", customs_released},
    {"EQUIPMENT", "CROS", container_status_reported},
    {"TRANSPORT", "ARRI", vessel_arrived},
    {"TRANSPORT", "DEPA", vessel_departed},
    {"SHIPMENT", "HOLD", customs_held},
    {"SHIPMENT", "RELS", customs_released},
    {"REEFER", "MEAS", container_status_reported},
    {"REEFER", "ADJU", container_status_reported},
    {"IOT", "DETC", container_status_reported},
};
// The two rows of shipment events above count for customs documents alone: customs inspection (2.2), clearance (3).
constexpr std::string_view kCustomsDocuments[] = {"CUS", "CUC"};
// What becomes of any other document: document.changed.
constexpr std::string_view kDocumentCodes[] = {"RECE", "DRFT", "PENA", "PENU", "PENC", "CONF", "REJE", "APPR", "ISSU",
                                               "SURR", "SUBM", "VOID", "REQS", "CMPL", "HOLD", "RELS", "CANC"};

struct Word {
  std::string_view code, word;
};
constexpr Word kModes[] = {{"VESSEL", "sea"}, {"BARGE", "barge"}, {"RAIL", "rail"}, {"TRUCK", "road"}};
constexpr Word kFullEmpty[] = {{"LADEN", "full"}, {"EMPTY", "empty"}};

constexpr std::pair<std::string_view, Classifier> kClassifiers[] = {{"ACT", Classifier::actual},
                                                                    {"PLN", Classifier::planned},
                                                                    {"EST", Classifier::estimated},
                                                                    {"REQ", Classifier::requested}};

// From the part with the business values: the event itself in 2.2, `payload` in 3.
constexpr JsonRow kRows[] = {
    {"equipmentReference", FieldId::container_number},
    {"ISOEquipmentCode", FieldId::container_size_type},
    {"transportCall.vessel.vesselIMONumber", FieldId::vessel_imo},
    {"transportCall.vessel.vesselName", FieldId::vessel_name},
    {"transportCall.vessel.name", FieldId::vessel_name},
    {"transportCall.vessel.vesselCallSignNumber", FieldId::vessel_call_sign},
    {"transportCall.vessel.callSign", FieldId::vessel_call_sign},
    {"transportCall.vessel.vesselFlag", FieldId::vessel_flag},
    {"transportCall.vessel.flag", FieldId::vessel_flag},
    {"transportCall.barge.vesselIMONumber", FieldId::vessel_imo},
    {"transportCall.barge.name", FieldId::vessel_name},
    {"transportCall.barge.callSign", FieldId::vessel_call_sign},
    {"transportCall.vessel.vesselOperatorCarrierCode", FieldId::carrier_code},
    {"transportCall.vessel.operatorCarrierCode", FieldId::carrier_code},
    {"transportCall.transportCallReference", FieldId::transport_ref},
    {"transportCall.transportCallID", FieldId::transport_ref},
    {"transportCallID", FieldId::transport_ref},
    {"transportCall.portVisitReference", FieldId::call_ref},
    {"transportCall.licencePlate", FieldId::vehicle_plate},
    {"reason", FieldId::event_reason},
    {"changeRemark", FieldId::event_reason},
    {"vesselScheduleChangeRemark", FieldId::event_reason},
    {"delayReasonCode", FieldId::event_reason},
    {"geoLocation.latitude", FieldId::position_latitude},
    {"geoLocation.longitude", FieldId::position_longitude},
};
// A call has one voyage in and one out; what arrives or is discharged came with the first.
constexpr JsonRow kVoyageIn[] = {{"transportCall.importVoyageNumber", FieldId::vessel_voyage},
                                 {"transportCall.carrierImportVoyageNumber", FieldId::vessel_voyage}};
constexpr JsonRow kVoyageOut[] = {{"transportCall.exportVoyageNumber", FieldId::vessel_voyage},
                                  {"transportCall.carrierExportVoyageNumber", FieldId::vessel_voyage},
                                  {"transportCall.carrierVoyageNumber", FieldId::vessel_voyage}};
constexpr std::pair<std::string_view, std::string_view> kPairKeys[] = {
    {"documentReferenceType", "documentReferenceValue"}, {"referenceType", "referenceValue"}, {"type", "value"}};

// The event's own place before that of the transport call.
struct Place {
  Payload::Path city, terminal, terminal_otherwise;
  JsonRow rows[3];
};
constexpr Place kPlaces[] = {
    {"eventLocation.UNLocationCode", "eventLocation.facilityCode", "eventLocation.facilityCode",
     {{"eventLocation.UNLocationCode", FieldId::location_code},
      {"eventLocation.latitude", FieldId::position_latitude},
      {"eventLocation.longitude", FieldId::position_longitude}}},
    {"location.UNLocationCode", "location.facilityCode", "location.facilityCode",
     {{"location.UNLocationCode", FieldId::location_code},
      {"location.latitude", FieldId::position_latitude},
      {"location.longitude", FieldId::position_longitude}}},
    {"transportCall.location.UNLocationCode", "transportCall.location.facilityCode", "transportCall.facilityCode",
     {{"transportCall.location.UNLocationCode", FieldId::location_code},
      {"transportCall.location.latitude", FieldId::position_latitude},
      {"transportCall.location.longitude", FieldId::position_longitude}}},
    {"transportCall.UNLocationCode", "transportCall.facilityCode", "transportCall.facilityCode",
     {{"transportCall.UNLocationCode", FieldId::location_code},
      {"transportCall.latitude", FieldId::position_latitude},
      {"transportCall.longitude", FieldId::position_longitude}}},
};

bool is_one_of(std::span<const std::string_view> words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Of the layouts of a file.
struct Known {
  codec::JsonMembersByLayout<kPartPaths> parts;
  codec::JsonMembersByLayout<kMetadataPaths> metadata;
  codec::JsonMembersByLayout<kPayloadPaths> payload;
  adapter::JsonRowsByLayout<kPayloadPaths> rows{kRows};
};

class EventDecoder {
 public:
  EventDecoder(const JsonRecord& record, Known& known, const Source& source, Sink& sink)
      : EventDecoder(record, known.parts.of(&record.root, record.root.layout), known, source, sink) {}

  JsonVerdict decode() {
    const std::string_view stated = metadata_.text("eventType");
    const Kind* kind =
        std::find_if(std::begin(kKinds), std::end(kKinds), [&](const Kind& k) { return k.event_type == stated; });
    if (kind == std::end(kKinds))
      return stated.empty() ? reject("missing_key", "the key 'eventType' is missing")
                            : ignore("type_not_mapped", fmt::format("eventType '{}' is not read; it is one of "
                                                                    "EQUIPMENT, TRANSPORT, SHIPMENT, REEFER, IOT",
                                                                    stated.substr(0, 80)));
    if (metadata_.find("retractedEventID") != nullptr) return retract(*kind, metadata_.text("retractedEventID"));
    if (!has_payload_) return reject("missing_key", "the key 'payload' is missing and nothing is retracted");
    JsonVerdict verdict;
    const auto type = type_of(*kind, verdict);
    if (!type) return verdict;
    const auto classifier = classifier_of(verdict);
    if (!classifier) return verdict;
    auto event = adapter::make_event(*type, record_, source_, feed_);
    event->classifier = *classifier;
    if (!adapter::read_time(payload_.find("eventDateTime"), "eventDateTime", event->event_time, verdict))
      return verdict;
    adapter::read_optional_time(metadata_.find("eventCreatedDateTime"), "eventCreatedDateTime", event->reported_at,
                                sink_);
    // A plan whose telling is not dated was told when it came, not at the time it speaks of.
    if (event->reported_at.us == 0 && *classifier != Classifier::actual) event->reported_at = source_.received_at;
    const std::string_view id = metadata_.text("eventID");
    if (!id.empty()) event->natural_key = make_natural_key(event->feed, id);
    add_fields(*event);
    emit(std::move(event));
    return {};
  }

 private:
  // Version 2.2 has neither `metadata` nor `payload`: both are the event itself.
  EventDecoder(const JsonRecord& record, const codec::JsonMembers<kPartPaths>& parts, Known& known,
               const Source& source, Sink& sink)
      : EventDecoder(record, parts.find("metadata"), parts.find("payload"), known, source, sink) {}
  EventDecoder(const JsonRecord& record, const JsonNode* metadata, const JsonNode* payload, Known& known,
               const Source& source, Sink& sink)
      : record_(record),
        source_(source),
        sink_(sink),
        metadata_(known.metadata.of(metadata == nullptr ? &record.root : metadata, record.root.layout)),
        payload_(known.payload.of(metadata == nullptr ? &record.root : payload, record.root.layout)),
        rows_(known.rows.of(payload_, record.root.layout)),
        has_payload_(metadata == nullptr || payload != nullptr) {
    if (source.feed.empty()) feed_ = feed_of(metadata_.text("publisher.carrierCode"));
  }

  static std::string feed_of(std::string_view carrier) {
    std::string feed = "dcsa";
    if (!carrier.empty()) feed.append("/").append(carrier.substr(0, 16));
    return feed;
  }

  // Version 3: takes back an event of the same publisher; there is no payload.
  JsonVerdict retract(const Kind& kind, std::string_view id) {
    if (id.empty()) return reject("bad_value", "'retractedEventID' must name an event in quotes");
    auto event = adapter::make_event(kind.retraction, record_, source_, feed_);
    event->op = Op::void_;
    event->natural_key = make_natural_key(event->feed, id);
    JsonVerdict verdict;
    if (!adapter::read_time(metadata_.find("eventCreatedDateTime"), "eventCreatedDateTime", event->event_time, verdict))
      return verdict;
    if (const JsonNode* own = metadata_.find("eventID")) add_json(FieldId::event_source_id, *own, *event, sink_);
    adapter::settle_clocks(*event, source_, record_.offset, sink_);
    sink_.event(std::move(event));
    return {};
  }

  std::optional<EventType> type_of(const Kind& kind, JsonVerdict& verdict) {
    code_ = payload_.text(kind.code);
    if (code_.empty()) code_ = payload_.text("eventTypeCode");  // before 2.2
    if (code_.empty()) {
      verdict = reject("missing_key", fmt::format("the key '{}' is missing", kind.code.text));
      return std::nullopt;
    }
    document_ = payload_.text("documentTypeCode");
    if (document_.empty()) document_ = payload_.text("shipmentInformationTypeCode");  // before 2.2
    const bool by_vessel = mode().empty() || mode() == "VESSEL" || mode() == "BARGE";
    if (kind.event_type == "TRANSPORT" && !by_vessel) {
      verdict = ignore("mode_not_mapped", fmt::format("arrivals and departures by '{}' are not read", mode()));
      return std::nullopt;
    }
    const bool is_shipment = kind.event_type == "SHIPMENT";
    for (const Code& c : kCodes)
      if (c.code == code_ && c.event_type == kind.event_type &&
          (!is_shipment || is_one_of(kCustomsDocuments, document_)))
        return c.type;
    if (is_shipment && is_one_of(kDocumentCodes, code_)) return document_changed;
    verdict = reject("unknown_code", fmt::format("'{}' is no {} of Track & Trace 2.2 or 3", code_.substr(0, 80),
                                                 kind.code.text));
    return std::nullopt;
  }

  std::optional<Classifier> classifier_of(JsonVerdict& verdict) {
    const std::string_view stated = payload_.text("eventClassifierCode");
    for (const auto& [code, classifier] : kClassifiers)
      if (code == stated) return classifier;
    verdict = stated.empty() ? reject("missing_key", "the key 'eventClassifierCode' is missing")
                             : reject("bad_value", fmt::format("'eventClassifierCode' must be one of ACT, PLN, EST, "
                                                               "REQ, not '{}'",
                                                               stated.substr(0, 80)));
    return std::nullopt;
  }

  std::string_view mode() const { return payload_.text("transportCall.modeOfTransport"); }

  void add_fields(Event& event) {
    if (const JsonNode* id = metadata_.find("eventID")) add_json(FieldId::event_source_id, *id, event, sink_);
    if (const JsonNode* carrier = metadata_.find("publisher.carrierCode"))
      add_json(FieldId::carrier_code, *carrier, event, sink_);
    add_rows(rows_, payload_, event, sink_);
    const bool came = event.type == container_discharged || event.type == vessel_arrived;
    const std::span<const JsonRow> in = kVoyageIn, out = kVoyageOut;
    add_rows(came ? in : out, payload_, event, sink_);
    add_rows(came ? out : in, payload_, event, sink_);
    add_place(event);
    add_word("emptyIndicatorCode", kFullEmpty, FieldId::container_full_empty, event);
    add_word("transportCall.modeOfTransport", kModes, FieldId::transport_mode, event);
    if (const JsonNode* moved = payload_.find("isTransshipmentMove"); moved != nullptr && moved->text == "true")
      add_text(FieldId::container_status, "transhipment", moved->offset, event, sink_);
    add_status(event);
    add_seals(event);
    add_temperatures(event);
    each_pair("documentReferences", [&](auto type, auto& value) { add_document(type, value, event); });
    each_pair("relatedDocumentReferences", [&](auto type, auto& value) { add_document(type, value, event); });
  }

  void add_place(Event& event) {
    for (const Place& place : kPlaces) {
      add_rows(place.rows, payload_, event, sink_);
      const std::string_view city = payload_.text(place.city);
      if (city.empty()) continue;
      std::string_view terminal = payload_.text(place.terminal);
      if (terminal.empty()) terminal = payload_.text(place.terminal_otherwise);
      if (!terminal.empty()) event.facility.assign(city.substr(0, 5)).append("/").append(terminal.substr(0, 16));
      return;
    }
  }

  void add_word(Payload::Path path, std::span<const Word> words, FieldId field, Event& event) {
    const JsonNode* node = payload_.find(path);
    if (node == nullptr) return;
    for (const Word& w : words)
      if (w.code == node->text) return add_text(field, w.word, node->offset, event, sink_);
    sink_.finding({"code_unknown", std::string(info(field).name), std::string(node->text.substr(0, 80)), node->offset,
                   fmt::format("'{}' is not in the code list of {}", node->text.substr(0, 80), path.text)});
  }

  // The code where the type of the event does not say it all.
  void add_status(Event& event) {
    if (document_.empty()) {
      const JsonNode* detected = payload_.find("iotEventCode");  // what DETC detected
      const std::string_view code = detected != nullptr ? detected->text : code_;
      return add_text(FieldId::transport_status, code, record_.offset, event, sink_);
    }
    add_text(FieldId::document_type, document_, record_.offset, event, sink_);
    add_text(FieldId::document_status, code_, record_.offset, event, sink_);
    for (const Payload::Path path : {Payload::Path("documentReference"), Payload::Path("documentID")})
      if (const JsonNode* ref = payload_.find(path)) {
        add_json(FieldId::document_ref, *ref, event, sink_);
        return add_document(document_, *ref, event);
      }
  }

  void add_document(std::string_view type, const JsonNode& value, Event& event) {
    const FieldId field = type.starts_with("BKG") ? FieldId::booking_ref : FieldId::bill_ref;
    if (field == FieldId::bill_ref && !type.starts_with("TRD")) return;
    if (!event.fields.has(field)) add_json(field, value, event, sink_);
  }

  void add_seals(Event& event) {
    const JsonNode* seals = payload_.find("seals");
    if (seals == nullptr || seals->type != JsonType::array) return;
    for (const JsonNode& seal : *seals)
      for (const std::string_view key : {"sealNumber", "number"})
        if (const JsonNode* number = seal.find(key)) add_json(FieldId::seal_number, *number, event, sink_);
  }

  void add_temperatures(Event& event) {
    struct Temperature {
      Payload::Path value, unit;
      FieldId field;
    };
    constexpr Temperature parts[] = {
        {"setpoints.temperature", "setpoints.temperatureUnit", FieldId::container_temperature_c},
        {"measurements.temperature", "measurements.temperatureUnit", FieldId::container_measured_c}};
    for (const Temperature& part : parts) {
      const JsonNode* value = payload_.find(part.value);
      if (value == nullptr) continue;
      const std::string_view unit = payload_.text(part.unit);
      if (unit == "CEL")
        add_json(part.field, *value, event, sink_);
      else
        sink_.finding({"unit_unknown", std::string(info(part.field).name), std::string(unit), value->offset,
                       "temperatures are read where temperatureUnit is CEL; left out"});
    }
  }

  // fn(type, value) of each pair of a list.
  template <typename Fn>
  void each_pair(Payload::Path list, Fn&& fn) {
    const JsonNode* pairs = payload_.find(list);
    if (pairs == nullptr || pairs->type != JsonType::array) return;
    for (const JsonNode& pair : *pairs)
      for (const auto& [type_key, value_key] : kPairKeys) {
        const JsonNode* type = pair.find(type_key);
        const JsonNode* value = type == nullptr ? nullptr : pair.find(value_key);
        if (value == nullptr) continue;
        fn(type->text, *value);
        break;
      }
  }

  // A document may be about several containers: an event each, so that each box has it in its history. What a vessel
  // does is told once.
  void emit(boost::intrusive_ptr<Event> event) {
    adapter::settle_clocks(*event, source_, record_.offset, sink_);
    std::vector<const JsonNode*> boxes;
    const bool is_vessel = event->type == vessel_arrived || event->type == vessel_departed;
    if (!is_vessel && !event->fields.has(FieldId::container_number))
      each_pair("references", [&](std::string_view type, const JsonNode& value) {
        if (type == "EQ") boxes.push_back(&value);
      });
    if (boxes.size() > limits::kRecordContainers) {
      const JsonNode& first = *boxes[limits::kRecordContainers];
      sink_.finding({"too_many_containers", "container.number", std::string(first.text.substr(0, 80)), first.offset,
                     fmt::format("{} containers; {} of one record are read, this one and those behind it are not",
                                 boxes.size(), limits::kRecordContainers)});
      boxes.resize(limits::kRecordContainers);
    }
    for (std::size_t i = 0; i + 1 < boxes.size(); ++i) {
      boost::intrusive_ptr<Event> copy(new Event(*event));
      add_json(FieldId::container_number, *boxes[i], *copy, sink_);
      sink_.event(std::move(copy));
    }
    if (!boxes.empty()) add_json(FieldId::container_number, *boxes.back(), *event, sink_);
    sink_.event(std::move(event));
  }

  const JsonRecord& record_;
  const Source& source_;
  std::string feed_;  // where the source names none
  Sink& sink_;
  const Metadata& metadata_;
  const Payload& payload_;
  const std::span<const JsonRow> rows_;  // those of kRows that have a value
  const bool has_payload_;
  std::string_view code_, document_;
};

int recognises(std::string_view head) {
  if (!head.starts_with('{') && !head.starts_with('[')) return 0;
  const auto holds = [&](std::string_view key) { return head.find(key) != std::string_view::npos; };
  if (holds("\"specversion\"") || !holds("\"eventType\"")) return 0;
  if (holds("\"eventClassifierCode\"")) return 90;
  return holds("\"eventCreatedDateTime\"") ? 80 : 0;
}

void decode(std::string_view bytes, const Source& source, Sink& sink) {
  Known known;
  adapter::decode_json_records(bytes, sink, kRecordPaths, [&](const JsonRecord& record) {
    return EventDecoder(record, known, source, sink).decode();
  });
}

}  // namespace

extern const adapter::FormatAdapter kFormat;
const adapter::FormatAdapter kFormat{"dcsa", recognises, decode};

}  // namespace quaywatch::adapters::dcsa
