#include <fmt/format.h>

#include <algorithm>

#include "api/answer.h"
#include "api/interface.h"
#include "api/operations.h"
#include "api/rule_set_pages.h"
#include "api/teller.h"
#include "api/visibility.h"

namespace quaywatch::api {
namespace {

struct Metric {
  std::string_view name, kind, help;
  std::uint64_t value = 0;
};

// Nothing here but a word: whoever may ask is not known.
nlohmann::ordered_json health_json(const Context& context) {
  const auto view = context.live->view();
  return {{"status", "ok"},
          {"version", context.version},
          {"rules_version", view->in_force.version},
          {"rules", view->in_force.problem.empty() ? "current" : "kept"},
          {"configuration", context.live->configuration().problem.empty() ? "current" : "kept"},
          {"organisation_keys", context.live->missing_organisation_keys().empty() ? "whole" : "missing"}};
}

}  // namespace

io::HttpResponse get_health(Context& context, const Call&) {
  return json_answer(health_json(context));
}

io::HttpResponse get_readiness(Context& context, const Call&) {
  if (context.live->is_taking() && context.live->room()) return json_answer(health_json(context));
  if (context.live->is_taking()) return problem(503, "not_ready", "the disk is nearly full: nothing is taken in");
  return problem(503, "not_ready", "the journal is being read, or cannot be written");
}

io::HttpResponse get_metrics(Context& context, const Call&) {
  const auto view = context.live->view();
  const auto http = context.http_counters ? context.http_counters() : io::HttpCounters{};
  const auto& a = view->account;
  const auto alerting = static_cast<std::uint64_t>(
      std::count_if(view->rules.begin(), view->rules.end(), [](const auto& row) { return !row.rule->is_part; }));
  const auto told = context.teller != nullptr ? context.teller->counters() : Teller::Counters{};
  const Metric metrics[] = {
      {"quaywatch_journal_entries", "gauge", "Entries of the input log that were judged.", view->entries},
      {"quaywatch_journal_waiting", "gauge", "Entries that are durable and wait for the rules.",
       context.live->waiting()},
      {"quaywatch_events_taken_total", "counter", "Events given to the engine since the start.", a.taken},
      {"quaywatch_events_evaluated", "gauge", "Events judged by at least one rule.", a.evaluated},
      {"quaywatch_events_no_rule", "gauge", "Events that no rule asks about.", a.no_rule},
      {"quaywatch_events_superseded", "gauge", "Events corrected or voided.", a.superseded},
      {"quaywatch_events_duplicate_total", "counter", "Events delivered before.", a.duplicates},
      {"quaywatch_events_too_late_total", "counter", "Events older than what is kept of a subject.", a.too_late},
      {"quaywatch_reevaluations_total", "counter", "Events judged again after a late or corrected one.",
       a.reevaluations},
      {"quaywatch_rules", "gauge", "Rules in force.", alerting},
      {"quaywatch_rules_version", "gauge", "Version of the rules in force; 0: those of the program.",
       view->in_force.version},
      {"quaywatch_rules_refused", "gauge", "Rules of deployed sets that this program cannot use.",
       view->in_force.refused.size()},
      {"quaywatch_configuration_kept", "gauge", "1: files of the configuration could not be read anew; the old hold.",
       context.live->configuration().problem.empty() ? 0u : 1u},
      {"quaywatch_intake_waits", "gauge", "1: the disk is nearly full, and nothing is taken in.",
       context.live->room() ? 0u : 1u},
      {"quaywatch_organisation_keys_missing", "gauge",
       "Keys of organisations that are not here: look-ups sealed with them count as unknown.",
       context.live->missing_organisation_keys().size()},
      {"quaywatch_storage_encrypted", "gauge", "1: the site's folder lies on a device that dm-crypt encrypts.",
       context.storage.encryption == io::Encryption::dm_crypt ? 1u : 0u},
      {"quaywatch_feeds", "gauge", "Feeds that delivered something.", view->feeds.size()},
      {"quaywatch_sessions", "gauge", "Sessions that are open.", context.sessions.size()},
      {"quaywatch_event_streams", "gauge", "Clients of the event stream.", context.hub.clients()},
      {"quaywatch_told_total", "counter", "Messages that a receiver has taken.", told.delivered},
      {"quaywatch_told_failed_total", "counter", "Attempts that failed.", told.failed},
      {"quaywatch_told_withheld_total", "counter", "Messages not sent: the recipient may not read them.",
       told.withheld},
      {"quaywatch_told_open", "gauge", "Notices and requests still to be delivered.", told.open},
      {"quaywatch_on_call_waiting", "gauge", "Alerts asked about and not acknowledged.", told.waiting},
      {"quaywatch_http_connections_total", "counter", "Connections accepted.", http.connections},
      {"quaywatch_http_connections_open", "gauge", "Connections open now.", http.connections_open},
      {"quaywatch_http_connections_refused_total", "counter", "Connections beyond the limit.",
       http.connections_refused},
      {"quaywatch_http_requests_total", "counter", "Requests answered.", http.requests},
      {"quaywatch_http_requests_refused_total", "counter", "Requests too large or malformed.", http.requests_refused},
      {"quaywatch_http_timeouts_total", "counter", "Connections that took too long.", http.timed_out},
  };
  io::HttpResponse answer;
  answer.content_type = "text/plain; version=0.0.4; charset=utf-8";
  for (const Metric& m : metrics)
    answer.body += fmt::format("# HELP {0} {2}\n# TYPE {0} {1}\n{0} {3}\n", m.name, m.kind, m.help, m.value);
  return answer;
}

io::HttpResponse get_service(Context& context, const Call& call) {
  live::Configuration c = context.live->configuration();
  // Files are named after feeds, of which some are behind walls.
  if (!stands_inside(call.reader)) {
    c.mapping_files.clear();
    if (!c.problem.empty()) c.problem = "files of the configuration could not be read; the log of the server says why";
  }
  nlohmann::ordered_json j{{"version", context.version}};
  j["storage"] = {{"encryption", io::name_of(context.storage.encryption)}, {"device", context.storage.device}};
  j["rules"] = in_force_json(*context.live->view(), context.live->options(), call.reader);
  j["configuration"] = {
      {"read_at", format_rfc3339(c.read_at)}, {"mapping_files", c.mapping_files}, {"problem", c.problem}};
  return json_answer(j);
}

io::HttpResponse get_open_api(Context&, const Call&) {
  return json_answer(interface());
}

}  // namespace quaywatch::api
