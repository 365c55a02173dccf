// Lays one level of a scenario over the plan of a box, or on a day: first whether and when, without a trace; then who,
// and the steps themselves.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/scenario.h"
#include "sim/world.h"

namespace quaywatch::sim {

// The times of a scenario on one box or day.
struct Timetable {
  std::vector<std::vector<Timestamp>> at;            // of each step rule: one per repetition; of a lorry: in and out
  std::map<std::string, std::pair<Timestamp, Timestamp>> ids;  // first and last instant of what bears an id
  std::map<std::string, Index> others;               // chosen boxes
  Timestamp first = Timestamp::max(), last = Timestamp::min();  // of all that is added or changed
};

// When each box of the port comes and goes, as far as plans are known; by index of the box.
struct YardStay {
  Timestamp from, until;
};
using YardStays = std::vector<YardStay>;

// Whether a rule that changes, drops or marks speaks of a step of the plan; `brings`: the lorry comes with the box.
bool step_matches(const Step& step, const StepRule& rule, bool brings);
// The error says in a few words why the box does not fit: the same words for the same reason.
Result<void> box_fits(const World& world, const BoxRule& rule, const BoxPlan& plan);
// `day` is a local midnight and counts for scenarios without a box; `plan` then has no steps.
Result<Timetable> timetable(const World& world, const Scenario& scenario, const Script& script, const BoxPlan& plan,
                            Timestamp day, Random& random);
// Chooses each [[other]] box among those that stand in the yard at its time.
Result<void> choose_others(const World& world, const Script& script, const BoxPlan& plan, const YardStays& stays,
                           Timestamp day, Timetable& times, Random& random);
// Changes the plan, and schedules what belongs to other boxes or none. Returns how many acts the plant has.
std::size_t lay(World& world, const Script& script, const Timetable& times, Index plant, BoxPlan& plan,
                Random& random);

}  // namespace quaywatch::sim
