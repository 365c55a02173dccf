#include <algorithm>

#include "api/answer.h"
#include "api/operations.h"
#include "api/parameters.h"
#include "api/visibility.h"
#include "base/base64.h"
#include "base/limits_server.h"
#include "base/text.h"
#include "live/alert_json.h"

namespace quaywatch::api {
namespace {

using nlohmann::ordered_json;

ordered_json feed_json(const live::FeedRow& row) {
  ordered_json j{{"feed", row.feed},         {"files", row.files},       {"events", row.events},
                 {"repeated", row.repeated}, {"rejected", row.rejected}, {"unknown_codes", row.unknown_codes}};
  j["first_event_time"] = time_or_null(row.first);
  j["last_event_time"] = time_or_null(row.last);
  j["last_received_at"] = time_or_null(row.last_received);
  j["lateness_s"] = row.lateness ? ordered_json(row.lateness->us / seconds(1).us) : ordered_json(nullptr);
  j["covered"] = ordered_json::array();
  for (const auto& [from, until] : row.covered)
    j["covered"].push_back({{"from", format_rfc3339(from)}, {"until", format_rfc3339(until)}});
  j["health"] = ordered_json::array();
  for (const live::EventRow& e : row.health)
    j["health"].push_back({{"type", info(e.type).name},
                           {"sentence", info(e.type).sentence},
                           {"event_time", format_rfc3339(e.event_time)},
                           {"fields", live::fields_json(e.fields)}});
  return j;
}

bool sees_all_owners(const Call& call) {
  return identity::may_read_owner(call.reader, "*");
}

ordered_json counts_json(const std::map<std::string, std::uint64_t>& counts) {
  auto out = ordered_json::object();
  for (const auto& [word, n] : counts) out[word] = n;
  return out;
}

}  // namespace

io::HttpResponse list_feeds(Context& context, const Call& call) {
  ordered_json j{{"items", ordered_json::array()}};
  const auto view = context.live->view();
  for (const live::FeedRow& row : view->feeds)
    if (may_see(call.reader, row)) j["items"].push_back(feed_json(row));
  return json_answer(j);
}

// Rejects were never read, so no wall can be drawn through them: only readers of everything see their bytes.
io::HttpResponse list_rejects(Context& context, const Call& call) {
  Reading in(call.query);
  const std::string file = in.text("file", 4096, false, 0);
  const std::size_t limit = in.count("limit", 1, limits::kPageRows, 100);
  const std::size_t skip = in.count("cursor", 0, 1'000'000'000, 0);
  if (!in.is_good()) return invalid(in);
  const bool may_read = sees_all_owners(call) && identity::may_see(call.reader, EventType::selection_added);
  if (!may_read) return problem(403, "forbidden", "rejects are shown to organisations that may read every owner");
  if (auto recorded = record(context, call, {"listRejects", file, {}, {}, {}}); !recorded)
    return problem(recorded.error());
  const auto files =
      context.live->rejected_files(file.empty() ? std::vector<std::string>{} : std::vector<std::string>{file});
  const auto rows = context.live->rejects(files, skip, limit + 1, call.now);
  if (!rows) return problem(rows.error());
  ordered_json j{{"files", ordered_json::array()}, {"items", ordered_json::array()}, {"next_cursor", nullptr}};
  for (const auto& f : files)
    j["files"].push_back({{"file", f.name},
                          {"feed", ingest::feed_of_file(f.feed, f.format)},
                          {"taken_at", format_rfc3339(f.at)},
                          {"reasons", counts_json(f.rejected)}});
  for (std::size_t i = 0; i < rows->size() && i < limit; ++i) {
    const live::RejectRow& r = (*rows)[i];
    j["items"].push_back({{"file", r.file},
                          {"offset", r.offset},
                          {"size", r.size},
                          {"reason", r.reason},
                          {"message", r.message},
                          {"bytes", base64(r.bytes)},
                          {"cut", r.bytes.size() < r.size}});
  }
  if (rows->size() > limit) j["next_cursor"] = std::to_string(skip + limit);
  return json_answer(j);
}

io::HttpResponse retry_rejects(Context& context, const Call& call) {
  Reading in(call.body, {"files"});
  const auto files = in.texts("files", 1000, 4096);
  if (!in.is_good()) return invalid(in);
  if (!sees_all_owners(call))
    return problem(403, "forbidden", "rejects are for organisations that may read every owner");
  if (auto recorded = record(context, call, {"retryRejects", {}, {}, {}, {}}); !recorded)
    return problem(recorded.error());
  const auto report = context.live->retry_rejects(files, call.now);
  if (!report) return problem(report.error());
  std::uint64_t events = 0, rejected = 0;
  for (const auto& f : report->taken) {
    events += f.events;
    for (const auto& [reason, n] : f.rejected) rejected += n;
  }
  return json_answer({{"files", report->taken.size()}, {"events", events}, {"rejected", rejected}});
}

io::HttpResponse take_events(Context& context, const Call& call) {
  const std::string_view header = call.http.header("content-type");
  const std::string_view type = trim(header.substr(0, header.find(';')));
  if (type != "application/cloudevents+json" && type != "application/cloudevents-batch+json")
    return problem(415, "wrong_type",
                   "the body is application/cloudevents+json or application/cloudevents-batch+json");
  if (call.http.body.empty()) return problem(400, "invalid", "the body is empty");
  Reading in(call.query);
  const bool until_judged = in.word("answer_when", {"durable", "judged"}) == "judged";
  if (!in.is_good()) return invalid(in);
  const std::string name = "/http/" + call.user.id + "/" + format_rfc3339(call.now) + "/events.json";
  const auto report = context.live->take_in(name, call.http.body, call.now, until_judged);
  if (!report) return problem(report.error());
  ordered_json j{{"events", 0}, {"repeated", 0}, {"rejected", ordered_json::object()}};
  for (const auto& f : report->taken)
    j = {{"events", f.events}, {"repeated", f.repeated}, {"rejected", counts_json(f.rejected)}};
  return json_answer(j);
}

}  // namespace quaywatch::api
