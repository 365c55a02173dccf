// The site's own configuration: SITE/site.toml, written by hand; none is an empty one. An unknown key is an error that
// names the nearest (docs/reference/commands.md, "rules propose"; docs/reference/server.md, "Signing in";
// docs/reference/legal.md, docs/reference/map.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/site.h"
#include "base/limits_server.h"
#include "geo/geometry.h"
#include "identity/words.h"
#include "legal/documents.h"

namespace quaywatch::app {

struct SiteConfiguration {
  std::vector<std::string> approvers;  // accounts that may decide on rules
  std::string outside_reviewer;        // in words: name, office, how to reach; no account of the list
  std::optional<std::vector<identity::Role>> second_factor;  // demanded of these roles; nullopt: nothing is said
  std::uint32_t requests_per_minute = limits::kRequestsPerMinute;  // of one user; 0: without a limit
  std::uint32_t sign_ins_per_minute = limits::kSignInsPerMinute;   // from one address; likewise
  std::string refused_passwords;       // file of a list, below the site's folder or absolute; empty: none
  legal::Statements legal;
  std::string geometry;                // file of the map, below the site's folder or absolute; empty: the usual one
};

Result<SiteConfiguration> parse_site_configuration(std::string_view toml, const std::string& path);
Result<SiteConfiguration> read_site_configuration(const Site& site);
// Where that list is; empty: there is none.
std::string refused_passwords_file(const Site& site, const SiteConfiguration& configuration);
// The port's geometry: the file that `configuration` names, else SITE/port.geojson where it exists.
Result<geo::Geometry> read_geometry(const Site& site, const SiteConfiguration& configuration);

}  // namespace quaywatch::app
