
#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/print.h"
#include "app/render.h"
#include "app/rules_in_force.h"
#include "app/run_input.h"
#include "app/texts.h"
#include "base/limits.h"
#include "base/text.h"

namespace quaywatch::app {
namespace {

using pipeline::BlindSpot;

// The feeds that provide what is missing, there or everywhere.
std::vector<std::string> silent_feeds(const BlindSpot& spot, const timeline::Coverage& coverage) {
  std::vector<std::string> out;
  for (const EventType type : spot.missing)
    for (const auto& row : coverage.rows(type)) {
      const bool is_there = row.facility.empty() || spot.facility.empty() || row.facility == spot.facility;
      if (is_there && std::find(out.begin(), out.end(), row.feed) == out.end()) out.push_back(row.feed);
    }
  return out;
}

std::vector<std::string> names(const std::vector<EventType>& types) {
  std::vector<std::string> out;
  for (const EventType t : types) out.emplace_back(info(t).name);
  return out;
}

std::string missing_text(const BlindSpot& spot, const std::vector<std::string>& feeds) {
  if (spot.missing.empty()) return std::string(translated(sentence(spot.cause)));
  const std::string what = joined(names(spot.missing));
  if (feeds.empty()) return say("{}: no feed provides it", what);
  return say("{} of {}: {}", what, one_line(joined(feeds)),
             spot.cause == UnknownCause::pending ? say("not delivered yet") : say("missing or silent"));
}

// "2026-03-12 04:00 to 09:00 (5 h)"
std::string interval_text(const BlindSpot& spot) {
  const std::string from = format_rfc3339(spot.from), until = format_rfc3339(spot.until);
  const auto minute = [](const std::string& t) { return t.substr(0, 10) + ' ' + t.substr(11, 5); };
  const auto end = from.substr(0, 10) == until.substr(0, 10) ? until.substr(11, 5) : minute(until);
  return say("{} to {} UTC ({} h)", minute(from), end, (spot.until - spot.from).us / hours(1).us);
}

void print_table(const std::vector<BlindSpot>& spots, const timeline::Coverage& coverage) {
  for (const BlindSpot& s : spots) {
    print(stdout, "{:<4} {}\n", s.rule->invariant, rule_text(s.rule->title));
    print(stdout, "     blind at {} {}\n", s.facility.empty() ? say("no stated facility") : one_line(s.facility),
          interval_text(s));
    print(stdout, "     {}\n", missing_text(s, silent_feeds(s, coverage)));
    if (s.events > 0)
      print(stdout, "     {}\n",
            say_counted(s.events, "{} event could not be judged", "{} events could not be judged"));
    else
      print(stdout, "     the records that it judges are missing: it was not even asked\n");
  }
}

// Rules on staff data, and the events on which they were off.
void print_off(const pipeline::Detection& detection, bool is_table) {
  const auto off = detection.off();
  for (std::size_t i = 0; i < off.size(); ++i) {
    const rules::Rule& rule = detection.pack().rules()[i];
    if (off[i] == 0) continue;
    if (is_table) {
      print(stdout, "{:<4} {}\n     off for {}: no agreement on staff data covers them\n", rule.invariant,
            rule_text(rule.title), events_text(off[i]));
      continue;
    }
    const nlohmann::ordered_json j{{"rule_id", rule.id},
                                   {"rule_version", rule.version},
                                   {"title", rule.title},
                                   {"level", rules::name(rule.level)},
                                   {"invariant", rule.invariant},
                                   {"cause", rulebook::kNoAgreement},
                                   {"events", off[i]}};
    print_raw(j.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
  }
}

void print_lines(const std::vector<BlindSpot>& spots, const timeline::Coverage& coverage) {
  for (const BlindSpot& s : spots) {
    const nlohmann::ordered_json j{{"rule_id", s.rule->id},
                                   {"rule_version", s.rule->version},
                                   {"title", s.rule->title},
                                   {"level", rules::name(s.rule->level)},
                                   {"invariant", s.rule->invariant},
                                   {"facility", s.facility},
                                   {"cause", name(s.cause)},
                                   {"from", format_rfc3339(s.from)},
                                   {"until", format_rfc3339(s.until)},
                                   {"events", s.events},
                                   {"missing", names(s.missing)},
                                   {"feeds", silent_feeds(s, coverage)}};
    print_raw(j.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
  }
}

}  // namespace

int blind_spots(const BlindSpotsOptions& options) {
  const auto site = open_site("blindspots", options.input);
  if (!site) return unusable(site.error());
  const auto journal = journal_of_run(*site, options.rules, options.input);
  if (!journal) return unusable(journal.error());
  auto pack = load_pack(options.rules);
  if (!pack) return unusable(pack.error());
  pipeline::Detection detection(
      std::move(*pack), [](const pipeline::Alert&) {}, {}, permits_of(journal->deployments, over(options.input)));
  const auto run = run_input(options.input, *site, detection, {}, journal->open_log());
  if (!run) return unusable(run.error());
  const auto& rules = detection.pack().rules();
  std::vector<BlindSpot> spots = pipeline::unwatched(rules, detection.coverage());
  std::stable_sort(spots.begin(), spots.end(),
                   [](const BlindSpot& a, const BlindSpot& b) { return a.until - a.from > b.until - b.from; });
  for (BlindSpot& s : pipeline::join(detection.blind_hours(), rules)) spots.push_back(std::move(s));
  const bool is_table = options.format == "table";
  if (is_table)
    print_table(spots, detection.coverage());
  else
    print_lines(spots, detection.coverage());
  print_off(detection, is_table);
  const auto off = detection.off();
  if (is_table && spots.empty() && std::all_of(off.begin(), off.end(), [](std::uint64_t n) { return n == 0; }))
    print(stdout, "no blind spot: every rule had an answer wherever it was asked.\n");
  if (const auto dropped = detection.account().blind_dropped; dropped > 0)
    print(stderr, "{} unanswered questions are left out: more than {} hours and causes; the oldest go first\n", dropped,
          limits::kBlindSpots);
  return kDone;
}

}  // namespace quaywatch::app
