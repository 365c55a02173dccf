// The command line of `quaywatch`: wiring only.
#include <CLI/CLI.hpp>

#include "app/command_frame.h"
#include "app/commands.h"
#include "app/envelope_commands.h"
#include "app/keep_commands.h"
#include "app/print.h"
#include "app/serve.h"
#include "app/texts.h"
#include "io/standard_streams.h"

namespace {

using namespace quaywatch::app;

enum class Files { needed, or_journal, or_streams };

std::string help_of(Files files) {
  switch (files) {
    case Files::or_journal:
      return say("Files or folders of feeds; - reads standard input; none: what 'import' took into the journal");
    case Files::or_streams:
      return say("Files or folders of feeds; - reads standard input; with --follow folders to watch");
    case Files::needed:
      break;
  }
  return say("Files or folders of feeds; - reads standard input");
}

std::string rules_help() {
  return say("Folder of rules that replaces those in force");
}

// Lines that call the program: said in another language only where words of people stand in them.
std::string with_examples(const std::string& help, std::string_view lines) {
  return help + "\n\n" + say("Examples:") + "\n" + std::string(translated(lines));
}

void add_input(CLI::App& command, InputOptions& input, Files files = Files::needed) {
  command.add_option("FILE", input.paths, help_of(files))->required(files == Files::needed);
  // One value each time: what follows is a FILE.
  command
      .add_option("--mapping", input.mappings,
                  say("Mapping file or folder (*.toml) for CSV and JSON; those beside the data are found"))
      ->allow_extra_args(false);
  command.add_option("--time-zone", input.time_zone,
                     say("IANA zone of records without an offset, such as Europe/Ljubljana"));
  command.add_option("--now", input.now, say("Take this RFC 3339 instant for the import instead of the clock"));
  command.add_flag("--reveal,!--no-reveal", input.reveal, say("Show personal values in clear; this is recorded"));
}

void add_strict(CLI::App& command, InputOptions& input) {
  command.add_flag("--strict", input.strict, say("Exit with 2 when anything was rejected"));
}

struct CommandLine {
  std::string language;
  DetectOptions detect_options;
  BacktestOptions backtest_options;
  ExplainOptions explain_options;
  BlindSpotsOptions blind_spots_options;
  DecodeOptions decode_options;
  TimelineOptions timeline_options;
  InputOptions coverage_options;
  std::string coverage_rules;
  ImportCommandOptions import_options;
  PreviewOptions preview_options;
  RejectsOptions rejects_options;
  FeedsOptions feeds_options;
  LegalOptions legal_options;
  AgreementOptions agreement_options;
  ServeOptions serve_options;
  KeepOptions keep_options;
  EnvelopeOptions envelope_options;
  ScoreOptions score_options;
  std::string rules_folder;
  RulesOptions rules_options;
  bool rules_strict = false;
  ReferenceUpdateOptions update_options;
  SimulateCommandOptions simulate_options;
  int code = kDone;
};

template <typename Options>
CLI::App* add_command(CLI::App& parent, CommandLine& c, const Options& options, const char* name,
                      const std::string& help, int (*run)(const Options&)) {
  CLI::App* added = parent.add_subcommand(name, help);
  added->callback([&c, &options, run] { c.code = run(options); });
  return added;
}

void add_detect(CLI::App& app, CommandLine& c) {
  CLI::App* detect_command = app.add_subcommand("detect", say("Feeds in, explained alerts out"));
  add_input(*detect_command, c.detect_options.input, Files::or_journal);
  add_strict(*detect_command, c.detect_options.input);
  detect_command->add_option("--rules", c.detect_options.rules, rules_help());
  detect_command->add_option("--format", c.detect_options.format, say("table or jsonl"))
      ->check(CLI::IsMember({"table", "jsonl"}));
  detect_command->add_option("--account", c.detect_options.account,
                             say("Write what was asked and what could not be judged, per rule, to this file as JSON"));
  detect_command->add_option("--since", c.detect_options.since,
                             say("Show only alerts that went on at this RFC 3339 instant or later"));
  detect_command->add_option("--level", c.detect_options.level, say("Show only alerts of this level and above"))
      ->check(CLI::IsMember({"informational", "low", "medium", "high", "critical"}));
  detect_command->add_option("--held", c.detect_options.held,
                             say("List the alerts that a budget holds of this group, as the table names it"));
  detect_command->callback([&c] { c.code = detect(c.detect_options); });
}

void add_backtest(CLI::App& app, CommandLine& c) {
  CLI::App* command = app.add_subcommand(
      "backtest",
      with_examples(
          say("What other rules would have said of the same input: alerts now and before, per rule and day"),
          "  quaywatch backtest --rules my-rules/\n"
          "  quaywatch backtest --rules my-rules/ --against detectors/ --from 2026-10-01 --to 2026-11-01 FEEDS/"));
  BacktestOptions& o = c.backtest_options;
  command->add_option("--rules", o.rules, say("Folder of the rules to try, all of them"))->required();
  command->add_option("--against", o.against, say("Folder of the rules to compare with; without it those in force"));
  command->add_option("--from", o.from, say("Judge what happened from here on: RFC 3339, or a day such as 2026-10-19"));
  command->add_option("--to", o.until, say("Judge what happened before this: RFC 3339, or a day"));
  command->add_option("--format", o.format, say("table or jsonl"))->check(CLI::IsMember({"table", "jsonl"}));
  add_input(*command, o.input, Files::or_journal);
  add_strict(*command, o.input);
  command->callback([&c] { c.code = backtest(c.backtest_options); });
}

void add_explain(CLI::App& app, CommandLine& c) {
  CLI::App* command =
      app.add_subcommand("explain", with_examples(say("An alert told again from its evidence alone, condition by "
                                                      "condition; exit 2 when the evidence does not tell it"),
                                                  "  quaywatch explain 40d83483 FEEDS/\n"
                                                  "  quaywatch detect --format jsonl FEEDS/ > alerts.jsonl\n"
                                                  "  quaywatch explain alerts.jsonl:2 FEEDS/"));
  command
      ->add_option(
          "ALERT", c.explain_options.alert,
          say("Id of an alert that stands, or its first digits; or FILE or FILE:LINE of 'detect --format jsonl'"))
      ->required();
  add_input(*command, c.explain_options.input, Files::or_journal);
  command->add_option("--rules", c.explain_options.rules, rules_help());
  command->callback([&c] { c.code = explain(c.explain_options); });
}

void add_blind_spots(CLI::App& app, CommandLine& c) {
  CLI::App* command = app.add_subcommand(
      "blindspots",
      with_examples(
          say("Which rule had no answer, where, from when to when, and which feed is missing; the worst first"),
          "  quaywatch blindspots FEEDS/\n"
          "  quaywatch blindspots --format jsonl FEEDS/"));
  add_input(*command, c.blind_spots_options.input, Files::or_journal);
  command->add_option("--rules", c.blind_spots_options.rules, rules_help());
  command->add_option("--format", c.blind_spots_options.format, say("table or jsonl"))
      ->check(CLI::IsMember({"table", "jsonl"}));
  command->callback([&c] { c.code = blind_spots(c.blind_spots_options); });
}

void add_decode(CLI::App& app, CommandLine& c) {
  CLI::App* decode_command =
      app.add_subcommand("decode", say("Feeds in, events out as JSON lines; the account on standard error"));
  add_input(*decode_command, c.decode_options.input);
  add_strict(*decode_command, c.decode_options.input);
  decode_command->add_flag("--spans", c.decode_options.spans,
                           say("Print every byte range of the files with its fate instead of events"));
  decode_command->callback([&c] { c.code = decode(c.decode_options); });
}

void add_timeline(CLI::App& app, CommandLine& c) {
  CLI::App* timeline_command =
      app.add_subcommand("timeline", say("Everything the feeds say about one subject, in order"));
  timeline_command
      ->add_option("SUBJECT", c.timeline_options.subject, say("TRHU3871247, or kind:key such as release:KTV26104222"))
      ->required();
  add_input(*timeline_command, c.timeline_options.input, Files::or_journal);
  timeline_command->add_flag("--facts", c.timeline_options.facts, say("Show what was known just before each event"));
  timeline_command->callback([&c] { c.code = timeline(c.timeline_options); });
}

void add_coverage(CLI::App& app, CommandLine& c) {
  CLI::App* coverage_command = app.add_subcommand(
      "coverage", say("What can and cannot be judged with these feeds, and which feed would open most"));
  add_input(*coverage_command, c.coverage_options, Files::or_journal);
  coverage_command->add_option("--rules", c.coverage_rules, rules_help());
  coverage_command->callback([&c] { c.code = coverage(c.coverage_options, c.coverage_rules); });
}

void add_preview(CLI::App& command, PreviewOptions& o) {
  const std::string group = say("With --preview");
  CLI::Option* preview_flag =
      command.add_flag("--preview", o.wanted,
                       say("Take nothing in: guess how the files are read, show it, and write a first mapping file"));
  preview_flag->excludes(command.get_option("--follow"));
  const auto only = [&](CLI::Option* option) { return option->group(group)->needs(preview_flag); };
  only(command.add_option("--out", o.out, say("Where to write the mapping; without it <feed>.toml beside the data")));
  only(command.add_flag("--force", o.force, say("Replace a mapping that is there")));
  only(command.add_option("--type", o.event_type, say("Event type of every row, instead of the guess")));
  only(command.add_option("--facility", o.facility, say("UN/LOCODE and terminal code, such as SIKOP/KTV")));
  only(command.add_option("--owner", o.owner, say("Organisation whose records these are")));
  only(command.add_option("--feed", o.feed, say("Name of the feed; without it that of the file")));
  CLI::Option* day_first = only(command.add_flag("--day-first", o.day_first, say("3/4/2026 is the third of April")));
  only(command.add_flag("--month-first", o.month_first, say("3/4/2026 is the fourth of March")))->excludes(day_first);
}

// What a connection and a watched folder need to be told, beside where they are.
void add_streams(CLI::App& command, ImportCommandOptions& o) {
  command.add_option("--certificate", o.certificate, say("PEM file of the server, for tls"));
  command.add_option("--key", o.key, say("PEM file of its key"));
  command.add_option("--client-ca", o.client_ca,
                     say("PEM file of authorities: senders must show a certificate of theirs"));
  command.add_option("--poll", o.poll_s, say("Seconds between looks at the folders"))->check(CLI::Range(1, 3600));
  command.add_option("--settle", o.settle_s, say("Seconds a file must stand still to be complete"))
      ->check(CLI::Range(0, 3600));
}

void add_import(CLI::App& app, CommandLine& c) {
  CLI::App* import_command = app.add_subcommand(
      "import",
      with_examples(
          say("Take files into the site's journal, each row once; a later version of a file corrects what it said"),
          "  quaywatch import FEEDS/\n"
          "  quaywatch import --follow /srv/drop --listen gate.log=tls:0.0.0.0:6514 --certificate c.pem --key k.pem\n"
          "  quaywatch import --mapping my-feeds/ orders_20261023.csv\n"
          "  quaywatch detect\n"
          "  quaywatch import --preview gate_20261024.csv --time-zone Europe/Ljubljana"));
  add_input(*import_command, c.import_options.input, Files::or_streams);
  add_strict(*import_command, c.import_options.input);
  import_command->add_flag("--again", c.import_options.again,
                           say("Read also files whose content was taken before, as after a mapping was mended"));
  import_command->add_flag(
      "--history", c.import_options.history,
      say("The files are from the past: take each as known when it was reported, not as received now"));
  import_command->add_flag("--follow", c.import_options.follow,
                           say("Go on: watch the named folders, listen on the streams, until Ctrl-C"));
  import_command
      ->add_option("--listen", c.import_options.listen,
                   say("NAME=ADDRESS: take records from tcp:, udp: or tls: HOST:PORT; NAME chooses the mapping"))
      ->allow_extra_args(false)
      ->needs("--follow");
  add_streams(*import_command, c.import_options);
  add_preview(*import_command, c.preview_options);
  import_command->callback([&c] {
    c.preview_options.input = c.import_options.input;
    c.code = c.preview_options.wanted ? preview(c.preview_options) : import(c.import_options);
  });
}

void add_serve(CLI::App& app, CommandLine& c) {
  CLI::App* command = app.add_subcommand(
      "serve",
      with_examples(say("Serve the console and its interface, and take in what arrives, until Ctrl-C"),
                    "  quaywatch import --history data/samples/port-day && quaywatch serve\n"
                    "  quaywatch serve /srv/drop --listen gate.log=tls:0.0.0.0:6514 --certificate c.pem --key k.pem\n"
                    "  quaywatch serve --http 0.0.0.0:8443 --http-certificate c.pem --http-key k.pem\n"
                    "  quaywatch serve --http 10.0.0.5:8420 --without-tls    a proxy before it does TLS") +
          "\n\n" + say("The first start makes an administrator and prints a one-time password."));
  ServeOptions& o = c.serve_options;
  command->add_option("FOLDER", o.intake.input.paths, say("Folders to watch, as 'import --follow' does"));
  command->add_option("--mapping", o.intake.input.mappings, say("Mapping file or folder (*.toml)"))
      ->allow_extra_args(false);
  command->add_option("--time-zone", o.intake.input.time_zone, say("IANA zone of records without an offset"));
  command
      ->add_option("--listen", o.intake.listen,
                   say("NAME=ADDRESS: take records from tcp:, udp: or tls: HOST:PORT; NAME chooses the mapping"))
      ->allow_extra_args(false);
  add_streams(*command, o.intake);
  command->add_option("--http", o.http, say("HOST:PORT of console and interface; port 0: a free one"))
      ->capture_default_str();
  command->add_option("--http-certificate", o.http_certificate, say("PEM file: the server speaks HTTPS"));
  command->add_option("--http-key", o.http_key, say("PEM file of its key"));
  command->add_flag("--without-tls", o.without_tls,
                    say("A proxy before it does TLS: listen beyond this machine without"));
  command->add_option("--metrics-token", o.metrics_token,
                      say("File with a word that programs present as a bearer token to read /metrics, and only so"));
  command->add_option("--console", o.console,
                      say("Folder of the built console; without it the one beside the program"));
  command->add_option("--rules", o.rules, rules_help());
  command->add_option("--administrator", o.administrator, say("First start: login of the first user"))
      ->capture_default_str();
  command->add_option("--organisation", o.organisation, say("First start: name of its organisation"))
      ->capture_default_str();
  command
      ->add_option("--kind", o.kind,
                   say("First start: kind of the organisation. Customs, police and authority see customs' selections "
                       "and controls, the others do not"))
      ->check(CLI::IsMember({"terminal", "carrier", "port_authority", "customs", "police", "authority"}))
      ->capture_default_str();
  command->callback([&c] { c.code = serve(c.serve_options); });
}

void add_keeping(CLI::App& app, CommandLine& c) {
  KeepOptions& o = c.keep_options;
  const auto command = [&](const char* name, const std::string& help, int (*run)(const KeepOptions&)) {
    CLI::App* added = add_command(app, c, c.keep_options, name, help, run);
    added->add_option("--site", o.site, say("Folder of the site; without it QUAYWATCH_HOME, as for every command"));
    return added;
  };
  CLI::App* save =
      command("backup",
              with_examples(say("Copy the whole site into one file, also while serve runs. It holds the keys: keep it "
                                "as safe as the site"),
                            "  quaywatch backup /media/stick/site.qwb\n"
                            "  quaywatch backup --site /var/lib/quaywatch --force /srv/backup/monday.qwb\n"
                            "  quaywatch backup --recipient age1... --sign port.key /media/stick/site.qwb.age"),
              backup);
  save->add_option("TARGET", o.file, say("File to write"))->required();
  save->add_flag("--force", o.force,
                 say("Replace the file if it is there; the old one stays until the new one is whole"));
  save->add_option(
          "--recipient", o.recipients,
          say("Encrypt it to this key (age1...), or to those of a file; may be given again. 'keygen' makes one"))
      ->allow_extra_args(false);
  save->add_option("--sign", o.signing_key, say("Sign it with this secret key of minisign: TARGET.minisig"));
  CLI::App* bring_back =
      command("restore",
              with_examples(say("Bring a backup back. It is checked whole before anything is written"),
                            "  quaywatch restore --check site.qwb\n"
                            "  quaywatch restore site.qwb --site /var/lib/quaywatch\n"
                            "  quaywatch restore site.qwb --site /var/lib/quaywatch --force\n"
                            "  quaywatch restore --check site.qwb.age --identity port.age --verify port.key.pub"),
              restore);
  bring_back->add_option("FILE", o.file, say("File of 'backup'"))->required();
  bring_back->add_flag("--force", o.force, say("Also into a folder that is not empty: what is there is moved aside"));
  bring_back->add_flag("--check", o.check, say("Only say whether the file is whole; write nothing"));
  bring_back
      ->add_option("--identity", o.identities, say("File of the secret key of age that opens it; may be given again"))
      ->allow_extra_args(false);
  bring_back->add_option("--verify", o.verifying_key,
                         say("Refuse it unless FILE.minisig was made with this key (RW...), or that of a file"));
  command("rebuild",
          with_examples(
              say("Make the database of users and organisations again from the journal, after it was lost or damaged. "
                  "Passwords that are still there stay; administrators without one get a one-time password"),
              "  quaywatch rebuild --site /var/lib/quaywatch"),
          rebuild);
  CLI::App* reset =
      command("reset-password",
              with_examples(say("Give a user a new one-time password, on the machine itself: for the administrator who "
                                "has nobody to ask. The server must be stopped; it is on record"),
                            "  quaywatch reset-password admin --site /var/lib/quaywatch\n"
                            "  quaywatch reset-password admin --second-factor"),
              reset_password);
  reset->add_option("LOGIN", o.login, say("Of the user"))->required();
  reset->add_flag("--second-factor", o.second_factor, say("Drop the second factor too: the device is lost"));
}

void add_envelope(CLI::App& app, CommandLine& c) {
  EnvelopeOptions& o = c.envelope_options;
  const auto command = [&](const char* name, const std::string& help, int (*run)(const EnvelopeOptions&)) {
    return add_command(app, c, c.envelope_options, name, help, run);
  };
  CLI::App* keygen = command("keygen",
                             with_examples(say("Make a key that backups are encrypted to, or one that files are signed "
                                               "with; the public part is printed"),
                                           "  quaywatch keygen encryption port.age\n"
                                           "  quaywatch keygen signature port.key"),
                             generate_key);
  keygen->add_option("USE", o.use, say("encryption (as age-keygen) or signature (as minisign -G -W)"))
      ->required()
      ->check(CLI::IsMember({"encryption", "signature"}));
  keygen->add_option("FILE", o.file, say("File to write the secret key to; for signature the public one to FILE.pub"))
      ->required();
  CLI::App* sign = command("sign-file",
                           with_examples(say("Sign a file as minisign does: FILE.minisig"),
                                         "  quaywatch sign-file quaywatch_0.1.0_amd64.deb --key release.key"),
                           sign_file);
  sign->add_option("FILE", o.file, say("Any file"))->required();
  sign->add_option("--key", o.key, say("File of the secret key, without a password"))->required();
  CLI::App* check = command("verify-file",
                            with_examples(say("Say whether FILE is what FILE.minisig was made of, and by which key"),
                                          "  quaywatch verify-file quaywatch_0.1.0_amd64.deb --key release.key.pub"),
                            verify_file);
  check->add_option("FILE", o.file, say("A file with its signature beside it, such as a package"))->required();
  check->add_option("--key", o.key, say("The public key (RW...), or its file"))->required();
}

void add_rejects(CLI::App& app, CommandLine& c) {
  CLI::App* rejects_command = app.add_subcommand(
      "rejects", with_examples(say("What import could not use, why, and another try"),
                               "  quaywatch rejects\n"
                               "  quaywatch rejects --retry --mapping mended.toml orders_20261023.csv"));
  rejects_command->add_option("NAME", c.rejects_options.input.paths,
                              say("Files that have rejects; without it all of them"));
  rejects_command->add_option("--mapping", c.rejects_options.input.mappings, say("Mapping file or folder (*.toml)"))
      ->allow_extra_args(false);
  rejects_command->add_option("--time-zone", c.rejects_options.input.time_zone,
                              say("IANA zone of records without an offset"));
  rejects_command->add_option("--now", c.rejects_options.input.now,
                              say("Take this RFC 3339 instant instead of the clock"));
  rejects_command->add_flag("--strict", c.rejects_options.input.strict, say("Exit with 2 when rejects remain"));
  rejects_command->add_flag("--retry", c.rejects_options.retry,
                            say("Read the kept files again and take what passes now"));
  rejects_command->callback([&c] { c.code = rejects(c.rejects_options); });
}

void add_feeds(CLI::App& app, CommandLine& c) {
  CLI::App* feeds_command = app.add_subcommand(
      "feeds", with_examples(say("Each feed: contract, what it covers, holes, lateness, rejects, clocks that disagree"),
                             "  quaywatch feeds\n"
                             "  quaywatch feeds FEEDS/\n"
                             "  quaywatch feeds --format jsonl > health.jsonl"));
  add_input(*feeds_command, c.feeds_options.input, Files::or_journal);
  feeds_command->add_option("--format", c.feeds_options.format, say("table, or jsonl: its health as events"))
      ->check(CLI::IsMember({"table", "jsonl"}));
  feeds_command->callback([&c] { c.code = feeds(c.feeds_options); });
}

void add_legal(CLI::App& app, CommandLine& c) {
  CLI::App* command =
      app.add_subcommand("legal", with_examples(say("Documents for the law, of what feeds and rules state of "
                                                    "themselves; what nobody stated is marked missing"),
                                                "  quaywatch legal processing > processing.md\n"
                                                "  quaywatch legal staff --language es"));
  LegalOptions& o = c.legal_options;
  command
      ->add_option("DOCUMENT", o.document,
                   say("processing: record of processing activities; assessment: draft of an impact assessment; staff: "
                       "what rules read of staff"))
      ->required()
      ->check(CLI::IsMember({"processing", "assessment", "staff"}));
  command->add_option("--format", o.format, say("markdown or json"))->check(CLI::IsMember({"markdown", "json"}));
  command->add_option("--rules", o.rules, say("Folder of rules instead of those in force"));
  add_input(*command, o.input, Files::or_journal);
  command->callback([&c] { c.code = legal_document(c.legal_options); });
}

void add_agreements(CLI::App& app, CommandLine& c) {
  CLI::App* agreement = app.add_subcommand(
      "agreement",
      say("Agreements with those who speak for the staff; without one, rules on staff data are off over the journal"));
  agreement->require_subcommand(1);
  AgreementOptions& o = c.agreement_options;
  const auto command = [&](const char* name, const std::string& help, int (*run)(const AgreementOptions&)) {
    return add_command(*agreement, c, c.agreement_options, name, help, run);
  };
  CLI::App* record =
      command("record",
              with_examples(say("Record one; a second person confirms it"),
                            "  quaywatch agreement record --reference 'works agreement 7/2026' --parties 'terminal and "
                            "works council' --from 2026-01-01 --until 2027-12-31"),
              agreement_record);
  record->add_option("--reference", o.reference, say("Where the paper is"))->required();
  record->add_option("--parties", o.parties, say("Who signed it: positions, no names of persons"))->required();
  record->add_option("--from", o.from, say("It covers what happened from here on: RFC 3339, or a day"))->required();
  record->add_option("--until", o.until, say("And until here: RFC 3339, or a day to its end"))->required();
  record->add_option("--rule", o.rules, say("Id of a rule that it is about; without any every rule on staff data"))
      ->allow_extra_args(false);
  command("confirm", say("Confirm one that another person recorded"), agreement_confirm)
      ->add_option("NUMBER", o.number, say("Its number"))
      ->required();
  CLI::App* end = command("end", say("End one before its time"), agreement_end);
  end->add_option("NUMBER", o.number, say("Its number"))->required();
  end->add_option("--at", o.until, say("Its new end: RFC 3339, or a day to its end; now without it"));
  end->add_option("--reason", o.reason, say("Why, in words; kept in clear in the journal: name no person"))->required();
  command("list", say("All of them: what they cover, who confirmed"), agreement_list);
}

void add_score(CLI::App& app, CommandLine& c) {
  CLI::App* score_command = app.add_subcommand(
      "score",
      with_examples(say("Alerts against the truth of a simulated port: what was found, how soon, and the false alarms"),
                    "  quaywatch detect --format jsonl --time-zone Europe/Ljubljana --account run.json PORT/feeds > "
                    "alerts.jsonl\n"
                    "  quaywatch score --truth PORT/truth --account run.json alerts.jsonl\n"
                    "  quaywatch detect --format jsonl --time-zone Europe/Ljubljana PORT/feeds |\n"
                    "    quaywatch score --truth PORT/truth --page score.md -"));
  ScoreOptions& o = c.score_options;
  score_command->add_option("ALERTS", o.input.paths, say("Files of 'detect --format jsonl'; - reads standard input"))
      ->required();
  score_command->add_option("--truth", o.truth, say("Folder with port.json and plants.jsonl (docs/formats/truth.md)"))
      ->required();
  score_command->add_option("--account", o.account,
                            say("File of 'detect --account': adds the share that could be judged"));
  score_command->add_option("--reach", o.reach,
                            say("How long after its last act an alert is still of a plant, such as 72h"));
  score_command->add_option("--format", o.format, say("text or json"))->check(CLI::IsMember({"text", "json"}));
  score_command->add_option("--page", o.page, say("Write the same as a Markdown page to this file"));
  score_command->add_flag("--reveal,!--no-reveal", o.input.reveal,
                          say("Show personal values of the truth in clear; this is recorded"));
  score_command->callback([&c] { c.code = score(c.score_options); });
}

void add_deployment(CLI::App& rules_command, CommandLine& c) {
  RulesOptions& o = c.rules_options;
  const auto command = [&](const char* name, const std::string& help, int (*run)(const RulesOptions&)) {
    return add_command(rules_command, c, c.rules_options, name, help, run);
  };
  const auto reason = [&o](CLI::App* added) {
    added->add_option("--reason", o.reason, say("Why, in words; kept in clear in the journal: name no person"))
        ->required();
  };
  const auto reveal = [&o](CLI::App* added) {
    added->add_flag("--reveal,!--no-reveal", o.reveal, say("Show accounts in clear; this is recorded"));
  };
  CLI::App* propose =
      command("propose",
              with_examples(say("Propose rules for this site: all of a folder, in place of those in force"),
                            "  quaywatch rules propose my-rules/ --reason 'the yard scale errs by 2 t'\n"
                            "  quaywatch backtest --rules my-rules/ --format jsonl > tried.jsonl\n"
                            "  quaywatch rules propose my-rules/ --backtest tried.jsonl --reason 'fewer false alarms'"),
              rules_propose);
  propose->add_option("DIR", o.folder, say("Folder of the rules, all of them"))->required();
  propose->add_option("--backtest", o.backtest,
                      say("Output of 'backtest --format jsonl' with these rules, for the approver"));
  reason(propose);
  reveal(command("proposals", say("Proposals that wait for a decision, and what they change"), rules_proposals));
  command("approve", say("Put a proposal in force; a second person does this"), rules_approve)
      ->add_option("VERSION", o.version, say("Its number"))
      ->required();
  CLI::App* refuse = command("refuse", say("Refuse a proposal, or take back one's own"), rules_refuse);
  refuse->add_option("VERSION", o.version, say("Its number"))->required();
  reason(refuse);
  CLI::App* roll_back = command(
      "rollback", say("Put an earlier version in force at once; noted for review by a second person"), rules_roll_back);
  roll_back->add_option("VERSION", o.version, say("Its number, 0 for the shipped rules; without it the one before"));
  reason(roll_back);
  reveal(command("history", say("Every decision on rules: what, when, who, why"), rules_history));
  CLI::App* exported = command("export", say("Write the rules in force, or of a version, as files"), rules_export);
  exported->add_option("OUT", o.folder, say("Folder; made when it is missing, refused when something is in it"))
      ->required();
  exported->add_option("--version", o.version, say("Number of a version, 0 for the shipped rules"));
}

void add_rules(CLI::App& app, CommandLine& c) {
  CLI::App* rules_command = app.add_subcommand("rules", say("Work with rules"));
  rules_command->require_subcommand(1);
  CLI::App* check_command = rules_command->add_subcommand(
      "check", say("Compile every rule of a folder; each refusal with file, line and reason"));
  check_command->add_option("DIR", c.rules_folder, say("Folder of rules; without it the shipped pack"));
  check_command->add_flag("--strict", c.rules_strict, say("Exit with 2 when a rule was refused"));
  check_command->callback([&c] { c.code = rules_check(c.rules_folder, c.rules_strict); });
  CLI::App* test_command = rules_command->add_subcommand(
      "test", with_examples(say("Run the vectors of every detector of a folder: which fail, and the difference"),
                            "  quaywatch rules test\n"
                            "  quaywatch rules test my-rules/heavier_at_the_gate"));
  test_command->add_option("DIR", c.rules_folder,
                           say("Folder of detectors (rule.yml, vectors/), or of one; without it ./detectors"));
  test_command->callback([&c] { c.code = rules_test(c.rules_folder); });
  add_deployment(*rules_command, c);
}

void add_reference(CLI::App& app, CommandLine& c) {
  CLI::App* command = app.add_subcommand(
      "reference", with_examples(say("Code lists that identifiers are checked against"),
                                 "  quaywatch reference list\n"
                                 "  quaywatch reference update unlocode '2025-1 UNLOCODE CodeListPart1.csv' '2025-1 "
                                 "UNLOCODE CodeListPart2.csv' '2025-1 UNLOCODE CodeListPart3.csv'\n"
                                 "  quaywatch reference update smdg_liner _combined.json --edition 2026-09"));
  command->require_subcommand(1);
  command->add_subcommand("list", say("Each table with its edition, rows, date and origin, and which one is in use"))
      ->callback([&c] { c.code = reference_list(); });
  CLI::App* official = command->add_subcommand(
      "update", with_examples(say("Reads an official list as published, checks it and keeps it in the site's folder, "
                                  "where it is used in place of the built-in table"),
                              "  quaywatch reference update hs harmonized-system.csv --edition 2022\n"
                              "  quaywatch reference update iso3166 countries.csv --edition 2026-01"));
  official->add_option("TABLE", c.update_options.table, say("unlocode, smdg_liner, hs or iso3166"))->required();
  official
      ->add_option("FILE", c.update_options.files, say("All files of the list: UN/LOCODE is published in three parts"))
      ->required();
  official->add_option("--edition", c.update_options.edition,
                       say("Name of the edition; without it from the file names, else the day"));
  official->add_option("--now", c.update_options.now,
                       say("Take this RFC 3339 instant for the day of the update instead of the clock"));
  official->add_flag("--force", c.update_options.force, say("Keep it in spite of broken lines or many lost codes"));
  official->callback([&c] { c.code = reference_update(c.update_options); });
}

void add_simulate(CLI::App& app, CommandLine& c) {
  CLI::App* command = app.add_subcommand(
      "simulate", with_examples(say("A port that does not exist, as its systems would export it"),
                                "  quaywatch simulate OUT/\n"
                                "  quaywatch simulate --days 7 --size small --seed 1 --from 2026-10-19 OUT/"));
  SimulateCommandOptions& o = c.simulate_options;
  command
      ->add_option("OUT", o.out, say("Folder for feeds/, delivery.csv, truth/, port.geojson; made when it is missing"))
      ->required();
  command->add_option("--days", o.days, say("Days that are exported"))->capture_default_str();
  command->add_option("--size", o.size, say("one-berth, small, medium, large or rotterdam"))->capture_default_str();
  command->add_option("--seed", o.seed, say("The same seed gives the same bytes"))->capture_default_str();
  command->add_option("--from", o.from, say("First day, such as 2026-10-19; without it a Monday at least a week ago"));
  command->add_option("--plant", o.plants,
                      say("Plants a crime: FILE[:LEVEL] or SCRIPT[:LEVEL], all[:LEVEL] for every script; levels 0 to 3 "
                          "of carefulness, 1 without it. May be given several times"));
  command->add_flag("--clean", o.clean, say("Files on time, once and whole: without the mishaps of a real transfer"));
  command->add_flag("--force", o.force, say("Write into a folder that is not empty"));
  command->callback([&c] { c.code = simulate(c.simulate_options); });
}

}  // namespace

