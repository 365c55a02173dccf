#include "ingest/requests.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "base/sha256.h"
#include "io/files.h"

namespace quaywatch::ingest {
namespace {

constexpr std::string_view kEnding = ".json";

// The topics of the log itself are no requests.
std::optional<journal::TextEntry> parse(const std::string& text) {
  const auto body = nlohmann::json::parse(text, nullptr, false);
  if (!body.is_object() || !body.contains("topic") || !body["topic"].is_string() || !body.contains("body") ||
      !body["body"].is_string())
    return std::nullopt;
  journal::TextEntry out{body["topic"].get<std::string>(), {}, body["body"].get<std::string>()};
  if (out.topic.empty() || out.topic.starts_with("file.")) return std::nullopt;
  return out;
}

}  // namespace

std::string requests_folder(const std::string& data_dir) {
  return data_dir + "/requests";
}

Result<std::string> leave_request(const std::string& data_dir, const journal::TextEntry& text) {
  const std::string folder = requests_folder(data_dir);
  if (auto made = io::create_folders(folder, 0700); !made) return tl::unexpected(made.error());
  const std::string body = nlohmann::json{{"topic", text.topic}, {"body", text.body}}.dump(
      -1, ' ', false, nlohmann::json::error_handler_t::replace);
  const std::string digest = to_hex(sha256(body)).substr(0, 16);
  const std::string path = fmt::format("{}/{:020}-{}{}", folder, text.at.us, digest, kEnding);
  if (auto written = io::write_file_atomic(path, body, 0600); !written) return tl::unexpected(written.error());
  return path;
}

Result<void> take_requests(InputLog& log, const std::string& data_dir, Timestamp now,
                           const std::function<void(const std::string& sentence)>& told) {
  const std::string folder = requests_folder(data_dir);
  if (!io::exists(folder)) return {};
  const auto paths = io::list_files(folder);
  if (!paths) return tl::unexpected(paths.error());
  for (const std::string& path : *paths) {
    if (!path.ends_with(kEnding)) continue;
    const auto bytes = io::read_file(path, kRequestBytes);
    auto text = bytes ? parse(*bytes) : std::nullopt;
    if (!text) {
      told(fmt::format("'{}' is no request of this program; it was put aside as .refused", path));
      if (bytes) {
        if (auto kept = io::write_file_atomic(path + ".refused", *bytes, 0600); !kept) return kept;
      }
    } else {
      text->at = now;
      if (auto noted = log.note(*text); !noted) return noted;
      if (auto done = log.commit(); !done) return done;
      told(fmt::format("noted {}", text->topic));
    }
    if (auto removed = io::remove_file(path); !removed) return removed;
  }
  return {};
}

}  // namespace quaywatch::ingest
