#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <map>

#include "app/commands.h"
#include "app/print.h"
#include "app/render.h"
#include "app/rules_in_force.h"
#include "app/run_input.h"
#include "app/texts.h"
#include "base/text.h"
#include "pipeline/needed_types.h"

namespace quaywatch::app {

int coverage(const InputOptions& options, const std::string& rules) {
  const auto site = open_site("coverage", options);
  if (!site) return unusable(site.error());
  const auto journal = journal_of_run(*site, rules, options);
  if (!journal) return unusable(journal.error());
  const auto in_force =
      rules_of_run(rules, *journal, rulebook::Over::files, rulebook::permits_of(journal->deployments, over(options)));
  if (!in_force) return unusable(in_force.error());
  pipeline::Detection& detection = in_force->current();
  const auto run = run_input(options, *site, detection, {}, journal->open_log());
  if (!run) return unusable(run.error());
  pipeline::TypeNames provided;
  std::map<std::string, CoverageStatement> feeds;
  for (const CoverageStatement& s : run->coverage) {
    auto [at, is_new] = feeds.emplace(s.feed, s);
    at->second.from = std::min(at->second.from, s.from);
    at->second.until = std::max(at->second.until, s.until);
    for (const EventType t : s.types) provided.insert(std::string(info(t).name));
  }
  print(stdout, "feeds and the time they cover\n");
  for (const auto& [feed, s] : feeds) {
    std::string types;
    for (const EventType t : s.types) types += fmt::format("{}{}", types.empty() ? "" : ", ", info(t).name);
    print(stdout, "  {:<24} {} to {}  {}\n", one_line(feed), format_rfc3339(s.from), format_rfc3339(s.until), types);
  }
  print(stdout, "\nrules\n");
  std::map<std::string, int> would_open;
  int able = 0;
  const rules::Pack& loaded = detection.pack();
  const auto off = detection.off();
  for (std::size_t i = 0; i < loaded.rules().size(); ++i) {
    const rules::Rule& r = loaded.rules()[i];
    if (r.is_part) continue;
    const auto lacks = pipeline::lacking(pipeline::needed_types(loaded, i), provided);
    const bool is_off = off[i] > 0;
    able += lacks.empty() && !is_off;
    std::string text;
    for (const std::string& m : lacks) text += (text.empty() ? "" : ", ") + m;
    if (is_off) text += (text.empty() ? "" : ", ") + say("an agreement on staff data");
    print(stdout, "  {:<3} {:<4} {:<64} {}\n",
          is_off          ? say("off")
          : lacks.empty() ? say("yes")
                          : say("no"),
          r.invariant, rule_text(r.title), text.empty() ? text : say("lacks {}", text));
    if (lacks.size() == 1) ++would_open[lacks.front()];
  }
  print(stdout, "\n{} of {} rules can be judged with these feeds.\n", able, loaded.alerting());
  const auto best = std::max_element(would_open.begin(), would_open.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; });
  if (best != would_open.end())
    print(stdout, "A feed of {} would open most: {}.\n", best->first,
          say_counted(static_cast<std::uint64_t>(best->second), "{} more rule", "{} more rules"));
  if (const std::string open = not_evaluated_text(detection.not_evaluated()); !open.empty())
    print(stdout, "\n{}", open);
  return kDone;
}

}  // namespace quaywatch::app
