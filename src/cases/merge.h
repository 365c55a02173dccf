// Merge: that one case went into another, as the other keeps it, so that it can be taken back without loss: what came
// with it goes back, what was added since stays and is listed. Pure; thread-safe.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cases/decision.h"

namespace quaywatch::cases {

struct Merge {
  std::string other;     // the case that went in
  std::size_t step = 0;  // its place among the steps of the case that took it in
  std::optional<std::size_t> undone;  // likewise, of the step that took it back
  std::set<std::string> alert_ids, readers;            // of the other, when it went in
  std::set<std::string> came_alert_ids, came_readers;  // of these, here for no other reason
  std::set<std::string> added_alert_ids;               // here since, by a step or decision of its own
};

// What stays where the merge is taken back.
struct Added {
  std::set<std::string> alert_ids;
  std::vector<std::string> task_ids, attachment_ids;  // oldest first; also attachments that were removed again
  std::size_t notes = 0;
};
Added added_since(const Merge& merge, const std::vector<Step>& steps);

// The one that was not taken back; nullptr: there is none.
Merge* standing_merge(std::vector<Merge>& merges, const std::string& other);

// Somebody put the alert into the case, or took it out. `was_in`: it lay there before.
void note_alert(std::vector<Merge>& merges, const std::string& alert_id, bool in, bool was_in);
// He reads the case for a reason of its own from now on.
void note_reader(std::vector<Merge>& merges, const std::string& user_id);

// What leaves the case when `merge`, one of `merges`, is taken back. What another merge that stands has brought as well
// stays, as come with that.
std::set<std::string> leaving_alerts(std::vector<Merge>& merges, const Merge& merge);
std::set<std::string> leaving_readers(std::vector<Merge>& merges, const Merge& merge);

}  // namespace quaywatch::cases
