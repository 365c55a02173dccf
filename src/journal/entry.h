// Entry: what one leaf of the journal says, and its binary layout (docs/formats/journal.md, "Entries"). One encoder,
// two forms:
//   clear   fields and types by number: only for scratch files of the running program (numbers change with the
//           catalogue)
//   sealed  fields and types by name, personal values replaced by commitments: what the journal stores for ever
// Decoding is total: any bytes give a value or an Error with the byte offset. A newer version, and a type or field that
// this program's catalogue lacks, are `unsupported` and named; everything else wrong is `malformed`.
// Functions are thread-safe as far as their arguments are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "journal/seal.h"
#include "model/coverage.h"
#include "model/event.h"

namespace quaywatch::journal {

inline constexpr std::uint8_t kEntryVersion = 1;

// DO NOT CHANGE THESE VALUES: they stand in the journal.
enum class EntryKind : std::uint8_t { event = 1, tick = 2, coverage = 3, expectation = 4, text = 5, sealed_to = 6 };
enum class EntryForm : std::uint8_t { clear = 0, sealed = 1, blob = 2 };

struct Tick {
  Timestamp at;
};

// Everything without a layout of its own: configuration, rule deployments, look-ups, reveals. `topic` is a dotted
// lower-case word such as rules.deployed, `body` its text. Stored in clear: personal values belong into events.
struct TextEntry {
  std::string topic;
  Timestamp at;
  std::string body;
};

struct SealedTo;
using Entry = std::variant<EventPtr, Tick, CoverageStatement, FeedExpectation, TextEntry, SealedTo>;

// An entry that none but one organisation can read; others can tell that there is one, whose and when. In it may lie
// another one: then it takes both to open it. Why so: docs/decisions/0036-sealed-look-ups.md.
struct SealedTo {
  std::string organisation;  // its id
  Timestamp at;
  std::shared_ptr<const Entry> entry;  // null: its key is not here
};

EntryKind kind_of(const Entry& entry);
// What it says, behind all seals; itself where there are none, or none that a key here opens.
const Entry& content_of(const Entry& entry);
// So that it takes all these organisations to open it; without any, the entry itself.
Entry sealed_to(const std::vector<std::string>& organisations, Timestamp at, Entry entry);

// Appends to `out`; nothing is allocated besides its growth.
void encode_event(const Event& event, std::string& out);
// Reads one clear event from the front of `bytes` and sets `used` to its length; the next begins there.
Result<EventPtr> decode_event(std::string_view bytes, std::size_t& used);

// Clear; of a sealed entry that for which no key is needed.
void encode_entry(const Entry& entry, std::string& out);
Result<Entry> decode_entry(std::string_view bytes, std::size_t& used);

// Sealed: fails only when the key ring does.
Result<void> seal_entry(const Entry& entry, Sealer& sealer, std::string& out);
// `bytes` is exactly one entry. A value whose key is destroyed, or that stays closed, comes back unknown with the
// cause `erased`.
Result<Entry> open_entry(std::string_view bytes, Opener& opener);

// The stand-in for an entry longer than limits::kJournalEntryBytes.
struct BlobReference {
  EntryKind kind = EntryKind::text;
  std::uint64_t size = 0;
  Digest hash{};  // SHA-256 of the whole sealed entry, which is the blob
};
void encode_blob_reference(const BlobReference& blob, std::string& out);
// False: the entry is no reference (or a torn one, which open_entry then refuses).
bool read_blob_reference(std::string_view bytes, BlobReference& out);

}  // namespace quaywatch::journal
