// Event: what one record of one feed says happened. Header of DESIGN section 5 plus a Record of typed fields.
// Values only: no I/O, no clock. Once built it never changes; timelines share it through EventPtr.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include "base/sha256.h"
#include "base/time.h"
#include "model/record.h"

namespace quaywatch {

// First 128 bits of a SHA-256. Ordered bytewise; that order is the tie-break of event_time everywhere.
struct Id128 {
  std::uint64_t high = 0, low = 0;
  constexpr auto operator<=>(const Id128&) const = default;
  constexpr bool is_zero() const { return high == 0 && low == 0; }
  std::string hex() const;  // 32 lower-case digits
  static Id128 from(const Digest& digest);
  static bool parse(std::string_view hex, Id128& out);
};
struct Id128Hash {
  std::size_t operator()(const Id128& id) const { return static_cast<std::size_t>(id.low); }
};

using EventId = Id128;

enum class Op : std::uint8_t { assert_, correct, void_ };
enum class Classifier : std::uint8_t { actual, planned, estimated, requested };
// Traffic Light Protocol 2.0; the marking of the feed's contract.
enum class Marking : std::uint8_t { clear, green, amber, amber_strict, red };

std::string_view name(Op op);
std::string_view name(Classifier classifier);
std::string_view name(Marking marking);

// Where the record lies in what we took in. Shown, but outside every digest.
struct Span {
  std::uint32_t file = 0;  // index into the run's file table
  std::uint64_t offset = 0;
  std::uint32_t size = 0;
};

struct Event : boost::intrusive_ref_counter<Event, boost::thread_unsafe_counter> {
  EventId id;
  // Identity of the happening inside its feed, where the feed states one (order number, message number and line, seq);
  // zero otherwise. `correct` and `void_` act on every event of the same feed with this key.
  Id128 natural_key;
  EventType type{};
  Op op = Op::assert_;
  Classifier classifier = Classifier::actual;
  Marking marking = Marking::amber;
  Timestamp event_time;   // when it happened; see time_error_s
  Timestamp reported_at;  // when the source said so
  Timestamp received_at;  // when we took it in
  std::int64_t time_error_s = 0;
  std::string facility;   // UN/LOCODE and terminal code, such as SIKOP/KTV; may be empty
  std::string owner;      // organisation whose data this is
  std::string feed;
  Span span;
  Record fields;

  std::string_view text(FieldId f) const { return fields.text(f); }
};

using EventPtr = boost::intrusive_ptr<const Event>;

// Digest of feed, natural key and content. received_at, span, marking and owner are outside it: the same record
// delivered twice is the same event. `key`: a secret of the site, so that nobody without it can test guesses of
// personal values against the digest (the output is half of a SHA-256 over the key and the content).
Id128 content_digest(const Event& event, std::string_view key = {});
// The same protection for an id that was made without the key.
Id128 keyed(const Id128& id, std::string_view key);
// The id of the n-th (from 0) of the identical records of one file.
EventId event_id(const Id128& content, std::uint32_t ordinal);
inline void seal_event_id(Event& event, std::uint32_t ordinal) {
  event.id = event_id(content_digest(event), ordinal);
}
Id128 make_natural_key(std::string_view feed, std::string_view key);

// Position in a timeline: (event_time, event_id).
struct Place {
  Timestamp time;
  EventId id;
  auto operator<=>(const Place&) const = default;
};
inline Place place(const Event& e) { return {e.event_time, e.id}; }

// A subject an event goes to: kind and canonical key (container number, release reference, feed-independent
// account...).
struct Subject {
  SubjectKind kind = SubjectKind::none;
  std::string key;
  auto operator<=>(const Subject&) const = default;
};

// fn(SubjectKind, key) for each distinct subject that the fields name, at most limits::kEventSubjects.
template <typename F>
void each_subject(const Event& event, F&& fn) {
  std::array<Value, 8> seen{};
  std::array<SubjectKind, 8> kinds{};
  std::size_t n = 0;
  event.fields.each([&](FieldId field, const Value& v) {
    const SubjectKind kind = info(field).subject;
    if (kind == SubjectKind::none || v.kind != Kind::text || v.text.empty() || n == seen.size()) return;
    for (std::size_t i = 0; i < n; ++i)
      if (kinds[i] == kind && seen[i].text == v.text) return;
    seen[n] = v;
    kinds[n++] = kind;
    fn(kind, v.text);
  });
}

}  // namespace quaywatch
