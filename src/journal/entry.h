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
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "base/time.h"
#include "journal/seal.h"
#include "model/coverage.h"
#include "model/event.h"

namespace quaywatch::journal {

inline constexpr std::uint8_t kEntryVersion = 1;

// DO NOT CHANGE THESE VALUES: they stand in the journal.
enum class EntryKind : std::uint8_t { event = 1, tick = 2, coverage = 3, expectation = 4, text = 5 };
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

using Entry = std::variant<EventPtr, Tick, CoverageStatement, FeedExpectation, TextEntry>;
EntryKind kind_of(const Entry& entry);

// Appends to `out`; nothing is allocated besides its growth.
void encode_event(const Event& event, std::string& out);
// Reads one clear event from the front of `bytes` and sets `used` to its length; the next begins there.
Result<EventPtr> decode_event(std::string_view bytes, std::size_t& used);

void encode_entry(const Entry& entry, std::string& out);  // clear
Result<Entry> decode_entry(std::string_view bytes, std::size_t& used);

// Sealed: fails only when the key ring does.
Result<void> seal_entry(const Entry& entry, Sealer& sealer, std::string& out);
// `bytes` is exactly one entry. A value whose key is destroyed comes back unknown with the cause `erased`.
Result<Entry> open_entry(std::string_view bytes, Opener& opener);
// The same without keys: personal values stay closed and come back unknown, with that cause too.
Result<Entry> read_closed_entry(std::string_view bytes);

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
