// The terminal's seal log: what clerks and lashers read off the doors, local time to the minute. Reading errs: no
// number, a slip of a key (mostly struck out within the half hour), one seal of two.
#include <fmt/format.h>

#include "sim/calendar.h"
#include "sim/exports.h"
#include "sim/systems.h"

namespace quaywatch::sim {
namespace {

// One character typed wrongly, a letter by a letter and a digit by a digit.
std::string mistyped(std::string seal, Random& random) {
  char& c = seal[random.below(seal.size())];
  const char low = c >= 'A' ? 'A' : '0';
  const std::uint64_t many = c >= 'A' ? 26 : 10;
  c = static_cast<char>(low + (static_cast<std::uint64_t>(c - low) + 1 + random.below(many - 1)) % many);
  return seal;
}

class SealSystem final : public System {
 public:
  SealSystem(const Deliver& deliver, Timestamp first)
      : file_(deliver, "feeds/gate/seal_checks_{day}.csv",
              "entry;local_time;place;container;action;seal;reference;by\r\n", 3, first) {}

  void see(const World& world, const Happening& h) override {
    if (h.act == Act::seal_checked) return check(world, h);
    if (h.act == Act::sealed && h.company == world.port().terminal) {
      ++entries_;
      const bool renewed = !h.seal_before.empty();
      add(world, h, h.at, renewed ? "RESEAL" : "SEAL", renewed ? h.seal_before + ">" + h.seal : h.seal);
    }
  }
  void tick(const World&, Timestamp now) override { file_.tick(now); }
  void close(const World&, Timestamp until) override { file_.close(until); }

 private:
  void check(const World& world, const Happening& h) {
    const Figures& figures = world.figures();
    Random random = world.stream("seal reading", ++entries_);
    if (h.seal.empty() || random.chance(figures.value("seal.unread_share"))) return add(world, h, h.at, "UNREAD", "");
    const std::string& second = world.box(h.box).second_seal;
    const bool typo = random.chance(figures.value("seal.typo_share"));
    std::string seals = typo ? mistyped(h.seal, random) : h.seal;
    if (!second.empty())
      seals = random.chance(figures.value("seal.one_of_two_share")) ? second : seals + "/" + second;
    add(world, h, h.at, "READ", seals);
    if (!typo || !random.chance(figures.value("seal.typo_struck_share"))) return;
    const Timestamp seen = h.at + minutes(random.between(1, 30));
    add(world, h, seen, "STRUCK", seals);
    ++entries_;
    add(world, h, seen, "READ", second.empty() ? h.seal : h.seal + "/" + second);
  }
  void add(const World& world, const Happening& h, Timestamp at, std::string_view action, const std::string& seal) {
    const std::string person = h.person == kNone ? "" : world.port().people[h.person].number;
    const std::string minute = dashed(local_time(at)).substr(0, 16);
    file_.add(at, fmt::format("S{:07};{};{};{};{};{};{};{}\r\n", entries_, minute, h.place, world.box(h.box).number,
                              action, seal, h.ref, person));
  }
  DailyFile file_;
  std::uint64_t entries_ = 0;
};

}  // namespace

std::unique_ptr<System> seal_system(const Deliver& deliver, Timestamp first) {
  return std::make_unique<SealSystem>(deliver, first);
}

}  // namespace quaywatch::sim
