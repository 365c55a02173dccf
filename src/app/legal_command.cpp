#include <map>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/print.h"
#include "app/read_input.h"
#include "app/rules_in_force.h"
#include "app/run_input.h"
#include "app/site_configuration.h"
#include "app/site_people.h"
#include "base/language.h"
#include "base/named.h"
#include "ingest/feed_health.h"
#include "io/files.h"
#include "legal/feeds.h"

namespace quaywatch::app {
namespace {

// Organisations that were made through `serve`.
Result<std::vector<legal::Recipient>> recipients_of(const Site& site) {
  std::vector<legal::Recipient> out;
  if (!io::exists(site.folder() + "/" + std::string(identity::kDatabaseName))) return out;
  const auto directory = open_directory(site);
  if (!directory) return tl::unexpected(directory.error());
  for (const identity::Organisation& o : directory->organisations())
    out.push_back({o.name, std::string(identity::name(o.kind)), o.owners});
  return out;
}

Result<std::vector<legal::Feed>> feeds_of(const InputOptions& options, const Site& site, Timestamp now,
                                          const SiteJournal& journal) {
  ingest::Intake contracts(intake_options(options, site, now), {});
  if (auto loaded = contracts.load_mappings_of(options.paths); !loaded) return tl::unexpected(loaded.error());
  std::map<std::string, legal::Seen> seen;
  InputVisitor visitor;
  visitor.event = [&](const EventPtr& e) {
    if (e->feed != ingest::kLookupFeed) legal::note(*e, seen[e->feed]);
    return true;
  };
  if (!options.paths.empty() || journal.log)
    if (auto read = read_input(options, site, now, visitor, journal.open_log()); !read)
      return tl::unexpected(read.error());
  return legal::feeds_of(contracts.mappings(), seen);
}

// What programs read does not follow the language of the system.
Language language_of(const LegalOptions& options) {
  return find_named<Language>(kLanguages, options.language)
      .value_or(options.format == "json" ? Language::en : spoken());
}

}  // namespace

int legal_document(const LegalOptions& options) {
  const auto now = import_time(options.input);
  if (!now) return unusable(now.error());
  const auto site = open_site("legal", options.input);
  if (!site) return unusable(site.error());
  auto configuration = read_site_configuration(*site);
  if (!configuration) return unusable(configuration.error());
  const auto journal = journal_of_run(*site, options.rules, options.input);
  if (!journal) return unusable(journal.error());
  const auto in_force = rules_of_run(options.rules, *journal, rulebook::Over::files);
  if (!in_force) return unusable(in_force.error());
  auto feeds = feeds_of(options.input, *site, *now, *journal);
  if (!feeds) return unusable(feeds.error());
  auto recipients = recipients_of(*site);
  if (!recipients) return unusable(recipients.error());
  legal::Basis basis{std::move(configuration->legal), std::move(*feeds), std::move(*recipients), {}, {}};
  for (const rulebook::Agreement& a : journal->deployments.agreements())
    if (a.is_confirmed)
      basis.agreements.push_back({a.reference, a.parties, format_rfc3339(a.from), format_rfc3339(a.until), a.rules});
  for (const rules::Rule& rule : in_force->current().pack().rules())
    if (!rule.is_part) basis.rules.push_back(&rule);
  const legal::Document document = legal::find_document(options.document)->make(basis, language_of(options));
  print_raw(options.format == "json" ? legal::to_json(document).dump(2) + "\n" : legal::to_markdown(document));
  return finish(kDone);
}

}  // namespace quaywatch::app
