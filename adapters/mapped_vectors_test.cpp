// Every vector of adapters/mapped with its mapping: NAME.toml beside NAME.csv or NAME.jsonl. What it must become is as
// in adapters/vector_files.h; reference tables are *.table. Log lines: log_mappings_test.cpp.
#include <gtest/gtest.h>

#include "adapters/mapped/mapped.h"
#include "adapters/vector_files.h"

namespace quaywatch::adapters::mapped {
namespace {

namespace fs = std::filesystem;
const fs::path kFolder = QUAYWATCH_SOURCE_DIR "/adapters/mapped/vectors";

Mapping mapping_of(const fs::path& input) {
  const ReadTable read = [](const std::string& file) -> Result<std::string> { return read_file(kFolder / file); };
  auto mapping = parse_mapping(read_file(fs::path(input).replace_extension(".toml")), input.filename().string(),
                               kDescribedFormats, {}, read);
  if (mapping) return std::move(*mapping);
  ADD_FAILURE() << mapping.error().context << ": " << mapping.error().message;
  return {};
}

template <typename Fn>
void each_vector(Fn&& fn) {
  for (const fs::path& input : vector_inputs(kFolder))
    if (input.extension() != ".table" && input.extension() != ".log") fn(input, mapping_of(input), read_file(input));
}

TEST(MappedVectors, EventsFindingsAndRejectsAreAsWritten) {
  each_vector([](const fs::path& input, const Mapping& mapping, const std::string& bytes) {
    adapter::Recorder r;
    decode_mapped(bytes, mapping, vector_source(), r, input.filename().string());
    EXPECT_TRUE(r.accounts_for(bytes.size())) << input;
    expect_vector(input, r);
  });
}

TEST(MappedVectors, DamagedFilesNeverLoseAByte) {
  std::uint32_t seed = 0;
  each_vector([&](const fs::path& input, const Mapping& mapping, const std::string& original) {
    for (int round = 0; round < 200; ++round) {
      const std::string bytes = damaged(original, "\",;\r\n\t=#>.' \xFF", ++seed);
      adapter::Recorder r;
      decode_mapped(bytes, mapping, vector_source(), r);
      ASSERT_TRUE(r.accounts_for(bytes.size())) << input << " seed " << seed;
    }
  });
}

}  // namespace
}  // namespace quaywatch::adapters::mapped
