#include "api/visibility.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "ingest/feed_health.h"

namespace quaywatch::api {

using identity::Reader;

namespace {

// Look-ups are for the organisation that made them, not for whoever may read all owners.
bool may_see_record(const Reader& reader, EventType type, std::string_view feed, std::string_view owner) {
  if (feed == ingest::kLookupFeed)
    return std::find(reader.owners.begin(), reader.owners.end(), owner) != reader.owners.end();
  return identity::may_see(reader, type) && identity::may_read_owner(reader, owner);
}

}  // namespace

bool may_see(const Reader& reader, const rules::Rule& rule) {
  const auto sees_type = [&](EventType t) { return identity::may_see(reader, t); };
  const auto sees_field = [&](FieldId f) { return identity::may_see(reader, f); };
  const bool is_of_walled = !rule.types.empty() && std::none_of(rule.types.begin(), rule.types.end(), sees_type);
  return !is_of_walled && std::all_of(rule.reads.begin(), rule.reads.end(), sees_field);
}

bool is_about(const Reader& reader, const live::AlertRow& alert) {
  return std::any_of(alert.subjects.begin(), alert.subjects.end(),
                     [&](const live::SubjectRow& s) { return identity::is_own(reader, s.value); });
}

bool may_see(const Reader& reader, const live::AlertRow& alert) {
  if (!may_see(reader, *alert.rule)) return false;
  if (is_about(reader, alert)) return false;
  const auto sees_facts = [&](const std::vector<FieldId>& facts) {
    return std::all_of(facts.begin(), facts.end(), [&](FieldId f) { return identity::may_see(reader, f); });
  };
  const auto sees_evidence = [&](const live::EvidenceRow& e) {
    if (!sees_facts(e.facts)) return false;
    if (!e.event) return identity::may_see_absence(reader, e.search.searched);
    return may_see_record(reader, e.event->type, e.event->feed, e.event->owner);
  };
  const auto sees_source = [&](const pipeline::EvidenceSource& s) {
    if (!sees_facts(s.facts)) return false;
    return s.is_search ? identity::may_see_absence(reader, s.type) : may_see_record(reader, s.type, s.feed, s.owner);
  };
  return std::all_of(alert.evidence.begin(), alert.evidence.end(), sees_evidence) &&
         std::all_of(alert.omitted_sources.begin(), alert.omitted_sources.end(), sees_source);
}

bool stands_inside(const Reader& reader) {
  return identity::may_see(reader, EventType::selection_added);
}

bool may_see(const Reader& reader, const Event& event) {
  return may_see_record(reader, event.type, event.feed, event.owner);
}

bool may_see_feed(const Reader& reader, std::span<const std::string> owners, std::span<const EventType> types) {
  const bool is_readable = std::all_of(owners.begin(), owners.end(),
                                       [&](const std::string& o) { return identity::may_read_owner(reader, o); });
  return std::all_of(types.begin(), types.end(), [&](EventType t) { return identity::may_see(reader, t); }) &&
         (identity::may_read_owner(reader, "*") || (is_readable && !owners.empty()));
}

bool may_see_all(const Reader& reader, std::span<const live::FeedRow> feeds) {
  return std::all_of(feeds.begin(), feeds.end(), [&](const live::FeedRow& feed) { return may_see(reader, feed); });
}

bool may_see(const Reader& reader, const live::FeedRow& feed) {
  return may_see_feed(reader, std::vector(feed.owners.begin(), feed.owners.end()),
                      std::vector(feed.types.begin(), feed.types.end()));
}

std::vector<live::ShownField> visible(const Reader& reader, const std::vector<live::ShownField>& fields) {
  std::vector<live::ShownField> out;
  std::copy_if(fields.begin(), fields.end(), std::back_inserter(out),
               [&](const live::ShownField& f) { return identity::may_see(reader, f.field); });
  return out;
}

}  // namespace quaywatch::api
