#include "base/base64.h"

#include <gtest/gtest.h>

namespace quaywatch {
namespace {

TEST(Base64, GivesTheVectorsOfItsStandard) {  // RFC 4648 section 10
  const std::pair<std::string_view, std::string_view> vectors[] = {
      {"", ""},           {"f", "Zg=="},         {"fo", "Zm8="},       {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) EXPECT_EQ(base64(bytes), text);
  EXPECT_EQ(base64(std::string_view("\0\xff\xfe", 3)), "AP/+");
}

}  // namespace
}  // namespace quaywatch
