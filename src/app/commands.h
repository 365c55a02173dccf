// The commands of the program. Each returns its exit code: 0 done (rejects are counted and shown), 1 usage or
// unreadable input, 2 rejects or refusals under --strict, or an alert that its evidence does not tell.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "rules/rule.h"

namespace quaywatch::app {

inline constexpr int kDone = 0, kUnusable = 1, kRejected = 2;

struct InputOptions {
  std::vector<std::string> paths;  // none: what `import` took into the site's journal
  std::vector<std::string> mappings;
  std::string time_zone;
  std::string now;  // RFC 3339; empty: the clock
  bool reveal = false;
  bool strict = false;
};

struct DetectOptions {
  InputOptions input;
  std::string rules;             // folder that replaces the shipped pack; empty: shipped
  std::string format = "table";  // table | jsonl
  std::string account;           // file for the account of the run; empty: none
  std::string since;             // RFC 3339: only alerts that still went on then or later; empty: all
  std::string level;             // the least level shown; empty: all
  std::string held;              // list this group of held alerts; empty: what the budgets show
};

struct ExplainOptions {
  InputOptions input;
  std::string alert;  // id of a standing alert or the head of one; FILE or FILE:LINE of detect --format jsonl
  std::string rules;  // folder that replaces the shipped pack; empty: shipped
};

struct BlindSpotsOptions {
  InputOptions input;
  std::string rules;
  std::string format = "table";  // table | jsonl
};

struct BacktestOptions {
  InputOptions input;
  std::string rules;             // folder of the rules that are tried
  std::string against;           // folder of those they are compared with; empty: what is in force
  std::string from, until;       // RFC 3339 or yyyy-mm-dd (UTC); empty: no bound
  std::string format = "table";  // table | jsonl
};

struct RulesOptions {
  std::string folder;   // propose: the rules; export: where to
  std::string version;  // a number; empty: the one before (rollback), in force (export)
  std::string reason;
  std::string backtest;  // propose: file of `backtest --format jsonl` of these rules; empty: none
  bool reveal = false;
};

struct LegalOptions {
  InputOptions input;
  std::string document;             // processing | assessment | staff
  std::string language;             // empty: of the command line; json: English
  std::string format = "markdown";  // markdown | json
  std::string rules;                // folder; empty: the rules in force
};

struct AgreementOptions {
  std::string number;                                   // of an agreement
  std::string reference, parties, from, until, reason;  // times: RFC 3339, or yyyy-mm-dd (UTC)
  std::vector<std::string> rules;                       // ids; none: every rule
};

struct DecodeOptions {
  InputOptions input;
  bool spans = false;
};

struct TimelineOptions {
  InputOptions input;
  std::string subject;  // TRHU3871247, or kind:key such as release:KTV26104222
  bool facts = false;
};

struct ImportCommandOptions {
  InputOptions input;
  bool again = false;
  bool history = false;
  bool follow = false;
  std::vector<std::string> listen;  // NAME=ADDRESS
  std::string certificate, key, client_ca;
  int poll_s = 2, settle_s = 10;
};

struct FeedsOptions {
  InputOptions input;
  std::string format = "table";  // table | jsonl
};

struct PreviewOptions {
  bool wanted = false;
  InputOptions input;  // FILE, --time-zone, --now, --reveal
  std::string out;     // mapping file; empty: <feed>.toml beside the data
  bool force = false;
  std::string event_type, facility, owner, feed;
  bool day_first = false, month_first = false;
};

struct RejectsOptions {
  InputOptions input;  // paths: names of files, none: all
  bool retry = false;
};

struct ScoreOptions {
  InputOptions input;           // paths: files of alerts; --reveal
  std::string truth;            // folder
  std::string account;          // of detect --account; empty: none
  std::string reach = "72h";    // Sigma timespan
  std::string format = "text";  // text | json
  std::string page;             // Markdown file to write; empty: none
};

struct ReferenceUpdateOptions {
  std::string table;               // unlocode | smdg_liner | hs | iso3166
  std::vector<std::string> files;  // as published, all parts
  std::string edition;             // empty: from the names of the files, else the day
  std::string now;                 // RFC 3339; empty: the clock
  bool force = false;              // in spite of broken lines and lost codes
};

struct SimulateCommandOptions {
  std::string out;
  std::string size = "small";
  std::string from;  // yyyy-mm-dd; empty: the last Monday at least a week before the clock
  int days = 7;
  std::uint64_t seed = 1;
  std::vector<std::string> plants;  // FILE[:LEVEL] or SCRIPT[:LEVEL]; "all" is every script
  bool clean = false;               // files on time, once and whole
  bool force = false;               // into a folder that is not empty
};

int detect(const DetectOptions& options);
int backtest(const BacktestOptions& options);
int explain(const ExplainOptions& options);
int blind_spots(const BlindSpotsOptions& options);
int decode(const DecodeOptions& options);
int timeline(const TimelineOptions& options);
int coverage(const InputOptions& options, const std::string& rules);
int import(const ImportCommandOptions& options);
int preview(const PreviewOptions& options);
int rejects(const RejectsOptions& options);
int feeds(const FeedsOptions& options);
int agreement_record(const AgreementOptions& options);
int agreement_confirm(const AgreementOptions& options);
int agreement_end(const AgreementOptions& options);
int agreement_list(const AgreementOptions& options);
int legal_document(const LegalOptions& options);
int rules_check(const std::string& folder, bool strict);
int rules_test(const std::string& folder);
int rules_propose(const RulesOptions& options);
int rules_proposals(const RulesOptions& options);
int rules_approve(const RulesOptions& options);
int rules_refuse(const RulesOptions& options);
int rules_roll_back(const RulesOptions& options);
int rules_history(const RulesOptions& options);
int rules_export(const RulesOptions& options);
int simulate(const SimulateCommandOptions& options);
int score(const ScoreOptions& options);
int reference_list();
int reference_update(const ReferenceUpdateOptions& options);

}  // namespace quaywatch::app
