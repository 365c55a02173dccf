// UN/EDIFACT (ISO 9735 syntax versions 1 to 4, batch) over a whole file in memory. Tolerant: bytes that cannot be used
// become a piece with a reason, and reading goes on behind them; nothing throws, asserts or guesses.
//
// Two layers. SegmentReader cuts segments, in one pass, without allocating per segment: elements are views into the
// input and are unfolded (release characters and line breaks taken out) only when a value is asked for.
// walk_interchanges finds interchanges, groups and messages, checks their counts, and hands every byte of the file out
// exactly once, in order, as a piece.
//
// CR and LF are never data: files are wrapped at line ends even inside tags. Not read: interactive EDIFACT, security
// segments (parts 5-7), the repetition separator of version 4 (it stays inside the element's text).
// Not thread-safe; one reader per thread. Offsets are bytes from the start of the file.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "codec/charset.h"
#include "codec/segment_scan.h"

namespace quaywatch::codec {

// ISO 9735-1 clause 7 (UNA); the defaults hold where there is none. A release of ' ' means that there is none.
struct ServiceString {
  char component = ':', element = '+', decimal = '.', release = '?', reserved = ' ', terminator = '\'';
  bool operator==(const ServiceString&) const = default;
  // Of the nine bytes UNA......; nullopt when they cannot be separators (letters, digits, blanks, two alike).
  static std::optional<ServiceString> parse(std::string_view nine_bytes);
};

enum class SegmentFault : std::uint8_t { none, corrupt_tag, segment_too_long, truncated };
std::string_view name(SegmentFault fault);

// One segment; every view lives as long as the input. Element 0 is the tag; component numbers start at 0.
class Segment {
 public:
  Segment() = default;
  Segment(const Segment&) = delete;  // it points into itself
  Segment& operator=(const Segment&) = delete;
  std::string_view tag() const { return {tag_.data(), tag_size_}; }
  SegmentFault fault() const { return fault_; }
  std::uint64_t begin() const { return begin_; }    // with the blanks and line ends before the tag
  std::uint64_t offset() const { return offset_; }  // of the tag
  std::uint64_t end() const { return end_; }        // behind the terminator
  std::size_t elements() const;                     // without the tag
  std::size_t components(std::size_t element) const;
  bool has_dropped_elements() const { return dropped_; }  // more than limits::kSegmentElements
  std::string_view text() const { return text_; }         // tag to the last byte before the terminator, as it stands
  bool is_folded() const { return folded_; }              // values are not as they stand
  // Segments of one form have the same tag, and their components begin at the same places. Its place among the kForms
  // that came last, and its number: no other form of this Segment has it. Number 0: of no form.
  static constexpr std::size_t kForms = 128;
  std::size_t form() const { return form_; }
  std::uint64_t form_number() const { return shape_ == nullptr ? 0 : shape_->number; }

  // As it stands in the file; empty when there is no such component.
  std::string_view raw(std::size_t element, std::size_t component = 0) const {
    if (shape_ == nullptr) [[unlikely]] return raw_of_tables(element, component);
    if (element >= shape_->element_count) return {};
    const std::size_t part = shape_->first[element] + component;
    if (part >= shape_->first[element + 1]) return {};
    const std::size_t begin = shape_->parts[part];
    return {text_.data() + begin, shape_->parts[part + 1] - 1 - begin};
  }
  // Unfolded; points into the input, or into `scratch` when something had to be taken out.
  std::string_view value(std::size_t element, std::size_t component, std::string& scratch) const {
    return unfolded(raw(element, component), scratch);
  }
  std::string_view unfolded(std::string_view as_it_stands, std::string& scratch) const {
    return folded_ ? unfold(as_it_stands, scratch) : as_it_stands;
  }

 private:
  friend class SegmentReader;
  std::string_view unfold(std::string_view as_it_stands, std::string& scratch) const;
  std::string_view raw_of_tables(std::size_t element, std::size_t component) const;

