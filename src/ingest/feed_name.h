// What a file name says about its feed: gate_20261024.csv is one day of the feed "gate". Pure.
#pragma once

#include <string>
#include <string_view>

namespace quaywatch::ingest {

struct FeedName {
  std::string feed;         // lower-case letters, digits and _
  std::string pattern;      // of the mapping key `files`: what follows the date is *
  std::string day;          // YYYYMMDD; empty when the name holds no date
  std::string day_in_name;  // expression for that mapping key; empty unless the name writes the day as YYYYMMDD
};

FeedName feed_name(std::string_view file_name);

}  // namespace quaywatch::ingest
