// Importer: files into the site's input log (DESIGN section 9, `quaywatch import`). What was taken before is left
// alone, a later version of a file corrects it, and a file with rejects is kept until a mended mapping reads it. Not
// thread-safe; works on one InputLog.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ingest/input_log.h"
#include "ingest/intake.h"
#include "journal/raw_store.h"

namespace quaywatch::ingest {

inline constexpr std::uint64_t kEntriesAtOnce = 256;  // some two milliseconds of writing

struct ImportOptions {
  IntakeOptions intake;
  bool again = false;  // read also what was taken before: after a mapping was mended
  // Between entries of a file, every kEntriesAtOnce of them: then the thread that takes it refers to none that it
  // wrote, and others may write into the log what belongs to no file. Empty: nobody waits.
  std::function<Result<void>()> between;
};

struct ImportReport {
  std::vector<TakenFile> taken;   // in their order
  std::vector<std::string> known;  // names whose content was taken before
  std::vector<std::string> not_kept;  // files with rejects above limits::kRawFileBytes
};

using ImportProgress = std::function<void(const std::string& name, std::size_t index, std::size_t count)>;

// Files and folders as Intake::read takes them. An Error of the log or an unreadable path ends the import; what was
// taken until then is durable.
Result<ImportReport> import_files(InputLog& log, journal::RawStore& raw, const std::vector<std::string>& paths,
                                  const ImportOptions& options, const ImportProgress& progress = {});

// What arrived on a connection, as if it were a file of that name; its rejects are kept likewise. In two steps, of
// which the first needs no log: several threads may read while one writes.
struct Arrival {
  struct File {
    std::string name;
    Digest content{};
    std::uint64_t size = 0;
    std::vector<journal::Entry> entries;  // events without the index of their file
    FileAccount account;
    std::string rejected_in;  // its bytes, where something of them was rejected
    Replaces replaces{};
  };
  std::vector<File> files;  // one, or those of an archive
};
Result<Arrival> read_arrival(const std::string& name, std::string_view bytes, const ImportOptions& options);
Result<ImportReport> take_arrival(InputLog& log, journal::RawStore& raw, Arrival arrival, const ImportOptions& options);

// Reads the kept files again, those of `names` or all: their rejects may pass a mended mapping.
Result<ImportReport> retry_rejects(InputLog& log, journal::RawStore& raw, const std::vector<std::string>& names,
                                   const ImportOptions& options);

// Current files of the log that have rejects and are kept: those of `names` (absolute, relative, or without folders),
// or all of them.
std::vector<TakenFile> chosen_rejects(const InputLog& log, const journal::RawStore& raw,
                                      const std::vector<std::string>& names);

}  // namespace quaywatch::ingest