  // The tables of a segment within one block. A sender's segments have few forms: those that came last are kept.
  struct Shape {
    SegmentMarks marks;                                // that it was made of
    std::uint32_t tag = 0;                             // and the tag, with the byte behind
    std::uint8_t element_count = 0;                    // with the tag
    std::uint64_t number = 0;                          // form_number()
    std::array<std::uint8_t, kScanBytes + 1> first{};  // component of each element, and one behind the last
    std::array<std::uint8_t, kScanBytes + 1> parts{};  // where each component begins, and one behind the last
  };
  // The tag stands at `text`, with its separator.
  void use_shape(const SegmentMarks& marks, const char* text) {
    std::memcpy(tag_.data(), text, 4);
    tag_size_ = 3;
    const auto tag = std::bit_cast<std::uint32_t>(tag_);
    const std::uint64_t mixed = (marks.ends ^ marks.closes * kMix ^ tag) * kMix;
    form_ = static_cast<std::size_t>(mixed >> 57);
    static_assert(kForms == 1U << 7);
    if (shapes_.empty()) [[unlikely]] shapes_.resize(kForms);
    Shape& shape = shapes_[form_];
    if (shape.marks != marks || shape.tag != tag) [[unlikely]] make_shape(shape, marks, tag);
    shape_ = &shape;
  }
  static constexpr std::uint64_t kMix = 0x9E3779B97F4A7C15U;
  void make_shape(Shape& shape, const SegmentMarks& marks, std::uint32_t tag);

  std::string_view text_;
  std::vector<Shape> shapes_;            // hashed by their marks and tag
  std::size_t form_ = 0;
  std::uint64_t numbers_ = 0;            // that were given
  const Shape* shape_ = nullptr;         // one of them; nullptr: the tables below hold
  std::vector<std::uint32_t> parts_;     // start of each component in text_, and one behind the last; sized once
  std::vector<std::uint32_t> elements_;  // first component of each element, and one behind the last; sized once
  std::size_t element_count_ = 0;        // with the tag
  std::array<char, 4> tag_{};
  std::size_t tag_size_ = 0;
  std::uint64_t begin_ = 0, offset_ = 0, end_ = 0;
  SegmentFault fault_ = SegmentFault::none;
  char release_ = '?';
  bool folded_ = false;  // text_ holds release characters or line ends
  bool dropped_ = false;
};

// A whole segment within one block, as it was cut once: what reads it again need not cut it.
struct CutSegment {
  std::uint64_t begin = 0;  // Segment::begin
  std::uint32_t blanks = 0;  // bytes before the tag
  bool folded = false;
  SegmentMarks marks;
};

// A UNA is handed out as a segment with the tag UNA and no elements, and its separators hold from there on.
class SegmentReader {
 public:
  // `file_offset` is the place of bytes[0] in the file.
  explicit SegmentReader(std::string_view bytes, const ServiceString& service = {}, std::uint64_t file_offset = 0,
                         const SegmentScan& scan = fastest_scan());
  // False: nothing but blanks is left.
  bool next(Segment& segment) {
    if (known_.empty() || known_.front().begin != position()) return read(segment);
    const CutSegment& cut = known_.front();
    take(segment, cut.blanks, cut.marks, cut.folded);
    known_ = known_.subspan(1);
    return true;
  }
  // Reads the whole segments that say nothing of interchange, group or message (no tag in U); how many. What follows
  // is for next(). Those that lie within one block are put into `cut`, as long as it has fewer than `most`.
  std::uint64_t read_body(std::vector<CutSegment>& cut, std::size_t most);
  // next() takes these, in their order, where it comes to them. They outlive the reader.
  void know(std::span<const CutSegment> cut) { known_ = cut; }
  void seek(std::uint64_t file_offset, const ServiceString& service);
  std::uint64_t position() const { return file_offset_ + position_; }
  const ServiceString& service() const { return service_; }

