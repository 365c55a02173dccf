// Which alert is of which plant (tally.h).
#include <algorithm>
#include <unordered_map>

#include "score/tally.h"

namespace quaywatch::score {
namespace {

constexpr std::string_view kContainer = "container";
constexpr std::string_view kZone = "zone";

using Index = std::unordered_map<std::string, std::vector<std::size_t>>;  // kind and form to plants, ascending

std::string key(std::string_view kind, std::string_view form) {
  return std::string(kind) + '\x1f' + std::string(form);
}

void add(Index& index, std::string_view kind, std::string_view value, std::size_t plant) {
  auto& plants = index[key(kind, comparison_form(kind, value))];
  if (plants.empty() || plants.back() != plant) plants.push_back(plant);
}

// Personal values under both forms: which of them the alerts show is not known.
Index index_of(const std::vector<Plant>& plants, const Pseudonym& pseudonym) {
  Index index;
  for (std::size_t i = 0; i < plants.size(); ++i)
    for (const Subjects& subjects : plants[i].subjects) {
      // Where a crime was done: whatever else happened there would be of it.
      if (subjects.kind == kZone && !plants[i].innocent) continue;
      const PersonalClass personal = find_kind(subjects.kind)->personal;
      for (const std::string& value : subjects.values) {
        add(index, subjects.kind, value, i);
        if (personal != PersonalClass::none) add(index, subjects.kind, pseudonym(personal, value), i);
      }
    }
  return index;
}

bool has_container(const Plant& plant) {
  return std::any_of(plant.subjects.begin(), plant.subjects.end(),
                     [](const Subjects& s) { return s.kind == kContainer; });
}

void plants_of(const Index& index, const DetectedSubject& subject, std::vector<std::size_t>& out) {
  if (const auto at = index.find(key(subject.kind, subject.form)); at != index.end())
    out.insert(out.end(), at->second.begin(), at->second.end());
}

bool is_about_container(const DetectedSubject& subject) {
  return subject.is_about && subject.kind == kContainer;
}

// The plants of an alert by its subjects, ascending, each once.
std::vector<std::size_t> plants_of(const Index& index, const std::vector<Plant>& plants, const DetectedAlert& alert) {
  std::vector<std::size_t> out, of_container;
  bool names_container = false;
  for (const DetectedSubject& subject : alert.subjects) {
    plants_of(index, subject, out);
    if (!is_about_container(subject)) continue;
    names_container = true;
    plants_of(index, subject, of_container);
  }
  if (names_container)
    std::erase_if(out, [&](std::size_t i) {
      return has_container(plants[i]) && std::find(of_container.begin(), of_container.end(), i) == of_container.end();
    });
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

bool is_in_time(const Plant& plant, Timestamp event_time, Duration reach) {
  return event_time >= plant.acts.front().at - kBeforeFirstAct && event_time <= plant.acts.back().at + reach;
}

}  // namespace

Matches match(const std::vector<Plant>& plants, const std::vector<DetectedAlert>& alerts, Duration reach,
              const Pseudonym& pseudonym) {
  const Index index = index_of(plants, pseudonym);
  Matches out{std::vector<std::vector<std::size_t>>(plants.size()), std::vector<std::size_t>(alerts.size(), kNoPlant)};
  for (std::size_t a = 0; a < alerts.size(); ++a)
    for (const std::size_t p : plants_of(index, plants, alerts[a])) {
      if (!is_in_time(plants[p], alerts[a].event_time, reach)) continue;
      out.of_plant[p].push_back(a);
      std::size_t& counts_for = out.of_alert[a];
      if (counts_for == kNoPlant || (plants[counts_for].innocent && !plants[p].innocent)) counts_for = p;
    }
  return out;
}

}  // namespace quaywatch::score
