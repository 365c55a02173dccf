#include "rulebook/agreement.h"

#include <algorithm>

namespace quaywatch::rulebook {

bool Agreement::covers(const std::string& rule_id, Timestamp event_time) const {
  return is_confirmed && from <= event_time && event_time <= until &&
         (rules.empty() || std::find(rules.begin(), rules.end(), rule_id) != rules.end());
}

}  // namespace quaywatch::rulebook
