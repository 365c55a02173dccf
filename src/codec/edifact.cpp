#include "codec/edifact.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/limits.h"
#include "base/text.h"

namespace quaywatch::codec {
namespace {

constexpr std::size_t kServiceStringBytes = 9;
constexpr std::size_t kMostBlanks = 1024;  // before a segment that is cut within one block
constexpr std::size_t kNowhere = std::string_view::npos;

constexpr bool is_blank(char c) {
  if (static_cast<std::uint8_t>(c) > ' ') return false;  // nearly every byte
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool can_separate(char c) {
  const auto byte = static_cast<std::uint8_t>(c);
  return byte > 0x20 && byte < 0x7F && !is_ascii_digit(c) && !is_ascii_upper(ascii_upper(c));
}

// 1: letter or digit, 3: letter.
constexpr auto kTagBytes = [] {
  std::array<std::uint8_t, 256> of{};
  for (std::size_t c = 0; c < of.size(); ++c)
    of[c] = is_ascii_upper(static_cast<char>(c)) ? 3 : is_ascii_digit(static_cast<char>(c)) ? 1 : 0;
  return of;
}();

// A letter and two letters or digits (ISO 9735-1 annex C).
bool is_tag(const char* three) {
  const auto of = [](char c) { return kTagBytes[static_cast<std::uint8_t>(c)]; };
  return ((of(three[0]) >> 1) & of(three[1]) & of(three[2])) != 0;
}

// The tables of a segment that is being cut, each with room for kScanBytes entries more than are counted.
struct Cuts {
  std::uint32_t* parts;     // where each component begins
  std::uint32_t* elements;  // which component each element begins with
  std::size_t part_count, element_count;

  // Behind a separator at place i a component begins at first + i. `stop` is where the marks end.
  void add(const SegmentMarks& marks, std::size_t stop, std::uint32_t first) {
    std::uint64_t left = stop == kScanBytes ? marks.ends : marks.ends & ~(std::uint64_t{1} << stop);
    for (; left != 0; left &= left - 1) {
      const int place = std::countr_zero(left);
      elements[element_count] = static_cast<std::uint32_t>(part_count);
      element_count += marks.closes >> place & 1;  // no branch: it could not be foretold
      parts[part_count++] = first + static_cast<std::uint32_t>(place);
    }
  }
};

// The last place that is marked; marks are not empty.
std::size_t last_place(std::uint64_t marks) {
  return kScanBytes - 1 - static_cast<std::size_t>(std::countl_zero(marks));
}

}  // namespace

std::string_view name(SegmentFault fault) {
  switch (fault) {
    case SegmentFault::none:
      return "";
    case SegmentFault::corrupt_tag:
      return "corrupt_tag";
    case SegmentFault::segment_too_long:
      return "segment_too_long";
    case SegmentFault::truncated:
      return "truncated";
  }
  return "";
}

std::optional<ServiceString> ServiceString::parse(std::string_view s) {
  if (s.size() < kServiceStringBytes || !s.starts_with("UNA")) return std::nullopt;
  const ServiceString out{s[3], s[4], s[5], s[6], s[7], s[8]};
  const bool usable = can_separate(out.component) && can_separate(out.element) && can_separate(out.terminator) &&
                      (out.release == ' ' || can_separate(out.release));
  const std::array<char, 4> roles{out.component, out.element, out.release, out.terminator};
  for (std::size_t i = 0; i < roles.size(); ++i)
    for (std::size_t j = i + 1; j < roles.size(); ++j)
      if (roles[i] == roles[j]) return std::nullopt;
  return usable ? std::optional(out) : std::nullopt;
}

std::size_t Segment::elements() const {
  const std::size_t count = shape_ != nullptr ? shape_->element_count : element_count_;
  return count == 0 ? 0 : count - 1;
}

std::size_t Segment::components(std::size_t element) const {
  if (element > elements()) return 0;
  if (shape_ != nullptr) return std::size_t{shape_->first[element + 1]} - shape_->first[element];
  return element < element_count_ ? elements_[element + 1] - elements_[element] : 0;
}

void Segment::make_shape(Shape& shape, const SegmentMarks& marks, std::uint32_t tag) {
  shape = {marks, tag, 0, ++numbers_, {}, {}};
  std::uint8_t part = 0;
  for (std::uint64_t left = marks.ends; left != 0; left &= left - 1) {
    const int place = std::countr_zero(left);
    shape.parts[++part] = static_cast<std::uint8_t>(place + 1);
    if ((marks.closes >> place & 1) != 0) shape.first[++shape.element_count] = part;
  }
}

std::string_view Segment::raw_of_tables(std::size_t element, std::size_t component) const {
  if (component >= components(element)) return {};
  const std::size_t part = elements_[element] + component;
  return {text_.data() + parts_[part], parts_[part + 1] - 1 - parts_[part]};
}

std::string_view Segment::unfold(std::string_view as_it_stands, std::string& scratch) const {
  const auto is_out = [this](char c) { return is_line_end(c) || (c == release_ && release_ != ' '); };
  if (std::none_of(as_it_stands.begin(), as_it_stands.end(), is_out)) return as_it_stands;
  scratch.clear();
  bool released = false;
  for (const char c : as_it_stands) {
    if (is_line_end(c)) continue;
    if (c == release_ && release_ != ' ' && !released) {
      released = true;
      continue;
    }
    scratch += c;
    released = false;
  }
  return scratch;
}

SegmentReader::SegmentReader(std::string_view bytes, const ServiceString& service, std::uint64_t file_offset,
                             const SegmentScan& scan)
    : bytes_(bytes),
      file_offset_(file_offset),
      marker_(bytes, scan) {
  use(service);
}

void SegmentReader::use(const ServiceString& service) {
  service_ = service;
  const char release = service.release == ' ' ? service.terminator : service.release;
  marker_.use({service.component, service.element, service.terminator, release});
}

void SegmentReader::seek(std::uint64_t file_offset, const ServiceString& service) {
  position_ = static_cast<std::size_t>(file_offset - file_offset_);
  if (service != service_) use(service);
}

bool SegmentReader::take_service_string(Segment& segment) {
  const auto service = ServiceString::parse(bytes_.substr(position_, kServiceStringBytes));
  if (!service) return false;
  use(*service);
  segment.use_shape({1U << 3, 1U << 3}, bytes_.data() + position_);
  finish(segment, kServiceStringBytes, position_ + kServiceStringBytes);
  return true;
}

// A wrapped file may break a tag.
void SegmentReader::read_broken_tag(Segment& segment) {
  segment.tag_size_ = 0;
  for (const char c : segment.raw(0)) {
    if (is_line_end(c)) continue;
    if (segment.tag_size_ == segment.tag_.size()) break;
    segment.tag_[segment.tag_size_++] = c;
  }
  if (segment.tag_size_ != 3 || !is_tag(segment.tag_.data())) segment.fault_ = SegmentFault::corrupt_tag;
}

// Behind the limit nothing is recorded any more: the terminator is found by memchr, so that one segment of gigabytes
// costs one linear scan. A terminator counts when an even number of release characters stands before it.
void SegmentReader::take_too_long(Segment& segment) {
  segment.fault_ = SegmentFault::segment_too_long;
  std::size_t at = position_ + limits::kSegmentBytes;
  for (;;) {
    at = bytes_.find(service_.terminator, at);
    if (at == std::string_view::npos) break;
    std::size_t releases = 0;
    while (service_.release != ' ' && at - releases > position_ && bytes_[at - releases - 1] == service_.release)
      ++releases;
    if (releases % 2 == 0) break;
    ++at;
  }
  const std::size_t end = at == std::string_view::npos ? bytes_.size() : at;
  finish(segment, end - position_, std::min(end + 1, bytes_.size()));
}

// `at` is a release character; line ends may stand before what it releases.
std::size_t SegmentReader::behind_released(std::size_t at, std::size_t end) const {
  while (at + 1 < end && is_line_end(bytes_[at + 1])) ++at;
  return at + 2;
}

// One pass to `end`, of at most kSegmentBytes + 1 bytes; the size of the text before the terminator. Whole blocks are
// cut: parts never outnumber the bytes and one block, nor elements their limit and one block, so that the tables sized
// once are never too small.
std::size_t SegmentReader::split(Segment& segment, std::size_t end, bool& ended) {
  constexpr std::size_t kMost = limits::kSegmentElements + 1;  // with the tag
  segment.parts_.resize(limits::kSegmentBytes + 3 + kScanBytes);
  segment.elements_.resize(limits::kSegmentElements + 3 + kScanBytes);
  const std::size_t begin = position_;
  Cuts cuts{segment.parts_.data(), segment.elements_.data(), 1, 1};
  std::size_t stop = begin;
  for (std::size_t from = begin; from < end;) {
    const std::size_t known_parts = cuts.part_count;
    const auto [marks, place] = marker_.ahead(from);
    cuts.add(marks, place, static_cast<std::uint32_t>(from - begin + 1));
    if (segment.dropped_) [[unlikely]] {
      cuts.part_count = known_parts;
      cuts.element_count = kMost;
    } else if (cuts.element_count > kMost) [[unlikely]] {
      // The start of the first element too many is kept as the end of the last, and nothing more is recorded.
      segment.dropped_ = true;
      cuts.element_count = kMost;
      cuts.part_count = segment.elements_[kMost] + 1;
    }
    stop = from + place;
    if (place == kScanBytes) {
      from = stop;
      continue;
    }
    if (stop >= end) break;
    const char c = bytes_[stop];
    if (c == service_.terminator) {
      ended = true;
      break;
    }
    segment.folded_ = true;
    from = is_line_end(c) ? stop + 1 : behind_released(stop, end);
  }
  const std::size_t size = (ended ? stop : end) - begin;
  if (!segment.dropped_) cuts.parts[cuts.part_count++] = static_cast<std::uint32_t>(size + 1);
  cuts.elements[cuts.element_count] = static_cast<std::uint32_t>(cuts.part_count - 1);
  segment.element_count_ = cuts.element_count;
  return size;
}

// What is `ahead` of the segment at `at` stops at a release character or a line end, or not at all: goes on behind what
// is released. Empty where the segment does not end within one block, or is wrapped.
SegmentMarks SegmentReader::mark_released(std::size_t at, Ahead ahead) {
  for (auto& [marks, stop] = ahead;;) {
    const std::size_t behind = stop + 2;
    if (behind >= kScanBytes || at + behind >= bytes_.size() || is_line_end(bytes_[at + stop]) ||
        is_line_end(bytes_[at + stop + 1]))
      return {};
    const Ahead more = marker_.ahead(at + behind);
    const std::uint64_t released = std::uint64_t{1} << stop;
    marks.ends = (marks.ends & ~released) | more.marks.ends << behind;
    marks.closes = (marks.closes & ~released) | more.marks.closes << behind;
    stop = behind + more.stop;
    if (stop < kScanBytes && bytes_[at + stop] == service_.terminator) return marks;
  }
}

// What nearly every segment is: whole within one block, and a tag as it should be.
inline bool SegmentReader::cut_short(std::size_t at, SegmentMarks& marks, bool& folded) {
  const Ahead ahead = marker_.ahead(at);
  if (ahead.stop == kScanBytes || !is_tag(bytes_.data() + at)) return false;
  folded = bytes_[at + ahead.stop] != service_.terminator;
  marks = folded ? mark_released(at, ahead) : ahead.marks;
  return std::countr_zero(marks.ends) == 3;
}

std::uint64_t SegmentReader::read_body(std::vector<CutSegment>& cut, std::size_t most) {
  for (std::uint64_t read = 0;; ++read) {
    std::size_t at = position_;
    while (at < bytes_.size() && is_blank(bytes_[at])) ++at;
    const std::size_t blanks = at - position_;
    if (blanks >= kMostBlanks || bytes_.size() - at < 4 || bytes_[at] == 'U') return read;
    SegmentMarks marks;
    bool folded = false;
    if (cut_short(at, marks, folded)) [[likely]] {
      if (cut.size() < most) cut.push_back({position(), static_cast<std::uint32_t>(blanks), folded, marks});
      position_ = at + last_place(marks.closes) + 1;
      continue;
    }
    const char behind = bytes_[at + 3];
    const bool is_whole = is_tag(bytes_.data() + at) && (behind == service_.element || behind == service_.component);
    const std::size_t end = is_whole ? find_end(at) : kNowhere;
    if (end == kNowhere) return read;
    position_ = end + 1;
  }
}

// The terminator of the segment at `at`; kNowhere where it is too long or the text ends before.
std::size_t SegmentReader::find_end(std::size_t at) {
  const std::size_t limit = std::min(at + limits::kSegmentBytes + 1, bytes_.size());
  while (at < limit) {
    const std::size_t stop = marker_.ahead(at).stop;
    const std::size_t place = at + stop;
    if (stop == kScanBytes) {
      at = place;
    } else if (place >= limit) {
      break;
    } else if (bytes_[place] == service_.terminator) {
      return place;
    } else {
      at = is_line_end(bytes_[place]) ? place + 1 : behind_released(place, limit);
    }
  }
  return kNowhere;
}

bool SegmentReader::read(Segment& segment) {
  std::size_t at = position_;
  while (at < bytes_.size() && is_blank(bytes_[at])) ++at;
  if (at == bytes_.size()) return position_ = at, false;
  const std::size_t blanks = at - position_;
  const bool is_service_string = bytes_.substr(at, 3) == "UNA";
  SegmentMarks marks;
  bool folded = false;
  if (blanks < kMostBlanks && bytes_.size() - at >= 4 && !is_service_string && cut_short(at, marks, folded)) {
    take(segment, blanks, marks, folded);
    return true;
  }
  start(segment);
  position_ = at;
  segment.shape_ = nullptr;
  segment.folded_ = false;
  if (is_service_string && take_service_string(segment)) return true;

  bool ended = false;
  const std::size_t left = bytes_.size() - position_;
  const std::size_t text_size = split(segment, position_ + std::min(left, limits::kSegmentBytes + 1), ended);
  if (!ended && left > limits::kSegmentBytes) {
    segment.element_count_ = 0;
    segment.tag_size_ = 0;
    take_too_long(segment);
    return true;
  }
  finish(segment, text_size, position_ + text_size + (ended ? 1 : 0));
  if (segment.parts_[1] == 4 && is_tag(segment.text_.data())) {
    std::copy_n(segment.text_.data(), 3, segment.tag_.data());
    segment.tag_size_ = 3;
  } else {
    read_broken_tag(segment);
  }
  if (!ended) segment.fault_ = SegmentFault::truncated;
  return true;
}

std::optional<DtmValue> parse_dtm(std::string_view value, std::string_view format) {
  struct Format {
    unsigned code, year_digits, size;
  };
  constexpr Format kFormats[] = {{203, 4, 12}, {102, 4, 8}, {101, 2, 6}, {201, 2, 10}, {204, 4, 14}};
  bool all_digits = true;
  const auto digit_of = [&](char c) {
    const unsigned digit = static_cast<unsigned>(static_cast<std::uint8_t>(c)) - '0';
    all_digits &= digit <= 9;
    return digit;
  };
  if (format.size() != 3) return std::nullopt;
  const unsigned code = digit_of(format[0]) * 100 + digit_of(format[1]) * 10 + digit_of(format[2]);
  const auto* f =
      std::find_if(std::begin(kFormats), std::end(kFormats), [&](const Format& x) { return x.code == code; });
  if (f == std::end(kFormats) || value.size() != f->size) return std::nullopt;
  const char* digit = value.data();
  const char* const end = digit + value.size();
  const auto take_two = [&] {
    const unsigned two = digit_of(digit[0]) * 10 + digit_of(digit[1]);
    digit += 2;
    return static_cast<int>(two);
  };
  DtmValue out;
  out.time.year = take_two();
  out.time.year = f->year_digits == 2 ? out.time.year + (out.time.year < 80 ? 2000 : 1900)
                                      : out.time.year * 100 + take_two();
  out.time.month = take_two();
  out.time.day = take_two();
  if (digit < end) {
    out.time.hour = take_two();
    out.time.minute = take_two();
  } else {
    out.error_s = 86'400;
  }
  if (digit < end) {
    out.time.second = take_two();
  } else if (out.error_s == 0) {
    out.error_s = 60;
  }
  return all_digits && is_valid(out.time) ? std::optional(out) : std::nullopt;
}

}  // namespace quaywatch::codec
