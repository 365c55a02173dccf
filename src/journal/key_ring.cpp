#include "journal/key_ring.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/crc32c.h"
#include "base/limits.h"
#include "base/text.h"
#include "io/append_file.h"
#include "io/environment.h"
#include "io/files.h"
#include "journal/bytes.h"

namespace quaywatch::journal {
namespace {

constexpr std::string_view kRingMagic("QWKEYS\r\n", 8);
constexpr std::uint32_t kRingVersion = 1;
constexpr std::size_t kRingHeaderBytes = 16;
constexpr std::size_t kPersonRecordBytes = 16 + 16 + 32 + 32 + 4;
constexpr std::size_t kSingleRecordBytes = 32 + 4;
constexpr unsigned kMode = 0600;

enum class FileKind : std::uint32_t { site = 1, persons = 2, segment = 3, organisation = 4 };

std::string header(FileKind kind) {
  std::string out;
  Writer w(out);
  w.bytes(kRingMagic);
  w.u32(kRingVersion);
  w.u32(static_cast<std::uint32_t>(kind));
  return out;
}

Result<void> check_header(std::string_view bytes, FileKind kind, const std::string& path) {
  Reader r(bytes);
  const std::string_view magic = r.bytes(kRingMagic.size());
  const std::uint32_t version = r.u32(), found = r.u32();
  if (!r.ok() || magic != kRingMagic)
    return fail(ErrorCode::corrupt, fmt::format("{} is not a key file; restore it from the backup", path), path);
  if (version > kRingVersion)
    return fail(ErrorCode::unsupported,
                fmt::format("{} has key format {}, this program reads up to {}; use the newer program", path, version,
                            kRingVersion),
                path);
  if (version == 0 || found != static_cast<std::uint32_t>(kind))
    return fail(ErrorCode::corrupt,
                fmt::format("{} is a key file of another kind ({}); restore it from the backup", path, found), path);
  return {};
}

// What a crash in the middle of a destruction leaves behind; reads like a file that was removed.
bool is_wiped(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char c) { return c == '\0'; });
}

// One 32-byte key with its checksum: site.key, segment-ID.key and those of organisations.
std::string single_key_file(FileKind kind, const Key& key) {
  std::string record;
  Writer(record).array(key);
  Writer(record).u32(crc32c(record));
  return header(kind) + record;
}

Result<Key> read_single_key(const std::string& path, FileKind kind) {
  auto bytes = io::read_file(path, kRingHeaderBytes + kSingleRecordBytes);
  if (!bytes) return tl::unexpected(std::move(bytes.error()));
  if (is_wiped(*bytes)) return fail(ErrorCode::not_found, fmt::format("the key of {} was destroyed", path), path);
  if (auto good = check_header(*bytes, kind, path); !good) return tl::unexpected(std::move(good.error()));
  Reader r(std::string_view(*bytes).substr(kRingHeaderBytes));
  const Key key = r.array<Key>();
  const std::uint32_t crc = r.u32();
  if (!r.ok() || crc != crc32c(std::string_view(*bytes).substr(kRingHeaderBytes, 32)))
    return fail(ErrorCode::corrupt, fmt::format("{} fails its checksum; restore it from the backup", path), path);
  return key;
}

constexpr std::string_view kKeyEnding = ".key";

// What comes from an entry becomes the name of a file.
bool is_organisation(std::string_view name) {
  constexpr std::size_t kMost = 64;
  return !name.empty() && name.size() <= kMost && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || is_ascii_digit(c) || c == '-';
  });
}

// ORGANISATION-ID.key
bool parse_organisation_file(std::string_view name, std::string& organisation, KeyId& id) {
  constexpr std::size_t kDigits = 2 * std::tuple_size_v<KeyId>;
  if (!name.ends_with(kKeyEnding)) return false;
  name.remove_suffix(kKeyEnding.size());
  if (name.size() < kDigits + 2 || name[name.size() - kDigits - 1] != '-') return false;
  organisation = name.substr(0, name.size() - kDigits - 1);
  const auto parsed = parse_key_id(name.substr(name.size() - kDigits));
  id = parsed.value_or(KeyId{});
  return parsed && is_organisation(organisation);
}

