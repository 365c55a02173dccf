
#include <fmt/format.h>

#include <limits>

#include "app/commands.h"
#include "app/print.h"
#include "app/run_input.h"
#include "app/score_report.h"
#include "base/limits.h"
#include "io/files.h"

namespace quaywatch::app {
namespace {

constexpr std::size_t kReachCharacters = 6;  // 99999d: no sum with an instant of a feed overflows

struct Truth {
  score::Port port;
  std::vector<score::Plant> plants;
};

Result<Truth> read_truth(const std::string& folder) {
  const std::string port_path = folder + "/port.json", plants_path = folder + "/plants.jsonl";
  const auto port_text = io::read_file(port_path, limits::kCsvRowBytes);
  if (!port_text) return tl::unexpected(port_text.error());
  auto port = score::read_port(*port_text, port_path);
  if (!port) return tl::unexpected(std::move(port.error()));
  const auto plants_file = io::map_file(plants_path);
  if (!plants_file) return tl::unexpected(plants_file.error());
  auto plants = score::read_plants(plants_file->view(), plants_path);
  if (!plants) return tl::unexpected(std::move(plants.error()));
  return Truth{std::move(*port), std::move(*plants)};
}

Result<void> read_alerts(const std::string& path, score::Detected& detected) {
  if (path == "-") {
    const auto text = io::read_stdin(std::numeric_limits<std::uint32_t>::max());
    if (!text) return tl::unexpected(text.error());
    return detected.read(*text, "standard input");
  }
  const auto file = io::map_file(path);
  if (!file) return tl::unexpected(file.error());
  return detected.read(file->view(), path);
}

Result<std::vector<score::RuleAccount>> read_account(const std::string& path) {
  if (path.empty()) return {};
  const auto text = io::read_file(path, limits::kCsvRowBytes);
  if (!text) return tl::unexpected(text.error());
  return score::read_account(*text, path);
}

Result<Duration> parse_reach(const std::string& text) {
  if (text.size() > kReachCharacters)
    return fail(ErrorCode::limit_exceeded, fmt::format("--reach '{}' is longer than 99999d", text));
  return parse_timespan(text);
}

Result<void> print_score(const ScoreOptions& options, const ScoreReport& report) {
  if (options.format == "json")
    print_raw(score_json(report) + "\n");
  else
    print(stdout, "{}", score_text(report));
  return options.page.empty() ? Result<void>{} : io::write_file_atomic(options.page, score_page(report));
}

}  // namespace

int score(const ScoreOptions& options) {
  const auto reach = parse_reach(options.reach);
  if (!reach) return unusable(reach.error());
  const auto site = open_site("score", options.input);
  if (!site) return unusable(site.error());
  const auto truth = read_truth(options.truth);
  if (!truth) return unusable(truth.error());
  score::Detected detected;
  for (const std::string& path : options.input.paths)
    if (auto read = read_alerts(path, detected); !read) return unusable(read.error());
  const auto accounts = read_account(options.account);
  if (!accounts) return unusable(accounts.error());
  const auto matches =
      score::match(truth->plants, detected.alerts(), *reach,
                   [&](PersonalClass personal, std::string_view value) { return site->pseudonym(personal, value); });
  const auto tally = score::tally(truth->plants, detected, matches, *accounts);
  const Display display(*site, options.input.reveal);
  const ScoreReport report{truth->port, truth->plants, detected, tally, *accounts, *reach, display};
  if (auto printed = print_score(options, report); !printed) return unusable(printed.error());
  return finish(kDone);
}

}  // namespace quaywatch::app
