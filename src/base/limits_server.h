// The bounds of the server, in the manner of limits.h; apart from it because nothing below io reads them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace quaywatch::limits {

// HTTP (src/io/http_server.h)
inline constexpr std::size_t kHttpConnections = 512;        // at once; each may hold a request body
inline constexpr std::size_t kHttpHeaderBytes = 16 * 1024;  // browsers send 2 KiB
inline constexpr std::size_t kHttpBodyBytes = 64 * 1024;    // a decision on 200 alerts has 10 KiB
inline constexpr std::size_t kHttpIntakeBytes = 8 * 1024 * 1024;   // a batch of CloudEvents: about 10,000
inline constexpr std::size_t kHttpDrainBytes = 1024 * 1024;        // read and dropped of a refused body
inline constexpr std::size_t kEventStreamBytes = 4 * 1024 * 1024;  // not yet taken by one client; then it is ended
inline constexpr std::size_t kEventStreams = 256;                  // clients of server-sent events at once
inline constexpr std::size_t kEventStreamHistory = 1024;           // changes kept for a client that comes back
inline constexpr std::uint32_t kRequestsPerMinute = 2'400;        // of one user; the console asks for 200 in a busy one
inline constexpr std::uint32_t kSignInsPerMinute = 120;            // from one address: each is 64 MiB of hashing
inline constexpr std::uint32_t kMostPerMinute = 1'000'000;         // that a site may set
inline constexpr std::size_t kThrottled = 10'000;                  // users or addresses held apart
inline constexpr std::size_t kJsonBodyDepth = 16;                  // of a request's JSON

// identity
inline constexpr std::size_t kUsers = 10'000;
inline constexpr std::size_t kSessions = 10'000;        // the oldest goes when one more comes
inline constexpr std::size_t kSessionsPerUser = 16;
inline constexpr std::uint32_t kSignInAttempts = 5;     // wrong ones in a row, then the account is locked
inline constexpr Duration kSignInLock = minutes(15);
inline constexpr Duration kOneTimePasswordLives = days(7);
inline constexpr Duration kSessionIdle = minutes(30);
inline constexpr Duration kSessionAbsolute = hours(12);
inline constexpr std::size_t kPasswordHashesAtOnce = 2;  // each takes 64 MiB for a tenth of a second

// cases
inline constexpr std::size_t kReasonBytes = 2000;
inline constexpr std::size_t kCaseTextBytes = 4000;
inline constexpr std::size_t kCaseAlerts = 1000;  // of one case
inline constexpr std::size_t kCaseSteps = 10'000;
inline constexpr std::size_t kCaseAttachments = 200;                     // of one case
inline constexpr std::size_t kAttachmentBytes = 100 * 1024 * 1024;       // of one: a video of a minute, a long scan
inline constexpr std::size_t kAttachmentNameBytes = 255;                 // what file systems take
inline constexpr std::size_t kAttachmentTextBytes = 500;                 // of its description
inline constexpr Duration kFeedbackIsNews = days(30);  // after its end a case given away is told of no more
inline constexpr std::size_t kDecisionsAtOnce = 200;  // alerts of one request

// unmasking (src/identity/unmasking.h)
inline constexpr std::size_t kUnmaskingReasonLeast = 10;  // bytes: "x" is no reason for looking behind a pseudonym
inline constexpr Duration kUnmaskingAnswered = days(7);   // a question that nobody decided lapses then
inline constexpr Duration kUnmaskingReadable = hours(72);
inline constexpr Duration kBrokenGlassReadable = hours(1);
inline constexpr Duration kBrokenGlassReview = hours(72);     // after that its review is overdue, and stays open
inline constexpr std::size_t kBrokenGlassUnreviewed = 10;     // of one person; then nothing more is broken
inline constexpr std::size_t kUnmaskingsOpen = 200;           // questions of one organisation that wait
inline constexpr std::size_t kUnmaskingReadings = 200;        // of one; each is on record

