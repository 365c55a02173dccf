#include "timeline/folding.h"

#include <gtest/gtest.h>

#include <optional>
#include <random>

namespace quaywatch::timeline {
namespace {

// Depends on every event and on their order.
struct Told {
  static bool is_about(EventType) { return true; }
  void apply(const EventPtr& e) { digest = digest * 31 + e->id.low, ++events; }
  std::uint64_t digest = 0;
  std::size_t events = 0;
  bool operator==(const Told&) const = default;
};

std::size_t steps = 0;
struct Counted {
  static bool is_about(EventType) { return true; }
  void apply(const EventPtr&) { ++steps; }
};

EventPtr event(std::uint64_t id) {
  boost::intrusive_ptr<Event> e(new Event);
  e->id.low = id;
  return e;
}

struct Subject {
  std::vector<EventPtr> history;
  std::optional<Told> base;
  Folding<Told> folding;

  const Told* behind() const { return base ? &*base : nullptr; }
  Told anew(std::size_t n) const {
    Told told = base.value_or(Told{});
    for (std::size_t i = 0; i < n; ++i) told.apply(history[i]);
    return told;
  }
  void insert(std::size_t at, std::uint64_t id) {
    history.insert(history.begin() + static_cast<std::ptrdiff_t>(at), event(id));
    folding.rewind(at, behind());
  }
  void remove(std::size_t at) {
    history.erase(history.begin() + static_cast<std::ptrdiff_t>(at));
    folding.rewind(at, behind());
  }
  void fold_away(std::size_t n) {
    base = anew(n);
    history.erase(history.begin(), history.begin() + static_cast<std::ptrdiff_t>(n));
    folding.drop(n, *base);
  }
};

TEST(Folding, ALongHistoryThatChangesAnywhereIsToldAsFoldedAnew) {
  std::mt19937 random(1);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  Subject s;
  for (std::uint64_t id = 1; id <= 6'000; ++id) {
    const std::size_t size = s.history.size();
    // Half come in order; of the others, most not long after their time.
    const std::size_t reach = std::min<std::size_t>(size, id % 16 == 1 ? size : 400);
    s.insert(id % 2 == 0 || size == 0 ? size : size - below(reach), id);
    if (id % 5 == 0) s.remove(below(s.history.size()));
    if (id % 1'500 == 0) s.fold_away(below(s.history.size()));
    const std::size_t n = id % 3 == 0 ? below(s.history.size() + 1) : s.history.size();
    ASSERT_EQ(s.folding.after(n, s.history, s.behind()), s.anew(n)) << "at " << n << " of " << s.history.size();
  }
}

TEST(Folding, BeginsBehindItsBase) {
  Subject s;
  s.base = Told{7, 3};
  s.folding = Folding<Told>(*s.base);
  s.insert(0, 1);
  EXPECT_EQ(s.folding.after(1, s.history, s.behind()), (Told{7 * 31 + 1, 4}));
}

TEST(Folding, LooksIntoThePastInOrderCostAStepEach) {
  std::vector<EventPtr> history;
  for (std::uint64_t id = 0; id < 4'096; ++id) history.push_back(event(id));
  Folding<Counted> folding;
  steps = 0;
  folding.after(history.size(), history, nullptr);
  for (std::size_t n = 4'000; n < history.size(); ++n) folding.after(n, history, nullptr);
  EXPECT_LE(steps, history.size() + 512);
}

TEST(Folding, ALookAnywhereIntoThePastCostsNoMoreThanOneAtItsEnd) {
  std::vector<EventPtr> history;
  for (std::uint64_t id = 0; id < 4'096; ++id) history.push_back(event(id));
  Folding<Counted> folding;
  folding.after(history.size(), history, nullptr);
  for (const std::size_t n : {300u, 4'000u, 200u, 1'500u, 3'000u}) {
    steps = 0;
    folding.after(n, history, nullptr);
    EXPECT_LE(steps, 256) << "at " << n;
  }
}

}  // namespace
}  // namespace quaywatch::timeline
