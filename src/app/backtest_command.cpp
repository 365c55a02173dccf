#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/print.h"
#include "app/render.h"
#include "app/rules_in_force.h"
#include "app/run_input.h"
#include "app/shipped_rules.h"
#include "app/texts.h"
#include "base/text.h"
#include "live/backtest_json.h"
#include "live/trial.h"
#include "rulebook/comparison.h"

namespace quaywatch::app {
namespace {

using nlohmann::ordered_json;
using rulebook::ComparedRule;

constexpr std::size_t kShownAlerts = 10;  // of one rule that appear, disappear or change; --format jsonl has all
constexpr std::int64_t kShownDays = 62;   // as a line of bars

Result<Timestamp> instant(const std::string& text, Timestamp otherwise) {
  if (text.empty()) return otherwise;
  return parse_rfc3339(text.size() == std::string_view("2026-10-19").size() ? text + "T00:00:00Z" : text);
}

Result<live::Interval> interval(const BacktestOptions& options) {
  const auto from = instant(options.from, Timestamp::min());
  if (!from) return tl::unexpected(from.error());
  const auto until = instant(options.until, Timestamp::max());
  if (!until) return tl::unexpected(until.error());
  if (*until <= *from) return fail(ErrorCode::invalid_argument, "the interval ends before it begins", "--to");
  return live::Interval{*from, *until};
}

struct Totals {
  std::map<std::int64_t, std::pair<std::size_t, std::size_t>> per_day;  // before, now
  std::size_t same_text = 0;
};

Totals totals(const std::vector<ComparedRule>& rules) {
  Totals out;
  for (const ComparedRule& r : rules) {
    out.same_text += r.is_same_text();
    for (const auto& [day, n] : r.before.per_day) out.per_day[day].first += n;
    for (const auto& [day, n] : r.now.per_day) out.per_day[day].second += n;
  }
  return out;
}

// One character a day, the highest day of the rule as a full block; a dot is a day without an alert.
std::string bars(const std::map<std::int64_t, std::size_t>& per_day, const Totals& all) {
  static constexpr std::string_view kBars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  if (all.per_day.empty()) return {};
  const std::int64_t first = all.per_day.begin()->first, last = all.per_day.rbegin()->first;
  if (last - first >= kShownDays) return {};
  std::size_t most = 1;
  for (const auto& [day, n] : per_day) most = std::max(most, n);
  std::string out;
  for (std::int64_t day = first; day <= last; ++day) {
    const auto at = per_day.find(day);
    out += at == per_day.end() ? "." : kBars[(at->second * std::size(kBars) - 1) / most];
  }
  return out;
}

std::uint64_t open_questions(const rulebook::RuleRun& run) {
  std::uint64_t n = 0;
  for (const auto& [cause, events] : run.not_evaluated) n += events;
  return n;
}

std::string moved(std::uint64_t before, std::uint64_t now) {
  return before == now ? fmt::format("{}", now) : fmt::format("{} -> {}", before, now);
}

void print_rules(const std::vector<ComparedRule>& rules, const Totals& all) {
  print(stdout, "\nalerts per day (UTC)\n  day         before     now\n");
  for (const auto& [day, n] : all.per_day)
    print(stdout, "  {}  {:>6}  {:>6}\n", live::day_text(day), n.first, n.second);
  if (all.per_day.empty()) print(stdout, "  none\n");
  print(stdout,
        "\nrules\n  before     now  appear  disappear  change               asked    not evaluated  rule, its alerts "
        "now per day\n");
  for (const ComparedRule& r : rules) {
    const std::string note = r.before.rule == nullptr ? say("  (new)") : r.now.rule == nullptr ? say("  (gone)") : "";
    print(stdout, "  {:>6}  {:>6}  {:>6}  {:>9}  {:>6}  {:>18}  {:>15}  {}{}  {}\n", r.before.alerts, r.now.alerts,
          r.appear.size(), r.disappear.size(), r.change.size(), moved(r.before.asked, r.now.asked),
          moved(open_questions(r.before), open_questions(r.now)), rule_text(r.rule().title), note,
          bars(r.now.per_day, all));
  }
}

template <typename Rows, typename Text>
void print_some(std::string_view what, const Rows& rows, Text&& text) {
  for (std::size_t i = 0; i < std::min(rows.size(), kShownAlerts); ++i)
    print(stdout, "  {:<9}  {}\n", what, text(rows[i]));
  if (rows.size() > kShownAlerts)
    print(stdout, "  {:<9}  and {} more; --format jsonl has all\n", "", rows.size() - kShownAlerts);
}

// Rules of which something differs; those that are gone have lost all their alerts, and are not listed again.
void print_alerts(const std::vector<ComparedRule>& rules, const Display& display) {
  for (const ComparedRule& r : rules) {
    if (r.now.rule == nullptr || (r.appear.empty() && r.disappear.empty() && r.change.empty())) continue;
    print(stdout, "\n{}\n  {} version {}, before {}\n", rule_text(r.rule().title), r.id, r.now.rule->version,
          r.before.rule != nullptr ? r.before.rule->version : say("none"));
    const auto line = [&](const pipeline::Alert& a) { return alert_line(a, display); };
    print_some(say("appears"), r.appear, line);
    print_some(say("is gone"), r.disappear, line);
    print_some(say("changes"), r.change, [&](const rulebook::ChangedAlert& c) {
      std::string out = line(c.now);
      for (const std::string& d : c.differences) out += fmt::format("\n             {}", retold(d));
      return out;
    });
  }
}

std::string exception_text(const rules::Exception& e) {
  return say("{} from {} until {}{}: {}", one_line(e.owner), format_rfc3339(e.from), format_rfc3339(e.until),
             e.by.empty() ? "" : " (" + one_line(e.by) + ")", one_line(e.reason));
}

// What each exception covers: alerts that are counted above and that nobody is shown. One that covers nothing can go.
void print_exceptions(const std::vector<ComparedRule>& rules) {
  std::string out;
  for (const ComparedRule& r : rules) {
    std::map<std::string, std::pair<std::string, std::string>> covered;  // by exception: before, now
    const auto add = [&](const rulebook::RuleRun& run, std::string std::pair<std::string, std::string>::*side) {
      for (std::size_t i = 0; i < run.covered.size(); ++i)
        covered[exception_text(run.rule->exceptions[i])].*side = std::to_string(run.covered[i]);
    };
    add(r.before, &std::pair<std::string, std::string>::first);
    add(r.now, &std::pair<std::string, std::string>::second);
    for (const auto& [text, n] : covered)
      out += fmt::format("  {:>6}  {:>6}  {}: {}\n", n.first.empty() ? "-" : n.first, n.second.empty() ? "-" : n.second,
                         rule_text(r.rule().title), text);
  }
  if (out.empty()) return;
  print(stdout, "\nexceptions, and the alerts that each covers (counted above, shown to nobody)\n  before     now\n{}",
        out);
}

void print_json(const std::vector<ComparedRule>& rules, const RunInput& run, const Display& display) {
  const auto put = [](const ordered_json& j) {
    print_raw(j.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
  };
  const auto alert = [&](const pipeline::Alert& a) { return ordered_json::parse(alert_json(a, run.files, display)); };
  for (const ComparedRule& r : rules) {
    ordered_json row{{"format", "quaywatch.backtest/1"}};
    row.update(live::row_json(r));
    put(row);
  }
  for (const ComparedRule& r : rules) {
    for (const auto& a : r.appear) put({{"effect", "appear"}, {"alert", alert(a)}});
    for (const auto& a : r.disappear) put({{"effect", "disappear"}, {"alert", alert(a)}});
    for (const auto& c : r.change)
      put({{"effect", "change"}, {"differences", c.differences}, {"alert", alert(c.now)}, {"before", alert(c.before)}});
  }
}

// One pack for the whole interval: what is in force now, whatever was then.
Result<rules::Pack> pack_before(const std::string& folder, const rulebook::Deployments& deployments) {
  if (!folder.empty()) return load_pack(folder);
  auto loaded = rules::Pack::load(rulebook::files_of(deployments, shipped_rules(), deployments.current()));
  for (const auto& r : loaded.refused) print(stderr, "refused {}:{}: {}\n", r.path, r.line, retold(r.reason));
  return std::move(loaded.pack);
}

}  // namespace

int backtest(const BacktestOptions& options) {
  const auto judged = interval(options);
  if (!judged) return unusable(judged.error());
  const auto site = open_site("backtest", options.input);
  if (!site) return unusable(site.error());
  const auto journal = journal_of_run(*site, options.against, options.input);
  if (!journal) return unusable(journal.error());
  auto old_pack = pack_before(options.against, journal->deployments);
  if (!old_pack) return unusable(old_pack.error());
  auto new_pack = load_pack(options.rules);
  if (!new_pack) return unusable(new_pack.error());
  live::Trial trial(std::move(*old_pack), std::move(*new_pack), *judged,
                    rulebook::permits_of(journal->deployments, over(options.input)));
  const auto run = run_input(options.input, *site, trial.judges(), {}, journal->open_log());
  if (!run) return unusable(run.error());
  const auto rules = trial.compared();
  const pipeline::Detection &before = *trial.before().detection, &now = *trial.now().detection;
  const Display display(*site, options.input.reveal);
  if (options.format == "jsonl") {
    print_json(rules, *run, display);
  } else {
    const Totals all = totals(rules);
    print(stdout, "{} events; {} rules before, {} now, {} of them with the same text\n",
          now.account().taken + run->duplicates, before.pack().alerting(), now.pack().alerting(), all.same_text);
    print_rules(rules, all);
    print_exceptions(rules);
    print_alerts(rules, display);
  }
  if (const int written = finish(kDone); written != kDone) return written;
  print(stderr, "{}", run->from_log ? log_text(run->files) : intake_text(run->files));
  print(stderr, "judging took {:.1f} s with the rules before and {:.1f} s with those now\n",
        static_cast<double>(trial.before().spent.us) / 1e6, static_cast<double>(trial.now().spent.us) / 1e6);
  return exit_code(options.input, run->files);
}

}  // namespace quaywatch::app
