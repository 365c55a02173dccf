#include "score/planted.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <unordered_set>

#include "base/limits.h"
#include "score/json_fields.h"

namespace quaywatch::score {
namespace {

using codec::JsonNode;

constexpr std::string_view kFormat = "quaywatch.truth/1";
constexpr std::int64_t kMostCarefulness = 9;
constexpr std::int64_t kMostBoxes = 1'000'000'000;  // more than all ports of the world move in a year

std::vector<Subjects> read_subjects(const JsonNode& object, JsonFields& plant) {
  std::vector<Subjects> out;
  JsonFields fields(object, plant.place(), "subjects.");
  for (const JsonNode& member : object) {
    if (find_kind(member.key) == nullptr) {
      const std::string_view near = nearest_kind(member.key);
      plant.refuse("unknown_kind", fmt::format("subjects name the kind '{}'{}; kinds are in docs/formats/truth.md",
                                               member.key, near.empty() ? "" : fmt::format(", nearest '{}'", near)));
    }
    Subjects subjects{std::string(member.key), fields.texts(member.key)};
    if (subjects.values.size() > limits::kPlantSubjects)
      plant.refuse("too_many", fmt::format("{} values of kind {}, at most {}; split the plant", subjects.values.size(),
                                           member.key, limits::kPlantSubjects));
    if (!subjects.values.empty()) out.push_back(std::move(subjects));
  }
  plant.adopt(fields);
  if (out.empty()) plant.refuse("bad_value", "subjects names nothing; no alert could be of this plant");
  return out;
}

Act read_act(const JsonNode& object, JsonFields& plant) {
  JsonFields fields(object, plant.place(), "acts.");
  Act act{fields.time("at"), fields.text("act"), {}};
  for (const JsonNode& member : object)
    if (find_kind(member.key) != nullptr)
      if (auto values = fields.texts(member.key); !values.empty())
        act.subjects.push_back({std::string(member.key), std::move(values)});
  plant.adopt(fields);
  return act;
}

std::vector<Act> read_acts(JsonFields& plant) {
  std::vector<Act> out;
  const JsonNode* acts = plant.array("acts");
  if (acts == nullptr) return out;
  for (const JsonNode& act : *acts) {
    if (out.size() == limits::kPlantActs) {
      plant.refuse("too_many", fmt::format("more than {} acts; split the plant", limits::kPlantActs));
      break;
    }
    out.push_back(read_act(act, plant));
  }
  if (out.empty()) plant.refuse("bad_value", "acts is empty; a plant needs at least one act");
  std::stable_sort(out.begin(), out.end(), [](const Act& a, const Act& b) { return a.at < b.at; });
  return out;
}

Plant read_plant(JsonFields& fields) {
  Plant plant;
  plant.id = fields.text("id");
  plant.script = fields.text("script");
  plant.mo = fields.texts("mo");
  plant.twin_of = fields.texts("twin_of");
  plant.innocent = fields.flag("innocent");
  plant.carefulness = fields.whole("carefulness", 0, kMostCarefulness);
  if (const JsonNode* subjects = fields.object("subjects")) plant.subjects = read_subjects(*subjects, fields);
  plant.acts = read_acts(fields);
  return plant;
}

}  // namespace

Result<Port> read_port(std::string_view bytes, std::string_view path) {
  Port port;
  auto read = read_json_object(bytes, path, [&](JsonFields& fields) -> Result<void> {
    const std::string format = fields.text("format");
    if (format != kFormat)
      fields.refuse("unsupported", fmt::format("format is '{}', this program reads '{}'", format, kFormat));
    port.seed = fields.whole("seed", 0, std::numeric_limits<std::int64_t>::max());
    port.size = fields.text("size");
    port.facility = fields.text("facility");
    port.from = fields.time("from");
    port.until = fields.time("until");
    port.boxes = fields.whole("boxes", 1, kMostBoxes);
    if (port.until <= port.from) fields.refuse("bad_value", "until must be later than from");
    return {};
  });
  if (!read) return tl::unexpected(std::move(read.error()));
  return port;
}

Result<std::vector<Plant>> read_plants(std::string_view bytes, std::string_view path) {
  std::vector<Plant> plants;
  std::unordered_set<std::string> ids;
  auto read = each_json_line(bytes, path, [&](JsonFields& fields) -> Result<void> {
    Plant plant = read_plant(fields);
    if (!ids.insert(plant.id).second)
      fields.refuse("bad_value", fmt::format("the id '{}' stands on an earlier line; ids are unique", plant.id));
    if (plants.size() == limits::kTruthPlants)
      fields.refuse("too_many", fmt::format("more than {} plants; score them in parts", limits::kTruthPlants));
    plants.push_back(std::move(plant));
    return {};
  });
  if (!read) return tl::unexpected(std::move(read.error()));
  return plants;
}

}  // namespace quaywatch::score
