#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <deque>
#include <map>

#include "adapters/canonical/canonical.h"
#include "adapters/formats.h"
#include "adapters/mapped/mapped.h"
#include "app/commands.h"
#include "app/print.h"
#include "app/read_input.h"
#include "app/render.h"
#include "app/run_input.h"
#include "app/texts.h"
#include "base/limits.h"
#include "base/text.h"
#include "codec/archive.h"
#include "ingest/feed_name.h"
#include "ingest/guess.h"
#include "ingest/unpacked.h"
#include "io/files.h"

namespace quaywatch::app {
namespace {

constexpr std::size_t kShownEvents = 5;
constexpr std::size_t kShownColumns = 200;

// Files that one mapping would claim, under the names that import gives them: of an archive its members.
struct FeedFiles {
  std::string folder;  // of the first
  std::deque<std::string> names, texts;
  std::deque<io::MappedFile> files;
  std::vector<ingest::Sample> samples;

  void add(std::string name, std::string_view bytes, const std::string& in_folder) {
    if (names.empty()) folder = in_folder;
    names.push_back(std::move(name));
    samples.push_back({file_name(names.back()), bytes});
  }
};
using Feeds = std::map<std::string, FeedFiles>;

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? std::string{} : path.substr(0, slash + 1);
}

FeedFiles& feed_of(Feeds& feeds, std::string_view name) {
  return feeds[ingest::feed_name(file_name(name)).pattern];
}

// What an archive, a workbook or a compressed file holds. `unpacked` counts over all of them.
Result<void> add_unpacked(const std::string& path, std::string_view bytes, std::size_t& unpacked, Feeds& feeds) {
  Result<void> out;
  const auto no_mapping = [](std::string_view) -> const adapters::mapped::Mapping* { return nullptr; };
  const auto take = [&](const ingest::Unpacked& u) {
    if (!out || u.bytes.empty()) return;
    if (u.refusal) {
      out = fail(ErrorCode::malformed, fmt::format("{} ({})", u.refusal->message, u.refusal->reason), u.name);
    } else if ((unpacked += u.bytes.size()) > limits::kUnpackedBytes) {
      out = fail(ErrorCode::limit_exceeded,
                 fmt::format("the archives hold more than {} MiB; name fewer of them: one day of a feed is enough",
                             limits::kUnpackedBytes / (1024 * 1024)),
                 path);
    } else {
      FeedFiles& feed = feed_of(feeds, u.name);
      feed.add(u.name, feed.texts.emplace_back(u.bytes), folder_of(path));
    }
  };
  ingest::each_unpacked(path, bytes, no_mapping, take);
  return out;
}

Result<Feeds> feeds_of(const std::vector<std::string>& paths) {
  Feeds feeds;
  std::size_t unpacked = 0;
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
      if (codec::packing_of(file->view()) != codec::Packing::none) {
        const auto added = add_unpacked(path, file->view(), unpacked, feeds);
        if (!added) return tl::unexpected(added.error());
        continue;
      }
      FeedFiles& feed = feed_of(feeds, name);
      feed.files.push_back(std::move(*file));
      feed.add(path, feed.files.back().view(), folder_of(path));
    }
  }
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
              used ? fmt::format("-> {:<24}  ", retold(c.becomes)) : std::string{}, one_line(retold(c.why)));
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
  print(stdout, "\ndates in two readings\n  {:<24}  {:<20}  {}\n", say("as it stands"), say("day first"),
        say("month first"));
  for (const auto& r : guess.readings)
    print(stdout, "  {:<24}  {:<20}  {}\n", one_line(r.text), wall_clock(r.day_first), wall_clock(r.month_first));
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
  print(stdout, "\nfirst events{}{}\n", guess.is_zone_assumed ? say(" (UTC is assumed: the zone is open)") : "",
        guess.readings.empty() ? "" : say(" (day first is assumed: the order is open)"));
  print_raw(events);
  print(stdout, "\n{}\n{}", feed.samples.size() == 1 ? say("the whole file") : say("the whole files"),
        intake_text(intake.files()));
  return {};
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
  const std::string path = options.out.empty() ? feed.folder + guess.feed + ".toml" : options.out;
  if (!guess.missing.empty()) {
    print(stdout, "\nnot written: '{}' needs an answer first\n", one_line(path));
    for (const std::string& m : guess.missing) print(stdout, "  - {}\n", one_line(retold(m)));
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
  print(stdout, "{}{}\n  {}\n", one_line(feed.names.front()),
        feed.names.size() == 1 ? "" : say(" and {} more", feed.names.size() - 1), one_line(retold(guess->layout)));
  show_columns(*guess);
  show_readings(*guess);
  if (guess->toml.empty() || guess->toml.find("\n[[event]]") != std::string::npos || guess->columns.empty())
    if (auto shown = show_events(feed, *guess, options, site, now); !shown) return unusable(shown.error());
  if (!guess->questions.empty()) print(stdout, "\nlook at\n");
  for (const std::string& q : guess->questions) print(stdout, "  - {}\n", one_line(retold(q)));
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
