#include <fmt/format.h>

#include <cstdio>

#include "app/commands.h"
#include "app/print.h"
#include "app/render.h"
#include "app/run_input.h"
#include "base/limits.h"

namespace quaywatch::app {
namespace {

std::string account_text(const RunInput& run, const pipeline::Detection& detection, std::size_t alerts) {
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
         not_evaluated_text(detection.not_evaluated());
}

}  // namespace

int detect(const DetectOptions& options) {
  const auto site = open_site("detect", options.input);
  if (!site) return unusable(site.error());
  auto pack = load_pack(options.rules);
  if (!pack) return unusable(pack.error());
  pipeline::Detection detection(std::move(*pack), [](const pipeline::Alert&) {});
  const auto run = run_input(options.input, *site, detection);
  if (!run) return unusable(run.error());
  const Display display(*site, options.input.reveal);
  const auto alerts = detection.standing();
  for (const auto& a : alerts) {
    if (options.format == "jsonl")
      print_raw(alert_json(a, run->files, display) + "\n");
    else
      print(stdout, "{}\n", alert_text(a, run->files, display));
  }
  if (alerts.empty() && options.format == "table") print(stdout, "no alert stands.\n");
  const int written = finish(kDone);
  print(stderr, "{}", account_text(*run, detection, alerts.size()));
  if (written != kDone) return written;
  return exit_code(options.input, run->files);
}

}  // namespace quaywatch::app
