#include "live/subject_index.h"

#include <algorithm>
#include <tuple>

#include "base/limits_server.h"
#include "base/text.h"
#include "journal/pseudonym.h"
#include "model/identifiers.h"

namespace quaywatch::live {
namespace {

// How a query and a key are compared: upper case, without what people put between.
enum class Likeness : std::uint8_t { exact, begins, holds, near, none };

Likeness likeness(const std::string& query, const Subject& subject, bool may_be_near) {
  const std::string key = squeeze(subject.key);
  if (key == query) return Likeness::exact;
  // Ten characters of a container number are the number: the eleventh follows from them.
  if (subject.kind == SubjectKind::container && query.size() == 10 && key.size() == 11 && key.starts_with(query))
    return Likeness::exact;
  if (key.starts_with(query)) return Likeness::begins;
  if (key.find(query) != std::string::npos) return Likeness::holds;
  if (may_be_near && query.size() >= 5 && is_one_slip(key, query)) return Likeness::near;
  return Likeness::none;
}

// Fields that name a person. Free text is sealed as a whole, so its pseudonym is nobody's.
bool names_person(FieldId field) {
  return info(field).personal != PersonalClass::none && field != FieldId::log_message;
}

template <typename T>
void add_once(std::vector<T>& all, T one) {
  if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(std::move(one));
}

std::vector<EventPtr> in_order(std::vector<EventPtr> events) {
  std::sort(events.begin(), events.end(), [](const EventPtr& a, const EventPtr& b) { return place(*a) < place(*b); });
  return events;
}

}  // namespace

SubjectKind subject_of(PersonalClass personal) {
  constexpr SubjectKind kKinds[] = {SubjectKind::none, SubjectKind::account, SubjectKind::credential,
                                    SubjectKind::holder, SubjectKind::vehicle};
  return kKinds[static_cast<std::size_t>(personal)];
}

void SubjectIndex::add(const EventPtr& event) {
  std::vector<Subject> named;
  std::vector<std::string> beside;
  event->fields.each([&](FieldId field, const Value& v) {
    const SubjectKind kind = info(field).subject;
    const bool is_beside = kind == SubjectKind::none && names_person(field);
    if ((kind == SubjectKind::none && !is_beside) || v.kind != Kind::text || v.text.empty()) return;
    std::string shown = journal::shown_text(*keys_, info(field).personal, v.text);
    if (is_beside)
      add_once(beside, std::move(shown));
    else
      add_once(named, Subject{kind, std::move(shown)});
  });
  for (Subject& subject : named) events_[std::move(subject)].push_back(event);
  for (const std::string& pseudonym : beside) beside_[pseudonym].push_back(event);
}

std::vector<EventPtr> SubjectIndex::events(const Subject& subject) const {
  const auto at = events_.find(subject);
  if (at == events_.end()) return {};
  return in_order(at->second);
}

std::vector<EventPtr> SubjectIndex::naming(PersonalClass personal, const std::string& pseudonym) const {
  std::vector<EventPtr> out;
  if (const auto at = events_.find({subject_of(personal), pseudonym}); at != events_.end()) out = at->second;
  if (const auto at = beside_.find(pseudonym); at != beside_.end())
    out.insert(out.end(), at->second.begin(), at->second.end());
  out = in_order(std::move(out));
  out.erase(std::unique(out.begin(), out.end(), [](const EventPtr& a, const EventPtr& b) { return a->id == b->id; }),
            out.end());
  return out;
}

std::vector<SubjectIndex::Hit> SubjectIndex::search(std::string_view query, std::size_t at_most,
                                                    const std::function<bool(const Event&)>& may_show) const {
  const std::string wanted = squeeze(query);
  if (wanted.empty()) return {};
  using Found = std::pair<Likeness, const Events::value_type*>;
  std::vector<Found> found;
  std::size_t compared = 0;
  for (const auto& row : events_) {
    const Likeness l = likeness(wanted, row.first, ++compared <= limits::kSearchedSubjects);
    if (l != Likeness::none) found.emplace_back(l, &row);
  }
  // A short query is in very many, of which a few are wanted.
  const auto is_worse = [](const Found& a, const Found& b) {
    return std::tie(a.first, a.second->first) > std::tie(b.first, b.second->first);
  };
  std::make_heap(found.begin(), found.end(), is_worse);
  std::vector<Hit> out;
  for (; !found.empty() && out.size() < at_most; found.pop_back()) {
    std::pop_heap(found.begin(), found.end(), is_worse);
    const Found& f = found.back();
    Hit hit{f.second->first, 0, Timestamp::min(), f.first == Likeness::exact};
    for (const EventPtr& e : f.second->second) {
      if (!may_show(*e)) continue;
      ++hit.events;
      hit.last = std::max(hit.last, e->event_time);
    }
    if (hit.events > 0) out.push_back(std::move(hit));
  }
  return out;
}

}  // namespace quaywatch::live
