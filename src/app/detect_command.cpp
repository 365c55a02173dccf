#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/print.h"
#include "app/render.h"
#include "app/rules_in_force.h"
#include "app/run_input.h"
#include "app/texts.h"
#include "base/limits.h"
#include "base/text.h"
#include "io/files.h"
#include "io/standard_streams.h"
#include "pipeline/budget.h"

namespace quaywatch::app {
namespace {

// A word of a command line as a shell reads it.
std::string shell_word(const std::string& word) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:,=@+";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? "'\\''" : std::string(1, c);
  return out + "'";
}

// What lists the held alerts of one group again.
std::string held_command(const DetectOptions& options, const std::string& group) {
  std::string out = "quaywatch detect --held " + shell_word(group);
  const auto add = [&](std::string_view option, const std::string& value) {
    if (!value.empty()) out += fmt::format(" {} {}", option, shell_word(value));
  };
  add("--rules", options.rules);
  add("--now", options.input.now);
  add("--time-zone", options.input.time_zone);
  for (const std::string& m : options.input.mappings) add("--mapping", m);
  for (const std::string& p : options.input.paths) out += ' ' + shell_word(p);
  return out;
}

void print_groups(const DetectOptions& options, const pipeline::Budgeted& budgeted) {
  for (const auto& g : budgeted.groups) {
    const std::string list = held_command(options, g.name);
    if (g.exception) {
      print(stdout, "{:<8} {:<4} {}: {} under an exception of {} until {}{}: {}  [suppressed]\n  list them  {}\n\n",
            level_text(g.rule->level), g.rule->invariant, rule_text(g.rule->title), g.held,
            one_line(g.exception->owner), format_rfc3339(g.exception->until),
            g.exception->by.empty() ? "" : fmt::format(" ({})", one_line(g.exception->by)),
            one_line(g.exception->reason), list);
      continue;
    }
    print(stdout, "{:<8} {:<4} {}: {} more by {} at {} on {} beyond {} a day  [held]\n  list them  {}\n\n",
          level_text(g.rule->level), g.rule->invariant, rule_text(g.rule->title), g.held, translated(g.kind),
          one_line(g.facility), g.day, g.shown, list);
  }
}

std::string held_text(const pipeline::HeldCount& held) {
  std::string out;
  if (held.by_budgets > 0) out = say("{} held by budgets", held.by_budgets);
  if (held.by_exceptions > 0) out += say("{}{} suppressed by exceptions", out.empty() ? "" : ", ", held.by_exceptions);
  return out.empty() ? out : " (" + out + ')';
}

std::string account_text(const RunInput& run, const rulebook::DeployedRules& rules, std::size_t alerts,
                         const pipeline::HeldCount& held) {
  const pipeline::Detection& detection = rules.current();
  const auto& a = detection.account();
  return (run.from_log ? log_text(run.files) : intake_text(run.files)) +
         say("{}{} from {}; {} events in = {} evaluated + {} without a rule + {} superseded + {} repeated + {} too "
             "late\n",
             say_counted(alerts, "{} alert", "{} alerts"), held_text(held),
             say_counted(detection.pack().alerting(), "{} rule", "{} rules"), a.taken + run.duplicates, a.evaluated,
             a.no_rule, a.superseded, a.duplicates + run.duplicates, a.too_late) +
         (a.coverage_refused == 0 ? ""
                                  : say("{} statements of coverage not kept: more than {} feeds and "
                                        "facilities of one event type; check what names them\n",
                                        a.coverage_refused, limits::kCoverageRows)) +
         (a.ungrouped_hits == 0 ? ""
                                : say("{} events joined by a correlation, but without its group\n", a.ungrouped_hits)) +
         (a.dropped_hits == 0 ? ""
                              : say("{} joined events no longer looked at: more than {} in one group of a "
                                    "correlation, or {} in all\n",
                                    a.dropped_hits, limits::kGroupHits, limits::kCorrelationHits)) +
         (rules.detections().size() == 1
              ? ""
              : say("{} sets of rules judged, each what was taken in while it was in force; the events are counted "
                    "for the one in force now\n",
                    rules.detections().size())) +
         not_evaluated_text(rules.not_evaluated()) + off_text(detection);
}

std::string account_json(const RunInput& run, const pipeline::Detection& detection, std::size_t alerts,
                         const pipeline::HeldCount& held) {
  const auto& a = detection.account();
  nlohmann::ordered_json j{{"format", "quaywatch.account/1"},
                           {"alerts", alerts},
                           {"held", held.by_budgets},
                           {"suppressed", held.by_exceptions}};
  j["events"] = {{"taken", a.taken + run.duplicates},
                 {"evaluated", a.evaluated},
                 {"no_rule", a.no_rule},
                 {"superseded", a.superseded},
                 {"repeated", a.duplicates + run.duplicates},
                 {"too_late", a.too_late}};
  j["rules"] = nlohmann::ordered_json::array();
  const auto asked = detection.asked(), off = detection.off();
  const auto open = detection.not_evaluated();
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const rules::Rule& rule = detection.pack().rules()[i];
    if (rule.is_part) continue;
    auto causes = nlohmann::ordered_json::object();
    for (const auto& row : open)
      if (row.rule == &rule) causes[std::string(name(row.cause))] = row.events;
    if (off[i] > 0) causes[std::string(rulebook::kNoAgreement)] = off[i];
    j["rules"].push_back(
        {{"rule_id", rule.id}, {"title", rule.title}, {"asked", asked[i]}, {"not_evaluated", std::move(causes)}});
  }
  return j.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

// What --since and --level leave. They choose what is printed; what stands and what is held does not change.
struct Choice {
  Timestamp since = Timestamp::min();
  rules::Level least = rules::Level::informational;
  bool takes(const pipeline::Alert& a) const { return a.last_event_time >= since && a.rule->level >= least; }
};

Result<Choice> read_choice(const DetectOptions& options) {
  Choice choice;
  if (!options.since.empty()) {
    const auto since = parse_rfc3339(options.since);
    if (!since) return tl::unexpected(since.error());
    choice.since = *since;
  }
  while (!options.level.empty() && rules::name(choice.least) != options.level)
    choice.least = static_cast<rules::Level>(static_cast<int>(choice.least) + 1);
  return choice;
}

}  // namespace

