#include "keeping/manifest.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace quaywatch::keeping {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::string_view kFormat = "quaywatch.backup/1", kFamily = "quaywatch.backup/";

bool read(const json& j, const char* key, std::string& out) {
  const auto member = j.find(key);
  if (member == j.end() || !member->is_string()) return false;
  out = member->get<std::string>();
  return true;
}

bool read(const json& j, const char* key, std::uint64_t& out) {
  const auto member = j.find(key);
  if (member == j.end() || !member->is_number_unsigned()) return false;
  out = member->get<std::uint64_t>();
  return true;
}

bool read(const json& j, const char* key, Digest& out) {
  std::string hex;
  return read(j, key, hex) && parse_hex(hex, out);
}

bool read(const json& j, Manifest& out) {
  std::string made_at;
  if (!read(j, "program", out.program) || !read(j, "made_at", made_at)) return false;
  const auto at = parse_rfc3339(made_at);
  const auto rules = j.find("rules"), logs = j.find("logs"), parts = j.find("parts");
  if (!at || rules == j.end() || logs == j.end() || parts == j.end() || !rules->is_object() || !logs->is_object() ||
      !parts->is_array())
    return false;
  out.made_at = *at;
  if (!read(*rules, "version", out.rules_version) || !read(*rules, "digest", out.rules_digest)) return false;
  for (const auto& [name, log] : logs->items()) {
    journal::Position& position = out.logs[name];
    if (!log.is_object() || !read(log, "entries", position.size) || !read(log, "root", position.root)) return false;
  }
  if (const auto keys = j.find("organisation_keys"); keys != j.end()) {
    if (!keys->is_array()) return false;
    for (const json& key : *keys) {
      if (!key.is_string()) return false;
      out.organisation_keys.push_back(key.get<std::string>());
    }
  }
  for (const json& row : *parts) {
    Part& part = out.parts.emplace_back();
    if (!row.is_object() || !read(row, "name", part.name) || !read(row, "bytes", part.bytes) ||
        !read(row, "sha256", part.digest))
      return false;
  }
  return true;
}

}  // namespace

std::string to_text(const Manifest& m) {
  ordered_json j{{"format", kFormat}, {"program", m.program}, {"made_at", format_rfc3339(m.made_at)}};
  j["rules"] = {{"version", m.rules_version}, {"digest", to_hex(m.rules_digest)}};
  j["logs"] = ordered_json::object();
  for (const auto& [name, position] : m.logs)
    j["logs"][name] = {{"entries", position.size}, {"root", to_hex(position.root)}};
  if (!m.organisation_keys.empty()) j["organisation_keys"] = m.organisation_keys;
  j["parts"] = ordered_json::array();
  for (const Part& part : m.parts)
    j["parts"].push_back({{"name", part.name}, {"bytes", part.bytes}, {"sha256", to_hex(part.digest)}});
  return j.dump(1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

Result<Manifest> parse_manifest(std::string_view text, const std::string& path) {
  const json j = json::parse(text, nullptr, false);
  std::string format;
  Manifest out;
  if (j.is_object() && read(j, "format", format) && format != kFormat && format.starts_with(kFamily))
    return fail(ErrorCode::unsupported,
                fmt::format("'{}' has format {}, this program reads {}; use the newer program", path, format, kFormat));
  if (format != kFormat || !read(j, out))
    return fail(ErrorCode::corrupt, fmt::format("'{}': its {} is not of the form this program writes", path,
                                                kManifestName));
  return out;
}

}  // namespace quaywatch::keeping
