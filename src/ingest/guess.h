// A first mapping of a feed that nobody has described yet: from the bytes and names of some of its files to a mapping
// file and the list of what only a person can know. Nothing is decided in silence: what the bytes leave open (the zone
// of a clock, 3 April or 4 March, the event type) is in `missing`, and with any of those the mapping is for looking at
// only. Pure: no clock, no file, no setting. Evidence is read from limits::kGuessRows rows.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ingest/sampled_table.h"
#include "ingest/time_column.h"

namespace quaywatch::ingest {

struct GuessOptions {
  std::string feed, owner, facility, time_zone;
  std::string event_type;  // instead of the guessed ones
  DayOrder day_order = DayOrder::unknown;
};

struct GuessedColumn {
  std::string column;
  std::string becomes;  // field, "time of the event", "which event"...; empty: left out
  std::string why;
};

struct TwoReadings {
  std::string text;
  Timestamp day_first, month_first;
};

struct Guess {
  std::string toml;
  std::string feed;
  std::string format;     // csv, jsonl, or the id of a format that describes itself; canonical needs no mapping
  std::string layout;     // for a person: separator, encoding, lines above the header
  std::vector<GuessedColumn> columns;
  std::vector<TwoReadings> readings;   // of the first rows, where the order of day and month is open
  std::vector<std::string> questions;  // to be looked at; the mapping works without an answer
  std::vector<std::string> missing;    // what has to be said, with its option; not empty: do not use the mapping
  bool is_zone_assumed = false;        // the mapping says UTC because it has to say something
};

// `samples` are files of one feed, at least one. Errors: those of read_table; an event type that does not exist; no
// time in any column.
Result<Guess> guess_mapping(std::span<const Sample> samples, const GuessOptions& options);

}  // namespace quaywatch::ingest
