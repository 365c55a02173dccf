// The score of alerts against a truth, for people (text, Markdown page) and programs (JSON). Keys of the JSON:
// docs/reference/commands.md. Personal values of the truth are shown as `display` shows them.
#pragma once

#include <string>
#include <vector>

#include "app/site.h"
#include "score/tally.h"

namespace quaywatch::app {

// All of it borrowed.
struct ScoreReport {
  const score::Port& port;
  const std::vector<score::Plant>& plants;
  const score::Detected& detected;
  const score::Tally& tally;
  const std::vector<score::RuleAccount>& accounts;  // empty: no account was given
  Duration reach;
  const Display& display;
};

std::string score_text(const ScoreReport& report);
std::string score_page(const ScoreReport& report);
std::string score_json(const ScoreReport& report);

}  // namespace quaywatch::app