// requests of data subjects (src/legal/subject_request.h)
inline constexpr std::size_t kSubjectWordsLeast = 10;        // bytes, of a reason
inline constexpr std::size_t kSubjectIdentifiers = 8;        // of one person
inline constexpr std::size_t kSubjectIdentifierBytes = 200;  // of one
inline constexpr std::size_t kSubjectRequestsOpen = 1000;    // of one organisation
inline constexpr std::size_t kSubjectReadings = 200;         // of one; each is on record
inline constexpr std::size_t kSubjectEvents = 10'000;        // newest records that its file lists; all are counted

// figures (src/kpi)
inline constexpr std::uint64_t kSmallCell = 5;         // 1 to 4 are not shown in figures that are handed on
inline constexpr std::size_t kReviewedAtLeast = 5;     // dismissals of a period that are looked at again,
inline constexpr std::size_t kReviewedOneIn = 10;      // or a tenth of them, whichever is more

// telling and holds: what leaves the console
inline constexpr std::int64_t kToldPerMinute = 600;        // the most that a site may allow itself, to one recipient
inline constexpr std::size_t kToldTogether = 200;          // alerts of one message; further ones go into the next
inline constexpr std::size_t kToldListed = 20;             // of them listed in a mail or log line; the rest is counted
inline constexpr std::size_t kChangesWaiting = 10'000;     // alerts to be looked at; beyond it all are looked at again
inline constexpr Duration kTellingTimeout = seconds(10);   // one attempt
inline constexpr Duration kTellingRetryFirst = seconds(2);  // doubled with each failure in a row
inline constexpr Duration kTellingRetryMost = minutes(5);
inline constexpr Duration kRevisionPause = minutes(5);     // between two revisions of one alert that change no status
inline constexpr Duration kHoldFollowed = days(60);        // an answered hold; older records come too late anyway
inline constexpr Duration kHoldAtGate = days(3);           // after the answer: the gate looks out for it
inline constexpr Duration kHoldTried = days(7);            // handing a request to its receiver; later it is no use
inline constexpr std::size_t kHoldReceiverBytes = 100;     // its name
inline constexpr std::size_t kSecretBytesMin = 16;
inline constexpr std::size_t kSecretBytes = 4096;

// the engine while it serves (src/live/backlog.h)
inline constexpr std::size_t kBacklogEntries = 512 * 1024;  // some 300 MiB: then who brings more waits

// rules tried on history (src/api/backtests.h)
inline constexpr Duration kBacktestSpan = days(28);       // where no time is asked for
inline constexpr std::size_t kBacktestExamples = 10;      // alerts of one rule and effect; the command lists all
inline constexpr std::size_t kBacktestsKept = 8;          // the oldest goes when one more comes

// reading
inline constexpr std::size_t kPageRows = 500;            // of any list; the console asks for 100
inline constexpr std::size_t kSearchedSubjects = 200'000;  // compared for near spellings; exact ones are always found
inline constexpr std::size_t kShownRejectBytes = 256;      // of one reject
inline constexpr std::size_t kKeptAudit = 100'000;         // latest look-ups and decisions held in memory

// the map: the port's own geometry (src/geo), and who and what stands where (live/whereabouts.h)
inline constexpr std::size_t kGeometryBytes = 8 * 1024 * 1024;  // of the file: 50,000 positions in many words
inline constexpr std::size_t kGeometryFeatures = 2'000;         // a port of 170 blocks has about 500
inline constexpr std::size_t kGeometryVertices = 50'000;        // of all features together; all are drawn
inline constexpr std::size_t kGeometryDepth = 12;               // levels of JSON; a MultiPolygon in its file has eight
inline constexpr std::size_t kGeometryTextBytes = 100;          // of a code or name
inline constexpr std::size_t kGeometryAliases = 16;             // of one feature
inline constexpr double kGeometryDegrees = 2;                   // that a port reaches
inline constexpr Duration kMapReach = days(3);                  // how far the map goes back from the latest sighting
inline constexpr std::size_t kMapSubjects = 500'000;            // that stand somewhere; the largest port holds 150,000
inline constexpr std::size_t kMapRows = 200;                    // of each list about one feature; the rest is counted

}  // namespace quaywatch::limits
