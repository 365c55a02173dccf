#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/print.h"
#include "app/render.h"
#include "app/rules_in_force.h"
#include "app/run_input.h"
#include "base/limits.h"
#include "io/files.h"

namespace quaywatch::app {
namespace {

std::string account_text(const RunInput& run, const rulebook::DeployedRules& rules, std::size_t alerts) {
  const pipeline::Detection& detection = rules.current();
  const auto& a = detection.account();
  return (run.from_log ? log_text(run.files) : intake_text(run.files)) +
         fmt::format(
             "{} alert{} from {} rules; {} events in = {} evaluated + {} without a rule + {} superseded + {} "
             "repeated + {} too late\n",
             alerts, alerts == 1 ? "" : "s", detection.pack().rules().size(), a.taken + run.duplicates, a.evaluated,
             a.no_rule, a.superseded, a.duplicates + run.duplicates, a.too_late) +
         (a.coverage_refused == 0 ? ""
                                  : fmt::format("{} statements of coverage not kept: more than {} feeds and "
                                                "facilities of one event type; check what names them\n",
                                                a.coverage_refused, limits::kCoverageRows)) +
         (rules.detections().size() == 1
              ? ""
              : fmt::format(
                    "{} sets of rules judged, each what was taken in while it was in force; the events are counted "
                    "for the one in force now\n",
                    rules.detections().size())) +
         not_evaluated_text(rules.not_evaluated());
}

std::string account_json(const RunInput& run, const pipeline::Detection& detection, std::size_t alerts) {
  const auto& a = detection.account();
  nlohmann::ordered_json j{{"format", "quaywatch.account/1"}, {"alerts", alerts}};
  j["events"] = {{"taken", a.taken + run.duplicates},
                 {"evaluated", a.evaluated},
                 {"no_rule", a.no_rule},
                 {"superseded", a.superseded},
                 {"repeated", a.duplicates + run.duplicates},
                 {"too_late", a.too_late}};
  j["rules"] = nlohmann::ordered_json::array();
  const auto asked = detection.asked();
  const auto open = detection.not_evaluated();
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const rules::Rule& rule = detection.pack().rules()[i];
    auto causes = nlohmann::ordered_json::object();
    for (const auto& row : open)
      if (row.rule == &rule) causes[std::string(name(row.cause))] = row.events;
    j["rules"].push_back(
        {{"rule_id", rule.id}, {"title", rule.title}, {"asked", asked[i]}, {"not_evaluated", std::move(causes)}});
  }
  return j.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace

int detect(const DetectOptions& options) {
  const auto site = open_site("detect", options.input);
  if (!site) return unusable(site.error());
  const auto journal = journal_of_run(*site, options.rules, options.input);
  if (!journal) return unusable(journal.error());
  const auto rules = rules_of_run(options.rules, *journal, over(options.input));
  if (!rules) return unusable(rules.error());
  auto judges = judges_of(*rules);
  const auto run = run_input(options.input, *site, judges, {}, journal->open_log());
  if (!run) return unusable(run.error());
  const pipeline::Detection& detection = rules->current();
  const Display display(*site, options.input.reveal);
  const auto alerts = rules->standing();
  for (const auto& a : alerts) {
    if (options.format == "jsonl")
      print_raw(alert_json(a, run->files, display) + "\n");
    else
      print(stdout, "{}\n", alert_text(a, run->files, display));
  }
  if (alerts.empty() && options.format == "table") print(stdout, "no alert stands.\n");
  const int written = finish(kDone);
  print(stderr, "{}", account_text(*run, *rules, alerts.size()));
  if (written != kDone) return written;
  if (!options.account.empty())
    if (auto kept = io::write_file_atomic(options.account, account_json(*run, detection, alerts.size())); !kept)
      return unusable(kept.error());
  return exit_code(options.input, run->files);
}

}  // namespace quaywatch::app
