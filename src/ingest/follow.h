// Follow: takes in what arrives, until a signal ends it: complete files of watched folders, and records of network
// streams (DESIGN section 9, `quaywatch import --follow`). Everything goes the way of `import`; besides, connections
// and their ends become events feed.connected and feed.lost, what a connected stream covers is stated, and a clock tick
// is written every kTickEvery (DESIGN section 6a).
//
// A stream's name chooses its mapping as a file name does. Line breaks inside a record (octet counting) become blanks.
// Two identical records of one stream are two happenings when they arrive within one batch, else one told twice.
// One thread; returns when stopped and drained, or with the Error that keeps the journal from being written.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "ingest/importer.h"
#include "io/listener.h"
#include "io/signals.h"

namespace quaywatch::ingest {

inline constexpr Duration kTickEvery = seconds(10);
inline constexpr Duration kGatherFor{100'000};  // the least time between two batches of streams

struct Stream {
  std::string name;  // such as gate.log
  io::ListenAddress address;
};

struct FollowOptions {
  ImportOptions import;  // its received_at is set anew for each batch
  std::string data_dir;  // its requests (requests.h) are taken at each poll, its disk is watched (room.h); empty: none
  std::vector<std::string> folders;
  std::vector<Stream> streams;
  io::ListenOptions listen;
  Duration poll = seconds(2);
  Duration settle = seconds(10);      // a file is complete when it stood still for this long
  // A connected stream answers for this long after its last record, where its mapping says no `stream.silent_after_s`.
  Duration silent_after = seconds(600);
};

struct FollowObserver {
  std::function<void(const std::vector<io::ListenAddress>& bound)> ready;
  std::function<void(const ImportReport&)> imported;
  std::function<void(const std::string& sentence)> told;  // connections, unreadable files, lost records
  // Around every wait, and while records of a stream are decoded: between the two others may use the log.
  std::function<void()> apart_begins, apart_ends;
};

// While the disk is nearly full nothing is taken: files stay where they are, senders wait, and no tick says that time
// went by. Both ends are told.
Result<void> follow(InputLog& log, journal::RawStore& raw, FollowOptions options, const io::StopSignals& stop,
                    const FollowObserver& observer);

}  // namespace quaywatch::ingest
