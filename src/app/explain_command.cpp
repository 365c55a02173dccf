
#include <fmt/format.h>

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdio>

#include "app/commands.h"
#include "app/correlation_text.h"
#include "app/explanation.h"
#include "app/print.h"
#include "app/render.h"
#include "app/rules_in_force.h"
#include "app/run_input.h"
#include "app/stated_alert.h"
#include "app/texts.h"
#include "base/text.h"
#include "io/files.h"
#include "pipeline/reproduce.h"

namespace quaywatch::app {
namespace {

using nlohmann::ordered_json;
using pipeline::Alert;

// An alert that stands, or that a line states, with what it rests on.
struct Claim {
  ordered_json stated;
  Result<std::vector<pipeline::Evidence>> evidence;
};

struct Explaining {
  const std::vector<rules::RuleFile>& rules;
  const std::vector<rules::Rule>& known;
  const std::vector<ingest::FileAccount>& files;
  const Display& display;
};

std::string text_of(const ordered_json& object, const char* key) {
  const auto at = object.find(key);
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

rules::Pack pack_of(const rules::Rule& rule, const std::vector<rules::RuleFile>& files) {
  std::vector<rules::RuleFile> own;
  for (const rules::RuleFile& f : files)
    if (f.path == rule.path) own.push_back(f);
  return std::move(rules::Pack::load(own).pack);
}

// What the rule says of the match, in words and condition by condition.
struct Derived {
  std::vector<std::string> joining;
  std::vector<Judged> judged;
  std::vector<Sought> sought;
};

// As the match was judged, from the retold run.
Derived derive(const Alert& alert, rules::Pack pack, pipeline::Detection& retold) {
  timeline::Facts facts;
  retold.facts(alert.judged, facts);
  const rules::View view{alert.judged.get(), &facts.values};
  const auto& rules = pack.rules();
  const auto own = std::find_if(rules.begin(), rules.end(), [&](const auto& r) { return r.id == alert.rule->id; });
  if (own == rules.end()) return {};
  const auto index = static_cast<std::size_t>(own - rules.begin());
  if (!own->is_correlation) return {{}, {{{}, pack.derive(index, view)}}, {}};
  Joining joining = joining_of(pack, index);
  Derived out{std::move(joining.lines), {}, {}};
  for (const std::size_t leaf : joining.leaves) {
    const auto& types = rules[leaf].types;
    const bool is_about = types.empty() || std::find(types.begin(), types.end(), alert.judged->type) != types.end();
    if (is_about) out.judged.push_back({std::string(rule_text(rules[leaf].title)), pack.derive(leaf, view)});
  }
  for (const std::size_t s : joining.searched)
    out.sought.push_back({std::string(rule_text(rules[s].title)), rules[s].types});
  return out;
}

std::size_t records(const std::vector<pipeline::Evidence>& evidence) {
  return static_cast<std::size_t>(
      std::count_if(evidence.begin(), evidence.end(), [](const auto& e) { return e.event != nullptr; }));
}

// Prints the explanation; what differs from the claim comes back.
std::vector<std::string> tell(const Claim& claim, const Explaining& with) {
  if (!claim.evidence) return {say("evidence: {}", retold(claim.evidence.error().message))};
  const std::string rule_id = text_of(claim.stated, "rule_id");
  const auto rule =
      std::find_if(with.known.begin(), with.known.end(), [&](const rules::Rule& r) { return r.id == rule_id; });
  if (rule == with.known.end()) return {say("rule_id: no rule {} is loaded", rule_id)};
  if (const std::string stated = text_of(claim.stated, "rule_version"); stated != rule->version)
    return {say("rule_version: stated {}, the loaded rule is {}; name the folder of the stated one with --rules",
                stated, rule->version)};
  const auto retold = pipeline::retell(pack_of(*rule, with.rules), *claim.evidence);
  Id128 id;
  Id128::parse(text_of(claim.stated, "alert_id"), id);
  const auto again = pipeline::find_alert(*retold, id);
  if (!again) {
    std::vector<std::string> out{say("alert_id: its evidence alone tells no such alert")};
    for (const auto& open : retold->not_evaluated())
      if (open.rule->id == rule_id)
        out.push_back(say("evidence: the rule had no answer: {}", translated(sentence(open.cause))));
    return out;
  }
  const Derived derived = derive(*again, pack_of(*rule, with.rules), *retold);
  Alert shown = *again;  // with everything cited, not only what the retold run needed
  shown.evidence = *claim.evidence;
  if (const auto omitted = claim.stated.find("evidence_omitted"); omitted != claim.stated.end())
    shown.evidence_omitted = omitted->is_number_unsigned() ? omitted->get<std::size_t>() : 0;
  print(stdout, "{}",
        explanation_text({shown, derived.joining, derived.judged, derived.sought, with.files, with.display}));
  return differences(claim.stated, ordered_json::parse(alert_json(*again, with.files, with.display), nullptr, false));
}

bool explain_one(const Claim& claim, const Explaining& with) {
  const auto different = tell(claim, with);
  if (!different.empty()) {
    print(stdout, "\nalert {} is NOT told again by its evidence\n", one_line(text_of(claim.stated, "alert_id")));
    for (const std::string& d : different) print(stdout, "  {}\n", one_line(d));
    print(stdout, "\n");
    return false;
  }
  print(stdout, "\ntold again from {} and {} alone: the same alert, rule version, facts and status\n\n",
        say_counted(records(*claim.evidence), "{} record", "{} records"),
        say_counted(claim.evidence->size() - records(*claim.evidence), "{} search", "{} searches"));
  return true;
}

Result<std::vector<Claim>> standing_claims(const std::string& prefix, const pipeline::Detection& detection,
                                           const std::vector<ingest::FileAccount>& files, const Display& display) {
  std::vector<Claim> out;
  for (const Alert& a : detection.standing())
    if (a.id.hex().starts_with(prefix))
      out.push_back({ordered_json::parse(alert_json(a, files, display), nullptr, false), a.evidence});
  if (out.empty()) return fail(ErrorCode::not_found, "no alert that stands has this id; 'detect' lists them", prefix);
  if (out.size() > 1)
    return fail(ErrorCode::malformed, fmt::format("{} alerts that stand begin so; give more digits", out.size()),
                prefix);
  return out;
}

bool is_id(const std::string& text) {
  return !text.empty() && text.size() <= 32 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

int explain(const ExplainOptions& options) {
  const auto site = open_site("explain", options.input);
  if (!site) return unusable(site.error());
  std::vector<ordered_json> stated;
  if (!is_id(options.alert) || io::exists(options.alert)) {
    auto read = read_stated_alerts(options.alert);
    if (!read) return unusable(read.error());
    stated = std::move(*read);
  }
  const auto rules = read_rules(options.rules);
  if (!rules) return unusable(rules.error());
  auto pack = load_pack(options.rules);
  if (!pack) return unusable(pack.error());
  boost::unordered_flat_map<Id128, EventPtr, Id128Hash> cited;
  for (const ordered_json& alert : stated)
    for (const EventId& id : cited_events(alert)) cited.emplace(id, nullptr);
  const auto journal = journal_of_run(*site, options.rules, options.input);
  if (!journal) return unusable(journal.error());
  pipeline::Detection detection(
      std::move(*pack), [](const Alert&) {}, {}, permits_of(journal->deployments, over(options.input)));
  const auto note_cited = [&](const EventPtr& e) {
    if (const auto at = cited.find(e->id); at != cited.end()) at->second = e;
  };
  const auto run = run_input(options.input, *site, detection, note_cited, journal->open_log());
  if (!run) return unusable(run.error());
  const Display display(*site, options.input.reveal);
  std::vector<Claim> claims;
  const auto find = [&](const EventId& id) {
    const auto at = cited.find(id);
    return at == cited.end() ? nullptr : at->second;
  };
  for (ordered_json& alert : stated) {
    auto evidence = evidence_of(alert, find);
    claims.push_back({std::move(alert), std::move(evidence)});
  }
  if (stated.empty()) {
    auto standing = standing_claims(options.alert, detection, run->files, display);
    if (!standing) return unusable(standing.error());
    claims = std::move(*standing);
  }
  const Explaining with{*rules, detection.pack().rules(), run->files, display};
  std::size_t different = 0;
  for (const Claim& claim : claims) different += !explain_one(claim, with);
  if (claims.size() > 1)
    print(stderr, "{} alerts explained, {} of them not told again by their evidence\n", claims.size(), different);
  return different == 0 ? kDone : kRejected;
}

}  // namespace quaywatch::app
