// What tests of the synthetic port share.
#pragma once

#include <map>
#include <string>

#include "sim/figures.h"

namespace quaywatch::sim {

const Figures& shipped_figures();  // the shipped calibration table

// SHA-256 of files by path, as property "sha256" of the test at hand: tools/same_bytes.sh compares those of two
// compilers.
void record_digest(const std::map<std::string, std::string>& files);

}  // namespace quaywatch::sim
