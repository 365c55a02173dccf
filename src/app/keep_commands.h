// The commands `backup`, `restore`, `rebuild` and `reset-password`. Each returns its exit code, as those of commands.h.
#pragma once

#include <string>
#include <vector>

namespace quaywatch::app {

struct KeepOptions {
  std::string site;  // folder; empty: that of every command
  std::string file;  // the backup
  bool force = false;
  bool check = false;  // restore: only say whether the file is whole
  std::vector<std::string> recipients;  // backup: keys of age or files of them
  std::vector<std::string> identities;  // restore: files of keys of age
  std::string signing_key;              // backup: file; empty: no signature
  std::string verifying_key;            // restore: the key or its file; empty: a signature is not looked at
  std::string login;                    // reset-password: of the user
  bool second_factor = false;           // reset-password: that is dropped too
};

int backup(const KeepOptions& options);
int restore(const KeepOptions& options);
int rebuild(const KeepOptions& options);
int reset_password(const KeepOptions& options);  // reset_password.cpp

}  // namespace quaywatch::app
