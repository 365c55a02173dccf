#include <fmt/format.h>

#include <cstdio>

#include "app/commands.h"
#include "app/print.h"
#include "app/run_input.h"
#include "app/texts.h"
#include "base/limits.h"
#include "base/text.h"
#include "io/files.h"
#include "rulebook/vectors.h"

namespace quaywatch::app {
namespace {

constexpr std::string_view kRuleFile = "/rule.yml";

struct Tally {
  std::size_t detectors = 0, vectors = 0, failed = 0;
};

std::string stands_text(const rulebook::Stands& s) {
  std::string values;
  for (const auto& [field, text] : s.shown)
    values += fmt::format("{}{} = {}", values.empty() ? "" : "; ", info(field).name, one_line(text));
  if (s.status == "not_evaluated")
    return say("the question of '{}' stays open ({}){}{}", rule_text(s.rule->title), s.cause,
               values.empty() ? "" : say(", first on "), values);
  return say("an alert of '{}' stands ({}): {}", rule_text(s.rule->title), translated(s.status), values);
}

void print_differences(const rulebook::Differences& differences) {
  for (const rulebook::Expected* e : differences.missing)
    print(stdout, "    expected, but nothing like it stands: {}\n", one_line(e->line));
  for (const rulebook::Stands& s : differences.unexpected) print(stdout, "    not expected: {}\n", stands_text(s));
}

// False: the vector failed, which has been told.
bool test_vector(const std::string& detector, const std::string& rule_text, const rulebook::Vector& v) {
  const auto fail_line = [&] { print(stdout, "  FAILED {}/vectors/{}.jsonl\n", detector, v.name); };
  if (!v.faults.empty()) {
    fail_line();
    for (const std::string& fault : v.faults) print(stdout, "    {}\n", one_line(retold(fault)));
    return false;
  }
  auto loaded = rules::Pack::load({{detector + std::string(kRuleFile), rule_text}});
  const rulebook::Outcome outcome = rulebook::run_vector(std::move(loaded.pack), v.entries);
  const rulebook::Differences differences = rulebook::differences(outcome, v.expected);
  if (differences.none()) return true;
  fail_line();
  print_differences(differences);
  return false;
}

Result<void> test_detector(const std::string& detector, Tally& tally) {
  const std::string path = detector + std::string(kRuleFile);
  const auto text = io::read_file(path, limits::kRuleFileBytes);
  if (!text) return tl::unexpected(text.error());
  const auto vectors = rulebook::read_vectors(detector);
  const auto refused = rules::Pack::load({{path, *text}}).refused;
  std::size_t failed = 0;
  for (const rulebook::Vector& v : vectors) failed += !test_vector(detector, *text, v);
  for (const auto& r : refused) print(stdout, "  refused {}:{}: {}\n", r.path, r.line, retold(r.reason));
  if (vectors.empty()) print(stdout, "  FAILED {}: no vectors/*.jsonl, so nothing is shown of this rule\n", detector);
  failed += vectors.empty() || (!refused.empty() && failed == 0);
  print(stdout, "{:<6} {}: {} vectors, {} failed\n", failed == 0 ? say("ok") : say("FAILED"), detector, vectors.size(),
        failed);
  ++tally.detectors;
  tally.vectors += vectors.size();
  tally.failed += failed;
  return {};
}

}  // namespace

int rules_test(const std::string& folder) {
  const std::string where = folder.empty() ? "detectors" : folder;
  const auto paths = io::list_files(where);
  if (!paths) return unusable(paths.error());
  Tally tally;
  for (const std::string& path : *paths) {
    if (!path.ends_with(kRuleFile)) continue;
    if (auto done = test_detector(path.substr(0, path.size() - kRuleFile.size()), tally); !done)
      return unusable(done.error());
  }
  if (tally.detectors == 0) return unusable({ErrorCode::not_found, "no folder with a rule.yml was found", where});
  print(stdout, "{} detectors, {} vectors, {} failed\n", tally.detectors, tally.vectors, tally.failed);
  return tally.failed == 0 ? kDone : kRejected;
}

}  // namespace quaywatch::app
