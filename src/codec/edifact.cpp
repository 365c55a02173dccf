#include "codec/edifact.h"

#include <algorithm>

#include "base/limits.h"
#include "base/text.h"

namespace quaywatch::codec {
namespace {

constexpr std::size_t kServiceStringBytes = 9;

constexpr bool is_blank(char c) {
  if (static_cast<std::uint8_t>(c) > ' ') return false;  // nearly every byte
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
constexpr bool is_line_end(char c) {
  return c == '\r' || c == '\n';
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
      scan_(&scan),
      tail_at_(bytes.size() - std::min(bytes.size(), kScanBytes)) {
  std::copy(bytes.begin() + static_cast<std::ptrdiff_t>(tail_at_), bytes.end(), tail_.begin());
  use(service);
}

void SegmentReader::use(const ServiceString& service) {
  service_ = service;
  const char release = service.release == ' ' ? service.terminator : service.release;
  marked_ = {service.component, service.element, service.terminator, release};
}

void SegmentReader::seek(std::uint64_t file_offset, const ServiceString& service) {
  position_ = static_cast<std::size_t>(file_offset - file_offset_);
  if (service != service_) use(service);
}

bool SegmentReader::take_service_string(Segment& segment) {
  const auto service = ServiceString::parse(bytes_.substr(position_, kServiceStringBytes));
  if (!service) return false;
  use(*service);
  segment.parts_[1] = 4;
  segment.elements_[1] = 1;
  segment.element_count_ = 1;
  finish(segment, kServiceStringBytes, position_ + kServiceStringBytes);
  std::copy_n("UNA", 3, segment.tag_.begin());
  segment.tag_size_ = 3;
  segment.fault_ = SegmentFault::none;
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
inline std::size_t SegmentReader::split(Segment& segment, std::size_t end, bool& ended) {
  constexpr std::size_t kMost = limits::kSegmentElements + 1;  // with the tag
  const std::size_t begin = position_;
  Cuts cuts{segment.parts_.data(), segment.elements_.data(), 1, 1};
  std::size_t stop = begin;
  for (std::size_t from = begin; from < end;) {
    const std::size_t known_parts = cuts.part_count;
    const std::size_t place = scan_->cut(block(from), marked_, static_cast<std::uint32_t>(from - begin + 1), cuts);
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

// The first terminator or release character in [from, end), else `end`; `end` is at most the size of the text.
inline std::size_t SegmentReader::find_end(std::size_t from, std::size_t end) const {
  for (; from < end; from += kScanBytes)
    if (const std::size_t place = scan_->find_end(block(from), marked_); place < kScanBytes)
      return std::min(from + place, end);
  return end;
}

std::uint64_t SegmentReader::skip_body() {
  std::uint64_t skipped = 0;
  for (std::size_t at = position_;; ++skipped) {
    while (at < bytes_.size() && is_blank(bytes_[at])) ++at;
    if (bytes_.size() - at < 4 || bytes_[at] == 'U' || !is_tag(bytes_.data() + at)) return skipped;
    const char behind = bytes_[at + 3];
    if (behind != service_.element && behind != service_.component && behind != service_.terminator) return skipped;
    const std::size_t end = std::min(at + limits::kSegmentBytes + 1, bytes_.size());
    const std::size_t stop = find_end(at + 3, end);
    if (stop == end || bytes_[stop] != service_.terminator) return skipped;
    position_ = at = stop + 1;
  }
}

// What nearly every segment is: whole within one block, nothing to unfold, a tag as it should be.
inline bool SegmentReader::take_short(Segment& segment) {
  if (bytes_.size() - position_ < kScanBytes) return false;
  const char* const text = bytes_.data() + position_;
  if (!is_tag(text) || (text[0] == 'U' && text[1] == 'N' && text[2] == 'A')) return false;
  static_assert(kScanBytes < limits::kSegmentElements);
  Cuts cuts{segment.parts_.data(), segment.elements_.data(), 1, 1};
  const std::size_t size = scan_->cut(text, marked_, 1, cuts);
  if (size == kScanBytes || text[size] != service_.terminator) return false;
  cuts.parts[cuts.part_count] = static_cast<std::uint32_t>(size + 1);
  if (cuts.parts[1] != 4) return false;
  cuts.elements[cuts.element_count] = static_cast<std::uint32_t>(cuts.part_count);
  segment.element_count_ = cuts.element_count;
  std::copy_n(text, 3, segment.tag_.begin());
  segment.tag_size_ = 3;
  finish(segment, size, position_ + size + 1);
  return true;
}

bool SegmentReader::next(Segment& segment) {
  segment.begin_ = file_offset_ + position_;
  while (position_ < bytes_.size() && is_blank(bytes_[position_])) ++position_;
  if (position_ == bytes_.size()) return false;
  segment.fault_ = SegmentFault::none;
  segment.folded_ = segment.dropped_ = false;
  segment.release_ = service_.release;
  if (segment.parts_.empty()) {
    segment.parts_.resize(limits::kSegmentBytes + 3 + kScanBytes);
    segment.elements_.resize(limits::kSegmentElements + 3 + kScanBytes);
  }
  if (take_short(segment)) [[likely]] return true;
  if (bytes_[position_] == 'U' && take_service_string(segment)) return true;

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
    char code[4];
    std::size_t year_digits, size;
  };
  constexpr Format kFormats[] = {{"203", 4, 12}, {"102", 4, 8}, {"101", 2, 6}, {"201", 2, 10}, {"204", 4, 14}};
  if (format.size() != 3) return std::nullopt;
  const auto* f = std::find_if(std::begin(kFormats), std::end(kFormats),
                               [&](const Format& x) { return std::equal(format.begin(), format.end(), x.code); });
  if (f == std::end(kFormats) || value.size() != f->size || !std::all_of(value.begin(), value.end(), is_ascii_digit))
    return std::nullopt;
  const char* digit = value.data();
  const char* const end = digit + value.size();
  const auto take_two = [&] {
    const int two = (digit[0] - '0') * 10 + (digit[1] - '0');
    digit += 2;
    return two;
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
  return is_valid(out.time) ? std::optional(out) : std::nullopt;
}

}  // namespace quaywatch::codec
