// The tables of the simulated port: who and what there is. Names are invented; the site carries the place code ZZQAY,
// which no list assigns. Rows are added during a run (a company registers, a card is replaced); those of boxes are used
// again when their last step is done, so that memory does not grow with the days.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sim/figures.h"
#include "sim/happening.h"

namespace quaywatch::sim {

inline constexpr std::string_view kPlace = "ZZQAY";      // UN/LOCODE form, unassigned
inline constexpr std::string_view kTerminal = "T1";      // the container terminal
inline constexpr std::string_view kDepot = "D1";         // the depot for empties outside the fence
inline constexpr std::string_view kInland = "I1";        // the inland terminal at the other end of rail and barge

enum class Trade : std::uint8_t { import, export_trade, transhipment };
enum class Mode : std::uint8_t { truck, rail, barge };
enum class CompanyKind : std::uint8_t {
  line,
  agent,
  forwarder,
  haulier,
  trader,
  terminal,
  customs,
  contractor,
  depot,
  port
};
enum class CallKind : std::uint8_t { deep_sea, feeder };
enum class Role : std::uint8_t {
  straddle_driver, crane_driver, lasher, gate_clerk, planner, guard, mechanic, reefer_man, office, it_admin, count_
};
enum class DeviceKind : std::uint8_t { reader, camera, gate_portal, scale, scanner };

struct Company {
  std::string code, name;
  CompanyKind kind{};
  Timestamp registered{};
  std::vector<Index> accounts, vehicles;
};
struct Account {
  std::string name;
  Index company = kNone;
  bool shared = false;  // several people use it
};
struct Vehicle {
  std::string plate;
  Index company = kNone;
  std::string driver_card;
};
struct Person {
  std::string number;  // of staff
  std::string card;
  Role role{};
  Index company = kNone, account = kNone;
  std::uint8_t crew = 0;  // 0 to 3 work shifts, 4 works days
};
struct Machine {
  std::string id;
  Role operated_by{};
};
struct Device {
  std::string id, zone;
  DeviceKind kind{};
  bool inwards = true;  // a reader on the way in
  bool silent = false;
};
struct Service {  // one weekly string of a line
  Index line = kNone, agent = kNone;
  CallKind kind{};
  std::int64_t minute_of_week = 0;  // of the planned arrival
  std::vector<std::string> vessels;
  std::vector<std::string> imo;     // beside vessels
  double moves_mean = 0;
};
struct Call {
  std::string number, vessel, imo, voyage_in, voyage_out;
  Index line = kNone, agent = kNone, service = kNone;
  CallKind kind{};
  std::uint32_t berth = 0, cranes = 1;
  Timestamp eta, arrived, discharge_end, load_end, departed;
  Timestamp next_load{};           // when the next box of the load list is due
  Duration per_move{};             // between two boxes on all cranes together
  std::uint32_t discharges = 0, load_places = 0;  // boxes to discharge; places of the load list not yet given
  std::vector<Index> discharge;    // boxes, from call_listed on
};
struct Box {
  std::string number, size_type, bill, booking, release, pin, seal, second_seal;
  Trade trade{};
  Mode mode{};
  bool full = true, used = false, planted = false;
  Index call_in = kNone, call_out = kNone, line = kNone, agent = kNone, trader = kNone, forwarder = kNone;
  Index holder = kNone;            // of the release right, now
  Index haulier = kNone, vehicle = kNone;  // who is to bring or fetch it
  std::uint16_t origin = 0, destination = 0, commodity = 0;  // of the shares box.origin, box.destination, box.commodity
  std::int32_t tare_kg = 0, cargo_kg = 0, declared_kg = 0;   // true cargo; gross as declared
  std::uint16_t stow_bay = 0, stow_row = 0, stow_tier = 0;   // on board
  Slot slot;
  Slot target;                     // of the open work order
  Move order_move{};
  std::string order;               // its number; empty: none is open
  std::uint32_t open_steps = 0;    // the row is free again at 0
  std::string appointment, announcement;  // numbers of the last ones made for it
  std::uint32_t appointment_version = 0;  // 1 when made; one more with each change
  Timestamp due{};                 // when the appointment says that the lorry comes
  bool release_valid = true;       // not cancelled
  bool lorry_goes_laden = false;   // the lorry that brings it takes another box away
};

struct Port {
  const Figures* figures = nullptr;
  const Size* size = nullptr;
  std::vector<Company> companies;
  std::vector<Account> accounts;
  std::vector<Vehicle> vehicles;
  std::vector<Person> people;
  std::vector<Machine> machines;
  std::vector<Device> devices;
  std::vector<Service> services;
  std::vector<Call> calls;
  std::vector<Box> boxes;
  std::vector<Index> free_boxes;
  std::vector<Timestamp> berth_free;
  std::map<std::string, std::deque<std::string>>
      idle_numbers;                         // of empties at the depot, by size type: they come again
  std::vector<Index> of_kind[10];           // companies by CompanyKind
  std::vector<Index> crews[static_cast<std::size_t>(Role::count_)][5];  // people by role and crew
  Index customs_office = kNone, terminal = kNone, depot = kNone, authority = kNone;
  struct Delivery {
    Index box = kNone;
    Timestamp leaves;
  };
  std::multimap<Timestamp, Delivery> deliveries;   // boxes to be brought, by arrival: the lorry may take one away
  Index rental = kNone;                            // the company that hires out tractors
  std::set<std::pair<std::int64_t, Index>> hired;  // day and tractor
  std::set<std::string, std::less<>> codes;        // of all companies
};

// The port of a size, at the instant `from`. The same seed gives the same port.
Port make_port(const Figures& figures, const Size& size, std::uint64_t seed, Timestamp from);

Index add_company(Port& port, CompanyKind kind, Random& random, Timestamp registered, std::size_t accounts);
Index add_vehicle(Port& port, Index company, Random& random);
Index add_account(Port& port, Index company, std::string name);

// A box number that ISO 6346 accepts; owner codes are invented.
std::string new_box_number(Random& random);
std::string new_seal(Random& random, Index line);
char check_digit(std::string_view owner_and_serial);  // ISO 6346:2022, annex A

// Who of a role is on duty; kNone when nobody is. `turn` chooses among them.
Index on_duty(const Port& port, Role role, Timestamp at, std::uint64_t turn);
std::uint8_t crew_at(Timestamp at);       // of the shift that runs
Timestamp shift_start(Timestamp at);      // 06, 14 or 22 local

}  // namespace quaywatch::sim
