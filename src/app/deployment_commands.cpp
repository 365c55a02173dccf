#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <functional>
#include <map>

#include "app/commands.h"
#include "app/decide.h"
#include "app/print.h"
#include "app/run_input.h"
#include "app/shipped_rules.h"
#include "app/texts.h"
#include "base/text.h"
#include "io/files.h"
#include "io/person.h"
#include "rulebook/backtest_summary.h"
#include "rulebook/changes.h"
#include "rulebook/deployed_rules.h"

namespace quaywatch::app {
namespace {

using rulebook::Decision;
using rulebook::Deployments;
using rulebook::Proposal;
using rulebook::Refusal;
using rulebook::Step;
using rulebook::Version;

constexpr std::size_t kBacktestBytes = 256 * 1024 * 1024;  // alerts of a year, each twice

Result<Version> parse_version(const std::string& text) {
  Version out = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
  if (read.ec == std::errc() && read.ptr == text.data() + text.size()) return out;
  return fail(ErrorCode::invalid_argument, fmt::format("'{}' is not the number of a version", text));
}

std::string changes_text(const rulebook::Changes& c, Version against) {
  return say("{}; against {}: {} new, {} changed, {} gone", say_counted(c.rules, "{} rule", "{} rules"),
             version_text(against), c.added(), c.changed(), c.gone());
}

// Accounts in clear only when asked for, and only those that the site still names.
class People {
 public:
  People(const Site& site, bool reveal) {
    if (!reveal) return;
    const auto add = [&](const std::string& account) { names_[account_pseudonym(site, account)] = account; };
    if (const auto configuration = read_site_configuration(site))
      for (const std::string& account : configuration->approvers) add(account);
    if (const auto person = io::person()) add(*person);
  }
  std::string show(const std::string& pseudonym) const {
    const auto at = names_.find(pseudonym);
    return at == names_.end() ? pseudonym : at->second;
  }

