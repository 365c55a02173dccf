#include "rulebook/deployments.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace quaywatch::rulebook {
namespace {

using nlohmann::ordered_json;

constexpr std::string_view kSecondPerson = "a second person";
constexpr std::array kSteps{Step::approvers,   Step::proposed, Step::deployed,            Step::refused,
                            Step::rolled_back, Step::agreed,   Step::agreement_confirmed, Step::agreement_ended};

constexpr std::array<std::string_view, 16> kRefusalWords{
    "none", "no_reason", "unknown_version", "already_decided", "nothing_new",
    "not_an_approver", "same_person", "no_outside_reviewer", "too_early", "nothing_to_roll_back",
    "never_in_force", "in_force_already", "no_agreement", "unknown_agreement", "not_shorter", "repeated"};

std::optional<Step> step_of(std::string_view topic) {
  for (const Step step : kSteps)
    if (name(step) == topic) return step;
  return std::nullopt;
}

ordered_json files_json(const std::vector<rules::RuleFile>& files) {
  auto out = ordered_json::array();
  for (const rules::RuleFile& f : files) out.push_back({{"path", f.path}, {"text", f.text}});
  return out;
}

// Total: a member that is missing or of another kind is empty.
std::string text(const ordered_json& j, const char* key) {
  const auto at = j.find(key);
  return at != j.end() && at->is_string() ? at->get<std::string>() : std::string();
}

void read_proposal(const ordered_json& body, Proposal& out) {
  out.backtest = text(body, "backtest");
  if (!body.contains("files") || !body["files"].is_array()) return;
  for (const ordered_json& f : body["files"])
    if (f.is_object()) out.files.push_back({text(f, "path"), text(f, "text")});
  out.digest = pack_digest(out.files);
}

ordered_json agreement_json(const Agreement& a) {
  return {{"reference", a.reference},
          {"parties", a.parties},
          {"rules", a.rules},
          {"from", format_rfc3339(a.from)},
          {"until", format_rfc3339(a.until)}};
}

bool read_agreement(Step step, const ordered_json& body, Agreement& out) {
  out.reference = text(body, "reference");
  out.parties = text(body, "parties");
  if (const auto rules = body.find("rules"); rules != body.end() && rules->is_array())
    for (const ordered_json& id : *rules)
      if (id.is_string()) out.rules.push_back(id.get<std::string>());
  const auto from = parse_rfc3339(text(body, "from")), until = parse_rfc3339(text(body, "until"));
  out.from = from.value_or(Timestamp::min());
  out.until = until.value_or(Timestamp::min());
  return until && (from || step == Step::agreement_ended);
}

bool is_of_agreement(Step step) {
  return step == Step::agreed || step == Step::agreement_confirmed || step == Step::agreement_ended;
}

bool read_request(Step step, const std::string& text_body, Request& out) {
  const ordered_json body = ordered_json::parse(text_body, nullptr, false);
  if (!body.is_object()) return false;
  out.step = step;
  out.request = text(body, "request");
  out.by = text(body, "by");
  out.reason = text(body, "reason");
  if (body.contains("version") && body["version"].is_number_unsigned()) out.version = body["version"].get<Version>();
  if (step == Step::proposed) read_proposal(body, out.proposal);
  if (step == Step::approvers) {
    out.approvers.outside_reviewer = text(body, "outside_reviewer");
    if (!body.contains("people") || !body["people"].is_array()) return false;
    for (const ordered_json& p : body["people"])
      if (p.is_string()) out.approvers.people.insert(p.get<std::string>());
  }
  const bool has_dates = step == Step::agreed || step == Step::agreement_ended;
  if (has_dates && !read_agreement(step, body, out.agreement)) return false;
  return !out.request.empty() && !out.by.empty() &&
         (step != Step::proposed || to_hex(out.proposal.digest) == text(body, "digest"));
}

}  // namespace

