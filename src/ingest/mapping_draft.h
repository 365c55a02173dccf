// A mapping that is being guessed, and its text as TOML. Texts come from the feed's own bytes: to_toml escapes them, so
// that no column name can become a line of the mapping. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace quaywatch::ingest {

struct DraftTime {
  std::vector<std::string> columns;  // none: the event has no such time
  std::string format;
  std::string zone;
  std::vector<std::string> then;
};

struct DraftField {
  std::string to;
  std::vector<std::string> from;
  std::vector<std::pair<std::string, std::string>> words;
  char split = 0;
  DraftTime time;  // format and zone of fields that hold a time
};

struct DraftEvent {
  std::string type;
  std::vector<std::pair<std::string, std::vector<std::string>>> when;
  std::vector<std::string> key;
  DraftTime time, reported, received;
  std::vector<DraftField> fields;
};

struct MappingDraft {
  std::string feed, format, owner, facility, time_zone, separator, encoding, covers, day_in_name;
  std::vector<std::string> files;
  std::vector<std::string> columns;  // of a CSV file without header row
  std::size_t skip_lines = 0;
  bool in_order = false;
  std::vector<std::string> remarks;  // comments at the top, one line each
  std::vector<DraftEvent> events;
};

std::string to_toml(const MappingDraft& draft);

}  // namespace quaywatch::ingest
