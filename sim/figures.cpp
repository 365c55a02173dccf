#include "sim/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <toml++/toml.h>

namespace quaywatch::sim {
namespace {

template <typename Map>
const auto& found(const Map& map, std::string_view name, const char* kind) {
  const auto it = map.find(name);
  if (it == map.end()) throw std::out_of_range(fmt::format("calibration has no {} of the name '{}'", kind, name));
  return it->second;
}

Result<Quantiles> read_quantiles(const toml::array& list) {
  Quantiles out;
  if (list.size() != out.at.size()) return fail(ErrorCode::malformed, "needs eleven numbers, at 0, 10, ... 100 %");
  for (std::size_t i = 0; i < out.at.size(); ++i) {
    const auto number = list[i].value<double>();
    if (!number) return fail(ErrorCode::malformed, fmt::format("entry {} of quantiles is no number", i + 1));
    out.at[i] = *number;
  }
  if (!std::is_sorted(out.at.begin(), out.at.end())) return fail(ErrorCode::malformed, "quantiles must ascend");
  return out;
}

Result<Shares> read_shares(const toml::table& table) {
  Shares out;
  double sum = 0;
  for (const auto& [key, node] : table) {
    const auto weight = node.value<double>();
    if (!weight || *weight < 0) return fail(ErrorCode::malformed, fmt::format("share '{}' is no weight", key.str()));
    out.names.emplace_back(key.str());
    out.upto.push_back(sum += *weight);
  }
  if (sum <= 0) return fail(ErrorCode::malformed, "shares have no positive sum");
  return out;
}

struct SizeField {
  const char* name;
  std::uint32_t Size::* field;
};
constexpr SizeField kSizeFields[] = {
    {"boxes_per_year", &Size::boxes_per_year}, {"berths", &Size::berths},
    {"quay_cranes", &Size::quay_cranes},       {"yard_blocks", &Size::yard_blocks},
    {"straddle_carriers", &Size::straddle_carriers}, {"gate_lanes", &Size::gate_lanes},
    {"hauliers", &Size::hauliers},             {"forwarders", &Size::forwarders},
    {"importers", &Size::importers},           {"staff", &Size::staff}};

Result<Size> read_size(const toml::table& table) {
  Size out;
  out.name = table["name"].value_or(std::string());
  for (const auto& [name, field] : kSizeFields) {
    const auto number = table[name].value<std::int64_t>();
    if (!number || *number < 1 || *number > 100'000'000)
      return fail(ErrorCode::malformed, fmt::format("calibration: size '{}' needs {} from 1 up", out.name, name));
    out.*field = static_cast<std::uint32_t>(*number);
  }
  return out;
}

}  // namespace

double Quantiles::at_share(double share) const {
  const double place = share * 10;
  const auto i = std::min<std::size_t>(static_cast<std::size_t>(place), 9);
  return at[i] + (at[i + 1] - at[i]) * (place - static_cast<double>(i));
}

double Quantiles::draw(Random& random) const { return at_share(random.unit()); }

double Quantiles::mean() const {
  double sum = 0;
  for (std::size_t i = 0; i < 10; ++i) sum += (at[i] + at[i + 1]) / 20;
  return sum;
}

std::size_t Shares::draw(Random& random) const {
  const double x = random.unit() * upto.back();
  return static_cast<std::size_t>(std::upper_bound(upto.begin(), upto.end() - 1, x) - upto.begin());
}

double Shares::share(std::string_view name) const {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == name) return (upto[i] - (i == 0 ? 0 : upto[i - 1])) / upto.back();
  return 0;
}

Result<Figures> Figures::parse(std::string_view text) {
  toml::table parsed;
  try {
    parsed = toml::parse(text);
  } catch (const toml::parse_error& e) {
    return fail(ErrorCode::malformed,
                fmt::format("calibration, line {}: {}", e.source().begin.line, e.description()));
  }
  Figures out;
  const auto* figures = parsed["figure"].as_array();
  const auto* sizes = parsed["size"].as_array();
  if (figures == nullptr || sizes == nullptr)
    return fail(ErrorCode::malformed, "calibration needs tables [[figure]] and [[size]]");
  for (const auto& node : *figures) {
    const toml::table& table = *node.as_table();
    const std::string name = table["name"].value_or(std::string());
    const auto refused = [&](const Error& e) {
      return fail(ErrorCode::malformed, fmt::format("calibration, figure '{}': {}", name, e.message));
    };
    if (const auto* list = table["quantiles"].as_array()) {
      auto read = read_quantiles(*list);
      if (!read) return refused(read.error());
      out.quantiles_.emplace(name, *read);
    } else if (const auto* shares = table["shares"].as_table()) {
      auto read = read_shares(*shares);
      if (!read) return refused(read.error());
      out.shares_.emplace(name, std::move(*read));
    } else if (const auto value = table["value"].value<double>()) {
      out.values_.emplace(name, *value);
    } else {
      return refused({ErrorCode::malformed, "needs one of value, quantiles, shares", {}});
    }
  }
  for (const auto& node : *sizes) {
    auto size = read_size(*node.as_table());
    if (!size) return tl::unexpected(size.error());
    out.sizes_.push_back(std::move(*size));
  }
  return out;
}

bool Figures::has_value(std::string_view name) const { return values_.find(name) != values_.end(); }
double Figures::value(std::string_view name) const { return found(values_, name, "value"); }
const Quantiles& Figures::quantiles(std::string_view name) const { return found(quantiles_, name, "quantiles"); }
const Shares& Figures::shares(std::string_view name) const { return found(shares_, name, "shares"); }

const Size* Figures::size(std::string_view name) const {
  for (const Size& size : sizes_)
    if (size.name == name) return &size;
  return nullptr;
}

std::vector<std::string> Figures::sizes() const {
  std::vector<std::string> out;
  for (const Size& size : sizes_) out.push_back(size.name);
  return out;
}

}  // namespace quaywatch::sim
