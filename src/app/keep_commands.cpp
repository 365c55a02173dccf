#include "app/keep_commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "app/attachments.h"
#include "app/envelope_keys.h"
#include "app/print.h"
#include "app/progress.h"
#include "app/rules_in_force.h"
#include "app/run_input.h"
#include "app/shipped_rules.h"
#include "app/site.h"
#include "app/site_people.h"
#include "app/texts.h"
#include "io/append_file.h"
#include "io/clock.h"
#include "io/files.h"
#include "journal/log.h"
#include "keeping/backup.h"
#include "keeping/restore.h"
#include "rulebook/deployed_rules.h"

namespace quaywatch::app {
namespace {

std::string absolute(const std::string& path) {
  std::error_code ec;
  const auto real = std::filesystem::weakly_canonical(path, ec);
  return ec ? path : real.string();
}

std::string folder_of(const KeepOptions& options) {
  return absolute(options.site.empty() ? site_folder() : options.site);
}

// Where it may be written: not over another file unasked, and not into what it copies.
Result<void> check_target(const KeepOptions& options, const std::string& site) {
  const std::string target = absolute(options.file);
  if (target.starts_with(site + "/"))
    return fail(ErrorCode::invalid_argument,
                fmt::format("'{}' lies in the folder that is backed up; name a place on another disk", options.file));
  if (io::exists(target) && !options.force)
    return fail(ErrorCode::invalid_argument,
                fmt::format("'{}' is there already; name another file, or give --force to replace it", options.file));
  return {};
}

// Which rules the journal puts in force, and which attachments stand. Read entry by entry: a backup beside a server
// must not need its memory again.
Result<void> note_journal(const Site& site, keeping::Manifest& manifest, cases::StandingAttachments& attachments) {
  rulebook::Deployments deployments;
  const auto log = journal::Log::open_reading(site.folder(), "input", site.keys());
  if (!log && log.error().code != ErrorCode::not_found) return tl::unexpected(log.error());
  if (log) {
    const auto read = log->replay(log->first(), [&](std::uint64_t, const journal::Entry& entry) -> Result<void> {
      const auto* text = std::get_if<journal::TextEntry>(&entry);
      if (text == nullptr) return {};
      note_attachment(attachments, *text);
      return deployments.apply(*text, {});
    });
    if (!read) return read;
  }
  manifest.rules_version = deployments.current();
  manifest.rules_digest =
      rulebook::pack_digest(rulebook::files_of(deployments, shipped_rules(), deployments.current()));
  return {};
}

Result<keeping::Protection> protection_of(const KeepOptions& options) {
  keeping::Protection out;
  auto recipients = read_recipients(options.recipients);
  if (!recipients) return tl::unexpected(recipients.error());
  out.recipients = std::move(*recipients);
  if (options.signing_key.empty()) return out;
  auto key = read_signing_key(options.signing_key);
  if (!key) return tl::unexpected(key.error());
  out.signing_key = std::move(*key);
  return out;
}

keeping::Progress show(Progress& progress) {
  return [&progress](std::uint64_t done, std::uint64_t total, const std::string& part) {
    progress.step(done, total, say("bytes: {}", part));
  };
}

void tell(const keeping::Manifest& manifest) {
  std::uint64_t bytes = 0;
  for (const keeping::Part& part : manifest.parts) bytes += part.bytes;
  print(stderr, "{} parts, {} bytes, made {} by quaywatch {}\n", manifest.parts.size(), bytes,
        format_rfc3339(manifest.made_at), manifest.program);
  for (const auto& [name, position] : manifest.logs)
    print(stderr, "log {}: {} entries, root {}\n", name, position.size, to_hex(position.root));
  print(stderr, "rules in force: {}, digest {}\n",
        manifest.rules_version == 0 ? say("those of the program")
                                    : version_text(static_cast<rulebook::Version>(manifest.rules_version)),
        to_hex(manifest.rules_digest).substr(0, 12));
}

// In a backup they are not: who is given one is not to read what is sealed to others.
void tell_left_out(const keeping::Manifest& manifest, const std::string& folder) {
  for (const std::string& name : manifest.organisation_keys)
    print(stderr, "not in it is the key {}/{}/{}: the organisation keeps a copy of its own\n", one_line(folder),
          journal::kOrganisationKeys, one_line(name));
}

void tell_missing(const keeping::Restored& restored, const std::string& folder) {
  for (const std::string& name : restored.manifest.organisation_keys) {
    const std::string path = fmt::format("{}/{}", journal::kOrganisationKeys, name);
    const std::string before = fmt::format("{}/{}", restored.moved_to, path);
    if (!restored.moved_to.empty() && io::exists(before))
      print(stderr, "the key '{}/{}' is in no backup: put it back from '{}'\n", one_line(folder), one_line(path),
            one_line(before));
    else
      print(stderr,
            "the key '{}/{}' is in no backup: put back the organisation's own copy, or the look-ups sealed with it "
            "count as unknown\n",
            one_line(folder), one_line(path));
  }
}

// Shipped rules go with the program, so that another program judges with others.
void warn_of_other_rules(const keeping::Manifest& manifest) {
  if (manifest.rules_version == 0 && manifest.rules_digest != rulebook::pack_digest(shipped_rules()))
    print(stderr,
          "the rules that ship with this program are not those that were in force: use quaywatch {} to judge as then\n",
          manifest.program);
}

Result<void> rebuild_people(const Site& site) {
  // Held to the end: a server would write what is made again.
  const auto lock = io::FileLock::acquire(site.folder() + "/input/.lock");
  if (!lock) return tl::unexpected(lock.error());
  const auto log = ingest::InputLog::open_reading(site.folder(), site.keys());
  if (!log) return tl::unexpected(log.error());
  auto directory = open_directory(site);
  if (!directory && directory.error().code == ErrorCode::corrupt) {
    const std::string path = fmt::format("{}/{}", site.folder(), identity::kDatabaseName);
    const std::string aside = fmt::format("{}.damaged-{}", path, format_rfc3339(io::now()));
    if (auto moved = io::rename(path, aside); !moved) return moved;
    for (const char* more : {"-wal", "-shm"})
      if (auto removed = io::remove_file(path + more); !removed) return removed;
    print(stderr, "{}: now '{}'\n", retold(directory.error().message), aside);
    directory = open_directory(site);
  }
  if (!directory) return tl::unexpected(directory.error());
  const auto people = stated_people(*directory, log->texts());
  if (!people) return tl::unexpected(people.error());
  const auto changed = directory->keep(*people);
  if (!changed) return tl::unexpected(changed.error());
  print(stderr, "the journal states {} organisations and {} users; {} of them were not so in {}\n",
        people->organisations.size(), people->users.size(), *changed, identity::kDatabaseName);
  for (const identity::User& user : directory->locked_out()) {
    const auto reset = directory->reset(user.id, io::now());
    if (!reset) return tl::unexpected(reset.error());
    print(stdout, "sign in as '{}' with the one-time password {}\n", user.login, reset->one_time_password);
  }
  return {};
}

}  // namespace

int backup(const KeepOptions& options) {
  const std::string folder = folder_of(options);
  const auto protection = protection_of(options);
  if (!protection) return unusable(protection.error());
  if (auto good = check_target(options, folder); !good) return unusable(good.error());
  const auto site = Site::open_existing(folder);
  if (!site) return unusable(site.error());
  keeping::Manifest manifest;
  manifest.program = QUAYWATCH_VERSION;
  manifest.made_at = io::now();
  cases::StandingAttachments attachments;
  if (auto noted = note_journal(*site, manifest, attachments); !noted) return unusable(noted.error());
  // Said, and no reason to be without a backup of the rest.
  for (const std::string& sentence : damaged_attachments({folder, site->keys()}, attachments))
    print(stderr, "{}; keep an older backup that has it\n", one_line(sentence));
  Progress progress(say("copying"));
  const auto made =
      keeping::back_up(folder, absolute(options.file), *protection, site->keys(), std::move(manifest), show(progress));
  if (!made) return unusable(made.error());
  tell(*made);
  tell_left_out(*made, folder);
  print(stdout, "{}\n", one_line(options.file));
  if (protection->recipients.empty())
    print(stderr, "it holds the keys of the site: whoever has the file can read everything in it\n");
  else
    print(stderr, "it is encrypted: without the identity of one of its {} recipients nobody can open it, nor you\n",
          protection->recipients.size());
  return kDone;
}

int restore(const KeepOptions& options) {
  if (!options.verifying_key.empty()) {
    const auto comment = check_signature(options.file, options.verifying_key);
    if (!comment) return unusable(comment.error());
    print(stderr, "signed: {}\n", one_line(*comment));
  }
  const auto identities = read_identities(options.identities);
  if (!identities) return unusable(identities.error());
  const keeping::Backup file{options.file, *identities};
  Progress progress(say("restoring"));
  if (options.check) {
    const auto manifest = keeping::check(file, show(progress));
    if (!manifest) return unusable(manifest.error());
    tell(*manifest);
    print(stdout, "{} is whole\n", one_line(options.file));
    return kDone;
  }
  const std::string folder = folder_of(options);
  const auto done = keeping::restore(file, folder, options.force, io::now(), show(progress));
  if (!done) return unusable(done.error());
  tell(done->manifest);
  warn_of_other_rules(done->manifest);
  if (!done->moved_to.empty()) print(stderr, "what was there before lies in '{}'\n", done->moved_to);
  tell_missing(*done, folder);
  print(stdout, "restored into {}\n", one_line(folder));
  return kDone;
}

int rebuild(const KeepOptions& options) {
  const auto site = Site::open_existing(folder_of(options));
  if (!site) return unusable(site.error());
  if (auto done = rebuild_people(*site); !done) return unusable(done.error());
  print(stderr, "triage, cases, holds, audit and alerts are made from the journal at every start\n");
  return kDone;
}

}  // namespace quaywatch::app
