#include "journal/attachment_store.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "io/append_file.h"
#include "journal/bytes.h"
#include "journal/cipher.h"

namespace quaywatch::journal {
namespace {

constexpr std::string_view kAttachmentMagic = "QWATTF\r\n";
constexpr char kAttachmentVersion = 1;
constexpr std::size_t kPlainBytes = 64 * 1024;  // of a block
constexpr std::size_t kSealedBytes = kPlainBytes + crypto_secretstream_xchacha20poly1305_ABYTES;
constexpr std::size_t kStreamHeaderBytes = crypto_secretstream_xchacha20poly1305_HEADERBYTES;
constexpr std::string_view kPartial = "/.partial";

using Stream = crypto_secretstream_xchacha20poly1305_state;

std::string head() {
  std::string out(kAttachmentMagic);
  out += kAttachmentVersion;
  return out.append(3, '\0');
}

tl::unexpected<Error> damaged(const std::string& path) {
  return fail(ErrorCode::corrupt, fmt::format("'{}' is not as it was written; restore it from the backup", path));
}

Result<void> erase_key(KeyRing& keys, std::string_view id) {
  const auto key = parse_key_id(id);
  if (!key) return {};
  auto erased = keys.erase_segment(*key);
  return !erased && erased.error().code == ErrorCode::not_found ? Result<void>{} : erased;
}

}  // namespace

struct AttachmentWriter::Open {
  KeyRing* keys = nullptr;
  std::string folder, partial;
  std::optional<io::AppendFile> file;
  Stream stream{};
  std::string waiting;  // not yet sealed, at most one block: only the end tells which is the last
  Sha256 content;
  KeptAttachment kept;
  bool is_finished = false;

  ~Open() {
    sodium_memzero(&stream, sizeof stream);
    sodium_memzero(waiting.data(), waiting.size());
    if (is_finished) return;
    // What stays in spite of this is swept at the next start.
    [[maybe_unused]] const auto erased = erase_key(*keys, kept.id);
    file.reset();
    if (!partial.empty()) [[maybe_unused]] const auto removed = io::remove_file(partial);
  }

  Result<void> seal(unsigned char tag) {
    std::string sealed(waiting.size() + crypto_secretstream_xchacha20poly1305_ABYTES, '\0');
    const std::string about = head();
    crypto_secretstream_xchacha20poly1305_push(&stream, raw(sealed), nullptr, raw(waiting), waiting.size(),
                                               raw(std::string_view(about)), about.size(), tag);
    waiting.clear();
    return file->append(sealed);
  }
};

AttachmentWriter::AttachmentWriter(std::unique_ptr<Open> open) : open_(std::move(open)) {}
AttachmentWriter::~AttachmentWriter() = default;
AttachmentWriter::AttachmentWriter(AttachmentWriter&&) noexcept = default;

Result<void> AttachmentWriter::append(std::string_view bytes) {
  open_->content.update(bytes);
  open_->kept.bytes += bytes.size();
  while (!bytes.empty()) {
    if (open_->waiting.size() == kPlainBytes)
      if (auto sealed = open_->seal(0); !sealed) return sealed;
    const std::size_t taken = std::min(bytes.size(), kPlainBytes - open_->waiting.size());
    open_->waiting.append(bytes.substr(0, taken));
    bytes.remove_prefix(taken);
  }
  return {};
}

Result<KeptAttachment> AttachmentWriter::finish() {
  if (open_->kept.bytes == 0) return fail(ErrorCode::invalid_argument, "the file is empty");
  const std::string folder = open_->folder + "/" + open_->kept.id.substr(0, 2);
  auto done = open_->seal(crypto_secretstream_xchacha20poly1305_TAG_FINAL);
  if (done) done = open_->file->sync();
  if (done) done = io::create_folders(folder, 0700);
  if (done) done = io::rename(open_->partial, folder + "/" + open_->kept.id);
  if (!done) return tl::unexpected(done.error());
  open_->is_finished = true;
  open_->kept.content = open_->content.finish();
  return open_->kept;
}

struct AttachmentReader::Open {
  std::string path;
  io::MappedFile file;
  std::size_t at = 0;
  Stream stream{};
  bool is_over = false;

