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
std::unique_ptr<System> selection_system(const Deliver& deliver, Timestamp first);   // customs_system.cpp
std::unique_ptr<System> scan_system(const Deliver& deliver, Timestamp first);        // customs_system.cpp
std::unique_ptr<System> inspection_system(const Deliver& deliver, Timestamp first);  // customs_system.cpp
std::unique_ptr<System> seal_system(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> weighbridge_system(const Deliver& deliver, Timestamp first);  // weight_system.cpp
std::unique_ptr<System> crane_weights(const Deliver& deliver, Timestamp first);       // weight_system.cpp
std::unique_ptr<System> reefer_system(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> door_system(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> repair_system(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> customs_answers(const Deliver& deliver, Timestamp first);  // customs_messages.cpp
std::unique_ptr<System> customs_orders(const Deliver& deliver, Timestamp first);   // customs_messages.cpp
std::unique_ptr<System> manifest_system(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> export_declarations(const Deliver& deliver, Timestamp first);  // export_declaration_system.cpp

}  // namespace quaywatch::sim
