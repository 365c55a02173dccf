// The commands `backup`, `restore` and `rebuild`. Each returns its exit code, as those of commands.h.
#pragma once

#include <string>

namespace quaywatch::app {

struct KeepOptions {
  std::string site;  // folder; empty: that of every command
  std::string file;  // the backup
  bool force = false;
  bool check = false;  // restore: only say whether the file is whole
};

int backup(const KeepOptions& options);
int restore(const KeepOptions& options);
int rebuild(const KeepOptions& options);

}  // namespace quaywatch::app
