#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "app/commands.h"
#include "app/print.h"
#include "app/render.h"
#include "app/rules_in_force.h"
#include "app/run_input.h"
#include "app/texts.h"
#include "base/text.h"
#include "model/identifiers.h"

namespace quaywatch::app {
namespace {

// "release:KTV26104222" names the kind; a bare word is a container if it looks like one, else any subject of that key.
Subject parse_subject(const std::string& word) {
  if (const auto colon = word.find(':'); colon != std::string::npos)
    if (const auto kind = find_subject_kind(std::string_view(word).substr(0, colon)))
      return {*kind, *kind == SubjectKind::vin ? canonical_vin(word.substr(colon + 1)) : word.substr(colon + 1)};
  const std::string number = squeeze(word);
  if (check_container_number(number) != IdentifierCheck::malformed) return {SubjectKind::container, number};
  return {SubjectKind::none, word};
}

bool names(const Event& event, const Subject& subject) {
  bool found = false;
  each_subject(event, [&](SubjectKind kind, std::string_view key) {
    found |= (subject.kind == SubjectKind::none || kind == subject.kind) && key == subject.key;
  });
  return found;
}

std::string fields_text(const Record& record, const Display& display, bool facts) {
  std::string out;
  record.each([&](FieldId field, const Value& v) {
    if (facts && field == FieldId::event_time_error_s && v.number == 0) return;
    const std::string shown = v.is_unknown() ? say("unknown ({})", translated(sentence(v.cause)))
                                             : one_line(display.label(field, to_text(v)));
    out += fmt::format("{}{} = {}", out.empty() ? "" : "; ", info(field).name, shown);
  });
  return out;
}

}  // namespace

int timeline(const TimelineOptions& options) {
  const auto site = open_site("timeline", options.input);
  if (!site) return unusable(site.error());
  const Display display(*site, options.input.reveal);
  const auto journal = journal_of_run(*site, {}, options.input);
  if (!journal) return unusable(journal.error());
  const auto rules = rules_of_run({}, *journal, over(options.input));
  if (!rules) return unusable(rules.error());
  const Subject subject = parse_subject(options.subject);
  std::vector<EventPtr> events;
  const auto collect = [&](const EventPtr& e) {
    if (names(*e, subject)) events.push_back(e);
  };
  auto judges = judges_of(*rules);
  const auto run = run_input(options.input, *site, judges, collect, journal->open_log());
  if (!run) return unusable(run.error());
  if (events.empty()) {
    print(stdout,
          "no event names '{}'. Subjects are written as in the feeds, without blanks, or as kind:key "
          "(release:KTV26104222).\n",
          options.subject);
    return kDone;
  }
  timeline::Facts facts;
  for (const EventPtr& e : events) {
    const std::string path = e->span.file < run->files.size() ? run->files[e->span.file].path : "";
    print(stdout, "{:<24} {:<21} {:<14} {}\n", format_rfc3339(e->event_time), info(e->type).name, one_line(e->facility),
          one_line(fmt::format("{} @{}", file_name(path), e->span.offset)));
    print(stdout, "    {}\n", fields_text(e->fields, display, false));
    if (!options.facts) continue;
    rules->current().facts(e, facts);
    if (!facts.values.empty()) print(stdout, "    before it: {}\n", fields_text(facts.values, display, true));
  }
  for (const auto& a : rules->standing())
    if (std::any_of(a.subjects.begin(), a.subjects.end(), [&](const auto& s) { return s.value.text == subject.key; }))
      print(stdout, "\n{}", alert_text(a, run->files, display));
  print(stdout, "\n{} events of {}\n", events.size(), options.subject);
  return kDone;
}

}  // namespace quaywatch::app
