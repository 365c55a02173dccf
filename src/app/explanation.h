// An alert told to a person from the ground up: each condition of its rule with the values that made it true, each fact
// with the records and searches behind it, what is open, what would excuse it, what to do.
#pragma once

#include <string>
#include <vector>

#include "app/site.h"
#include "ingest/intake.h"
#include "pipeline/alert.h"
#include "rules/derivation.h"

namespace quaywatch::app {

// A rule about single events, asked of the match that the alert's facts are of.
struct Judged {
  std::string title;  // empty: it is the alert's own rule
  std::vector<rules::IdentifierAnswer> conditions;
};
// A rule whose absence a correlation asked for.
struct Sought {
  std::string title;
  std::vector<EventType> types;
};

struct Explanation {
  const pipeline::Alert& alert;
  const std::vector<std::string>& joining;  // what a correlation joins, in words
  const std::vector<Judged>& judged;
  const std::vector<Sought>& sought;
  const std::vector<ingest::FileAccount>& files;
  const Display& display;
};

std::string explanation_text(const Explanation& explanation);

}  // namespace quaywatch::app