int detect(const DetectOptions& options) {
  const auto choice = read_choice(options);
  if (!choice) return unusable(choice.error());
  const auto site = open_site("detect", options.input);
  if (!site) return unusable(site.error());
  const auto journal = journal_of_run(*site, options.rules, options.input);
  if (!journal) return unusable(journal.error());
  const auto rules = rules_of_run(options.rules, *journal, over(options.input),
                                  rulebook::permits_of(journal->deployments, over(options.input)));
  if (!rules) return unusable(rules.error());
  auto judges = judges_of(*rules);
  const auto run = run_input(options.input, *site, judges, {}, journal->open_log());
  if (!run) return unusable(run.error());
  const pipeline::Detection& detection = rules->current();
  const Display display(*site, options.input.reveal);
  const auto alerts = rules->standing();
  const auto budgeted = pipeline::apply_budgets(alerts);
  const pipeline::HeldCount held = pipeline::count_held(budgeted);
  const bool is_table = options.format == "table";
  std::size_t printed = 0;
  for (std::size_t i = 0; i < alerts.size(); ++i) {
    const std::string group = budgeted.held[i] ? budgeted.groups[*budgeted.held[i]].name : std::string();
    if (options.held.empty() ? is_table && !group.empty() : group != options.held) continue;
    if (!choice->takes(alerts[i])) continue;
    ++printed;
    if (is_table)
      print(stdout, "{}\n", alert_text(alerts[i], run->files, display));
    else
      print_raw(alert_json(alerts[i], run->files, display, group) + "\n");
  }
  if (is_table && options.held.empty()) print_groups(options, budgeted);
  if (is_table && printed == 0)
    print(stdout, "{}\n",
          alerts.empty()         ? say("no alert stands.")
          : options.held.empty() ? say("no alert to show.")
                                 : say("no alert of it is held."));
  const int written = finish(kDone);
  print(stderr, "{}", account_text(*run, *rules, alerts.size(), held));
  if (written != kDone) return written;
  if (!options.account.empty())
    if (auto kept = io::write_file_atomic(options.account, account_json(*run, detection, alerts.size(), held)); !kept)
      return unusable(kept.error());
  io::end_process(exit_code(options.input, run->files));
}

}  // namespace quaywatch::app
