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
// people, cards and devices
std::unique_ptr<System> access_system(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> outer_gate_system(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> card_register(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> roster_system(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> visitor_log(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> contractor_orders(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> identity_system(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> device_system(const Deliver& deliver, Timestamp first);

}  // namespace quaywatch::sim
