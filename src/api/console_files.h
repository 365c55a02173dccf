// ConsoleFiles: the built console, read into memory at the start: no request reaches the file system. Paths without an
// ending are pages of the console and give its index.html. Immutable after loading; thread-safe.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "io/http_server.h"

namespace quaywatch::api {

class ConsoleFiles {
 public:
  // An empty folder name, or one without index.html: none is served.
  static Result<ConsoleFiles> load(const std::string& folder);

  bool is_there() const { return files_.contains("/index.html"); }
  io::HttpResponse answer(const io::HttpRequest& request) const;

 private:
  struct File {
    std::string_view type;
    std::string bytes, tag;
  };
  std::map<std::string, File> files_;  // by path, beginning with a slash
};

}  // namespace quaywatch::api
