// What boxes carry, by the HS subheadings of box.commodity: in the words of papers, and the set point of those that
// need cooling.
#include "sim/commodities.h"

#include <algorithm>

namespace quaywatch::sim {
namespace {

constexpr int kDry = 10'000;
struct Commodity {
  std::string_view hs, text;
  int set_point_dc;  // tenths of a degree Celsius
};
constexpr Commodity kCommodities[] = {
    {"080390", "bananas", 133},
    {"080430", "pineapples", 80},
    {"080440", "avocados", 60},
    {"080450", "mangoes", 100},
    {"080510", "oranges", 40},
    {"080610", "grapes", -5},
    {"080810", "apples", 5},
    {"070320", "garlic", -20},
    {"020230", "frozen boneless beef", -180},
    {"020714", "frozen chicken cuts", -180},
    {"030487", "frozen tuna fillets", -180},
    {"030617", "frozen shrimps", -200},
    {"081190", "frozen fruit", -180},
    {"200911", "frozen orange juice", -100},
    {"080132", "cashew nuts", kDry},
    {"080212", "almonds", kDry},
    {"090111", "coffee", kDry},
    {"180100", "cocoa beans", kDry},
    {"090240", "tea", kDry},
    {"100630", "rice", kDry},
    {"120740", "sesame", kDry},
    {"160414", "canned tuna", kDry},
    {"170199", "sugar", kDry},
    {"210111", "coffee extract", kDry},
    {"220421", "wine in bottles", kDry},
    {"240120", "tobacco", kDry},
    {"230400", "soya meal", kDry},
    {"291736", "terephthalic acid", kDry},
    {"300490", "medicaments", kDry},
    {"310520", "fertiliser", kDry},
    {"330499", "cosmetics", kDry},
    {"340290", "cleaning preparations", kDry},
    {"382499", "chemical preparations", kDry},
    {"390120", "polyethylene", kDry},
    {"390210", "polypropylene", kDry},
    {"390761", "polyethylene terephthalate", kDry},
    {"392410", "plastic tableware", kDry},
    {"392690", "plastic articles", kDry},
    {"401110", "car tyres", kDry},
    {"401120", "lorry tyres", kDry},
    {"420292", "bags", kDry},
    {"440711", "sawn pine", kDry},
    {"440729", "sawn tropical wood", kDry},
    {"441231", "plywood", kDry},
    {"470329", "wood pulp", kDry},
    {"481910", "cartons", kDry},
    {"491199", "printed matter", kDry},
    {"610910", "T-shirts", kDry},
    {"611020", "pullovers", kDry},
    {"620342", "trousers", kDry},
    {"630260", "towels", kDry},
    {"640399", "leather shoes", kDry},
    {"640419", "textile shoes", kDry},
    {"680223", "granite slabs", kDry},
    {"690721", "tiles", kDry},
    {"691110", "porcelain", kDry},
    {"730890", "steel structures", kDry},
    {"731815", "screws", kDry},
    {"732393", "steel kitchenware", kDry},
    {"732690", "steel articles", kDry},
    {"740311", "copper cathodes", kDry},
    {"760110", "aluminium, unwrought", kDry},
    {"760612", "aluminium sheet", kDry},
    {"841490", "fan and pump parts", kDry},
    {"841510", "air conditioners", kDry},
    {"841810", "refrigerators", kDry},
    {"842211", "dishwashers", kDry},
    {"845011", "washing machines", kDry},
    {"847130", "portable computers", kDry},
    {"847989", "machines", kDry},
    {"848180", "valves", kDry},
    {"850152", "motors", kDry},
    {"850440", "power supplies", kDry},
    {"850760", "lithium batteries", kDry},
    {"852872", "television sets", kDry},
    {"853710", "switchboards", kDry},
    {"854143", "solar modules", kDry},
    {"854449", "cable", kDry},
    {"870830", "brakes", kDry},
    {"870899", "vehicle parts", kDry},
    {"871200", "bicycles", kDry},
    {"940161", "upholstered seats", kDry},
    {"940360", "wooden furniture", kDry},
    {"940542", "LED lamps", kDry},
    {"950300", "toys", kDry},
    {"950510", "Christmas articles", kDry},
    {"950691", "exercise equipment", kDry},
    {"961900", "nappies", kDry},
};

const Commodity* commodity_of(std::string_view hs) {
  const auto* const found =
      std::find_if(std::begin(kCommodities), std::end(kCommodities), [&](const Commodity& c) { return c.hs == hs; });
  return found == std::end(kCommodities) ? nullptr : found;
}

}  // namespace

std::string_view goods_text(std::string_view hs) {
  const Commodity* c = commodity_of(hs);
  return c == nullptr ? "general cargo" : c->text;
}

std::optional<int> set_point_dc(std::string_view hs) {
  const Commodity* c = commodity_of(hs);
  return c == nullptr || c->set_point_dc == kDry ? std::nullopt : std::optional(c->set_point_dc);
}

std::uint16_t draw_commodity(const Figures& figures, std::string_view size_type, Random& random) {
  const Shares& shares = figures.shares("box.commodity");
  std::size_t drawn = shares.draw(random);
  // The bound is for a table that has goods of one kind only.
  for (int tries = 0; tries < 500; ++tries, drawn = shares.draw(random))
    if (set_point_dc(shares.names[drawn]).has_value() == size_type.ends_with("R1")) break;
  return static_cast<std::uint16_t>(drawn);
}

}  // namespace quaywatch::sim
