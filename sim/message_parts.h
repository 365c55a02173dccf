// What the messages of the quay and of shipping papers have in common, and in what the senders differ. Segments are
// those of the D.95B family unless a name says otherwise.
#pragma once

#include <string>
#include <string_view>

#include "sim/world.h"

namespace quaywatch::sim {

// How one line writes. Lines take the rows of the table in their order in the port.
struct Dialect {
  std::string_view bay_plan;                    // UNH of BAPLIE
  std::string_view list;                        // UNH of COPRAR
  std::string_view discharge_list, load_list;   // BGM 1001 of COPRAR
  std::string_view order;                       // UNH of COPARN
  bool names_empties = false;                   // a booking names the box that is to be fetched
  bool breaks = true;                           // a line break behind each segment
};
const Dialect& dialect_of(const World& world, Index line);

const std::string& port_of_origin(const World& world, const Box& box);
const std::string& port_of_destination(const World& world, const Box& box);

std::string party_segment(const World& world, std::string_view role, Index company);  // NAD+role+code
std::string vessel_segment(const World& world, const Call& call, std::string_view voyage);
std::string here_segment(int qualifier);  // LOC with the port and the terminal
std::string box_segment(const Box& box);
std::string cell_text(const Cell& cell);  // bay, row, tier: 0BBRRTT

// A seal number as a man at the quay or a camera reads it: empty when he does not, now and then with a wrong digit.
std::string seal_as_read(const World& world, std::string_view seal, Random& random);

}  // namespace quaywatch::sim
