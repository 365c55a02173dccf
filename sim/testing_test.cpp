#include "sim/testing.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "base/sha256.h"

namespace quaywatch::sim {

const Figures& shipped_figures() {
  static const Figures read = [] {
    std::ifstream in(QUAYWATCH_SOURCE_DIR "/data/simulation/calibration.toml");
    std::stringstream text;
    text << in.rdbuf();
    return *Figures::parse(text.str());
  }();
  return read;
}

void record_digest(const std::map<std::string, std::string>& files) {
  Sha256 hash;
  for (const auto& [path, bytes] : files)
    hash.update_u64(path.size()).update(path).update_u64(bytes.size()).update(bytes);
  testing::Test::RecordProperty("sha256", to_hex(hash.finish()));
}

}  // namespace quaywatch::sim
