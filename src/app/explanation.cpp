#include "app/explanation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "app/print.h"
#include "app/render.h"
#include "app/texts.h"
#include "base/text.h"

namespace quaywatch::app {
namespace {

using pipeline::Alert;
using pipeline::Evidence;
using rules::Part;
using timeline::Cover;

std::string word(Truth t) {
  return t == Truth::yes ? say("yes") : t == Truth::no ? say("no") : say("not known");
}

std::string shown(const Display& display, FieldId field, std::string_view text) {
  return one_line(display.label(field, text));
}

// --- conditions ----------------------------------------------------------------------------------------------------

std::string asked_of(const rules::AskedOf& of, const Display& display) {
  std::vector<std::string> values;
  for (const std::string& v : of.values)
    values.push_back(of.expression.empty() ? shown(display, of.field, v) : one_line(v));
  std::string out = fmt::format("{} = {}", of.name, values.empty() ? say("absent") : joined(values));
  if (!of.expression.empty()) out += fmt::format(" ({})", one_line(of.expression));
  return out;
}

// How a rule's questions are composed; the first that fits.
constexpr std::array kQuestions{key("{} is at most {}"),
                                key("{} is at least {}"),
                                key("{} is above {}"),
                                key("{} is below {}"),
                                key("{} is not in the network {}"),
                                key("{} is in the network {}"),
                                key("{} does not match {}"),
                                key("{} matches {}"),
                                key("{} not: begins with {}"),
                                key("{} not: ends with {}"),
                                key("{} not: contains {}"),
                                key("{} begins with {}"),
                                key("{} ends with {}"),
                                key("{} contains {}"),
                                key("{} is that of {}"),
                                key("{} is not that of {}"),
                                key("{} is there"),
                                key("{} is absent"),
                                key("{} is not {}"),
                                key("{} is {}")};

std::string question_text(std::string_view english) {
  std::string out = retold(english, kQuestions);
  for (const std::string_view link : {key(" or "), key(" and ")})
    for (auto at = out.find(link); at != out.npos; at = out.find(link, at + 1))
      out.replace(at, link.size(), translated(link));
  return out;
}

void condition(std::string& out, const rules::IdentifierAnswer& i, const Display& display) {
  const std::string wanted = i.is_wanted ? say("speaks for it") : say("against it");
  out += fmt::format("  {:<24} {:<14} {}\n", i.name, wanted,
                     i.truth == Truth::yes  ? say("holds")
                     : i.truth == Truth::no ? say("does not hold")
                                            : say("not known"));
  for (const rules::Answer& a : i.answers) {
    std::vector<std::string> of;
    for (const rules::AskedOf& o : a.of) of.push_back(asked_of(o, display));
    out += say("    {}? {}: {}\n", one_line(question_text(a.question)), word(a.truth), joined(of, "; "));
  }
}

// --- evidence ------------------------------------------------------------------------------------------------------

std::string record_line(const Event& e, const Explanation& x) {
  std::string clocks = say("happened {}", format_rfc3339(e.event_time));
  if (e.time_error_s != 0) clocks += say(" (up to {} s off)", e.time_error_s);
  clocks += say(", reported {}, received {}", format_rfc3339(e.reported_at), format_rfc3339(e.received_at));
  return say("{} in {}@{} of {}\n        {}", info(e.type).name, one_line(file_name(file_of(e, x.files))),
             e.span.offset, one_line(e.feed), clocks);
}

std::string search_line(const Evidence& e) {
  const std::string where = e.facility.empty() ? say("anywhere") : say("at {}", one_line(e.facility));
  std::string out = e.from == e.until ? say("{} {} at {}", info(e.searched).name, where, format_rfc3339(e.from))
                                      : say("{} {} from {} until {}", info(e.searched).name, where,
                                            format_rfc3339(e.from), format_rfc3339(e.until));
  switch (e.cover) {
    case Cover::covered:
      out += e.is_required() ? say(": covered") : say(": none");
      break;
    case Cover::pending:
      return out + say(": a feed has still to deliver");
    case Cover::hole:
      return out + say(": no feed answered for all of that time");
    case Cover::no_provider:
      return out + say(": no feed provides it");
  }
  std::vector<std::string> feeds;
  for (const auto& by : e.feeds) feeds.push_back(say("{} (known {})", one_line(by.feed), format_rfc3339(by.known_at)));
  return say("{}\n        answered by {}", out, joined(feeds));
}

std::string numbers(const Alert& alert, FieldId fact) {
  std::string out;
  for (std::size_t i = 0; i < alert.evidence.size(); ++i) {
    const auto& facts = alert.evidence[i].facts;
    if (std::find(facts.begin(), facts.end(), fact) != facts.end()) out += fmt::format("[{}]", i + 1);
  }
  return out;
}

// "[3]" of the record that the rule judged.
std::string number_of(const Alert& alert, const EventPtr& event) {
  for (std::size_t i = 0; i < alert.evidence.size(); ++i)
    if (alert.evidence[i].event == event) return fmt::format("[{}]", i + 1);
  return {};
}

void evidence(std::string& out, const Explanation& x) {
  out += say("\nrecords and searches\n");
  std::size_t n = 0;
  for (const Evidence& e : x.alert.evidence)
    out += fmt::format("  [{}] {}{}\n", ++n,
                       e.event           ? ""
                       : e.is_required() ? say("required: ")
                                         : say("looked for "),
                       e.event ? record_line(*e.event, x) : search_line(e));
  if (x.alert.evidence_omitted > 0)
    out += say("  and {} more that the alert does not keep\n", x.alert.evidence_omitted);
}

void facts(std::string& out, const Explanation& x) {
  out += say("\nfacts\n");
  const std::string own = number_of(x.alert, x.alert.judged);
  for (const auto& v : x.alert.facts) {
    const std::string by = numbers(x.alert, v.field);
    out += fmt::format("  {} = {}   {}\n", info(v.field).name, shown(x.display, v.field, v.text),
                       !by.empty()             ? say("by {}", by)
                       : info(v.field).is_fact ? say("reckoned from {}", own)
                                               : say("stated in {}", own));
  }
}

// --- what would change it ------------------------------------------------------------------------------------------

// Searches of a correlation carry no fact.
void sought(std::string& out, const Explanation& x, const Sought& s) {
  std::string searched;
  bool is_open = false;
  for (std::size_t i = 0; i < x.alert.evidence.size(); ++i) {
    const Evidence& e = x.alert.evidence[i];
    if (e.event || !e.facts.empty() || e.is_required()) continue;
    if (!s.types.empty() && std::find(s.types.begin(), s.types.end(), e.searched) == s.types.end()) continue;
    searched += fmt::format("[{}]", i + 1);
    is_open |= e.cover != Cover::covered;
  }
  out += fmt::format("  {:<24} {}   {}\n", one_line(s.title),
                     is_open ? say("open: not known yet") : say("looked for, none found"), searched);
}

void excuses(std::string& out, const Explanation& x) {
  out += say("\nwhat would excuse it, and what came of looking\n");
  bool any = !x.sought.empty();
  for (const Sought& s : x.sought) sought(out, x, s);
  std::vector<rules::IdentifierAnswer> conditions;
  for (const Judged& j : x.judged) conditions.insert(conditions.end(), j.conditions.begin(), j.conditions.end());
  for (const rules::IdentifierAnswer& i : conditions) {
    if (i.part == Part::speaks_for) continue;
    any = true;
    std::string searched;
    for (const rules::Answer& a : i.answers)
      for (const rules::AskedOf& of : a.of)
        if (const std::string by = numbers(x.alert, of.field); searched.find(by) == std::string::npos) searched += by;
    const bool excuses_now = i.is_wanted ? i.truth == Truth::no : i.truth == Truth::yes;
    out += fmt::format("  {:<24} {}{}\n", i.name,
                       i.truth == Truth::unknown ? say("open: not known yet")
                       : excuses_now             ? say("found, but something else stands against it")
                                                 : say("looked for, does not apply"),
                       searched.empty() ? "" : "   " + searched);
  }
  if (!any) out += say("  the rule names nothing that it looks for by itself\n");
  for (const FieldId f : x.alert.missing_inputs)
    out += say("  open: {}: {} {}\n", info(f).name, translated(sentence(x.alert.missing_cause)), numbers(x.alert, f));
}

void list(std::string& out, std::string_view head, const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  out += fmt::format("\n{}\n", head);
  for (const std::string& line : lines) out += fmt::format("  - {}\n", one_line(rule_text(line)));
}

}  // namespace

std::string explanation_text(const Explanation& x) {
  const Alert& a = x.alert;
  const rules::Rule& r = *a.rule;
  std::string out = say("{} {} [{}]\nalert {} of rule {} version {}\n", level_text(r.level), rule_text(r.title),
                        translated(pipeline::name(a.status)), a.id.hex(), r.id, r.version);
  out += say("happened {} at {}, knowable {}{}\n", format_rfc3339(a.event_time), one_line(a.facility),
             format_rfc3339(a.knowable_at), a.act_before ? say(", act before {}", format_rfc3339(*a.act_before)) : "");
  list(out, say("what the rule joins"), x.joining);
  for (const Judged& j : x.judged) {
    out += say("\nconditions of {}, asked of {}\n",
               j.title.empty() ? say("the rule") : fmt::format("'{}'", one_line(j.title)), number_of(a, a.judged));
    for (const rules::IdentifierAnswer& i : j.conditions) condition(out, i, x.display);
  }
  facts(out, x);
  evidence(out, x);
  excuses(out, x);
  list(out, say("innocent causes to rule out; no record answers these"), r.false_positives);
  list(out, say("do now"), r.actions);
  return out;
}

}  // namespace quaywatch::app
