
#include <fmt/format.h>

#include <charconv>
#include <cstdio>

#include "app/commands.h"
#include "app/decide.h"
#include "app/print.h"
#include "app/run_input.h"
#include "app/shipped_rules.h"
#include "app/texts.h"
#include "base/text.h"
#include "io/clock.h"
#include "rules/staff_data.h"

namespace quaywatch::app {
namespace {

using rulebook::Agreement;
using rulebook::Step;

// An instant, or a whole day: its beginning, or its end.
Result<Timestamp> instant(const std::string& text, bool is_end) {
  const bool is_day = text.size() == 10;
  const auto at = parse_rfc3339(is_day ? text + "T00:00:00Z" : text);
  if (!at || !is_day || !is_end) return at;
  return *at + hours(24) - seconds(1);
}

Result<std::uint32_t> number_of(const std::string& text) {
  std::uint32_t out = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
  if (read.ec == std::errc() && read.ptr == text.data() + text.size()) return out;
  return fail(ErrorCode::invalid_argument, fmt::format("'{}' is not the number of an agreement", text));
}

// Ids of rules in force that read data on staff.
Result<void> check_rules(const Site& site, const std::vector<std::string>& ids) {
  if (ids.empty()) return {};
  const auto journal = read_site_journal(site);
  if (!journal) return tl::unexpected(journal.error());
  const auto in_force = rules_of_run({}, *journal, rulebook::Over::files);
  if (!in_force) return tl::unexpected(in_force.error());
  for (const std::string& id : ids) {
    bool is_known = false;
    for (const rules::Rule& r : in_force->current().pack().rules())
      is_known |= r.id == id && rules::reads_staff_data(r);
    if (!is_known)
      return fail(ErrorCode::invalid_argument, "no rule in force that reads data on staff has this id", id);
  }
  return {};
}

std::string state_text(const Agreement& a) {
  if (!a.is_confirmed) return say("waits for a second person");
  if (!a.ended_for.empty()) return say("ended");
  return a.review.empty() ? say("confirmed") : say("recorded by one person; for review by {}", translated(a.review));
}

int decide_and_tell(std::string_view command, const rulebook::Request& request, const std::string& done) {
  const auto site = open_site(command, {});
  if (!site) return unusable(site.error());
  if (auto known = check_rules(*site, request.agreement.rules); !known) return unusable(known.error());
  const auto decided = decide(*site, request);
  if (!decided) return unusable(decided.error());
  if (decided->decision.refusal != rulebook::Refusal::none) {
    print(stderr, "refused: {}\n", translated(sentence(decided->decision.refusal)));
    return kRejected;
  }
  if (decided->waits)
    print(stdout, "left for the process that writes the journal; 'quaywatch agreement list' shows when it was taken\n");
  else if (request.step != Step::agreed)
    print(stdout, "{}\n", done);
  else
    print(stdout, "recorded as agreement {}: {}\n", decided->deployments.agreements().back().number,
          one_line(state_text(decided->deployments.agreements().back())));
  return finish(kDone);
}

}  // namespace

int agreement_record(const AgreementOptions& options) {
  rulebook::Request request;
  request.step = Step::agreed;
  const auto from = instant(options.from, false), until = instant(options.until, true);
  if (!from) return unusable(from.error());
  if (!until) return unusable(until.error());
  request.agreement.reference = options.reference;
  request.agreement.parties = options.parties;
  request.agreement.rules = options.rules;
  request.agreement.from = *from;
  request.agreement.until = *until;
  return decide_and_tell("agreement record", request, {});
}

int agreement_confirm(const AgreementOptions& options) {
  rulebook::Request request;
  const auto number = number_of(options.number);
  if (!number) return unusable(number.error());
  request.step = Step::agreement_confirmed;
  request.version = *number;
  return decide_and_tell("agreement confirm", request, say("agreement {} is confirmed", *number));
}

int agreement_end(const AgreementOptions& options) {
  rulebook::Request request;
  const auto number = number_of(options.number);
  if (!number) return unusable(number.error());
  const auto until = options.until.empty() ? Result<Timestamp>(io::now()) : instant(options.until, true);
  if (!until) return unusable(until.error());
  request.step = Step::agreement_ended;
  request.version = *number;
  request.reason = options.reason;
  request.agreement.until = *until;
  return decide_and_tell("agreement end", request, say("agreement {} ends at {}", *number, format_rfc3339(*until)));
}

int agreement_list(const AgreementOptions&) {
  const auto site = open_site("agreement list", {});
  if (!site) return unusable(site.error());
  const auto journal = read_site_journal(*site);
  if (!journal) return unusable(journal.error());
  for (const Agreement& a : journal->deployments.agreements()) {
    std::string rules = a.rules.empty() ? say("every rule on staff data") : "";
    for (const std::string& id : a.rules) rules += (rules.empty() ? "" : ", ") + id;
    print(stdout, "agreement {}  {} to {}  {}\n  {}; {}\n  {}\n", a.number, format_rfc3339(a.from),
          format_rfc3339(a.until), one_line(state_text(a)), one_line(a.reference), one_line(a.parties),
          one_line(rules));
  }
  if (journal->deployments.agreements().empty())
    print(stdout, "no agreement is recorded: rules on staff data are off over this journal.\n");
  return finish(kDone);
}

}  // namespace quaywatch::app
