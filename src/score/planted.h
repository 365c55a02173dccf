// What a simulated port truly contains: the port, and what was planted in it (docs/formats/truth.md). Values as written
// in the truth folder: personal ones in clear. Reading refuses the first thing that is wrong, with file and line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "score/kinds.h"

namespace quaywatch::score {

struct Port {
  std::int64_t seed = 0;
  std::string size, facility;
  Timestamp from, until;   // from < until
  std::int64_t boxes = 1;  // at least one
  double weeks() const { return static_cast<double>((until - from).us) / static_cast<double>(days(7).us); }
};

struct Act {
  Timestamp at;
  std::string act;
  std::vector<Subjects> subjects;
};

// A crime, or an innocent twin: what looks like one and is none.
struct Plant {
  std::string id, script;
  std::vector<std::string> mo, twin_of;
  bool innocent = false;
  std::int64_t carefulness = 0;
  std::vector<Subjects> subjects;
  std::vector<Act> acts;  // at least one, by time
};

// port.json. Its format must be quaywatch.truth/1.
Result<Port> read_port(std::string_view bytes, std::string_view path);
// plants.jsonl, in its order; every id once.
Result<std::vector<Plant>> read_plants(std::string_view bytes, std::string_view path);

}  // namespace quaywatch::score
