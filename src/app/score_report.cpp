#include "app/score_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/print.h"
#include "app/score_rates.h"
#include "app/texts.h"
#include "base/text.h"

namespace quaywatch::app {
namespace {

using score::Subjects;
using Row = std::vector<std::string>;

// A table without columns is a heading with a sentence under it.
struct Table {
  int level = 2;
  std::string title, note;
  Row columns;
  std::vector<Row> rows;
};

Row say_row(std::initializer_list<std::string_view> english) {
  Row out;
  for (const std::string_view one : english) out.emplace_back(translated(one));
  return out;
}

std::string percent(double share) {
  return fmt::format("{:.1f} %", 100 * share);
}

std::string span(Duration d) {
  return say("{:.1f} h", static_cast<double>(d.us) / static_cast<double>(hours(1).us));
}

Table found(const ScoreReport& r) {
  Table t{2, say("Found"), "", say_row({"script", "carefulness", "found", "planted", "recall", "95 % interval"}), {}};
  for (const score::Recall& row : r.tally.recall) {
    const score::Interval i = score::wilson(row.found, row.planted);
    t.rows.push_back({row.script.empty() ? say("all") : row.script,
                      row.carefulness ? std::to_string(*row.carefulness) : "", std::to_string(row.found),
                      std::to_string(row.planted), row.planted == 0 ? "" : percent(share(row.found, row.planted)),
                      say("{} to {}", percent(i.low), percent(i.high))});
  }
  return t;
}

Table times(const ScoreReport& r) {
  Table t{2,
          say("Time to alert"),
          say("From the first act of a crime to the instant its first alert was knowable."),
          say_row({"script", "found", "median", "worst"}),
          {}};
  for (const score::TimeToAlert& row : r.tally.times)
    t.rows.push_back({row.script, std::to_string(row.found), span(row.median), span(row.worst)});
  return t;
}

Row rate_row(std::string head, std::uint64_t alerts, const score::Port& port) {
  Row out{std::move(head), std::to_string(alerts)};
  for (const Rate& rate : {per_boxes(alerts, port), per_week(alerts, port)}) {
    out.push_back(fmt::format("{:.2f}", rate.value));
    out.push_back(say("{:.2f} to {:.2f}", rate.interval.low, rate.interval.high));
  }
  return out;
}

Row rate_columns(std::string head) {
  Row out = say_row({"alerts", "per 10,000 boxes", "95 % interval", "per week", "95 % interval"});
  out.insert(out.begin(), std::move(head));
  return out;
}

Table false_alarms(const ScoreReport& r) {
  Table t{2, say("False alarms"), "", rate_columns(say("on")), {}};
  t.rows.push_back(rate_row(say("all"), r.tally.false_alarms(), r.port));
  t.rows.push_back(rate_row(say("nothing planted"), r.tally.of_nothing, r.port));
  for (const score::Twins& twin : r.tally.twins)
    t.rows.push_back(rate_row(say("twin {}", twin.script), twin.alerts, r.port));
  return t;
}

Table false_alarms_by_rule(const ScoreReport& r) {
  Table t{2, say("False alarms by rule"), "", rate_columns(say("rule")), {}};
  for (const score::Detector& d : r.tally.detectors)
    t.rows.push_back(rate_row(std::string(rule_text(d.title)), d.false_alarms(), r.port));
  return t;
}

Table twins(const ScoreReport& r) {
  Table t{2, say("Innocent twins"), "", say_row({"script", "twin of", "planted", "alerted on"}), {}};
  for (const score::Twins& twin : r.tally.twins)
    t.rows.push_back({twin.script, joined(twin.twin_of), std::to_string(twin.planted), std::to_string(twin.alerted)});
  return t;
}

Table detectors(const ScoreReport& r) {
  Table t{2,
          say("Detectors"),
          "",
          say_row({"rule", "alerts", "of crimes", "of twins", "of nothing", "crimes found", "by it alone", "id"}),
          {}};
  for (const score::Detector& d : r.tally.detectors)
    t.rows.push_back({std::string(rule_text(d.title)), std::to_string(d.alerts()), std::to_string(d.of_crimes),
                      std::to_string(d.of_twins), std::to_string(d.of_nothing), std::to_string(d.crimes),
                      std::to_string(d.crimes_alone), d.rule_id});
  return t;
}

Row evaluation_row(std::string head, std::uint64_t asked, std::uint64_t open, std::string causes) {
  return {std::move(head), std::to_string(asked), std::to_string(asked - open),
          asked == 0 ? "" : percent(share(asked - open, asked)), std::move(causes)};
}

Table evaluations(const ScoreReport& r) {
  Table t{2, say("Rule evaluations"), "", say_row({"rule", "asked", "possible", "share", "not evaluated"}), {}};
  std::uint64_t asked = 0, open = 0;
  for (const score::RuleAccount& a : r.accounts) {
    std::string causes;
    for (const auto& [cause, n] : a.not_evaluated)
      causes += fmt::format("{}{} {}", causes.empty() ? "" : ", ", cause, n);
    t.rows.push_back(evaluation_row(std::string(rule_text(a.title)), a.asked, a.open(), std::move(causes)));
    asked += a.asked, open += a.open();
  }
  t.rows.push_back(evaluation_row(say("all"), asked, open, ""));
  return t;
}

std::string subjects_text(const std::vector<Subjects>& subjects, const Display& display) {
  std::string out;
  for (const Subjects& s : subjects)
    for (const std::string& value : s.values)
      out += fmt::format("{}{} {}", out.empty() ? "" : ", ", s.kind,
                         display.redact(score::find_kind(s.kind)->personal, value));
  return out;
}

Table missed(const score::Plant& p, const Display& display) {
  Table t{3,
          say("{} {}, carefulness {}", p.id, p.script, p.carefulness),
          subjects_text(p.subjects, display),
          say_row({"at", "act", "subjects"}),
          {}};
  for (std::size_t i = 0; i < std::min(p.acts.size(), kShownActs); ++i)
    t.rows.push_back({format_rfc3339(p.acts[i].at), p.acts[i].act, subjects_text(p.acts[i].subjects, display)});
  if (p.acts.size() > kShownActs)
    t.rows.push_back({"", say_counted(p.acts.size() - kShownActs, "and {} more act", "and {} more acts"), ""});
  return t;
}

std::vector<Table> tables(const ScoreReport& r) {
  std::vector<Table> out{found(r), times(r), false_alarms(r), false_alarms_by_rule(r), twins(r), detectors(r)};
  if (!r.accounts.empty()) out.push_back(evaluations(r));
  out.push_back({2,
                 say("Not found"),
                 r.tally.not_found.empty() ? say("Every planted crime has an alert.")
                                           : say_counted(r.tally.not_found.size(), "{} planted crime without an alert.",
                                                         "{} planted crimes without an alert."),
                 {},
                 {}});
  for (const std::size_t i : r.tally.not_found) out.push_back(missed(r.plants[i], r.display));
  return out;
}

std::string summary(const ScoreReport& r) {
  const auto innocent = static_cast<std::uint64_t>(
      std::count_if(r.plants.begin(), r.plants.end(), [](const auto& p) { return p.innocent; }));
  std::string out = say("port {}, size {}, seed {}: {} to {} ({:.1f} weeks), {} boxes\n", one_line(r.port.facility),
                        one_line(r.port.size), r.port.seed, format_rfc3339(r.port.from), format_rfc3339(r.port.until),
                        r.port.weeks(), r.port.boxes);
  out += say("planted: {}, {}; read: {}", say_counted(r.plants.size() - innocent, "{} crime", "{} crimes"),
             say_counted(innocent, "{} innocent twin", "{} innocent twins"),
             say_counted(r.detected.alerts().size(), "{} alert", "{} alerts"));
  if (r.detected.repeated() > 0) out += say(", {} more than once", r.detected.repeated());
  if (r.detected.withdrawn() > 0) out += say(", {} withdrawn and left out", r.detected.withdrawn());
  return out + say("; an alert is of a plant until {} after its last act\n", span(r.reach));
}

std::vector<std::size_t> widths(const Table& t) {
  std::vector<std::size_t> out(t.columns.size());
  const auto widen = [&](const Row& row) {
    for (std::size_t i = 0; i < row.size(); ++i) out[i] = std::max(out[i], row[i].size());
  };
  widen(t.columns);
  for (const Row& row : t.rows) widen(row);
  return out;
}

void text_row(std::string& out, const Row& row, const std::vector<std::size_t>& width) {
  std::string line = " ";
  for (std::size_t i = 0; i < row.size(); ++i) line += fmt::format(" {:<{}} ", row[i], width[i]);
  line.resize(line.find_last_not_of(' ') + 1);
  out += line + "\n";
}

std::string markdown(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("\\|<*_`[").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

void page_row(std::string& out, const Row& row) {
  out += "|";
  for (const std::string& cell : row) out += " " + markdown(cell) + " |";
  out += "\n";
}

// Values of the truth and the alerts stand inside lines: nothing in them breaks a line.
std::vector<Table> printable_tables(const ScoreReport& r) {
  std::vector<Table> out = tables(r);
  for (Table& t : out) {
    t.title = one_line(t.title);
    t.note = one_line(t.note);
    for (Row& row : t.rows)
      for (std::string& cell : row) cell = one_line(cell);
  }
  return out;
}

}  // namespace

std::string score_text(const ScoreReport& report) {
  std::string out = summary(report);
  for (const Table& t : printable_tables(report)) {
    out += "\n" + t.title + "\n";
    if (!t.note.empty()) out += "  " + t.note + "\n";
    if (t.columns.empty()) continue;
    if (t.rows.empty()) {
      out += "  " + say("none") + "\n";
      continue;
    }
    const auto width = widths(t);
    text_row(out, t.columns, width);
    for (const Row& row : t.rows) text_row(out, row, width);
  }
  return out;
}

std::string score_page(const ScoreReport& report) {
  std::string out = say("# Score\n\n") + markdown(summary(report));
  for (const Table& t : printable_tables(report)) {
    out += fmt::format("\n{} {}\n", std::string(static_cast<std::size_t>(t.level), '#'), markdown(t.title));
    if (!t.note.empty()) out += "\n" + markdown(t.note) + "\n";
    if (t.columns.empty()) continue;
    out += "\n";
    if (t.rows.empty()) {
      out += say("none") + "\n";
      continue;
    }
    page_row(out, t.columns);
    page_row(out, Row(t.columns.size(), "---"));
    for (const Row& row : t.rows) page_row(out, row);
  }
  return out;
}

}  // namespace quaywatch::app
