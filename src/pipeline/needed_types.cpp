#include "pipeline/needed_types.h"

#include <algorithm>

#include "base/text.h"

namespace quaywatch::pipeline {

std::vector<std::string> needed_types(const rules::Pack& pack, std::size_t index) {
  const rules::Rule& rule = pack.rules()[index];
  std::set<std::string> needed;
  std::string trigger;
  for (const EventType t : rule.types) trigger.append(trigger.empty() ? "" : "|").append(info(t).name);
  if (!trigger.empty()) needed.insert(std::move(trigger));
  for (const EventType t : rule.needs_types) needed.emplace(info(t).name);
  for (const FieldId f : rule.reads)
    if (!info(f).needs.empty())
      for (const std::string_view group : split(info(f).needs, ',')) needed.emplace(group);
  // What must be there together, or must be known not to be there, is needed of each.
  for (const rules::Correlation& c : pack.correlations())
    if (c.rule == index &&
        (c.type == rules::CorrelationType::temporal || c.type == rules::CorrelationType::temporal_ordered))
      for (const std::size_t joined : c.joins)
        for (std::string& type : needed_types(pack, joined)) needed.insert(std::move(type));
  return {needed.begin(), needed.end()};
}

std::vector<std::string> lacking(const std::vector<std::string>& needed, const TypeNames& provided) {
  std::vector<std::string> out;
  for (const std::string& group : needed) {
    const auto alternatives = split(group, '|');
    const auto is_there = [&](std::string_view type) { return provided.contains(type); };
    if (std::none_of(alternatives.begin(), alternatives.end(), is_there)) out.push_back(group);
  }
  return out;
}

}  // namespace quaywatch::pipeline