  ~Open() { sodium_memzero(&stream, sizeof stream); }
};

AttachmentReader::AttachmentReader(std::unique_ptr<Open> open) : open_(std::move(open)) {}
AttachmentReader::~AttachmentReader() = default;
AttachmentReader::AttachmentReader(AttachmentReader&&) noexcept = default;

Result<std::string> AttachmentReader::next() {
  const std::string_view sealed = open_->file.view().substr(open_->at, kSealedBytes);
  if (open_->is_over) return sealed.empty() ? Result<std::string>{} : damaged(open_->path);
  if (sealed.size() <= crypto_secretstream_xchacha20poly1305_ABYTES) return damaged(open_->path);
  std::string plain(sealed.size() - crypto_secretstream_xchacha20poly1305_ABYTES, '\0');
  unsigned char tag = 0;
  const std::string about = head();
  if (crypto_secretstream_xchacha20poly1305_pull(&open_->stream, raw(plain), nullptr, &tag, raw(sealed), sealed.size(),
                                                 raw(std::string_view(about)), about.size()) != 0)
    return damaged(open_->path);
  open_->is_over = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
  open_->at += sealed.size();
  open_->file.forget_before(open_->at);
  return plain;
}

std::string AttachmentStore::path(const std::string& id) const {
  return folder_ + "/" + id.substr(0, 2) + "/" + id;
}

Result<AttachmentWriter> AttachmentStore::begin(std::uint64_t expected) const {
  if (sodium_init() < 0) return fail(ErrorCode::io_failure, "libsodium cannot be used: the system gives no randomness");
  const std::string partial = folder_ + std::string(kPartial);
  for (const std::string& folder : {folder_, partial})
    if (auto made = io::create_folders(folder, 0700); !made) return tl::unexpected(made.error());
  auto id = keys_->make_segment_key();
  if (!id) return tl::unexpected(id.error());
  auto open = std::make_unique<AttachmentWriter::Open>();
  open->keys = keys_;
  open->folder = folder_;
  open->kept.id = to_hex(*id);
  auto key = keys_->segment_key(*id);
  if (!key) return tl::unexpected(key.error());
  std::string header(kStreamHeaderBytes, '\0');
  crypto_secretstream_xchacha20poly1305_init_push(&open->stream, raw(header), key->data());
  wipe(*key);
  open->partial = partial + "/" + open->kept.id;
  auto file = io::AppendFile::open(open->partial, 0600);
  if (!file) return tl::unexpected(file.error());
  open->file.emplace(std::move(*file));
  const std::uint64_t blocks = expected / kPlainBytes + 1;
  auto done = open->file->reserve(expected + blocks * crypto_secretstream_xchacha20poly1305_ABYTES);
  if (done) done = open->file->append(head() + header);
  if (!done) return tl::unexpected(done.error());
  return AttachmentWriter(std::move(open));
}

Result<AttachmentReader> AttachmentStore::open(const std::string& id) const {
  const auto named = parse_key_id(id);
  if (!named || !io::exists(path(id)))
    return fail(ErrorCode::not_found, fmt::format("'{}' is missing; restore it from the backup", path(id)));
  auto key = keys_->segment_key(*named);
  if (!key) return tl::unexpected(key.error());
  auto open = std::make_unique<AttachmentReader::Open>();
  open->path = path(id);
  auto file = io::map_file(open->path);
  if (!file) return tl::unexpected(file.error());
  open->file = std::move(*file);
  const std::string_view bytes = open->file.view();
  const char version = bytes.size() > kAttachmentMagic.size() && bytes.starts_with(kAttachmentMagic)
                           ? bytes[kAttachmentMagic.size()]
                           : kAttachmentVersion;
  if (version > kAttachmentVersion)
    return fail(ErrorCode::unsupported, fmt::format("'{}' has format {}, this program reads {}; use the newer program",
                                                    open->path, +version, +kAttachmentVersion));
  const std::string about = head();
  if (bytes.size() < about.size() + kStreamHeaderBytes || !bytes.starts_with(about)) return damaged(open->path);
  const bool is_begun = crypto_secretstream_xchacha20poly1305_init_pull(&open->stream, raw(bytes.substr(about.size())),
                                                                        key->data()) == 0;
  wipe(*key);
  if (!is_begun) return damaged(open->path);
  open->at = about.size() + kStreamHeaderBytes;
  return AttachmentReader(std::move(open));
}

Result<void> AttachmentStore::check(const KeptAttachment& kept) const {
  auto reader = open(kept.id);
  if (!reader) return tl::unexpected(reader.error());
  Sha256 content;
  std::uint64_t size = 0;
  for (;;) {
    const auto block = reader->next();
    if (!block) return tl::unexpected(block.error());
    if (block->empty()) break;
    content.update(*block);
    size += block->size();
  }
  return size == kept.bytes && content.finish() == kept.content ? Result<void>{} : damaged(path(kept.id));
}

Result<void> AttachmentStore::remove(const std::string& id) const {
  if (auto erased = erase_key(*keys_, id); !erased) return erased;
  return io::remove_file(path(id));
}

Result<std::size_t> AttachmentStore::sweep(const std::set<std::string>& standing) const {
  if (!io::exists(folder_)) return 0;
  const auto kept = io::list_files(folder_);
  if (!kept) return tl::unexpected(kept.error());
  std::vector<std::string> left;
  for (const std::string& file : *kept)
    if (!standing.contains(file.substr(file.rfind('/') + 1))) left.push_back(file);
  if (const std::string partial = folder_ + std::string(kPartial); io::exists(partial)) {
    const auto names = io::list_names(partial);
    if (!names) return tl::unexpected(names.error());
    for (const std::string& name : *names) left.push_back(partial + "/" + name);
  }
  std::size_t swept = 0;
  for (const std::string& file : left) {
    const std::string id = file.substr(file.rfind('/') + 1);
    if (!parse_key_id(id)) continue;  // nobody's but who put it there
    if (auto erased = erase_key(*keys_, id); !erased) return tl::unexpected(erased.error());
    if (auto removed = io::remove_file(file); !removed) return tl::unexpected(removed.error());
    ++swept;
  }
  return swept;
}

}  // namespace quaywatch::journal
