#include "adapter/edifact_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <map>
#include <optional>
#include <utility>

#include "base/text.h"

namespace quaywatch::adapter {
namespace {

template <typename Fn>
bool any_word(std::string_view words, Fn&& fits) {
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (fits(words.substr(0, end))) return true;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return false;
}

// Directories are named by year and half, 95B, 00B, 13B; "911" was the first.
int directory_age(std::string_view release) {
  if (release.size() != 3 || !is_ascii_digit(release[0]) || !is_ascii_digit(release[1])) return 0;
  const int year = (release[0] - '0') * 10 + (release[1] - '0');
  return (year < 90 ? year + 100 : year) * 256 + static_cast<unsigned char>(release[2]);
}

bool fits_version(std::string_view versions, const codec::Message& m) {
  return versions.empty() || any_word(versions, [&](std::string_view word) {
           const bool negated = word.starts_with('!');
           if (negated) word.remove_prefix(1);
           const bool fits = word.ends_with('+')
                                 ? directory_age(m.release) >= directory_age(word.substr(0, word.size() - 1))
                                 : word == m.release || word == m.association;
           return fits != negated;
         });
}

bool same_target(const EdifactRow& a, const EdifactRow& b) {
  const auto clock = [](Convert c) { return c == Convert::event_time || c == Convert::reported_at; };
  if (a.field != b.field) return false;
  return a.field || (clock(a.convert) || clock(b.convert) ? a.convert == b.convert : true);
}

bool replaces(const EdifactRow& ours, const EdifactRow& table) {
  if (ours.segment != table.segment || !same_target(ours, table)) return false;
  if (ours.where != table.where && table.where != Where::anywhere) return false;
  return ours.qualifiers.empty() || table.qualifiers.empty() ||
         any_word(ours.qualifiers, [&](std::string_view q) { return lists(table.qualifiers, q); });
}

TagRules& rules_of(MessageTable& table, std::uint32_t tag) {
  for (TagRules& rules : table.tags)
    if (rules.tag == tag) return rules;
  table.tags.push_back({tag, {}, {}, {}, {}});
  return table.tags.back();
}

bool same_place(At a, At b) {
  return a.element == b.element && a.component == b.component;
}

// `all` are the rows of the tag; the codes at the place of the first that names any decide at once which of them are
// left. A row that asks elsewhere, or for a long code, is left by each and asked for itself.
void make_choices(TagRules& rules, std::vector<Candidate> all) {
  std::vector<std::uint64_t> codes;
  for (const Candidate& c : all) {
    if (c.qualifiers.any()) continue;
    if (codes.empty()) rules.qualifier_at = c.row->qualifier_at;
    if (!same_place(rules.qualifier_at, c.row->qualifier_at)) continue;
    c.qualifiers.each([&](std::uint64_t code) {
      if (std::find(codes.begin(), codes.end(), code) == codes.end()) codes.push_back(code);
    });
  }
  const auto left_by = [&](std::optional<std::uint64_t> code) {
    std::vector<Candidate> left;
    for (Candidate c : all) {
      if (!c.qualifiers.any() && same_place(rules.qualifier_at, c.row->qualifier_at)) {
        if (!code || !c.qualifiers.names(*code)) continue;
        if (*code != kLongCode) c.qualifiers = CodeSet("");
      }
      c.only_level = c.row->documents.empty() && c.qualifiers.any() && c.also.any();
      left.push_back(std::move(c));
    }
    return left;
  };
  for (const std::uint64_t code : codes) rules.choices.push_back({code, left_by(code)});
  rules.others = left_by(std::nullopt);
}

// At most half full, so that a search always ends.
void make_slots(MessageTable& table) {
  table.slots.assign(std::bit_ceil(2 * table.tags.size() + 2), {});
  for (std::size_t i = 0; i < table.tags.size(); ++i) {
    std::size_t at = table.slot_of(table.tags[i].tag);
    while (table.slots[at].number != 0) at = (at + 1) & (table.slots.size() - 1);
    table.slots[at] = {table.tags[i].tag, static_cast<std::uint32_t>(i + 1)};
  }
}

}  // namespace

bool lists(std::string_view words, std::string_view word) {
  return any_word(words, [&](std::string_view w) { return w == word; });
}

CodeSet::CodeSet(std::string_view words) : words_(words) {
  any_word(words, [this](std::string_view word) {
    others_.push_back(code_key(word));
    return false;
  });
  if (others_.empty()) return;
  first_ = others_.front();
  others_.erase(others_.begin());
}

MessageTable table_for(const EdifactAdapter& adapter, const codec::Message& message, const EdifactProfile* profile) {
  MessageTable out{&adapter, profile, message.release, message.association, {}, {}, {}};
  std::map<std::uint32_t, std::vector<Candidate>> rows;
  const auto add = [&](const EdifactRow& row) {
    rows[tag_key(row.segment)].push_back(
        {&row, level_bit(row.where), false, CodeSet(row.qualifiers), CodeSet(row.also)});
  };
  std::vector<const EdifactRow*> ours;
  if (profile != nullptr) {
    for (const auto& [type, row] : profile->rows)
      if (type == adapter.message && fits_version(row.versions, message)) ours.push_back(&row);
    for (const auto& [type, kind] : profile->kinds)
      if (type == adapter.message) out.kinds.push_back(&kind);
  }
  for (const EdifactRow* row : ours) add(*row);
  each_row(adapter, [&](const EdifactRow& row) {
    const auto replaced = [&](const EdifactRow* mine) { return replaces(*mine, row); };
    if (fits_version(row.versions, message) && std::none_of(ours.begin(), ours.end(), replaced)) add(row);
  });
  for (auto& [tag, of_tag] : rows) make_choices(rules_of(out, tag), std::move(of_tag));
  for (const Anchor& anchor : adapter.shape.anchors)
    if (fits_version(anchor.versions, message)) rules_of(out, tag_key(anchor.segment)).anchors.push_back(&anchor);
  for (const EventKind& kind : adapter.shape.kinds) out.kinds.push_back(&kind);
  make_slots(out);
  return out;
}

std::string_view name(Where where) {
  switch (where) {
    case Where::header: return "header";
    case Where::part: return "part";
    case Where::subpart: return "subpart";
    case Where::group: return "group";
    case Where::anywhere: return "anywhere";
  }
  return "anywhere";
}

std::string mapping_line(const EdifactRow& row) {
  const auto target = [&]() -> std::string_view {
    if (row.field) return info(*row.field).name;
    if (row.convert == Convert::facility || row.convert == Convert::port) return "(facility)";
    return row.convert == Convert::event_time ? "(event time)" : "(reported at)";
  };
  std::string conditions;
  if (!row.versions.empty()) conditions += fmt::format("; only {}", row.versions);
  if (!row.documents.empty()) conditions += fmt::format("; only BGM {}", row.documents);
  if (!row.also.empty())
    conditions += fmt::format("; only where {}.{} is {}", row.also_at.element, row.also_at.component, row.also);
  return fmt::format("| {} {}{}{} | {}.{} | `{}` | {}{} | {} |", name(row.where), row.segment,
                     row.qualifiers.empty() ? "" : "+", row.qualifiers, row.source.element, row.source.component,
                     target(), row.note, conditions, name(row.checked));
}

}  // namespace quaywatch::adapter
