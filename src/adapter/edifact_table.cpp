#include "adapter/edifact_table.h"

#include <fmt/format.h>

#include <algorithm>

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

}  // namespace

bool lists(std::string_view words, std::string_view word) {
  return any_word(words, [&](std::string_view w) { return w == word; });
}

std::uint32_t tag_key(std::string_view tag) {
  std::uint32_t key = 0;
  for (const char c : tag.substr(0, 3)) key = key << 8 | static_cast<std::uint8_t>(c);
  return key;
}

MessageTable table_for(const EdifactAdapter& adapter, const codec::Message& message, const EdifactProfile* profile) {
  MessageTable out;
  if (profile != nullptr) {
    for (const auto& [type, row] : profile->rows)
      if (type == adapter.message && fits_version(row.versions, message))
        out.rows.push_back({tag_key(row.segment), &row});
    for (const auto& [type, kind] : profile->kinds)
      if (type == adapter.message) out.kinds.push_back(&kind);
  }
  const std::size_t ours = out.rows.size();
  each_row(adapter, [&](const EdifactRow& row) {
    const auto replaced = [&](const Candidate& c) { return replaces(*c.row, row); };
    if (!fits_version(row.versions, message)) return;
    if (std::none_of(out.rows.begin(), out.rows.begin() + static_cast<std::ptrdiff_t>(ours), replaced))
      out.rows.push_back({tag_key(row.segment), &row});
  });
  for (const Anchor& anchor : adapter.shape.anchors)
    if (fits_version(anchor.versions, message)) out.anchors.push_back(&anchor);
  for (const EventKind& kind : adapter.shape.kinds) out.kinds.push_back(&kind);
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
