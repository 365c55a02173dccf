// Which attachments stand, over all cases of all organisations: for who looks after their files. Pure; thread-safe.
#pragma once

#include <map>
#include <string>

#include "cases/decision.h"

namespace quaywatch::cases {

struct StandingAttachment {
  std::string case_id;  // to which it was put
  Attachment file;
};
using StandingAttachments = std::map<std::string, StandingAttachment>;  // by id

// Steps as the journal has them, in their order.
void apply(StandingAttachments& standing, const Step& step);

}  // namespace quaywatch::cases
