#include "timeline/facts.h"

#include <utility>

namespace quaywatch::timeline {

void Facts::clear() {
  values.clear();
  cited_.clear();
  searches_.clear();
  same_.clear();
}

void Facts::cite(FieldId fact, const EventPtr& event) {
  if (event) cited_.push_back({event.get(), fact, 0});
}

void Facts::cite(FieldId fact, Searched search) {
  cited_.push_back({nullptr, fact, static_cast<std::uint32_t>(searches_.size())});
  searches_.emplace_back(fact, search);
}

void Facts::cite_as(FieldId fact, FieldId other) {
  for (std::size_t i = 0, n = same_.size(); i < n; ++i)
    if (same_[i].fact == other) same_.push_back({fact, same_[i].other, same_[i].end, same_[i].end_of_searches});
  same_.push_back({fact, other, cited_.size(), searches_.size()});
}

UnknownCause Facts::search(FieldId f, const Search& what, const Coverage& coverage) {
  bool covered = false, hole = false, pending = false;
  const auto cite_search = [&](EventType type, const CoverAnswer& a) {
    cite(f, {type, what.from, what.until, what.facility, a.cover, a.known_at});
  };
  for (const EventType type : what.types) {
    const CoverAnswer a = coverage.ask(type, what.facility, what.from, what.until);
    covered |= a.cover == Cover::covered;
    hole |= a.cover == Cover::hole;
    pending |= a.cover == Cover::pending;
    if (a.cover != Cover::no_provider) cite_search(type, a);
  }
  if (!covered && !hole && !pending)
    for (const EventType type : what.types) cite_search(type, {});
  if (covered && !hole && !pending) return UnknownCause::none;
  return pending ? UnknownCause::pending : UnknownCause::no_coverage;
}

void Facts::lost(FieldId f, EventType type, Timestamp from, Timestamp until) {
  cite(f, {type, from, until, {}, Cover::hole, {}});
  unknown(f, UnknownCause::no_coverage);
}

bool Facts::if_absent(FieldId f, bool value, const Search& what, const Coverage& coverage) {
  const UnknownCause cause = search(f, what, coverage);
  if (cause == UnknownCause::none)
    values.add_boolean(f, value);
  else
    unknown(f, cause);
  return cause == UnknownCause::none;
}

bool Facts::none_if_absent(std::initializer_list<FieldId> facts, const Search& what, const Coverage& coverage) {
  const FieldId first = *facts.begin();
  const UnknownCause cause = search(first, what, coverage);
  for (const FieldId f : facts) {
    if (cause != UnknownCause::none) unknown(f, cause);
    if (f != first) cite_as(f, first);
  }
  return cause == UnknownCause::none;
}

}  // namespace quaywatch::timeline
