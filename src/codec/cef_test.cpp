#include "codec/cef.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace quaywatch::codec {
namespace {

std::string flat(const LogPairs& pairs) {
  std::string out;
  for (const LogPair& p : pairs.pairs) out += "{" + std::string(p.key) + "=" + std::string(p.value) + "}";
  return out;
}

// "version/vendor/product/device version/signature/name/severity {key=value}... stray", or "!reason@offset".
std::string flat(std::string_view text) {
  CefRecord r;
  if (const auto refused = read_cef(text, r))
    return "!" + std::string(refused->reason) + "@" + std::to_string(refused->offset);
  std::string out;
  for (const std::string_view part :
       {r.version, r.vendor, r.product, r.device_version, r.signature, r.name, r.severity})
    out += (out.empty() ? "" : "/") + std::string(part);
  return out + " " + flat(r.extension) + std::string(r.stray);
}

struct Case {
  std::string_view text, wanted;
};

TEST(Cef, ReadsHeaderAndExtension) {
  const Case kCases[] = {
      {"CEF:0|v|p|1.0|100|name|5|src=10.0.0.1 suser=anna", "0/v/p/1.0/100/name/5 {src=10.0.0.1}{suser=anna}"},
      {R"(CEF:1|a\|b|c\\d|1|s|x=y|High|)", R"(1/a|b/c\d/1/s/x=y/High )"},
      {"CEF:0|v|p|1|s|n|5", "0/v/p/1/s/n/5 "},
      {"CEF:0|v|p|1|s|n|5|\r\n", "0/v/p/1/s/n/5 "},
      {"CEF:0|v|p|1|s|n|5|msg=door held open too long  act=alert ",
       "0/v/p/1/s/n/5 {msg=door held open too long}{act=alert}"},
      {R"(CEF:0|v|p|1|s|n|5|msg=a\=b c\\d\nsecond cs1=x)", "0/v/p/1/s/n/5 {msg=a=b c\\d\nsecond}{cs1=x}"},
      {"CEF:0|v|p|1|s|n|5|request=https://tos.example/x?id=7&y=8 act=view",
       "0/v/p/1/s/n/5 {request=https://tos.example/x?id=7&y=8}{act=view}"},
      {"CEF:0|v|p|1|s|n|5|cs1= cs1Label=Reader", "0/v/p/1/s/n/5 {cs1=}{cs1Label=Reader}"},
      {"CEF:0|v|p|1|s|n|5|loose words suser=anna", "0/v/p/1/s/n/5 {suser=anna}loose words"},
      {"CEF:0|v|p|1|s|n|5|==", "0/v/p/1/s/n/5 =="},
      {R"(CEF:0|v|p|1|s|n|5|msg=ends with \)", "0/v/p/1/s/n/5 {msg=ends with \\}"},
      {"", "!not_cef@0"},
      {"CEF:", "!not_cef@0"},
      {"CEF:x|", "!not_cef@0"},
      {"LEEF:1.0|v|p|1|s|", "!not_cef@0"},
      {"CEF:0|v|p|1|s", "!bad_header@12"},
      {R"(CEF:0|v|p\|1|s|n|5)", "!bad_header@17"},
  };
  for (const Case& c : kCases) EXPECT_EQ(flat(c.text), c.wanted) << c.text;
  std::string many = "CEF:0|v|p|1|s|n|5|";
  for (std::size_t i = 0; i <= limits::kCsvColumns; ++i) many += "k=v ";
  EXPECT_EQ(flat(many).substr(0, 18), "!too_many_members@");
}

TEST(Cef, FindsItsStartBehindASyslogHeader) {
  EXPECT_EQ(find_cef("Oct 23 19:52:14 host CEF:0|v|"), 21U);
  EXPECT_EQ(find_cef("a CEF: b CEF:1|"), 9U);
  EXPECT_EQ(find_cef("xCEF:0|v|"), std::string_view::npos);
}

TEST(Cef, LabelsNameCustomKeys) {
  CefRecord r;
  ASSERT_FALSE(read_cef("CEF:0|v|p|1|s|n|5|cs1=R12 cs1Label=Reader cn1=4", r));
  EXPECT_EQ(r.label("cs1"), "Reader");
  EXPECT_EQ(r.label("cn1"), "");
  EXPECT_EQ(r.label(std::string(500, 'x')), "");
}

TEST(LogPairs, ReadsPairsBetweenProse) {
  struct Row {
    std::string_view text;
    char separator;
    std::string_view wanted;
  };
  const Row kRows[] = {
      {"date=2026-10-23 user=\"anna n\" action=\"login\" n=", ' ', "{date=2026-10-23}{user=anna n}{action=login}{n=}"},
      {"login ok user=anna from 10.0.0.1", ' ', "{user=anna}"},
      {R"(msg="say \"hi\" \x" k=v)", ' ', R"({msg=say "hi" \x}{k=v})"},
      {"Door=North Gate; Card = 1234 ;Result=Denied: expired", ';',
       "{Door=North Gate}{Card=1234}{Result=Denied: expired}"},
      {"a=b=c", ' ', "{a=b=c}"},
      {"Name= \"x;y\" ;z=1", ';', "{Name=x;y}{z=1}"},
      {"no pairs at all", ' ', "!no_pairs"},
      {"=x", ' ', "!no_pairs"},
      {"a=\"open", ' ', "!unclosed_quote"},
  };
  for (const Row& row : kRows) {
    LogPairs pairs;
    const auto refused = read_log_pairs(row.text, row.separator, pairs);
    EXPECT_EQ(refused ? "!" + std::string(refused->reason) : flat(pairs), row.wanted) << row.text;
  }
}

}  // namespace
}  // namespace quaywatch::codec
