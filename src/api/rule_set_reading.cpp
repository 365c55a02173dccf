#include "api/rule_set_reading.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/answer.h"
#include "base/limits.h"
#include "rulebook/deployments.h"

namespace quaywatch::api {
namespace {

constexpr std::size_t kRuleFiles = 1000;
constexpr std::size_t kShownRefusals = 10;

}  // namespace

std::vector<rules::RuleFile> read_files(Reading& in, const nlohmann::json& body) {
  std::vector<rules::RuleFile> out;
  const auto files = body.find("files");
  const bool is_list = files != body.end() && files->is_array() && !files->empty() && files->size() <= kRuleFiles;
  if (!is_list) return in.refuse("files", "files is a list of 1 to 1000 documents, each with path and text"), out;
  std::size_t bytes = 0;
  for (const auto& f : *files) {
    const bool is_file = f.is_object() && f.size() == 2 && f.contains("path") && f["path"].is_string() &&
                         f.contains("text") && f["text"].is_string();
    if (!is_file) return in.refuse("files", "each of files has path and text, both texts"), out;
    out.push_back({f["path"].get<std::string>(), f["text"].get<std::string>()});
    const std::string& path = out.back().path;
    if (path.empty() || path.size() > 200 || path.starts_with('/') || path.find("..") != std::string::npos)
      return in.refuse("files", "a path has 1 to 200 characters and does not lead out of the folder"), out;
    if (out.back().text.size() > limits::kRuleFileBytes)
      return in.refuse("files", fmt::format("'{}' is larger than 256 KiB", path)), out;
    bytes += out.back().text.size();
  }
  if (bytes > rulebook::kProposalBytes) in.refuse("files", "the documents have more than 8 MiB together");
  return out;
}

std::optional<io::HttpResponse> refuse_unless_it_compiles(const std::vector<rules::RuleFile>& files) {
  const auto loaded = rules::Pack::load(files);
  if (loaded.refused.empty() && !loaded.pack.rules().empty()) return std::nullopt;
  std::string why = loaded.refused.empty() ? "there is no rule in it" : "";
  for (std::size_t i = 0; i < std::min(loaded.refused.size(), kShownRefusals); ++i) {
    const rules::Refusal& r = loaded.refused[i];
    why += fmt::format("{}{}:{}{}: {}", why.empty() ? "" : "; ", r.path, r.line,
                       r.rule.empty() ? "" : " '" + r.rule + "'", r.reason);
  }
  return problem(400, "invalid", why, "files");
}

io::HttpResponse hidden_rules() {
  return problem(403, "forbidden",
                 "this set would change rules that your organisation may not see; propose it from one that may");
}

}  // namespace quaywatch::api
