// Which event types a rule needs to be judged at all, itself, through its facts and through what it joins; and which of
// them a site's feeds do not have. Pure.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "rules/rule.h"

namespace quaywatch::pipeline {

using TypeNames = std::set<std::string, std::less<>>;

// Each is a type, or several of which one is enough: "scan.analysed|container.inspected". In order.
std::vector<std::string> needed_types(const rules::Pack& pack, std::size_t rule);

std::vector<std::string> lacking(const std::vector<std::string>& needed, const TypeNames& provided);

}  // namespace quaywatch::pipeline
