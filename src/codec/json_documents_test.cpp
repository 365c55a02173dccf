#include "codec/json_documents.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/limits.h"

namespace quaywatch::codec {
namespace {

constexpr std::string_view kPaths[] = {"body.list", "body.results.list"};

std::string shown(const JsonNode& node) {
  std::string out;
  if (!node.key.empty()) out += std::string(node.key) + "=";
  if (node.type != JsonType::object && node.type != JsonType::array) return out + std::string(node.text);
  out += node.type == JsonType::object ? "{" : "[";
  for (const JsonNode& child : node) out += shown(child) + " ";
  return out + (node.type == JsonType::object ? "}" : "]");
}

// One letter and the bytes per piece: e(nvelope), r(ecord: the object alone), b(roken); line ends as '~'.
std::string pieces(std::string_view bytes) {
  std::string out;
  std::size_t next = 0;
  JsonTreeReader trees, again;
  const bool complete = walk_json(bytes, kPaths, trees, [&](const JsonPiece& p) {
    EXPECT_EQ(p.offset, next) << bytes;
    EXPECT_GT(p.size, 0U) << bytes;
    next += p.size;
    const bool is_record = p.kind == JsonPieceKind::record;
    EXPECT_EQ(p.kind == JsonPieceKind::broken, !p.reason.empty());
    EXPECT_TRUE(p.root == nullptr || shown(*p.root) == shown(**again.read(bytes, p.offset, p.value_size))) << bytes;
    out += "erb"[static_cast<int>(p.kind)];
    out += std::string(bytes.substr(p.offset, is_record ? p.value_size : p.size)) + " ";
  });
  EXPECT_EQ(next, bytes.size()) << bytes;
  std::replace(out.begin(), out.end(), '\n', '~');
  return out + (complete ? "" : "...");
}

struct Case {
  const char* bytes;
  const char* wanted;
};

TEST(JsonDocuments, AreCutIntoRecords) {
  const Case cases[] = {
      {"", ""},
      {" \n", "e ~ "},
      {"{\"a\":1}", "r{\"a\":1} "},
      {"\xEF\xBB\xBF{}", "e\xEF\xBB\xBF r{} "},
      {"{\"a\":1}\n\n{\"b\":[{}]}\n", "r{\"a\":1} r{\"b\":[{}]} "},
      {"{}{}", "r{} r{} "},
      {"[{\"a\":\"]},\"}, {\"b\":2}]", "e[ r{\"a\":\"]},\"} r{\"b\":2} e] "},
      {"[]", "e[] "},
      {"[{}]\n[{}]", "e[ r{} e]~[ r{} e] "},
      {"{\"t\":\"x\",\"body\":{\"k\":[1],\"list\":[{\"a\":1},{}]},\"z\":0}",
       "e{\"t\":\"x\",\"body\":{\"k\":[1],\"list\":[ r{\"a\":1} r{} e]},\"z\":0} "},
      {"{\"body\":{\"results\":{\"list\":[{}]}}}", "e{\"body\":{\"results\":{\"list\":[ r{} e]}}} "},
      // Two lists under one key: both are read, and whoever wanted one of them is none the worse.
      {"{\"body\":{\"list\":[{}],\"list\":[{}]}}", "e{\"body\":{\"list\":[ r{} e],\"list\":[ r{} e]}} "},
      {"{\"body\":{\"listing\":[{}]}}", "r{\"body\":{\"listing\":[{}]}} "},
  };
  for (const Case& c : cases) EXPECT_EQ(pieces(c.bytes), c.wanted) << c.bytes;
}

TEST(JsonDocuments, ABrokenRecordCostsItselfWhereTheNextOneIsCertain) {
  const Case cases[] = {
      {"{\"a\":\"x}\n{\"b\":1}\n", "b{\"a\":\"x}~ r{\"b\":1} "},
      {"{\"a\":1\n{\"b\":1}\n", "b{\"a\":1~ r{\"b\":1} "},
      {"{\"a\":[1}\n{\"b\":1}\n", "b{\"a\":[1}~ r{\"b\":1} "},
      {"x\n{}\n7\n", "bx~ r{} b7~ "},
      {"[\n {\"a\":\"x},\n {\"b\":1}\n]\n", "e[~  b{\"a\":\"x},~  r{\"b\":1} e]~ "},
      {"[\n {\"a\":\n  {\"b\":[1},\n {\"c\":1}]", "e[~  b{\"a\":~  {\"b\":[1},~  r{\"c\":1} e] "},
      {"[{\"a\":[1},{\"b\":1}]", "e[ b{\"a\":[1},{\"b\":1}] "},
      {"[{\"a\":[1},{\"b\":1}]\n{\"c\":1}", "e[ b{\"a\":[1},{\"b\":1}]~ r{\"c\":1} "},
      {"[1,\"x\",[{}],{\"a\":1}]", "e[ b1,\"x\",[{}], r{\"a\":1} e] "},
      {"{\"body\":{\"list\":[{}}}\n{}", "e{\"body\":{\"list\":[ r{} b}}~ r{} "},
      {"{\"body\":{\"list\":[{}]", "e{\"body\":{\"list\":[ r{} e] ..."},
      {"[{},", "e[ r{} ..."},
      {"[{},{\"a\":", "e[ r{} b{\"a\": "},
      {"{\"a\":1", "b{\"a\":1 "},
      {"}]", "b}] "},
  };
  for (const Case& c : cases) EXPECT_EQ(pieces(c.bytes), c.wanted) << c.bytes;
}

// Every broken record has the walk look ahead; how far is bounded, or this would take hours.
TEST(JsonDocuments, ManyBrokenRecordsTakeLinearTime) {
  std::string bytes;
  for (int i = 0; i < 200'000; ++i) bytes += "{\"a\":[\n";
  int count = 0;
  JsonTreeReader trees;
  walk_json(bytes, kPaths, trees, [&](const JsonPiece&) { ++count; });
  EXPECT_EQ(count, 200'000);
}

TEST(JsonDocuments, RecordsKnowTheTextsBeforeThem) {
  std::vector<std::string> seen;
  JsonTreeReader trees;
  walk_json(R"({"created":"t1","body":{"x":"y","list":[{}]},"late":"t2"} {"body":{"list":[{}]}})", kPaths, trees,
            [&](const JsonPiece& p) {
              if (p.kind == JsonPieceKind::record) seen.emplace_back();
              for (const JsonHeading& h : p.headings) seen.back() += std::string(h.key) + "=" + std::string(h.text);
            });
  EXPECT_EQ(seen, (std::vector<std::string>{"created=t1", ""}));
}

std::string tree(std::string_view record) {
  JsonTreeReader reader;
  const auto node = reader.read(record, 0, record.size());
  return node ? shown(**node) : "!" + std::string(node.error().reason);
}

std::string many(std::string_view what, std::size_t n) {
  std::string out;
  for (std::size_t i = 0; i < n; ++i) out += what;
  return out;
}

TEST(JsonTrees, HoldOneRecord) {
  const Case cases[] = {
      {R"({"a":"x\u00e9","b":null,"c":true,"n":26195.50})", "{a=x\xC3\xA9 b= c=true n=26195.50 }"},
      {R"({"a":{"b":[1,{"c":[]}],"d":{}},"e":2})", "{a={b=[1 {c=[] } ] d={} } e=2 }"},
      {R"({})", "{}"},
      {R"([1])", "!not_an_object"},
      {R"({"a":01})", "!bad_json"},
      {R"({"a":1,})", "!bad_json"},
      {R"({"a" 1})", "!bad_json"},
      {"{\"a\":\"\xFF\"}", "!bad_json"},
      {R"({"a":1,"b":{"a":1},"a":2})", "!repeated_key"},
      {R"({"a":{"k":1,"\u006b":2}})", "!repeated_key"},
      {"", "!not_an_object"},
  };
  for (const Case& c : cases) EXPECT_EQ(tree(c.bytes), c.wanted) << c.bytes;
  const auto nested = [](std::size_t n) { return "{\"a\":" + many("[", n) + many("]", n) + "}"; };
  EXPECT_EQ(tree(nested(limits::kJsonDepth)), "!too_deep");
  EXPECT_NE(tree(nested(limits::kJsonDepth - 1)), "!too_deep");
  EXPECT_EQ(tree("{\"a\":[1" + many(",1", limits::kJsonNodes) + "]}"), "!too_many_values");
  EXPECT_EQ(tree("{\"a\":\"" + std::string(limits::kCsvRowBytes, 'x') + "\"}"), "!record_too_long");
  std::string wide = "{\"k\":0";
  for (std::size_t i = 0; i < limits::kJsonKeys; ++i) wide += ",\"k" + std::to_string(i) + "\":1";
  EXPECT_EQ(tree(wide + "}"), "!too_many_values");
}

void put_offsets(const JsonNode& node, std::string& out) {
  out += std::to_string(node.offset) + " ";
  for (const JsonNode& child : node) put_offsets(child, out);
}

// As with lines: an escape in the last key sends a record to simdjson.
TEST(JsonTrees, PlainRecordsReadAsSimdjsonReadsThem) {
  JsonTreeReader reader;
  const auto told = [&](const std::string& record) {
    const auto node = reader.read(record, 0, record.size());
    if (!node) return "!" + std::string(node.error().reason);
    std::string offsets;
    put_offsets(**node, offsets);
    return shown(**node) + offsets;
  };
  const std::string record = R"({"a":"x","n": -1.5e3 ,"t":true,"l":["y",2,{"b":null}],"o":{"p":{"q":"z"},"pp":[]}})";
  const auto compare = [&](const std::string& changed) {
    const std::string inside = changed.substr(0, changed.size() - 1);
    std::string wanted = told(inside + R"(,"\u007azz":1})");
    const std::string last = " " + std::to_string(inside.size() + 12) + " ";
    if (wanted.ends_with(last)) {
      wanted.resize(wanted.size() - last.size() + 1);
      wanted.erase(wanted.rfind("zzz=1 "), 6);
    }
    EXPECT_EQ(told(changed), wanted) << changed;
  };
  compare(record);
  for (std::size_t at = 0; at + 1 < record.size(); ++at)
    for (int byte = 0; byte < 256; ++byte) {
      std::string changed = record;
      changed[at] = static_cast<char>(byte);
      compare(changed);
    }
}

void put_all(const JsonNode& node, std::string& out) {
  out += std::to_string(static_cast<int>(node.type)) + std::string(node.key) + "=" + std::string(node.text) + "@" +
         std::to_string(node.offset) + "+" + std::to_string(node.extent) + "#" + std::to_string(node.mark) + " ";
  for (const JsonNode& child : node) put_all(child, out);
}

std::string plain(JsonTreeReader& reader, std::string_view bytes, std::size_t offset) {
  std::size_t size = 0;
  const JsonNode* root = reader.read_plain(bytes, offset, size);
  std::string out;
  if (root != nullptr) put_all(*root, out);
  return out + std::to_string(size);
}

// Each byte of a record changed: whatever layouts were learned, it is read as by a reader that knows none.
TEST(JsonTrees, KnownLayoutsChangeNothing) {
  const std::string records[] = {
      R"({"a":"x","n": -1.5e3 ,"t":true,"l":["y",2,{"b":null}],"o":{"p":{"q":"z"},"pp":[]}})",
      R"({"a":"x","n": null ,"t":true,"l":["y",2,{"b":null}],"o":{"p":{"q":"z"},"pp":[]}})",
      R"({"a":"x","n": {} ,"t":true,"l":["y",2],"o":{"p":{"q":"z"}}})",
      R"({"a":"x","n": [1,2] ,"t":true})",
      R"({"a":1})",
      R"({})",
  };
  JsonTreeReader trained;
  for (const std::string& record : records) plain(trained, record, 0);
  for (const std::string& record : records)
    for (std::size_t at = 0; at < record.size(); ++at) {
      JsonTreeReader cut;
      ASSERT_EQ(plain(trained, record.substr(0, at), 0), plain(cut, record.substr(0, at), 0));
      for (int byte = 0; byte < 256; ++byte) {
        std::string changed = "  " + record + " ";
        changed[at + 2] = static_cast<char>(byte);
        JsonTreeReader fresh;
        ASSERT_EQ(plain(trained, changed, 2), plain(fresh, changed, 2)) << changed;
      }
    }
}

TEST(JsonTrees, AreOfOneLayoutWhereValuesAloneDiffer) {
  JsonTreeReader reader;
  const auto layout = [&](std::string_view record) {
    std::size_t size = 0;
    const JsonNode* root = reader.read_plain(record, 0, size);
    return root == nullptr ? 0U : root->layout;
  };
  EXPECT_EQ(layout(R"({"a":"x","b":{"c":null,"d":1}})"), 0U) << "learned here";
  const auto first = layout(R"({"a":"yy","b":{"c":null,"d":true}})");
  EXPECT_NE(first, 0U);
  EXPECT_EQ(layout(R"({"a":"","b":{"c":null,"d":-7}})"), first);
  EXPECT_EQ(layout(R"({"a":7,"b":{"c":null,"d":1}})"), 0U) << "whether a value is text is part of the layout";
  EXPECT_NE(layout(R"({"a":8,"b":{"c":null,"d":1}})"), first);
  EXPECT_EQ(layout(R"({"a":"x","b":{"c":null,"d":null}})"), 0U) << "null is part of the layout";
  EXPECT_NE(layout(R"({"a":"z","b":{"c":null,"d":null}})"), first);
  EXPECT_EQ(layout(R"({"a":"x\n","b":{"c":null,"d":1}})"), 0U);
  for (int i = 0; i < 200; ++i) layout("{\"k" + std::to_string(i) + "\":1}");
  EXPECT_EQ(layout(R"({"k199":1})"), 0U) << "so many are learned and no more";
  EXPECT_EQ(layout(R"({"a":"yy","b":{"c":null,"d":true}})"), first);
}

TEST(JsonTrees, OfAKnownLayoutAreNoLongerThanOthers) {
  JsonTreeReader reader;
  std::size_t size = 0;
  const std::string text = R"({"a":"x"})" + std::string(64, ' ');
  for (int i = 0; i < 2; ++i) ASSERT_NE(reader.read_plain(text, 0, size), nullptr);
  const auto of_size = [](std::size_t bytes) {
    return R"({"a":")" + std::string(bytes - 8, 'x') + R"("})" + std::string(64, ' ');
  };
  EXPECT_NE(reader.read_plain(of_size(limits::kCsvRowBytes), 0, size), nullptr);
  EXPECT_EQ(reader.read_plain(of_size(limits::kCsvRowBytes + 1), 0, size), nullptr);
}

TEST(JsonTrees, AreSearchedByPathAndKnowTheirOffsets) {
  JsonTreeReader reader;
  const std::string bytes = R"(xx{"call":{"place":{"code":"NLRTM","n":7,"none":null}}} yy)";
  const auto root = reader.read(bytes, 2, bytes.size() - 5);
  ASSERT_TRUE(root);
  EXPECT_EQ((*root)->text_at("call.place.code"), "NLRTM");
  EXPECT_EQ((*root)->text_at("call.place.n"), "");
  EXPECT_EQ((*root)->find_path("call.place.n")->text, "7");
  EXPECT_EQ((*root)->find_path("call.place.none"), nullptr);
  EXPECT_EQ((*root)->find_path("call.town.code"), nullptr);
  EXPECT_EQ((*root)->find_path("call.place.code.x"), nullptr);
  EXPECT_EQ((*root)->find_path("call.place.code")->offset, bytes.find("\"NLRTM"));
}

}  // namespace
}  // namespace quaywatch::codec