std::string_view name(Step step) {
  switch (step) {
    case Step::approvers:
      return "rules.approvers";
    case Step::proposed:
      return "rules.proposed";
    case Step::deployed:
      return "rules.deployed";
    case Step::refused:
      return "rules.refused";
    case Step::rolled_back:
      return "rules.rolled_back";
    case Step::agreed:
      return "rules.agreed";
    case Step::agreement_confirmed:
      return "rules.agreement_confirmed";
    case Step::agreement_ended:
      return "rules.agreement_ended";
  }
  return "";
}

std::string_view sentence(Refusal refusal) {
  switch (refusal) {
    case Refusal::none:
      return "";
    case Refusal::no_reason:
      return "no reason was given, or one of more than 2000 bytes; say why with --reason";
    case Refusal::unknown_version:
      return "there is no such version; 'quaywatch rules proposals' lists those that wait, 'rules history' all";
    case Refusal::already_decided:
      return "this proposal was decided before; 'quaywatch rules history' says how";
    case Refusal::nothing_new:
      return "these are the rules that are in force; there is nothing to decide";
    case Refusal::not_an_approver:
      return "this account may not decide on rules; those who may stand under [rules] approvers in the site's "
             "site.toml";
    case Refusal::same_person:
      return "the one who proposed may not approve; a second person on the list of approvers must";
    case Refusal::no_outside_reviewer:
      return "the one who proposed may not approve, and there is no second approver; name one, or an outside_reviewer "
             "under [rules] in site.toml who is told afterwards";
    case Refusal::too_early:
      return "without a second approver a proposal waits for 24 hours, and so does one that was made before the list "
             "of approvers was changed";
    case Refusal::nothing_to_roll_back:
      return "the rules that ship with the program are in force; there is nothing before them";
    case Refusal::never_in_force:
      return "that version was never in force; it needs 'quaywatch rules approve' by a second person";
    case Refusal::in_force_already:
      return "that version is in force";
    case Refusal::no_agreement:
      return "an agreement has a reference and parties of at most 2000 bytes each, and begins before it ends";
    case Refusal::unknown_agreement:
      return "there is no such agreement; 'quaywatch agreement list' names all";
    case Refusal::not_shorter:
      return "an agreement can only be ended before its time; record the new one for what comes after it";
    case Refusal::repeated:
      return "this request stands in the journal already";
  }
  return "";
}

std::string_view word(Refusal refusal) {
  return kRefusalWords[static_cast<std::size_t>(refusal)];
}

Digest pack_digest(const std::vector<rules::RuleFile>& files) {
  std::vector<Digest> texts;
  for (const rules::RuleFile& f : files) texts.push_back(sha256(f.text));
  std::sort(texts.begin(), texts.end());
  Sha256 h;
  h.update_u64(texts.size());
  for (const Digest& d : texts) h.update(d);
  return h.finish();
}

Deployments::Deployments() : in_force_{InForce{}} {}

const Proposal* Deployments::find(Version version) const {
  return version == 0 || version > proposals_.size() ? nullptr : &proposals_[version - 1];
}

bool Deployments::was_in_force(Version version) const {
  return std::any_of(in_force_.begin(), in_force_.end(), [&](const InForce& f) { return f.version == version; });
}

std::optional<Version> Deployments::before_current() const {
  // What was in force when the current version came first: a second roll-back goes further back, not forth.
  for (std::size_t i = 1; i < in_force_.size(); ++i)
    if (in_force_[i].version == current())
      return current() == 0 ? std::nullopt : std::optional(in_force_[i - 1].version);
  return std::nullopt;
}

Refusal Deployments::refusal_of_approval(const Proposal& proposal, const Request& request, Timestamp at,
                                         std::string& review) const {
  if (proposal.state != Proposal::State::open) return Refusal::already_decided;
  if (!approvers_.people.contains(request.by)) return Refusal::not_an_approver;
  if (proposal.by != request.by) return Refusal::none;
  if (approvers_.people.size() > 1) return Refusal::same_person;
  if (approvers_.outside_reviewer.empty()) return Refusal::no_outside_reviewer;
  if (at < std::max(proposal.at, approvers_since_) + kAloneWait) return Refusal::too_early;
  review = approvers_.outside_reviewer;
  return Refusal::none;
}

