#include "rules/staff_data.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace quaywatch::rules {
namespace {

// Of people who come from elsewhere.
constexpr std::array<std::string_view, 3> kOthers{"driver.", "visit.", "vessel."};

}  // namespace

bool is_staff_data(FieldId field) {
  const FieldInfo& f = info(field);
  if (f.personal == PersonalClass::none || f.personal == PersonalClass::plate) return false;
  return std::none_of(kOthers.begin(), kOthers.end(), [&](std::string_view head) { return f.name.starts_with(head); });
}

bool reads_staff_data(const Rule& rule) {
  return std::any_of(rule.legal_reads.begin(), rule.legal_reads.end(), [](const std::string& name) {
    const auto field = find_field(name);
    return field && is_staff_data(*field);
  });
}

}  // namespace quaywatch::rules
