// The shipped feed folders: data/mappings/X/vectors is decoded with data/mappings/X/mapping.toml and compared with what
// stands beside each file.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "adapter/recorder.h"
#include "adapters/mapped/mapped.h"
#include "adapters/vector_files.h"

namespace quaywatch::adapters {
namespace {

namespace fs = std::filesystem;
using adapter::Recorder;
using mapped::decode_mapped;
using mapped::Mapping;

std::vector<fs::path> feed_folders() {
  std::vector<fs::path> out;
  for (const auto& entry : fs::directory_iterator(QUAYWATCH_SOURCE_DIR "/data/mappings"))
    if (fs::exists(entry.path() / "mapping.toml")) out.push_back(entry.path());
  std::sort(out.begin(), out.end());
  return out;
}

Mapping mapping_of(const fs::path& folder) {
  auto mapping = mapped::parse_mapping(read_file(folder / "mapping.toml"), (folder / "mapping.toml").string());
  if (mapping) return std::move(*mapping);
  ADD_FAILURE() << mapping.error().context << ": " << mapping.error().message;
  return {};
}

TEST(FeedVectors, EventsFindingsAndRejectsAreAsWritten) {
  const std::vector<fs::path> folders = feed_folders();
  EXPECT_GE(folders.size(), 23U);
  for (const fs::path& folder : folders) {
    const Mapping mapping = mapping_of(folder);
    EXPECT_EQ(mapping.feed, folder.filename()) << "the folder names the feed";
    for (const fs::path& file : vector_inputs(folder / "vectors")) {
      EXPECT_TRUE(mapped::matches(mapping, file.filename().string())) << file << " is not among the mapping's files";
      const std::string bytes = read_file(file);
      Recorder r;
      decode_mapped(bytes, mapping, vector_source(), r, file.filename().string());
      EXPECT_TRUE(r.accounts_for(bytes.size())) << file;
      expect_vector(file, r);
    }
  }
}

// A rule of a mapping that no vector reaches was never seen to work.
TEST(FeedVectors, EveryEventRuleIsReachedByAGoodVector) {
  for (const fs::path& folder : feed_folders()) {
    Mapping mapping = mapping_of(folder);
    std::vector<mapped::EventRule> rules;
    rules.swap(mapping.events);
    for (std::size_t i = 0; i < rules.size(); ++i) {
      mapping.events = {rules[i]};
      std::size_t events = 0;
      for (const fs::path& file : vector_inputs(folder / "vectors")) {
        if (file.filename().string().starts_with("malformed")) continue;
        Recorder r;
        decode_mapped(read_file(file), mapping, vector_source(), r, file.filename().string());
        events += r.events.size();
      }
      EXPECT_GE(events, 1U) << folder.filename() << ": no vector makes an event of [[event]] number " << i + 1;
    }
  }
}

TEST(FeedVectors, EveryFeedHasGoodAndMalformedOnes) {
  for (const fs::path& folder : feed_folders()) {
    const auto files = vector_inputs(folder / "vectors");
    const auto malformed = std::count_if(files.begin(), files.end(), [](const fs::path& file) {
      return file.filename().string().starts_with("malformed_");
    });
    EXPECT_GE(malformed, 1) << folder;
    EXPECT_GE(static_cast<std::ptrdiff_t>(files.size()) - malformed, 1) << folder;
  }
}

}  // namespace
}  // namespace quaywatch::adapters
