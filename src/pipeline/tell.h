// What an alert of a rule tells of one event: under which group, what is shown, who plays which part, what it rests on.
// Pure.
#pragma once

#include <string>
#include <vector>

#include "pipeline/alert_book.h"
#include "rules/rule.h"
#include "timeline/coverage.h"
#include "timeline/facts.h"

namespace quaywatch::pipeline {

// Empty when a group field is absent or unknown: such a match cannot be told apart from others.
std::string group_of(const rules::Rule& rule, const Event& event, const timeline::Facts& facts);

// Does the rule read, group by or tell the field?
bool tells_of(const rules::Rule& rule, FieldId field);
// Is one of them a fact, which timelines compute and coverage may change?
bool any_fact(const std::vector<FieldId>& fields);
// Does it raise alerts, and has nothing but the event a part in its matches?
bool is_told_alone(const rules::Rule& rule);

Evidence search_of(const timeline::Searched& search, const timeline::Coverage& coverage);
// `needed`: the facts that the verdict rests on, which decide when it could be known.
Match make_match(const rules::Rule& rule, const rules::Verdict& verdict, const std::vector<FieldId>& needed,
                 const EventPtr& event, const timeline::Facts& facts, const timeline::Coverage& coverage);

}  // namespace quaywatch::pipeline