Refusal Deployments::refusal_of_roll_back(const Request& request) const {
  if (!approvers_.people.contains(request.by)) return Refusal::not_an_approver;
  if (current() == request.version)
    return request.version == 0 ? Refusal::nothing_to_roll_back : Refusal::in_force_already;
  if (request.version != 0 && find(request.version) == nullptr) return Refusal::unknown_version;
  return was_in_force(request.version) ? Refusal::none : Refusal::never_in_force;
}

bool Deployments::permits(const std::string& rule_id, Timestamp event_time) const {
  return std::any_of(agreements_.begin(), agreements_.end(),
                     [&](const Agreement& a) { return a.covers(rule_id, event_time); });
}

// Where nobody is named who may decide, one who has the site's files may: he could name himself.
Refusal Deployments::refusal_of_agreement(const Request& request, std::string& review) const {
  const Agreement& wanted = request.agreement;
  if (!approvers_.people.empty() && !approvers_.people.contains(request.by)) return Refusal::not_an_approver;
  if (request.step == Step::agreed) {
    const auto is_text = [](const std::string& s) { return !trim(s).empty() && s.size() <= kReasonBytes; };
    if (!is_text(wanted.reference) || !is_text(wanted.parties) || wanted.until < wanted.from)
      return Refusal::no_agreement;
    if (approvers_.people.size() < 2)
      review = approvers_.outside_reviewer.empty() ? kSecondPerson : approvers_.outside_reviewer;
    return Refusal::none;
  }
  if (request.version == 0 || request.version > agreements_.size()) return Refusal::unknown_agreement;
  const Agreement& known = agreements_[request.version - 1];
  if (request.step == Step::agreement_ended) return wanted.until < known.until ? Refusal::none : Refusal::not_shorter;
  if (known.is_confirmed) return Refusal::already_decided;
  return known.by == request.by ? Refusal::same_person : Refusal::none;
}

Refusal Deployments::refusal(const Request& request, Timestamp at, std::string& review) const {
  if (requests_.contains(request.request)) return Refusal::repeated;
  const bool is_reasoned = request.step == Step::proposed || request.step == Step::refused ||
                           request.step == Step::rolled_back || request.step == Step::agreement_ended;
  if (is_reasoned && (trim(request.reason).empty() || request.reason.size() > kReasonBytes)) return Refusal::no_reason;
  const Proposal* proposal = find(request.version);
  switch (request.step) {
    case Step::approvers:
      return Refusal::none;
    case Step::proposed: {
      const Proposal* now = find(current());
      return now != nullptr && now->digest == request.proposal.digest ? Refusal::nothing_new : Refusal::none;
    }
    case Step::deployed:
      return proposal == nullptr ? Refusal::unknown_version : refusal_of_approval(*proposal, request, at, review);
    case Step::refused:
      if (proposal == nullptr) return Refusal::unknown_version;
      if (proposal->state != Proposal::State::open) return Refusal::already_decided;
      // Whoever proposed may take it back.
      return proposal->by == request.by || approvers_.people.contains(request.by) ? Refusal::none
                                                                                  : Refusal::not_an_approver;
    case Step::rolled_back:
      review = kSecondPerson;
      return refusal_of_roll_back(request);
    case Step::agreed:
    case Step::agreement_confirmed:
    case Step::agreement_ended:
      return refusal_of_agreement(request, review);
  }
  return Refusal::unknown_version;
}

Decision Deployments::judge(const Request& request, Timestamp at) const {
  Decision out{request, at, Refusal::none, {}};
  out.refusal = refusal(request, at, out.review);
  return out;
}

