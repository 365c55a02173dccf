#include <fmt/format.h>

#include <cstdio>

#include "adapters/canonical/canonical.h"
#include "app/commands.h"
#include "app/print.h"
#include "app/read_input.h"
#include "app/render.h"
#include "app/run_input.h"
#include "app/texts.h"
#include "ingest/feed_health.h"

namespace quaywatch::app {
namespace {

constexpr std::size_t kShownIntervals = 3;  // of what a feed covers, the last ones

using Summary = ingest::FeedHealth::Summary;

std::string contract_text(const adapters::mapped::Mapping& m) {
  std::string out;
  const auto add = [&](std::string_view head, std::string_view value) {
    if (!value.empty()) out += fmt::format("{}{} {}", out.empty() ? "" : "; ", head, value);
  };
  add(say("owner"), m.owner);
  add(say("controller"), m.controller.name);
  add(say("regime"), m.controller.regime);
  add(say("basis"), m.controller.basis);
  add(say("purpose"), m.controller.purpose);
  add(say("retention"), m.controller.retention);
  add(say("clock"), m.time_zone);
  return out.empty() ? say("states no owner") : out;
}

std::string covered_text(const Summary& s) {
  if (s.covered.empty()) return say("no contract says: taken from its first to its last event");
  std::string out;
  const std::size_t first = s.covered.size() > kShownIntervals ? s.covered.size() - kShownIntervals : 0;
  if (first > 0) out = say("{} earlier intervals, ", first);
  for (std::size_t i = first; i < s.covered.size(); ++i)
    out += say("{}{} to {}", i == first ? "" : ", ", format_rfc3339(s.covered[i].first),
               format_rfc3339(s.covered[i].second));
  return out;
}

void print_feed(const std::string& name, const Summary& s, const std::vector<adapters::mapped::Mapping>& contracts) {
  print(stdout, "{}\n", one_line(name.empty() ? say("(no feed)") : name));
  for (const auto& m : contracts)
    if (m.feed == name) print(stdout, "  contract   {}\n", one_line(contract_text(m)));
  print(stdout, "  records    {} events of {}, {} known before, {} rejected, {} with unknown codes\n", s.events,
        files_text(s.files), s.repeated, s.rejected, s.unknown_codes);
  if (s.events > 0)
    print(stdout, "  happened   {} to {}, last received {}\n", format_rfc3339(s.first), format_rfc3339(s.last),
          format_rfc3339(s.last_received));
  print(stdout, "  covers     {}\n", covered_text(s));
}

void print_health(const std::vector<EventPtr>& health) {
  if (health.empty())
    print(stdout, "\nno feed is silent, late, bursting or skewed as far as its contract lets one know.\n");
  if (!health.empty()) print(stdout, "\nhealth\n");
  for (const EventPtr& e : health) {
    std::string more;
    e->fields.each([&](FieldId field, const Value& v) {
      if (field != FieldId::feed_name) more += fmt::format("  {} = {}", info(field).name, to_text(v));
    });
    print(stdout, "  {:<20} {:<17} {}{}\n", format_rfc3339(e->event_time), info(e->type).name,
          one_line(e->text(FieldId::feed_name)), one_line(more));
  }
}

}  // namespace

int feeds(const FeedsOptions& options) {
  const auto now = import_time(options.input);
  if (!now) return unusable(now.error());
  const auto site = open_site("feeds", options.input);
  if (!site) return unusable(site.error());
  // The contracts, whatever the input: those of the site, those named, and those beside named files.
  ingest::Intake contracts(intake_options(options.input, *site, *now), {});
  if (auto loaded = contracts.load_mappings_of(options.input.paths); !loaded) return unusable(loaded.error());
  ingest::FeedHealth health;
  InputVisitor visitor;
  visitor.event = [&](const EventPtr& e) {
    health.see(*e);
    return true;
  };
  visitor.coverage = [&](const CoverageStatement& s) { health.coverage(s); };
  visitor.expectation = [&](const FeedExpectation& e) { health.expectation(e); };
  visitor.file_ends = [&](const ingest::FileAccount& account, std::uint64_t repeated, Timestamp taken_at) {
    health.file(account, repeated, taken_at);
  };
  if (auto read = read_input(options.input, *site, *now, visitor); !read) return unusable(read.error());
  const auto told = health.events(*now);
  if (options.format == "jsonl") {
    std::string out;
    for (const EventPtr& e : told) adapters::canonical::write_canonical(*e, out, {});
    print_raw(out);
    return finish(kDone);
  }
  for (const auto& [name, summary] : health.summaries()) print_feed(name, summary, contracts.mappings());
  print_health(told);
  return finish(kDone);
}

}  // namespace quaywatch::app
