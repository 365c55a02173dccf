#include "app/site_configuration.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/limits_server.h"
#include "base/text.h"
#include "io/files.h"

namespace quaywatch::app {
namespace {

constexpr std::size_t kFileBytes = 64 * 1024;
constexpr std::array<std::string_view, 4> kTables{"rules", "people", "legal", "map"};
constexpr std::array<std::string_view, 1> kMapKeys{"geometry"};
constexpr std::array<std::string_view, 2> kRulesKeys{"approvers", "outside_reviewer"};
constexpr std::array<std::string_view, 4> kPeopleKeys{"second_factor", "refused_passwords", "requests_per_minute",
                                                        "sign_ins_per_minute"};

tl::unexpected<Error> wrong(const std::string& path, const toml::node& node, std::string message) {
  return fail(ErrorCode::malformed, std::move(message), fmt::format("{}:{}", path, node.source().begin.line));
}

Result<void> check_keys(const toml::table& table, std::span<const std::string_view> known, const std::string& path) {
  for (const auto& [key, node] : table) {
    if (std::find(known.begin(), known.end(), key.str()) != known.end()) continue;
    const std::string_view near = nearest(key.str(), known);
    return wrong(
        path, node,
        fmt::format("unknown key '{}'{}", key.str(), near.empty() ? "" : fmt::format("; nearest: '{}'", near)));
  }
  return {};
}

Result<void> read_rules(const toml::table& table, const std::string& path, SiteConfiguration& out) {
  if (auto keys = check_keys(table, kRulesKeys, path); !keys) return keys;
  if (const toml::node* list = table.get("approvers")) {
    if (!list->is_array()) return wrong(path, *list, "approvers is a list of accounts: [\"ACCOUNT\", \"ACCOUNT\"]");
    for (const toml::node& item : *list->as_array()) {
      const auto name = item.value<std::string>();
      if (!name || trim(*name).empty()) return wrong(path, item, "an approver is the name of an account");
      out.approvers.push_back(*name);
    }
  }
  if (const toml::node* reviewer = table.get("outside_reviewer")) {
    if (!reviewer->is_string()) return wrong(path, *reviewer, "outside_reviewer is a text");
    out.outside_reviewer = trim(**reviewer->as_string());
    if (std::find(out.approvers.begin(), out.approvers.end(), out.outside_reviewer) != out.approvers.end())
      return wrong(path, *reviewer, "the outside reviewer is one of the approvers; name somebody else");
  }
  return {};
}

Result<void> read_rate(const toml::table& table, const char* key, const std::string& path, std::uint32_t& out) {
  const toml::node* node = table.get(key);
  if (node == nullptr) return {};
  const auto number = node->is_integer() ? node->value<std::int64_t>() : std::nullopt;
  if (!number || *number < 0 || *number > limits::kMostPerMinute)
    return wrong(path, *node, fmt::format("{} is a number from 0 (no limit) to {}", key, limits::kMostPerMinute));
  out = static_cast<std::uint32_t>(*number);
  return {};
}

Result<void> read_people(const toml::table& table, const std::string& path, SiteConfiguration& out) {
  if (auto keys = check_keys(table, kPeopleKeys, path); !keys) return keys;
  if (const toml::node* file = table.get("refused_passwords")) {
    if (!file->is_string() || trim(**file->as_string()).empty())
      return wrong(path, *file, "refused_passwords is the path of a file with one a line: \"passwords.txt\"");
    out.refused_passwords = trim(**file->as_string());
  }
  if (auto rate = read_rate(table, "requests_per_minute", path, out.requests_per_minute); !rate) return rate;
  if (auto rate = read_rate(table, "sign_ins_per_minute", path, out.sign_ins_per_minute); !rate) return rate;
  const toml::node* list = table.get("second_factor");
  if (list == nullptr) return {};
  if (!list->is_array())
    return wrong(path, *list, "second_factor is a list of roles: [\"administrator\", \"officer\"]");
  out.second_factor.emplace();
  for (const toml::node& item : *list->as_array()) {
    const auto role = identity::find_role(item.value<std::string_view>().value_or(""));
    if (!role)
      return wrong(path, item, fmt::format("a role is one of {}", fmt::join(identity::kRoleNames, ", ")));
    out.second_factor->push_back(*role);
  }
  return {};
}

Result<void> read_legal(const toml::table& table, const std::string& path, SiteConfiguration& out) {
  std::array<std::string_view, legal::kStatementKeys.size()> known;
  std::transform(legal::kStatementKeys.begin(), legal::kStatementKeys.end(), known.begin(),
                 [](const legal::StatementKey& k) { return k.key; });
  if (auto keys = check_keys(table, known, path); !keys) return keys;
  for (const legal::StatementKey& k : legal::kStatementKeys) {
    const toml::node* node = table.get(k.key);
    if (node == nullptr) continue;
    if (!node->is_string()) return wrong(path, *node, fmt::format("{} is a text", k.key));
    out.legal.*k.value = trim(**node->as_string());
  }
  return {};
}

Result<void> read_map(const toml::table& table, const std::string& path, SiteConfiguration& out) {
  if (auto keys = check_keys(table, kMapKeys, path); !keys) return keys;
  const toml::node* geometry = table.get("geometry");
  if (geometry == nullptr) return {};
  if (!geometry->is_string() || trim(**geometry->as_string()).empty())
    return wrong(path, *geometry, "geometry is the path of a GeoJSON file: \"port.geojson\"");
  out.geometry = trim(**geometry->as_string());
  return {};
}

using ReadTable = Result<void> (*)(const toml::table&, const std::string& path, SiteConfiguration&);
constexpr std::array<ReadTable, kTables.size()> kReaders{read_rules, read_people, read_legal, read_map};

}  // namespace

Result<SiteConfiguration> parse_site_configuration(std::string_view toml, const std::string& path) {
  SiteConfiguration out;
  try {
    const toml::table root = toml::parse(toml, path);
    if (auto keys = check_keys(root, kTables, path); !keys) return tl::unexpected(keys.error());
    for (std::size_t i = 0; i < kTables.size(); ++i) {
      const toml::node* table = root.get(kTables[i]);
      if (table == nullptr) continue;
      if (!table->is_table()) return wrong(path, *table, fmt::format("{} is a table: [{}]", kTables[i], kTables[i]));
      if (auto read = kReaders[i](*table->as_table(), path, out); !read) return tl::unexpected(read.error());
    }
    return out;
  } catch (const toml::parse_error& e) {  // Debian's library is built to throw; it ends here
    return fail(ErrorCode::malformed, fmt::format("not valid TOML: {}", e.description()),
                fmt::format("{}:{}", path, e.source().begin.line));
  }
}

Result<SiteConfiguration> read_site_configuration(const Site& site) {
  const std::string path = site.folder() + "/site.toml";
  if (!io::exists(path)) return SiteConfiguration{};
  const auto text = io::read_file(path, kFileBytes);
  if (!text) return tl::unexpected(text.error());
  return parse_site_configuration(*text, path);
}

std::string refused_passwords_file(const Site& site, const SiteConfiguration& configuration) {
  const std::string& named = configuration.refused_passwords;
  return named.empty() || named.starts_with('/') ? named : site.folder() + "/" + named;
}

Result<geo::Geometry> read_geometry(const Site& site, const SiteConfiguration& configuration) {
  const std::string& named = configuration.geometry;
  const std::string path = named.starts_with('/') ? named
                                                  : site.folder() + "/" + (named.empty() ? "port.geojson" : named);
  if (named.empty() && !io::exists(path)) return geo::Geometry{};
  const auto text = io::read_file(path, limits::kGeometryBytes);
  if (!text) return tl::unexpected(text.error());
  return geo::Geometry::parse(*text, path);
}

}  // namespace quaywatch::app
