// Vectors: what a detector's folder says its rule must do, and whether it does (CONTRIBUTING.md, "Write the vectors").
// `vectors/NAME.jsonl` holds records in the order in which they arrive, `NAME.expected` what stands at the end.
// One meaning for the conformance suite (tests/conformance_test.cpp) and for `quaywatch rules test`.
// What is wrong with a file is told in `faults`; a vector with faults proves nothing. Thread-safe as far as the
// arguments are.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "pipeline/detection.h"

namespace quaywatch::rulebook {

// What the input log of a server would hold: each line, in file order.
using VectorEntry = std::variant<EventPtr, CoverageStatement, FeedExpectation, Timestamp>;

// One line of an .expected file: `rule`, `status` and, with not_evaluated, `cause`; then values that must be shown.
struct Expected {
  std::map<std::string, std::string> head;
  std::vector<std::pair<FieldId, std::string>> shown;
  std::string line;
};

struct Vector {
  std::string name;
  std::vector<VectorEntry> entries;
  std::vector<Expected> expected;
  std::vector<std::string> faults;  // sentences with the file they are of
};

std::vector<VectorEntry> parse_vector(std::string_view text, const std::string& path, std::vector<std::string>& faults);
std::vector<Expected> parse_expected(std::string_view text, const std::string& path, std::vector<std::string>& faults);
// Those of one detector, in the order of their names; none when the folder has no vectors/.
std::vector<Vector> read_vectors(const std::string& detector);

// What stands when a vector was taken in; alerts and questions point into the detection.
struct Outcome {
  std::unique_ptr<pipeline::Detection> detection;
  std::vector<pipeline::Alert> alerts;
  std::vector<pipeline::NotEvaluated> open;
};

// Ends with a tick after which nothing is still on its way.
Outcome run_vector(rules::Pack pack, const std::vector<VectorEntry>& entries,
                   pipeline::AlertBook::OnRevision on_revision = {});

// An alert, or a question that stayed open.
struct Stands {
  const rules::Rule* rule = nullptr;
  std::string status, cause;
  std::vector<std::pair<FieldId, std::string>> shown;
};

struct Differences {
  std::vector<const Expected*> missing;
  std::vector<Stands> unexpected;
  bool none() const { return missing.empty() && unexpected.empty(); }
};

// Open questions count too: silence out of ignorance does not pass for silence.
Differences differences(const Outcome& outcome, const std::vector<Expected>& expected);

}  // namespace quaywatch::rulebook
