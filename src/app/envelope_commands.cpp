#include "app/envelope_commands.h"

#include <fmt/format.h>

#include <cstdio>

#include "app/commands.h"
#include "app/envelope_keys.h"
#include "app/print.h"
#include "app/run_input.h"
#include "app/texts.h"
#include "base/time.h"
#include "io/clock.h"
#include "io/files.h"

namespace quaywatch::app {
namespace {

// What it replaced could open nothing any more.
Result<void> write_new(const std::string& path, const std::string& text, unsigned mode) {
  if (io::exists(path))
    return fail(ErrorCode::invalid_argument,
                fmt::format("'{}' is there already, and a key that is replaced is lost; name another file", path));
  return io::write_file_atomic(path, text, mode);
}

// The public key, once the secret one is in the file.
Result<std::string> make_identity(const std::string& path) {
  const auto identity = envelope::new_identity();
  if (!identity) return tl::unexpected(identity.error());
  const std::string recipient = to_text(recipient_of(*identity));
  const auto written = write_new(
      path,
      fmt::format("# created: {}\n# public key: {}\n{}\n", format_rfc3339(io::now()), recipient, to_text(*identity)),
      0600);
  return written ? Result<std::string>(recipient) : tl::unexpected(written.error());
}

Result<std::string> make_signing_key(const std::string& path) {
  const auto key = envelope::new_signing_key();
  if (!key) return tl::unexpected(key.error());
  const envelope::VerifyingKey verifying = verifying_key_of(*key);
  auto written = write_new(path, to_text(*key), 0600);
  if (written) written = write_new(path + ".pub", to_text(verifying), 0644);
  return written ? Result<std::string>(short_text(verifying)) : tl::unexpected(written.error());
}

}  // namespace

int generate_key(const EnvelopeOptions& options) {
  const auto key = options.use == "encryption" ? make_identity(options.file) : make_signing_key(options.file);
  if (!key) return unusable(key.error());
  print(stderr, "the secret key is in '{}': keep it, and a copy of it, elsewhere than what it {}\n",
        one_line(options.file), options.use == "encryption" ? say("opens") : say("signs"));
  print(stdout, "{}\n", *key);
  return kDone;
}

int sign_file(const EnvelopeOptions& options) {
  const auto key = read_signing_key(options.key);
  if (!key) return unusable(key.error());
  const auto path = write_signature(options.file, *key);
  if (!path) return unusable(path.error());
  print(stdout, "{}\n", one_line(*path));
  return kDone;
}

int verify_file(const EnvelopeOptions& options) {
  const auto comment = check_signature(options.file, options.key);
  if (!comment) return unusable(comment.error());
  print(stdout, "{} is what was signed: {}\n", one_line(options.file), one_line(*comment));
  return kDone;
}

}  // namespace quaywatch::app
