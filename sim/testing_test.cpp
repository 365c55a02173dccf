#include "sim/testing.h"

#include <fstream>
#include <sstream>

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

}  // namespace quaywatch::sim
