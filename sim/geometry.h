// The plan of the simulated port, as the map of the console reads it: GeoJSON (RFC 7946), drawn from a size alone. It
// lies in the open northern Adriatic, where no port is.
#pragma once

#include <string>

#include "sim/figures.h"

namespace quaywatch::sim {

std::string port_geometry(const Size& size);

}  // namespace quaywatch::sim
