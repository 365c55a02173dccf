#include "keeping/target.h"

#include "io/files.h"

namespace quaywatch::keeping {

Target::Target(const std::string& path, const Protection& protection)
    : path_(path), partial_(path + ".partial"), signing_key_(protection.signing_key) {}

Target::~Target() {
  if (!file_) return;
  [[maybe_unused]] const auto removed = io::remove_file(partial_);
}

Result<std::unique_ptr<Target>> Target::create(const std::string& path, const Protection& protection) {
  std::unique_ptr<Target> out(new Target(path, protection));
  auto file = io::AppendFile::open(out->partial_, 0600);
  if (!file) return tl::unexpected(file.error());
  out->file_.emplace(std::move(*file));
  if (auto emptied = out->file_->truncate(0); !emptied) return tl::unexpected(emptied.error());
  if (protection.recipients.empty()) return out;
  auto writer = envelope::AgeWriter::begin(protection.recipients,
                                           [self = out.get()](std::string_view bytes) { return self->write(bytes); });
  if (!writer) return tl::unexpected(writer.error());
  out->encrypted_.emplace(std::move(*writer));
  return out;
}

Result<void> Target::append(std::string_view bytes) {
  return encrypted_ ? encrypted_->append(bytes) : write(bytes);
}

Result<void> Target::write(std::string_view bytes) {
  if (signing_key_) digest_.update(bytes);
  return file_->append(bytes);
}

Result<void> Target::finish(Timestamp made_at) {
  auto done = encrypted_ ? encrypted_->finish() : Result<void>{};
  if (done) done = file_->sync();
  if (done) done = io::rename(partial_, path_);
  if (!done) return done;
  file_.reset();
  if (!signing_key_) return {};
  const std::string comment = envelope::signature_comment(path_, made_at);
  return io::write_file_atomic(path_ + std::string(envelope::kSignatureEnding),
                               envelope::sign(*signing_key_, digest_.finish(), comment));
}

}  // namespace quaywatch::keeping
