#include "geo/geometry.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/limits_server.h"

namespace quaywatch::geo {
namespace {

std::string feature(const std::string& properties, const std::string& geometry) {
  return fmt::format(R"({{"type":"Feature","properties":{},"geometry":{}}})", properties, geometry);
}
std::string collection(const std::string& features) {
  return fmt::format(R"({{"type":"FeatureCollection","features":[{}]}})", features);
}
std::string named(const std::string& kind, const std::string& code, const std::string& more = "") {
  return feature(fmt::format(R"({{"kind":"{}","code":"{}"{}}})", kind, code, more),
                 R"({"type":"Point","coordinates":[13.5,45.1]})");
}
std::string refusal(const std::string& json) {
  const auto read = Geometry::parse(json, "port.geojson");
  return read ? "read" : read.error().context + ": " + read.error().message;
}

const std::string kSquare = "[[13,45],[13.1,45],[13.1,45.1],[13,45]]";

TEST(Geometry, ReadsEachShape) {
  const std::string properties =
      R"({"kind":"block","code":"A05","name":"Block A05","facility":"ZZQAY/T1","owner":"terminal","fid":7})";
  const std::string area = fmt::format(R"({{"type":"Polygon","coordinates":[{}]}})", kSquare);
  const std::string areas = fmt::format(R"({{"type":"MultiPolygon","coordinates":[[{0}],[{0}]]}})", kSquare);
  const auto read = Geometry::parse(
      collection(feature(properties, area) + "," +
                 feature(R"({"kind":"berth","code":"T1-1"})",
                         R"({"type":"LineString","coordinates":[[13,45],[13.1,45]]})") +
                 "," + feature(R"({"kind":"ground"})", areas) + "," +
                 feature(R"({"kind":"camera","code":"CAM1"})", R"({"type":"Point","coordinates":[13,45,12.5]})")),
      "port.geojson");
  ASSERT_TRUE(read.has_value()) << read.error().message;
  ASSERT_EQ(read->features.size(), 4U);
  const Feature& block = read->features[0];
  EXPECT_EQ(block.kind, FeatureKind::block);
  EXPECT_EQ(block.owner, "terminal");
  EXPECT_EQ(block.paths[0].size(), 4U);
  EXPECT_DOUBLE_EQ(block.paths[0][1].longitude, 13.1);
  EXPECT_EQ(read->features[1].shape, Shape::line);
  EXPECT_EQ(read->features[2].paths.size(), 2U);
  EXPECT_EQ(read->features[3].shape, Shape::point);
}

TEST(Geometry, FindsWhatRecordsName) {
  const std::string t1 = R"(,"facility":"ZZQAY/T1")", t2 = R"(,"facility":"ZZQAY/T2")";
  const auto g = Geometry::parse(
      collection(named("block", "A05", t1 + R"(,"aliases":["BLOCK05"])") + "," + named("zone", "QUAY", t1) + "," +
                 named("zone", "A05", t1) + "," + named("zone", "GATE", t1) + "," + named("zone", "GATE", t2) + "," +
                 named("berth", "T1-1", t1)),
      "port.geojson");
  ASSERT_TRUE(g.has_value()) << g.error().message;
  const auto code = [&](std::vector<FeatureKind> kinds, std::string_view facility, std::string_view text) {
    const Feature* f = g->find(kinds, facility, text);
    return f == nullptr ? "" : std::string(kFeatureKindNames[static_cast<std::size_t>(f->kind)]) + " " + f->code;
  };
  using enum FeatureKind;
  EXPECT_EQ(code({block, zone}, "ZZQAY/T1", "A05-12-3-2"), "block A05");
  EXPECT_EQ(code({zone, block}, "ZZQAY/T1", "a05-12-3-2"), "zone A05");
  EXPECT_EQ(code({block}, "ZZQAY/T1", "BLOCK05"), "block A05");
  EXPECT_EQ(code({block}, "ZZQAY/T1", "A051-12"), "") << "a longer code is another block";
  EXPECT_EQ(code({block}, "ZZQAY/T2", "A05-12"), "") << "of another facility";
  EXPECT_EQ(code({block}, "ZZQAY/T11", "A05-12"), "");
  EXPECT_EQ(code({berth}, "", "T1-1"), "berth T1-1");
  EXPECT_EQ(code({berth}, "ZZQAY", "T1-1"), "berth T1-1");
  EXPECT_EQ(code({zone}, "ZZQAY", "GATE"), "") << "two terminals have one";
  EXPECT_EQ(code({zone}, "ZZQAY/T2", "GATE"), "zone GATE");
  EXPECT_EQ(code({zone}, "ZZQAY/T1", "--/"), "");
}

TEST(Geometry, SaysFileFeaturePropertyAndWhatToDo) {
  const auto says = [](const std::string& json, const std::string& words) {
    const std::string why = refusal(json);
    EXPECT_TRUE(why.starts_with("port.geojson: ")) << why;
    EXPECT_NE(why.find(words), std::string::npos) << why;
  };
  says("{", "no JSON");
  says("[]", "no GeoJSON FeatureCollection");
  says(R"({"type":"FeatureCollection"})", "list 'features'");
  says(collection("3"), "feature 1, properties: ");
  says(collection(named("yard", "A")), "feature 1 ('A'), kind: 'yard' is none of: ground, zone, block");
  says(collection(named("zone", "")), "feature 1, code: it is missing");
  says(collection(feature(R"({"kind":"zone","code":7})", "{}")), "code: it must be a text");
  says(collection(feature(R"({"kind":"zone","code":"A"})", "null")), "('A'), geometry: it is missing");
  says(collection(named("zone", "A", R"(,"aliases":"B")")), "aliases: it must be a list");
  says(collection(named("zone", std::string(101, 'A'))), "100 are allowed");
  const auto shaped = [](const std::string& geometry) {
    return collection(feature(R"({"kind":"zone","code":"A"})", geometry));
  };
  says(shaped(R"({"type":"GeometryCollection","coordinates":[]})"), "type 'GeometryCollection' is not drawn");
  says(shaped(R"({"type":"Point","coordinates":["13","45"]})"), "a position is [longitude, latitude]");
  says(shaped(R"({"type":"Point","coordinates":[412345.5,5034567.1]})"), "in metres must be converted");
  says(shaped(R"({"type":"Point","coordinates":[13,1e400]})"), "no JSON");
  says(shaped(R"({"type":"LineString","coordinates":[[13,45]]})"), "2 or more positions");
  says(shaped(R"({"type":"Polygon","coordinates":[[[13,45],[13.1,45],[13.1,45.1],[13,45.1]]]})"), "not closed");
  says(shaped(R"({"type":"Polygon","coordinates":[]})"), "a list of rings");
  says(collection(named("zone", "A") + "," +
                  feature(R"({"kind":"zone","code":"B"})", R"({"type":"Point","coordinates":[45.1,13.5]})")),
       "feature 'B', coordinates: [45.1, 13.5] lies more than 2 degrees");
  says(collection(named("zone", "A") + "," + named("zone", "B", R"(,"aliases":["a"])")),
       "feature 2 ('B'), code: feature 1 is the zone 'a'");
}

TEST(Geometry, IsBounded) {
  EXPECT_NE(refusal(std::string(limits::kGeometryBytes + 1, ' ')).find("too many"), std::string::npos);
  EXPECT_NE(refusal(std::string(100'000, '[')).find("levels"), std::string::npos);
  std::string many = named("ground", "");
  for (std::size_t i = 0; i < limits::kGeometryFeatures; ++i) many += "," + named("ground", "");
  EXPECT_NE(refusal(collection(many)).find("2001 features are too many"), std::string::npos);
  std::string line = "[13,45]";
  for (std::size_t i = 0; i < limits::kGeometryVertices; ++i) line += ",[13,45]";
  const std::string long_line =
      feature(R"({"kind":"ground"})", fmt::format(R"({{"type":"LineString","coordinates":[{}]}})", line));
  EXPECT_NE(refusal(collection(long_line)).find("simplify its outlines"), std::string::npos);
}

}  // namespace
}  // namespace quaywatch::geo
