// Files as the systems hand them out: rows gathered in memory, closed in the system's own rhythm, each with the instant
// at which it reaches a receiver. Nothing here touches a disk.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"

namespace quaywatch::sim {

// A file: its path below the output folder, its bytes, when it arrives.
using Deliver = std::function<void(const std::string& path, std::string_view bytes, Timestamp arrives)>;

// A line more of a file that grows during the run: its path below the output folder, its bytes.
using Append = std::function<void(const std::string& path, std::string_view bytes)>;

// A file of a whole local day, handed out the next day: header, then rows in the order of their clock. A day without
// rows gives a file too: it says that nothing happened.
class DailyFile {
 public:
  // path: "folder/stem_{day}.csv", where {day} becomes yyyymmdd, and {next} the day behind it. `out_at` is
  // the local hour of the next day.
  DailyFile(const Deliver& deliver, std::string path, std::string header, int out_at, Timestamp first);
  // `at` is the true time, which decides the day; `clock` what the system's clock showed, which decides the order.
  void add(Timestamp at, Timestamp clock, std::string row);
  void add(Timestamp at, std::string row) { add(at, at, std::move(row)); }
  void tick(Timestamp now);
  void close(Timestamp until);  // the last day, as far as it went

 private:
  void hand_out(Timestamp arrives);
  const Deliver& deliver_;
  std::string path_, header_;
  int out_at_;
  Timestamp day_, next_;  // the day in hand and the one behind it, as instants of local midnight
  std::vector<std::pair<Timestamp, std::string>> rows_, later_;
};

// A field of a CSV row, quoted where it must be (RFC 4180).
std::string csv_field(std::string_view text, char separator);

// A JSON string with its quotes (RFC 8259); null for an empty one.
std::string json_text(std::string_view text);

// yyyy-mm-ddThh:mm:ss.mmmZ
std::string stamp_utc_ms(Timestamp at);

}  // namespace quaywatch::sim
