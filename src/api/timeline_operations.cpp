#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "api/alert_pages.h"
#include "api/answer.h"
#include "api/operations.h"
#include "api/subject_pages.h"
#include "api/visibility.h"
#include "base/limits_server.h"
#include "base/text.h"
#include "ingest/feed_health.h"
#include "live/alert_json.h"
#include "model/identifiers.h"

namespace quaywatch::api {
namespace {

using nlohmann::ordered_json;

// Facts that say of themselves that two records cannot both be right.
constexpr FieldId kContradictions[] = {FieldId::container_sources_disagree, FieldId::container_size_type_changed};

std::string label(const Subject& subject) {
  return subject.kind == SubjectKind::container ? display_container_number(subject.key) : subject.key;
}

ordered_json subject_json(const Subject& subject) {
  return {{"kind", name(subject.kind)}, {"key", subject.key}, {"label", label(subject)}};
}

std::string cursor_of(const live::EventRow& e) {
  return fmt::format("{}.{}", e.event_time.us, e.id.hex());
}

bool read_cursor(const std::string& text, Place& out) {
  const auto dot = text.find('.');
  if (dot == std::string::npos) return false;
  const char* end = text.data() + dot;
  const auto [at, error] = std::from_chars(text.data(), end, out.time.us);
  return error == std::errc() && at == end && Id128::parse(std::string_view(text).substr(dot + 1), out.id);
}

// Alerts about the subject that the reader may see, and on which events each rests.
std::vector<live::AlertRowPtr> alerts_about(const Context& context, const Call& call, const Subject& subject) {
  auto out = context.live->view()->alerts->about(subject);
  std::erase_if(out, [&](const live::AlertRowPtr& alert) { return !may_see(call.reader, *alert); });
  return out;
}

void put_timeline_event(JsonText& out, const live::EventRow& e, const std::vector<live::AlertRowPtr>& alerts) {
  live::put_event(out.open('{'), e);
  out.key("classifier").value(name(e.classifier)).key("op").value(name(e.op));
  live::put_fields(out.key("facts"), e.facts);
  out.key("alert_ids").open('[');
  for (const auto& alert : alerts)
    if (std::any_of(alert->evidence.begin(), alert->evidence.end(),
                    [&](const live::EvidenceRow& row) { return row.event && row.event->id == e.id; }))
      out.value(alert->id);
  out.close(']').close('}');
}

ordered_json contradictions_json(const std::vector<live::EventRow>& events) {
  auto out = ordered_json::array();
  for (const FieldId fact : kContradictions) {
    auto ids = ordered_json::array();
    for (const live::EventRow& e : events)
      if (std::any_of(e.facts.begin(), e.facts.end(),
                      [&](const auto& f) { return f.field == fact && f.text == "true"; }))
        ids.push_back(e.id.hex());
    if (!ids.empty())
      out.push_back({{"name", info(fact).name}, {"sentence", info(fact).sentence}, {"event_ids", std::move(ids)}});
  }
  return out;
}

bool is_lookup(std::string_view feed) {
  return feed == ingest::kLookupFeed;
}

bool is_looked_up(SubjectKind kind) {
  return kind == SubjectKind::container || kind == SubjectKind::release;
}

}  // namespace

io::HttpResponse get_timeline(Context& context, const Call& call) {
  Reading in(call.query);
  const auto kind = find_subject_kind(call.path.at("kind"));
  if (!kind) return problem(404, "not_found", "there is no such kind of subject", "kind");
  live::TimelineQuery query;
  query.subject = {*kind, call.path.at("key")};
  if (*kind == SubjectKind::container) query.subject.key = squeeze(query.subject.key);
  query.from = in.time("from").value_or(Timestamp::min());
  query.until = in.time("until").value_or(Timestamp::max());
  query.limit = in.count("limit", 1, limits::kPageRows, 100);
  const std::string cursor = in.text("cursor", 200, false, 0), alert_id = in.text("alert_id", 32);
  if (!cursor.empty() && !read_cursor(cursor, query.after)) in.refuse("cursor", "this is no cursor of this list");
  if (!alert_id.empty() && !is_alert_id(alert_id)) in.refuse("alert_id", "this is no id of an alert");
  if (!in.is_good()) return invalid(in);
  // To who asks for himself it is as if nothing named him, and takes as long.
  const bool is_own = identity::is_own(call.reader, query.subject.key);
  query.may_show = [&](const Event& e) { return !is_own && may_see(call.reader, e); };
  query.shows = [&](FieldId field) { return identity::may_see(call.reader, field); };
  const auto subject_text = fmt::format("{}:{}", name(*kind), query.subject.key);
  Use use{"getTimeline", subject_text, {}, {}, {}};
  if (is_looked_up(*kind)) use.looked_up.push_back(query.subject);
  const bool is_explained = !alert_id.empty() && find_alert(context, call.reader, alert_id) != nullptr;
  if (is_explained) use.task = "alert " + alert_id;
  if (auto recorded = record(context, call, use); !recorded) return problem(recorded.error());
  const live::TimelinePage page = context.live->timeline(query);
  // One's own look-ups do not make a subject known.
  if (std::all_of(page.lanes.begin(), page.lanes.end(), [](const auto& lane) { return is_lookup(lane.first.first); }))
    return problem(404, "not_found", "nothing that you may see names this subject");
  const auto alerts = alerts_about(context, call, query.subject);
  // Written at once: this is asked for more often than anything else.
  JsonText out;
  out.text.reserve(1024 * (page.events.size() + 1));
  out.open('{').key("subject").written(dump(subject_json(query.subject))).key("lanes").open('[');
  for (const auto& [lane, events] : page.lanes)
    out.open('{').key("feed").value(lane.first).key("owner").value(lane.second).key("events").value(events).close('}');
  out.close(']').key("events").open('[');
  for (const auto& e : page.events) put_timeline_event(out, e, alerts);
  out.close(']').key("contradictions").written(dump(contradictions_json(page.events)));
  out.key("notes").written(dump(subject_notes_json(context, call.organisation.id, query.subject.key)));
  out.key("alerts").open('[');
  for (const auto& alert : alerts) out.written(dump(alert_summary(context, eyes(call), *alert)));
  out.close(']').key("next_cursor");
  page.has_more ? out.value(cursor_of(page.events.back())) : out.null();
  out.close('}');
  return json_text_answer(std::move(out.text));
}

io::HttpResponse search_subjects(Context& context, const Call& call) {
  Reading in(call.query);
  const std::string words = in.text("q", 200, true, 2);
  const std::size_t limit = in.count("limit", 1, 50, 20);
  if (!in.is_good()) return invalid(in);
  if (auto recorded = record(context, call, {"searchSubjects", {}, words, {}, {}}); !recorded)
    return problem(recorded.error());
  ordered_json j{{"items", ordered_json::array()}};
  const auto may_show = [&](const Event& e) { return !is_lookup(e.feed) && may_see(call.reader, e); };
  for (const auto& hit : context.live->search(words, limit, may_show)) {
    if (identity::is_own(call.reader, hit.subject.key)) continue;
    j["items"].push_back({{"subject", subject_json(hit.subject)},
                          {"events", hit.events},
                          {"exact", hit.is_exact},
                          {"last_event_time", format_rfc3339(hit.last)}});
  }
  return json_answer(j);
}

}  // namespace quaywatch::api