int main(int argc, char** argv) {
  quaywatch::io::occupy_closed_standard_streams();
  speak(chosen_language(argc, argv));
  CLI::App app{with_examples(say("Quaywatch: takes a port's own feeds, keeps one timeline per container, release, card "
                                 "and account, and prints explained alerts."),
                             "  quaywatch detect data/samples/port-day\n"
                             "  quaywatch decode codeco_20261022.edi --time-zone Europe/Ljubljana\n"
                             "  quaywatch timeline TRHU3871247 FEEDS/ --facts\n"
                             "  quaywatch coverage FEEDS/\n"
                             "  quaywatch rules check my-rules/\n"
                             "  quaywatch reference list")};
  app.require_subcommand(1);
  app.fallthrough();  // --language also behind the command
  say_frame(app);
  app.set_version_flag("--version", "quaywatch " QUAYWATCH_VERSION, say("Show the version and exit"));
  CommandLine c;
  app.add_option("--language", c.language,
                 say("Language of what people read: en or es; without it QUAYWATCH_LANGUAGE, else that of the system"))
      ->check(CLI::IsMember({"en", "es"}));
  add_detect(app, c);
  add_backtest(app, c);
  add_explain(app, c);
  add_blind_spots(app, c);
  add_decode(app, c);
  add_timeline(app, c);
  add_coverage(app, c);
  add_import(app, c);
  add_serve(app, c);
  add_keeping(app, c);
  add_envelope(app, c);
  add_rejects(app, c);
  add_feeds(app, c);
  add_legal(app, c);
  add_agreements(app, c);
  add_score(app, c);
  add_rules(app, c);
  add_reference(app, c);
  add_simulate(app, c);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return refuse(app, e);
  }
  return c.code == kUnusable ? c.code : finish(c.code);
}
