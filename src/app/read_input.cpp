#include "app/read_input.h"

#include <algorithm>

#include "app/print.h"
#include "app/progress.h"
#include "app/texts.h"
#include "ingest/input_log.h"
#include "io/clock.h"
#include "io/files.h"

namespace quaywatch::app {
namespace {

using Files = std::vector<ingest::FileAccount>;

Result<Files> read_files(const InputOptions& options, const Site& site, Timestamp now, const InputVisitor& visitor) {
  Progress progress(say("reading"));
  ingest::IntakeListener listener;
  listener.event = [&](const EventPtr& e) { visitor.event(e); };
  listener.coverage = visitor.coverage;
  listener.expectation = visitor.expectation;
  listener.tick = visitor.tick;
  listener.file_begins = [&](const std::string& path, std::size_t i, std::size_t n) { progress.step(i, n, path); };
  listener.file_ends = [&](const ingest::FileAccount& account) {
    if (visitor.file_ends) visitor.file_ends(account, 0, now);
  };
  ingest::Intake intake(intake_options(options, site, now), std::move(listener));
  if (auto read = intake.read(options.paths); !read) return tl::unexpected(read.error());
  return intake.files();
}

Result<Files> replay(const ingest::InputLog& log, const InputVisitor& visitor) {
  Progress progress(say("replaying"));
  return live::read_log(log, visitor, [&](std::uint64_t done, std::uint64_t all) {
    progress.step(done, all, say("entries"));
    return true;
  });
}

Result<Files> read_log(const Site& site, const InputVisitor& visitor) {
  const auto log = ingest::InputLog::open_reading(site.folder(), site.keys());
  if (!log && log.error().code == ErrorCode::not_found)
    return fail(ErrorCode::not_found,
                "no file was named and nothing was imported yet; name files, or take them in with 'quaywatch import'",
                site.folder());
  if (!log) return tl::unexpected(log.error());
  return replay(*log, visitor);
}

}  // namespace

Result<Timestamp> import_time(const InputOptions& options) {
  if (options.now.empty()) return io::now();
  return parse_rfc3339(options.now);
}

ingest::IntakeOptions intake_options(const InputOptions& options, const Site& site, Timestamp now) {
  ingest::IntakeOptions out;
  out.received_at = now;
  out.time_zone = options.time_zone;
  out.mapping_paths = options.mappings;
  if (const std::string contracts = site.folder() + "/feeds"; io::exists(contracts))
    out.mapping_paths.push_back(contracts);
  const Digest key = site.keys().derive("event id");
  out.id_key.assign(key.begin(), key.end());
  return out;
}

void warn_of_missing_keys(const Site& site) {
  for (const auto& missing : site.keys().missing_organisation_keys())
    print(stderr,
          "the key '{}' of the organisation {} is not there, or is damaged: look-ups sealed with it count as unknown. "
          "Put the file back, and start again\n",
          missing.path, missing.organisation);
}

Result<Files> read_input(const InputOptions& options, const Site& site, Timestamp now, const InputVisitor& visitor,
                         const ingest::InputLog* log) {
  if (!options.paths.empty()) return read_files(options, site, now, visitor);
  auto files = log != nullptr ? replay(*log, visitor) : read_log(site, visitor);
  warn_of_missing_keys(site);
  return files;
}

}  // namespace quaywatch::app
