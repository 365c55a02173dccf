#include "app/decide.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "app/print.h"
#include "ingest/requests.h"
#include "io/clock.h"
#include "io/files.h"
#include "io/person.h"
#include "io/signals.h"
#include "live/decisions.h"
#include "rulebook/request_id.h"

namespace quaywatch::app {
namespace {

using rulebook::Request;

constexpr Duration kPatience = seconds(10);  // for a writing process to take a request; it looks every two seconds
constexpr Duration kLook = {200'000};

Result<rulebook::Judged> judge(const ingest::InputLog& log, const std::vector<Request>& requests,
                               const Request& approvers) {
  auto deployments = live::deployments_of(log);
  if (!deployments) return tl::unexpected(deployments.error());
  std::vector<Request> all = requests;
  if (deployments->approvers() != approvers.approvers) all.insert(all.begin(), approvers);
  return rulebook::judge(std::move(*deployments), all, io::now());
}

Result<Decided> through_writer(const Site& site, const std::vector<Request>& requests, const Request& approvers) {
  const auto log = ingest::InputLog::open_reading(site.folder(), site.keys());
  if (!log) return tl::unexpected(log.error());
  auto judged = judge(*log, requests, approvers);
  if (!judged) return tl::unexpected(judged.error());
  std::string last;
  for (const journal::TextEntry& entry : judged->entries) {
    auto left = ingest::leave_request(site.folder(), entry);
    if (!left) return tl::unexpected(left.error());
    last = std::move(*left);
  }
  Decided out{std::move(judged->decision), std::move(judged->deployments), false};
  if (last.empty()) return out;
  print(stderr, "the journal is being written by another process of the site; the request goes through it\n");
  const auto stop = io::StopSignals::install();
  if (!stop) return tl::unexpected(stop.error());
  const Duration began = io::monotonic_now();
  while (io::exists(last)) {
    const bool is_over = stop->wait(kLook) || io::monotonic_now().us - began.us > kPatience.us;
    out.waits = is_over && io::exists(last);
    if (out.waits) return out;
  }
  // What counts is what became of it at its place.
  const auto after = read_site_journal(site);
  if (!after) return tl::unexpected(after.error());
  out.deployments = after->deployments;
  for (const rulebook::Decision& d : after->deployments.history())
    if (d.request.request == requests.back().request) out.decision = d;
  return out;
}

}  // namespace

std::string account_pseudonym(const Site& site, const std::string& account) {
  return site.pseudonym(PersonalClass::account, account);
}

Result<rulebook::Approvers> configured_approvers(const Site& site,
                                                 const std::function<std::string(const std::string&)>& pseudonym) {
  const auto configuration = read_site_configuration(site);
  if (!configuration) return tl::unexpected(configuration.error());
  rulebook::Approvers out{{}, configuration->outside_reviewer};
  for (const std::string& account : configuration->approvers) out.people.insert(pseudonym(account));
  return out;
}

Result<Decided> decide(const Site& site, Request request) {
  auto configured =
      configured_approvers(site, [&](const std::string& account) { return account_pseudonym(site, account); });
  if (!configured) return tl::unexpected(configured.error());
  const auto person = io::person();
  if (!person) return tl::unexpected(person.error());
  Request approvers;
  approvers.step = rulebook::Step::approvers;
  approvers.approvers = std::move(*configured);
  for (Request* r : {&approvers, &request}) {
    auto id = rulebook::new_request_id();
    if (!id) return tl::unexpected(id.error());
    r->request = std::move(*id);
    r->by = account_pseudonym(site, *person);
  }
  auto log = ingest::InputLog::open(site.folder(), site.keys());
  // A lock that another holds is told with the lock's path.
  if (!log && log.error().context.ends_with("/.lock")) return through_writer(site, {request}, approvers);
  if (!log) return tl::unexpected(log.error());
  auto judged = judge(*log, {request}, approvers);
  if (!judged) return tl::unexpected(judged.error());
  for (const journal::TextEntry& entry : judged->entries)
    if (auto noted = log->note(entry); !noted) return tl::unexpected(noted.error());
  if (auto done = log->commit(); !done) return tl::unexpected(done.error());
  return Decided{std::move(judged->decision), std::move(judged->deployments), false};
}

}  // namespace quaywatch::app
