#include "pipeline/permission.h"

#include <algorithm>
#include <utility>

#include "rules/staff_data.h"

namespace quaywatch::pipeline {

Permission::Permission(const rules::Pack& pack, Permits permits)
    : pack_(pack),
      permits_(std::move(permits)),
      asks_for_(pack.rules().size(), nullptr),
      off_(pack.rules().size(), 0) {
  if (!permits_) return;
  for (std::size_t i = 0; i < pack.rules().size(); ++i)
    if (rules::reads_staff_data(pack.rules()[i])) asks_for_[i] = &pack.rules()[i];
  // Each correlation stands after those that it joins.
  const auto& correlations = pack.correlations();
  for (auto c = correlations.rbegin(); c != correlations.rend(); ++c)
    for (const std::size_t joined : c->joins)
      if (pack.rules()[joined].is_part && asks_for_[joined] == nullptr) asks_for_[joined] = asks_for_[c->rule];
}

bool Permission::is_off(std::size_t rule, Timestamp event_time) const {
  const rules::Rule* const asks_for = asks_for_[rule];
  if (asks_for == nullptr) return false;
  const Duration window = pack_.rules()[rule].is_correlation ? pack_.rules()[rule].timespan : Duration{};
  return !permits_(*asks_for, event_time) ||
         (window.us > 0 && (!permits_(*asks_for, event_time - window) || !permits_(*asks_for, event_time + window)));
}

void Permission::count(const Event& event, std::int64_t change) {
  if (!permits_) return;
  for (std::size_t i = 0; i < asks_for_.size(); ++i) {
    const rules::Rule& rule = pack_.rules()[i];
    if (asks_for_[i] == nullptr || rule.is_part) continue;
    const bool is_asked =
        rule.types.empty() || std::find(rule.types.begin(), rule.types.end(), event.type) != rule.types.end();
    if (is_asked && is_off(i, event.event_time)) off_[i] += static_cast<std::uint64_t>(change);
  }
}

}  // namespace quaywatch::pipeline
