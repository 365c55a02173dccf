#include "sim/message_parts.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/edifact_writer.h"

namespace quaywatch::sim {
namespace {

constexpr Dialect kDialects[] = {
    {"BAPLIE:D:95B:UN:SMDG22", "COPRAR:D:95B:UN:SMDG16", "43", "45", "COPARN:D:95B:UN:SMDG16", false, true},
    {"BAPLIE:D:13B:UN:SMDG31", "COPRAR:D:00B:UN:SMDG20", "118", "121", "COPARN:D:00B:UN:SMDG20", true, false},
    {"BAPLIE:D:95B:UN:SMDG20", "COPRAR:D:95B:UN:SMDG16", "43", "45", "COPARN:D:00B:UN:SMDG20", false, false},
    {"BAPLIE:D:13B:UN:SMDG31", "COPRAR:D:00B:UN:SMDG20", "145", "146", "COPARN:D:95B:UN:SMDG16", false, true},
    {"BAPLIE:D:95B:UN:SMDG22", "COPRAR:D:00B:UN:SMDG20", "118", "121", "COPARN:D:95B:UN:SMDG16", true, true},
    {"BAPLIE:D:95B:UN:SMDG22", "COPRAR:D:95B:UN:SMDG16", "43", "45", "COPARN:D:00B:UN:SMDG20", false, false},
};

// Code list 8249: export, import, transhipment.
int status_of(Trade trade) { return trade == Trade::export_trade ? 2 : trade == Trade::import ? 3 : 6; }

}  // namespace

const Dialect& dialect_of(const World& world, Index line) {
  const auto& lines = world.port().of_kind[static_cast<std::size_t>(CompanyKind::line)];
  const auto place = static_cast<std::size_t>(std::find(lines.begin(), lines.end(), line) - lines.begin());
  return kDialects[place % std::size(kDialects)];
}

const std::string& port_of_origin(const World& world, const Box& box) {
  return world.figures().shares("box.origin").names[box.origin];
}
const std::string& port_of_destination(const World& world, const Box& box) {
  return world.figures().shares("box.destination").names[box.destination];
}

std::string party_segment(const World& world, std::string_view role, Index company) {
  return fmt::format("NAD+{}+{}:160:ZZZ", role, edi(world.port().companies[company].code));
}

std::string vessel_segment(const World& world, const Call& call, std::string_view voyage) {
  return fmt::format("TDT+20+{}+1+13+{}:172:20+++{}:146::{}", voyage, world.port().companies[call.line].code, call.imo,
                     edi(call.vessel));
}

std::string here_segment(int qualifier) {
  return fmt::format("LOC+{}+{}:139:6+{}:TER:ZZZ", qualifier, kPlace, kTerminal);
}

std::string box_segment(const Box& box) {
  return fmt::format("EQD+CN+{}+{}:102:5++{}+{}", box.number, box.size_type, status_of(box.trade), box.full ? 5 : 4);
}

std::string cell_text(const Cell& cell) { return fmt::format("{:03}{:02}{:02}", cell.bay, cell.row, cell.tier); }

std::string seal_as_read(const World& world, std::string_view seal, Random& random) {
  if (seal.empty() || random.chance(world.figures().value("seal.unread_share"))) return {};
  std::string out(seal);
  if (!random.chance(world.figures().value("seal.typo_share"))) return out;
  char& digit = out[1 + random.below(out.size() - 1)];
  digit = static_cast<char>('0' + (digit - '0' + 1 + static_cast<int>(random.below(9))) % 10);
  return out;
}

}  // namespace quaywatch::sim
