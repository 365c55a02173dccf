// Random streams for the oracle: a world so small that records of the same box, card and plate meet all the time, on a
// coarse grid so that ties, clock errors, double reports, corrections and holes in coverage meet too, delivered in any
// order and more than once. One seed is one stream, for ever.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/coverage.h"
#include "model/event.h"
#include "tests/oracle_themes.h"

namespace quaywatch::tests {

using Entry = std::variant<EventPtr, CoverageStatement>;
using LiveEntry = std::variant<EventPtr, CoverageStatement, FeedExpectation, Timestamp>;

class Stream {
 public:
  explicit Stream(unsigned seed) : random_(seed), theme_(themes()[seed % themes().size()]) {
    step_ = minutes(theme_.steps[pick(static_cast<std::uint32_t>(theme_.steps.size()))]);
    const std::uint32_t n = theme_.least + pick(theme_.span);
    for (std::uint32_t i = 0; i < n; ++i) tell();
    for (std::uint32_t i = pick(10); i > 0; --i) cover();
    for (std::uint32_t i = pick(3); i > 0; --i) expect();
    for (std::uint32_t i = pick(4); i > 0; --i) ticks.push_back(instant() + hours(pick(12)));
    std::sort(ticks.begin(), ticks.end());
    const std::size_t said = words.size(), stated = coverage.size();
    for (std::size_t i = 0; i < said; ++i) entries.emplace_back(words[i]);
    for (std::size_t i = 0; i < said; ++i)
      if (one_in(5)) entries.emplace_back(EventPtr(new Event(*words[i])));
    for (std::size_t i = 0; i < stated; ++i) entries.emplace_back(coverage[i]);
    std::shuffle(entries.begin(), entries.end(), random_);
  }

  std::vector<EventPtr> words;
  std::vector<CoverageStatement> coverage;
  std::vector<FeedExpectation> expected;  // of `live` alone, as the ticks
  std::vector<Timestamp> ticks;
  std::vector<Entry> entries;  // as they arrive

  // The same, with feeds that are expected to deliver and ticks between; in another order each time.
  std::vector<LiveEntry> live() {
    std::vector<LiveEntry> out;
    for (const Entry& e : entries) std::visit([&](const auto& of) { out.emplace_back(of); }, e);
    for (const FeedExpectation& e : expected) out.emplace_back(e);
    std::shuffle(out.begin(), out.end(), random_);
    // Ticks are in order of time, wherever they fall.
    for (std::size_t i = 0; i < ticks.size(); ++i)
      out.insert(out.begin() + static_cast<std::ptrdiff_t>((i + 1) * out.size() / (ticks.size() + 1)), ticks[i]);
    return out;
  }

