// How ports are used for organised crime, by number (data/modi_operandi.toml): what rules are for, and why none is for
// some. Built into the program; immutable.
#pragma once

#include <span>
#include <string_view>

namespace quaywatch::rules {

struct ModusOperandi {
  std::string_view number;  // "MO-1", as the rules name it
  std::string_view name;
  std::span<const std::string_view> directions;  // in which it is known: inbound, outbound, transhipment
  std::span<const std::string_view> needs;       // event types that a rule would read; where the program has none
  std::string_view why;                          // the program has none; empty: it has
};

std::span<const ModusOperandi> modi_operandi();

}  // namespace quaywatch::rules
