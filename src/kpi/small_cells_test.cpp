// What somebody could work out who has nothing but the figures that are handed on, and knows which level a rule has.
#include "kpi/small_cells.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <set>

#include "base/limits_server.h"

namespace quaywatch::kpi {
namespace {

Breakdown of(std::initializer_list<std::uint64_t> parts) {
  Breakdown b(parts.size());
  std::size_t i = 0;
  for (const std::uint64_t n : parts) {
    b.parts[i++] = n;
    *b.total += n;
  }
  return b;
}

std::string shown(const Breakdown& b) {
  const auto word = [](const Cell& c) { return c ? std::to_string(*c) : std::string("."); };
  std::string out = word(b.total) + " =";
  for (const Cell& c : b.parts) out += " " + word(c);
  return out;
}

TEST(SmallCells, TakeAnotherWithThem) {
  const std::pair<Breakdown, const char*> kCases[] = {
      {of({20, 9, 0}), "29 = 20 9 0"},        // nothing is small
      {of({20, 9, 3}), "32 = 20 . ."},        // 3 would be 32 - 20 - 9
      {of({20, 1, 1, 2}), "24 = . . . ."},    // 1, 1 and 2 come to 4
      {of({20, 9, 4, 4}), "37 = 20 . . ."},   // two that come to 8 would both be 4
      {of({20, 9, 9, 3}), "41 = 20 . . ."},   // which 9 went with it would say which was first
      {of({4, 0}), ". = . ."},                // the total is small
      {of({1, 1, 1, 1, 1, 0}), "5 = . . . . . ."},  // five that come to 5 are all 1
      {of({0, 0}), "0 = 0 0"},
  };
  for (auto [b, expected] : kCases) {
    const std::string before = shown(b);
    protect(b);
    EXPECT_EQ(shown(b), expected) << before;
  }
}

// How many were cleared is the total of what became of them.
TEST(SmallCells, WhoWasToldIsHiddenWithHowManyWereCleared) {
  const auto handed_on = [](std::uint64_t cleared, std::uint64_t seized) {
    Kpis k;
    const auto put = [&](std::string_view outcome, std::uint64_t n) {
      k.closed.parts[place_of(cases::kOutcomes, outcome)] = n;
      *k.closed.total += n;
    };
    put("cleared", cleared);
    put("seizure", seized);
    k.cleared = of({cleared, 0, 0});
    return without_small_cells(std::move(k)).cleared;
  };
  EXPECT_EQ(shown(handed_on(9, 9)), "9 = 9 0 0");
  EXPECT_EQ(shown(handed_on(9, 3)), ". = . . .") << "the nine went with the three";
  EXPECT_EQ(shown(handed_on(3, 9)), ". = . . .");
}

// Every division of up to four parts: also whoever knows how it is done cannot tell what a hidden part is.
TEST(SmallCells, NoPartCanBeWorkedOutFromItsTotal) {
  const std::uint64_t most = 8;
  std::map<std::string, std::vector<std::set<std::uint64_t>>> possible;
  std::vector<Breakdown> all;
  for (std::uint64_t n = 0; n < (most + 1) * (most + 1) * (most + 1) * (most + 1); ++n) {
    const auto digit = [&](std::uint64_t power) { return n / power % (most + 1); };
    all.push_back(of({digit(1), digit(9), digit(81), digit(729)}));
    Breakdown b = all.back();
    protect(b);
    auto& values = possible[shown(b)];
    values.resize(4);
    for (std::size_t i = 0; i < 4; ++i) values[i].insert(*all.back().parts[i]);
  }
  for (const Breakdown& exact : all) {
    Breakdown b = exact;
    protect(b);
    for (std::size_t i = 0; i < 4; ++i)
      ASSERT_TRUE(b.parts[i] || possible[shown(b)][i].size() > 1) << shown(exact) << " as " << shown(b);
  }
}

// Kinds of alerts: what is counted apart at all. An unknown is how many there are of one kind.
struct Kind {
  std::size_t rule, facility, part, word;
};

// The figures as linear sums over kinds.
struct Figure {
  std::string name;
  std::vector<bool> kinds;
  Cell value;
};

class Attacker {
 public:
  explicit Attacker(const std::vector<Figure>& figures) {
    for (const Figure& f : figures)
      for (std::size_t i = 0; f.value == Cell(0) && i < f.kinds.size(); ++i)
        if (f.kinds[i]) none_.insert(i);
    for (const Figure& f : figures)
      if (f.value) learn(f);
  }

