#include "cases/standing.h"

namespace quaywatch::cases {

void apply(StandingAttachments& standing, const Step& s) {
  if (s.action == StepAction::attach && s.attachment) standing[s.attachment->id] = {s.case_id, *s.attachment};
  if (s.action == StepAction::remove_attachment) standing.erase(s.attachment_id);
}

}  // namespace quaywatch::cases
