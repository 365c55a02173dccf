#include "api/interface.h"

#include <yaml-cpp/yaml.h>

#include <charconv>
#include <nlohmann/json.hpp>

#include "api/interface_file.h"

namespace quaywatch::api {
namespace {

using nlohmann::ordered_json;

ordered_json scalar(const YAML::Node& node) {
  const std::string& text = node.Scalar();
  if (node.Tag() == "!") return text;  // quoted, or a block
  if (text == "null" || text == "~" || text.empty()) return nullptr;
  if (text == "true" || text == "false") return text == "true";
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size()) return number;
  return text;
}

ordered_json convert(const YAML::Node& node) {
  if (node.IsSequence()) {
    auto out = ordered_json::array();
    for (const auto& item : node) out.push_back(convert(item));
    return out;
  }
  if (node.IsMap()) {
    auto out = ordered_json::object();
    for (const auto& item : node) out[item.first.Scalar()] = convert(item.second);
    return out;
  }
  return node.IsScalar() ? scalar(node) : ordered_json(nullptr);
}

}  // namespace

Result<ordered_json> json_of_yaml(const std::string& yaml) {
  try {
    return convert(YAML::Load(yaml));
  } catch (const YAML::Exception& e) {
    return fail(ErrorCode::malformed, e.what());
  }
}

const ordered_json& interface() {
  static const ordered_json document = json_of_yaml(interface_files().front().text).value_or(ordered_json::object());
  return document;
}

}  // namespace quaywatch::api
