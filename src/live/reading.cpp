// Live: what others ask of the engine, under its lock.
#include <algorithm>
#include <string_view>

#include "base/limits_server.h"
#include "ingest/feed_health.h"
#include "journal/pseudonym.h"
#include "live/live.h"

namespace quaywatch::live {
namespace {

constexpr std::size_t kReadAtOnce = 256;  // rows, before others are let in

std::optional<FieldId> field_showing(const journal::KeyRing& keys, const Event& event, std::string_view pseudonym,
                                     const Live::MayShow& may_show) {
  std::optional<FieldId> out;
  event.fields.each([&](FieldId field, const Value& v) {
    const PersonalClass personal = info(field).personal;
    const bool shows = personal != PersonalClass::none && v.kind == Kind::text &&
                       journal::shown_text(keys, personal, v.text) == pseudonym;
    if (shows && !out && may_show(event, field)) out = field;
  });
  return out;
}

// Without what names nobody.
std::optional<Lorry> lorry_of(const Event& event, const Live::MayShow& may_show) {
  const auto text = [&](FieldId field) {
    std::string out;
    event.fields.each(field, [&](const Value& v) {
      if (v.kind == Kind::text && may_show(event, field)) out = std::string(v.text);
    });
    return out;
  };
  Lorry out{event.type, event.event_time, event.feed, text(FieldId::vehicle_plate), text(FieldId::driver_card)};
  return out.plate.empty() && out.card.empty() ? std::nullopt : std::optional(std::move(out));
}

}  // namespace

TimelinePage Live::timeline(const TimelineQuery& query) {
  const std::lock_guard lock(mutex_);
  TimelinePage page;
  if (!ready_) return page;
  const RowMaker maker{file_names_, keys_};
  timeline::Facts facts;
  for (const EventPtr& e : index_.events(query.subject)) {
    if (e->event_time < query.from || e->event_time > query.until || !query.may_show(*e)) continue;
    ++page.lanes[{e->feed, e->owner}];
    if (place(*e) <= query.after) continue;
    if (page.events.size() == query.limit) {
      page.has_more = true;
      continue;
    }
    EventRow row = maker.event(*e, query.shows);
    // How much a user of this console looks at is for an alert to say, whose rule states its purpose.
    if (e->feed != ingest::kLookupFeed && judging_->current().timelines().holds(*e)) {
      judging_->current().facts(e, facts);
      row.facts = maker.fields(facts.values, query.shows);
      // A fact tells what the records behind it say.
      const auto hidden = facts.resting_on([&](const Event& cited) { return !query.may_show(cited); });
      std::erase_if(row.facts, [&](const ShownField& f) {
        return std::find(hidden.begin(), hidden.end(), f.field) != hidden.end();
      });
    }
    page.events.push_back(std::move(row));
  }
  return page;
}

MapMoment Live::map_at(std::optional<Timestamp> at, const std::function<bool(const Event&)>& may_show) {
  const std::lock_guard lock(mutex_);
  MapMoment out{at.value_or(Timestamp::min()), {}, {}};
  if (!ready_) return out;
  const Shows shows = [&](const EventPtr& e) { return may_show(*e) && judging_->current().stands(e); };
  out.until = whereabouts_.latest(shows);
  if (!at && out.until) out.at = *out.until;
  if (out.until && out.at >= *out.until - limits::kMapReach) out.seen = whereabouts_.at(out.at, shows);
  return out;
}

std::optional<Happening> Live::latest(const Subject& subject, const std::function<bool(const Event&)>& counts) {
  const std::lock_guard lock(mutex_);
  if (!ready_) return std::nullopt;
  const std::vector<EventPtr> events = index_.events(subject);
  const auto stands = [&](const EventPtr& e) { return counts(*e) && judging_->current().timelines().holds(*e); };
  const auto at = std::find_if(events.rbegin(), events.rend(), stands);
  return at == events.rend() ? std::nullopt : std::optional(Happening{(*at)->type, (*at)->event_time});
}

std::vector<SubjectIndex::Hit> Live::search(std::string_view query, std::size_t at_most,
                                            const std::function<bool(const Event&)>& may_show) {
  const std::lock_guard lock(mutex_);
  return index_.search(query, at_most, may_show);
}

std::size_t Naming::all() const {
  std::size_t out = 0;
  for (const auto& [feed, count] : feeds) out += count.events;
  return out;
}

// Others come in between: the events are held meanwhile, and nothing counts who holds them.
Naming Live::naming(const std::vector<Person>& persons, std::size_t at_most,
                    const std::function<bool(const Event&)>& may_show) {
  const std::lock_guard lock(mutex_);
  Naming out;
  std::vector<EventPtr> events;
  for (const Person& p : persons) {
    auto more = index_.naming(p.personal, p.pseudonym);
    events.insert(events.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  std::erase_if(events, [&](const EventPtr& e) { return !may_show(*e); });
  std::sort(events.begin(), events.end(), [](const EventPtr& a, const EventPtr& b) { return place(*b) < place(*a); });
  events.erase(std::unique(events.begin(), events.end(),
                           [](const EventPtr& a, const EventPtr& b) { return a->id == b->id; }),
               events.end());
  for (const EventPtr& e : events) {
    Naming::Count& count = out.feeds[e->feed];
    if (count.events++ == 0) count.last = e->event_time;
    count.first = e->event_time;
  }
  for (std::size_t i = 0; i < events.size() && i < at_most; ++i) {
    out.newest.push_back(RowMaker{file_names_, keys_}.event(*events[i]));
    if (i % kReadAtOnce != kReadAtOnce - 1) continue;
    mutex_.unlock();
    mutex_.lock();
  }
  return out;
}

std::string Live::shown(PersonalClass personal, std::string_view text) {
  return journal::shown_text(keys_, personal, text);
}

std::optional<ValuePlace> Live::find_value(const std::vector<Subject>& subjects, std::string_view pseudonym,
                                           const MayShow& may_show) {
  const std::lock_guard lock(mutex_);
  for (const Subject& subject : subjects) {
    const std::vector<EventPtr> events = index_.events(subject);
    for (auto e = events.rbegin(); e != events.rend(); ++e)
      if (const auto field = field_showing(keys_, **e, pseudonym, may_show))
        return ValuePlace{(*e)->id, *field, subject};
  }
  return std::nullopt;
}

std::vector<Lorry> Live::lorries(const std::vector<Subject>& subjects, Timestamp from, std::size_t at_most,
                                 const MayShow& may_show) {
  const std::lock_guard lock(mutex_);
  std::vector<EventPtr> events;
  for (const Subject& subject : subjects)
    for (const EventPtr& e : index_.events(subject))
      if (e->event_time >= from && judging_->current().timelines().holds(*e)) events.push_back(e);
  std::sort(events.begin(), events.end(), [](const EventPtr& a, const EventPtr& b) { return place(*b) < place(*a); });
  std::vector<Lorry> out;
  for (const EventPtr& e : events) {
    const auto lorry = lorry_of(*e, may_show);
    const auto is_same = [&](const Lorry& l) { return l.plate == lorry->plate && l.card == lorry->card; };
    if (lorry && out.size() < at_most && std::none_of(out.begin(), out.end(), is_same)) out.push_back(*lorry);
  }
  return out;
}

ClearValue Live::clear_value(const ValuePlace& place, std::string_view pseudonym, const MayShow& may_show) {
  const std::lock_guard writers(writing_);
  const std::lock_guard lock(mutex_);
  const std::vector<EventPtr> events = index_.events(place.subject);
  const auto at = std::find_if(events.begin(), events.end(), [&](const EventPtr& e) { return e->id == place.event; });
  // A record that was found under the value alone is not found without its key.
  ClearValue out{log_.stands(place.event) ? ClearValue::Fate::erased : ClearValue::Fate::gone, {}};
  if (at == events.end() || !may_show(**at, place.field)) return out;
  (*at)->fields.each(place.field, [&](const Value& v) {
    if (v.kind == Kind::text && journal::shown_text(keys_, info(place.field).personal, v.text) == pseudonym)
      out = {ClearValue::Fate::known, std::string(v.text)};
  });
  return out;
}

}  // namespace quaywatch::live
