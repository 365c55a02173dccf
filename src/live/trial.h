// Trial: other rules over an interval of the input, beside those that they would replace: the two detections of a
// back-test, of the command and of the server. Each keeps the timelines of the whole input; the rules are asked about
// what happened within the interval. One thread.
#pragma once

#include <span>
#include <vector>

#include "live/whole_input.h"
#include "rulebook/comparison.h"

namespace quaywatch::live {

struct Interval {
  Timestamp from = Timestamp::min(), until = Timestamp::max();  // until: no more in it
  bool holds(Timestamp t) const { return t >= from && t < until; }
};

class Trial {
 public:
  Trial(rules::Pack before, rules::Pack now, Interval interval, const pipeline::Detection::Permits& permits);

  // To be given the whole input: before, now.
  std::span<Judge> judges() { return judges_; }
  const Judge& before() const { return judges_[0]; }
  const Judge& now() const { return judges_[1]; }
  // When it was. What is returned refers to this object.
  std::vector<rulebook::ComparedRule> compared(const rulebook::Counts& counts = {}) const {
    return rulebook::compare(before_, now_, counts);
  }

 private:
  pipeline::Detection before_, now_;
  Judge judges_[2];
};

}  // namespace quaywatch::live
