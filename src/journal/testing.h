// What the journal's tests share: a scratch data folder, repeatable events and repeatable "random" keys. Tests only.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <random>
#include <string>

#include "journal/log.h"

namespace quaywatch::journal {

class DataFolder {
 public:
  // In memory where there is a place for it: these tests sync thousands of times and prove nothing about the disk.
  DataFolder() {
    const std::string shared_memory = "/dev/shm/";
    std::string pattern = ::access(shared_memory.c_str(), W_OK) == 0 ? shared_memory : testing::TempDir();
    pattern += "quaywatch-journal-XXXXXX";
    if (::mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  ~DataFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  DataFolder(const DataFolder&) = delete;
  DataFolder& operator=(const DataFolder&) = delete;
  const std::string& path() const { return path_; }
  std::string segment(const std::string& log, std::uint64_t first = 0) const {
    return path_ + "/" + log + "/" + segment_file_name(first);
  }

 private:
  std::string path_;
};

// Keys 01 02 03...: the same in every run.
inline RandomSource counting_source() {
  return [next = std::uint8_t{0}](std::span<std::uint8_t> out) mutable -> Result<void> {
    for (std::uint8_t& b : out) b = ++next;
    return {};
  };
}

using Rng = std::mt19937_64;
inline std::uint64_t below(Rng& rng, std::uint64_t n) {
  return rng() % n;
}

inline std::string random_text(Rng& rng, std::size_t max) {
  std::string out(below(rng, max + 1), '\0');
  for (char& c : out) c = static_cast<char>(below(rng, 256));
  return out;
}

inline Value random_value(Rng& rng, std::string& text) {
  Value v;
  v.kind = static_cast<Kind>(1 + below(rng, 6));
  text = random_text(rng, 40);
  if (v.kind == Kind::text)
    v.text = text;
  else if (v.kind == Kind::unknown)
    v.cause = static_cast<UnknownCause>(below(rng, 6));
  else if (v.kind == Kind::boolean)
    v.number = static_cast<std::int64_t>(below(rng, 2));
  else
    v.number = static_cast<std::int64_t>(rng());
  return v;
}

inline EventPtr random_event(Rng& rng) {
  boost::intrusive_ptr<Event> e(new Event);
  e->id = {rng(), rng()};
  e->natural_key = {rng(), rng()};
  e->type = static_cast<EventType>(below(rng, kEventTypeCount));
  e->op = static_cast<Op>(below(rng, 3));
  e->classifier = static_cast<Classifier>(below(rng, 4));
  e->marking = static_cast<Marking>(below(rng, 5));
  e->event_time = {static_cast<std::int64_t>(rng())};
  e->reported_at = {static_cast<std::int64_t>(rng())};
  e->received_at = {static_cast<std::int64_t>(1'600'000'000'000'000 + below(rng, 200'000'000'000'000))};
  e->time_error_s = static_cast<std::int64_t>(rng());
  e->facility = random_text(rng, 12);
  e->owner = random_text(rng, 12);
  e->feed = random_text(rng, 12);
  e->span = {static_cast<std::uint32_t>(rng()), rng(), static_cast<std::uint32_t>(rng())};
  std::string text;
  for (std::uint64_t n = below(rng, limits::kEventCells + 1); n > 0; --n)
    e->fields.add(static_cast<FieldId>(below(rng, kFieldCount)), random_value(rng, text));
  return e;
}

// Everything an event says, for comparison and for a readable difference.
inline std::string dump(const Event& e) {
  std::string out;
  encode_event(e, out);
  return to_hex({reinterpret_cast<const std::uint8_t*>(out.data()), out.size()});
}
inline std::string dump(const Entry& entry) {
  std::string out;
  encode_entry(entry, out);
  return to_hex({reinterpret_cast<const std::uint8_t*>(out.data()), out.size()});
}

// A gate record with two personal values.
inline boost::intrusive_ptr<Event> gate_event(std::string_view plate, std::string_view card, Timestamp at) {
  boost::intrusive_ptr<Event> e(new Event);
  e->type = *find_event_type("container.gate_out");
  e->event_time = e->reported_at = e->received_at = at;
  e->facility = "SIKOP/KTV";
  e->owner = "luka-koper";
  e->feed = "gate/KTV";
  e->natural_key = make_natural_key(e->feed, "G-1");
  e->fields.add_text(*find_field("container.number"), "TRHU3871247");
  e->fields.add_text(*find_field("vehicle.plate"), plate);
  e->fields.add_text(*find_field("credential.id"), card);
  seal_event_id(*e, 0);
  return e;
}

}  // namespace quaywatch::journal
