// Gives a detection what has reached it, whichever of the four it is: for std::visit over a variant of them.
#pragma once

#include "pipeline/detection.h"

namespace quaywatch::pipeline {

struct Give {
  Detection& to;
  void operator()(const EventPtr& e) const { to.take(e); }
  void operator()(const CoverageStatement& s) const { to.take(s); }
  void operator()(const FeedExpectation& e) const { to.take(e); }
  void operator()(Timestamp at) const { to.tick(at); }
};

}  // namespace quaywatch::pipeline
