#include "app/follow_options.h"

#include <fmt/format.h>

#include "io/files.h"

namespace quaywatch::app {
namespace {

Result<std::vector<ingest::Stream>> streams(const std::vector<std::string>& words) {
  std::vector<ingest::Stream> out;
  for (const std::string& word : words) {
    const auto at = word.find('=');
    if (at == 0 || at == std::string::npos || word.find('/') < at)
      return fail(ErrorCode::invalid_argument,
                  fmt::format("'{}' is not NAME=ADDRESS, such as gate.log=tcp:127.0.0.1:5514", word), "--listen");
    auto address = io::parse_listen_address(std::string_view(word).substr(at + 1));
    if (!address) return tl::unexpected(address.error());
    out.push_back({word.substr(0, at), *address});
  }
  return out;
}

}  // namespace

Result<ingest::FollowOptions> follow_options(const ImportCommandOptions& options, ingest::ImportOptions importing) {
  ingest::FollowOptions out;
  auto named = streams(options.listen);
  if (!named) return tl::unexpected(named.error());
  out.streams = std::move(*named);
  // Mappings that lie in a watched folder are found there as they are beside files: those of now, read anew each time.
  for (const std::string& path : options.input.paths) {
    const auto files = io::list_files(path);
    if (!files) return tl::unexpected(files.error());
    for (const std::string& file : *files)
      if (file.ends_with(".toml")) importing.intake.mapping_paths.push_back(file);
  }
  out.import = std::move(importing);
  out.folders = options.input.paths;
  out.listen.certificate_file = options.certificate;
  out.listen.key_file = options.key;
  out.listen.client_ca_file = options.client_ca;
  out.poll = seconds(options.poll_s);
  out.settle = seconds(options.settle_s);
  return out;
}

}  // namespace quaywatch::app
