#include "api/parameters.h"

#include <gtest/gtest.h>

namespace quaywatch::api {
namespace {

TEST(HeaderText, IsAsEncodeUriComponentWritesIt) {
  EXPECT_EQ(header_text(""), "");
  EXPECT_EQ(header_text("seal%201%20(a)~d%C3%A9.jpg"), "seal 1 (a)~d\xc3\xa9.jpg");
  for (const char* other : {"a b", "a+b", "a/b", "d\xc3\xa9", "%4", "%zz", "%FF", "a%0Ab", "\"a\""})
    EXPECT_FALSE(header_text(other)) << other;
}

TEST(Target, PathStaysEncodedAndQueryIsDecoded) {
  const auto t = parse_target("/a%2Fb?q=TRHU+387124%2D7&empty=&flag&q=second");
  ASSERT_TRUE(t);
  EXPECT_EQ(t->path, "/a%2Fb");
  EXPECT_EQ(t->query.at("q"), "TRHU 387124-7") << "the first counts";
  EXPECT_EQ(t->query.at("empty"), "");
  EXPECT_EQ(t->query.at("flag"), "");
  for (const char* bad : {"", "a", "/?a=%", "/?a=%4", "/?a=%zz", "/?a=%00", "/?a=%ff", "/?%0a=1"})
    EXPECT_FALSE(parse_target(bad)) << bad;
}

TEST(Cookie, IsFoundByItsWholeName) {
  EXPECT_EQ(cookie("a=1; session=2; xsession=3", "session"), "2");
  EXPECT_EQ(cookie("xsession=3", "session"), "");
  EXPECT_EQ(cookie("", "session"), "");
}

TEST(Reading, KeepsTheFirstFault) {
  const auto body = nlohmann::json::parse(R"({"a": "x", "n": 1, "list": ["b"], "flag": true})");
  Reading in(body, {"a", "n", "list", "flag"});
  EXPECT_EQ(in.text("a", 10, true), "x");
  EXPECT_EQ(in.texts("list", 2, 10), std::vector<std::string>{"b"});
  EXPECT_EQ(in.flag("flag"), true);
  EXPECT_EQ(in.flag("none"), std::nullopt);
  ASSERT_TRUE(in.is_good());
  EXPECT_EQ(in.text("n", 10), "");
  EXPECT_EQ(in.field(), "n");
  in.text("missing", 10, true);
  EXPECT_EQ(in.field(), "n");
}

TEST(Reading, RefusesWhatIsNotDescribed) {
  const auto refused = [](const char* text) {
    const auto body = nlohmann::json::parse(text);
    Reading in(body, {"a", "list"});
    in.text("a", 3, true, 2);
    in.texts("list", 2, 3);
    return in.field();
  };
  EXPECT_EQ(refused(R"({"a": "xy", "more": 1})"), "more");
  EXPECT_EQ(refused(R"({})"), "a");
  EXPECT_EQ(refused(R"({"a": "x"})"), "a");
  EXPECT_EQ(refused(R"({"a": "xyzq"})"), "a");
  EXPECT_EQ(refused(R"({"a": null})"), "a");
  EXPECT_EQ(refused(R"({"a": "xy", "list": []})"), "list");
  EXPECT_EQ(refused(R"({"a": "xy", "list": ["a", "b", "c"]})"), "list");
  EXPECT_EQ(refused(R"({"a": "xy", "list": ["abcd"]})"), "list");
  EXPECT_EQ(refused(R"({"a": "xy", "list": [1]})"), "list");
  EXPECT_EQ(refused(R"({"a": "xy", "list": ["abc"]})"), "");
  const auto body = nlohmann::json::parse("[]");
  EXPECT_FALSE(Reading(body, {}).is_good());
}

TEST(Reading, NumbersOfAQueryHaveBounds) {
  const std::map<std::string, std::string> query{{"good", "7"}, {"large", "501"}, {"word", "x"}, {"minus", "-1"}};
  EXPECT_EQ(Reading(query).count("good", 1, 500, 100), 7u);
  EXPECT_EQ(Reading(query).count("none", 1, 500, 100), 100u);
  for (const char* name : {"large", "word", "minus"}) {
    Reading in(query);
    in.count(name, 1, 500, 100);
    EXPECT_EQ(in.field(), name);
  }
}

TEST(Ids, AreOfOneForm) {
  EXPECT_TRUE(is_id("u-0123456789abcdef", 'u'));
  for (const char* bad :
       {"", "u-", "u-0123456789ABCDEF", "u-0123456789abcde", "c-0123456789abcdef", "u-0123456789abcdeg"})
    EXPECT_FALSE(is_id(bad, 'u')) << bad;
}

}  // namespace
}  // namespace quaywatch::api
