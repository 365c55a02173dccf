// The interchange layer of edifact.h: UNA UNB UNG UNH ... UNT UNE UNZ, and whatever stands between and around them.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "base/text.h"
#include "codec/edifact.h"

namespace quaywatch::codec {
namespace {

constexpr std::size_t kQuotedBytes = 40;  // of a value in a sentence
constexpr std::size_t kCutSegments = 8192;  // of a message are cut once and kept, 32 bytes each; others are cut twice

bool is_blank_text(std::string_view s) {
  return trim(s).empty();
}

std::string_view without_byte_order_mark(std::string_view s) {
  if (s.starts_with("\xEF\xBB\xBF")) s.remove_prefix(3);
  return s;
}

// Teletype text never holds these; a picture or an archive does within its first bytes.
bool is_binary(std::string_view s) {
  return std::any_of(s.begin(), s.end(), [](char c) { return static_cast<std::uint8_t>(c) < 0x07; });
}

// Where the next UNA, UNB, UNG or UNH stands; npos when there is none.
std::size_t find_service_segment(std::string_view bytes, std::size_t from) {
  const auto is_word = [](char c) { return is_ascii_digit(c) || is_ascii_upper(ascii_upper(c)); };
  for (std::size_t at = bytes.find("UN", from); at != std::string_view::npos; at = bytes.find("UN", at + 1)) {
    if (at + 4 > bytes.size()) return std::string_view::npos;
    if (at > from && is_word(bytes[at - 1])) continue;
    const char kind = bytes[at + 2];
    const char next = bytes[at + 3];
    if (kind == 'A' && ServiceString::parse(bytes.substr(at))) return at;
    if ((kind == 'B' || kind == 'G' || kind == 'H') && next > ' ' && next < 0x7F && !is_word(next)) return at;
  }
  return std::string_view::npos;
}

// "UNB" and "UNH" that lost a letter, and every whole tag: what follows is EDIFACT, not a telex header.
bool is_segment_like(const Segment& s) {
  if (s.fault() == SegmentFault::truncated || s.elements() == 0) return false;
  const std::string_view tag = s.tag();
  return tag.size() >= 1 && tag.size() <= 3 &&
         std::all_of(tag.begin(), tag.end(), is_ascii_upper_or_digit);
}

std::string sentence(SegmentFault fault, const Segment& s) {
  switch (fault) {
    case SegmentFault::segment_too_long:
      return fmt::format("a segment of {} bytes is over the limit of {}; reading goes on behind its terminator",
                         s.end() - s.offset(), limits::kSegmentBytes);
    case SegmentFault::corrupt_tag:
      return fmt::format("'{}' is not a segment tag of three letters", s.text().substr(0, 12));
    case SegmentFault::truncated:
      return "the file ends inside this segment; ask the sender for the whole file";
    case SegmentFault::none:
      break;
  }
  return {};
}

class Walker {
 public:
  Walker(std::string_view bytes, InterchangeVisitor& visitor) : bytes_(bytes), visitor_(visitor), reader_(bytes) {}
  void run();

 private:
  struct Group {
    bool is_open = false;
    std::uint64_t messages = 0, offset = 0;
    std::string reference;
  };

  void between(std::size_t from, std::size_t to);
  std::size_t read_from(std::size_t at);
  bool take(const Segment& s);  // false: the interchange ended here
  void open_interchange(const Segment& s);
  void close_interchange(const Segment* unz);
  void open_group(const Segment& s);
  void close_group(const Segment* une);
  void read_message(const Segment& unh);
  bool scan_message(const Segment& unh);
  void check_trailer(const Segment& trailer, std::uint64_t counted, std::string_view opening_reference);
  void settle_faults(std::string_view ignored_reason, std::uint64_t end);
  void emit(PieceKind kind, std::uint64_t end, std::string_view reason, std::string message, bool joins);
  void flush();
  void note(std::string_view code, const Segment& s, std::string value, std::string message) {
    visitor_.note({code, s.tag(), std::move(value), s.offset(), std::move(message)});
  }
  std::string text(const Segment& s, std::size_t element, std::size_t component = 0) {
    return std::string(trim(s.value(element, component, scratch_)));
  }

