// What tests of the synthetic port share.
#pragma once

#include "sim/figures.h"

namespace quaywatch::sim {

const Figures& shipped_figures();  // the shipped calibration table

}  // namespace quaywatch::sim
