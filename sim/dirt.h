// What happens to files on their way to a receiver: sent twice, late, lost for a whole day, and export windows that
// overlap, so that a day's last rows come again in the next day's file. Shares and hours are the figures `dirt.*`. What
// befalls a file depends on the seed and its path alone, so that one more system changes no other's files. Each mishap
// is told to `note`, as one JSON object without line end. One thread.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "sim/exports.h"
#include "sim/figures.h"

namespace quaywatch::sim {

using Note = std::function<void(const std::string& json)>;

class Dirt {
 public:
  // `deliver` and `note` must outlive it.
  Dirt(const Figures& figures, std::uint64_t seed, const Deliver& deliver, const Note& note);
  void pass(const std::string& path, std::string_view bytes, Timestamp arrives);

 private:
  std::string with_overlap(const std::string& path, std::string_view bytes);
  bool lost(const std::string& path, Timestamp arrives) const;

  const Figures& figures_;
  std::uint64_t seed_;
  const Deliver& deliver_;
  const Note& note_;
  std::map<std::string, std::string, std::less<>> last_rows_;  // by feed: what its next file repeats
};

// The part of a path that all files of one feed share: up to the first digit of the file's name.
std::string_view feed_of(std::string_view path);

}  // namespace quaywatch::sim
