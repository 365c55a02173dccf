#include "sim/dirt.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/calendar.h"
#include "sim/flows.h"

namespace quaywatch::sim {
namespace {

void tell(const Note& note, std::string_view what, const std::string& path, std::string_view rest = {}) {
  note(fmt::format(R"({{"dirt":"{}","file":"{}"{}}})", what, path, rest));
}

bool has_rows(std::string_view path) { return path.ends_with(".csv") || path.ends_with(".jsonl"); }

// Where the last `count` lines begin; never before `first`.
std::size_t tail_start(std::string_view bytes, std::size_t first, std::size_t count) {
  std::size_t at = bytes.size();
  while (count > 0 && at > first) {
    const auto before = at < 2 ? std::string_view::npos : bytes.rfind('\n', at - 2);
    at = before == std::string_view::npos || before + 1 < first ? first : before + 1;
    --count;
  }
  return at;
}

}  // namespace

std::string_view feed_of(std::string_view path) {
  const auto name = path.rfind('/') + 1;  // npos + 1 is 0
  const auto digit = path.find_first_of("0123456789", name);
  return path.substr(0, digit);
}

Dirt::Dirt(const Figures& figures, std::uint64_t seed, const Deliver& deliver, const Note& note)
    : figures_(figures), seed_(seed), deliver_(deliver), note_(note) {}

// One draw for all files of a feed and local day.
bool Dirt::lost(const std::string& path, Timestamp arrives) const {
  const auto day = static_cast<std::uint64_t>(local_midnight(arrives).us / days(1).us);
  Random random(stream_seed(stream_seed(seed_, "dirt.lost", day), feed_of(path)));
  return random.chance(figures_.value("dirt.missing_day_share"));
}

std::string Dirt::with_overlap(const std::string& path, std::string_view bytes) {
  const std::size_t head = path.ends_with(".csv") ? bytes.find('\n') + 1 : 0;
  const auto rows = static_cast<std::size_t>(
      std::count(bytes.begin() + static_cast<std::ptrdiff_t>(head), bytes.end(), '\n'));
  std::string& repeated = last_rows_[std::string(feed_of(path))];
  std::string out(bytes.substr(0, head));
  if (!repeated.empty()) tell(note_, "rows_repeated", path, fmt::format(R"(,"bytes":{})", repeated.size()));
  out += repeated;
  out += bytes.substr(head);
  Random random(stream_seed(seed_, "dirt.rows", stream_seed(0, path)));
  const double wanted = figures_.value("dirt.duplicate_row_share") * static_cast<double>(rows);
  const auto count = static_cast<std::size_t>(wanted) + (random.chance(wanted - static_cast<double>(
                                                             static_cast<std::size_t>(wanted))) ? 1U : 0U);
  repeated = bytes.substr(tail_start(bytes, head, count));
  return out;
}

void Dirt::pass(const std::string& path, std::string_view bytes, Timestamp arrives) {
  std::string rows;
  if (has_rows(path)) {
    rows = with_overlap(path, bytes);
    bytes = rows;
  }
  if (lost(path, arrives)) return tell(note_, "lost", path);
  Random random(stream_seed(seed_, "dirt.file", stream_seed(0, path)));
  if (random.chance(figures_.value("dirt.late_file_share"))) {
    const Duration late = hours_of(figures_.quantiles("dirt.late_file_h").draw(random));
    arrives = arrives + late;
    tell(note_, "late", path, fmt::format(R"(,"seconds":{})", late.us / 1'000'000));
  }
  deliver_(path, bytes, arrives);
  if (!random.chance(figures_.value("dirt.duplicate_file_share"))) return;
  const auto name = path.rfind('/') + 1;
  const std::string again = path.substr(0, name) + "resent/" + path.substr(name);
  tell(note_, "sent_twice", path);
  deliver_(again, bytes, arrives + minutes(5 + static_cast<std::int64_t>(random.below(180))));
}

}  // namespace quaywatch::sim
