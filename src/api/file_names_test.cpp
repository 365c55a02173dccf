#include "api/file_names.h"

#include <gtest/gtest.h>

namespace quaywatch::api {
namespace {

TEST(FileNames, AreKeptWithoutPathAndWithoutWhatMisleads) {
  struct Row {
    const char *given, *kept;
  };
  for (const Row& row : {Row{"seal.jpg", "seal.jpg"},
                         {"Plomb d\xc3\xa9\x63hir\xc3\xa9 (2).pdf", "Plomb d\xc3\xa9\x63hir\xc3\xa9 (2).pdf"},
                         {"/etc/passwd", "passwd"},
                         {"C:\\Users\\ana\\seal.jpg", "seal.jpg"},
                         {"../../keys/site.key", "site.key"},
                         {"a:b*c?d\"e<f>g|h", "a_b_c_d_e_f_g_h"},
                         {"a\tb\x7f\xc2\x85.txt", "a_b__.txt"},
                         {"invoice\xe2\x80\xaegpj.exe", "invoice_gpj.exe"},
                         {"a\xe2\x80\x8b\xef\xbb\xbf" "b", "a__b"},
                         {" .bashrc. ", "bashrc"},
                         {"..", ""},
                         {"folder/", ""},
                         {"", ""}})
    EXPECT_EQ(clean_file_name(row.given), row.kept) << row.given;
  EXPECT_EQ(clean_file_name(std::string_view("a\0b", 3)), "a_b");
}

TEST(FileNames, GoIntoAHeaderWhole) {
  EXPECT_EQ(content_disposition("seal 1.jpg"), "attachment; filename=\"seal 1.jpg\"; filename*=UTF-8''seal%201.jpg");
  EXPECT_EQ(content_disposition("d\xc3\xa9.pdf"), "attachment; filename=\"d__.pdf\"; filename*=UTF-8''d%C3%A9.pdf");
  EXPECT_EQ(content_disposition("a\"\r\nX: y\\%41"),
            "attachment; filename=\"a___X: y__41\"; filename*=UTF-8''a%22%0D%0AX%3A%20y%5C%2541");
}

TEST(FileNames, KindsAreKnownByTheirFirstBytes) {
  EXPECT_EQ(media_type_of("%PDF-1.7\n"), "application/pdf");
  EXPECT_EQ(media_type_of("\xff\xd8\xff\xe0 JFIF"), "image/jpeg");
  EXPECT_EQ(media_type_of(std::string_view("\0\0\0\x18" "ftypheic", 12)), "image/heic");
  EXPECT_EQ(media_type_of(std::string_view("\0\0\0\x18" "ftypisom", 12)), "video/mp4");
  for (const char* other : {"", "%PD", "<html><script>", "MZ"})
    EXPECT_EQ(media_type_of(other), "application/octet-stream") << other;
}

}  // namespace
}  // namespace quaywatch::api
