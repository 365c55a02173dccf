#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <cstdio>
#include <set>

#include "app/commands.h"
#include "app/print.h"
#include "app/reference_files.h"
#include "app/run_input.h"
#include "app/texts.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "base/text.h"
#include "ingest/reference_list.h"
#include "io/clock.h"
#include "io/files.h"

namespace quaywatch::app {
namespace {

constexpr std::size_t kLostPercentMax = 10;  // of the table in use; more looks like a part that was forgotten
constexpr std::size_t kNamedLostCodes = 5;

Result<ReferenceId> find_table(std::string_view name) {
  std::string known;
  for (std::size_t i = 0; i < kReferenceTables; ++i) {
    const std::string_view table = built_in_references()[i].name;
    if (table == name) return static_cast<ReferenceId>(i);
    known += fmt::format("{}{}", known.empty() ? "" : ", ", table);
  }
  return fail(ErrorCode::not_found, fmt::format("there is no reference table '{}'; there are {}", name, known));
}

// The editions that file names state (2024-2, 2022), each once; else the day.
std::string edition_of(const ReferenceUpdateOptions& options, std::string_view day) {
  if (!options.edition.empty()) return options.edition;
  static const re2::RE2 kEdition("(?:^|[^0-9])((?:19|20)[0-9]{2}(?:-[0-9]{1,2})?)(?:[^0-9]|$)");
  std::set<std::string> editions;
  for (const std::string& path : options.files) {
    const std::string_view name = file_name(path);
    std::string edition;
    if (re2::RE2::PartialMatch(re2::StringPiece(name.data(), name.size()), kEdition, &edition))
      editions.insert(edition);
  }
  return editions.empty() ? fmt::format("as of {}", day) : fmt::format("{}", fmt::join(editions, ", "));
}

// Tells what speaks against the list; empty when nothing does.
std::string objections(const ingest::ReferenceList& list, const ReferenceTable& old) {
  for (const auto& b : list.broken) print(stderr, "{}:{}: {}\n", one_line(b.path), b.line, one_line(retold(b.message)));
  if (list.broken_count > list.broken.size())
    print(stderr, "... and {} more broken lines\n", list.broken_count - list.broken.size());
  std::size_t lost = 0;
  std::string named;
  for (std::size_t row = 0; row < old.rows(); ++row) {
    const std::string code(old.code(row));
    if (list.rows.contains(code)) continue;
    if (++lost <= kNamedLostCodes) named += fmt::format("{}{}", named.empty() ? "" : ", ", code);
  }
  if (lost > 0)
    print(stderr, "{} of the {} codes of edition {} are gone: {}{}\n", lost, old.rows(), one_line(old.edition), named,
          lost > kNamedLostCodes ? ", ..." : "");
  std::string out;
  if (list.broken_count > 0) out = say("; {} lines are broken: repair them", list.broken_count);
  if (lost * 100 > old.rows() * kLostPercentMax)
    out += say("; more than {} % of its codes would go: name all files of the list", kLostPercentMax);
  return out;
}

bool is_built_in(ReferenceId id) {
  return &reference(id) == &built_in_references()[static_cast<std::size_t>(id)];
}

}  // namespace

int reference_list() {
  use_site_references();
  for (std::size_t i = 0; i < kReferenceTables; ++i) {
    const auto id = static_cast<ReferenceId>(i);
    const ReferenceTable& t = reference(id);
    print(stdout, "{:<11} {:<20} {:>7} rows  {}  {}\n", t.name, one_line(t.title), t.rows(), one_line(t.date),
          is_built_in(id) ? say("built in") : one_line(reference_path(id)));
    print(stdout, "  edition  {}\n  origin   {}\n", one_line(t.edition), one_line(t.origin));
    for (const std::string_view source : split(t.sources, '\n')) print(stdout, "  sha256   {}\n", one_line(source));
  }
  return kDone;
}

int reference_update(const ReferenceUpdateOptions& options) {
  const auto id = find_table(options.table);
  if (!id) return unusable(id.error());
  const Result<Timestamp> now = options.now.empty() ? Result<Timestamp>(io::now()) : parse_rfc3339(options.now);
  if (!now) return unusable(now.error());
  use_site_references();
  ingest::ReferenceList list;
  std::string sources;
  for (const std::string& path : options.files) {
    const auto bytes = io::read_file(path, limits::kReferenceFileBytes);
    if (!bytes) return unusable(bytes.error());
    ingest::read_reference_list(*id, path, *bytes, list);
    sources += fmt::format("{}{} {}", sources.empty() ? "" : "\n", to_hex(sha256(*bytes)), one_line(file_name(path)));
  }
  const ReferenceTable& old = reference(*id);
  if (list.rows.empty())
    return unusable({ErrorCode::malformed, fmt::format("no code of the table {} was found", old.name), {}});
  if (const std::string why = objections(list, old); !why.empty() && !options.force)
    return unusable({ErrorCode::malformed,
                     fmt::format("the table {} is left as it was{}. --force takes the list as it is", old.name, why),
                     {}});
  const ReferenceTable& built_in = built_in_references()[static_cast<std::size_t>(*id)];
  const std::string day = format_rfc3339(*now).substr(0, 10), edition = one_line(edition_of(options, day));
  ReferenceTable head = built_in;
  head.edition = edition;
  head.date = day;
  head.sources = sources;
  const std::string path = reference_path(*id);
  if (auto made = io::create_folders(path.substr(0, path.rfind('/')), 0700); !made) return unusable(made.error());
  if (auto written = io::write_file_atomic(path, write_reference(head, list.rows)); !written)
    return unusable(written.error());
  print(stdout, "{}: {} codes, edition {}, in place of {} codes of edition {}: {}\n", head.name, list.rows.size(),
        edition, old.rows(), one_line(old.edition), one_line(path));
  return kDone;
}

}  // namespace quaywatch::app
