#include "app/render.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "app/print.h"
#include "app/texts.h"
#include "base/text.h"

namespace quaywatch::app {
namespace {

using live::subject_kind;
using pipeline::Alert;
using pipeline::Evidence;
using pipeline::ShownValue;

std::string shown(const Display& display, FieldId field, std::string_view text) {
  return one_line(display.label(field, text));
}

std::string subjects_of(const Alert& alert, pipeline::SubjectRole role, const Display& display) {
  std::string out;
  for (const auto& s : alert.subjects)
    if (s.role == role)
      out += fmt::format("{}{} {}", out.empty() ? "" : ", ", translated(subject_kind(s.value.field)),
                         shown(display, s.value.field, s.value.text));
  return out;
}

void line(std::string& out, std::string_view head, std::string_view text) {
  if (!text.empty()) out += fmt::format("  {:<10} {}\n", head, text);
}

// For people one decimal is enough; the exact value is in the JSON and behind the evidence.
std::string rounded(FieldId field, std::string text) {
  const auto point = text.find('.');
  if (info(field).kind == Kind::decimal && point != std::string::npos && point + 2 < text.size())
    text.resize(point + 2);
  return text;
}

// "release.chain = FW-QMED, HT-XPAN": the values of one field together, in their order.
std::string facts_text(const Alert& alert, const Display& display) {
  std::string out;
  FieldId last{};
  for (const ShownValue& v : alert.facts) {
    std::string text = rounded(v.field, shown(display, v.field, v.text));
    if (!out.empty() && v.field == last)
      out += ", " + text;
    else
      out += fmt::format("{}{} = {}", out.empty() ? "" : "; ", info(v.field).name, text);
    last = v.field;
  }
  return out;
}

std::string evidence_line(const Evidence& e, const std::vector<ingest::FileAccount>& files) {
  std::string facts;
  for (const FieldId f : e.facts) facts += fmt::format("{}{}", facts.empty() ? "  -> " : ", ", info(f).name);
  if (e.is_required()) return say("covered  {} at {}", info(e.searched).name, format_rfc3339(e.from));
  if (!e.event)
    return say("searched {} from {} until {}: {}{}", info(e.searched).name, format_rfc3339(e.from),
               format_rfc3339(e.until), e.cover == timeline::Cover::covered ? say("none") : say("not answered"), facts);
  const std::string file = file_of(*e.event, files);
  return fmt::format("{:<20} {:<21} {} @{}{}", format_rfc3339(e.event->event_time), info(e.event->type).name,
                     one_line(file_name(file)), e.event->span.offset, facts);
}

// In the order of rules::Level.
constexpr std::array kLevels{key("INFORMATIONAL"), key("LOW"), key("MEDIUM"), key("HIGH"), key("CRITICAL")};

}  // namespace

std::string_view level_text(rules::Level level) {
  return translated(kLevels[static_cast<std::size_t>(level)]);
}

std::string files_text(std::uint64_t n) {
  return say_counted(n, "{} file", "{} files");
}

std::string events_text(std::uint64_t n) {
  return say_counted(n, "{} event", "{} events");
}

std::string file_of(const Event& event, const std::vector<ingest::FileAccount>& files) {
  return event.span.file < files.size() ? files[event.span.file].path : std::string{};
}

std::string alert_text(const Alert& a, const std::vector<ingest::FileAccount>& files, const Display& display) {
  const rules::Rule& r = *a.rule;
  std::string out = fmt::format("{:<8} {:<4} {}  [{}]\n", level_text(r.level), r.invariant, rule_text(r.title),
                                translated(pipeline::name(a.status)));
  line(out, say("about"), subjects_of(a, pipeline::SubjectRole::about, display));
  line(out, say("acted"), subjects_of(a, pipeline::SubjectRole::acted, display));
  line(out, say("mentioned"), subjects_of(a, pipeline::SubjectRole::mentioned, display));
  line(out, say("happened"),
       say("{}   knowable {}{}", format_rfc3339(a.event_time), format_rfc3339(a.knowable_at),
           a.act_before ? say("   act before {}", format_rfc3339(*a.act_before)) : ""));
  line(out, say("facts"), facts_text(a, display));
  std::string head = say("behind it");
  for (const Evidence& e : a.evidence) line(out, std::exchange(head, ""), evidence_line(e, files));
  if (a.evidence_omitted > 0) line(out, "", say("and {} more", a.evidence_omitted));
  for (const FieldId f : a.missing_inputs)
    line(out, say("open"), fmt::format("{}: {}", info(f).name, translated(sentence(a.missing_cause))));
  if (a.exception) {
    const rules::Exception& e = r.exceptions[*a.exception];
    line(out, say("suppressed"), one_line(say("by {} until {}: {}", e.owner, format_rfc3339(e.until), e.reason)));
  }
  head = say("rule out");
  for (const std::string& cause : r.false_positives)
    line(out, std::exchange(head, ""), "- " + std::string(rule_text(cause)));
  head = say("do now");
  for (const std::string& action : r.actions) line(out, std::exchange(head, ""), "- " + std::string(rule_text(action)));
  line(out, say("pattern"), r.mo.empty() ? a.direction : fmt::format("{}; {}", joined(r.mo), a.direction));
  line(out, say("rule"), say("{} version {}   alert {}", r.id, r.version, a.id.hex()));
  return out;
}

std::string alert_line(const Alert& a, const Display& display) {
  std::string subjects = subjects_of(a, pipeline::SubjectRole::about, display);
  const std::string acted = subjects_of(a, pipeline::SubjectRole::acted, display);
  if (!acted.empty()) subjects += (subjects.empty() ? "" : ", ") + acted;
  const std::string facts = facts_text(a, display);
  return fmt::format("{}  {}{}{}", format_rfc3339(a.event_time), subjects, facts.empty() ? "" : "  ", facts);
}

std::string intake_text(const std::vector<ingest::FileAccount>& files) {
  std::uint64_t bytes = 0, accepted = 0, rejected = 0, ignored = 0, events = 0;
  std::map<std::string, std::uint64_t> rejects, skipped, findings;
  for (const auto& f : files) {
    bytes += f.bytes, accepted += f.accepted_bytes, rejected += f.rejected_bytes, ignored += f.ignored_bytes,
        events += f.events;
    for (const auto& [reason, n] : f.rejected) rejects[reason] += n;
    for (const auto& [reason, n] : f.ignored) skipped[reason] += n;
    for (const auto& [code, n] : f.findings) findings[code] += n;
  }
  std::string out = say("read {}, {} bytes: {} accepted, {} ignored, {} rejected; {} events\n",
                        files_text(files.size()), bytes, accepted, ignored, rejected, events);
  const auto list = [&](std::string_view head, const std::map<std::string, std::uint64_t>& counts) {
    if (!counts.empty()) out += fmt::format("{}: {}\n", head, ingest::counts_text(counts));
  };
  list(say("rejected"), rejects);
  list(say("ignored"), skipped);
  list(say("findings"), findings);
  const auto unpacked =
      std::count_if(files.begin(), files.end(), [](const auto& f) { return !f.unpacked_from.empty(); });
  if (unpacked > 0)
    out += say("unpacked or converted: {}; their bytes and offsets count in the text so made\n", unpacked);
  return out;
}

std::string log_text(const std::vector<ingest::FileAccount>& files) {
  std::uint64_t rejected = 0;
  for (const auto& f : files)
    for (const auto& [reason, n] : f.rejected) rejected += n;
  std::string out = say("replayed the journal: {} taken\n", files_text(files.size()));
  if (rejected > 0) out += say("{} records were rejected on the way in; see 'quaywatch rejects'\n", rejected);
  return out;
}

std::string not_evaluated_text(const std::vector<pipeline::NotEvaluated>& rows) {
  std::string out;
  for (const auto& row : rows)
    out +=
        say("  {} on {}: {}\n", rule_text(row.rule->title), events_text(row.events), translated(sentence(row.cause)));
  return out.empty() ? out : say("not evaluated (unknown is never clean):\n") + out;
}

std::string off_text(const pipeline::Detection& detection) {
  const auto off = detection.off();
  std::string out;
  for (std::size_t i = 0; i < off.size(); ++i)
    if (off[i] > 0) out += fmt::format("  {}: {}\n", rule_text(detection.pack().rules()[i].title), events_text(off[i]));
  if (out.empty()) return out;
  return say("off, for want of an agreement on staff data ('quaywatch agreement record' turns them on):\n") + out;
}

}  // namespace quaywatch::app
