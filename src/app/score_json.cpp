// The score as JSON (score_report.h).
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/score_rates.h"
#include "app/score_report.h"

namespace quaywatch::app {
namespace {

using nlohmann::ordered_json;

double rounded(double value) {
  return std::round(value * 1e6) / 1e6;
}

ordered_json interval_json(double value, const score::Interval& i) {
  return {{"value", rounded(value)}, {"low", rounded(i.low)}, {"high", rounded(i.high)}};
}

ordered_json rates_json(std::uint64_t alerts, const score::Port& port) {
  const Rate boxes = per_boxes(alerts, port), week = per_week(alerts, port);
  return {{"alerts", alerts},
          {"per_10000_boxes", interval_json(boxes.value, boxes.interval)},
          {"per_week", interval_json(week.value, week.interval)}};
}

ordered_json recall_json(const ScoreReport& r) {
  ordered_json out = ordered_json::array();
  for (const score::Recall& row : r.tally.recall) {
    const ordered_json recall = row.planted == 0 ? ordered_json(nullptr)
                                                 : interval_json(share(row.found, row.planted),
                                                                 score::wilson(row.found, row.planted));
    out.push_back({{"script", row.script.empty() ? ordered_json(nullptr) : ordered_json(row.script)},
                   {"carefulness", row.carefulness ? ordered_json(*row.carefulness) : ordered_json(nullptr)},
                   {"found", row.found},
                   {"planted", row.planted},
                   {"recall", recall}});
  }
  return out;
}

ordered_json times_json(const ScoreReport& r) {
  ordered_json out = ordered_json::array();
  for (const score::TimeToAlert& t : r.tally.times)
    out.push_back({{"script", t.script},
                   {"found", t.found},
                   {"median_s", t.median.whole_seconds()},
                   {"worst_s", t.worst.whole_seconds()}});
  return out;
}

ordered_json false_alarms_json(const ScoreReport& r) {
  ordered_json twins = ordered_json::array(), rules = ordered_json::array();
  for (const score::Twins& t : r.tally.twins) {
    ordered_json row{{"script", t.script}, {"twin_of", t.twin_of}, {"planted", t.planted}, {"alerted_on", t.alerted}};
    row.update(rates_json(t.alerts, r.port));
    twins.push_back(std::move(row));
  }
  for (const score::Detector& d : r.tally.detectors) {
    ordered_json row{{"rule_id", d.rule_id}};
    row.update(rates_json(d.false_alarms(), r.port));
    rules.push_back(std::move(row));
  }
  return {{"all", rates_json(r.tally.false_alarms(), r.port)},
          {"on_nothing", rates_json(r.tally.of_nothing, r.port)},
          {"on_twins", std::move(twins)},
          {"by_rule", std::move(rules)}};
}

ordered_json detectors_json(const ScoreReport& r) {
  ordered_json out = ordered_json::array();
  for (const score::Detector& d : r.tally.detectors)
    out.push_back({{"rule_id", d.rule_id},
                   {"title", d.title},
                   {"alerts", d.alerts()},
                   {"of_crimes", d.of_crimes},
                   {"of_twins", d.of_twins},
                   {"of_nothing", d.of_nothing},
                   {"crimes_found", d.crimes},
                   {"crimes_found_alone", d.crimes_alone}});
  return out;
}

ordered_json evaluations_json(const ScoreReport& r) {
  if (r.accounts.empty()) return nullptr;
  ordered_json rules = ordered_json::array();
  std::uint64_t asked = 0, possible = 0;
  for (const score::RuleAccount& a : r.accounts) {
    asked += a.asked, possible += a.asked - a.open();
    ordered_json causes = ordered_json::object();
    for (const auto& [cause, n] : a.not_evaluated) causes[cause] = n;
    rules.push_back({{"rule_id", a.id},
                     {"title", a.title},
                     {"asked", a.asked},
                     {"possible", a.asked - a.open()},
                     {"not_evaluated", std::move(causes)}});
  }
  return {{"asked", asked}, {"possible", possible}, {"rules", std::move(rules)}};
}

ordered_json subjects_json(const std::vector<score::Subjects>& subjects, const Display& display) {
  ordered_json out = ordered_json::object();
  for (const score::Subjects& s : subjects)
    for (const std::string& value : s.values)
      out[s.kind].push_back(display.redact(score::find_kind(s.kind)->personal, value));
  return out;
}

ordered_json not_found_json(const ScoreReport& r) {
  ordered_json out = ordered_json::array();
  for (const std::size_t index : r.tally.not_found) {
    const score::Plant& p = r.plants[index];
    ordered_json acts = ordered_json::array();
    for (std::size_t i = 0; i < std::min(p.acts.size(), kShownActs); ++i)
      acts.push_back({{"at", format_rfc3339(p.acts[i].at)},
                      {"act", p.acts[i].act},
                      {"subjects", subjects_json(p.acts[i].subjects, r.display)}});
    out.push_back({{"id", p.id},
                   {"script", p.script},
                   {"mo", p.mo},
                   {"carefulness", p.carefulness},
                   {"subjects", subjects_json(p.subjects, r.display)},
                   {"acts", std::move(acts)},
                   {"acts_omitted", p.acts.size() - std::min(p.acts.size(), kShownActs)}});
  }
  return out;
}

}  // namespace

std::string score_json(const ScoreReport& r) {
  ordered_json j;
  j["format"] = "quaywatch.score/1";
  j["port"] = {{"facility", r.port.facility}, {"size", r.port.size},
               {"seed", r.port.seed},         {"from", format_rfc3339(r.port.from)},
               {"until", format_rfc3339(r.port.until)}, {"boxes", r.port.boxes}};
  j["reach_s"] = r.reach.whole_seconds();
  j["alerts"] = {{"read", r.detected.alerts().size()},
                 {"repeated", r.detected.repeated()},
                 {"withdrawn", r.detected.withdrawn()}};
  j["recall"] = recall_json(r);
  j["time_to_alert"] = times_json(r);
  j["false_alarms"] = false_alarms_json(r);
  j["detectors"] = detectors_json(r);
  j["evaluations"] = evaluations_json(r);
  j["not_found"] = not_found_json(r);
  return j.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace quaywatch::app
