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

}  // namespace quaywatch::sim
