#include "legal/feeds.h"

#include <algorithm>

#include "base/text.h"

namespace quaywatch::legal {
namespace {

using adapters::mapped::Mapping;
using adapters::mapped::Replaces;

Correction correction_of(Replaces replaces) {
  if (replaces == Replaces::all) return Correction::all;
  return replaces == Replaces::interval ? Correction::interval : Correction::none;
}

Feed feed_of(const Mapping& m, Seen seen) {
  seen.owners.insert(m.owner);
  seen.types.insert(m.provides.begin(), m.provides.end());
  seen.personal.merge(adapters::mapped::personal_fields(m));
  Feed out;
  out.name = m.feed;
  out.file = std::string(file_name(m.path));
  out.owners = {seen.owners.begin(), seen.owners.end()};
  out.types = {seen.types.begin(), seen.types.end()};
  out.controller = m.controller.name;
  out.regime = m.controller.regime;
  out.basis = m.controller.basis;
  out.purpose = m.controller.purpose;
  out.retention = m.controller.retention;
  out.correction = correction_of(m.replaces);
  out.personal = {seen.personal.begin(), seen.personal.end()};
  out.is_known = !m.events.empty() || !seen.personal.empty();
  return out;
}

}  // namespace

void note(const Event& event, Seen& seen) {
  seen.owners.insert(event.owner);
  seen.types.insert(event.type);
  event.fields.each([&](FieldId field, const Value&) {
    if (info(field).personal != PersonalClass::none) seen.personal.insert(field);
  });
}

std::vector<Feed> feeds_of(const std::vector<Mapping>& contracts, const std::map<std::string, Seen>& seen) {
  std::vector<Feed> out;
  for (const Mapping& m : contracts) {
    const auto at = seen.find(m.feed);
    out.push_back(feed_of(m, at == seen.end() ? Seen{} : at->second));
  }
  for (const auto& [name, came] : seen) {
    const auto is_its = [&of = name](const Mapping& m) { return m.feed == of; };
    if (std::any_of(contracts.begin(), contracts.end(), is_its)) continue;
    Feed feed;
    feed.name = name;
    feed.owners = {came.owners.begin(), came.owners.end()};
    feed.types = {came.types.begin(), came.types.end()};
    feed.personal = {came.personal.begin(), came.personal.end()};
    feed.is_known = !name.empty();
    out.push_back(std::move(feed));
  }
  std::stable_sort(out.begin(), out.end(), [](const Feed& a, const Feed& b) { return a.name < b.name; });
  return out;
}

}  // namespace quaywatch::legal
