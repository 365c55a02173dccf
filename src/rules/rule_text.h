// For the tests of this module: rule documents built from the part that a test is about.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "rules/rule.h"

namespace quaywatch::rules {

// `detection` and `block` are indented by two; `block` is what stands under quaywatch besides group_by and direction.
inline std::string port_rule(std::string_view detection, std::string_view block = {}) {
  return fmt::format(
      "title: Test rule\n"
      "id: 5f0c3c1e-0000-4000-8000-000000000001\n"
      "status: test\n"
      "logsource: {{product: port, category: container}}\n"
      "detection:\n{}\n"
      "falsepositives: [an innocent cause]\n"
      "level: high\n"
      "quaywatch:\n"
      "  group_by: [container.number]\n"
      "  direction: [inbound]\n{}\n",
      detection, block);
}

inline std::string log_rule(std::string_view detection) {
  return fmt::format("title: Test rule\nlogsource: {{product: windows}}\ndetection:\n{}\n", detection);
}

inline Pack::Loaded load_text(std::string text) {
  return Pack::load({{"rule.yml", std::move(text)}});
}

}  // namespace quaywatch::rules