 private:
  void use(const ServiceString& service);
  bool read(Segment& segment);
  bool take_service_string(Segment& segment);
  bool cut_short(std::size_t at, SegmentMarks& marks, bool& folded);
  SegmentMarks mark_released(std::size_t at, Ahead ahead);
  void take(Segment& segment, std::size_t blanks, const SegmentMarks& marks, bool folded) {
    start(segment);
    position_ += blanks;
    segment.use_shape(marks, bytes_.data() + position_);
    segment.folded_ = folded;
    const std::size_t size = std::bit_width(marks.closes) - 1U;
    finish(segment, size, position_ + size + 1);
  }
  void start(Segment& segment) const {
    segment.begin_ = position();
    segment.fault_ = SegmentFault::none;
    segment.dropped_ = false;
    segment.release_ = service_.release;
  }
  void take_too_long(Segment& segment);
  std::size_t split(Segment& segment, std::size_t end, bool& ended);
  std::size_t find_end(std::size_t at);
  std::size_t behind_released(std::size_t at, std::size_t end) const;
  void finish(Segment& segment, std::size_t text_size, std::size_t next_position) {
    segment.text_ = {bytes_.data() + position_, text_size};
    segment.offset_ = file_offset_ + position_;
    segment.end_ = file_offset_ + next_position;
    position_ = next_position;
  }
  static void read_broken_tag(Segment& segment);

  std::string_view bytes_;
  std::uint64_t file_offset_ = 0;
  std::size_t position_ = 0;
  ServiceString service_;
  SegmentMarker marker_;
  std::span<const CutSegment> known_;
};

struct Interchange {
  bool is_stated = false;  // false: messages came without a UNB
  std::string syntax;      // UNOA, UNOC, IATB...
  Charset charset = Charset::ascii;
  std::string sender, recipient, reference;  // UNB 0004, 0010, 0020
  std::optional<CivilTime> prepared;         // UNB S004, in the sender's time zone
  std::uint64_t offset = 0;
};

struct Message {
  const Interchange* interchange = nullptr;
  std::string reference;                                    // UNH 0062
  std::string type, version, release, agency, association;  // UNH S009: BAPLIE D 95B UN SMDG20
  std::string_view bytes;                                   // UNH to UNT
  std::uint64_t offset = 0;                                 // of bytes[0] in the file
  ServiceString service;
  std::uint64_t segments = 0;       // counted, with UNH and UNT
  std::span<const CutSegment> cut;  // those of its first segments that were cut when it was found
  SegmentReader reader() const {
    SegmentReader reader(bytes, service, offset);
    reader.know(cut);
    return reader;
  }
};

enum class PieceKind : std::uint8_t { accepted, rejected, ignored };

struct Piece {
  PieceKind kind = PieceKind::accepted;
  std::uint64_t offset = 0, size = 0;
  std::string_view reason;  // snake_case, static storage; empty when accepted
  std::string message;
};

// Seen in something that was used all the same.
struct Note {
  std::string_view code;   // count_mismatch, reference_mismatch, unt_missing, unz_missing, unb_missing, una_invalid,
                           // charset_unsupported, time_unreadable, section_repeated, empty_input
  std::string_view field;  // segment tag
  std::string value;
  std::uint64_t offset = 0;
  std::string message;
};

class InterchangeVisitor {
 public:
  virtual ~InterchangeVisitor() = default;
  // Why the message is ignored (static storage), empty when it was used. Faulty segments are still among its segments;
  // a visitor passes over those with a fault.
  virtual std::string_view message(const Message& message) = 0;
  virtual void piece(Piece piece) = 0;  // in order, without gap or overlap, over the whole file
  virtual void note(Note note) = 0;
};

void walk_interchanges(std::string_view bytes, InterchangeVisitor& visitor);

// DTM and S004 values by code list 2379: 101 YYMMDD, 102 CCYYMMDD, 201 YYMMDDHHMM, 203 CCYYMMDDHHMM, 204 with seconds.
// Two-digit years 00-79 are 2000-2079. nullopt: another format, or no such time.
struct DtmValue {
  CivilTime time;
  std::int64_t error_s = 0;  // 60 without seconds, 86,400 for a date without a time of day
};
std::optional<DtmValue> parse_dtm(std::string_view value, std::string_view format);

}  // namespace quaywatch::codec
