// A scenario: who does what, when, to which box, as an outsider writes it (docs/formats/scenario.md). Plain values,
// read whole and checked before anything is simulated: every name in it exists, at every level.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/port.h"

namespace quaywatch::sim {

inline constexpr int kLevels = 4;  // of carefulness, from 0

// "release_issued + 2h..9h between 22:00 and 04:00": after an anchor, then the next such time of the wall clock.
struct When {
  std::string anchor;           // an act of the box's plan, a step of the scenario, or `day`
  bool last = false;            // ANCHOR.last: its last step, not its first
  Duration least{}, most{};
  int from_minute = -1, until_minute = -1;  // of the local day; -1: any
};
Result<When> parse_when(std::string_view text);

// What a box must be. Absent: anything.
struct BoxRule {
  std::string name;             // of an [[other]]
  std::optional<Trade> trade;
  std::optional<Mode> mode;
  std::optional<bool> full, reefer, strange_lorry;  // its lorry is not of its haulier's fleet
  std::vector<std::string> origin, destination, size_type, commodity;  // beginnings of codes
  std::vector<Act> has, lacks;
  int transfers_min = 0;
  Duration stay_min{};          // from its first to its last step
  std::vector<Act> close;       // two acts, the second at most close_max after the first
  Duration close_max{};
  std::optional<When> at;       // of an [[other]]: in the yard then
  std::optional<When> comes_after;
};

enum class Relation : std::uint8_t { of_box, outside, fresh };
enum class AccountUse : std::uint8_t { own, shared, none };
enum class LorryUse : std::uint8_t { none, fleet, cloned, rented };

// Whoever acts: a company, one of its accounts, a person with a role, a lorry. What is absent nobody is named for.
struct Actor {
  std::string name;
  std::optional<CompanyKind> company;
  Relation relation = Relation::of_box;
  AccountUse account = AccountUse::own;
  std::optional<Role> role;
  bool on_duty = true;
  LorryUse lorry = LorryUse::none;
  std::string besides;          // another actor that must not be the same account or person
};

enum class Verb : std::uint8_t { add, change, drop, mark, silence };
enum class SealUse : std::uint8_t { keep, same, fresh, foreign, other };

struct StepRule {
  Verb verb{};
  bool lorry = false;           // all steps of the lorry that brings or fetches the box; then no act
  Act act{};
  std::string id, who, to, box; // box: an [[other]], `any`, `none`, or empty for `own`
  std::string card_of;          // whose card is read, where it is not who carries it
  std::optional<Move> move;     // of add: where to; else only steps of that move
  std::optional<When> at;
  std::optional<bool> forced, carries, ok, task;
  bool part = true;             // of the plant; false: what it does to others, who are not of it
  SealUse seal = SealUse::keep;
  std::string note, place;
  bool inwards = true;          // of doors
  std::string beside_box;       // it goes to the stack next to that box
  std::int32_t weight_kg = -1;
  int times = 1;
  Duration every_least{}, every_most{};
  Duration lasts_least{}, lasts_most{};
  DeviceKind device{};
};

// One level of a scenario.
struct Script {
  std::optional<BoxRule> box;   // absent: on a day, not on a box
  std::vector<BoxRule> others;
  std::vector<Actor> who;
  std::vector<StepRule> steps;
};

struct Scenario {
  std::string file, name, title;
  std::vector<std::string> mo, breaks;      // modi operandi, invariants
  bool innocent = false;
  std::vector<std::string> twin_of;
  std::string rate;             // of a twin: figure of the calibration, per box that fits or per day
  double rate_times = 1;
  std::optional<Act> when;      // of a twin: every happening of this act is one, at the rate
  std::optional<bool> when_ok, when_task;
  std::string when_note;        // its note begins so
  std::vector<std::vector<std::string>> order;  // ids and acts whose times must ascend
  std::array<Script, kLevels> level;
};

// The error names file, line, key and the nearest word.
Result<Scenario> read_scenario(std::string_view toml, std::string_view file);

}  // namespace quaywatch::sim
