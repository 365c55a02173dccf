// The vectors of every folder whose format describes itself, recognition by content, and random damage.
#include "adapters/formats.h"

#include <gtest/gtest.h>

#include "adapters/vector_files.h"

namespace quaywatch::adapters {
namespace {

namespace fs = std::filesystem;
using adapter::Recorder;

template <typename Fn>
void each_vector(Fn&& fn) {
  for (const std::string_view id : format_ids())
    for (const fs::path& file : vector_inputs(fs::path(QUAYWATCH_SOURCE_DIR "/adapters") / id / "vectors"))
      fn(*find_format(id), file);
}

TEST(FormatVectors, EventsFindingsAndRejectsAreAsWritten) {
  each_vector([](const adapter::FormatAdapter& format, const fs::path& file) {
    const std::string bytes = read_file(file);
    Recorder r;
    format.decode(bytes, vector_source(), r);
    EXPECT_TRUE(r.accounts_for(bytes.size())) << file;
    expect_vector(file, r);
  });
}

// Each folder's well-formed vectors are taken for that format and no other.
TEST(FormatVectors, AreRecognisedByContent) {
  each_vector([](const adapter::FormatAdapter& format, const fs::path& file) {
    if (file.filename().string().starts_with("malformed")) return;
    const adapter::FormatAdapter* found = recognise_format(read_file(file));
    ASSERT_NE(found, nullptr) << file;
    EXPECT_EQ(found->id, format.id) << file;
  });
}

TEST(FormatVectors, EveryFormatHasGoodAndMalformedOnes) {
  for (const std::string_view id : format_ids()) {
    if (id == "edifact") continue;  // its vectors lie in the folders of its messages
    int good = 0, malformed = 0;
    for (const fs::path& file : vector_inputs(fs::path(QUAYWATCH_SOURCE_DIR "/adapters") / id / "vectors"))
      ++(file.filename().string().starts_with("malformed") ? malformed : good);
    EXPECT_GE(good, 1) << id;
    EXPECT_GE(malformed, 1) << id;
  }
}

TEST(FormatVectors, DamagedFilesNeverLoseAByte) {
  constexpr std::string_view kPoison = "{}[]\",:\\\n\r \t|=<>0e-.";
  std::uint32_t seed = 0;
  each_vector([&](const adapter::FormatAdapter& format, const fs::path& file) {
    const std::string original = read_file(file);
    for (int round = 0; round < 300; ++round) {
      const std::string bytes = damaged(original, kPoison, ++seed);
      Recorder r;
      format.decode(bytes, vector_source(), r);
      ASSERT_TRUE(r.accounts_for(bytes.size())) << file << " seed " << seed;
    }
  });
}

}  // namespace
}  // namespace quaywatch::adapters
