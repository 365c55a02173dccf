// A detection entry as a question in words, for whoever reads an alert: "weight.scale_change_kg is at most -300
// (lighter_kg)". Pure.
#pragma once

#include <string>

#include "rules/question.h"
#include "rules/selection.h"

namespace quaywatch::rules {

std::string words_of(const Question& question, const Node& value, const Scope& scope);

}  // namespace quaywatch::rules