OrganisationKey organisation_key_of(const KeyId& id, const Key& key) {
  const auto derive = [&](std::string_view use) { return hmac_sha256(key, fmt::format("derive {}", use)); };
  return {id, derive("salt"), derive("cipher"), derive("persons"), derive("events")};
}

}  // namespace

std::optional<KeyId> parse_key_id(std::string_view hex) {
  KeyId out{};
  std::size_t size = 0;
  const bool is_hex = hex.size() == 2 * out.size() &&
                      hex.find_first_not_of("0123456789abcdef") == std::string_view::npos &&
                      sodium_hex2bin(out.data(), out.size(), hex.data(), hex.size(), nullptr, &size, nullptr) == 0;
  return is_hex ? std::optional(out) : std::nullopt;
}

Month month_of(Timestamp t) {
  const CivilTime c = to_civil_utc(t);
  const std::int64_t month = (static_cast<std::int64_t>(c.year) - 1970) * 12 + c.month - 1;
  return static_cast<Month>(std::clamp<std::int64_t>(month, 0, 65'535));
}

std::string normal_form(PersonalClass personal, std::string_view value) {
  switch (personal) {
    case PersonalClass::plate:
    case PersonalClass::credential:
      return squeeze(value);
    case PersonalClass::account:
    case PersonalClass::person:
    case PersonalClass::none:
      break;
  }
  return to_upper(trim(value));
}

std::size_t KeyRing::ArrayHash::operator()(const std::array<std::uint8_t, 16>& a) const {
  std::size_t h = 0;
  std::memcpy(&h, a.data(), sizeof h);
  return h;
}

Result<KeyRing> KeyRing::open(const std::string& data_dir, RandomSource random) {
  KeyRing ring;
  ring.folder_ = data_dir + "/keys";
  ring.organisation_folder_ = fmt::format("{}/{}", data_dir, kOrganisationKeys);
  ring.random_ = random ? std::move(random) : RandomSource(io::random_bytes);
  if (auto made = io::create_folders(ring.folder_, 0700); !made) return tl::unexpected(std::move(made.error()));
  if (auto loaded = ring.load_site_key(); !loaded) return tl::unexpected(std::move(loaded.error()));
  return ring;
}

Result<void> KeyRing::load_site_key() {
  const std::string path = folder_ + "/site.key";
  if (!io::exists(path)) {
    const auto others = io::list_files(folder_);
    if (!others) return tl::unexpected(others.error());
    if (!others->empty())
      return fail(
          ErrorCode::not_found,
          fmt::format("{} is missing while other keys exist; restore it from the backup, a new one would make every "
                      "known pseudonym a stranger",
                      path),
          path);
    if (auto drawn = random_(site_key_); !drawn) return drawn;
    return io::write_file_atomic(path, single_key_file(FileKind::site, site_key_), kMode);
  }
  auto key = read_single_key(path, FileKind::site);
  if (!key) return tl::unexpected(std::move(key.error()));
  site_key_ = *key;
  return {};
}

std::uint64_t KeyRing::damaged_records() const {
  const std::lock_guard lock(*mutex_);
  return damaged_records_;
}

std::string KeyRing::month_path(Month month) const {
  return fmt::format("{}/person-{:04}-{:02}.keys", folder_, 1970 + month / 12, month % 12 + 1);
}

std::string KeyRing::segment_path(const KeyId& id) const {
  return fmt::format("{}/segment-{}.key", folder_, to_hex(id));
}

Digest KeyRing::pseudonym(PersonalClass personal, std::string_view value) const {
  return hmac_sha256(site_key_,
                     fmt::format("pseudonym {} {}", static_cast<int>(personal), normal_form(personal, value)));
}

Digest KeyRing::derive(std::string_view use) const {
  return hmac_sha256(site_key_, fmt::format("derive {}", use));
}

KeyRing::Tag KeyRing::tag(const Key& of, PersonalClass personal, std::string_view value, Month month) const {
  const Digest digest = hmac_sha256(
      of, fmt::format("person key {} {} {}", month, static_cast<int>(personal), normal_form(personal, value)));
  Tag out{};
  std::copy_n(digest.begin(), out.size(), out.begin());
  return out;
}

Result<void> KeyRing::load_month(const std::string& path, MonthKeys& keys) {
  auto file = io::map_file(path);
  if (!file) return tl::unexpected(std::move(file.error()));
  // Shorter than its header: the crash came before the first key was durable, so that nothing uses this file yet.
  if (file->size() < kRingHeaderBytes || is_wiped(file->view().substr(0, kRingHeaderBytes))) return {};
  if (auto good = check_header(file->view(), FileKind::persons, path); !good) return good;
  std::uint64_t offset = kRingHeaderBytes;
  for (; offset + kPersonRecordBytes <= file->size(); offset += kPersonRecordBytes) {
    const std::string_view record = file->view().substr(static_cast<std::size_t>(offset), kPersonRecordBytes);
    Reader r(record);
    const Tag tag = r.array<Tag>();
    PersonKey key;
    key.id = r.array<KeyId>();
    key.salt = r.array<Key>();
    key.cipher = r.array<Key>();
    if (r.u32() != crc32c(record.substr(0, kPersonRecordBytes - 4))) {
      if (!is_wiped(record)) ++damaged_records_;
      continue;
    }
    keys.by_tag[tag] = key;
    keys.tag_of[key.id] = tag;
    keys.offsets[tag] = offset;
  }
  keys.file_size = offset;  // a torn last record is cut when the next keys are written
  return {};
}

Result<KeyRing::MonthKeys*> KeyRing::month_keys(Month month) {
  if (const auto it = months_.find(month); it != months_.end()) return &it->second;
  MonthKeys keys;
  if (const std::string path = month_path(month); io::exists(path))
    if (auto loaded = load_month(path, keys); !loaded) return tl::unexpected(std::move(loaded.error()));
  return &months_.emplace(month, std::move(keys)).first->second;
}

Result<const PersonKey*> KeyRing::person_key(PersonalClass personal, std::string_view value, Month month,
                                             const OrganisationKey* of) {
  const Tag t = tag(of != nullptr ? of->persons : site_key_, personal, value, month);
  const std::lock_guard lock(*mutex_);
  auto keys = month_keys(month);
  if (!keys) return tl::unexpected(std::move(keys.error()));
  if (const auto it = (*keys)->by_tag.find(t); it != (*keys)->by_tag.end()) return &it->second;
  if ((*keys)->by_tag.size() >= limits::kPersonKeysPerMonth)
    return fail(ErrorCode::limit_exceeded,
                fmt::format("{} already holds {} persons; look for a feed that invents identities", month_path(month),
                            limits::kPersonKeysPerMonth));
  PersonKey key;
  for (const std::span<std::uint8_t> part :
       {std::span<std::uint8_t>(key.id), std::span<std::uint8_t>(key.salt), std::span<std::uint8_t>(key.cipher)})
    if (auto drawn = random_(part); !drawn) return tl::unexpected(std::move(drawn.error()));
  std::string record;
  Writer w(record);
  w.array(t);
  w.array(key.id);
  w.array(key.salt);
  w.array(key.cipher);
  w.u32(crc32c(record));
  const std::uint64_t start = std::max<std::uint64_t>((*keys)->file_size, kRingHeaderBytes);
  (*keys)->offsets[t] = start + (*keys)->pending.size();
  (*keys)->pending += record;
  (*keys)->tag_of[key.id] = t;
  return &(*keys)->by_tag.emplace(t, key).first->second;
}

Result<const PersonKey*> KeyRing::find_person_key(Month month, const KeyId& id) {
  const std::lock_guard lock(*mutex_);
  auto keys = month_keys(month);
  if (!keys) return tl::unexpected(std::move(keys.error()));
  const auto t = (*keys)->tag_of.find(id);
  if (t == (*keys)->tag_of.end()) return nullptr;
  const auto it = (*keys)->by_tag.find(t->second);
  return it == (*keys)->by_tag.end() || it->second.id != id ? nullptr : &it->second;
}

Result<void> KeyRing::write_pending(Month month, MonthKeys& keys) {
  auto file = io::AppendFile::open(month_path(month), kMode);
  if (!file) return tl::unexpected(std::move(file.error()));
  Result<void> done;
  if (file->size() != keys.file_size) done = file->truncate(keys.file_size);  // a torn record, or one of a failed write
  if (done && keys.file_size == 0) done = file->append(header(FileKind::persons));
  if (done) done = file->append(keys.pending);
  if (done) done = file->sync();
  if (!done) return done;
  keys.file_size = file->size();
  keys.pending.clear();
  return {};
}

Result<void> KeyRing::sync() {
  const std::lock_guard lock(*mutex_);
  return write_all_pending();
}

Result<void> KeyRing::write_all_pending() {
  for (auto& [month, keys] : months_)
    if (!keys.pending.empty())
      if (auto written = write_pending(month, keys); !written) return written;
  return {};
}

std::string KeyRing::organisation_path(const std::string& organisation, const KeyId& id) const {
  return fmt::format("{}/{}-{}{}", organisation_folder_, organisation, to_hex(id), kKeyEnding);
}

// What cannot be read is as if it were not there: its entries say that it is missing.
Result<void> KeyRing::load_organisations() {
  if (!io::exists(organisation_folder_)) return {};
  const auto names = io::list_names(organisation_folder_);
  if (!names) return tl::unexpected(names.error());
  for (const std::string& name : *names) {
    std::string organisation;
    KeyId id{};
    if (!parse_organisation_file(name, organisation, id) || missing_.contains({organisation, id})) continue;
    if (const auto key = read_single_key(organisation_path(organisation, id), FileKind::organisation))
      organisations_[organisation].try_emplace(id, organisation_key_of(id, *key));
  }
  return {};
}

Result<KeyRing::Held> KeyRing::organisation_key(const std::string& organisation) {
  if (!is_organisation(organisation))
    return fail(ErrorCode::invalid_argument, fmt::format("'{}' is no id of an organisation", organisation));
  const std::lock_guard lock(*mutex_);
  auto& keys = organisations_[organisation];
  if (keys.empty())
    if (auto loaded = load_organisations(); !loaded) return tl::unexpected(std::move(loaded.error()));
  if (!keys.empty()) return Held{&keys.begin()->second, false};
  KeyId id{};
  Key key{};
  if (auto drawn = random_(id); !drawn) return tl::unexpected(std::move(drawn.error()));
  if (auto drawn = random_(key); !drawn) return tl::unexpected(std::move(drawn.error()));
  if (auto made = io::create_folders(organisation_folder_, 0700); !made) return tl::unexpected(std::move(made.error()));
  auto written = io::write_file_atomic(organisation_path(organisation, id),
                                       single_key_file(FileKind::organisation, key), kMode);
  if (!written) return tl::unexpected(std::move(written.error()));
  return Held{&keys.emplace(id, organisation_key_of(id, key)).first->second, true};
}

const OrganisationKey* KeyRing::find_organisation_key(const std::string& organisation, const KeyId& id) {
  if (!is_organisation(organisation)) return nullptr;
  const std::lock_guard lock(*mutex_);
  auto& keys = organisations_[organisation];
  if (const auto it = keys.find(id); it != keys.end()) return &it->second;
  if (missing_.contains({organisation, id})) return nullptr;
  const std::string path = organisation_path(organisation, id);
  const auto key = io::exists(path) ? read_single_key(path, FileKind::organisation)
                                    : Result<Key>(fail(ErrorCode::not_found, path));
  if (key) return &keys.emplace(id, organisation_key_of(id, *key)).first->second;
  missing_.emplace(organisation, id);
  return nullptr;
}

bool KeyRing::has_organisation_key(const std::string& organisation) const {
  const std::lock_guard lock(*mutex_);
  const auto at = organisations_.find(organisation);
  return at != organisations_.end() && !at->second.empty();
}

std::vector<KeyRing::Missing> KeyRing::missing_organisation_keys() const {
  const std::lock_guard lock(*mutex_);
  std::vector<Missing> out;
  for (const auto& [organisation, id] : missing_) out.push_back({organisation, organisation_path(organisation, id)});
  return out;
}

Result<KeyId> KeyRing::make_segment_key() {
  KeyId id{};
  Key key{};
  if (auto drawn = random_(id); !drawn) return tl::unexpected(std::move(drawn.error()));
  if (auto drawn = random_(key); !drawn) return tl::unexpected(std::move(drawn.error()));
  auto written = io::write_file_atomic(segment_path(id), single_key_file(FileKind::segment, key), kMode);
  if (!written) return tl::unexpected(std::move(written.error()));
  return id;
}

Result<Key> KeyRing::segment_key(const KeyId& id) const {
  return read_single_key(segment_path(id), FileKind::segment);
}

Result<bool> KeyRing::erase_person(PersonalClass personal, std::string_view value, Month month) {
  const std::lock_guard lock(*mutex_);
  if (auto synced = write_all_pending(); !synced) return tl::unexpected(std::move(synced.error()));
  auto keys = month_keys(month);
  if (!keys) return tl::unexpected(std::move(keys.error()));
  if (auto loaded = load_organisations(); !loaded) return tl::unexpected(std::move(loaded.error()));
  std::vector<Tag> tags{tag(site_key_, personal, value, month)};
  for (const auto& [organisation, held] : organisations_)
    for (const auto& [id, key] : held) tags.push_back(tag(key.persons, personal, value, month));
  bool was_there = false;
  for (const Tag& t : tags) {
    const auto erased = erase_tag(month, **keys, t);
    if (!erased) return erased;
    was_there |= *erased;
  }
  return was_there;
}

Result<bool> KeyRing::erase_tag(Month month, MonthKeys& keys, const Tag& t) {
  const auto it = keys.by_tag.find(t);
  if (it == keys.by_tag.end()) return false;
  auto done = io::overwrite(month_path(month), keys.offsets[t], std::string(kPersonRecordBytes, '\0'));
  if (!done) return tl::unexpected(std::move(done.error()));
  keys.tag_of.erase(it->second.id);
  keys.offsets.erase(t);
  wipe(it->second.salt);
  wipe(it->second.cipher);
  keys.by_tag.erase(it);
  return true;
}

Result<void> KeyRing::erase_month(Month month) {
  const std::lock_guard lock(*mutex_);
  const std::string path = month_path(month);
  if (io::exists(path)) {
    const auto size = io::file_size(path);
    if (!size) return tl::unexpected(size.error());
    auto done = io::overwrite(path, 0, std::string(static_cast<std::size_t>(*size), '\0'));
    if (done) done = io::remove_file(path);
    if (!done) return done;
  }
  if (const auto it = months_.find(month); it != months_.end()) {
    for (auto& [t, key] : it->second.by_tag) {
      wipe(key.salt);
      wipe(key.cipher);
    }
    months_.erase(it);
  }
  return {};
}

Result<void> KeyRing::erase_segment(const KeyId& id) {
  const std::string path = segment_path(id);
  if (!io::exists(path)) return {};
  auto done = io::overwrite(path, 0, std::string(kRingHeaderBytes + kSingleRecordBytes, '\0'));
  return done ? io::remove_file(path) : done;
}

}  // namespace quaywatch::journal
