// HoldSender: hands requests to hold to the receivers that their officers chose. An attempt is an entry of the journal
// behind it: what was taken is not sent again, unless the process ends between the two, and then with the same id. It
// waits for receivers, so it has a thread of its own, which alone calls `step`: who tells of alerts waits for none.
#pragma once

#include "api/context.h"

namespace quaywatch::api {

class HoldSender {
 public:
  explicit HoldSender(Context& context) : context_(context) {}
  // One round. A receiver that fails is asked no more in it: each costs the others one limits::kTellingTimeout.
  void step();

 private:
  bool hand_over(const holds::Hold& hold);  // false: it was tried and not taken
  Result<void> send(const holds::Hold& hold) const;

  Context& context_;
  Timestamp not_before_ = Timestamp::min();  // an attempt could not be noted
};

}  // namespace quaywatch::api
