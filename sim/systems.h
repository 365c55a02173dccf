// The systems of the port. Each sees what happens, and writes what it saw in its own format, clock and rhythm; none
// knows of another. A new system is one file and one row of `kSystems` (simulate.cpp).
#pragma once

#include <memory>

#include "sim/exports.h"
#include "sim/world.h"

namespace quaywatch::sim {

std::unique_ptr<System> yard_system(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> gate_messages(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> depot_messages(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> quay_messages(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> bay_plans(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> list_messages(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> release_messages(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> empty_orders(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> mass_messages(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> schedule_messages(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> inland_messages(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> call_list(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> security_declarations(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> first_line_events(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> second_line_events(const Deliver& deliver, Timestamp first);

}  // namespace quaywatch::sim
