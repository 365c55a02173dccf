#include "codec/json_paths.h"

#include <gtest/gtest.h>

#include <string>

namespace quaywatch::codec {
namespace {

constexpr std::string_view kPaths[] = {"a", "a.b", "call", "call.vessel.name", "call.vessel", "call.name", "name",
                                       "list", "list.x", "none", "vessel.name", "a.b.c.d.e"};
using Members = JsonMembers<kPaths>;

TEST(JsonPaths, FindWhatASearchByPathFinds) {
  const std::string records[] = {
      R"({})",
      R"({"a":1,"name":"n","list":[{"x":1}],"none":null})",
      R"({"a":{"b":{"c":{"d":{"e":true}}}},"b":2,"b.c":3,"a.b":4})",
      R"({"call":{"name":"c","vessel":{"name":"v","call":{"name":"w"}},"a":{"b":1}},"vessel":{"name":[]}})",
      R"({"call":"text","vessel":7,"\u006eame":"escaped","list":{"x":{}}})",
  };
  JsonTreeReader reader;
  for (const std::string& record : records) {
    const auto root = reader.read(record, 0, record.size());
    ASSERT_TRUE(root) << record;
    std::array<const JsonNode*, std::size(kPaths)> found{};
    JsonPaths(kPaths).find(**root, found);
    for (std::size_t i = 0; i < found.size(); ++i) EXPECT_EQ(found[i], (*root)->find_path(kPaths[i])) << record;
    const Members members(*root);
    EXPECT_EQ(members.find("call.vessel"), (*root)->find_path("call.vessel")) << record;
    EXPECT_EQ(members.text("call.name"), (*root)->text_at("call.name")) << record;
    EXPECT_EQ(members.text("a"), (*root)->text_at("a")) << record;
  }
  EXPECT_EQ(Members(nullptr).find("a"), nullptr);
}

// Keys of the same length, first, middle and last letter have the same mark.
TEST(JsonPaths, KeysThatLookAlikeAreToldApart) {
  ASSERT_EQ(key_mark("axbyc"), key_mark("aybxc"));
  static constexpr std::string_view kAlike[] = {"axbyc", "azbzc", "o.axbyc"};
  JsonTreeReader reader;
  const std::string record = R"({"aybxc":0,"axbyc":1,"azbzc":2,"o":{"aybxc":3,"axbyc":4}})";
  const auto root = reader.read(record, 0, record.size());
  ASSERT_TRUE(root);
  const JsonMembers<kAlike> members(*root);
  EXPECT_EQ(members.find("axbyc")->text, "1");
  EXPECT_EQ(members.find("azbzc")->text, "2");
  EXPECT_EQ(members.find("o.axbyc")->text, "4");
  const std::string twice = R"({"aybxc":0,"axbyc":1,"aybxc":2})";
  const auto refused = reader.read(twice, 0, twice.size());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "repeated_key");
}

}  // namespace
}  // namespace quaywatch::codec
