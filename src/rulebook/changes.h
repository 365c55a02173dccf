// Changes: what one set of rules changes of another, document by document, for the person who must agree. Values; pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rules/rule.h"

namespace quaywatch::rulebook {

// A rule, or a document without one, such as a filter that states exceptions: that has no rule on either side.
struct Change {
  std::string id, title;
  std::optional<rules::Rule> before, now;
  std::string before_text, now_text;  // of the file that states it; empty: there is none
  bool is_new() const { return before_text.empty(); }
  bool is_gone() const { return now_text.empty(); }
};

struct Changes {
  std::size_t rules = 0;      // of `now` that raise alerts
  std::vector<Change> all;    // by title
  std::size_t added() const;  // new, changed and gone ones together are all
  std::size_t changed() const;
  std::size_t gone() const;
};

// A rule whose exceptions or tables are others is a changed one. Rules are told apart by their id, other documents by
// their path. No byte differs that no change tells of.
Changes changes(const std::vector<rules::RuleFile>& before, const std::vector<rules::RuleFile>& now);

}  // namespace quaywatch::rulebook
