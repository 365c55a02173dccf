#include "sim/cast.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/flows.h"

namespace quaywatch::sim {

Played Cast::play(const std::string& name, Timestamp at) {
  if (name.empty()) return {};
  if (const auto it = played_.find(name); it != played_.end()) return it->second;
  const auto it = std::find_if(script_.who.begin(), script_.who.end(), [&](const Actor& a) { return a.name == name; });
  const Actor& actor = *it;  // read_scenario has checked the names
  Played out;
  if (actor.role) {
    out.person = person_of(actor, at);
    if (out.person != kNone) {
      out.company = world_.port().people[out.person].company;
      out.account = world_.port().people[out.person].account;
    }
  }
  if (actor.company) {
    out.company = company_of(actor, at);
    if (!actor.role) out.account = account_of_use(actor, out.company);
  }
  out.vehicle = lorry_of(actor, out.company);
  return played_[name] = out;
}

bool Cast::in_chain(Index company) const {
  if (plan_.box == kNone) return false;
  const Box& b = world_.box(plan_.box);
  if (company == b.haulier || company == b.forwarder || company == b.agent || company == b.holder) return true;
  return std::any_of(plan_.steps.begin(), plan_.steps.end(),
                     [&](const Step& s) { return s.company == company || s.other == company; });
}

Index Cast::outsider(CompanyKind kind) {
  const auto& all = world_.port().of_kind[static_cast<std::size_t>(kind)];
  for (int tries = 0; tries < 50; ++tries)
    if (const Index company = random_.pick(all); !in_chain(company)) return company;
  return random_.pick(all);
}

Index Cast::company_of(const Actor& actor, Timestamp at) {
  Port& port = world_.port();
  const CompanyKind kind = *actor.company;
  auto& all = port.of_kind[static_cast<std::size_t>(kind)];
  if (actor.relation == Relation::outside) return outsider(kind);
  if (actor.relation == Relation::fresh) {
    const Index company = add_company(port, kind, random_, at - days(random_.between(2, 20)), 2);
    all.pop_back();  // nobody else chooses it: what is not planted stays as it would have been
    if (kind == CompanyKind::haulier) add_vehicle(port, company, random_);
    return company;
  }
  if (plan_.box != kNone) {
    const Box& b = world_.box(plan_.box);
    const Index own = kind == CompanyKind::agent       ? b.agent
                      : kind == CompanyKind::line      ? b.line
                      : kind == CompanyKind::forwarder ? b.forwarder
                      : kind == CompanyKind::haulier   ? b.haulier
                      : kind == CompanyKind::trader    ? b.trader
                                                       : kNone;
    if (own != kNone) return own;
  }
  return random_.pick(all);
}

Index Cast::account_of_use(const Actor& actor, Index company) {
  const auto& accounts = world_.port().companies[company].accounts;
  if (actor.account == AccountUse::none || accounts.empty()) return kNone;
  if (actor.account == AccountUse::shared) {
    const auto it = std::find_if(accounts.begin(), accounts.end(),
                                 [&](Index a) { return world_.port().accounts[a].shared; });
    return it == accounts.end() ? accounts.front() : *it;
  }
  const auto taken = played_.find(actor.besides);
  for (int tries = 0; tries < 20; ++tries) {
    const Index account = random_.pick(accounts);
    if (taken == played_.end() || account != taken->second.account) return account;
  }
  return accounts.front();
}

Index Cast::person_of(const Actor& actor, Timestamp at) {
  const Port& port = world_.port();
  const auto taken = played_.find(actor.besides);
  const auto is_taken = [&](Index p) { return taken != played_.end() && taken->second.person == p; };
  Index out = kNone;
  for (std::uint64_t tries = 0; tries < 20; ++tries) {
    if (actor.on_duty) {
      out = on_duty(port, *actor.role, at, random_.below(1'000) + tries);
    } else {
      const auto& crews = port.crews[static_cast<std::size_t>(*actor.role)];
      const auto& crew = crews[random_.below(5)];
      out = crew.empty() ? kNone : random_.pick(crew);
      if (out != kNone && port.people[out].crew == crew_at(at)) continue;
    }
    if (out != kNone && !is_taken(out)) return out;
  }
  return out;
}

// A lorry that is not of the fleet is no company's to send: it stands in the table only.
Index Cast::lorry_of(const Actor& actor, Index company) {
  Port& port = world_.port();
  const auto& fleet = company == kNone ? std::vector<Index>() : port.companies[company].vehicles;
  switch (actor.lorry) {
    case LorryUse::none: return kNone;
    case LorryUse::fleet: return fleet.empty() ? kNone : random_.pick(fleet);
    case LorryUse::cloned: {
      const Index sound = plan_.box != kNone ? world_.box(plan_.box).vehicle : kNone;
      const Index owner = outsider(CompanyKind::haulier);
      const auto& others = port.companies[owner].vehicles;
      const Index of = sound != kNone || others.empty() ? sound : random_.pick(others);
      Vehicle clone;
      clone.company = of == kNone ? owner : port.vehicles[of].company;
      clone.plate = of == kNone ? "" : port.vehicles[of].plate;
      port.vehicles.push_back(clone);
      break;
    }
    case LorryUse::rented: {
      const Index lender = random_.pick(port.of_kind[static_cast<std::size_t>(CompanyKind::contractor)]);
      add_vehicle(port, lender, random_);
      port.companies[lender].vehicles.pop_back();
      break;
    }
  }
  const auto out = static_cast<Index>(port.vehicles.size() - 1);
  port.vehicles[out].driver_card = fmt::format("{:08X}", random_.below(std::uint64_t{1} << 32));
  return out;
}

}  // namespace quaywatch::sim
