#include "journal/seal.h"

#include <fmt/format.h>

#include <algorithm>

#include "journal/bytes.h"

namespace quaywatch::journal {
namespace {

constexpr std::uint16_t kWholeEntry = 0xFFFE;  // the cell number of what is sealed as a whole
constexpr unsigned kSealedDepth = 8;           // one in another, where several must agree to open

// Value as it is committed to and encrypted: kind, then text or the 8 bytes of a number.
std::string plain_of(const Value& value) {
  std::string out;
  Writer w(out);
  w.u8(static_cast<std::uint8_t>(value.kind));
  value.kind == Kind::text ? w.bytes(value.text) : w.i64(value.number);
  return out;
}

bool read_plain(std::string_view plain, Value& out) {
  Reader r(plain);
  const std::uint8_t kind = r.u8();
  if (!r.ok() || kind < static_cast<std::uint8_t>(Kind::text) || kind > static_cast<std::uint8_t>(Kind::time))
    return false;
  out = {};
  out.kind = static_cast<Kind>(kind);
  if (out.kind == Kind::text) {
    out.text = plain.substr(1);
    return true;
  }
  out.number = r.i64();
  return r.ok() && r.left() == 0;
}

Nonce nonce_of(const Digest& commitment) {
  Nonce out{};
  std::copy_n(commitment.begin(), out.size(), out.begin());
  return out;
}

// Bound to its place: a ciphertext moved to another entry or cell does not open.
std::string associated_of(EntryPlace place, std::uint16_t cell) {
  std::string out;
  Writer w(out);
  w.u32(place.log);
  w.u64(place.sequence);
  w.u16(cell);
  return out;
}

struct Item {
  std::uint16_t cell = 0;
  Month month = 0;
  KeyId id{};
  std::string_view sealed;
};

Item read_item(Reader& r) {
  Item item;
  item.cell = r.u16();
  item.month = r.u16();
  item.id = r.array<KeyId>();
  item.sealed = r.sized();
  return item;
}

}  // namespace

std::uint32_t log_tag(std::string_view log_name) {
  const Digest d = sha256(log_name);
  return static_cast<std::uint32_t>(d[0]) | static_cast<std::uint32_t>(d[1]) << 8 |
         static_cast<std::uint32_t>(d[2]) << 16 | static_cast<std::uint32_t>(d[3]) << 24;
}

Block make_salt(const Key& key, EntryPlace place, std::uint16_t cell) {
  Block in{};
  for (std::size_t i = 0; i < 8; ++i) in[i] = static_cast<std::uint8_t>(place.sequence >> (8 * i));
  for (std::size_t i = 0; i < 2; ++i) in[8 + i] = static_cast<std::uint8_t>(cell >> (8 * i));
  for (std::size_t i = 0; i < 4; ++i) in[10 + i] = static_cast<std::uint8_t>(place.log >> (8 * i));
  return aes256_block(key, in);
}

Digest commit_value(const Block& salt, std::string_view plain) {
  thread_local Sha256 h;
  return h.update(salt).update(plain).finish();
}

Result<Sealer> Sealer::within(const std::string& organisation) const {
  const auto held = keys_.organisation_key(organisation);
  if (!held) return tl::unexpected(held.error());
  Sealer out(keys_, place_);
  out.of_ = held->key;
  return out;
}

SealedBytes Sealer::seal_whole(std::string_view plain, std::string& sealed) const {
  const Digest commitment = commit_value(make_salt(of_->salt, place_, kWholeEntry), plain);
  sealed = gcm_seal(of_->cipher, nonce_of(commitment), associated_of(place_, kWholeEntry), plain);
  return {of_->id, commitment, sealed};
}

Result<Digest> Sealer::seal(std::uint16_t cell, PersonalClass personal, const Value& value) {
  auto key = keys_.person_key(personal, to_text(value), month_, of_);
  if (!key) return tl::unexpected(std::move(key.error()));
  const std::string plain = plain_of(value);
  const Digest commitment = commit_value(make_salt((*key)->salt, place_, cell), plain);
  Writer w(items_);
  w.u16(cell);
  w.u16(month_);
  w.array((*key)->id);
  w.sized(gcm_seal((*key)->cipher, nonce_of(commitment), associated_of(place_, cell), plain));
  ++count_;
  return commitment;
}

std::string Sealer::ciphertexts() const {
  std::string out;
  Writer w(out);
  w.u16(count_);
  w.bytes(items_);
  return out;
}

Result<std::optional<std::string>> Opener::open_whole(const std::string& organisation, const SealedBytes& bytes) {
  const OrganisationKey* key = keys_.find_organisation_key(organisation, bytes.key);
  if (key == nullptr) {
    is_closed_ = true;
    return std::nullopt;
  }
  auto plain = gcm_open(key->cipher, nonce_of(bytes.commitment), associated_of(place_, kWholeEntry), bytes.sealed);
  if (!plain || commit_value(make_salt(key->salt, place_, kWholeEntry), *plain) != bytes.commitment)
    return fail(ErrorCode::corrupt,
                fmt::format("entry {}: what is sealed to {} and its commitment do not belong together",
                            place_.sequence, organisation));
  return plain;
}

std::optional<Opener> Opener::within(std::string_view ciphertexts) const {
  if (depth_ >= kSealedDepth) return std::nullopt;
  Opener out(keys_, place_, ciphertexts, personal_);
  out.depth_ = depth_ + 1;
  return out;
}

void Opener::add(const Opener& inner) {
  erased_ += inner.erased_;
  is_closed_ |= inner.is_closed_;
}

Result<Value> Opener::open(std::uint16_t cell, const Digest& commitment) {
  if (personal_ == Personal::closed) {
    Value closed;
    closed.kind = Kind::unknown;
    closed.cause = UnknownCause::erased;
    return closed;
  }
  Reader r(ciphertexts_);
  Item item;
  const std::uint16_t count = r.u16();
  bool found = false;
  for (std::uint16_t i = 0; i < count && r.ok() && !found; ++i) {
    item = read_item(r);
    found = r.ok() && item.cell == cell;
  }
  if (!found) return fail(ErrorCode::corrupt, fmt::format("entry {} cell {} has no ciphertext", place_.sequence, cell));
  auto key = keys_.find_person_key(item.month, item.id);
  if (!key) return tl::unexpected(std::move(key.error()));
  Value value;
  if (*key == nullptr) {
    ++erased_;
    value.kind = Kind::unknown;
    value.cause = UnknownCause::erased;
    return value;
  }
  auto plain = gcm_open((*key)->cipher, nonce_of(commitment), associated_of(place_, cell), item.sealed);
  if (!plain || commit_value(make_salt((*key)->salt, place_, cell), *plain) != commitment)
    return fail(ErrorCode::corrupt, fmt::format("entry {} cell {}: ciphertext and commitment do not belong together",
                                                place_.sequence, cell));
  plain_ = std::move(*plain);
  if (!read_plain(plain_, value))
    return fail(ErrorCode::corrupt, fmt::format("entry {} cell {} opens to no value", place_.sequence, cell));
  return value;
}

}  // namespace quaywatch::journal
