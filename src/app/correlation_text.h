// What a correlation joins, in words, for who reads an alert of it.
#pragma once

#include <string>
#include <vector>

#include "rules/rule.h"

namespace quaywatch::app {

struct Joining {
  std::vector<std::string> lines;     // a correlation each, the rule itself first
  std::vector<std::size_t> leaves;    // rules about single events that speak for it, by place in the pack
  std::vector<std::size_t> searched;  // rules whose absence is asked for
};

// Of a rule that is a correlation; empty for another.
Joining joining_of(const rules::Pack& pack, std::size_t rule);

}  // namespace quaywatch::app
