// Sealing of personal values (DESIGN section 6, "Entry"): the entry carries SHA-256(salt || value), the ciphertext lies
// beside it, outside the leaf. Salts are not stored: salt = AES-256(person's salt key, place and cell). Layouts:
// docs/formats/journal.md, "Sealed values".
// The nonce of a ciphertext is the head of its commitment: it differs whenever the value differs, so that a sequence
// number used again after a torn tail was cut never pairs one nonce with two plaintexts.
// An entry that is sealed to an organisation is sealed so as a whole, with the keys of that organisation.
// One thread; a Sealer or an Opener serves one entry.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "journal/key_ring.h"
#include "model/value.h"

namespace quaywatch::journal {

// Which entry: log (first 4 bytes of SHA-256 of its name, little-endian) and sequence. Part of every salt, so that a
// salt disclosed for one entry says nothing about another.
struct EntryPlace {
  std::uint32_t log = 0;
  std::uint64_t sequence = 0;
};
std::uint32_t log_tag(std::string_view log_name);

inline constexpr std::uint16_t kEntrySalt = 0xFFFF;  // the cell number of salt0
Block make_salt(const Key& key, EntryPlace place, std::uint16_t cell);
Digest commit_value(const Block& salt, std::string_view plain);

// A whole entry, sealed to an organisation.
struct SealedBytes {
  KeyId key{};
  Digest commitment{};
  std::string_view sealed;
};

class Sealer {
 public:
  Sealer(KeyRing& keys, EntryPlace place) : keys_(keys), place_(place) {}
  // Of what `organisation` alone may open: its values have keys of persons of its own.
  Result<Sealer> within(const std::string& organisation) const;
  void set_month(Month month) { month_ = month; }  // of the event's receipt, before the first `seal`

  // The commitment of a value; its ciphertext is added to `ciphertexts`. Cells come in ascending order.
  Result<Digest> seal(std::uint16_t cell, PersonalClass personal, const Value& value);
  // The list that lies beside the entry: u16 count, then the items.
  std::string ciphertexts() const;
  // Of a sealer that `within` gave: `plain` as a whole. The ciphertext is put into `sealed`.
  SealedBytes seal_whole(std::string_view plain, std::string& sealed) const;

 private:
  KeyRing& keys_;
  EntryPlace place_;
  const OrganisationKey* of_ = nullptr;
  Month month_ = 0;
  std::uint16_t count_ = 0;
  std::string items_;
};

// Closed, a personal value is unknown, which takes half the time.
enum class Personal : std::uint8_t { opened, closed };

class Opener {
 public:
  Opener(KeyRing& keys, EntryPlace place, std::string_view ciphertexts, Personal personal = Personal::opened)
      : keys_(keys), place_(place), ciphertexts_(ciphertexts), personal_(personal) {}

  // The value behind a commitment, borrowed until the next call; unknown (erased) when its key is destroyed; corrupt
  // when ciphertext or commitment do not belong to each other.
  Result<Value> open(std::uint16_t cell, const Digest& commitment);
  std::uint64_t erased() const { return erased_; }
  // What was sealed as a whole; nullopt: the key is not here. corrupt: as above.
  Result<std::optional<std::string>> open_whole(const std::string& organisation, const SealedBytes& bytes);
  bool is_closed() const { return is_closed_; }  // something was met that no key here opens
  // Of what open_whole gave: that part of it which is its list of ciphertexts. nullopt: it is sealed too often.
  std::optional<Opener> within(std::string_view ciphertexts) const;
  void add(const Opener& inner);  // what it met

 private:
  KeyRing& keys_;
  EntryPlace place_;
  std::string_view ciphertexts_;
  Personal personal_;
  std::string plain_;
  std::uint64_t erased_ = 0;
  bool is_closed_ = false;
  unsigned depth_ = 0;
};

}  // namespace quaywatch::journal
