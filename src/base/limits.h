// Every bound of the program, with its reason. What happens when one bites is written at its use and counted there.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace quaywatch::limits {

// codec and ingest
inline constexpr std::size_t kSegmentBytes = 64 * 1024;        // an EDIFACT segment; the longest seen is 2 KiB
inline constexpr std::size_t kSegmentElements = 256;           // elements of one segment
inline constexpr std::size_t kMessageFaults = 1024;  // faulty segments of one message; the message ends behind them
inline constexpr std::size_t kUnmappedTags = 64;     // tags counted apart in "segment_not_mapped"; the rest as one
inline constexpr std::size_t kUnmappedCodes = 64;    // field and value pairs told apart in "unknown_code"; likewise
inline constexpr std::size_t kHeldGroups =
    10'000;  // of a message whose header trails; the rest lack what stands behind
inline constexpr std::size_t kProfileRows = 256;     // [[row]] and [[kind]] of one contract; a message has about 40
inline constexpr std::size_t kCsvRowBytes = 1024 * 1024;       // one CSV or JSON line
inline constexpr std::size_t kCsvColumns = 1024;
inline constexpr std::size_t kJsonDepth = 16;                   // levels of one JSON line; DCSA events nest five deep
inline constexpr std::size_t kJsonScanDepth = 64;  // levels that are followed to find the end of a JSON record
inline constexpr std::size_t kJsonNodes = 65'536;  // values of one JSON record; a pallet's list of codes has thousands
inline constexpr std::size_t kJsonKeys = 256;      // keys of one object; DCSA's widest has 40
inline constexpr std::size_t kRecordContainers = 256;  // containers of one JSON record, each an event of its own
inline constexpr std::size_t kMappingFileBytes = 256 * 1024;   // a mapping of 1,024 columns with ample comments
inline constexpr std::int64_t kTitleLines = 100;                // lines above the header of a CSV report
inline constexpr std::size_t kSniffBytes = 64 * 1024;           // of a file, to recognise its format
inline constexpr std::size_t kReadBlockBytes = 1024 * 1024;    // files are read in blocks of this size
inline constexpr std::size_t kGuessRows = 10'000;  // of a feed, that a mapping is guessed from; preview counts all
inline constexpr std::size_t kKeptRejectBytes = 4096;  // of a reject's bytes shown by decode --spans --reveal

// archives and spreadsheets: unpacked in memory, so what they expand to is bounded before it is believed
inline constexpr std::size_t kUnpackedBytes = 1024 * 1024 * 1024;  // all members of one archive together
inline constexpr std::size_t kUnpackRatio = 200;            // unpacked by packed bytes; logs reach 40, zeros 1,030
inline constexpr std::size_t kUnpackFreeBytes = 1024 * 1024;       // below this the ratio says nothing
inline constexpr std::size_t kArchiveMembers = 10'000;             // entries of one archive
inline constexpr std::size_t kArchiveDepth = 1;                    // an archive inside an archive is refused
inline constexpr std::size_t kSheetPartBytes = 128 * 1024 * 1024;  // one XML part; its tree takes about five times that
inline constexpr std::size_t kSheetCells = 4'000'000;              // written as text, gaps counted too

// lookup tables of mappings
inline constexpr std::size_t kLookupTableBytes = 64 * 1024 * 1024;  // one file
inline constexpr std::size_t kLookupTableRows = 1'000'000;          // a national list of stolen plates
inline constexpr std::size_t kMappingTables = 32;                   // of one mapping

