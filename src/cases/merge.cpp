#include "cases/merge.h"

#include <algorithm>

namespace quaywatch::cases {
namespace {

using Ids = std::set<std::string>;

Ids leaving(std::vector<Merge>& merges, const Merge& merge, Ids Merge::*all, Ids Merge::*came) {
  Ids out;
  for (const std::string& id : merge.*came) {
    const auto has_it = [&](const Merge& m) { return &m != &merge && !m.undone && (m.*all).contains(id); };
    const auto at = std::find_if(merges.begin(), merges.end(), has_it);
    if (at == merges.end())
      out.insert(id);
    else
      ((*at).*came).insert(id);
  }
  return out;
}

}  // namespace

Added added_since(const Merge& merge, const std::vector<Step>& steps) {
  Added out{merge.added_alert_ids, {}, {}, 0};
  const std::size_t end = std::min(merge.undone.value_or(steps.size()), steps.size());
  for (std::size_t i = merge.step + 1; i < end; ++i) {
    const Step& s = steps[i];
    if (s.action == StepAction::add_task) out.task_ids.push_back(s.task_id);
    if (s.action == StepAction::attach && s.attachment) out.attachment_ids.push_back(s.attachment->id);
    if (s.action == StepAction::note) ++out.notes;
  }
  return out;
}

Merge* standing_merge(std::vector<Merge>& merges, const std::string& other) {
  const auto at = std::find_if(merges.begin(), merges.end(),
                               [&](const Merge& m) { return m.other == other && !m.undone; });
  return at == merges.end() ? nullptr : &*at;
}

void note_alert(std::vector<Merge>& merges, const std::string& alert_id, bool in, bool was_in) {
  for (Merge& m : merges) {
    if (m.undone) continue;
    const bool came = m.came_alert_ids.erase(alert_id) > 0;
    if (!in)
      m.added_alert_ids.erase(alert_id);
    else if (came || !was_in)
      m.added_alert_ids.insert(alert_id);
  }
}

void note_reader(std::vector<Merge>& merges, const std::string& user_id) {
  for (Merge& m : merges)
    if (!m.undone) m.came_readers.erase(user_id);
}

Ids leaving_alerts(std::vector<Merge>& merges, const Merge& merge) {
  return leaving(merges, merge, &Merge::alert_ids, &Merge::came_alert_ids);
}

Ids leaving_readers(std::vector<Merge>& merges, const Merge& merge) {
  return leaving(merges, merge, &Merge::readers, &Merge::came_readers);
}

}  // namespace quaywatch::cases
