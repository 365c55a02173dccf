
#include <cstdio>

#include "app/commands.h"
#include "app/print.h"
#include "app/run_input.h"
#include "app/shipped_rules.h"
#include "app/texts.h"
#include "base/limits.h"
#include "base/text.h"
#include "io/files.h"

namespace quaywatch::app {

int rules_check(const std::string& folder, bool strict) {
  std::vector<rules::RuleFile> files;
  if (folder.empty()) {
    files = shipped_rules();
  } else {
    const auto paths = io::list_files(folder);
    if (!paths) return unusable(paths.error());
    for (const std::string& path : *paths) {
      if (!path.ends_with(".yml") && !path.ends_with(".yaml")) continue;
      // A file over the limit is refused with its reason by the compiler; here it only must not fill memory.
      auto text = io::read_file(path, limits::kRuleFileBytes + 1);
      files.push_back({path, text ? std::move(*text) : std::string(limits::kRuleFileBytes + 1, ' ')});
    }
  }
  const auto loaded = rules::Pack::load(files);
  for (const auto& r : loaded.refused)
    print(stdout, "{}:{}: refused{}: {}\n", r.path, r.line, r.rule.empty() ? "" : " '" + r.rule + "'",
          retold(r.reason));
  const std::size_t compiled = loaded.pack.alerting(), refused = loaded.refused.size();
  const std::size_t parts = loaded.pack.rules().size() - compiled;
  print(stdout, "{}: {} compiled, {} refused{}\n", say_counted(compiled + refused, "{} rule", "{} rules"), compiled,
        refused, parts == 0 ? "" : say("; and {} of correlations", say_counted(parts, "{} part", "{} parts")));
  return strict && refused > 0 ? kRejected : kDone;
}

}  // namespace quaywatch::app
