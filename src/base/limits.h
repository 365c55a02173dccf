// Every bound of the program, with its reason. What happens when one bites is written at its use and counted there.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace quaywatch::limits {

// codec and ingest
inline constexpr std::size_t kSegmentBytes = 64 * 1024;        // an EDIFACT segment; the longest seen is 2 KiB
inline constexpr std::size_t kSegmentElements = 256;           // elements of one segment
inline constexpr std::size_t kMessageFaults = 1024;            // faulty segments of one message; the message ends behind them
inline constexpr std::size_t kUnmappedTags = 64;               // tags counted apart in "segment_not_mapped"; the rest as one
inline constexpr std::size_t kCsvRowBytes = 1024 * 1024;       // one CSV or JSON line
inline constexpr std::size_t kCsvColumns = 1024;
inline constexpr std::size_t kJsonDepth = 16;                   // levels of one JSON line; DCSA events nest five deep
inline constexpr std::size_t kReadBlockBytes = 1024 * 1024;    // files are read in blocks of this size
inline constexpr std::size_t kKeptRejectBytes = 4096;          // of a reject's bytes kept beside its reason

// io
inline constexpr std::size_t kListedFiles = 1'000'000;         // files of one folder named on the command line

// model
inline constexpr std::size_t kEventSubjects = 8;               // subjects of one event
inline constexpr std::size_t kEventCells = 64;                 // field values of one event
inline constexpr std::size_t kEventTextBytes = 60'000;         // text of one event; a journal entry stays below 65,535

// timeline (DESIGN section 6a, "Late events")
inline constexpr std::size_t kSubjectHistoryEvents = 4096;
inline constexpr Duration kSubjectHistorySpan = days(60);
inline constexpr std::size_t kReevaluationsPerEntry = 10'000;

// rules (DESIGN section 7)
inline constexpr std::size_t kRuleFileBytes = 256 * 1024;
inline constexpr std::size_t kRuleDepth = 32;
inline constexpr std::size_t kLetNodes = 32;

// alerts (DESIGN section 6a, "Windows and identity")
inline constexpr std::size_t kAlertEvidence = 100;

// detect on files: events held in memory before a sorted run goes to disk
inline constexpr std::size_t kSortRunEvents = 100'000;

// journal (DESIGN section 6)
inline constexpr std::size_t kJournalEntryBytes = 65'535;

}  // namespace quaywatch::limits
