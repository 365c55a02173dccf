// Track and trace of two lines as DCSA publishes it: JSON in version 2.2, an array an hour, from the one; version 3, a
// line per event, from the other. A line hears of what happened minutes to hours later: eventCreatedDateTime.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "sim/calendar.h"
#include "sim/exports.h"
#include "sim/systems.h"

namespace quaywatch::sim {
namespace {

struct Code {
  Act act;
  std::string_view code;
  std::string_view facility;
};
constexpr Code kEquipment[] = {
    {Act::discharged, "DISC", kTerminal},  {Act::loaded, "LOAD", kTerminal},    {Act::gate_entered, "GTIN", kTerminal},
    {Act::gate_left, "GTOT", kTerminal},   {Act::depot_left, "PICK", kDepot},   {Act::depot_entered, "DROP", kDepot},
};
constexpr Code kTransport[] = {{Act::vessel_arrived, "ARRI", kTerminal},
                               {Act::vessel_departed, "DEPA", kTerminal},
                               {Act::call_scheduled, "ARRI", kTerminal}};

template <typename Table>
const Code* code_of(const Table& table, Act act) {
  const auto found = std::find_if(std::begin(table), std::end(table), [&](const Code& c) { return c.act == act; });
  return found == std::end(table) ? nullptr : &*found;
}

std::string zoned(Timestamp at) {
  std::string out = dashed(local_time(at));
  out[10] = 'T';
  return out + (offset_at(at) == hours(2) ? "+02:00" : "+01:00");
}

std::string quoted(std::string_view key, std::string_view value) { return fmt::format("\"{}\":\"{}\"", key, value); }

std::string uuid(Random& random) {
  const std::uint64_t a = random.next(), b = random.next();
  return fmt::format("{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}", a >> 32, a >> 16 & 0xffff, a & 0xfff, b >> 52,
                     b & 0xffffffffffff);
}

// Keys of the two versions where they differ.
struct Version {
  bool parted;  // metadata and payload
  std::string_view call_id, voyage_in, voyage_out, ship, operator_code, type, value, seal;
};
constexpr Version kVersions[] = {
    {false, "transportCallID", "importVoyageNumber", "exportVoyageNumber", "vesselName", "vesselOperatorCarrierCode",
     "documentReferenceType", "documentReferenceValue", "sealNumber"},
    {true, "transportCallReference", "carrierImportVoyageNumber", "carrierExportVoyageNumber", "name",
     "operatorCarrierCode", "type", "value", "number"}};

// The lines that publish: the first two that call here.
Index publisher(const World& world, std::size_t place) {
  std::vector<Index> lines;
  for (const Service& service : world.port().services)
    if (std::find(lines.begin(), lines.end(), service.line) == lines.end()) lines.push_back(service.line);
  return place < lines.size() ? lines[place] : kNone;
}

class LineEvents final : public System {
 public:
  LineEvents(const Deliver& deliver, std::size_t place)
      : deliver_(deliver), place_(place), version_(kVersions[place]) {}

  void see(const World& world, const Happening& h) override {
    if (!asked_) line_ = publisher(world, place_);
    asked_ = true;
    const Index line = line_;
    if (line == kNone) return;
    const Code* code = nullptr;
    if (h.box != kNone && world.box(h.box).line == line) {
      code = code_of(kEquipment, h.act);
      const bool gate = h.act == Act::gate_entered || h.act == Act::gate_left;
      if (code != nullptr && (!gate || h.carries)) add(world, h, "EQUIPMENT", h.at, "ACT", equipment(world, h, *code));
    } else if (h.box == kNone && h.call != kNone && world.call(h.call).line == line) {
      code = code_of(kTransport, h.act);
      const bool planned = h.act == Act::call_scheduled;
      const Call& call = world.call(h.call);
      if (code != nullptr)
        add(world, h, "TRANSPORT", planned ? call.estimate : h.at, planned ? "EST" : "ACT",
            fmt::format("{},{}", quoted("transportEventTypeCode", code->code), sea_leg(world, call)));
    }
  }