 private:
  std::map<std::string, std::string> names_;
};

Result<Site> open_rules_site(std::string_view command, bool reveal) {
  InputOptions input;
  input.reveal = reveal;
  return open_site(command, input);
}

// The rules of a folder under their names in it; every one of them compiles.
Result<std::vector<rules::RuleFile>> rules_to_propose(const std::string& folder) {
  auto files = read_rule_files(folder);
  if (!files) return files;
  std::size_t bytes = 0;
  for (rules::RuleFile& f : *files) {
    if (f.path.starts_with(folder)) f.path.erase(0, folder.size());
    f.path.erase(0, f.path.find_first_not_of('/'));
    if (f.path.empty()) f.path = file_name(folder);
    bytes += f.text.size();
  }
  if (bytes > rulebook::kProposalBytes)
    return fail(ErrorCode::limit_exceeded, fmt::format("the rules have {} bytes; at most {} are proposed at once",
                                                       bytes, rulebook::kProposalBytes));
  const auto loaded = rules::Pack::load(*files);
  for (const auto& r : loaded.refused) print(stderr, "refused {}:{}: {}\n", r.path, r.line, retold(r.reason));
  if (!loaded.refused.empty())
    return fail(ErrorCode::malformed, "rules that do not compile are not proposed; 'quaywatch rules check' says why",
                folder);
  return files;
}

// One sentence of what a back-test of exactly these rules found.
Result<std::string> backtest_summary(const std::string& path, const std::vector<rules::RuleFile>& files) {
  const auto text = io::read_file(path, kBacktestBytes);
  if (!text) return tl::unexpected(text.error());
  const auto figures = rulebook::backtest_figures(*text, files);
  if (!figures) return fail(figures.error().code, figures.error().message, path);
  return rulebook::sentence(*figures);
}

// Says what became of a request; the words of success are `done`.
int tell(const Decided& decided, const std::string& done) {
  if (decided.decision.refusal != Refusal::none) {
    print(stderr, "refused: {}\n", translated(sentence(decided.decision.refusal)));
    return kRejected;
  }
  if (decided.waits) {
    print(stdout, "left for the process that writes the journal; 'quaywatch rules history' shows when it was taken\n");
    return finish(kDone);
  }
  print(stdout, "{}\n", done);
  return finish(kDone);
}

int decide_and_tell(std::string_view command, rulebook::Request request,
                    const std::function<std::string(const Decided&)>& words) {
  const auto site = open_rules_site(command, false);
  if (!site) return unusable(site.error());
  const auto decided = decide(*site, std::move(request));
  if (!decided) return unusable(decided.error());
  return tell(*decided, decided->decision.refusal == Refusal::none && !decided->waits ? words(*decided) : "");
}

rulebook::Request request_of(Step step, const RulesOptions& options) {
  rulebook::Request r;
  r.step = step;
  r.reason = options.reason;
  return r;
}

void print_changes(const rulebook::Changes& changes) {
  const auto print_those = [&](std::string_view what, bool is_new, bool is_gone) {
    for (const rulebook::Change& c : changes.all)
      if (c.is_new() == is_new && c.is_gone() == is_gone)
        print(stdout, "    {:<8} {}\n", what, one_line(rule_text(c.title)));
  };
  print_those(say("new"), true, false);
  print_those(say("changed"), false, false);
  print_those(say("gone"), false, true);
}

// In the order of Step.
constexpr std::array kStepWords{key("approvers"),   key("proposed"), key("deployed"),  key("refused"),
                                key("rolled_back"), key("agreed"),   key("confirmed"), key("ended")};

std::string_view step_word(Step step) {
  return translated(kStepWords[static_cast<std::size_t>(step)]);
}

std::string history_line(const Decision& d, const People& people) {
  const rulebook::Request& r = d.request;
  std::string out = fmt::format("{}  {:<13}", format_rfc3339(d.at), step_word(r.step));
  if (r.step == Step::approvers)
    out += say("{}; outside reviewer: {}", say_counted(r.approvers.people.size(), "{} account", "{} accounts"),
               r.approvers.outside_reviewer.empty() ? say("none") : r.approvers.outside_reviewer);
  else if (r.step > Step::rolled_back)
    out += say("agreement {}", r.version);
  else
    out += version_text(r.version);
  out += say("  by {}", people.show(r.by));
  if (!r.reason.empty()) out += "  \"" + r.reason + "\"";
  if (d.refusal != Refusal::none) return out + say("  [not valid: {}]", translated(sentence(d.refusal)));
  return d.review.empty() ? out : out + say("  [for review by {}]", translated(d.review));
}

}  // namespace

int rules_propose(const RulesOptions& options) {
  auto files = rules_to_propose(options.folder);
  if (!files) return unusable(files.error());
  rulebook::Request request = request_of(Step::proposed, options);
  if (!options.backtest.empty()) {
    auto summary = backtest_summary(options.backtest, *files);
    if (!summary) return unusable(summary.error());
    request.proposal.backtest = std::move(*summary);
  }
  request.proposal.digest = rulebook::pack_digest(*files);
  request.proposal.files = *files;
  return decide_and_tell("rules propose", std::move(request), [&](const Decided& d) {
    const Version now = d.deployments.current();
    return say("proposed as version {}: {}\nnext: a second person puts it in force with 'quaywatch rules approve {}'",
               d.decision.request.version,
               changes_text(rulebook::changes(rulebook::files_of(d.deployments, shipped_rules(), now), *files), now),
               d.decision.request.version);
  });
}

int rules_proposals(const RulesOptions& options) {
  const auto site = open_rules_site("rules proposals", options.reveal);
  if (!site) return unusable(site.error());
  const auto journal = read_site_journal(*site);
  if (!journal) return unusable(journal.error());
  const Deployments& d = journal->deployments;
  const People people(*site, options.reveal);
  const auto shipped = shipped_rules();
  std::size_t open = 0;
  for (const Proposal& p : d.proposals()) {
    if (p.state != Proposal::State::open) continue;
    ++open;
    const auto c = rulebook::changes(rulebook::files_of(d, shipped, d.current()), p.files);
    print(stdout, "version {}  {}  by {}  \"{}\"\n  {}\n", p.version, format_rfc3339(p.at), people.show(p.by),
          one_line(p.reason), changes_text(c, d.current()));
    print_changes(c);
    print(stdout, "  back-test: {}\n", p.backtest.empty() ? say("none was given") : one_line(retold(p.backtest)));
  }
  if (open == 0) print(stdout, "no proposal waits.\n");
  return finish(kDone);
}

int rules_approve(const RulesOptions& options) {
  const auto version = parse_version(options.version);
  if (!version) return unusable(version.error());
  rulebook::Request request = request_of(Step::deployed, options);
  request.version = *version;
  return decide_and_tell("rules approve", std::move(request), [](const Decided& d) {
    std::string out = say("version {} is in force from here on ({} files of rules)", d.deployments.current(),
                          rulebook::files_of(d.deployments, {}, d.deployments.current()).size());
    if (!d.decision.review.empty())
      out += say("\nthere was no second person: this must be told to {}", one_line(translated(d.decision.review)));
    return out;
  });
}

int rules_refuse(const RulesOptions& options) {
  const auto version = parse_version(options.version);
  if (!version) return unusable(version.error());
  rulebook::Request request = request_of(Step::refused, options);
  request.version = *version;
  return decide_and_tell("rules refuse", std::move(request),
                         [&](const Decided&) { return say("version {} is refused", *version); });
}

int rules_roll_back(const RulesOptions& options) {
  rulebook::Request request = request_of(Step::rolled_back, options);
  if (!options.version.empty()) {
    const auto version = parse_version(options.version);
    if (!version) return unusable(version.error());
    request.version = *version;
  } else {
    const auto site = open_rules_site("rules rollback", false);
    if (!site) return unusable(site.error());
    const auto journal = read_site_journal(*site);
    if (!journal) return unusable(journal.error());
    request.version = journal->deployments.before_current().value_or(0);
  }
  return decide_and_tell("rules rollback", std::move(request), [](const Decided& d) {
    return d.deployments.current() == 0
               ? say("the shipped rules are in force from here on; a second person must review this")
               : say("{} is in force from here on; a second person must review this",
                     version_text(d.deployments.current()));
  });
}

int rules_history(const RulesOptions& options) {
  const auto site = open_rules_site("rules history", options.reveal);
  if (!site) return unusable(site.error());
  const auto journal = read_site_journal(*site);
  if (!journal) return unusable(journal.error());
  const People people(*site, options.reveal);
  for (const Decision& d : journal->deployments.history()) print(stdout, "{}\n", one_line(history_line(d, people)));
  print(stdout, "in force: {}\n", version_text(journal->deployments.current()));
  return finish(kDone);
}

int rules_export(const RulesOptions& options) {
  const auto site = open_rules_site("rules export", false);
  if (!site) return unusable(site.error());
  const auto journal = read_site_journal(*site);
  if (!journal) return unusable(journal.error());
  Version version = journal->deployments.current();
  if (!options.version.empty()) {
    const auto asked = parse_version(options.version);
    if (!asked) return unusable(asked.error());
    version = *asked;
  }
  if (version > journal->deployments.proposals().size())
    return unusable({ErrorCode::not_found, std::string(sentence(Refusal::unknown_version)), options.version});
  if (io::exists(options.folder))
    if (const auto there = io::list_files(options.folder); !there || !there->empty())
      return unusable({ErrorCode::invalid_argument, "the folder is not empty; name a new one", options.folder});
  const auto shipped = shipped_rules();
  const auto& files = rulebook::files_of(journal->deployments, shipped, version);
  for (const rules::RuleFile& f : files) {
    std::string path = f.path.starts_with("detectors/") ? f.path.substr(f.path.find('/') + 1) : f.path;
    for (const std::string_view part : split(path, '/'))
      if (part == ".." || part.empty())
        return unusable({ErrorCode::malformed, "a rule of this version has a name that leads out of the folder", path});
    path = options.folder + "/" + path;
    if (auto made = io::create_folders(path.substr(0, path.rfind('/'))); !made) return unusable(made.error());
    if (auto written = io::write_file_atomic(path, f.text); !written) return unusable(written.error());
  }
  print(stdout, "wrote {}: {} files in {}\n", version_text(version), files.size(), options.folder);
  return finish(kDone);
}

}  // namespace quaywatch::app