  // Whether the figure is a combination of those that are shown.
  bool knows(const Figure& f) const {
    const Row rest = reduced(row_of(f));
    return std::all_of(rest.begin(), rest.end(), [](std::uint64_t n) { return n == 0; });
  }

 private:
  static constexpr std::uint64_t kPrime = 1'000'000'007;  // exact but for chance
  using Row = std::vector<std::uint64_t>;

  Row row_of(const Figure& f) const {
    Row row(f.kinds.size(), 0);
    for (std::size_t i = 0; i < row.size(); ++i) row[i] = f.kinds[i] && !none_.contains(i) ? 1 : 0;
    return row;
  }
  static std::uint64_t inverse(std::uint64_t n) {
    std::uint64_t out = 1;
    for (std::uint64_t power = kPrime - 2; power > 0; power /= 2, n = n * n % kPrime)
      if (power % 2 == 1) out = out * n % kPrime;
    return out;
  }
  Row reduced(Row row) const {
    for (const auto& [pivot, known] : known_) {
      const std::uint64_t times = row[pivot];
      if (times == 0) continue;
      for (std::size_t i = pivot; i < row.size(); ++i) row[i] = (row[i] + (kPrime - times) * known[i]) % kPrime;
    }
    return row;
  }
  void learn(const Figure& f) {
    Row row = reduced(row_of(f));
    const auto at = std::find_if(row.begin(), row.end(), [](std::uint64_t n) { return n != 0; });
    if (at == row.end()) return;
    const std::uint64_t factor = inverse(*at);
    const auto pivot = static_cast<std::size_t>(at - row.begin());
    for (std::uint64_t& n : row) n = n * factor % kPrime;
    known_[pivot] = std::move(row);
  }

  std::set<std::size_t> none_;
  std::map<std::size_t, Row> known_;  // by its first place that is not 0
};

class Port {
 public:
  explicit Port(std::uint32_t seed) : random_(seed), rules_(3 + pick(6)), facilities_(1 + pick(3)) {
    for (std::size_t r = 0; r < rules_; ++r) {
      levels_.push_back(pick(3) == 0 ? "high" : "low");
      for (std::size_t f = 0; f < facilities_; ++f)
        for (std::size_t p = 0; p < kPartNames.size(); ++p)
          for (std::size_t w = 0; w < std::max<std::size_t>(1, words_of(static_cast<Part>(p)).size()); ++w)
            kinds_.push_back({r, f, p, w});
    }
    for (std::size_t p = 0; p < exact_.details.size(); ++p)
      exact_.details[p].parts.resize(words_of(static_cast<Part>(p)).size(), 0);
    for (const Kind& k : kinds_) fill(k);
  }

  const Kpis& exact() const { return exact_; }

  // Every number of the figures, with the kinds it counts.
  std::vector<Figure> figures(const Kpis& k) const {
    std::vector<Figure> out;
    add(out, "alerts", k.alerts, [](const Kind&) { return true; }, by_part);
    for (std::size_t p = 0; p < k.details.size(); ++p)
      add(out, std::string(kPartNames[p]), k.details[p], [p](const Kind& kind) { return kind.part == p; }, by_word);
    add(out, "level", k.by_level, [&](const Kind& kind) { return RowKey{"", levels_[kind.rule]}; }, by_part);
    add(out, "rule", k.by_rule, [&](const Kind& kind) { return rule_key(kind); }, by_part);
    add(out, "facility", k.by_facility, [](const Kind& kind) { return facility_key(kind); }, by_part);
    add(out, "dismissals", k.dismissals,
        [&](const Kind& kind) { return kind.part == 1 ? rule_key(kind) : RowKey{"none", ""}; }, by_word);
    return out;
  }

 private:
  using Place = std::function<std::size_t(const Kind&)>;
  using Has = std::function<bool(const Kind&)>;
  static std::size_t by_part(const Kind& k) { return k.part; }
  static std::size_t by_word(const Kind& k) { return k.word; }
  RowKey rule_key(const Kind& k) const { return {levels_[k.rule], "r" + std::to_string(k.rule)}; }
  static RowKey facility_key(const Kind& k) { return {"", "f" + std::to_string(k.facility)}; }