  void tick(const World& world, Timestamp now) override {
    std::stable_sort(waiting_.begin(), waiting_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<std::string> out;
    auto told = waiting_.begin();
    for (; told != waiting_.end() && told->first <= now; ++told) out.push_back(std::move(told->second));
    waiting_.erase(waiting_.begin(), told);
    if (out.empty()) return;
    const std::string text =
        version_.parted ? fmt::format("{}\n", fmt::join(out, "\n")) : fmt::format("[{}]\n", fmt::join(out, ",\n"));
    const std::string_view extension = version_.parted ? "jsonl" : "json";
    deliver_(fmt::format("feeds/lines/events_{}_{:06}.{}", code_of_line(world), ++files_, extension), text, now);
  }
  void close(const World& world, Timestamp until) override { tick(world, until); }

 private:
  const std::string& code_of_line(const World& world) const {
    return world.port().companies[line_].code;
  }

  std::string sea_leg(const World& world, const Call& call) const {
    const std::string place =
        version_.parted ? fmt::format(R"("location":{{"UNLocationCode":"{}","facilityCode":"{}"}},{})", kPlace,
                                      kTerminal, quoted("portVisitReference", call.number))
                        : fmt::format("{},{}", quoted("UNLocationCode", kPlace), quoted("facilityCode", kTerminal));
    return fmt::format(R"("transportCall":{{{},{},{},"modeOfTransport":"VESSEL",{},"vessel":{{{},{},{}}}}})",
                       quoted(version_.call_id, call.number), quoted(version_.voyage_in, call.voyage_in),
                       quoted(version_.voyage_out, call.voyage_out), place, quoted("vesselIMONumber", call.imo),
                       quoted(version_.ship, call.vessel),
                       quoted(version_.operator_code, world.port().companies[call.line].code));
  }

  std::string equipment(const World& world, const Happening& h, const Code& code) const {
    const Box& b = world.box(h.box);
    const bool sea = h.act == Act::discharged || h.act == Act::loaded, full = b.full && code.facility == kTerminal;
    const std::string_view mode = b.mode == Mode::truck || code.facility == kDepot ? "TRUCK"
                                  : b.mode == Mode::rail                          ? "RAIL"
                                                                                  : "BARGE";
    std::string out = fmt::format(
        R"({},{},{},{},"eventLocation":{{"UNLocationCode":"{}","facilityCode":"{}"}},{})",
        quoted("equipmentEventTypeCode", code.code), quoted("equipmentReference", b.number),
        quoted("ISOEquipmentCode", b.size_type), quoted("emptyIndicatorCode", full ? "LADEN" : "EMPTY"), kPlace,
        code.facility,
        sea ? sea_leg(world, world.call(h.call)) : fmt::format(R"("transportCall":{{"modeOfTransport":"{}"}})", mode));
    if (b.trade == Trade::transhipment) out += R"(,"isTransshipmentMove":true)";
    const bool inbound = b.trade == Trade::import;
    if (full)
      out += fmt::format(R"(,"{}":[{{{},{}}}])", version_.parted ? "relatedDocumentReferences" : "documentReferences",
                         quoted(version_.type, inbound ? "TRD" : "BKG"),
                         quoted(version_.value, inbound ? b.bill : b.booking));
    if (full && !h.seal.empty()) out += fmt::format(R"(,"seals":[{{{}}}])", quoted(version_.seal, h.seal));
    return out;
  }

  void add(const World& world, const Happening& h, std::string_view type, Timestamp at, std::string_view classifier,
           const std::string& what) {
    Random random = world.stream("line events", (++events_ << 1) + place_);
    const Timestamp heard = h.at + minutes(random.between(2, 240));
    const Timestamp created{heard.us - heard.us % 1'000'000};
    const std::string id = uuid(random);
    const std::string body =
        fmt::format("{},{},{}", quoted("eventClassifierCode", classifier), quoted("eventDateTime", zoned(at)), what);
    const std::string head =
        fmt::format("{},{},{}", quoted("eventID", id), quoted("eventType", type),
                    quoted("eventCreatedDateTime", version_.parted ? format_rfc3339(created) : zoned(created)));
    waiting_.emplace_back(created, version_.parted
                                       ? fmt::format(R"({{"metadata":{{{},"publisher":{{{}}}}},"payload":{{{}}}}})",
                                                     head, quoted("carrierCode", code_of_line(world)), body)
                                       : fmt::format("{{{},{}}}", head, body));
  }

  const Deliver& deliver_;
  std::size_t place_;  // 0 or 1: the first or the second publisher
  Index line_ = kNone;
  bool asked_ = false;
  const Version& version_;
  std::vector<std::pair<Timestamp, std::string>> waiting_;  // by when the line publishes them
  std::uint64_t events_ = 0, files_ = 0;
};

}  // namespace

std::unique_ptr<System> first_line_events(const Deliver& deliver, Timestamp) {
  return std::make_unique<LineEvents>(deliver, 0);
}
std::unique_ptr<System> second_line_events(const Deliver& deliver, Timestamp) {
  return std::make_unique<LineEvents>(deliver, 1);
}

}  // namespace quaywatch::sim
