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
#include <unordered_set>
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
  straddle_driver, crane_driver, lasher, gate_clerk, planner, guard, mechanic, reefer_man, office, it_admin,
  visitor, contractor,
  count_
};

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
  std::vector<std::pair<Timestamp, Timestamp>> trips;  // promised; those that are over are dropped
};
struct Person {
  std::string number;  // of staff
  std::string card;
  Role role{};
  Index company = kNone, account = kNone;
  std::uint8_t crew = 0;  // 0 to 3 work shifts, 4 works days
  std::string day_card;   // lent for a day, when the own one lies at home
  std::string lost_card;  // that may be found again, and is refused then
  std::uint32_t issue = 1;  // which card of this person: a replacement counts on
  std::string zone;       // where the person is; empty: outside the port
};
struct Duty {  // a shift of one person: as planned, as the roster says now, as it is truly worked
  Index planned = kNone, entered = kNone, person = kNone;
  Role role{};
  Timestamp from, until, entered_until;
  Timestamp begins, rests, resumes, ends;  // at the place of work
};
struct Shift {
  std::vector<Index> of_role[static_cast<std::size_t>(Role::count_)];  // duties
};
struct Visit {  // of a visitor, or of a contractor who has a work order
  Index person = kNone, host = kNone;
  Timestamp from, until;
  std::string ref, purpose, zone;
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
  std::vector<Timestamp> back;      // beside vessels: not here again before
  double moves_mean = 0;
};
struct Call {
  std::string number, vessel, imo, voyage_in, voyage_out;
  Index line = kNone, agent = kNone, service = kNone;
  CallKind kind{};
  std::uint32_t berth = 0, cranes = 1;
  Timestamp eta, arrived, discharge_end, load_end, departed;  // eta: by the schedule; the others as they come true
  Timestamp reached;               // the roads; later at the berth when none was free
  Timestamp told, foreseen;        // when a delay is known, and the arrival that is then foreseen
  Timestamp estimate;              // of the arrival, as last given: eta, then foreseen
  Timestamp next_load{};           // when the next box of the load list is due
  Duration per_move{};             // between two boxes on all cranes together
  std::uint32_t discharges = 0, loads = 0;  // boxes, as planned
  std::uint32_t load_places = 0;   // places of the load list not yet given
  std::vector<Index> discharge;    // boxes, from manifest_known on
  std::vector<Index> load;         // boxes; rows of those that were loaded are used again
};
struct BerthStay {  // of a ship at a berth
  Timestamp from, until;
};
struct Cell {  // of a ship
  std::uint16_t bay = 0, row = 0, tier = 0;
};
struct Box {
  std::string number, size_type, bill, booking, release, pin, seal, second_seal;
  Trade trade{};
  Mode mode{};
  bool full = true, used = false, planted = false;
  bool in_depot = false;           // the depot has its number, which comes again
  Index call_in = kNone, call_out = kNone, line = kNone, agent = kNone, trader = kNone, forwarder = kNone;
  Index holder = kNone;            // of the release right, now
  Index haulier = kNone, vehicle = kNone;  // who is to bring or fetch it
  std::uint16_t origin = 0, destination = 0, commodity = 0;  // of the shares box.origin, box.destination, box.commodity
  std::int32_t tare_kg = 0, cargo_kg = 0, declared_kg = 0;   // true cargo; gross as declared
  Cell cell_in, cell_out;          // on board of the call it comes with, and of the one it leaves with
  Slot slot;
  Slot target;                     // of the open work order
  Move order_move{};
  std::string order;               // its number; empty: none is open
  std::uint32_t open_steps = 0;    // the row is free again at 0
  std::string control;             // number of the customs control; empty: not selected
  bool plugged = false;            // a reefer with power
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
  std::vector<std::vector<BerthStay>> berths;  // by berth, in time order, from now on
  std::unordered_set<std::string> numbers;  // of boxes that have a row or stand in the depot: no two have the same
  std::map<std::string, std::deque<std::string>>
      idle_numbers;                         // of empties at the depot, by size type: they come again
  std::vector<Index> of_kind[10];           // companies by CompanyKind
  std::vector<Index> crews[static_cast<std::size_t>(Role::count_)][5];  // people by role and crew
  std::set<std::string, std::less<>> plates;   // of all vehicles
  std::map<Index, Duty> duties;                // by number, of the weeks around now
  std::map<Timestamp, Shift> shifts;           // by their start
  std::map<Index, Visit> visits;               // by number: announced or running
  std::deque<std::string> badges, day_cards;   // that lie in the drawer of the reception
  Index duties_planned = 0, visits_planned = 0, cards_made = 0;
  Index customs_office = kNone, terminal = kNone, depot = kNone, authority = kNone;
  struct Delivery {
    Index box = kNone;
    Timestamp leaves;
  };
  std::multimap<Timestamp, Delivery> deliveries;   // boxes to be brought, by arrival: the lorry may take one away
  Index rental = kNone;                            // the company that hires out tractors
  std::set<std::string, std::less<>> codes;        // of all companies
};

// The port of a size, at the instant `from`. The same seed gives the same port.
Port make_port(const Figures& figures, const Size& size, std::uint64_t seed, Timestamp from);

std::string_view code_of(const Port& port, Index company);  // empty: nobody
Index add_company(Port& port, CompanyKind kind, Random& random, Timestamp registered, std::size_t accounts);
Index add_vehicle(Port& port, Index company, Random& random);
Index add_account(Port& port, Index company, std::string name);

// A box number that ISO 6346 accepts; owner codes are invented.
std::string new_box_number(Random& random);
// One that no other box in the port or the depot has. Owners give each size type a series of its own, so that a number
// that comes again after months is of the same type. from_pool: mostly that of an empty of the depot.
std::string next_box_number(Port& port, const std::string& size_type, bool from_pool, Random& random);
std::string new_seal(Random& random, Index line);
char check_digit(std::string_view owner_and_serial);  // ISO 6346:2022, annex A

// Somebody new, with a card; planners, clerks, office and administrators get an account too.
Index hire(Port& port, Role role, Index company, std::uint8_t crew, Random& random);

// Who of a role is at the place of work, by the shift as it is truly worked (roster.cpp); by the pattern of the crews
// where nothing is planned yet. kNone when nobody is. `turn` chooses among them.
Index on_duty(const Port& port, Role role, Timestamp at, std::uint64_t turn);
std::uint8_t crew_at(Timestamp at);       // of the shift that runs: early, late, night, a day off
Timestamp shift_start(Timestamp at);      // 06, 14 or 22 local

}  // namespace quaywatch::sim
