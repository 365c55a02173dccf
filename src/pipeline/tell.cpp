#include "pipeline/tell.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "pipeline/field_value.h"
#include "pipeline/lists.h"

namespace quaywatch::pipeline {
namespace {

using timeline::Facts;

constexpr char kGroupSeparator = '\x1f';

std::string direction_of(const rules::Rule& rule, const Event& event) {
  const std::string_view status = event.text(FieldId::container_status);
  if (status == "import") return "inbound";
  if (status == "export") return "outbound";
  if (status == "transhipment") return "transhipment";
  std::string all;
  for (const std::string& d : rule.direction) all += (all.empty() ? "" : ", ") + d;
  return all;
}

void show(const Event& event, const Facts& facts, FieldId field, std::vector<ShownValue>& out) {
  bool in_event = false;
  const auto add = [&](const Value& v) {
    ShownValue shown{field, to_text(v)};
    if (std::find(out.begin(), out.end(), shown) == out.end()) out.push_back(std::move(shown));
  };
  event.fields.each(field, [&](const Value& v) { in_event = true, add(v); });
  if (!in_event) facts.values.each(field, add);
}

// Everything behind what the alert tells is evidence; what the verdict rests on decides when it could be known.
void add_citations(const rules::Rule& rule, const std::vector<FieldId>& needed, const Facts& facts,
                   const timeline::Coverage& coverage, Match& m) {
  facts.each_citation([&](FieldId fact, const timeline::Citation& c) {
    if (!tells_of(rule, fact)) return;
    if (contains(needed, fact)) m.knowable_at = std::max(m.knowable_at, c.known_at());
    m.evidence.push_back(c.event != nullptr ? Evidence{c.event, {}, {}, {}, {}} : search_of(*c.search, coverage));
    m.evidence.back().facts.push_back(fact);
  });
}

}  // namespace

std::string group_of(const rules::Rule& rule, const Event& event, const Facts& facts) {
  std::string group;
  for (const FieldId field : rule.group_by) {
    const Value v = field_or_fact(event, facts, field);
    if (v.is_absent() || v.is_unknown()) return {};
    if (!group.empty()) group += kGroupSeparator;
    group += to_text(v);
  }
  return group;
}

bool tells_of(const rules::Rule& rule, FieldId field) {
  for (const auto* told : rule.fields_told())
    if (contains(*told, field)) return true;
  return false;
}

bool any_fact(const std::vector<FieldId>& fields) {
  return std::any_of(fields.begin(), fields.end(), [](FieldId f) { return info(f).is_fact; });
}

bool is_told_alone(const rules::Rule& rule) {
  const auto told = rule.fields_told();
  return !rule.is_part && rule.needs_types.empty() && rule.exceptions.empty() &&
         std::none_of(told.begin(), told.end(), [](const auto* fields) { return any_fact(*fields); });
}

Evidence search_of(const timeline::Searched& s, const timeline::Coverage& coverage) {
  Evidence e{nullptr, {}, s.type, s.from, s.until, std::string(s.facility), s.cover, {}};
  if (s.cover == timeline::Cover::covered) e.feeds = coverage.answerers(s.type, s.facility, s.from, s.until);
  return e;
}

Match make_match(const rules::Rule& rule, const rules::Verdict& verdict, const std::vector<FieldId>& needed,
                 const EventPtr& event, const Facts& facts, const timeline::Coverage& coverage) {
  Match m;
  m.event = m.surest = event;
  m.provisional = verdict.provisional;
  if (verdict.provisional) {
    m.missing = verdict.open;
    m.missing_cause = verdict.cause;
  }
  m.knowable_at = event->received_at;
  m.direction = direction_of(rule, *event);
  for (const FieldId f : rule.reads) show(*event, facts, f, m.shown);
  for (const FieldId f : rule.fields) show(*event, facts, f, m.shown);
  const auto subjects = [&](const std::vector<FieldId>& fields, SubjectRole role) {
    std::vector<ShownValue> values;
    for (const FieldId f : fields) show(*event, facts, f, values);
    for (ShownValue& v : values)
      if (v.text != "unknown") m.subjects.push_back({role, std::move(v)});
  };
  subjects(rule.about, SubjectRole::about);
  subjects(rule.acted, SubjectRole::acted);
  subjects(rule.mentioned, SubjectRole::mentioned);
  m.evidence.push_back({event, {}, {}, {}, {}});
  add_citations(rule, needed, facts, coverage, m);
  for (const FieldId f : rule.act_before) {
    const Value v = field_or_fact(*event, facts, f);
    if (v.kind != Kind::time) continue;
    m.act_before = v.time();
    break;
  }
  return m;
}

}  // namespace quaywatch::pipeline
