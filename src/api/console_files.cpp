#include "api/console_files.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/answer.h"
#include "api/parameters.h"
#include "base/sha256.h"
#include "base/text.h"
#include "io/files.h"

namespace quaywatch::api {
namespace {

constexpr std::size_t kFileBytes = 32 * 1024 * 1024;
constexpr std::size_t kAllBytes = 256 * 1024 * 1024;
// Vite names what it builds into this folder by its content: it never changes under one name.
constexpr std::string_view kNamedByContent = "/assets/";

struct Type {
  std::string_view ending, type;
};
constexpr Type kTypes[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".geojson", "application/geo+json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".wasm", "application/wasm"},
    {".txt", "text/plain; charset=utf-8"},
};

std::string_view type_of(std::string_view path) {
  const auto at =
      std::find_if(std::begin(kTypes), std::end(kTypes), [&](const Type& t) { return path.ends_with(t.ending); });
  return at == std::end(kTypes) ? "application/octet-stream" : at->type;
}

}  // namespace

Result<ConsoleFiles> ConsoleFiles::load(const std::string& folder) {
  ConsoleFiles out;
  if (folder.empty() || !io::exists(folder + "/index.html")) return out;
  const auto paths = io::list_files(folder);
  if (!paths) return tl::unexpected(paths.error());
  std::size_t all = 0;
  for (const std::string& path : *paths) {
    auto bytes = io::read_file(path, kFileBytes);
    if (!bytes) return tl::unexpected(bytes.error());
    all += bytes->size();
    if (all > kAllBytes) return fail(ErrorCode::limit_exceeded, "the console is larger than 256 MiB", folder);
    std::string tag = fmt::format("\"{}\"", to_hex(sha256(*bytes)).substr(0, 32));
    out.files_[path.substr(folder.size())] = {type_of(path), std::move(*bytes), std::move(tag)};
  }
  return out;
}

io::HttpResponse ConsoleFiles::answer(const io::HttpRequest& request) const {
  if (request.method != "GET") return problem(405, "invalid", "this address takes GET");
  const auto target = parse_target(request.target);
  const auto path = target ? percent_decoded(target->path) : std::nullopt;
  if (!path) return problem(400, "invalid", "the address holds bytes that no address of this server has");
  auto at = files_.find(*path);
  const bool is_page = file_name(*path).find('.') == std::string_view::npos;
  if (at == files_.end() && is_page) at = files_.find("/index.html");
  if (at == files_.end())
    return problem(404, "not_found",
                   is_there() ? "there is no such file"
                              : "no console is built here; the interface is at /api/openapi.json");
  const bool is_immutable = path->starts_with(kNamedByContent);
  io::HttpResponse out;
  out.headers.emplace_back("ETag", at->second.tag);
  out.headers.emplace_back("Cache-Control", is_immutable ? "public, max-age=31536000, immutable" : "no-cache");
  if (request.header("if-none-match") == at->second.tag) {
    out.status = 304;
    return out;
  }
  out.content_type = at->second.type;
  out.body = at->second.bytes;
  return out;
}

}  // namespace quaywatch::api
