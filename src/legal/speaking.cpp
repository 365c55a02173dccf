#include "legal/speaking.h"

namespace quaywatch::legal {
namespace {

constexpr Words kInSite{"write {} under [legal] in site.toml", "escriba {} en [legal] de site.toml"};
constexpr Words kInController{"write {} under [controller] in {}", "escriba {} en [controller] de {}"};
constexpr Words kNoContract{"the feed has no contract: write one with its owner",
                            "la fuente no tiene contrato: escriba uno con su propietario"};

}  // namespace

std::vector<std::string> Speaking::heads(std::initializer_list<Words> all) const {
  std::vector<std::string> out;
  for (const Words& w : all) out.push_back(in(w));
  return out;
}

Cell Speaking::stated(const Statements& statements, std::string_view key) const {
  for (const StatementKey& k : kStatementKeys)
    if (k.key == key && !(statements.*k.value).empty()) return {statements.*k.value};
  return {fill(kInSite, key), true};
}

Cell Speaking::of_feed(const Feed& feed, const std::string& value, std::string_view key) const {
  if (!value.empty()) return {value};
  return {feed.file.empty() ? in(kNoContract) : fill(kInController, key, feed.file), true};
}

}  // namespace quaywatch::legal
