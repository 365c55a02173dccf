#include "sim/simulate.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/calendar.h"
#include "sim/systems.h"

namespace quaywatch::sim {
namespace {

using MakeSystem = std::unique_ptr<System> (*)(const Deliver&, Timestamp);
constexpr MakeSystem kSystems[] = {
    yard_system,      gate_messages, depot_messages,  // terminal and depot
    selection_system, scan_system,   inspection_system,  // customs
    seal_system,      weighbridge_system, crane_weights,  // scales and seals
    reefer_system,    door_system,  // sensors of boxes
    repair_system,    customs_answers, customs_orders,
    manifest_system,  export_declarations,  // papers
};

}  // namespace

Result<SimulateAccount> simulate(const Figures& figures, const SimulateOptions& options, const Deliver& deliver,
                                 const Append&, const std::function<void(Timestamp)>& progress) {
  const Size* size = figures.size(options.size);
  if (size == nullptr)
    return fail(ErrorCode::invalid_argument,
                fmt::format("no size '{}'; there are: {}", options.size, fmt::join(figures.sizes(), ", ")));
  SimulateAccount account;
  const Deliver counted = [&](const std::string& path, std::string_view bytes, Timestamp arrives) {
    ++account.files;
    account.bytes += bytes.size();
    deliver(path, bytes, arrives);
  };
  WorldOptions world_options;
  world_options.seed = options.seed;
  world_options.from = local_midnight(options.from);
  world_options.until = local_midnight(world_options.from + days(options.days) + hours(12));
  World world(make_port(figures, *size, options.seed, world_options.from), world_options);
  for (const MakeSystem make : kSystems) world.add_system(make(counted, world_options.from));
  world.run(progress);
  account.happenings = world.happened();
  return account;
}

}  // namespace quaywatch::sim
