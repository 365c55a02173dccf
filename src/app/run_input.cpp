#include "app/run_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "app/print.h"
#include "app/progress.h"
#include "app/read_input.h"
#include "app/reference_files.h"
#include "app/shipped_rules.h"
#include "app/texts.h"
#include "base/limits.h"
#include "io/files.h"

namespace quaywatch::app {

int unusable(const Error& error) {
  const std::string place = error.context.empty() ? "" : error.context + ": ";
  print(stderr, "quaywatch: {}{}\n", one_line(place), one_line(retold(error.message)));
  return kUnusable;
}

Result<Site> open_site(std::string_view command, const InputOptions& options) {
  use_site_references();
  auto site = Site::open();
  if (!site || !options.reveal) return site;
  if (auto noted = site->record_reveal(command, options.paths); !noted) return tl::unexpected(noted.error());
  return site;
}

int exit_code(const InputOptions& options, const std::vector<ingest::FileAccount>& files) {
  const bool any = std::any_of(files.begin(), files.end(), [](const auto& f) { return !f.rejected.empty(); });
  return options.strict && any ? kRejected : kDone;
}

Result<std::vector<rules::RuleFile>> read_rule_files(const std::string& folder) {
  std::vector<rules::RuleFile> files;
  const auto paths = io::list_files(folder);
  if (!paths) return tl::unexpected(paths.error());
  for (const std::string& path : *paths) {
    if (!path.ends_with(".yml") && !path.ends_with(".yaml")) continue;
    auto text = io::read_file(path, limits::kRuleFileBytes);
    if (!text) return tl::unexpected(text.error());
    files.push_back({path, std::move(*text)});
  }
  if (files.empty()) return fail(ErrorCode::not_found, fmt::format("no rule file (*.yml) below '{}'", folder));
  return files;
}

Result<std::vector<rules::RuleFile>> read_rules(const std::string& folder) {
  if (folder.empty()) return shipped_rules();
  return read_rule_files(folder);
}

Result<rules::Pack> load_pack(const std::string& folder) {
  auto files = read_rules(folder);
  if (!files) return tl::unexpected(files.error());
  auto loaded = rules::Pack::load(*files);
  for (const auto& r : loaded.refused) print(stderr, "refused {}:{}: {}\n", r.path, r.line, retold(r.reason));
  if (loaded.pack.rules().empty()) return fail(ErrorCode::malformed, "no rule could be compiled");
  return std::move(loaded.pack);
}

Result<RunInput> run_input(const InputOptions& options, const Site& site, std::span<Judge> judges,
                           const std::function<void(const EventPtr&)>& on_event, const ingest::InputLog* log) {
  const auto now = import_time(options);
  if (!now) return tl::unexpected(now.error());
  live::WholeInput input(judges, options.paths.empty() && options.now.empty() ? Timestamp::min() : *now, on_event);
  auto files = read_input(options, site, *now, input.visitor(), log);
  // Why no more was wanted says more than that the reading ended.
  const auto closed = input.close(*now);
  if (!closed) return tl::unexpected(closed.error());
  if (!files) return tl::unexpected(files.error());
  Progress progress(say("judging"));
  const auto judged = input.judge([&](std::uint64_t done, std::uint64_t all) {
    progress.step(done, all, say("events"));
    return true;
  });
  if (!judged) return tl::unexpected(judged.error());
  return RunInput{std::move(*files), input.coverage(), input.duplicates(), options.paths.empty()};
}

Result<RunInput> run_input(const InputOptions& options, const Site& site, pipeline::Detection& detection,
                           const std::function<void(const EventPtr&)>& on_event, const ingest::InputLog* log) {
  Judge judge{&detection, {}};
  return run_input(options, site, std::span(&judge, 1), on_event, log);
}

}  // namespace quaywatch::app
