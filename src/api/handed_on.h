// Cases that an organisation gave away, for those of it who read them then: that one has ended, when, what kind of
// outcome it had and what whoever closed it says to them. Nothing of what was made of it.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "api/context.h"

namespace quaywatch::api {

struct HandedOn {
  std::string case_id, title, to;  // organisation
  Timestamp at, changed_at;        // given away; and that, or when it was closed
  std::optional<Timestamp> closed_at;
  std::string outcome_group, feedback;
  bool may_open = false;  // he reads on
};

// nullopt: that organisation did not give it away, or it is not for him to know. Under context.books_mutex.
std::optional<HandedOn> handed_on(const Context& context, const identity::Reader& reader,
                                  const std::string& organisation_id, const cases::CaseBook& book,
                                  const cases::Case& c);
nlohmann::ordered_json handed_on_json(const Context& context, const HandedOn& known);

}  // namespace quaywatch::api