  std::size_t pick(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }

  void fill(const Kind& k) {
    Received alert;
    alert.rule_id = rule_key(k).second;
    alert.level = levels_[k.rule];
    alert.facility = facility_key(k).second;
    const std::size_t many[] = {0, 0, 0, 0, 1, 2, 5, 9};
    for (std::size_t n = many[pick(std::size(many))]; n > 0; --n)
      kpi::add(exact_, alert, {static_cast<Part>(k.part), k.word, std::nullopt});
  }

  void add(std::vector<Figure>& out, const std::string& name, const Breakdown& b, const Has& has,
           const Place& place) const {
    const auto figure = [&](const std::string& what, const Cell& value, const Has& counts) {
      Figure f{name + " " + what, {}, value};
      for (const Kind& k : kinds_) f.kinds.push_back(has(k) && counts(k));
      out.push_back(std::move(f));
    };
    figure("total", b.total, [](const Kind&) { return true; });
    for (std::size_t i = 0; i < b.parts.size(); ++i)
      figure(std::to_string(i), b.parts[i], [&](const Kind& k) { return place(k) == i; });
  }
  void add(std::vector<Figure>& out, const std::string& name, const Table& t,
           const std::function<RowKey(const Kind&)>& row_of, const Place& place) const {
    for (const auto& [key, row] : t.rows)
      add(out, name + " " + key.second, row, [&, &of = key](const Kind& k) { return row_of(k) == of; }, place);
    const auto is_of_rest = [&](const Kind& k) {
      const RowKey key = row_of(k);
      return key.first != "none" && !t.rows.contains(key);
    };
    if (t.rest) add(out, name + " rest", *t.rest, is_of_rest, place);
  }

  std::mt19937 random_;
  std::size_t rules_, facilities_;
  std::vector<std::string> levels_;
  std::vector<Kind> kinds_;
  Kpis exact_;
};

TEST(SmallCells, NoneIsShownOrCanBeWorkedOutFromAllTables) {
  std::size_t hidden = 0, kept = 0;
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    const Port port(seed);
    const auto shown = port.figures(without_small_cells(port.exact()));
    for (const Figure& f : shown)
      EXPECT_TRUE(!f.value || *f.value == 0 || *f.value >= limits::kSmallCell) << seed << " " << f.name;
    kept += static_cast<std::size_t>(std::count_if(shown.begin(), shown.end(), [](auto& f) { return f.value > 0; }));
    const Attacker attacker(shown);
    for (const Figure& f : port.figures(port.exact())) {
      if (*f.value == 0 || *f.value >= limits::kSmallCell) continue;
      ++hidden;
      EXPECT_FALSE(attacker.knows(f)) << seed << " " << f.name << " is " << *f.value;
    }
  }
  EXPECT_GT(hidden, 500u) << "there was something to hide";
  EXPECT_GT(kept, 500u) << "and something is left to be read";
}

TEST(SmallCells, WhatIsShownStillAddsUp) {
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    const Kpis k = without_small_cells(Port(seed).exact());
    const Breakdown& totals = k.alerts;
    for (const Table* t : {&k.by_level, &k.by_rule, &k.by_facility}) {
      for (std::size_t i = 0; totals.total && i < totals.parts.size(); ++i) {
        std::uint64_t sum = 0;
        for (const auto& [key, row] : t->rows) sum += row.parts[i].value_or(0);
        if (t->rest) sum += t->rest->parts[i].value_or(0);
        EXPECT_EQ(sum, totals.parts[i].value_or(0)) << seed;
      }
    }
  }
}

TEST(SmallCells, OfFewNeitherSampleNorCountsNorTheSlowest) {
  Kpis k;
  k.sample = Sample{};
  k.times[0] = {4, hours(1), hours(2)};
  k.times[1] = {5, hours(1), hours(2)};
  k.times[2] = {10, hours(1), hours(2)};
  k = without_small_cells(std::move(k));
  EXPECT_FALSE(k.sample);
  for (const Spread& s : k.times) EXPECT_FALSE(s.count);
  EXPECT_EQ(k.times[0].median, std::nullopt);
  EXPECT_EQ(k.times[1].median, hours(1));
  EXPECT_EQ(k.times[1].p90, std::nullopt);
  EXPECT_EQ(k.times[2].p90, hours(2));
}

}  // namespace
}  // namespace quaywatch::kpi
