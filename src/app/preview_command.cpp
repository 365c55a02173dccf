#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <map>

#include "adapters/canonical/canonical.h"
#include "adapters/formats.h"
#include "adapters/mapped/mapped.h"
#include "app/commands.h"
#include "app/print.h"
#include "app/read_input.h"
#include "app/render.h"
#include "app/run_input.h"
#include "base/limits.h"
#include "base/text.h"
#include "ingest/feed_name.h"
#include "ingest/guess.h"
#include "io/files.h"

namespace quaywatch::app {
namespace {

constexpr std::size_t kShownEvents = 5;
constexpr std::size_t kShownColumns = 200;

// Files that one mapping would claim.
struct FeedFiles {
  std::vector<std::string> paths;
  std::vector<io::MappedFile> files;
  std::vector<ingest::Sample> samples;
};

Result<std::map<std::string, FeedFiles>> feeds_of(const std::vector<std::string>& paths) {
  std::map<std::string, FeedFiles> feeds;
  for (const std::string& named : paths) {
    if (named == "-")
      return fail(ErrorCode::invalid_argument, "a preview needs the name of a file, not standard input");
    const auto found = io::list_files(named);
    if (!found) return tl::unexpected(found.error());
    for (const std::string& path : *found) {
      const std::string_view name = file_name(path);
      if (path.ends_with(".toml") || name == "README.md") continue;
      auto file = io::map_file(path);
      if (!file) return tl::unexpected(file.error());
      if (file->size() == 0) continue;
      FeedFiles& feed = feeds[ingest::feed_name(name).pattern];
      feed.paths.push_back(path);
      feed.files.push_back(std::move(*file));
    }
  }
  for (auto& [pattern, feed] : feeds)
    for (std::size_t i = 0; i < feed.paths.size(); ++i)
      feed.samples.push_back({file_name(feed.paths[i]), feed.files[i].view()});
  if (feeds.empty()) return fail(ErrorCode::not_found, "none of the named files holds anything to preview");
  return feeds;
}

void show_columns(const ingest::Guess& guess) {
  std::size_t widest = 6;
  for (const auto& c : guess.columns) widest = std::min<std::size_t>(std::max(widest, one_line(c.column).size()), 28);
  const auto rows = [&](bool used) {
    std::size_t shown = 0;
    for (const auto& c : guess.columns)
      if (c.becomes.empty() != used && ++shown <= kShownColumns)
        print(stdout, "  {:<{}}  {}{}\n", one_line(c.column), widest,
              used ? fmt::format("-> {:<24}  ", c.becomes) : std::string{}, one_line(c.why));
  };
  if (guess.columns.empty()) return;
  print(stdout, "\ncolumns\n");
  rows(true);
  if (std::none_of(guess.columns.begin(), guess.columns.end(), [](const auto& c) { return c.becomes.empty(); })) return;
  print(stdout, "left out\n");
  rows(false);
}

void show_readings(const ingest::Guess& guess) {
  if (guess.readings.empty()) return;
  const auto wall_clock = [](Timestamp t) {
    const std::string text = format_rfc3339(t);
    return text.substr(0, text.size() - 1);  // the zone may be open too
  };
  print(stdout, "\ndates in two readings\n  {:<24}  {:<20}  {}\n", "as it stands", "day first", "month first");
  for (const auto& r : guess.readings)
    print(stdout, "  {:<24}  {:<20}  {}\n", one_line(r.text), wall_clock(r.day_first),
          wall_clock(r.month_first));
}

// What the guessed mapping makes of the whole files, and the first events.
Result<void> show_events(const FeedFiles& feed, const ingest::Guess& guess, const PreviewOptions& options,
                         const Site& site, Timestamp now) {
  adapters::canonical::Redactor redactor;
  const Display display(site, options.input.reveal);
  if (!display.reveals()) redactor = [&](PersonalClass c, std::string_view v) { return display.redact(c, v); };
  std::string events;
  std::size_t shown = 0;
  ingest::IntakeListener listener;
  listener.event = [&](const EventPtr& e) {
    if (shown++ < kShownEvents) adapters::canonical::write_canonical(*e, events += "  ", redactor);
  };
  InputOptions input = options.input;
  input.mappings.clear();
  ingest::Intake intake(intake_options(input, site, now), std::move(listener));
  if (!guess.toml.empty()) {
    auto mapping = adapters::mapped::parse_mapping(guess.toml, guess.feed + ".toml", adapters::format_ids());
    if (!mapping) return tl::unexpected(mapping.error());
    intake.use(std::move(*mapping));
  }
  for (std::size_t i = 0; i < feed.samples.size(); ++i)
    intake.read_bytes(std::string(feed.samples[i].name), feed.samples[i].bytes);
  print(stdout, "\nfirst events{}{}\n", guess.is_zone_assumed ? " (UTC is assumed: the zone is open)" : "",
        guess.readings.empty() ? "" : " (day first is assumed: the order is open)");
  print_raw(events);
  print(stdout, "\nthe whole file{}\n{}", feed.samples.size() == 1 ? "" : "s", intake_text(intake.files()));
  return {};
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? std::string{} : path.substr(0, slash + 1);
}

// In single quotes where a shell would read more into it.
std::string shell_word(std::string_view text) {
  const bool is_plain = std::all_of(text.begin(), text.end(), [](char c) {
    return is_ascii_digit(c) || is_ascii_upper(ascii_upper(c)) ||
           std::string_view("_-./:@%+,").find(c) != std::string_view::npos;
  });
  if (is_plain && !text.empty()) return std::string(text);
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

int write_mapping(const FeedFiles& feed, const ingest::Guess& guess, const PreviewOptions& options,
                  std::vector<std::string>& mappings) {
  const std::string path = options.out.empty() ? folder_of(feed.paths.front()) + guess.feed + ".toml" : options.out;
  if (!guess.missing.empty()) {
    print(stdout, "\nnot written: '{}' needs an answer first\n", one_line(path));
    for (const std::string& m : guess.missing) print(stdout, "  - {}\n", one_line(m));
    return kUnusable;
  }
  if (io::exists(path) && !options.force) {
    print(stdout, "\nnot written: '{}' exists; name another with --out, or replace it with --force\n", one_line(path));
    return kUnusable;
  }
  if (auto written = io::write_file_atomic(path, guess.toml); !written) return unusable(written.error());
  print(stdout, "\nwritten: {}\n", one_line(path));
  mappings.push_back(path);
  return kDone;
}

int preview_feed(const FeedFiles& feed, const PreviewOptions& options, const Site& site, Timestamp now,
                 std::vector<std::string>& mappings) {
  ingest::GuessOptions wanted{options.feed, options.owner, options.facility, options.input.time_zone,
                              options.event_type};
  wanted.day_order = options.day_first     ? ingest::DayOrder::day_first
                     : options.month_first ? ingest::DayOrder::month_first
                                           : ingest::DayOrder::unknown;
  const auto guess = ingest::guess_mapping(feed.samples, wanted);
  if (!guess) return unusable(guess.error());
  print(stdout, "{}{}\n  {}\n", one_line(feed.paths.front()),
        feed.paths.size() == 1 ? "" : fmt::format(" and {} more", feed.paths.size() - 1), one_line(guess->layout));
  show_columns(*guess);
  show_readings(*guess);
  if (guess->toml.empty() || guess->toml.find("\n[[event]]") != std::string::npos || guess->columns.empty())
    if (auto shown = show_events(feed, *guess, options, site, now); !shown) return unusable(shown.error());
  if (!guess->questions.empty()) print(stdout, "\nlook at\n");
  for (const std::string& q : guess->questions) print(stdout, "  - {}\n", one_line(q));
  return guess->toml.empty() ? kDone : write_mapping(feed, *guess, options, mappings);
}

void print_next(const PreviewOptions& options, const std::vector<std::string>& mappings) {
  if (mappings.empty()) return;
  std::string command = "quaywatch detect";
  for (const std::string& path : mappings) command += " --mapping " + shell_word(path);
  for (const std::string& path : options.input.paths) command += " " + shell_word(path);
  print(stdout, "next: {}\n", one_line(command));
}

}  // namespace

int preview(const PreviewOptions& options) {
  const auto now = import_time(options.input);
  if (!now) return unusable(now.error());
  const auto site = open_site("import --preview", options.input);
  if (!site) return unusable(site.error());
  const auto feeds = feeds_of(options.input.paths);
  if (!feeds) return unusable(feeds.error());
  if (!options.out.empty() && feeds->size() > 1)
    return unusable(Error{
        ErrorCode::invalid_argument,
        fmt::format("the files are of {} feeds and --out names one mapping; preview one feed at a time", feeds->size()),
        {}});
  std::vector<std::string> mappings;
  int code = kDone;
  for (auto at = feeds->begin(); at != feeds->end(); ++at) {
    if (at != feeds->begin()) print(stdout, "\n");
    code = std::max(code, preview_feed(at->second, options, *site, *now, mappings));
  }
  print_next(options, mappings);
  return finish(code);
}

}  // namespace quaywatch::app
