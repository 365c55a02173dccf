#include "model/reference.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

#include "base/text.h"

namespace quaywatch {
namespace {

using std::literals::operator""sv;

// One ReferenceTable per file of data/reference, in the order of ReferenceId.
constexpr std::array<ReferenceTable, kReferenceTables> kBuiltIn{{
#include "model/reference.gen.inc"
}};
static_assert(kBuiltIn[static_cast<std::size_t>(ReferenceId::unlocode)].name == "unlocode");
static_assert(kBuiltIn[static_cast<std::size_t>(ReferenceId::smdg_liner)].name == "smdg_liner");
static_assert(kBuiltIn[static_cast<std::size_t>(ReferenceId::hs)].name == "hs");
static_assert(kBuiltIn[static_cast<std::size_t>(ReferenceId::iso3166)].name == "iso3166");

using InUse = std::array<std::atomic<const ReferenceTable*>, kReferenceTables>;

InUse& of_the_site() {  // null: the built-in one
  static InUse tables{};
  return tables;
}

void keep_to_the_end(std::unique_ptr<const StoredReference> table) {
  static std::mutex mutex;
  static std::vector<std::unique_ptr<const StoredReference>> tables;
  const std::lock_guard lock(mutex);
  tables.push_back(std::move(table));
}

IdentifierCheck listed(ReferenceId id, std::string_view code) {
  return reference(id).mark(code) != '\0' ? IdentifierCheck::good : IdentifierCheck::unassigned;
}

bool all_of(std::string_view s, bool (*is)(char)) {
  return std::all_of(s.begin(), s.end(), is);
}

// A North American VIN alone must carry a check digit (49 CFR 565): first character 1 to 5.
IdentifierCheck check_vin_where_due(std::string_view vin) {
  const IdentifierCheck check = check_vin(vin);
  const bool is_due = !vin.empty() && vin[0] >= '1' && vin[0] <= '5';
  return check == IdentifierCheck::check_digit && !is_due ? IdentifierCheck::good : check;
}

IdentifierCheck check_unlocode(std::string_view code) {
  // The list first: it holds a few codes against its own rules, such as IT940.
  if (unlocode_exists(code)) return IdentifierCheck::good;
  const IdentifierCheck form = check_unlocode_form(code);
  return form == IdentifierCheck::good ? IdentifierCheck::unassigned : form;
}

// SMDG or SCAC (NMFTA): the field holds either, and feeds say which neither in words nor by a code list.
IdentifierCheck check_carrier(std::string_view value) {
  const std::string code = to_upper(value);
  if (code.size() == 4 && all_of(code, is_ascii_upper)) return IdentifierCheck::good;
  if (code.size() != 3 || !all_of(code, is_ascii_upper_or_digit))
    return IdentifierCheck::malformed;
  return listed(ReferenceId::smdg_liner, code);
}

IdentifierCheck check_hs(std::string_view value) {
  const std::string code = squeeze(value);
  const bool is_form = code.size() == 2 || code.size() == 4 || (code.size() >= 6 && code.size() <= 14);
  if (!is_form || !all_of(code, is_ascii_digit)) return IdentifierCheck::malformed;
  return listed(ReferenceId::hs, std::string_view(code).substr(0, 6));
}

IdentifierCheck check_country(std::string_view value) {
  const std::string code = to_upper(value);
  if ((code.size() != 2 && code.size() != 3) || !all_of(code, is_ascii_upper)) return IdentifierCheck::malformed;
  return listed(ReferenceId::iso3166, code);
}

}  // namespace

std::span<const ReferenceTable, kReferenceTables> built_in_references() {
  return kBuiltIn;
}

const ReferenceTable& reference(ReferenceId id) {
  const auto at = static_cast<std::size_t>(id);
  const ReferenceTable* own = of_the_site()[at].load();
  return own != nullptr ? *own : kBuiltIn[at];
}

void use_reference(ReferenceId id, std::unique_ptr<const StoredReference> table) {
  of_the_site()[static_cast<std::size_t>(id)] = table ? &table->table : nullptr;
  if (table) keep_to_the_end(std::move(table));
}

bool unlocode_exists(std::string_view code) {
  return code.size() == 5 && reference(ReferenceId::unlocode).mark(code) != '\0';
}
bool unlocode_is_port(std::string_view code) {
  return reference(ReferenceId::unlocode).mark(code) == '1';
}

const ReferenceTable* reference_of(IdentifierRule rule) {
  switch (rule) {
    case IdentifierRule::unlocode:
      return &reference(ReferenceId::unlocode);
    case IdentifierRule::smdg_liner:
      return &reference(ReferenceId::smdg_liner);
    case IdentifierRule::hs6:
      return &reference(ReferenceId::hs);
    case IdentifierRule::country:
      return &reference(ReferenceId::iso3166);
    default:
      return nullptr;
  }
}

IdentifierCheck check_identifier(IdentifierRule rule, std::string_view value) {
  switch (rule) {
    case IdentifierRule::none:
      return IdentifierCheck::good;
    case IdentifierRule::iso6346:
      return check_container_number(value);
    case IdentifierRule::iso6346_size_type:
      return check_size_type(value);
    case IdentifierRule::unlocode:
      return check_unlocode(value);
    case IdentifierRule::imo:
      return check_imo(value);
    case IdentifierRule::mmsi:
      return check_mmsi(value);
    case IdentifierRule::vin:
      return check_vin_where_due(value);
    case IdentifierRule::lei:
      return check_lei(value);
    case IdentifierRule::hs6:
      return check_hs(value);
    case IdentifierRule::smdg_liner:
      return check_carrier(value);
    case IdentifierRule::country:
      return check_country(value);
  }
  return IdentifierCheck::good;
}

}  // namespace quaywatch
