// The routes against api/openapi.yaml: the same operations, methods, paths and rights.
#include "api/routes.h"

#include <gtest/gtest.h>

#include <set>

#include "api/interface.h"

namespace quaywatch::api {
namespace {

std::set<std::string> words_of(std::uint8_t access) {
  std::set<std::string> out;
  for (std::size_t i = 0; i < identity::kRoleNames.size(); ++i)
    if ((access >> i & 1) != 0) out.emplace(identity::kRoleNames[i]);
  if ((access & kAnyone) != 0) out.insert("anyone");
  if ((access & kLoopback) != 0) out.insert("loopback");
  return out;
}

TEST(Routes, AreThoseOfTheDescription) {
  std::set<std::string> described, served;
  for (const auto& [path, methods] : interface()["paths"].items())
    for (const auto& [method, operation] : methods.items())
      if (method != "parameters") described.insert(operation["operationId"].get<std::string>());
  for (const Route& route : routes()) EXPECT_TRUE(served.emplace(route.operation).second) << route.operation;
  EXPECT_EQ(served, described);
}

TEST(Routes, HaveTheRightsOfTheDescription) {
  for (const Route& route : routes()) {
    std::string method(route.method);
    for (char& c : method) c = static_cast<char>(c + 32);
    const auto& paths = interface()["paths"];
    ASSERT_TRUE(paths.contains(std::string(route.path)) && paths[std::string(route.path)].contains(method))
        << route.operation;
    const auto& operation = paths[std::string(route.path)][method];
    EXPECT_EQ(operation["operationId"], route.operation);
    EXPECT_EQ(words_of(route.access), operation["x-roles"].get<std::set<std::string>>()) << route.operation;
    EXPECT_EQ(route.needs_csrf(), operation.value("x-csrf", false)) << route.operation;
    EXPECT_EQ(route.body != Body::none, operation.contains("requestBody")) << route.operation;
    const bool is_open = operation.contains("security") && operation["security"].empty();
    EXPECT_EQ((route.access & kAnyone) != 0, is_open) << route.operation;
  }
}

TEST(Interface, ScalarsKeepTheirKinds) {
  const auto j = json_of_yaml("{a: 1, b: '1', c: true, d: 'true', e: null, f: [x, '200'], g: 1.5}");
  ASSERT_TRUE(j);
  EXPECT_EQ(j->dump(), R"({"a":1,"b":"1","c":true,"d":"true","e":null,"f":["x","200"],"g":"1.5"})");
  EXPECT_FALSE(json_of_yaml("{a: [}"));
}

}  // namespace
}  // namespace quaywatch::api