 private:
  static constexpr std::uint32_t kGrid = 24;                    // instants of a stream, a step apart
  static constexpr Timestamp kStart = {1'773'216'000'000'000};  // 2026-03-11T08:00:00Z

  static constexpr const char* kAccounts[] = {"qa.one", "qa.two", "qa.three"};

  std::uint32_t pick(std::uint32_t n) { return static_cast<std::uint32_t>(random_() % n); }
  bool one_in(std::uint32_t n) { return pick(n) == 0; }
  Timestamp instant() {
    if (theme_.is_rush) return kStart + Duration{step_.us * kGrid / 2 * pick(2)} + minutes(10 * pick(7));
    return kStart + Duration{step_.us * pick(kGrid)};
  }
  template <std::size_t N>
  const char* any(const char* const (&of)[N]) {
    return of[pick(N)];
  }
  template <std::size_t N>
  void maybe(Event& e, FieldId field, const char* const (&of)[N], std::uint32_t one_in_n_absent) {
    if (!one_in(one_in_n_absent)) e.fields.add_text(field, any(of));
  }

  boost::intrusive_ptr<Event> event() {
    boost::intrusive_ptr<Event> e(new Event);
    e->type = theme_.types[pick(static_cast<std::uint32_t>(theme_.types.size()))];
    e->feed = any({"gate-a", "gate-b"});
    e->facility = one_in(4) ? "ZZQAY/T2" : "ZZQAY/T1";
    if (one_in(12)) e->classifier = Classifier::planned;
    e->event_time = instant();
    if (one_in(3)) e->time_error_s = 300 * (1 + pick(4));
    e->reported_at = e->event_time + minutes(pick(30));
    e->received_at = e->reported_at;
    fill(*e);
    return e;
  }

  void fill(Event& e);
  void fill_box(Event& e, std::string_view family);
  void fill_control(Event& e, std::string_view family);
  void fill_access(Event& e, std::string_view family);
  void fill_ship(Event& e);

  // A happening, and what its feed says of it over time.
  void tell() {
    boost::intrusive_ptr<Event> e = event();
    if (one_in(3)) e->natural_key = make_natural_key(e->feed, fmt::format("{}", pick(6)));
    seal_event_id(*e, 0);
    words.push_back(e);
    if (!e->natural_key.is_zero() && one_in(2)) {
      boost::intrusive_ptr<Event> later = one_in(2) ? event() : boost::intrusive_ptr<Event>(new Event(*e));
      later->op = one_in(2) ? Op::void_ : Op::correct;
      later->feed = e->feed;
      later->natural_key = e->natural_key;
      later->reported_at = e->reported_at + minutes(pick(3));
      seal_event_id(*later, 0);
      words.push_back(later);
    }
    if (one_in(4)) {  // the other gate system saw it too
      boost::intrusive_ptr<Event> other(new Event(*e));
      other->feed = e->feed == "gate-a" ? "gate-b" : "gate-a";
      other->natural_key = {};
      other->event_time = e->event_time + minutes(10 * pick(4));
      seal_event_id(*other, 0);
      words.push_back(other);
    }
  }

  void cover() {
    CoverageStatement s;
    s.feed = any({"gate-a", "gate-b"});
    s.facility = one_in(2) ? "" : one_in(4) ? "ZZQAY/T2" : "ZZQAY/T1";
    s.types = theme_.covered[pick(static_cast<std::uint32_t>(theme_.covered.size()))];
    s.from = one_in(2) ? kStart - days(2) : instant();
    s.until = s.from + (one_in(2) ? days(theme_.is_rush ? 20 : 10) : Duration{step_.us * pick(kGrid)});
    s.stated_at = s.until;
    coverage.push_back(s);
  }

  void expect() {
    FeedExpectation e;
    e.feed = any({"gate-a", "gate-b"});
    e.facility = one_in(2) ? "" : "ZZQAY/T1";
    e.types = theme_.covered[pick(static_cast<std::uint32_t>(theme_.covered.size()))];
    e.lateness = minutes(5 + 60 * pick(3));
    e.stated_at = kStart + minutes(pick(3));
    expected.push_back(e);
  }

  std::mt19937 random_;
  const Theme& theme_;
  Duration step_;
};

inline void Stream::fill(Event& e) {
  const std::string_view type = info(e.type).name;
  const std::string_view family = type.substr(0, type.find('.'));
  if (family == "access" || family == "credential" || family == "roster" || family == "sensor" || family == "vehicle")
    fill_access(e, family);
  else if (family == "vessel")
    fill_ship(e);
  else
    fill_box(e, family);
}

inline void Stream::fill_box(Event& e, std::string_view family) {
  using enum FieldId;
  static constexpr const char* kBoxes[] = {"QAXU0000018", "QAXU0000023", "QAXU0000039"};
  static constexpr const char* kReleases[] = {"R-1", "R-2"};
  static constexpr const char* kParties[] = {"HT-XAAA", "HT-XBBB", "HT-XCCC"};
  static constexpr const char* kOrders[] = {"W-1", "W-2", "W-3"};
  static constexpr const char* kPlaces[] = {"A1", "B2", "A1-01-1", "A1-01-2-1", "A1-01-3-2", "B2-02-1"};
  static constexpr const char* kSeals[] = {"SE 10010", "se-10010", "SE10020", "SE30300", "SE200"};
  static constexpr const char* kMachines[] = {"SC1", "SC2"};
  static constexpr const char* kPlates[] = {"QAA1", "QAB2"};
  static constexpr const char* kVins[] = {"ZZZQA00000000001A", "ZZZQA00000000002B"};
  static constexpr const char* kNames[] = {"One", "Two"};
  if (family == "party" || e.type == EventType::account_changed) {
    maybe(e, party_code, kParties, 12);
    maybe(e, party_name, kNames, 3);
    for (std::uint32_t i = pick(3); i > 0; --i) e.fields.add_text(party_vehicle, any(kPlates));
    return;
  }
  e.fields.add_text(container_number, theme_.is_rush ? fmt::format("QAXU00001{}", 10 + pick(20)) : any(kBoxes));
  if (family == "document" || family == "object") {
    for (std::uint32_t i = pick(family == "object" ? 2 : 3); i > 0; --i) e.fields.add_text(goods_vin, any(kVins));
    if (family == "object") {
      maybe(e, list_entry, {"E-1", "E-2"}, 2);
      if (one_in(4)) e.fields.add_time(list_valid_until, instant());
      return maybe(e, list_name, {"canary", "stolen cars", "Canary"}, 8);
    }
    e.fields.add_text(document_type, "export declaration");
    return maybe(e, booking_ref, {"B-1", "B-2"}, 3);
  }
  const bool is_release = family == "release", is_order = family == "order",
             is_move = e.type == EventType::container_moved;
  if (is_release)
    e.fields.add_text(release_ref, any(kReleases));
  else if (!is_order)
    maybe(e, release_ref, kReleases, 2);
  if (theme_.is_rush)
    e.fields.add_text(account_id, one_in(5) ? "qa.two" : "qa.one");
  else if (family != "container" || one_in(4))
    maybe(e, account_id, kAccounts, 4);
  if (family == "account" || e.type == EventType::release_viewed) {
    maybe(e, account_organisation, kParties, 3);
    if (one_in(6)) e.fields.add_text(task_ref, "T-1");
  }
  if (e.type == EventType::release_transferred) maybe(e, release_to, kParties, 12);
  if (is_release) return maybe(e, release_holder_named, kParties, 6);
  if (is_order || is_move) {
    maybe(e, order_ref, kOrders, is_order ? 8 : 2);
    maybe(e, location_from, kPlaces, 3);
    maybe(e, equipment_id, kMachines, 3);
    return maybe(e, location_to, kPlaces, 3);
  }
  maybe(e, party_code, kParties, 8);
  if (family != "container" && family != "seal" && family != "scan" && family != "selection") return;
  if (e.type == EventType::container_gate_out) maybe(e, vehicle_plate, kPlates, 2);
  if (e.type == EventType::container_stowed || e.type == EventType::container_discharged)
    maybe(e, location_load, {"ZZAAA", "ZZBBB"}, 3);
  maybe(e, container_size_type, {"22G1", "45R1"}, 2);
  maybe(e, container_full_empty, {"full", "empty"}, 2);
  if (one_in(3) || e.type == EventType::container_weighed)
    e.fields.add_decimal(container_weight_kg, 1'000'000'000LL * (4 + pick(4)));
  if (e.type == EventType::container_weighed) {
    maybe(e, weight_point, {"gate-1", "crane-2"}, 4);
    if (one_in(2)) e.fields.add_decimal(weight_error_kg, 50'000'000);
    if (one_in(2)) e.fields.add_decimal(container_tare_kg, 2'200'000'000);
  }
  for (std::uint32_t i = pick(3); i > 0; --i) e.fields.add_text(seal_number, any(kSeals));
  if (e.type == EventType::container_sealed) maybe(e, seal_new, kSeals, 2);
  if (e.type == EventType::container_sealed || e.type == EventType::seal_removed) maybe(e, seal_old, kSeals, 2);
  fill_control(e, family);
}

inline void Stream::fill_control(Event& e, std::string_view family) {
  using enum FieldId;
  static constexpr const char* kScans[] = {"S-1", "S-2"};
  if (e.type == EventType::scan_analysed) maybe(e, scan_ref, kScans, 2);
  if (family == "selection") maybe(e, selection_by, kAccounts, 3);
  if (e.type != EventType::container_inspected) return;
  if (!one_in(3)) e.fields.add_boolean(inspection_opened, one_in(2));
  if (one_in(3)) e.fields.add_text(scan_device, "X1");
  if (one_in(3)) e.fields.add_text(scan_ref, any(kScans));
  maybe(e, inspection_ref, {"K-1", "K-2"}, 2);
  maybe(e, inspection_officer, kAccounts, 2);
  if (one_in(2)) e.fields.add_text(inspection_result, "nil");
}

inline void Stream::fill_access(Event& e, std::string_view family) {
  using enum FieldId;
  static constexpr const char* kCards[] = {"card-1", "card-2", "card-3"};
  static constexpr const char* kHolders[] = {"holder-1", "holder-2"};
  static constexpr const char* kWays[] = {"in", "out"};
  if (family == "sensor") {
    maybe(e, device_id, {"D1", "D2"}, 12);
    return maybe(e, device_zone, {"YARD", "GATE", "A1", "B2", "L1"}, 12);
  }
  if (family == "vehicle") {
    e.fields.add_text(vehicle_plate, any({"QAA1", "QAB2"}));
    maybe(e, capture_lane, {"L1", "L2"}, 2);
    return maybe(e, access_direction, kWays, 8);
  }
  if (family != "roster") e.fields.add_text(credential_id, any(kCards));
  maybe(e, credential_holder, kHolders, family == "roster" ? 12 : 3);
  if (family == "roster") {
    e.fields.add_time(roster_from, e.event_time);
    e.fields.add_time(roster_until, e.event_time + Duration{step_.us * (1 + pick(8))});
    return;
  }
  if (!one_in(3)) e.fields.add_integer(credential_serial, 1 + pick(3));
  if (family != "access") return;
  maybe(e, access_zone, {"YARD", "GATE"}, 12);
  maybe(e, access_direction, kWays, 8);
}

// One ship is heard often enough to be followed, and lies still now and then; the other is heard of now and then.
inline void Stream::fill_ship(Event& e) {
  using enum FieldId;
  e.fields.add_text(vessel_imo, one_in(12) ? "9074730" : "9074729");
  if (e.type == EventType::vessel_positioned) {
    if (!one_in(20)) e.fields.add_decimal(vessel_speed_kn, one_in(40) ? 400'000 : 1'000'000 * (1 + pick(15)));
    return;
  }
  const Timestamp day = {e.event_time.us - e.event_time.us % days(1).us};
  if (!one_in(12)) e.fields.add_time(call_arrived, day);
  if (!one_in(12)) e.fields.add_time(call_departed, one_in(12) ? day - days(1) : day + days(one_in(4) ? pick(15) : 0));
}

// --- for the tests that run over streams ---

// QUAYWATCH_ORACLE_STREAMS=10000 asks for more; QUAYWATCH_ORACLE_FIRST says where to begin, to look at one seed.
inline unsigned setting(const char* name, unsigned usual) {
  const char* text = std::getenv(name);
  unsigned out = usual;
  if (text != nullptr) std::from_chars(text, text + std::string_view(text).size(), out);
  return out;
}

inline std::string text_of(const Event& e) {
  std::string out = fmt::format(
      "{}{} {} {} {} +-{} s, {} {}", e.op == Op::assert_ ? "" : fmt::format("{} ", name(e.op)), info(e.type).name,
      e.id.hex().substr(0, 6), name(e.classifier), format_rfc3339(e.event_time), e.time_error_s, e.feed, e.facility);
  e.fields.each([&](FieldId f, const Value& v) { out += fmt::format(", {} {}", info(f).name, to_text(v)); });
  return out + '\n';
}
inline std::string types_text(const std::vector<EventType>& types) {
  std::string out;
  for (const EventType t : types) out += fmt::format(" {}", info(t).name);
  return out + '\n';
}
inline std::string text_of(const EventPtr& e) {
  return text_of(*e);
}
inline std::string text_of(const CoverageStatement& s) {
  return fmt::format("covered by {}@{} {} to {}:", s.feed, s.facility, format_rfc3339(s.from),
      format_rfc3339(s.until)) +
         types_text(s.types);
}
inline std::string text_of(const FeedExpectation& e) {
  return fmt::format("expected of {}@{} within {}:", e.feed, e.facility, format_timespan(e.lateness)) +
         types_text(e.types);
}
inline std::string text_of(Timestamp at) {
  return fmt::format("tick {}\n", format_rfc3339(at));
}
template <typename E>
std::string text_of(const std::vector<E>& entries) {
  std::string out;
  for (const E& entry : entries) out += "  " + std::visit([](const auto& e) { return text_of(e); }, entry);
  return out;
}

}  // namespace quaywatch::tests
