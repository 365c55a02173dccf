// The command line of `quaywatch`: wiring only.
#include <CLI/CLI.hpp>

#include "app/commands.h"
#include "app/print.h"
#include "io/standard_streams.h"

namespace {

using namespace quaywatch::app;

void add_input(CLI::App& command, InputOptions& input) {
  command.add_option("FILE", input.paths, "Files or folders of feeds; - reads standard input")->required();
  command.add_option("--mapping", input.mappings,
                     "Mapping file or folder (*.toml) for CSV and JSON; those beside the data are found");
  command.add_option("--time-zone", input.time_zone,
                     "IANA zone of records without an offset, such as Europe/Ljubljana");
  command.add_option("--now", input.now, "Take this RFC 3339 instant for the import instead of the clock");
  command.add_flag("--reveal,!--no-reveal", input.reveal, "Show personal values in clear; this is recorded");
  command.add_flag("--strict", input.strict, "Exit with 2 when anything was rejected");
}

}  // namespace

int main(int argc, char** argv) {
  quaywatch::io::occupy_closed_standard_streams();
  CLI::App app{
      "Quaywatch: takes a port's own feeds, keeps one timeline per container, release, card and account, and "
      "prints explained alerts.\n\nExamples:\n  quaywatch detect data/samples/port-day\n"
      "  quaywatch decode codeco_20261022.edi --time-zone Europe/Ljubljana\n"
      "  quaywatch timeline TRHU3871247 FEEDS/ --facts\n  quaywatch coverage FEEDS/\n  quaywatch rules check "
      "my-rules/"};
  app.require_subcommand(1);
  app.set_version_flag("--version", "quaywatch " QUAYWATCH_VERSION);
  int code = kDone;

  DetectOptions detect_options;
  CLI::App* detect_command = app.add_subcommand("detect", "Feeds in, explained alerts out");
  add_input(*detect_command, detect_options.input);
  detect_command->add_option("--rules", detect_options.rules, "Folder of rules that replaces the shipped pack");
  detect_command->add_option("--format", detect_options.format, "table or jsonl")
      ->check(CLI::IsMember({"table", "jsonl"}));
  detect_command->callback([&] { code = detect(detect_options); });

  DecodeOptions decode_options;
  CLI::App* decode_command =
      app.add_subcommand("decode", "Feeds in, events out as JSON lines; the account on standard error");
  add_input(*decode_command, decode_options.input);
  decode_command->add_flag("--spans", decode_options.spans,
                           "Print every byte range of the files with its fate instead of events");
  decode_command->callback([&] { code = decode(decode_options); });

  TimelineOptions timeline_options;
  CLI::App* timeline_command = app.add_subcommand("timeline", "Everything the feeds say about one subject, in order");
  timeline_command
      ->add_option("SUBJECT", timeline_options.subject, "TRHU3871247, or kind:key such as release:KTV26104222")
      ->required();
  add_input(*timeline_command, timeline_options.input);
  timeline_command->add_flag("--facts", timeline_options.facts, "Show what was known just before each event");
  timeline_command->callback([&] { code = timeline(timeline_options); });

  InputOptions coverage_options;
  std::string coverage_rules;
  CLI::App* coverage_command =
      app.add_subcommand("coverage", "What can and cannot be judged with these feeds, and which feed would open most");
  add_input(*coverage_command, coverage_options);
  coverage_command->add_option("--rules", coverage_rules, "Folder of rules that replaces the shipped pack");
  coverage_command->callback([&] { code = coverage(coverage_options, coverage_rules); });

  CLI::App* rules_command = app.add_subcommand("rules", "Work with rules");
  rules_command->require_subcommand(1);
  std::string rules_folder;
  CLI::App* check_command =
      rules_command->add_subcommand("check", "Compile every rule of a folder; each refusal with file, line and reason");
  check_command->add_option("DIR", rules_folder, "Folder of rules; without it the shipped pack");
  bool rules_strict = false;
  check_command->add_flag("--strict", rules_strict, "Exit with 2 when a rule was refused");
  check_command->callback([&] { code = rules_check(rules_folder, rules_strict); });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? kDone : kUnusable;
  }
  return code == kUnusable ? code : finish(code);
}
