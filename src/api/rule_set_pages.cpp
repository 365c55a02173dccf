#include "api/rule_set_pages.h"

#include <algorithm>

#include "api/backtest_pages.h"
#include "api/visibility.h"
#include "base/limits_server.h"
#include "rulebook/backtest_summary.h"
#include "rulebook/deployed_rules.h"

namespace quaywatch::api {
namespace {

using nlohmann::ordered_json;
using rulebook::Deployments;
using rulebook::Proposal;
using rulebook::Refusal;
using rulebook::Step;

// Stands for a request that nobody made, to ask what would become of it.
constexpr const char* kAsked = "asked";

ordered_json account_json(const Context& context, const Call& call, const std::string& account) {
  ordered_json j{{"account", account}, {"person", nullptr}};
  const auto mine = deciding_names(call.user);
  j["is_me"] = std::find(mine.begin(), mine.end(), account) != mine.end();
  for (const identity::User& u : context.directory->users()) {
    const auto names = deciding_names(u);
    if (u.organisation_id == call.organisation.id && std::find(names.begin(), names.end(), account) != names.end())
      j["person"] = ordered_json{{"id", u.id}, {"login", u.login}, {"name", u.name}};
  }
  return j;
}

ordered_json answer_json(Refusal refusal) {
  if (refusal == Refusal::none) return {{"refusal", nullptr}, {"sentence", ""}};
  return {{"refusal", word(refusal)}, {"sentence", sentence(refusal)}};
}

ordered_json would_be(const Call& call, const Deployments& deployments, Step step, rulebook::Version version) {
  return answer_json(refusal_of(call.user, deployments, step, version, call.now));
}

ordered_json side_json(const std::optional<rules::Rule>& rule) {
  if (!rule) return nullptr;
  ordered_json j{{"version", rule->version}, {"level", rules::name(rule->level)}};
  j["exceptions"] = ordered_json::array();
  for (const rules::Exception& e : rule->exceptions) {
    ordered_json x{{"owner", e.owner}, {"reason", e.reason}};
    x["from"] = format_rfc3339(e.from);
    x["until"] = format_rfc3339(e.until);
    if (!e.by.empty()) x["by"] = e.by;
    j["exceptions"].push_back(std::move(x));
  }
  return j;
}

ordered_json change_json(const rulebook::Change& c) {
  return {{"id", c.id},
          {"title", c.title},
          {"effect", c.is_new() ? "new" : c.is_gone() ? "gone" : "changed"},
          {"before", side_json(c.before)},
          {"now", side_json(c.now)},
          {"before_text", c.before_text},
          {"now_text", c.now_text}};
}

std::string_view state_word(Proposal::State state) {
  return state == Proposal::State::open ? "open" : state == Proposal::State::deployed ? "deployed" : "refused";
}

ordered_json step_json(const Context& context, const Call& call, const rulebook::Decision& d, bool shows_reason) {
  const rulebook::Request& r = d.request;
  ordered_json j{{"at", format_rfc3339(d.at)}, {"step", name(r.step).substr(std::string_view("rules.").size())}};
  j["by"] = account_json(context, call, r.by);
  j["version"] = r.step == Step::approvers ? ordered_json(nullptr) : ordered_json(r.version);
  j["reason"] = shows_reason ? r.reason : std::string();
  j["review"] = d.review;
  j["not_valid"] = d.refusal == Refusal::none ? std::string() : std::string(sentence(d.refusal));
  return j;
}

ordered_json agreement_json(const Context& context, const Call& call, const Deployments& deployments,
                            const rulebook::Agreement& a) {
  ordered_json j{{"number", a.number}, {"at", format_rfc3339(a.at)}};
  j["reference"] = a.reference;
  j["parties"] = a.parties;
  j["by"] = account_json(context, call, a.by);
  j["rules"] = a.rules;
  j["from"] = format_rfc3339(a.from);
  j["until"] = format_rfc3339(a.until);
  j["confirmed"] = a.is_confirmed;
  j["review"] = a.review;
  j["ended_for"] = a.ended_for;
  j["confirm"] = would_be(call, deployments, Step::agreement_confirmed, a.number);
  return j;
}

// Who proposed or recorded what is decided on; empty: nobody.
std::string author_of(const Deployments& deployments, const rulebook::Request& request) {
  const auto by = [&](const auto& all) {
    return request.version > 0 && request.version <= all.size() ? all[request.version - 1].by : std::string();
  };
  if (request.step == Step::agreement_confirmed) return by(deployments.agreements());
  return request.step == Step::deployed || request.step == Step::refused ? by(deployments.proposals()) : std::string();
}

}  // namespace

std::vector<std::string> deciding_names(const identity::User& user) {
  std::vector<std::string> out;
  for (const std::string& name : user.linked_accounts)
    if (name.starts_with("account-")) out.push_back(name);
  return out;
}

std::string deciding_as(const identity::User& user, const Deployments& deployments, const rulebook::Request& request) {
  const auto names = deciding_names(user);
  const auto& people = deployments.approvers().people;
  const auto has = [&](const std::string& name) { return std::find(names.begin(), names.end(), name) != names.end(); };
  if (const std::string by = author_of(deployments, request); has(by)) return by;
  for (const std::string& name : names)
    if (people.contains(name)) return name;
  return names.empty() ? user.id : names.front();
}

Refusal refusal_of(const identity::User& user, const Deployments& deployments, Step step, rulebook::Version version,
                   Timestamp now) {
  rulebook::Request request;
  request.step = step;
  request.request = kAsked;
  request.version = version;
  request.reason = kAsked;
  request.by = deciding_as(user, deployments, request);
  return deployments.judge(request, now).refusal;
}

Result<std::shared_ptr<const Deployments>> as_configured(const Context& context, Timestamp now) {
  const auto deployments = context.live->view()->deployments;
  const auto approvers = context.approvers();
  if (!approvers) return tl::unexpected(approvers.error());
  if (deployments->approvers() == *approvers) return deployments;
  rulebook::Request list;
  list.step = Step::approvers;
  list.request = list.by = "configured";
  list.approvers = *approvers;
  auto judged = rulebook::judge(*deployments, {list}, now);
  if (!judged) return tl::unexpected(judged.error());
  return std::make_shared<const Deployments>(std::move(judged->deployments));
}

rulebook::Changes changes_of(const live::View& view, const live::LiveOptions& options,
                             const std::vector<rules::RuleFile>& files) {
  return rulebook::changes(rulebook::files_of(*view.deployments, options.rules, view.in_force.version), files);
}

bool may_see(const identity::Reader& reader, const rulebook::Changes& changes) {
  return std::all_of(changes.all.begin(), changes.all.end(), [&](const rulebook::Change& c) {
    // A document without a rule may silence any.
    if (!c.before && !c.now) return stands_inside(reader);
    return (!c.before || may_see(reader, *c.before)) && (!c.now || may_see(reader, *c.now));
  });
}

ordered_json changes_json(const rulebook::Changes& changes) {
  ordered_json j = ordered_json::array();
  for (const rulebook::Change& c : changes.all) j.push_back(change_json(c));
  return j;
}

ordered_json refusals_json(const std::vector<rules::Refusal>& refusals) {
  ordered_json j = ordered_json::array();
  for (const rules::Refusal& r : refusals)
    j.push_back({{"path", r.path}, {"line", r.line}, {"rule", r.rule}, {"reason", r.reason}});
  return j;
}

ordered_json proposal_json(const Context& context, const Call& call, const live::View& view,
                           const Deployments& deployments, const Proposal& p, const rulebook::Changes& changes) {
  ordered_json j{{"version", p.version}, {"at", format_rfc3339(p.at)}, {"reason", p.reason}, {"backtest", p.backtest}};
  j["by"] = account_json(context, call, p.by);
  j["figures"] = nullptr;
  if (const auto f = rulebook::read_figures(p.backtest)) j["figures"] = figures_json(*f);
  j["digest"] = to_hex(p.digest);
  j["state"] = state_word(p.state);
  j["rules"] = changes.rules;
  j["against"] = view.in_force.version;
  j["changes"] = changes_json(changes);
  j["approve"] = would_be(call, deployments, Step::deployed, p.version);
  j["refuse"] = would_be(call, deployments, Step::refused, p.version);
  return j;
}

ordered_json in_force_json(const live::View& view, const live::LiveOptions& options, const identity::Reader& reader) {
  const live::RulesInForce& f = view.in_force;
  ordered_json j{{"version", f.version}};
  j["since"] = f.since == Timestamp::min() ? ordered_json(nullptr) : ordered_json(format_rfc3339(f.since));
  j["digest"] = to_hex(f.digest);
  j["rules"] = std::count_if(view.rules.begin(), view.rules.end(),
                             [](const live::RuleRow& r) { return !r.rule->is_part; });
  j["named"] = options.only_those;
  j["problem"] = f.problem;
  j["refused"] = stands_inside(reader) ? refusals_json(f.refused) : ordered_json::array();
  return j;
}

ordered_json rule_sets_json(const Context& context, const Call& call, const Deployments& deployments) {
  const auto view = context.live->view();
  const live::LiveOptions& options = context.live->options();
  ordered_json j{{"in_force", in_force_json(*view, options, call.reader)}};
  j["approvers"] = ordered_json::array();
  for (const std::string& name : deployments.approvers().people)
    j["approvers"].push_back(account_json(context, call, name));
  j["outside_reviewer"] = deployments.approvers().outside_reviewer;
  const auto back = deployments.before_current();
  j["roll_back"] = would_be(call, deployments, Step::rolled_back, back.value_or(0));
  j["roll_back"]["version"] = back ? ordered_json(*back) : ordered_json(nullptr);
  j["proposals"] = ordered_json::array();
  for (const Proposal& p : deployments.proposals()) {
    if (p.state != Proposal::State::open) continue;
    const auto changes = changes_of(*view, options, p.files);
    if (may_see(call.reader, changes))
      j["proposals"].push_back(proposal_json(context, call, *view, deployments, p, changes));
  }
  j["agreements"] = ordered_json::array();
  for (const rulebook::Agreement& a : deployments.agreements())
    j["agreements"].push_back(agreement_json(context, call, deployments, a));
  // Whoever wrote a reason did not write it for those who stand outside the walls.
  const bool shows_reasons = stands_inside(call.reader);
  const auto& history = deployments.history();
  j["history"] = ordered_json::array();
  for (auto d = history.rbegin(); d != history.rend() && j["history"].size() < limits::kPageRows; ++d)
    j["history"].push_back(step_json(context, call, *d, shows_reasons));
  // Versions that a roll-back may go to.
  j["were_in_force"] = ordered_json::array();
  std::vector<rulebook::Version> seen;
  for (const rulebook::InForce& f : deployments.in_force())
    if (std::find(seen.begin(), seen.end(), f.version) == seen.end()) seen.push_back(f.version);
  std::sort(seen.begin(), seen.end());
  for (const rulebook::Version v : seen) j["were_in_force"].push_back(v);
  return j;
}

}  // namespace quaywatch::api
