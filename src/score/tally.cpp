#include "score/tally.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

namespace quaywatch::score {
namespace {

using Alerts = std::vector<std::size_t>;

std::vector<Recall> recalls(const std::vector<Plant>& plants, const Matches& matches) {
  std::map<std::pair<std::string, std::int64_t>, Recall> rows;
  Recall all;
  for (std::size_t i = 0; i < plants.size(); ++i) {
    const Plant& p = plants[i];
    if (p.innocent) continue;
    Recall& row = rows.try_emplace({p.script, p.carefulness}, Recall{p.script, p.carefulness, 0, 0}).first->second;
    const bool is_found = !matches.of_plant[i].empty();
    ++row.planted, ++all.planted;
    row.found += is_found, all.found += is_found;
  }
  std::vector<Recall> out;
  for (auto& [key, row] : rows) out.push_back(std::move(row));
  out.push_back(all);
  return out;
}

Duration delay(const Plant& plant, const Alerts& alerts, const std::vector<DetectedAlert>& detected) {
  Timestamp earliest = Timestamp::max();
  for (const std::size_t a : alerts) earliest = std::min(earliest, detected[a].knowable_at);
  return earliest - plant.acts.front().at;
}

std::vector<TimeToAlert> times(const std::vector<Plant>& plants, const std::vector<DetectedAlert>& detected,
                               const Matches& matches) {
  std::map<std::string, std::vector<Duration>> by_script;
  for (std::size_t i = 0; i < plants.size(); ++i)
    if (!plants[i].innocent && !matches.of_plant[i].empty())
      by_script[plants[i].script].push_back(delay(plants[i], matches.of_plant[i], detected));
  std::vector<TimeToAlert> out;
  for (auto& [script, delays] : by_script) {
    std::sort(delays.begin(), delays.end());
    const std::size_t n = delays.size();
    out.push_back({script, n, {std::midpoint(delays[(n - 1) / 2].us, delays[n / 2].us)}, delays.back()});
  }
  return out;
}

std::vector<Twins> twins(const std::vector<Plant>& plants, const Matches& matches) {
  std::map<std::string, Twins> rows;
  for (std::size_t i = 0; i < plants.size(); ++i) {
    const Plant& p = plants[i];
    if (!p.innocent) continue;
    Twins& row = rows[p.script];
    row.script = p.script;
    ++row.planted;
    for (const std::string& script : p.twin_of)
      if (std::find(row.twin_of.begin(), row.twin_of.end(), script) == row.twin_of.end()) row.twin_of.push_back(script);
    const Alerts& alerts = matches.of_plant[i];
    row.alerted += std::any_of(alerts.begin(), alerts.end(),
                               [&](std::size_t a) { return plants[matches.of_alert[a]].innocent; });
    row.alerts += static_cast<std::uint64_t>(
        std::count_if(alerts.begin(), alerts.end(), [&](std::size_t a) { return matches.of_alert[a] == i; }));
  }
  std::vector<Twins> out;
  for (auto& [script, row] : rows) out.push_back(std::move(row));
  return out;
}

using Detectors = std::map<std::string, Detector, std::less<>>;  // by rule id

void count_crimes(const std::vector<Plant>& plants, const Detected& detected, const Matches& matches,
                  Detectors& rows) {
  for (std::size_t i = 0; i < plants.size(); ++i) {
    if (plants[i].innocent) continue;
    std::set<std::string_view> rules;
    for (const std::size_t a : matches.of_plant[i]) rules.insert(detected.rules()[detected.alerts()[a].rule].id);
    for (const std::string_view rule : rules) {
      Detector& row = rows.find(rule)->second;
      ++row.crimes;
      row.crimes_alone += rules.size() == 1;
    }
  }
}

std::vector<Detector> detectors(const std::vector<Plant>& plants, const Detected& detected, const Matches& matches,
                                const std::vector<RuleAccount>& accounts) {
  Detectors rows;
  for (const DetectedRule& r : detected.rules()) rows.try_emplace(r.id, Detector{r.id, r.title, 0, 0, 0, 0, 0});
  for (const RuleAccount& r : accounts) rows.try_emplace(r.id, Detector{r.id, r.title, 0, 0, 0, 0, 0});
  for (std::size_t a = 0; a < detected.alerts().size(); ++a) {
    Detector& row = rows.find(detected.rules()[detected.alerts()[a].rule].id)->second;
    const std::size_t plant = matches.of_alert[a];
    ++(plant == kNoPlant ? row.of_nothing : plants[plant].innocent ? row.of_twins : row.of_crimes);
  }
  count_crimes(plants, detected, matches, rows);
  std::vector<Detector> out;
  for (auto& [id, row] : rows) out.push_back(std::move(row));
  std::stable_sort(out.begin(), out.end(), [](const Detector& a, const Detector& b) { return a.title < b.title; });
  return out;
}

}  // namespace

std::uint64_t Tally::false_alarms() const {
  std::uint64_t n = of_nothing;
  for (const Twins& t : twins) n += t.alerts;
  return n;
}

Tally tally(const std::vector<Plant>& plants, const Detected& detected, const Matches& matches,
            const std::vector<RuleAccount>& accounts) {
  Tally out;
  out.recall = recalls(plants, matches);
  out.times = times(plants, detected.alerts(), matches);
  out.twins = twins(plants, matches);
  out.detectors = detectors(plants, detected, matches, accounts);
  out.of_nothing =
      static_cast<std::uint64_t>(std::count(matches.of_alert.begin(), matches.of_alert.end(), kNoPlant));
  for (std::size_t i = 0; i < plants.size(); ++i)
    if (!plants[i].innocent && matches.of_plant[i].empty()) out.not_found.push_back(i);
  return out;
}

}  // namespace quaywatch::score
