// Which rules read data on staff: accounts, cards and names of people who work at the port, not those of drivers,
// visitors and crews. Pure; thread-safe.
#pragma once

#include "model/catalogue.h"
#include "rules/rule.h"

namespace quaywatch::rules {

bool is_staff_data(FieldId field);
bool reads_staff_data(const Rule& rule);

}  // namespace quaywatch::rules
