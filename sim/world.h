// The simulated port in motion: a queue of steps in time order, the state they change, and the systems that see them.
// The same figures, size, seed, interval and plants give the same happenings. One thread.
#pragma once

#include <functional>
#include <memory>
#include <queue>
#include <string>
#include <vector>

#include "sim/port.h"
#include "sim/yard.h"

namespace quaywatch::sim {

class World;

// A system of the port: records of what happens what it can see. Happenings come in time order; `tick` comes every full
// hour of UTC, after all happenings before it, so that files are closed in their rhythm.
class System {
 public:
  virtual ~System() = default;
  virtual void see(const World& world, const Happening& happening) = 0;
  virtual void tick(const World& world, Timestamp now) = 0;
  virtual void close(const World& world, Timestamp until) = 0;  // the end: write what is still open
};

// All steps of one box, before any of them has happened. Sorted by nothing; `time_of` finds an anchor.
struct BoxPlan {
  Index box = kNone;
  std::vector<Step> steps;
  Step& add(Timestamp at, Act act);          // with the box set
  const Step* first(Act act) const;          // null: no such step
};

inline constexpr Duration kWarmUp = days(24);  // lived through before the first day, seen by nobody

struct WorldOptions {
  std::uint64_t seed = 1;
  Timestamp from, until;
};

class World {
 public:
  World(Port port, const WorldOptions& options);

  Port& port() { return port_; }
  const Port& port() const { return port_; }
  const Box& box(Index index) const { return port_.boxes[index]; }
  Box& box(Index index) { return port_.boxes[index]; }
  const Call& call(Index index) const { return port_.calls[index]; }
  const Figures& figures() const { return *port_.figures; }
  const WorldOptions& options() const { return options_; }
  Yard& yard() { return yard_; }
  const Yard& yard() const { return yard_; }
  Timestamp now() const { return now_; }
  std::uint64_t happened() const { return happened_; }

  // A stream of random numbers for one purpose and number, independent of all others.
  Random stream(std::string_view purpose, std::uint64_t number = 0) const {
    return Random(stream_seed(options_.seed, purpose, number));
  }
  // Unique running numbers, such as of work orders: "WO" 12 -> WO0000012.
  std::string next_ref(std::string_view prefix);
  std::uint64_t next_number() { return ++numbers_; }

  void add_system(std::unique_ptr<System> system) { systems_.push_back(std::move(system)); }
  // Called with every box's plan before it is committed; may change, add and drop steps.
  void set_amend(std::function<void(World&, BoxPlan&)> amend) { amend_ = std::move(amend); }
  // Called at each local midnight for the day that begins.
  void add_daily(std::function<void(World&, Timestamp)> plan) { daily_.push_back(std::move(plan)); }
  // Sees all that happens, before the systems do.
  void set_witness(std::function<void(const World&, const Happening&)> witness) { witness_ = std::move(witness); }

  Index new_box();
  Index new_call();
  void commit(BoxPlan plan);
  void schedule(const Step& step);  // an instant that has passed: now
  Index add_detail(Detail detail);
  const Detail* detail(const Step& step) const;

  // Lives from the warm-up to `until`; `progress` hears the time now and then.
  void run(const std::function<void(Timestamp)>& progress);

 private:
  struct Queued {
    Step step;
    std::uint64_t order = 0;
    bool operator>(const Queued& other) const {
      return step.at != other.step.at ? step.at > other.step.at : order > other.order;
    }
  };
  void happen(const Step& step);
  void finish(const Step& step);
  void free_row(Index box);
  void publish(const Happening& happening);

  Port port_;
  WorldOptions options_;
  Yard yard_;
  Timestamp now_;
  std::priority_queue<Queued, std::vector<Queued>, std::greater<>> queue_;
  std::vector<Detail> details_;
  std::vector<Index> free_details_;
  std::vector<std::unique_ptr<System>> systems_;
  std::vector<std::function<void(World&, Timestamp)>> daily_;
  std::function<void(World&, BoxPlan&)> amend_;
  std::function<void(const World&, const Happening&)> witness_;
  std::uint64_t queued_ = 0, numbers_ = 0, happened_ = 0;
};

// What an act does to the world, and what it draws after it (effects.cpp). Completes the happening; false: it cannot
// happen now (the box is gone) and nobody sees it.
bool take_effect(World& world, Happening& happening, Random& random);

}  // namespace quaywatch::sim
