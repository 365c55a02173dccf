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
std::unique_ptr<System> community_audit(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> agency_tickets(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> gate_portal(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> release_ledger(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> pickup_announcements(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> copino_messages(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> truck_appointments(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> collection_history(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> haulier_register(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> terminal_audit(const Deliver& deliver, Timestamp first);
// people, cards and devices
std::unique_ptr<System> access_system(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> outer_gate_system(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> card_register(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> roster_system(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> visitor_log(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> contractor_orders(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> identity_system(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> device_system(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> call_list(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> security_declarations(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> first_line_events(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> second_line_events(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> manifest_system(const Deliver& deliver, Timestamp first);
std::unique_ptr<System> export_declarations(const Deliver& deliver, Timestamp first);  // export_declaration_system.cpp

}  // namespace quaywatch::sim
