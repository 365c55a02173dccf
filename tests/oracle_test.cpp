// The timelines against the oracle: the facts about every event that is true in the end must be what the oracle reads
// from the sorted list, whatever the order of arrival.
#include "tests/oracle.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <string>

#include "pipeline/detection.h"
#include "tests/oracle_stream.h"

namespace quaywatch {
namespace {

constexpr unsigned kStreams = 3'600;

using tests::Entry;
using tests::Stream;

// The facts that the oracle knows.
constexpr std::string_view kCompared[] = {"event.time_error_s",
                                          "container.on_list",
                                          "container.inside",
                                          "container.inside_since",
                                          "container.entered_by_sea",
                                          "container.last_facility",
                                          "container.open_visits",
                                          "container.other_facility",
                                          "container.outside_minutes",
                                          "container.left_by_land",
                                          "container.opened_outside",
                                          "container.size_type_before",
                                          "container.size_type_changed",
                                          "container.sources_disagree",
                                          "container.weight_before_kg",
                                          "container.weight_delta_kg",
                                          "container.load_port",
                                          "seal.known",
                                          "seal.changed",
                                          "seal.difference",
                                          "seal.reseal_recorded",
                                          "move.ordered",
                                          "move.order_ref",
                                          "move.ordered_minutes_ago",
                                          "move.order_equipment_matches",
                                          "move.order_destination_matches",
                                          "move.order_after_minutes",
                                          "move.order_near",
                                          "move.neighbour",
                                          "move.neighbour_due_out",
                                          "container.opening_recorded",
                                          "device.silent",
                                          "device.silent_minutes",
                                          "release.known",
                                          "release.current_ref",
                                          "release.holder",
                                          "release.holder_since",
                                          "release.chain",
                                          "release.party_is_holder",
                                          "release.party_ever_held",
                                          "release.uses",
                                          "pickup.denials",
                                          "pickup.announced_by",
                                          "pickup.announcer_is_party",
                                          "pickup.holder_withdrew_minutes_ago",
                                          "lookup.account",
                                          "lookup.organisation",
                                          "lookup.minutes_ago",
                                          "lookup.task_known",
                                          "release.newcomer",
                                          "release.newcomer_minutes_ago",
                                          "release.receiver_registered_minutes_ago",
                                          "party.registered_minutes_ago",
                                          "party.changed_minutes_ago",
                                          "party.vehicle_known",
                                          "credential.revoked",
                                          "credential.replaced",
                                          "credential.replaced_by",
                                          "credential.replaced_minutes_ago",
                                          "access.zone_before",
                                          "access.inside_zone",
                                          "access.inside_minutes",
                                          "access.reader_gap",
                                          "access.on_shift",
                                          "access.off_shift_minutes",
                                          "vehicle.inside",
                                          "vehicle.inside_minutes",
                                          "selection.open",
                                          "selection.minutes_ago",
                                          "selection.selected_by",
                                          "inspection.minutes_open",
                                          "account.other_duty",
                                          "account.other_duty_by",
                                          "account.other_duty_minutes_ago",
                                          "weight.scale_before",
                                          "weight.scale_minutes_ago",
                                          "weight.scale_change_kg",
                                          "weight.scale_error_kg",
                                          "weight.seal_changed",
                                          "weight.opening_recorded",
                                          "weight.over_tare_kg",
                                          "account.boxes_hour",
                                          "account.task_known",
                                          "account.usual_boxes_hour",
                                          "account.discharged_minutes_ago",
                                          "account.ticket_known",
                                          "container.check_digit_valid",
                                          "goods.vin_repeated",
                                          "goods.vin_listed",
                                          "export.arrived",
                                          "call.ship_lay_still",
                                          "scan.judged",
                                          "inspection.minutes_before_arrival",
                                          "weight.box_empty",
                                          "container.left_full",
                                          "seal.doubled",
                                          "seal.other_box",
                                          "seal.other_box_minutes_ago",
                                          "seal.boxes",
                                          "seal.taken_off_there",
                                          "seal.misread_likely"};

const std::vector<FieldId>& compared() {
  static const std::vector<FieldId> kFields = [] {
    std::vector<FieldId> out;
    for (std::size_t i = 0; i < kFieldCount; ++i)
      if (std::find(std::begin(kCompared), std::end(kCompared), info(static_cast<FieldId>(i)).name) !=
          std::end(kCompared))
        out.push_back(static_cast<FieldId>(i));
    return out;
  }();
  return kFields;
}

tests::Answers shown(const timeline::Facts& facts) {
  tests::Answers out;
  for (const FieldId f : compared())
    facts.values.each(f, [&](const Value& v) {
      std::string& text = out[std::string(info(f).name)];
      if (!text.empty()) text += '|';
      text += v.is_unknown() ? fmt::format("unknown: {}", name(v.cause)) : to_text(v);
    });
  return out;
}

// Of what the two say of one stream: per fact the first event on which they differ.
using Differences = std::map<std::string, std::string>;

Differences differences(const std::vector<Entry>& entries, std::map<std::string, unsigned>& seen) {
  pipeline::Detection detection(rules::Pack{}, [](const pipeline::Alert&) {});
  tests::Events words;
  std::vector<CoverageStatement> coverage;
  for (const Entry& entry : entries) {
    std::visit([&](const auto& e) { detection.take(e); }, entry);
    if (const auto* e = std::get_if<EventPtr>(&entry)) words.push_back(*e);
    if (const auto* s = std::get_if<CoverageStatement>(&entry)) coverage.push_back(*s);
  }
  const tests::History oracle(std::move(words), std::move(coverage));
  Differences out;
  timeline::Facts facts;
  for (const EventPtr& e : oracle.events()) {
    detection.facts(e, facts);
    tests::Answers theirs = shown(facts), ours = tests::facts_of(oracle, *e);
    for (const FieldId f : compared()) {
      const std::string fact(info(f).name);
      const std::string &a = theirs[fact], &b = ours[fact];
      if (!b.empty()) ++seen[fact + " = " + (b == "true" || b == "false" || b.starts_with("unknown") ? b : "some")];
      if (a != b)
        out.emplace(fact, fmt::format("timeline '{}', oracle '{}', about {}", a, b, tests::text_of(*e)));
    }
  }
  return out;
}

// A smaller stream on which the two still differ about the fact.
std::vector<Entry> shrunk(std::vector<Entry> entries, const std::string& fact) {
  std::map<std::string, unsigned> seen;
  for (std::size_t i = entries.size(); i-- > 0;) {
    std::vector<Entry> fewer = entries;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    if (differences(fewer, seen).contains(fact)) entries = std::move(fewer);
  }
  return entries;
}

TEST(Oracle, TimelinesSayWhatTheSortedListSays) {
  std::map<std::string, unsigned> seen, failed;
  const unsigned first = tests::setting("QUAYWATCH_ORACLE_FIRST", 1), streams =
      tests::setting("QUAYWATCH_ORACLE_STREAMS", kStreams);
  for (unsigned seed = first; seed < first + streams; ++seed) {
    const Stream stream(seed);
    for (const auto& [fact, what] : differences(stream.entries, seen)) {
      if (++failed[fact] > 1) continue;
      const auto small = shrunk(stream.entries, fact);
      ADD_FAILURE() << "seed " << seed << ": " << fact << ": " << differences(small,
          seen)[fact] << tests::text_of(small);
    }
  }
  for (const auto& [fact, count] : failed) ADD_FAILURE() << fact << " differs in " << count << " streams";
  if (std::getenv("QUAYWATCH_ORACLE_SEEN") != nullptr)
    for (const auto& [answer, count] : seen) fmt::print("{} {}\n", count, answer);
  if (streams < kStreams) return;
  // The streams reach what they are meant to reach.
  for (const char* answer :
       {"move.ordered = true", "move.ordered = false", "move.ordered = unknown: order",
        "move.ordered = unknown: no_coverage", "release.known = true", "release.known = false",
        "release.known = unknown: order", "release.party_ever_held = true", "release.party_ever_held = false",
        "release.party_ever_held = unknown: order", "release.holder = unknown: order", "seal.changed = true",
        "seal.changed = false", "seal.changed = unknown: order", "container.inside = true", "container.inside = false",
        "container.inside = unknown: order", "container.inside = unknown: no_coverage",
        "account.usual_boxes_hour = some"})
    EXPECT_GE(seen[answer], 40u) << answer;
  for (const char* answer :
       {"account.discharged_minutes_ago = some", "account.discharged_minutes_ago = unknown: order",
        "account.ticket_known = true", "account.ticket_known = false", "scan.judged = true", "scan.judged = false",
        "inspection.minutes_before_arrival = some", "weight.box_empty = true", "container.left_full = true",
        "container.left_full = unknown: order", "seal.doubled = some", "seal.taken_off_there = true",
        "seal.taken_off_there = false", "seal.misread_likely = true", "container.check_digit_valid = true",
        "container.check_digit_valid = false", "export.arrived = true", "export.arrived = false",
        "container.on_list = some", "container.on_list = unknown: order", "move.neighbour = some",
        "move.neighbour_due_out = false", "move.neighbour_due_out = unknown: order", "release.newcomer = some",
        "release.newcomer = unknown: order", "release.newcomer = unknown: no_coverage", "goods.vin_repeated = some",
        "goods.vin_repeated = unknown: order", "goods.vin_listed = some", "call.ship_lay_still = true",
        "call.ship_lay_still = false", "call.ship_lay_still = unknown: no_coverage"})
    EXPECT_GE(seen[answer], 10u) << answer;
}

}  // namespace
}  // namespace quaywatch
