// The command `serve`. It returns its exit code, as those of commands.h.
#pragma once

#include <string>

#include "app/commands.h"

namespace quaywatch::app {

struct ServeOptions {
  ImportCommandOptions intake;  // folders to watch, --listen and its kin, --mapping, --time-zone
  std::string http = "127.0.0.1:8420";
  std::string http_certificate, http_key;
  bool without_tls = false;  // something before us does TLS: also beyond loopback
  std::string metrics_token;  // file that holds it
  std::string console;       // folder; empty: the one that belongs to the program
  std::string rules;         // folder that replaces the shipped pack
  std::string administrator = "admin";
  std::string organisation = "Site", kind = "authority";  // of the first user
};

int serve(const ServeOptions& options);

}  // namespace quaywatch::app
