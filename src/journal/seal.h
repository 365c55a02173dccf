// Sealing of personal values (DESIGN section 6, "Entry"): the entry carries SHA-256(salt || value), the ciphertext lies
// beside it, outside the leaf. Salts are not stored: salt = AES-256(person's salt key, place and cell). Layouts:
// docs/formats/journal.md, "Sealed values".
// The nonce of a ciphertext is the head of its commitment: it differs whenever the value differs, so that a sequence
// number used again after a torn tail was cut never pairs one nonce with two plaintexts.
// One thread; a Sealer or an Opener serves one entry.
#pragma once

#include <cstdint>
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

class Sealer {
 public:
  Sealer(KeyRing& keys, EntryPlace place) : keys_(keys), place_(place) {}
  void set_month(Month month) { month_ = month; }  // of the event's receipt, before the first `seal`

  // The commitment of a value; its ciphertext is added to `ciphertexts`. Cells come in ascending order.
  Result<Digest> seal(std::uint16_t cell, PersonalClass personal, const Value& value);
  // The list that lies beside the entry: u16 count, then the items.
  std::string ciphertexts() const;

 private:
  KeyRing& keys_;
  EntryPlace place_;
  Month month_ = 0;
  std::uint16_t count_ = 0;
  std::string items_;
};

class Opener {
 public:
  Opener(KeyRing& keys, EntryPlace place, std::string_view ciphertexts)
      : keys_(keys), place_(place), ciphertexts_(ciphertexts) {}

  // The value behind a commitment, borrowed until the next call; unknown (erased) when its key is destroyed; corrupt
  // when ciphertext or commitment do not belong to each other.
  Result<Value> open(std::uint16_t cell, const Digest& commitment);
  std::uint64_t erased() const { return erased_; }

 private:
  KeyRing& keys_;
  EntryPlace place_;
  std::string_view ciphertexts_;
  std::string plain_;
  std::uint64_t erased_ = 0;
};

}  // namespace quaywatch::journal
