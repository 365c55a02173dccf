#include "app/command_frame.h"

#include <array>
#include <memory>

#include "app/commands.h"
#include "app/print.h"
#include "app/texts.h"

namespace quaywatch::app {
namespace {

constexpr std::array kLabels{key("Usage"),       key("Options"),     key("OPTIONS"),  key("SUBCOMMAND"),
                             key("SUBCOMMANDS"), key("Positionals"), key("REQUIRED"), key("Needs"),
                             key("Excludes")};

// How CLI11 composes them.
constexpr std::array kRefusals{key("The following argument was not expected: {}"),
                               key("The following arguments were not expected: {}"),
                               key("A subcommand is required"),
                               key("{} is required"),
                               key("{} requires {}"),
                               key("{} excludes {}"),
                               key("{}: {} required {} missing"),
                               key("{}: Value {} not in range {} to {}"),
                               key("{}: {} not in {}"),
                               key("Could not convert: {} = {}"),
                               key("Expected exactly {} arguments to {}, got {}"),
                               key("Expected at least {} arguments to {}, got {}")};

// Headings of groups are no labels to CLI11.
class Frame : public CLI::Formatter {
 public:
  Frame() {
    for (const std::string_view english : kLabels) label(std::string(english), std::string(translated(english)));
  }
  std::string make_group(std::string group, bool is_positional,
                         std::vector<const CLI::Option*> options) const override {
    return CLI::Formatter::make_group(std::string(translated(group)), is_positional, std::move(options));
  }
};

}  // namespace

void say_frame(CLI::App& app) {
  app.formatter(std::make_shared<Frame>());
  app.group(say("Subcommands"));
  app.set_help_flag("-h,--help", say("Print this help message and exit"));
}

int refuse(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) {
    app.exit(error);
    return kDone;
  }
  print(stderr, "{}\n", retold(error.what(), kRefusals));
  print(stderr, "Run with --help for more information.\n");
  return kUnusable;
}

}  // namespace quaywatch::app
