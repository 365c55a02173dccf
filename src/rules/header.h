// What detection and correlation documents have in common: title, id, level and so on, and what a port rule must say
// besides (docs/reference/rules.md, "What is refused").
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "rules/block.h"
#include "rules/problem.h"
#include "rules/rule.h"
#include "rules/selection.h"
#include "rules/yaml.h"

namespace quaywatch::rules {

// A part is joined by a correlation of its own file and raises no alerts: the correlation says what a person is told
// (correlation specification 2.1, "Correlation rules").
void read_header(const Document& document, bool is_part, Rule& rule, Problem& problem);
// The keys and the block of a port rule. A part may leave out what only an alert needs.
void read_port_parts(const Document& document, Rule& rule, Scope& scope, Exonerates& exonerates, Problem& problem);

// First 12 hex digits of the SHA-256 of what a rule, table or zone says.
std::string version_of(std::string_view text);
// The line of the value under `key`, else of the document.
int line_of(const Document& document, std::string_view key);
// Title or id where they can be read, also of a broken document.
std::string rule_label(const Document& document);

}  // namespace quaywatch::rules
