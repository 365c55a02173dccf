// The public Sigma rules and their regression events (shared data j1, j2): every rule compiles or is refused with a
// true reason, and a rule matches the real event that was recorded for it.
#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "rules/rule.h"

namespace quaywatch::rules {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

const fs::path kData = fs::path(QUAYWATCH_SHARED_DIR) / "data";

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::vector<RuleFile> rule_files(const fs::path& root) {
  std::vector<RuleFile> files;
  for (const auto& entry : fs::recursive_directory_iterator(root))
    if (entry.path().extension() == ".yml") files.push_back({entry.path().string(), read_file(entry.path())});
  std::sort(files.begin(), files.end(), [](const RuleFile& a, const RuleFile& b) { return a.path < b.path; });
  return files;
}

using Fields = std::vector<std::pair<std::string, std::string>>;

std::string text_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

// Sigma taxonomy names of a Windows event: data fields by their own name, System fields by name, attributes joined by
// an underscore (rules specification 2.1, "Field Usage").
void flatten(const Json& node, const std::string& prefix, Fields& out) {
  for (const auto& [key, value] : node.items()) {
    if (value.is_null()) continue;
    if (key == "#attributes") {
      flatten(value, prefix.empty() ? "" : prefix + "_", out);
    } else if (value.is_object()) {
      const bool transparent = key == "Event" || key == "System" || key == "EventData" || key == "UserData";
      flatten(value, transparent ? "" : prefix + key, out);
    } else {
      std::string name = prefix + key;
      std::erase(name, ' ');  // "Threat Name" is ThreatName in Sigma
      out.emplace_back(std::move(name), text_of(value));
    }
  }
}

// `process_creation` rules name fields as Sysmon does; the Security log (4688) uses other names for the same things.
void add_taxonomy_names(Fields& fields) {
  const std::map<std::string, std::string> kNames = {{"NewProcessName", "Image"}, {"ParentProcessName", "ParentImage"}};
  Fields more;
  for (const auto& [name, value] : fields)
    if (const auto it = kNames.find(name); it != kNames.end()) more.emplace_back(it->second, value);
  fields.insert(fields.end(), more.begin(), more.end());
}

// How many events of a recording the rule matches. A `.json` holds one or more JSON values one after another; a `.raw`
// is one log line, which keyword rules search.
int count_matches(Pack& pack, std::size_t rule, const fs::path& path) {
  std::istringstream in(read_file(path));
  if (path.extension() == ".raw") {
    const std::string line = in.str();
    const LogField record[] = {{"", line}};
    return pack.match_log(rule, record).truth == Truth::yes;
  }
  int matches = 0;
  while (in >> std::ws && !in.eof()) {
    Json event;
    in >> event;
    Fields fields;
    flatten(event, "", fields);
    add_taxonomy_names(fields);
    std::vector<LogField> record;
    for (const auto& [name, value] : fields) record.push_back({name, value});
    matches += pack.match_log(rule, record).truth == Truth::yes;
  }
  return matches;
}

// info.yml beside the recording states how many at least; some state no count.
int least_matches(const fs::path& recording) {
  const std::string info = read_file(recording.parent_path() / "info.yml");
  const std::string key = "match_count: ";
  const auto at = info.find(key);
  int count = 1;
  if (at != std::string::npos) std::from_chars(info.data() + at + key.size(), info.data() + info.size(), count);
  return count;
}

TEST(PublicRules, CompileAndMatchTheEventsRecordedForThem) {
  const fs::path recordings = kData / "j2_sigma_regression";
  if (!fs::exists(recordings)) GTEST_SKIP() << "no shared data at " << recordings;
  const auto files = rule_files(kData / "j1_sigma_rules");
  auto [pack, refused] = Pack::load(files);
  std::cout << pack.rules().size() << " of " << files.size() << " compiled\n";
  for (const Refusal& r : refused)
    std::cout << fs::path(r.path).filename() << ":" << r.line << ": " << r.reason << '\n';
  EXPECT_EQ(pack.rules().size() + refused.size(), files.size());
  EXPECT_GE(pack.rules().size() * 1000, files.size() * 999);

  std::map<std::string, std::size_t> index_of;
  for (std::size_t i = 0; i < pack.rules().size(); ++i) index_of[pack.rules()[i].id] = i;
  std::size_t tried = 0;
  for (const auto& entry : fs::recursive_directory_iterator(recordings)) {
    const fs::path& path = entry.path();
    if (path.extension() != ".json" && path.extension() != ".raw") continue;
    ++tried;
    const auto rule = index_of.find(path.stem().string());
    ASSERT_NE(rule, index_of.end()) << path;
    EXPECT_GE(count_matches(pack, rule->second, path), least_matches(path)) << path;
  }
  EXPECT_EQ(tried, 109U);
}

}  // namespace
}  // namespace quaywatch::rules
