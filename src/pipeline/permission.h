// Permission: which rules of a pack read data on staff, and on which events they are off because nobody permits it. A
// part is off with the correlation of its file. A correlation is off where its window is not wholly permitted. Not
// thread-safe; owned by Detection.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "rules/rule.h"

namespace quaywatch::pipeline {

class Permission {
 public:
  using Permits = std::function<bool(const rules::Rule&, Timestamp event_time)>;
  Permission(const rules::Pack& pack, Permits permits);

  bool is_off(std::size_t rule, Timestamp event_time) const;
  // An event that was judged (+1), or no longer is (-1).
  void count(const Event& event, std::int64_t change);
  const std::vector<std::uint64_t>& off() const { return off_; }  // by rule

 private:
  const rules::Pack& pack_;
  const Permits permits_;
  std::vector<const rules::Rule*> asks_for_;  // by rule: whose agreement it needs; null: none
  std::vector<std::uint64_t> off_;
};

}  // namespace quaywatch::pipeline
