#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>

#include "api/answer.h"
#include "api/backtests.h"
#include "api/operations.h"
#include "api/parameters.h"
#include "api/rule_set_pages.h"
#include "api/rule_set_reading.h"
#include "api/visibility.h"
#include "base/limits.h"
#include "base/limits_server.h"
#include "rulebook/backtest_summary.h"
#include "rulebook/deployed_rules.h"
#include "rulebook/request_id.h"
#include "rules/staff_data.h"

namespace quaywatch::api {
namespace {

using rulebook::Deployments;
using rulebook::Refusal;
using rulebook::Request;
using rulebook::Step;

constexpr std::size_t kRules = 1000;  // that an agreement names

io::HttpResponse no_version() {
  return problem(404, "not_found", "there is no such set of rules", "version");
}

std::optional<rulebook::Version> version_of(const Call& call, const char* parameter = "version") {
  const std::string& text = call.path.at(parameter);
  rulebook::Version out = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
  const bool is_number = read.ec == std::errc() && read.ptr == text.data() + text.size();
  return is_number ? std::optional(out) : std::nullopt;
}

io::HttpResponse refused(Refusal refusal) {
  switch (refusal) {
    case Refusal::unknown_version:
      return no_version();
    case Refusal::unknown_agreement:
      return problem(404, "not_found", sentence(refusal), "number");
    case Refusal::no_agreement:
    case Refusal::not_shorter:
      return problem(400, "invalid", sentence(refusal), "until");
    case Refusal::no_reason:
      return problem(400, "invalid", sentence(refusal), "reason");
    case Refusal::not_an_approver:
    case Refusal::same_person:
    case Refusal::no_outside_reviewer:
      return problem(403, "forbidden", sentence(refusal));
    default:
      return problem(409, "conflict", sentence(refusal));
  }
}

io::HttpResponse rule_sets(const Context& context, const Call& call, int status) {
  const auto deployments = as_configured(context, call.now);
  // A configuration that cannot be read is told by whoever decides; what is decided can be read all the same.
  return json_answer(
      rule_sets_json(context, call, deployments ? **deployments : *context.live->view()->deployments), status);
}

// Judged at its place in the journal, and durable and in force when this returns.
std::optional<io::HttpResponse> decide(Context& context, const Call& call, Request request, std::string_view action) {
  const bool is_of_agreement = request.step > Step::rolled_back;
  if (context.live->options().only_those && !is_of_agreement)
    return problem(409, "conflict",
                   "this server was started with rules of its own (--rules); start it without to decide on them");
  const auto configured = context.approvers();
  if (!configured) return problem(409, "conflict", configured.error().context + ": " + configured.error().message);
  // On the command line one who has the site's files may; here somebody must be named.
  if (is_of_agreement && configured->people.empty()) return refused(Refusal::not_an_approver);
  Request list;
  list.step = Step::approvers;
  list.approvers = *configured;
  for (Request* r : {&list, &request}) {
    auto id = rulebook::new_request_id();
    if (!id) return problem(id.error());
    r->request = std::move(*id);
  }
  Refusal refusal = Refusal::none;
  const auto written = context.live->write([&]() -> Result<std::vector<journal::Entry>> {
    const auto before = context.live->view()->deployments;
    std::vector<Request> requests{list, request};
    if (before->approvers() == *configured) requests.erase(requests.begin());
    Deployments now = *before;
    std::vector<journal::Entry> entries;
    for (Request& r : requests) {
      r.by = deciding_as(call.user, now, r);
      auto judged = rulebook::judge(std::move(now), {r}, context.now());
      if (!judged) return tl::unexpected(judged.error());
      refusal = judged->decision.refusal;
      for (auto& entry : judged->entries) entries.emplace_back(std::move(entry));
      request.version = judged->decision.request.version;
      now = std::move(judged->deployments);
    }
    if (entries.empty()) return fail(ErrorCode::invalid_argument, "refused");
    const Use use = is_of_agreement ? Use{"decideAgreement", fmt::format("agreement:{}", request.version),
                                          std::string(action), {}, {}}
                                    : Use{"decideRuleSet", fmt::format("rules:{}", request.version),
                                          std::string(action), {}, {}};
    auto used = entries_of(context, call, use);
    if (!used) return used;
    if (refusal == Refusal::none) std::move(used->begin(), used->end(), std::back_inserter(entries));
    return entries;
  });
  if (refusal != Refusal::none) return refused(refusal);
  if (!written) return problem(written.error());
  return std::nullopt;
}

// The figures of one that the server made of these rules, against those that are still in force.
std::optional<io::HttpResponse> take_backtest(const Context& context, const Call& call, const std::string& id,
                                              rulebook::Proposal& proposal) {
  const auto job = context.backtests->find(id, call.reader);
  if (job == nullptr || job->state != BacktestJob::State::done)
    return problem(409, "conflict", "this back-test is not there any more, or has not ended; run it again",
                   "backtest_id");
  if (job->digest != rulebook::pack_digest(proposal.files) || job->against != context.live->view()->in_force.version)
    return problem(409, "conflict",
                   "this back-test is not of the rules that are proposed against those in force; run it again",
                   "backtest_id");
  proposal.backtest = rulebook::sentence(job->figures);
  return std::nullopt;
}

}  // namespace

io::HttpResponse list_rule_sets(Context& context, const Call& call) {
  return rule_sets(context, call, 200);
}

io::HttpResponse check_rule_set(Context& context, const Call& call) {
  Reading in(call.body, {"files"});
  const std::vector<rules::RuleFile> files = read_files(in, call.body);
  if (!in.is_good()) return invalid(in);
  const auto changes = changes_of(*context.live->view(), context.live->options(), files);
  if (!may_see(call.reader, changes)) return hidden_rules();
  const auto loaded = rules::Pack::load(files);
  return json_answer({{"rules", changes.rules},
                      {"refused", refusals_json(loaded.refused)},
                      {"changes", changes_json(changes)}});
}

io::HttpResponse propose_rule_set(Context& context, const Call& call) {
  Reading in(call.body, {"files", "reason", "backtest", "backtest_id"});
  Request request;
  request.step = Step::proposed;
  request.reason = in.text("reason", rulebook::kReasonBytes, true);
  const std::string backtest = in.text("backtest", limits::kHttpIntakeBytes);
  const std::string backtest_id = in.id("backtest_id", 'b');
  if (!backtest.empty() && !backtest_id.empty()) in.refuse("backtest_id", "one back-test goes with a proposal");
  if (in.is_good()) request.proposal.files = read_files(in, call.body);
  if (!in.is_good()) return invalid(in);
  if (auto broken = refuse_unless_it_compiles(request.proposal.files)) return std::move(*broken);
  if (!may_see(call.reader, changes_of(*context.live->view(), context.live->options(), request.proposal.files)))
    return hidden_rules();
  if (!backtest.empty()) {
    const auto figures = rulebook::backtest_figures(backtest, request.proposal.files);
    if (!figures) return problem(400, "invalid", figures.error().message, "backtest");
    request.proposal.backtest = rulebook::sentence(*figures);
  }
  if (!backtest_id.empty())
    if (auto unfit = take_backtest(context, call, backtest_id, request.proposal)) return std::move(*unfit);
  request.proposal.digest = rulebook::pack_digest(request.proposal.files);
  if (auto refused = decide(context, call, std::move(request), "propose")) return std::move(*refused);
  return rule_sets(context, call, 201);
}

io::HttpResponse decide_rule_set(Context& context, const Call& call) {
  Reading in(call.body, {"action", "reason"});
  const std::string action = in.word("action", {"approve", "refuse", "roll_back"}, true);
  Request request;
  request.reason = in.text("reason", rulebook::kReasonBytes);
  if (!in.is_good()) return invalid(in);
  const auto version = version_of(call);
  const auto view = context.live->view();
  if (!version || *version > view->deployments->proposals().size()) return no_version();
  request.version = *version;
  request.step = action == "approve" ? Step::deployed : action == "refuse" ? Step::refused : Step::rolled_back;
  if (request.step != Step::rolled_back) {
    if (*version == 0) return no_version();
    const auto& files = view->deployments->proposals()[*version - 1].files;
    if (!may_see(call.reader, changes_of(*view, context.live->options(), files))) return no_version();
    if (request.step == Step::deployed)
      if (auto broken = refuse_unless_it_compiles(files)) return std::move(*broken);
  }
  if (auto refused = decide(context, call, std::move(request), action)) return std::move(*refused);
  return rule_sets(context, call, 200);
}

io::HttpResponse record_agreement(Context& context, const Call& call) {
  Reading in(call.body, {"reference", "parties", "rules", "from", "until"});
  Request request;
  request.step = Step::agreed;
  rulebook::Agreement& a = request.agreement;
  a.reference = in.text("reference", rulebook::kReasonBytes, true);
  a.parties = in.text("parties", rulebook::kReasonBytes, true);
  a.rules = in.texts("rules", kRules, 100);
  const auto from = in.time("from"), until = in.time("until");
  if (in.is_good() && (!from || !until)) in.refuse(from ? "until" : "from", "an agreement has a beginning and an end");
  if (!in.is_good()) return invalid(in);
  a.from = *from;
  a.until = *until;
  const auto view = context.live->view();
  for (const std::string& id : a.rules)
    if (std::none_of(view->rules.begin(), view->rules.end(), [&](const live::RuleRow& row) {
          return row.rule->id == id && rules::reads_staff_data(*row.rule) && may_see(call.reader, *row.rule);
        }))
      return problem(400, "invalid", fmt::format("no rule that reads data on staff has this id: {}", id), "rules");
  if (auto refused = decide(context, call, std::move(request), "record")) return std::move(*refused);
  return rule_sets(context, call, 201);
}

io::HttpResponse decide_agreement(Context& context, const Call& call) {
  Reading in(call.body, {"action", "reason", "until"});
  const std::string action = in.word("action", {"confirm", "end"}, true);
  Request request;
  request.reason = in.text("reason", rulebook::kReasonBytes);
  const auto until = in.time("until");
  if (!in.is_good()) return invalid(in);
  request.step = action == "confirm" ? Step::agreement_confirmed : Step::agreement_ended;
  request.version = version_of(call, "number").value_or(0);
  request.agreement.until = until.value_or(call.now);
  if (auto refused = decide(context, call, std::move(request), action)) return std::move(*refused);
  return rule_sets(context, call, 200);
}

io::HttpResponse get_rule_set(Context& context, const Call& call) {
  const auto version = version_of(call);
  const auto view = context.live->view();
  if (!version || *version > view->deployments->proposals().size()) return no_version();
  const live::LiveOptions& options = context.live->options();
  const auto& files = rulebook::files_of(*view->deployments, options.rules, *version);
  nlohmann::ordered_json j{{"version", *version}, {"files", nlohmann::ordered_json::array()}};
  // A set is the whole of it: who may not see one of its rules could not propose a changed one either.
  const auto loaded = rules::Pack::load(files);
  const bool sees_all = std::all_of(loaded.pack.rules().begin(), loaded.pack.rules().end(),
                                    [&](const rules::Rule& r) { return may_see(call.reader, r); });
  if (!sees_all) return no_version();
  for (const rules::RuleFile& f : files) j["files"].push_back({{"path", f.path}, {"text", f.text}});
  return json_answer(j);
}

}  // namespace quaywatch::api
