
#include <cstdio>

#include "app/commands.h"
#include "app/follow_options.h"
#include "app/print.h"
#include "app/progress.h"
#include "app/read_input.h"
#include "app/render.h"
#include "app/run_input.h"
#include "app/texts.h"
#include "ingest/follow.h"
#include "ingest/importer.h"
#include "io/files.h"

namespace quaywatch::app {
namespace {

constexpr std::size_t kShownRejects = 20;  // of one file

std::string file_line(const ingest::TakenFile& f) {
  std::string out = say("{:>9} events  {}", f.events, one_line(f.name));
  if (f.repeated > 0) out += say("  ({} known before)", f.repeated);
  if (f.dropped > 0) out += say("  (new version: {} rows gone, {} events retracted)", f.dropped, f.retracted);
  if (!f.rejected.empty()) out += say("  rejected: {}", ingest::counts_text(f.rejected));
  return out;
}

void tell(const ingest::ImportReport& report, const ingest::InputLog& log) {
  std::uint64_t events = 0, repeated = 0, retracted = 0;
  bool any_rejects = false;
  for (const auto& f : report.taken) {
    print(stdout, "{}\n", file_line(f));
    events += f.events, repeated += f.repeated, retracted += f.retracted;
    any_rejects |= !f.rejected.empty();
  }
  const int written = finish(kDone);
  if (written != kDone) return;
  print(stderr, "took {} ({} unchanged since they were taken): {} events, {} of them new, {} retracted\n",
        files_text(report.taken.size()), report.known.size(), events, events - repeated, retracted);
  for (const auto& name : report.not_kept)
    print(stderr, "'{}' has rejects and is too large to be kept; keep it yourself until they are mended\n", name);
  print(stderr, "the journal holds {} standing events of {} files\n", log.standing(), log.files().size());
  if (any_rejects) print(stderr, "next: 'quaywatch rejects' says what was rejected and why\n");
}

struct Opened {
  ingest::InputLog log;
  journal::RawStore raw;
};

Result<Opened> open_log(const Site& site) {
  auto log = ingest::InputLog::open(site.folder(), site.keys());
  if (!log) return tl::unexpected(log.error());
  if (const auto& r = log->recovery(); r.cut_bytes > 0)
    print(stderr, "the journal ended in a torn entry, as after a power cut: {} bytes were cut off and kept in '{}'\n",
          r.cut_bytes, r.kept_in);
  return Opened{std::move(*log), journal::RawStore(site.folder(), site.keys())};
}

int code_of(const InputOptions& options, const ingest::ImportReport& report) {
  bool any = false;
  for (const auto& f : report.taken) any |= !f.rejected.empty();
  return options.strict && any ? kRejected : kDone;
}

int follow_input(const ImportCommandOptions& options, const Site& site, Opened& opened,
                 ingest::ImportOptions importing) {
  auto made = follow_options(options, std::move(importing));
  if (!made) return unusable(made.error());
  made->data_dir = site.folder();
  const ingest::FollowOptions& following = *made;
  const auto stop = io::StopSignals::install();
  if (!stop) return unusable(stop.error());
  ingest::FollowObserver observer;
  observer.ready = [&](const std::vector<io::ListenAddress>& bound) {
    for (std::size_t i = 0; i < bound.size(); ++i)
      print(stderr, "listening for {} on {}\n", following.streams[i].name, io::format_listen_address(bound[i]));
    for (const std::string& folder : following.folders) print(stderr, "watching {}\n", one_line(folder));
    print(stderr, "stop with Ctrl-C; everything that arrived until then is taken\n");
  };
  observer.imported = [&](const ingest::ImportReport& report) {
    for (const auto& f : report.taken) print(stdout, "{}\n", file_line(f));
    std::fflush(stdout);
  };
  observer.told = [](const std::string& sentence) { print(stderr, "{}\n", one_line(retold(sentence))); };
  if (auto done = ingest::follow(opened.log, opened.raw, following, *stop, observer); !done)
    return unusable(done.error());
  print(stderr, "stopped; the journal holds {} standing events of {} files\n", opened.log.standing(),
        opened.log.files().size());
  return kDone;
}

// What a mapping of today still rejects of a kept file; nothing is taken in.
int list_rejects(const RejectsOptions& options, const Site& site, Timestamp now) {
  const auto log = ingest::InputLog::open_reading(site.folder(), site.keys());
  if (!log && log.error().code != ErrorCode::not_found) return unusable(log.error());
  const journal::RawStore raw(site.folder(), site.keys());
  const auto files = log ? ingest::chosen_rejects(*log, raw, options.input.paths) : std::vector<ingest::TakenFile>{};
  if (files.empty()) {
    print(stdout, "no rejects are kept.\n");
    return kDone;
  }
  std::size_t shown = 0;
  ingest::IntakeListener listener;
  listener.span = [&](const ingest::FileAccount&, const adapter::SpanReport& s, std::string_view) {
    if (s.kind != adapter::SpanKind::rejected || ++shown > kShownRejects) return;
    print(stdout, "  @{}+{} {}: {}\n", s.offset, s.size, s.reason, one_line(retold(s.message)));
  };
  ingest::Intake intake(intake_options(options.input, site, now), std::move(listener));
  if (auto loaded = intake.read({}); !loaded) return unusable(loaded.error());
  for (const ingest::TakenFile& f : files) {
    const auto bytes = raw.get(f.content);
    if (!bytes) return unusable(bytes.error());
    print(stdout, "{}  taken {}  {}\n", one_line(f.name), format_rfc3339(f.at), ingest::counts_text(f.rejected));
    shown = 0;
    intake.read_bytes(f.name, *bytes);
    if (shown > kShownRejects) print(stdout, "  ... and {} more\n", shown - kShownRejects);
    if (shown == 0) print(stdout, "  the mappings of today reject nothing of it\n");
  }
  print(stderr, "mend the mapping (site folder '{}/feeds', or --mapping), then: quaywatch rejects --retry\n",
        site.folder());
  return finish(kDone);
}

}  // namespace

int import(const ImportCommandOptions& options) {
  if (options.input.paths.empty() && options.listen.empty())
    return unusable(Error{ErrorCode::invalid_argument, "name the files or folders to take in", "import"});
  const auto now = import_time(options.input);
  if (!now) return unusable(now.error());
  const auto site = open_site("import", options.input);
  if (!site) return unusable(site.error());
  auto opened = open_log(*site);
  if (!opened) return unusable(opened.error());
  ingest::ImportOptions importing{intake_options(options.input, *site, *now), options.again, {}};
  importing.intake.is_live = !options.history;
  if (options.follow) return follow_input(options, *site, *opened, std::move(importing));
  Progress progress(say("importing"));
  const auto report =
      ingest::import_files(opened->log, opened->raw, options.input.paths, importing,
                           [&](const std::string& path, std::size_t i, std::size_t n) { progress.step(i, n, path); });
  if (!report) return unusable(report.error());
  tell(*report, opened->log);
  return code_of(options.input, *report);
}

int rejects(const RejectsOptions& options) {
  const auto now = import_time(options.input);
  if (!now) return unusable(now.error());
  const auto site = open_site("rejects", options.input);
  if (!site) return unusable(site.error());
  if (!options.retry) return list_rejects(options, *site, *now);
  auto opened = open_log(*site);
  if (!opened) return unusable(opened.error());
  const auto report = ingest::retry_rejects(opened->log, opened->raw, options.input.paths,
                                            {intake_options(options.input, *site, *now), true, {}});
  if (!report) return unusable(report.error());
  tell(*report, opened->log);
  return code_of(options.input, *report);
}

}  // namespace quaywatch::app