  std::string_view bytes_;
  InterchangeVisitor& visitor_;
  SegmentReader reader_;
  Segment segment_, inner_;
  std::string scratch_;
  Interchange interchange_;
  Message message_;
  Group group_;
  std::uint64_t messages_ = 0, groups_ = 0;  // of the open interchange
  bool is_open_ = false;
  bool unb_missing_told_ = false;
  std::vector<CutSegment> cut_;  // of the message being read, at most kCutSegments
  std::vector<Piece> faults_;    // of the message being read, at most limits::kMessageFaults
  std::uint64_t done_ = 0;     // every byte before is in a piece
  Piece pending_;
  bool has_pending_ = false, pending_joins_ = false;
};

void Walker::flush() {
  if (has_pending_) visitor_.piece(std::move(pending_));
  has_pending_ = false;
}

// Pieces that join swallow the next of the same kind and reason: an envelope is one piece, a run of rejects too.
void Walker::emit(PieceKind kind, std::uint64_t end, std::string_view reason, std::string message, bool joins) {
  if (end <= done_) return;
  if (has_pending_ && pending_joins_ && joins && pending_.kind == kind && pending_.reason == reason) {
    pending_.size += end - done_;
  } else {
    flush();
    pending_ = {kind, done_, end - done_, reason, std::move(message)};
    has_pending_ = true;
    pending_joins_ = joins;
  }
  done_ = end;
}

void Walker::run() {
  if (bytes_.empty()) visitor_.note({"empty_input", "", "", 0, "the file is empty"});
  std::size_t at = 0;
  while (at < bytes_.size()) {
    const std::size_t start = find_service_segment(bytes_, at);
    if (start == std::string_view::npos && at == 0 && !is_blank_text(without_byte_order_mark(bytes_))) {
      emit(PieceKind::rejected, bytes_.size(), "not_edifact", "no UNA, UNB, UNG or UNH segment in the whole file",
           false);
      break;
    }
    between(at, std::min(start, bytes_.size()));
    if (start == std::string_view::npos) break;
    at = read_from(start);
  }
  if (is_open_) close_interchange(nullptr);
  // Line ends behind the last terminator belong to what they end.
  if (has_pending_) {
    pending_.size += bytes_.size() - done_;
    done_ = bytes_.size();
  } else {
    emit(PieceKind::ignored, bytes_.size(), "blank", "", false);
  }
  flush();
}

// Bytes outside every interchange: a byte order mark, telex lines, or segments that lost their UNB or UNH.
void Walker::between(std::size_t from, std::size_t to) {
  const std::string_view gap = without_byte_order_mark(bytes_.substr(from, to - from));
  if (is_blank_text(gap)) return;  // goes with the next piece
  if (is_binary(gap)) {
    emit(PieceKind::rejected, to, "not_edifact", "bytes that are not text, outside every interchange", true);
    return;
  }
  const std::uint64_t start = to - gap.size();
  SegmentReader reader(gap, {}, start);
  Segment& s = inner_;  // its tables are large: a file of nothing but gaps would spend its time on them
  bool any = false;
  while (reader.next(s) && s.fault() != SegmentFault::truncated) any = any || is_segment_like(s);
  if (!any) {
    emit(PieceKind::ignored, to, "transmission_noise", "text outside every interchange", true);
    return;
  }
  reader.seek(start, {});
  while (reader.next(s)) {
    const bool whole = s.fault() == SegmentFault::none;
    emit(PieceKind::rejected, s.end(), whole ? "outside_message" : name(s.fault()),
         whole ? "segments outside every message" : sentence(s.fault(), s), true);
  }
}

// Reads from a service segment to behind the UNZ or to the end of the file.
std::size_t Walker::read_from(std::size_t at) {
  // Without a UNA the defaults hold; a sender that writes several interchanges under one UNA is still understood.
  const ServiceString before = reader_.service();
  const bool like_before =
      at + 3 < bytes_.size() && bytes_[at + 3] == before.element && bytes_[at + 3] != ServiceString{}.element;
  reader_.seek(at, like_before ? before : ServiceString{});
  while (reader_.next(segment_))
    if (!take(segment_)) break;
  return static_cast<std::size_t>(reader_.position());
}

bool Walker::take(const Segment& s) {
  const std::string_view tag = s.tag();
  if (s.fault() != SegmentFault::none) {
    emit(PieceKind::rejected, s.end(), name(s.fault()), sentence(s.fault(), s), true);
    return true;
  }
  if (tag == "UNH") {
    read_message(s);
    return true;
  }
  if (tag == "UNA" || tag == "UNB") {
    if (is_open_) close_interchange(nullptr);
    if (tag == "UNB") open_interchange(s);
  } else if (tag == "UNG") {
    open_group(s);
  } else if (tag == "UNE") {
    close_group(&s);
  } else if (tag == "UNZ") {
    close_interchange(&s);
    emit(PieceKind::accepted, s.end(), "", "", true);
    return false;
  } else {
    emit(PieceKind::rejected, s.end(), "outside_message", "segments outside every message", true);
    return true;
  }
  emit(PieceKind::accepted, s.end(), "", "", true);
  return true;
}

void Walker::open_interchange(const Segment& s) {
  is_open_ = true;
  messages_ = groups_ = 0;
  group_ = {};
  interchange_ = {};
  interchange_.is_stated = true;
  interchange_.offset = s.offset();
  interchange_.syntax = text(s, 1);
  const auto charset = charset_of_syntax(interchange_.syntax);
  interchange_.charset = charset.value_or(Charset::latin1);
  if (!charset)
    note(
        "charset_unsupported", s, interchange_.syntax.substr(0, kQuotedBytes),
        fmt::format(
            "syntax identifier '{}' names no character set that is read here; bytes above 127 are taken for ISO 8859-1",
            interchange_.syntax.substr(0, kQuotedBytes)));
  interchange_.sender = text(s, 2);
  interchange_.recipient = text(s, 3);
  interchange_.reference = text(s, 5);
  const std::string stamp = text(s, 4, 0) + text(s, 4, 1);
  const auto prepared = parse_dtm(stamp, stamp.size() == 12 ? "203" : "201");
  if (prepared) interchange_.prepared = prepared->time;
  if (!prepared)
    note("time_unreadable", s, stamp.substr(0, kQuotedBytes),
         "the preparation time of the interchange is no date and time");
}

void Walker::check_trailer(const Segment& trailer, std::uint64_t counted, std::string_view opening_reference) {
  const std::string stated = text(trailer, 1);
  std::uint64_t n = 0;
  const bool readable =
      !stated.empty() && stated.size() < 12 && std::all_of(stated.begin(), stated.end(), is_ascii_digit);
  for (const char c : stated) n = readable ? n * 10 + static_cast<std::uint64_t>(c - '0') : 0;
  if (!readable || n != counted)
    note("count_mismatch", trailer, stated.substr(0, kQuotedBytes),
         fmt::format("{} states {}, counted {}", trailer.tag(), stated.substr(0, kQuotedBytes), counted));
  const std::string reference = text(trailer, 2);
  if (reference != opening_reference)
    note("reference_mismatch", trailer, reference.substr(0, kQuotedBytes),
         fmt::format("{} closes '{}', opened was '{}'", trailer.tag(), reference.substr(0, kQuotedBytes),
                     opening_reference.substr(0, kQuotedBytes)));
}

void Walker::close_interchange(const Segment* unz) {
  if (group_.is_open) close_group(nullptr);
  if (unz != nullptr && is_open_) check_trailer(*unz, groups_ > 0 ? groups_ : messages_, interchange_.reference);
  if (unz != nullptr && !is_open_)
    note("unb_missing", *unz, "",
         fmt::format("UNZ states {} and closes an interchange that no UNB opened",
                     text(*unz, 1).substr(0, kQuotedBytes)));
  if (unz == nullptr)
    visitor_.note({"unz_missing", "UNB", interchange_.reference, interchange_.offset,
                   "the interchange has no UNZ: the file may be cut"});
  is_open_ = false;
  interchange_ = {};
}

void Walker::open_group(const Segment& s) {
  if (group_.is_open) close_group(nullptr);
  ++groups_;
  group_ = {true, 0, s.offset(), text(s, 5)};
}

void Walker::close_group(const Segment* une) {
  if (une != nullptr && group_.is_open) check_trailer(*une, group_.messages, group_.reference);
  if (une == nullptr) visitor_.note({"une_missing", "UNG", group_.reference, group_.offset, "the group has no UNE"});
  group_.is_open = false;
}

void Walker::read_message(const Segment& unh) {
  if (!is_open_ && !unb_missing_told_) {
    note("unb_missing", unh, "", "messages without a UNB: sender and preparation time are not known");
    unb_missing_told_ = true;
  }
  ++messages_;
  ++group_.messages;
  message_.interchange = &interchange_;
  message_.reference = text(unh, 1);
  message_.type = text(unh, 2, 0);
  message_.version = text(unh, 2, 1);
  message_.release = text(unh, 2, 2);
  message_.agency = text(unh, 2, 3);
  message_.association = text(unh, 2, 4);
  message_.offset = unh.offset();
  message_.service = reader_.service();
  message_.segments = 1;
  faults_.clear();
  cut_.clear();
  if (!scan_message(unh))
    note("unt_missing", unh, message_.reference.substr(0, kQuotedBytes),
         fmt::format("message {} has no UNT", message_.type));
  const std::uint64_t end = reader_.position();
  message_.bytes = bytes_.substr(message_.offset, end - message_.offset);
  message_.cut = cut_;
  settle_faults(visitor_.message(message_), end);
}

// Finds the end of the message; false when something else than its UNT ends it. The reader then stands on that.
bool Walker::scan_message(const Segment& unh) {
  std::string section;
  for (;;) {
    if (faults_.size() < limits::kMessageFaults) message_.segments += reader_.read_body(cut_, kCutSegments);
    if (!reader_.next(inner_)) return false;
    const Segment& s = inner_;
    const std::string_view tag = s.tag();
    const bool faulty = s.fault() != SegmentFault::none;
    const bool foreign =
        !faulty && (tag == "UNH" || tag == "UNB" || tag == "UNG" || tag == "UNE" || tag == "UNZ" || tag == "UNA");
    if (foreign || faults_.size() == limits::kMessageFaults) {
      reader_.seek(s.begin(), message_.service);
      return false;
    }
    ++message_.segments;
    if (faulty) {
      const std::string_view reason = name(s.fault());
      const bool joins = !faults_.empty() && faults_.back().reason == reason &&
                         faults_.back().offset + faults_.back().size == s.begin();
      if (joins) faults_.back().size += s.end() - s.begin();
      if (!joins)
        faults_.push_back({PieceKind::rejected, s.begin(), s.end() - s.begin(), reason, sentence(s.fault(), s)});
    } else if (tag == "UNT") {
      check_trailer(s, message_.segments, message_.reference);
      return true;
    } else if (tag == "UNS") {
      const std::string here = text(s, 1);
      if (here == section) {
        const std::string why =
            fmt::format("section {} begins twice in message {}", here.substr(0, kQuotedBytes), text(unh, 1));
        note("section_repeated", s, here.substr(0, kQuotedBytes), why);
        faults_.push_back({PieceKind::rejected, s.begin(), s.end() - s.begin(), "section_repeated", why});
      }
      section = here;
    }
  }
}

void Walker::settle_faults(std::string_view ignored_reason, std::uint64_t end) {
  const PieceKind kind = ignored_reason.empty() ? PieceKind::accepted : PieceKind::ignored;
  const std::string why =
      ignored_reason.empty() ? std::string() : fmt::format("message {}", message_.type.substr(0, kQuotedBytes));
  for (Piece& fault : faults_) {
    emit(kind, fault.offset, ignored_reason, why, false);
    emit(fault.kind, fault.offset + fault.size, fault.reason, std::move(fault.message), false);
  }
  emit(kind, end, ignored_reason, why, false);
}

}  // namespace

void walk_interchanges(std::string_view bytes, InterchangeVisitor& visitor) {
  Walker(bytes, visitor).run();
}

}  // namespace quaywatch::codec
