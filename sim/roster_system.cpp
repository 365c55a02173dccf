// The personnel office's roster: the plan of a week when it is published, and a file of what was changed in a day.
// Local time to the minute. A change is a further version of a duty.
#include <fmt/format.h>

#include <map>
#include <set>

#include "sim/calendar.h"
#include "sim/exports.h"
#include "sim/roster.h"
#include "sim/systems.h"

namespace quaywatch::sim {
namespace {

constexpr std::string_view kHeader = "duty;version;state;staff;begins;ends;entered\r\n";
constexpr int kQuarter = 15;  // minutes: hours beyond the plan are paid by the quarter begun

std::string minute_text(Timestamp at) { return dotted(local_time(at)).substr(0, 16); }

Timestamp quarter_begun(Timestamp at) {
  const std::int64_t quarter = minutes(kQuarter).us;
  return {(at.us + quarter - 1) / quarter * quarter};
}

class RosterSystem final : public System {
 public:
  RosterSystem(const Deliver& deliver, Timestamp first)
      : deliver_(deliver),
        first_(first),
        changes_(deliver, "feeds/roster/roster_changes_{day}.csv", std::string(kHeader), 4, first) {}

  void see(const World& world, const Happening& h) override {
    if (h.act == Act::duty_planned) {
      tell_standing(world);
      write_week(world, week_after(h.at), h.at);
    }
    if (h.act != Act::duty_changed) return;
    tell_standing(world);
    changes_.add(h.at, row(world, h.other, ++versions_.try_emplace(h.other, 1).first->second, h.at));
  }
  void tick(const World& world, Timestamp now) override {
    tell_standing(world);
    changes_.tick(now);
    std::erase_if(versions_, [&](const auto& v) { return !world.port().duties.contains(v.first); });
  }
  void close(const World&, Timestamp until) override { changes_.close(until); }

 private:
  static Timestamp week_after(Timestamp at) { return local_midnight(monday_of(at) + days(7) + hours(12)); }

  // What was published before the first day, as it stands: with it begins what a receiver is given.
  void tell_standing(const World& world) {
    if (told_) return;
    told_ = true;
    Timestamp monday = monday_of(first_ - hours(12));  // the night before belongs to it
    for (; !world.port().shifts.empty() && monday < world.port().shifts.rbegin()->first;
         monday = local_midnight(monday + days(7) + hours(12)))
      write_week(world, monday, first_);
  }
  void write_week(const World& world, Timestamp monday, Timestamp at) {
    const Timestamp next = local_midnight(monday + days(7) + hours(12));
    if (!written_.insert(monday).second) return;
    std::string bytes(kHeader);
    for (const auto& [number, duty] : world.port().duties)
      if (duty.from >= monday && duty.from < next) bytes += row(world, number, 1, at);
    deliver_(fmt::format("feeds/roster/roster_plan_{}.csv", stamp_day(local_time(monday))), bytes, at);
  }
  std::string row(const World& world, Index number, int version, Timestamp at) const {
    const Duty& d = world.port().duties.at(number);
    return fmt::format("{};{};PLANNED;{};{};{};{}\r\n", duty_text(number), version,
                       world.port().people[d.entered].number, minute_text(d.from),
                       minute_text(quarter_begun(d.entered_until)), dotted(local_time(at)));
  }
  const Deliver& deliver_;
  Timestamp first_;
  DailyFile changes_;
  std::map<Index, int> versions_;  // of the duties that were changed
  std::set<Timestamp> written_;    // Mondays of the weeks
  bool told_ = false;
};

}  // namespace

std::unique_ptr<System> roster_system(const Deliver& deliver, Timestamp first) {
  return std::make_unique<RosterSystem>(deliver, first);
}

}  // namespace quaywatch::sim
