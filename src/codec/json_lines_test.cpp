#include "codec/json_lines.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <vector>

#include "base/limits.h"

namespace quaywatch::codec {
namespace {

// "path=text" per member, "path[]=text" inside arrays; "!reason" of a refused line.
std::string flat(std::string_view line) {
  JsonLineReader reader;
  const auto members = reader.read(line, 0, line.size());
  if (!members) return "!" + std::string(members.error().reason);
  std::string out;
  for (const JsonMember& m : *members)
    out += std::string(m.path) + (m.in_array ? "[]=" : "=") + std::string(m.text) + " ";
  return out;
}

struct Case {
  const char* line;
  const char* wanted;
};

TEST(JsonLines, FlattensOneObject) {
  const std::string deep =
      std::string("{\"a\":") + std::string(limits::kJsonDepth, '[') + std::string(limits::kJsonDepth, ']') + "}";
  const Case cases[] = {
      {R"({"a":"x","b":null,"c":true})", "a=x b= c=true "},
      {R"({"n":26195.50,"m":-1e3,"z":0})", "n=26195.50 m=-1e3 z=0 "},
      {R"({"a":{"b":{"c":"x"}},"d.e":"y"})", "a.b.c=x d.e=y "},
      {R"({"a":["x",2,[true]],"e":[],"o":[{"p":"q"}]})", "a[]=x a[]=2 a[]=true o.p[]=q "},
      {R"({"a":"\u00e9\n\"","k\u0041":"v"})", "a=\xC3\xA9\n\" kA=v "},
      {R"({})", ""},
      {R"(  { "a" : 1 }  )", "a=1 "},
      {R"([1])", "!not_an_object"},
      {R"("a")", "!not_an_object"},
      {R"({"a":1)", "!bad_json"},
      {R"({"a":1} {"b":2})", "!bad_json"},
      {R"({"a":01})", "!bad_json"},
      {R"({"a":.5})", "!bad_json"},
      {R"({"a":tru})", "!bad_json"},
      {R"({"a" 1})", "!bad_json"},
      {"{\"a\":\"\xFF\"}", "!bad_json"},
      {"", "!bad_json"},
      {deep.c_str(), "!too_deep"},
  };
  for (const Case& c : cases) EXPECT_EQ(flat(c.line), c.wanted) << c.line;
}

TEST(JsonLines, AValueKnowsItsElementOfTheOutermostArray) {
  JsonLineReader reader;
  const std::string_view line = R"({"a":{"b":[{"c":1,"d":[2,3]},4]},"e":5,"f":[[6],[7,8]]})";
  const auto members = reader.read(line, 0, line.size());
  ASSERT_TRUE(members);
  std::string out;
  for (const JsonMember& m : *members)
    out += std::string(m.text) + "@" + std::string(m.array) + std::to_string(m.element) + " ";
  EXPECT_EQ(out, "1@a.b0 2@a.b0 3@a.b0 4@a.b1 5@0 6@f0 7@f1 8@f1 ");
}

TEST(JsonLines, RefusesLinesAndObjectsAboveTheBounds) {
  std::string wide = "{\"a0\":0";
  for (std::size_t i = 1; i <= limits::kCsvColumns; ++i) wide += ",\"a" + std::to_string(i) + "\":1";
  EXPECT_EQ(flat(wide + "}"), "!too_many_members");
  EXPECT_EQ(flat("{\"a\":\"" + std::string(limits::kCsvRowBytes, 'x') + "\"}"), "!line_too_long");
  // Each of a thousand keys would repeat the long one before it.
  std::string repeated = "{\"" + std::string(limits::kCsvRowBytes / 2, 'k') + "\":{\"a\":{}";
  for (int i = 0; i < 1000; ++i) repeated += ",\"a\":{}";
  EXPECT_EQ(flat(repeated + "}}"), "!too_many_members");
}

TEST(JsonLines, NamesTheByteOfTheTrouble) {
  JsonLineReader reader;
  const std::string line = R"({"good":1,"bad":0x1})";
  const auto members = reader.read(line, 0, line.size());
  ASSERT_FALSE(members);
  EXPECT_NEAR(static_cast<double>(members.error().offset), 16.0, 4.0) << members.error().message;
}

std::string told(JsonLineReader& reader, const std::string& line) {
  const auto members = reader.read(line, 0, line.size());
  if (!members) return "refused";
  std::string out;
  for (const JsonMember& m : *members)
    out += fmt::format("{}={}:{} {}{}{} ", m.path, static_cast<int>(m.kind), m.text, m.in_array, m.array, m.element);
  return out;
}

// A line whose last key has an escape is not plain and goes to simdjson whole: what it says of the members before must
// be what the short way says of the same line without that key, for every byte changed to anything.
TEST(JsonLines, PlainLinesReadAsSimdjsonReadsThem) {
  const std::string line =
      R"({"type":"order.issued","n": -12.5e3 ,"ok":true,"no":null,"a":["x",2,{"b":"y"}],"o":{"p":{"q":"z"}},"e":{}})";
  JsonLineReader plain, careful;
  const auto compare = [&](const std::string& changed) {
    const std::string escaped = changed.substr(0, changed.size() - 1) + R"(,"\u007azz":1})";
    std::string wanted = told(careful, escaped);
    if (wanted.ends_with("zzz=2:1 false0 ")) wanted.resize(wanted.size() - 15);
    EXPECT_EQ(told(plain, changed), wanted) << changed;
  };
  compare(line);
  for (std::size_t at = 0; at + 1 < line.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string changed = line;
      changed[at] = static_cast<char>(byte);
      compare(changed);
    }
    compare(line.substr(0, at) + line.substr(at + 1));
  }
}

// A line inside a buffer is read in place: the bytes behind it must not leak into it.
TEST(JsonLines, ReadsOnlyItsOwnLineOfABuffer) {
  const std::string bytes = "{\"a\":1}\n{\"b\":12}\r\n{\"c\":3" + std::string(200, ' ');
  JsonLineReader reader;
  std::vector<std::string> got;
  std::size_t offset = 0;
  while (const auto line = line_at(bytes, offset)) {
    const auto members = reader.read(bytes, line->offset, line->text.size());
    got.push_back(members ? std::string(members->front().text) : std::string(members.error().reason));
    offset += line->size;
  }
  EXPECT_EQ(got, (std::vector<std::string>{"1", "12", "bad_json"}));
}

}  // namespace
}  // namespace quaywatch::codec
