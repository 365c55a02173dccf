// The commands `keygen`, `sign-file` and `verify-file`. Each returns its exit code, as those of commands.h.
#pragma once

#include <string>

namespace quaywatch::app {

struct EnvelopeOptions {
  std::string use;   // keygen: encryption | signature
  std::string file;  // keygen: of the secret key
  std::string key;   // sign-file: file of the secret key; verify-file: the public key or its file
};

int generate_key(const EnvelopeOptions& options);
int sign_file(const EnvelopeOptions& options);
int verify_file(const EnvelopeOptions& options);

}  // namespace quaywatch::app