journal::TextEntry Deployments::entry(const Decision& decision) {
  const Request& r = decision.request;
  ordered_json body{{"request", r.request}, {"by", r.by}};
  if (r.step == Step::approvers) {
    body["people"] = r.approvers.people;
    body["outside_reviewer"] = r.approvers.outside_reviewer;
  } else if (r.step == Step::proposed) {
    body["digest"] = to_hex(r.proposal.digest);
    body["backtest"] = r.proposal.backtest;
    body["files"] = files_json(r.proposal.files);
  } else if (r.step == Step::agreed) {
    body.update(agreement_json(r.agreement));
  } else {
    body["version"] = r.version;
    if (r.step == Step::agreement_ended) body["until"] = format_rfc3339(r.agreement.until);
  }
  if (!r.reason.empty()) body["reason"] = r.reason;
  if (!decision.review.empty()) body["review"] = decision.review;
  return {std::string(name(r.step)), decision.at, body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)};
}

void Deployments::take_agreement(const Decision& decision) {
  const Request& r = decision.request;
  if (r.step == Step::agreed) {
    Agreement a = r.agreement;
    a.number = static_cast<std::uint32_t>(agreements_.size() + 1);
    a.at = decision.at;
    a.by = r.by;
    a.review = decision.review;
    a.is_confirmed = !decision.review.empty();
    return agreements_.push_back(std::move(a));
  }
  Agreement& known = agreements_[r.version - 1];
  if (r.step == Step::agreement_confirmed) known.is_confirmed = true;
  if (r.step == Step::agreement_ended) known.until = r.agreement.until, known.ended_for = r.reason;
}

void Deployments::take(const Decision& decision, JournalPlace place) {
  const Request& r = decision.request;
  if (is_of_agreement(r.step)) return take_agreement(decision);
  switch (r.step) {
    case Step::approvers:
      approvers_ = r.approvers;
      approvers_since_ = decision.at;
      return;
    case Step::proposed:
      proposals_.push_back(r.proposal);
      proposals_.back().version = static_cast<Version>(proposals_.size());
      proposals_.back().at = decision.at;
      proposals_.back().by = r.by;
      proposals_.back().reason = r.reason;
      return;
    case Step::refused:
      proposals_[r.version - 1].state = Proposal::State::refused;
      return;
    case Step::deployed:
      proposals_[r.version - 1].state = Proposal::State::deployed;
      [[fallthrough]];
    case Step::rolled_back:
      in_force_.push_back({r.version, decision.at, place.files, place.noted});
      return;
    default:
      return;
  }
}

bool Deployments::is_step(const journal::TextEntry& text) {
  return step_of(text.topic).has_value();
}

Result<void> Deployments::apply(const journal::TextEntry& text, JournalPlace place) {
  const auto step = step_of(text.topic);
  if (!step) return {};
  Request request;
  if (!read_request(*step, text.body, request))
    return fail(ErrorCode::corrupt,
                fmt::format("an entry '{}' of the input log is not of the form this program writes; "
                            "restore the data directory from the backup",
                            text.topic));
  Decision decision = judge(request, text.at);
  if (decision.refusal == Refusal::none) {
    take(decision, place);
    if (request.step == Step::proposed) decision.request.version = static_cast<Version>(proposals_.size());
    if (request.step == Step::agreed) decision.request.version = agreements_.back().number;
  }
  if (decision.refusal == Refusal::repeated) return {};
  requests_.insert(request.request);
  decision.request.proposal.files.clear();
  history_.push_back(std::move(decision));
  return {};
}

Result<Judged> judge(Deployments deployments, const std::vector<Request>& requests, Timestamp at) {
  Judged out;
  for (const Request& request : requests) {
    out.decision = deployments.judge(request, at);
    if (out.decision.refusal != Refusal::none) continue;
    out.entries.push_back(Deployments::entry(out.decision));
    if (auto applied = deployments.apply(out.entries.back(), {}); !applied) return tl::unexpected(applied.error());
    out.decision = deployments.history().back();
  }
  out.deployments = std::move(deployments);
  return out;
}

}  // namespace quaywatch::rulebook
