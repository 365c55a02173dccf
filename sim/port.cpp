#include "sim/port.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/calendar.h"

namespace quaywatch::sim {
namespace {

constexpr std::string_view kConsonants = "BDFGKLMNPRSTVZ", kVowels = "AEIOU";
constexpr auto kOwners = std::to_array<std::string_view>(
    {"QXAU", "QXBU", "QZCU", "QZDU", "XQEU", "XQFU", "ZQGU", "ZQHU", "QKJU", "QKKU", "XZLU", "XZMU"});
constexpr auto kPrefix = std::to_array<std::string_view>({"LN", "AG", "FW", "HT", "TR", "TM", "CU", "CT", "DP", "PA"});

std::string syllables(Random& random, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) {
    out += kConsonants[random.below(kConsonants.size())];
    out += kVowels[random.below(kVowels.size())];
  }
  return out;
}

std::string plate(Random& random) {
  constexpr auto kTowns = std::to_array<std::string_view>({"LJ", "KP", "MB", "CE", "NM", "KR", "GO"});
  constexpr std::string_view kMarks = "QX";  // letters that no plate carries there
  // One draw per statement: compilers differ in the order in which arguments are evaluated.
  const auto number = random.below(1000);
  const char letter = static_cast<char>('A' + random.below(26));
  const char mark = kMarks[random.below(2)];
  return fmt::format("{} {}{}-{:03}", random.pick(kTowns), mark, letter, number);
}

std::string imo_number(Random& random) {  // 7 digits, check digit by IMO A.1117(30); 1xxxxxx is not assigned
  const std::string six = fmt::format("1{:05}", random.below(100'000));
  int sum = 0;
  for (int i = 0; i < 6; ++i) sum += (six[static_cast<std::size_t>(i)] - '0') * (7 - i);
  return six + static_cast<char>('0' + sum % 10);
}

}  // namespace

Index hire(Port& port, Role role, Index company, std::uint8_t crew, Random& random) {
  Person p;
  p.role = role;
  p.company = company;
  p.crew = crew;
  p.number = fmt::format("P{:05}", 10'000 + port.people.size());
  p.card = fmt::format("{:08X}", random.below(std::uint64_t{1} << 32));
  const auto index = static_cast<Index>(port.people.size());
  if (role == Role::planner || role == Role::gate_clerk || role == Role::office || role == Role::it_admin)
    p.account = add_account(port, company, fmt::format("t{}.{}", crew, p.number.substr(1)));
  port.crews[static_cast<std::size_t>(role)][crew].push_back(index);
  port.people.push_back(std::move(p));
  return index;
}

namespace {

// Of each hundred people on the terminal; the rest are lashers.
struct Trade100 {
  Role role;
  double share;
  bool shifts;
};
constexpr Trade100 kStaff[] = {{Role::straddle_driver, 0.30, true}, {Role::crane_driver, 0.10, true},
                               {Role::gate_clerk, 0.05, true},      {Role::planner, 0.05, true},
                               {Role::guard, 0.08, true},           {Role::mechanic, 0.10, true},
                               {Role::reefer_man, 0.04, true},      {Role::office, 0.10, false},
                               {Role::it_admin, 0.02, false},       {Role::lasher, 0.16, true}};

void staff(Port& port, Random& random) {
  for (const auto& [role, share, shifts] : kStaff) {
    const auto wanted = static_cast<std::uint32_t>(share * port.size->staff);
    const std::uint32_t count = std::max(wanted, shifts ? 4U : 1U);
    for (std::uint32_t i = 0; i < count; ++i)
      hire(port, role, port.terminal, shifts ? static_cast<std::uint8_t>(i % 4) : std::uint8_t{4}, random);
  }
}

void add_device(Port& port, std::string id, std::string zone, DeviceKind kind, bool inwards = true) {
  port.devices.push_back({std::move(id), std::move(zone), kind, inwards, false});
}

void devices(Port& port) {
  int reader = 0;
  const auto door = [&](const char* zone) {
    add_device(port, fmt::format("R{:02}", ++reader), zone, DeviceKind::reader, true);
    add_device(port, fmt::format("R{:02}", ++reader), zone, DeviceKind::reader, false);
  };
  for (const char* zone : {"TERMINAL", "TERMINAL", "QUAY", "YARD", "YARD", "REEFER", "GATEHOUSE", "OFFICE", "SERVER"})
    door(zone);
  for (std::uint32_t lane = 1; lane <= port.size->gate_lanes; ++lane)
    add_device(port, fmt::format("GP{:02}", lane), "GATE", DeviceKind::gate_portal, lane % 2 == 1);
  for (std::uint32_t block = 1; block <= port.size->yard_blocks; ++block)
    add_device(port, fmt::format("CAM{:03}", block), fmt::format("BLOCK{:02}", block), DeviceKind::camera);
  add_device(port, "WB1", "GATE", DeviceKind::scale);
  add_device(port, "SC1", "CUSTOMS", DeviceKind::scanner);
  add_device(port, "OG1", "PORT", DeviceKind::reader, true);  // the outer gate, of the port authority
  add_device(port, "OG2", "PORT", DeviceKind::reader, false);
}

// Lines agree their weekly windows with the terminal: of a few wishes the one furthest from all others.
std::int64_t quiet_minute(const Port& port, Random& random) {
  constexpr std::int64_t kWeek = 7 * 24 * 60;
  std::int64_t best = 0, best_gap = -1;
  for (int wish = 0; wish < 8; ++wish) {
    const auto minute = static_cast<std::int64_t>(random.below(kWeek));
    std::int64_t gap = kWeek;
    for (const Service& other : port.services) {
      const std::int64_t apart = std::abs(minute - other.minute_of_week);
      gap = std::min({gap, apart, kWeek - apart});
    }
    if (gap > best_gap) best = minute, best_gap = gap;
  }
  return best;
}

void services(Port& port, Random& random) {
  const Shares& kinds = port.figures->shares("vessel.kind");
  const double week = port.size->boxes_per_year / 52.0;
  const auto kind_of = [&](const std::string& name) {
    return name == "deep_sea" ? CallKind::deep_sea : CallKind::feeder;
  };
  double planned = 0;
  while (planned < week) {
    Service s;
    s.line = random.pick(port.of_kind[static_cast<std::size_t>(CompanyKind::line)]);
    s.agent = random.pick(port.of_kind[static_cast<std::size_t>(CompanyKind::agent)]);
    s.kind = kind_of(kinds.names[kinds.draw(random)]);
    const auto& moves = port.figures->quantiles(s.kind == CallKind::deep_sea ? "vessel.moves_per_call_deep_sea"
                                                                            : "vessel.moves_per_call_feeder");
    // A small port has no calls larger than a third of its week.
    s.moves_mean = std::min({moves.mean(), week / 3, week - planned + 1});
    s.minute_of_week = quiet_minute(port, random);
    const int vessels = s.kind == CallKind::deep_sea ? 9 : 2;
    for (int i = 0; i < vessels; ++i) {
      const std::string second = syllables(random, 2);
      s.vessels.push_back("MV " + syllables(random, 2) + " " + second);
      s.imo.push_back(imo_number(random));
      s.back.push_back({});
    }
    planned += s.moves_mean;
    port.services.push_back(std::move(s));
  }
}

void machines(Port& port) {
  for (std::uint32_t i = 1; i <= port.size->straddle_carriers; ++i)
    port.machines.push_back({fmt::format("SC{:03}", i), Role::straddle_driver});
  for (std::uint32_t i = 1; i <= port.size->quay_cranes; ++i)
    port.machines.push_back({fmt::format("QC{:02}", i), Role::crane_driver});
}

}  // namespace

Index add_account(Port& port, Index company, std::string name) {
  const auto index = static_cast<Index>(port.accounts.size());
  port.accounts.push_back({std::move(name), company, false});
  port.companies[company].accounts.push_back(index);
  return index;
}

Index add_vehicle(Port& port, Index company, Random& random) {
  const auto index = static_cast<Index>(port.vehicles.size());
  std::string number = plate(random);
  while (!port.plates.insert(number).second) number = plate(random);
  port.vehicles.push_back(
      {std::move(number), company, fmt::format("{:08X}", random.below(std::uint64_t{1} << 32)), {}});
  port.companies[company].vehicles.push_back(index);
  return index;
}

std::string_view code_of(const Port& port, Index company) {
  return company == kNone ? std::string_view() : std::string_view(port.companies[company].code);
}

Index add_company(Port& port, CompanyKind kind, Random& random, Timestamp registered, std::size_t accounts) {
  const auto index = static_cast<Index>(port.companies.size());
  Company c;
  c.kind = kind;
  c.registered = registered;
  int tries = 0;
  do {
    c.name = syllables(random, ++tries > 20 ? 4 : 3);
    // Lines have four letters, as carriers do.
    c.code = kind == CompanyKind::line ? "ZQ" + c.name.substr(0, 2)
                                       : fmt::format("{}-{}", kPrefix[static_cast<std::size_t>(kind)], c.name);
  } while (!port.codes.insert(c.code).second);
  std::string user = c.name;
  std::transform(user.begin(), user.end(), user.begin(), [](char ch) { return static_cast<char>(ch | 0x20); });
  port.companies.push_back(std::move(c));
  port.of_kind[static_cast<std::size_t>(kind)].push_back(index);
  for (std::size_t i = 0; i < accounts; ++i) {
    std::string initials = syllables(random, 1);
    std::transform(initials.begin(), initials.end(), initials.begin(),
                   [](char ch) { return static_cast<char>(ch | 0x20); });
    add_account(port, index, fmt::format("{}.{}{}", user, initials, i + 1));
  }
  return index;
}

char check_digit(std::string_view text) {
  // Letters count from 10, leaving out the multiples of 11.
  constexpr std::array<int, 26> kLetter = {10, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 23, 24,
                                           25, 26, 27, 28, 29, 30, 31, 32, 34, 35, 36, 37, 38};
  int sum = 0;
  for (std::size_t i = 0; i < 10 && i < text.size(); ++i) {
    const char c = text[i];
    sum += (c >= 'A' ? kLetter[static_cast<std::size_t>(c - 'A')] : c - '0') << i;
  }
  return static_cast<char>('0' + sum % 11 % 10);
}

std::string new_box_number(Random& random) {
  for (;;) {
    const auto serial = random.below(1'000'000);
    std::string out = fmt::format("{}{:06}", random.pick(kOwners), serial);
    // A remainder of 10 is written 0: ISO 6346 advises against such numbers.
    const char digit = check_digit(out);
    if (digit != '0' || random.chance(0.1)) return out + digit;
  }
}

std::string next_box_number(Port& port, const std::string& size_type, bool from_pool, Random& random) {
  auto& idle = port.idle_numbers[size_type];
  // New boxes come into the pool all the time, and old ones leave it.
  if (from_pool && !idle.empty() && !random.chance(0.3)) {
    std::string out = std::move(idle.front());
    idle.pop_front();
    return out;
  }
  const auto& types = port.figures->shares("box.size_type").names;
  const auto series = std::find(types.begin(), types.end(), size_type) - types.begin();
  for (;;) {
    std::string out = new_box_number(random);
    const int thousands = (out[4] - '0') * 100 + (out[5] - '0') * 10 + (out[6] - '0');
    if (thousands % static_cast<int>(types.size()) == series && port.numbers.insert(out).second) return out;
  }
}

std::string new_seal(Random& random, Index line) {
  return fmt::format("{}{:07}", "QXLSEUNLHKMR"[line % 12], random.below(10'000'000));
}

std::uint8_t crew_at(Timestamp at) {
  const Timestamp start = shift_start(at);
  const CivilTime c = local_time(start);
  const std::int64_t day = days_from_civil(c.year, c.month, c.day);
  return static_cast<std::uint8_t>(((day - (c.hour == 6 ? 0 : c.hour == 14 ? 1 : 2)) % 4 + 4) % 4);
}

Timestamp shift_start(Timestamp at) {
  const int hour = local_time(at).hour;
  if (hour < 6) return at_local(at - hours(12), 22);
  return at_local(at, hour < 14 ? 6 : hour < 22 ? 14 : 22);
}

Port make_port(const Figures& figures, const Size& size, std::uint64_t seed, Timestamp from) {
  Port port;
  port.figures = &figures;
  port.size = &size;
  Random random(stream_seed(seed, "port"));
  const auto years_ago = [&] { return from - days(random.between(200, 4000)); };
  const auto many = [&](CompanyKind kind, std::uint32_t count, std::size_t accounts) {
    for (std::uint32_t i = 0; i < count; ++i) add_company(port, kind, random, years_ago(), accounts);
  };
  port.terminal = add_company(port, CompanyKind::terminal, random, years_ago(), 0);
  port.customs_office = add_company(port, CompanyKind::customs, random, years_ago(), 3 + size.staff / 60);
  port.depot = add_company(port, CompanyKind::depot, random, years_ago(), 2);
  port.authority = add_company(port, CompanyKind::port, random, years_ago(), 2);
  many(CompanyKind::line, 6, 0);
  many(CompanyKind::agent, 5, 3 + size.boxes_per_year / 300'000);
  many(CompanyKind::contractor, 6, 0);
  many(CompanyKind::forwarder, size.forwarders, 3);
  many(CompanyKind::haulier, size.hauliers, 2);
  many(CompanyKind::trader, size.importers, 0);
  for (const Index haulier : port.of_kind[static_cast<std::size_t>(CompanyKind::haulier)]) {
    const auto trucks = static_cast<std::int64_t>(figures.quantiles("haulier.trucks").draw(random));
    for (std::int64_t i = 0; i < std::clamp<std::int64_t>(trucks, 1, 200); ++i) add_vehicle(port, haulier, random);
  }
  port.berths.resize(size.berths);
  staff(port, random);
  devices(port);
  machines(port);
  services(port, random);
  return port;
}

}  // namespace quaywatch::sim
