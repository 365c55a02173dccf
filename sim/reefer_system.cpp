// The reefer monitor: plugs, alarms, work orders and a temperature every four hours of what is plugged in, as lines
// of JSON in UTC, a file a day.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>

#include "sim/calendar.h"
#include "sim/commodities.h"
#include "sim/exports.h"
#include "sim/flows.h"
#include "sim/systems.h"

namespace quaywatch::sim {
namespace {

std::string tenths(int dc) { return fmt::format("{}{}.{}", dc < 0 ? "-" : "", std::abs(dc) / 10, std::abs(dc) % 10); }

class ReeferSystem final : public System {
 public:
  ReeferSystem(const Deliver& deliver, Timestamp first)
      : file_(deliver, "feeds/reefer/reefer_monitor_{day}.jsonl", "", 1, first) {}

  void see(const World& world, const Happening& h) override {
    if (h.act < Act::reefer_plugged || h.act > Act::reefer_alarmed) return;
    const std::string by = h.person == kNone ? "" : world.port().people[h.person].number;
    if (h.act == Act::reefer_alarmed) {
      add(world, h.box, h.at, "ALARM", h.from, fmt::format(R"(,"alarm":"{}")", h.note));
      if (h.note == "HIGH TEMPERATURE") too_warm_[h.box] += 40;
      if (!h.ref.empty())
        add(world, h.box, h.at + minutes(2), "WORK_ORDER", h.from, fmt::format(R"(,"wo":"{}","by":"{}")", h.ref, by));
      return;
    }
    const bool on = h.act == Act::reefer_plugged;
    if (!on) off_since_[h.box] = h.at;
    if (const auto off = off_since_.find(h.box); on && off != off_since_.end()) {
      too_warm_[h.box] = std::min<int>(80, static_cast<int>((h.at - off->second).whole_seconds() / 1200));
      off_since_.erase(off);
    }
    add(world, h.box, h.at, on ? "PLUG" : "UNPLUG", h.from,
        fmt::format(R"(,"wo":{},"by":"{}")", h.ref.empty() ? "null" : '"' + h.ref + '"', by));
  }
  void tick(const World& world, Timestamp now) override {
    const auto hour = now.us / hours(1).us;
    const auto& boxes = world.port().boxes;
    for (Index i = 0; hour % 4 == 0 && i < boxes.size(); ++i) {
      if (!boxes[i].used || !boxes[i].plugged) continue;
      add(world, i, now, "TEMP", boxes[i].slot, "");
      if (const auto warm = too_warm_.find(i); warm != too_warm_.end()) warm->second /= 2;
    }
    std::erase_if(too_warm_, [](const auto& entry) { return entry.second == 0; });
    std::erase_if(off_since_, [&](const auto& entry) { return now - entry.second > days(3); });
    file_.tick(now);
  }
  void close(const World&, Timestamp until) override { file_.close(until); }

 private:
  void add(const World& world, Index box, Timestamp at, std::string_view what, const Slot& slot,
           const std::string& more) {
    const Box& b = world.box(box);
    const int set = set_point_dc(world.figures().shares("box.commodity").names[b.commodity]).value_or(50);
    const auto warm = too_warm_.find(box);
    const auto noise = static_cast<int>(world.stream("reefer probe", ++rows_).between(-4, 6));
    const int measured = set + noise + (warm == too_warm_.end() ? 0 : warm->second);
    file_.add(at, fmt::format(R"({{"n":{},"ts":"{}","unit":"{}","evt":"{}","slot":"{}","set_c":{},"return_c":{}{}}})"
                              "\n",
                              rows_, format_rfc3339(Timestamp{at.us / 1'000'000 * 1'000'000}), b.number, what,
                              slot_text(slot), tenths(set), tenths(measured), more));
  }
  DailyFile file_;
  std::map<Index, int> too_warm_;          // tenths of a degree above the set point, halved with each reading
  std::map<Index, Timestamp> off_since_;
  std::uint64_t rows_ = 0;
};

}  // namespace

std::unique_ptr<System> reefer_system(const Deliver& deliver, Timestamp first) {
  return std::make_unique<ReeferSystem>(deliver, first);
}

}  // namespace quaywatch::sim
