#include "sim/simulate.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/calendar.h"
#include "sim/dirt.h"
#include "sim/systems.h"

namespace quaywatch::sim {
namespace {

using MakeSystem = std::unique_ptr<System> (*)(const Deliver&, Timestamp);
constexpr MakeSystem kSystems[] = {
    yard_system, gate_messages, depot_messages, quay_messages, bay_plans, list_messages, release_messages,
    empty_orders, mass_messages, schedule_messages, inland_messages, call_list, security_declarations,
    first_line_events, second_line_events,
    selection_system, scan_system, inspection_system, seal_system, weighbridge_system, crane_weights, reefer_system,
    door_system, repair_system, customs_answers, customs_orders, manifest_system, export_declarations,
    community_audit, agency_tickets, gate_portal, release_ledger, pickup_announcements, copino_messages,
    truck_appointments, collection_history, haulier_register, terminal_audit,
    access_system, outer_gate_system, card_register, roster_system, visitor_log, contractor_orders, identity_system,
    device_system,
};

}  // namespace

Result<SimulateAccount> simulate(const Figures& figures, const SimulateOptions& options, const Deliver& deliver,
                                 const Append& truth, const std::function<void(Timestamp)>& progress) {
  const Size* size = figures.size(options.size);
  if (size == nullptr)
    return fail(ErrorCode::invalid_argument,
                fmt::format("no size '{}'; there are: {}", options.size, fmt::join(figures.sizes(), ", ")));
  for (const Scenario& twin : options.twins)
    if (twin.rate != "always" && !figures.has_value(twin.rate))
      return fail(ErrorCode::invalid_argument,
                  fmt::format("{}: the calibration has no figure '{}' for rate", twin.file, twin.rate));
  SimulateAccount account;
  const Deliver counting = [&](const std::string& path, std::string_view bytes, Timestamp arrives) {
    ++account.files;
    account.bytes += bytes.size();
    deliver(path, bytes, arrives);
  };
  const Note note = [&](const std::string& json) { truth("truth/dirt.jsonl", json + "\n"); };
  Dirt dirt(figures, options.seed, counting, note);
  const Deliver sent = [&](const std::string& path, std::string_view bytes, Timestamp arrives) {
    options.dirt ? dirt.pass(path, bytes, arrives) : counting(path, bytes, arrives);
  };
  WorldOptions world_options;
  world_options.seed = options.seed;
  world_options.from = local_midnight(options.from);
  world_options.until = local_midnight(world_options.from + days(options.days) + hours(12));
  World world(make_port(figures, *size, options.seed, world_options.from), world_options);
  Plants plants(world, options.plants, options.twins);
  for (const MakeSystem make : kSystems) world.add_system(make(sent, world_options.from));
  world.run(progress);
  plants.write(options.size, truth);
  if (const auto placed = plants.placed(); !placed) return tl::unexpected(placed.error());
  account.happenings = world.happened();
  account.shortfalls = plants.shortfalls();
  return account;
}

}  // namespace quaywatch::sim