// io
inline constexpr std::size_t kListedFiles = 1'000'000;         // files of one folder named on the command line
inline constexpr std::size_t kWatchedFiles = 100'000;          // of a watched folder; each costs a look per poll
inline constexpr std::size_t kFrameBytes = 256 * 1024;  // one record of a stream; syslog daemons send up to 8 KiB
inline constexpr std::size_t kDatagramBytes = 65'535;          // more does not fit into a UDP datagram
inline constexpr std::size_t kListenAddresses = 64;
inline constexpr std::size_t kListenConnections = 512;  // at once; each may hold a frame: 128 MiB at the worst
inline constexpr std::size_t kListenBlockBytes = 16 * 1024;    // read from a connection at once
inline constexpr std::size_t kListenQueueRecords = 65'536;     // received and not yet taken; then reading stops
inline constexpr std::size_t kListenQueueBytes = 32 * 1024 * 1024;
inline constexpr int kUdpBufferBytes = 4 * 1024 * 1024;        // asked of the kernel, which may grant less
inline constexpr Duration kListenStopSilence = {200'000};      // a connection this long silent while stopping is closed
inline constexpr Duration kListenStopGrace = seconds(5);       // then whatever still sends is closed
static_assert(kListenQueueBytes > kFrameBytes);

// model
inline constexpr std::size_t kEventSubjects = 8;               // subjects of one event
inline constexpr std::size_t kEventCells = 64;                 // field values of one event
inline constexpr std::size_t kEventTextBytes = 60'000;         // text of one event; a journal entry stays below 65,535

// timeline (DESIGN section 6a, "Late events")
inline constexpr std::size_t kSubjectHistoryEvents = 4096;
inline constexpr Duration kSubjectHistorySpan = days(60);
inline constexpr std::size_t kReevaluationsPerEntry = 10'000;
inline constexpr std::size_t kCoverageRows = 1024;  // (feed, facility) pairs of one event type; a port has dozens

// rules (DESIGN section 7)
inline constexpr std::size_t kRuleFileBytes = 256 * 1024;
inline constexpr std::size_t kRuleDepth = 32;
inline constexpr std::size_t kLetNodes = 32;                   // numbers, names and operators of one named value
inline constexpr std::size_t kExpandedTexts = 1024;            // texts that one value with placeholders becomes
inline constexpr std::int64_t kRegexBytes = 1024 * 1024;       // one compiled expression; RE2 refuses what is larger
inline constexpr std::size_t kRuleLets = 32;                   // named values of one rule; they may build on each other
inline constexpr std::size_t kRuleFacilities = 64;             // facilities for which one rule has params of their own

inline constexpr std::size_t kCorrelationRules = 32;           // joined by one correlation; a bit each

// correlations (DESIGN section 6a, "Windows and identity")
inline constexpr std::size_t kGroupHits = 4096;           // kept of one group, like the history of a subject
inline constexpr std::size_t kCorrelationHits = 500'000;  // of all groups; about 1 KB each with what an alert tells

// alerts (DESIGN section 6a, "Windows and identity")
inline constexpr std::size_t kAlertEvidence = 100;
inline constexpr std::size_t kAlertMatches = 100;  // matches that an alert is told from: each has evidence of its own
inline constexpr std::size_t kEpisodeMatches = 1024;  // kept whole of one episode, about 1 MB; a busy box has dozens
static_assert(kEpisodeMatches > kAlertMatches);
inline constexpr std::int64_t kBudgetMost = 10'000;       // alerts a day that a rule may ask to be shown
inline constexpr std::int64_t kHighBudgetLeast = 20;      // below this no high rule is held
inline constexpr std::size_t kBlindSpots = 65'536;        // hours kept of what could not be judged and is folded away

// detect on files: events held in memory before a sorted run goes to disk
inline constexpr std::size_t kSortRunEvents = 300'000;

// journal (DESIGN section 6)
inline constexpr std::size_t kSkewSamples = 4096;              // differences kept of two feeds; a median needs no more
inline constexpr std::size_t kSkewSightings = 1'000'000;       // boxes whose last report is remembered, then begun anew
inline constexpr std::size_t kRawFileBytes =
    256 * 1024 * 1024;  // of a file kept for its rejects; larger ones stay outside
inline constexpr std::size_t kJournalEntryBytes = 65'535;               // more is a blob: C2SP tiles hold 16-bit sizes
inline constexpr std::size_t kJournalBlobBytes = 16 * 1024 * 1024;      // one rule pack or reference table
inline constexpr std::size_t kJournalFrameBytes = 256 * 1024;           // an entry and the ciphertexts of its cells
inline constexpr std::uint64_t kJournalSegmentBytes = 64 * 1024 * 1024;
inline constexpr std::uint64_t kJournalReserveBytes = 4 * 1024 * 1024;  // taken ahead: a full disk ends a batch cleanly
inline constexpr std::uint64_t kIntakeRoomBytes =
    64 * 1024 * 1024;  // left free by intake for what people decide and look up: days of it on a full disk
inline constexpr std::uint64_t kJournalGrowth = 8;  // bytes that one byte of a feed may need; the sample day needs 4
inline constexpr std::size_t kJournalBatchBytes = 8 * 1024 * 1024;      // held in memory, then written unsynced
inline constexpr std::size_t kPersonKeysPerMonth = 1'000'000;           // 100 MB of key file
static_assert(kJournalFrameBytes > kJournalEntryBytes + kEventTextBytes + kEventCells * 64);
static_assert(kJournalSegmentBytes > 16 * kJournalFrameBytes);

// reference tables
inline constexpr std::size_t kUnassignedCodes = 1024;  // codes of one file reported as unassigned; the rest is noise
inline constexpr std::size_t kReferenceFileBytes = 32 * 1024 * 1024;  // an official file; UN/LOCODE part 1 has 4 MB
inline constexpr std::size_t kReferenceBrokenLines = 20;  // lines of an official file named; all are counted

// score (docs/formats/truth.md)
inline constexpr std::size_t kTruthPlants = 100'000;     // planted crimes and twins of one port
inline constexpr std::size_t kPlantActs = 1'000;         // of one plant; a crime has some dozens
inline constexpr std::size_t kPlantSubjects = 1'000;     // values of one kind of one plant
inline constexpr std::size_t kStatedAlertBytes = 256 * 1024 * 1024;  // a file of alerts to explain; one has about 4 KiB
inline constexpr std::size_t kScoredAlerts = 1'000'000;  // of all files together; about 1 GB in memory

// simulate
inline constexpr std::size_t kScenarioFileBytes = 256 * 1024;  // a scenario of a thousand steps

// mapped feeds
inline constexpr std::size_t kMappingRepeats = 100;  // events that `repeat` makes of one [[event]]

}  // namespace quaywatch::limits
