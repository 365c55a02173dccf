#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "app/commands.h"
#include "app/print.h"
#include "app/progress.h"
#include "app/run_input.h"
#include "app/simulated_plants.h"
#include "app/simulation_files.h"
#include "app/texts.h"
#include "io/clock.h"
#include "io/files.h"
#include "sim/calendar.h"
#include "sim/geometry.h"
#include "sim/simulate.h"
#include "sim/world.h"

namespace quaywatch::app {
namespace {

constexpr int kMostDays = 3650;

// Day without an answer to "when": the last Monday at least a week before the clock.
Result<Timestamp> first_day(const std::string& text) {
  if (text.empty()) {
    const Timestamp week_ago = io::now() - days(7);
    return sim::local_midnight(week_ago - days(sim::weekday(week_ago)) + hours(12));
  }
  const auto noon = parse_rfc3339(text + "T12:00:00Z");
  if (!noon)
    return fail(ErrorCode::invalid_argument, fmt::format("--from '{}' is no day: write it as 2026-10-05", text));
  return sim::local_midnight(*noon);
}

Result<void> prepare(const SimulateCommandOptions& options) {
  if (options.days < 1 || options.days > kMostDays)
    return fail(ErrorCode::invalid_argument, fmt::format("--days {}: give 1 to {}", options.days, kMostDays));
  if (!options.force && io::exists(options.out)) {
    const auto files = io::list_files(options.out);
    if (!files) return tl::unexpected(files.error());
    if (!files->empty())
      return fail(
          ErrorCode::invalid_argument,
          fmt::format("{} has files already: name another folder, or --force to write among them", options.out));
  }
  return io::create_folders(options.out);
}

// Files of the run below one folder; the first failure is kept and nothing more is written.
class OutFolder {
 public:
  explicit OutFolder(std::string root) : root_(std::move(root)) {}
  void write(const std::string& path, std::string_view bytes) {
    if (!done_) return;
    const std::string full = root_ + "/" + path;
    const std::string folder = full.substr(0, full.rfind('/'));
    if (std::find(made_.begin(), made_.end(), folder) == made_.end()) {
      done_ = io::create_folders(folder);
      made_.push_back(folder);
    }
    if (done_) done_ = io::write_file(full, bytes);
  }
  const Result<void>& done() const { return done_; }

 private:
  std::string root_;
  std::vector<std::string> made_;
  Result<void> done_;
};

}  // namespace

int simulate(const SimulateCommandOptions& options) {
  const auto from = first_day(options.from);
  if (!from) return unusable(from.error());
  auto plants = planted(options.plants);  // before anything is written: a fault in a scenario is mended and tried again
  if (!plants) return unusable(plants.error());
  if (const auto ready = prepare(options); !ready) return unusable(ready.error());
  OutFolder out(options.out);
  Result<sim::Figures> figures = fail(ErrorCode::not_found, "the program carries no calibration");
  for (const ShippedFile& file : simulation_files()) {
    if (file.path == "simulation/calibration.toml") figures = sim::Figures::parse(file.text);
    if (file.path.starts_with("mappings/simulated_port/"))
      out.write("feeds/" + file.path.substr(file.path.rfind('/') + 1), file.text);
  }
  if (!figures) return unusable(figures.error());
  if (const sim::Size* size = figures->size(options.size)) out.write("port.geojson", sim::port_geometry(*size));
  sim::SimulateOptions run;
  run.size = options.size;
  run.seed = options.seed;
  run.from = *from;
  run.days = options.days;
  run.dirt = !options.clean;
  std::string deliveries = "file,arrives\n";
  auto twins = shipped_twins();
  if (!twins) return unusable(twins.error());
  run.plants = std::move(*plants);
  run.twins = std::move(*twins);
  const auto deliver = [&](const std::string& path, std::string_view bytes, Timestamp arrives) {
    deliveries += fmt::format("{},{}\n", path, format_rfc3339(arrives));
    out.write(path, bytes);
  };
  std::map<std::string, std::string> truths;
  const auto truth = [&](const std::string& path, std::string_view bytes) { truths[path] += bytes; };
  const Timestamp start = *from - sim::kWarmUp;
  const auto total = static_cast<std::uint64_t>((days(options.days) + sim::kWarmUp).us / hours(1).us);
  Progress progress(say("simulating"));
  const auto account = sim::simulate(*figures, run, deliver, truth, [&](Timestamp now) {
    progress.step(static_cast<std::uint64_t>((now - start).us / hours(1).us), total, format_rfc3339(now).substr(0, 10));
  });
  out.write("delivery.csv", deliveries);
  for (const auto& [path, bytes] : truths) out.write(path, bytes);
  if (!account) return unusable(account.error());
  if (!out.done()) return unusable(out.done().error());
  print(stderr, "{} happenings, {} files, {} MB in {}: {} days of port size {} from {}, seed {}\n", account->happenings,
        account->files, account->bytes / 1'000'000, options.out, options.days, options.size,
        sim::dashed(sim::local_time(*from)).substr(0, 10), options.seed);
  for (const std::string& shortfall : account->shortfalls) print(stderr, "{}\n", shortfall);
  print(stderr, "Next: quaywatch detect {}/feeds --time-zone Europe/Ljubljana\n", options.out);
  return kDone;
}

}  // namespace quaywatch::app
