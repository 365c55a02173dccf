// All that is planted in one run: each crime on one box or day, twins at their rates. Keeps what truly happened of
// each, for the truth (docs/formats/truth.md). Must outlive the run of its world.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/exports.h"
#include "sim/planting.h"

namespace quaywatch::sim {

struct PlantOrder {
  Scenario scenario;
  int level = 1;
};

inline constexpr std::size_t kMostPlants = 100'000;  // of a truth folder
inline constexpr std::size_t kMostOfOneTwin = 4'000;  // what is more happens and is not written

class Plants {
 public:
  Plants(World& world, std::vector<PlantOrder> crimes, std::vector<Scenario> twins);

  // An error when a crime found no box or day: a line for each, with the reasons.
  Result<void> placed() const;
  // What was planted and could not happen, a sentence each: the box was gone, the yard full.
  std::vector<std::string> shortfalls() const;
  void write(std::string_view size, const Append& truth) const;

 private:
  struct Planted {
    const Scenario* scenario = nullptr;
    int level = 0;
    std::size_t acts = 0;  // laid; some may not happen
    std::vector<std::string> happened;  // JSON objects
    std::map<std::string, std::vector<std::string>> subjects;
  };
  struct Crime {
    PlantOrder order;
    Timestamp wish;        // no act before it
    bool placed = false;
    std::uint64_t looked_at = 0;
    std::map<std::string, std::uint64_t> refusals;
  };
  struct Twin {
    Scenario scenario;
    std::string purpose;   // of its random stream
    double rate = 0;
    std::size_t planted = 0;
  };
  std::string refusal(const Crime& crime) const;
  void amend(World& world, BoxPlan& plan);
  void begin_day(World& world, Timestamp day);
  void see(const World& world, const Happening& happening);
  void record(const World& world, const Happening& happening, Planted& planted);
  void try_crime(World& world, std::size_t number, BoxPlan& plan, Timestamp day);
  void try_twin(World& world, Twin& twin, BoxPlan& plan, Timestamp day, Random& random);
  Index begin(const Scenario& scenario, int level);
  Index begin_twin(Twin& twin);  // kNone: there are enough

  World& world_;
  std::vector<Crime> crimes_;
  std::vector<Twin> twins_;
  std::vector<std::size_t> twins_of_act_[static_cast<std::size_t>(Act::count_)];  // those that are one happening
  std::vector<Planted> planted_;
  YardStays stays_;
  std::uint64_t commits_ = 0, boxes_ = 0;
};

}  // namespace quaywatch::sim
