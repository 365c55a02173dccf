#include "score/kinds.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace quaywatch::score {
namespace {

constexpr std::array kKinds{
    SubjectKindOf{"container", PersonalClass::none},     SubjectKindOf{"release", PersonalClass::none},
    SubjectKindOf{"party", PersonalClass::none},         SubjectKindOf{"equipment", PersonalClass::none},
    SubjectKindOf{"zone", PersonalClass::none},          SubjectKindOf{"vessel", PersonalClass::none},
    SubjectKindOf{"account", PersonalClass::account},    SubjectKindOf{"credential", PersonalClass::credential},
    SubjectKindOf{"vehicle", PersonalClass::plate},      SubjectKindOf{"holder", PersonalClass::person},
};

// Fields whose name begins with something else than the kind that their value is of.
constexpr std::pair<FieldId, std::string_view> kNamedElsewhere[] = {{FieldId::release_holder, "party"},
                                                                    {FieldId::access_zone, "zone"}};

}  // namespace

const SubjectKindOf* find_kind(std::string_view kind) {
  const auto at = std::find_if(kKinds.begin(), kKinds.end(), [&](const auto& k) { return k.kind == kind; });
  return at == kKinds.end() ? nullptr : &*at;
}

std::string_view nearest_kind(std::string_view word) {
  std::array<std::string_view, kKinds.size()> names;
  std::transform(kKinds.begin(), kKinds.end(), names.begin(), [](const auto& k) { return k.kind; });
  return nearest(word, names);
}

std::string_view kind_of_alert_subject(std::string_view kind_or_field) {
  if (const auto* known = find_kind(kind_or_field)) return known->kind;
  const auto field = find_field(kind_or_field);
  if (!field) return {};
  for (const auto& [elsewhere, kind] : kNamedElsewhere)
    if (elsewhere == *field) return kind;
  const PersonalClass personal = info(*field).personal;
  const auto of_class =
      std::find_if(kKinds.begin(), kKinds.end(), [&](const auto& k) { return k.personal == personal; });
  if (personal != PersonalClass::none) return of_class == kKinds.end() ? std::string_view{} : of_class->kind;
  const auto* first = find_kind(kind_or_field.substr(0, kind_or_field.find('.')));
  return first == nullptr ? std::string_view{} : first->kind;
}

std::string comparison_form(std::string_view kind, std::string_view value) {
  return kind == "container" || kind == "vehicle" ? squeeze(value) : std::string(value);
}

}  // namespace quaywatch::score
