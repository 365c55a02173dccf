#include "adapter/edifact_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "codec/local_time.h"

namespace quaywatch::adapter {
namespace {

// UN/EDIFACT code lists 8169 (full/empty indicator), 8249 (equipment status) and 8067 (mode of transport), D.95B to
// D.13B; SM1 and SM2 of the SMDG guide of VERMAS.
constexpr Code kFullEmpty[] = {{"4", "empty"}, {"5", "full"}};
constexpr Code kStatus[] = {{"1", "continental"},    {"2", "export"},  {"3", "import"},
                            {"4", "remain on board"}, {"5", "shifter"}, {"6", "transhipment"}};
constexpr Code kMode[] = {{"1", "sea"}, {"2", "rail"}, {"3", "road"}, {"4", "air"}, {"8", "barge"}};
constexpr Code kVgmMethod[] = {{"SM1", "1"}, {"SM2", "2"}};

struct Unit {
  Convert convert;
  std::string_view code;
  std::int64_t offset, numerator, denominator;  // SI = (value - offset) * numerator / denominator, in millionths
};

constexpr Unit kUnits[] = {
    {Convert::kg, "", 0, 1, 1},         {Convert::kg, "KGM", 0, 1, 1},
    {Convert::kg, "TNE", 0, 1000, 1},   {Convert::kg, "LBR", 0, 45'359'237, 100'000'000},
    {Convert::celsius, "CEL", 0, 1, 1}, {Convert::celsius, "FAH", 32 * kDecimalOne, 5, 9},
};

constexpr std::size_t kMinuteAt = std::tuple_size_v<decltype(ReadHour::digits)>;

// Keeps value * numerator inside 63 bits; nothing that is shipped weighs a billion tonnes.
constexpr std::int64_t kLargestValue = 1'000'000'000 * kDecimalOne;

At behind(At at, int elements, int components) {
  return {static_cast<std::uint8_t>(at.element + elements), static_cast<std::uint8_t>(at.component + components)};
}

}  // namespace

void EdifactValues::finding(std::string_view code, std::string_view field, std::string_view value,
                            const codec::Segment& s, std::string message) {
  context_.sink.finding(
      {code, std::string(field), std::string(value.substr(0, kFindingBytes)), s.offset(), std::move(message)});
}

std::string_view EdifactValues::converted(const codec::Segment& s, std::string_view bytes) {
  converted_.clear();
  if (!codec::append_utf8(message_.interchange->charset, bytes, converted_))
    finding("charset", s.tag(), converted_, s,
            fmt::format("bytes that {} does not have; the value is used all the same", message_.interchange->syntax));
  return converted_;
}

std::string_view EdifactValues::squeezed(std::string_view text) {
  if (std::all_of(text.begin(), text.end(), is_ascii_upper_or_digit)) return text;
  held_ = squeeze(text);
  return held_;
}

Value EdifactValues::number(const EdifactRow& row, const codec::Segment& s, std::string_view stated) {
  if (row.convert != Convert::time) return decimal(row, s, stated);
  Value v;
  if (const auto t = time(s, row.source, stated, false)) {
    v.kind = Kind::time;
    v.number = t->time.us;
  }
  return v;
}

std::string_view EdifactValues::word(const EdifactRow& row, const codec::Segment& s, std::string_view stated) {
  switch (row.convert) {
    case Convert::squeezed:
      return squeezed(stated);
    case Convert::seal:
      return seal(row, s, stated);
    case Convert::size_type:
    case Convert::imo:
      return identifier(row, s, stated);
    case Convert::full_empty:
      return coded(row, kFullEmpty, s, stated);
    case Convert::status:
      return coded(row, kStatus, s, stated);
    case Convert::mode:
      return coded(row, kMode, s, stated);
    case Convert::vgm_method:
      return coded(row, kVgmMethod, s, stated);
    case Convert::coded:
      return coded(row, row.codes, s, stated);
    case Convert::dangerous_goods: {
      held_ = stated;
      const std::string_view number = text(s, behind(row.source, 1, -row.source.component));
      if (held_.empty() && number.empty()) return {};
      return held_.append(1, '/').append(number);
    }
    default:
      return {};  // the interpreter's own
  }
}

std::string_view EdifactValues::seal(const EdifactRow& row, const codec::Segment& s, std::string_view stated) {
  if (stated.empty() || std::any_of(stated.begin(), stated.end(), is_ascii_digit)) return stated;
  finding("seal_without_number", info(*row.field).name, stated, s, "says that there is a seal, not which");
  return {};
}

std::string_view EdifactValues::identifier(const EdifactRow& row, const codec::Segment& s, std::string_view stated) {
  if (stated.empty()) return {};
  const auto check_of = [&](std::string_view code) {
    return row.convert == Convert::imo ? check_imo(code) : check_size_type(code);
  };
  if (check_of(stated) == IdentifierCheck::good) return stated;
  const std::string_view code = squeezed(stated);
  const IdentifierCheck check = check_of(code);
  if (check == IdentifierCheck::good) return code;
  const std::string_view field = info(*row.field).name;
  finding(name(check), field, stated, s,
          fmt::format("'{}' is {} as {}", stated.substr(0, kFindingBytes), name(check), field));
  if (row.convert == Convert::imo && check == IdentifierCheck::malformed) return {};
  return code;
}

Value EdifactValues::decimal(const EdifactRow& row, const codec::Segment& s, std::string_view stated) {
  const std::string_view number = kept(s, stated);
  if (number.empty()) return {};
  const std::string_view unit = text(s, behind(row.source, 0, row.convert == Convert::kg ? -1 : 1));
  const auto field = [&] { return info(*row.field).name; };
  Value v;
  if (!parse_decimal(number, v.number) || v.number > kLargestValue || v.number < -kLargestValue) {
    finding("number_unreadable", field(), number, s,
            fmt::format("'{}' is no number of {}", number.substr(0, kFindingBytes), field()));
    return {};
  }
  for (const Unit& u : kUnits) {
    if (u.convert != row.convert || u.code != unit) continue;
    v.kind = Kind::decimal;
    if (&u == kUnits || &u == kUnits + 1) return v;  // nearly all: in SI already, and without a division
    v.number = (v.number - u.offset) / u.denominator * u.numerator +
               (v.number - u.offset) % u.denominator * u.numerator / u.denominator;
    return v;
  }
  finding("unit_unknown", field(), unit, s,
          fmt::format("{} in '{}' is not read", field(), unit.substr(0, kFindingBytes)));
  return {};
}

std::string_view EdifactValues::coded(const EdifactRow& row, std::span<const Code> codes, const codec::Segment& s,
                                      std::string_view code) {
  if (code.empty()) return {};
  for (const Code& c : codes)
    if (c.code.size() == code.size() && c.code.front() == code.front() && c.code == code) return c.word;
  count_unknown_code(context_, info(*row.field).name, code, s.offset());
  return {};
}

std::optional<ReadTime> EdifactValues::time(const codec::Segment& s, At at, std::string_view value, bool keeps_order) {
  const std::string_view stated = kept(s, value);
  if (stated.empty()) return std::nullopt;
  const std::string_view format = text(s, behind(at, 0, 1));
  const bool is_usual = format == "203" && stated.size() == kMinuteAt + 2;
  const auto& [digits, begin] = context_.hour;
  if (is_usual && begin && std::equal(digits.begin(), digits.end(), stated.begin()) && stated[kMinuteAt] >= '0' &&
      stated[kMinuteAt] < '6' && is_ascii_digit(stated[kMinuteAt + 1]))
    return ReadTime{*begin + minutes((stated[kMinuteAt] - '0') * 10 + stated[kMinuteAt + 1] - '0'), 60};
  const auto local = codec::parse_dtm(stated, format);
  if (!local) {
    finding("time_unreadable", s.tag(), stated, s,
            fmt::format("'{}' in format {} is no time that is read here", stated.substr(0, kFindingBytes),
                        format.substr(0, kFindingBytes)));
    return std::nullopt;
  }
  if (is_usual) know_hour(stated, local->time);
  return to_utc(*local, s.offset(), keeps_order);
}

// Where the zone's clock goes evenly from the first to the last minute of it.
void EdifactValues::know_hour(std::string_view stated, CivilTime local) {
  local.minute = 0;
  const auto first = codec::to_utc(local, context_.source.time_zone, std::nullopt);
  local.minute = 59;
  const auto last = codec::to_utc(local, context_.source.time_zone, std::nullopt);
  if (!first || !last || first->error_s != 0 || last->error_s != 0 || last->time - first->time != minutes(59)) return;
  std::copy_n(stated.begin(), kMinuteAt, context_.hour.digits.begin());
  context_.hour.begin = first->time;
}

// A message states no order of happening (COARRI lists by crane), so that a repeated hour always keeps its error.
ReadTime EdifactValues::to_utc(const codec::DtmValue& local, std::uint64_t offset, bool keeps_order) {
  const auto& zone = context_.source.time_zone;
  const auto as_utc = [&](std::string_view code, std::string_view why) {
    if (!context_.time_zone_told) context_.sink.finding({code, "event_time", zone, offset, std::string(why)});
    context_.time_zone_told = true;
    return ReadTime{from_civil_utc(local.time), local.error_s};
  };
  if (zone.empty()) return as_utc("no_time_zone", "the feed's contract names no time zone: times are taken for UTC");
  const auto plain = codec::to_utc(local.time, zone, std::nullopt);
  if (!plain) return as_utc("time_zone_unknown", plain.error().message);
  ReadTime out{plain->time, std::max(plain->error_s, local.error_s)};
  if (plain->error_s > 0 && keeps_order && context_.last_event_time)
    if (const auto ordered = codec::to_utc(local.time, zone, context_.last_event_time)) out.time = ordered->time;
  return out;
}

}  // namespace quaywatch::adapter
