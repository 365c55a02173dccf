#include "sim/plant_truth.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace quaywatch::sim {
namespace {

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) >= 0x20) out += c;
  }
  return out + '"';
}

std::string list(const std::vector<std::string>& values) {
  std::vector<std::string> out;
  for (const auto& value : values) out.push_back(json_string(value));
  return fmt::format("[{}]", fmt::join(out, ","));
}

// A vessel call is the subject of what happens to the vessel; of a box it is only where the box came from.
std::string vessel_of(const World& world, const Happening& h) {
  return h.call == kNone || h.box != kNone ? std::string() : world.call(h.call).imo;
}

}  // namespace

std::vector<Subject> subjects_of(const World& world, const Happening& h) {
  std::vector<Subject> out;
  const auto put = [&](std::string_view kind, const std::string& value) {
    if (!value.empty()) out.emplace_back(kind, value);
  };
  const Port& port = world.port();
  if (h.box != kNone) {
    put("container", world.box(h.box).number);
    put("release", world.box(h.box).release);
  }
  // The terminal and the customs are party to everything: only who is not of the house tells something.
  if (h.company != kNone && h.company != port.terminal && h.company != port.customs_office)
    put("party", port.companies[h.company].code);
  if (h.account != kNone) put("account", port.accounts[h.account].name);
  if (h.person != kNone) {
    put("holder", port.people[h.person].number);
    put("credential", port.people[h.person].card);
  }
  if (h.vehicle != kNone) {
    put("vehicle", port.vehicles[h.vehicle].plate);
    if (h.act == Act::gate_entered || h.act == Act::gate_left)
      put("credential", port.vehicles[h.vehicle].driver_card);
  }
  // A card that somebody else carries.
  if (const Detail* detail = world.detail(h); detail != nullptr) put("credential", detail->card);
  if (h.machine != kNone) put("equipment", port.machines[h.machine].id);
  if (h.device != kNone) put("zone", port.devices[h.device].zone);
  put("vessel", vessel_of(world, h));
  return out;
}

std::string act_json(const Happening& h, const std::vector<Subject>& subjects) {
  std::string out = fmt::format("{{\"at\":\"{}\",\"act\":\"{}\"", format_rfc3339(h.at), act_name(h.act));
  std::map<std::string_view, std::vector<std::string>> kinds;
  for (const auto& [kind, value] : subjects) kinds[kind].push_back(value);
  for (const auto& [kind, values] : kinds)
    out += fmt::format(",\"{}\":{}", kind, values.size() == 1 ? json_string(values.front()) : list(values));
  return out + "}";
}

std::string port_json(const World& world, std::string_view size, std::uint64_t boxes) {
  return fmt::format(
      "{{\"format\":\"quaywatch.truth/1\",\"seed\":{},\"size\":{},\"from\":\"{}\",\"until\":\"{}\",\"boxes\":{},"
      "\"facility\":\"{}/{}\"}}\n",
      world.options().seed, json_string(size), format_rfc3339(world.options().from),
      format_rfc3339(world.options().until), std::max<std::uint64_t>(boxes, 1), kPlace, kTerminal);
}

std::string plant_json(const Scenario& scenario, int level, std::string_view id,
                       const std::map<std::string, std::vector<std::string>>& subjects,
                       const std::vector<std::string>& acts) {
  std::string kinds;
  for (const auto& [kind, values] : subjects)
    kinds += fmt::format("{}\"{}\":{}", kinds.empty() ? "" : ",", kind, list(values));
  return fmt::format(
      "{{\"id\":\"{}\",\"script\":{},\"mo\":{},\"innocent\":{},\"twin_of\":{},\"carefulness\":{},\"subjects\":{{{}}},"
      "\"acts\":[{}]}}\n",
      id, json_string(scenario.name), list(scenario.mo), scenario.innocent, list(scenario.twin_of), level, kinds,
      fmt::join(acts, ","));
}

}  // namespace quaywatch::sim
